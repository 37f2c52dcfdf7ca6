"""What meters measured becomes lines that explain themselves; what is missing or doubtful stops the unit (FEE-17)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.doing import photo, signature
from tests.support.meters import OCTOBER, Readers, meter, noon
from tests.support.tariffs import household, item_of, stay_of, tariff_of
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.billing import METERS
from yihu.areas.billing.meters.composing import Entry
from yihu.areas.billing.meters.models import Meter, MeterItem
from yihu.areas.billing.meters.recording import Device
from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.doors import perform
from yihu.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
D = Decimal
SINCE = date(2026, 6, 21)


class Place(Readers):
    """One household with its prices: power at 0.92, water in two steps."""

    def __init__(self, cast: Any) -> None:
        super().__init__(cast)
        self.unit = household(cast, "0301")
        self.power = self.billed("power", "DF", "代收电费", "0.92", measure="度")
        self.water = self.billed(
            "water", "SF", "代收水费", "3.00", measure="吨", steps=[["10", "3.00"], [None, "5.00"]]
        )

    def billed(self, kind: str, code: str, name: str, price: str, nature: str = "pass_through", **more: Any) -> FeeItem:
        item = item_of(self.cast.yunqi, code, name, nature=nature)
        tariff_of(item, price, "meter", **{"pricing": "cost", **more})
        MeterItem.objects.create(community=self.cast.yunqi, kind=kind, item=item)
        return item

    def reckon(self, month: Month = OCTOBER, units: Any = None) -> tuple[list[Reckoned], list[Oddity]]:
        found = list(METERS.reckon(self.cast.yunqi.pk, month, units or [self.unit.pk]))
        lines = [one for one in found if isinstance(one, Reckoned)]
        return lines, [one for one in found if isinstance(one, Oddity)]


@pytest.fixture
def place(cast: Any) -> Place:
    return Place(cast)


def test_the_run_asks_the_meters() -> None:
    assert SOURCES["meters"] is METERS


def test_a_line_says_how_it_came_about(place: Place) -> None:
    one = meter(place.unit, number="60A", opening="1186.9", times=40, since=date(2026, 9, 21))
    place.read(one, "1203.4")
    place.checked()
    lines, odd = place.reckon()
    assert odd == []
    (line,) = lines
    assert line.words == "1,203.4 − 1,186.9 = 16.5 × 40 × 0.92元 = 607.20元"
    assert (line.amount, line.part, line.item) == (60720, "60A", place.power.pk)
    assert (line.from_on, line.to_on, line.due_on) == (date(2026, 9, 21), date(2026, 10, 20), date(2026, 11, 10))
    told = line.basis
    assert (told["previous"], told["current"], told["multiplier"], told["quantity"]) == (
        "1,186.9",
        "1,203.4",
        "40",
        "660",
    )


@pytest.mark.clause("FEE-17", part="读数到账单：按供应单位价格代收、不得加价、分表分段列出")
def test_a_swapped_meter_is_two_lines_of_one_bill(place: Place) -> None:
    """Scenario 17: 660 + 246 = 906."""
    one = meter(place.unit, number="60A", opening="1186.9", times=40, since=SINCE)
    signed = Entry(date(2026, 7, 14), D("1203.4"), signed_ours="文文员", signed_theirs="孙业主")
    recording.swap(one, signed, Device("60B", D(0), D(30)), by=place.clerk, at=noon(signed.on))
    place.read(one, "8.2", "2026-07-20")
    place.checked(Month(2026, 7))
    lines, _ = place.reckon(Month(2026, 7))
    assert [(line.part, line.basis["quantity"], line.amount) for line in lines] == [
        ("60A", "660", 60720), ("60B", "246", 22632),
    ]  # fmt: skip
    assert lines[0].to_on < lines[1].from_on


def test_a_dial_that_went_round(place: Place) -> None:
    one = meter(place.unit, "water", "水1", "99985", since=SINCE)
    place.read(one, "37", kind="rolled", photo=photo())
    place.checked()
    (line,) = place.reckon()[0]
    assert line.words == "100,000 − 99,985 + 37 = 52；10吨 × 3.00元 + 42吨 × 5.00元 = 240.00元"
    assert line.amount == 24000


def test_steps_count_both_parts_of_a_month_together(place: Place) -> None:
    one = meter(place.unit, "water", "旧", "0", since=SINCE)
    signed = Entry(date(2026, 10, 4), D(8), signed_ours="文", signed_theirs="孙")
    recording.swap(one, signed, Device("新"), by=place.clerk, at=noon(signed.on))
    place.read(one, "7")
    place.checked()
    assert [line.amount for line in place.reckon()[0]] == [2400, 600 + 2500]


def test_a_year_of_steps_goes_on_where_last_month_ended(cast: Any) -> None:
    place = Place(cast)
    gas = place.billed(
        "gas", "QF", "代收燃气费", "2", measure="方", steps=[["100", "2"], [None, "3"]], steps_per="year"
    )
    one = meter(place.unit, "gas", "气1", "0", since=SINCE)
    place.read(one, "90", "2026-09-20")
    place.read(one, "120")
    place.agree(one.readings.get(on=date(2026, 10, 20)))
    place.checked()
    (line,) = place.reckon()[0]
    assert (line.item, line.amount) == (gas.pk, 1000 * 2 + 2000 * 3)


def test_an_estimate_is_named_and_what_it_took_too_much_comes_back(place: Place) -> None:
    one = meter(place.unit, number="电1", opening="0", since=SINCE)
    place.months(one, "100", "200", last=Month(2026, 8))
    place.agree(place.read(one, None, "2026-09-20", "estimated"))
    place.checked(Month(2026, 9))
    (line,), odd = place.reckon(Month(2026, 9))
    assert (line.amount, line.words[:2], [one.kind for one in odd]) == (9200, "估抄", ["reading_estimated"])
    place.agree(place.read(one, "280"))
    place.checked()
    (back,) = place.reckon()[0]
    assert back.amount == -1840
    assert back.words == "280 − 300 = -20；退还 20度 × 0.92元 = 18.40元"


@pytest.mark.clause("FEE-04", part="没有移交、财务没有核对的月份出不了水电费")
def test_nothing_is_billed_before_finance_has_checked_the_month(place: Place) -> None:
    place.read(meter(place.unit, number="电1", opening="0"), "30")
    waits = [(None, "readings_not_checked", True)]

    def told() -> tuple[list[Reckoned], list[tuple[int | None, str, bool]]]:
        lines, odd = place.reckon()
        return lines, [(one.unit, one.kind, one.stops) for one in odd]

    assert told() == ([], waits)
    handed = perform(
        place.round(), "hand_over", by=place.clerk, data={"signature": signature()}, at=noon(date(2026, 10, 21))
    )
    assert told() == ([], waits)
    perform(handed, "check", by=place.accountant, at=noon(date(2026, 10, 21)))
    assert [line.amount for line in told()[0]] == [2760]


def test_what_is_missing_or_waits_stops_the_unit(place: Place) -> None:
    one, other = meter(place.unit, number="电1", opening="0"), meter(place.unit, "water", "水1", "0")
    assert [(odd.unit, odd.kind, odd.stops) for odd in place.reckon()[1]] == [(None, "readings_not_checked", True)]
    round_ = place.round()
    with pytest.raises(Refused, match="2 块表没有抄"):
        perform(round_, "hand_over", by=place.clerk, data={"signature": signature()})
    place.months(other, "5", "10", "15")
    place.read(one, "30")
    place.read(other, "90")
    with pytest.raises(Refused, match="1 条读数等人复核"):
        perform(round_, "hand_over", by=place.clerk, data={"signature": signature()})
    place.agree(other.readings.get(on=date(2026, 10, 20)))
    place.checked()
    kinds = {odd.kind: odd.stops for odd in place.reckon()[1]}
    assert kinds == {"reading_abnormal": False}
    late = meter(place.unit, number="电2", opening="0")
    assert [(odd.kind, odd.stops, str(late) in odd.words) for odd in place.reckon()[1] if odd.stops] == [
        ("reading_missing", True, True)
    ]


@pytest.mark.clause("FEE-04")
def test_the_month_goes_to_finance_by_the_23rd_and_is_locked(place: Place) -> None:
    one = meter(place.unit, number="电1", opening="0", since=SINCE)
    row = place.read(one, "30")
    round_ = place.round()
    assert round_.due_at == noon(date(2026, 10, 23)).replace(hour=17, minute=30)
    with pytest.raises(NotAllowed):
        perform(round_, "hand_over", by=place.accountant, data={"signature": signature()})
    round_ = perform(round_, "hand_over", by=place.clerk, data={"signature": signature()})
    assert (round_.meters, round_.read, round_.uses) == (1, 1, {"电": [1, "30"]})
    for change in (
        lambda: recording.correct(row, D(29), "看错", by=place.clerk),
        lambda: place.read(one, "31", "2026-10-19", month=OCTOBER),
    ):
        with pytest.raises(Refused, match="已经交给财务"):
            change()
    place.cast.appoint(place.clerk, "accountant", place.cast.yunqi)
    with pytest.raises(NotAllowed):
        perform(round_, "check", by=place.clerk)
    back = perform(round_, "send_back", by=place.accountant, data={"words": "0301 看着不对"})
    assert back.state == "reading"
    place.agree(recording.correct(row, D(29), "看错", by=place.clerk))
    place.checked()
    assert place.read(one, "40", "2026-10-21").month == date(2026, 11, 1)


@pytest.mark.clause("FEE-17", part="读数到账单：按供应单位价格代收、不得加价、分表分段列出")
@pytest.mark.parametrize(
    ("nature", "pricing", "words"), [("income", "cost", "性质不是“代收代付”"), ("pass_through", "contract", "不得加价")]
)
def test_nothing_is_added_to_what_is_collected_for_a_supplier(cast: Any, nature: str, pricing: str, words: str) -> None:
    place = Place(cast)
    place.billed("heat", "RF", "暖气费", "30", nature=nature, pricing=pricing)
    place.read(meter(place.unit, "heat", "热1", "0"), "10")
    place.checked()
    lines, odd = place.reckon()
    assert lines == []
    assert [(one.kind, one.stops, words in one.words, "电力法第44条" in one.words) for one in odd] == [
        ("surcharge", True, True, True)
    ]


def test_a_price_that_changes_within_the_days_divides_the_use(place: Place) -> None:
    gas = place.billed("gas", "QF", "代收燃气费", "0.92", measure="方", to_on=date(2026, 9, 30))
    tariff_of(gas, "1.00", "meter", pricing="cost", measure="方", from_on=date(2026, 10, 1))
    place.read(meter(place.unit, "gas", "气1", "0", since=date(2026, 9, 21)), "300")
    place.checked()
    lines, _ = place.reckon()
    assert [(line.from_on.day, line.to_on.day, line.basis["quantity"], line.amount) for line in lines] == [
        (21, 30, "100", 9200), (1, 20, "200", 20000),
    ]  # fmt: skip


def test_what_is_divided_by_days_adds_up_to_what_was_read(place: Place) -> None:
    """1.01 over twice fifteen days is 0.51 and 0.50, not 0.51 twice."""
    gas = place.billed("gas", "QF", "代收燃气费", "1.00", measure="方", to_on=date(2026, 10, 5))
    tariff_of(gas, "2.00", "meter", pricing="cost", measure="方", from_on=date(2026, 10, 6))
    place.read(meter(place.unit, "gas", "气1", "0", since=date(2026, 9, 21)), "1.01")
    place.checked()
    lines, _ = place.reckon()
    assert [(line.basis["quantity"], line.amount) for line in lines] == [("0.51", 51), ("0.5", 100)]


def test_who_pays_changes_with_the_reading_at_the_transfer(place: Place) -> None:
    one = meter(place.unit, number="电1", opening="0", since=date(2026, 9, 21))
    Occupancy.objects.filter(unit=place.unit).update(to_on=date(2026, 10, 5))
    fresh = stay_of(place.unit, "林晓禾", since=date(2026, 10, 6))
    signed = {"occasion": "transfer", "signed_ours": "文", "signed_theirs": "孙、林"}
    place.read(one, "30", "2026-10-05", **signed)
    place.read(one, "130")
    place.checked()
    lines, odd = place.reckon()
    assert [(line.party == fresh.pk, line.amount) for line in lines] == [(False, 2760), (True, 9200)]
    assert odd == []


def test_without_a_reading_at_the_transfer_the_days_decide_and_somebody_is_told(place: Place) -> None:
    one = meter(place.unit, number="电1", opening="0", since=date(2026, 9, 21))
    Occupancy.objects.filter(unit=place.unit).update(to_on=date(2026, 10, 5))
    fresh = stay_of(place.unit, "林晓禾", since=date(2026, 10, 6))
    place.read(one, "100")
    place.checked()
    lines, odd = place.reckon()
    assert [(line.party == fresh.pk, line.amount) for line in lines] == [(False, 4600), (True, 4600)]
    assert [(one.kind, one.stops) for one in odd] == [("no_reading_at_the_move", False)]


def test_what_nobody_set_up_is_said(place: Place) -> None:
    verified = meter(place.unit, number="电1", opening="0", since=SINCE)
    verified.installations.update(verified_until=date(2026, 10, 1))
    place.read(verified, "10")
    place.read(meter(place.unit, "cooling", "冷1", "0"), "10")
    Occupancy.objects.filter(unit=place.unit).delete()
    place.billed("gas", "QF", "代收燃气费", "2", from_on=date(2027, 1, 1))
    place.read(meter(place.unit, "gas", "气1", "0"), "10")
    place.checked()
    lines, odd = place.reckon()
    assert lines == []
    assert sorted((one.kind, one.stops) for one in odd) == [
        ("no_item", True), ("no_payer", True), ("no_price", True), ("verification_over", False),
    ]  # fmt: skip


def test_units_without_meters_are_nobody_s_business(place: Place) -> None:
    assert place.reckon() == ([], [])
    gone = meter(place.unit, number="电1", opening="0")
    Meter.objects.filter(pk=gone.pk).update(shown=False)
    place.checked()
    assert place.reckon() == ([], [])


def test_five_hundred_units_cost_what_one_does(place: Place) -> None:
    def more(count: int) -> list[int]:
        units = [household(place.cast, f"{len(made) + at:04d}", f"业主{at}") for at in range(count)]
        for unit in units:
            place.read(meter(unit, number=f"电{unit.pk}", opening="0"), "30")
        return [unit.pk for unit in units]

    made: list[int] = [0] * 500
    first, rest = more(1), []
    made += first
    rest = more(6)
    place.checked()
    with CaptureQueriesContext(connection) as one:
        assert len(place.reckon(units=first)[0]) == 1
    with CaptureQueriesContext(connection) as many:
        assert len(place.reckon(units=first + rest)[0]) == 7
    assert len(many) == len(one)


def test_what_was_read_wrong_in_a_checked_month_is_made_good_in_the_next_one(place: Place) -> None:
    """The month that finance checked stays as it was billed; the difference is a line of the next bill, at the same price."""
    one = meter(place.unit, number="电1", opening="1000", since=date(2026, 9, 21))
    wrong = place.read(one, "1190")  # it stood at 1109
    place.checked()
    (billed,) = place.reckon()[0]
    with pytest.raises(Refused, match="已经核对的，差额在下个月的读数里更正"):
        recording.correct(wrong, D(1109), "把 09 看成 90", by=place.clerk, at=noon(date(2026, 10, 25)))
    november = Month(2026, 11)
    with pytest.raises(Refused, match="小于上次"):
        place.read(one, "1150", "2026-11-20")
    row = place.read(one, "1150", "2026-11-20", "corrected", why="上月把 1109 看成 1190")
    assert (row.use, row.state) == (-40, "pending")
    place.agree(row)
    place.checked(november)
    assert place.reckon()[0][0].amount == billed.amount == 17480  # 190 × 0.92: October is not touched
    (back,) = place.reckon(november)[0]
    assert (back.amount, back.party, back.from_on) == (-3680, billed.party, date(2026, 10, 21))
    assert back.words.startswith("1,150 − 1,190 = -40") or "退还" in back.words
    assert billed.amount + back.amount == 150 * 92  # as if both had been read right
