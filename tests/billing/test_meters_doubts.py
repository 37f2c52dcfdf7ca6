"""What a month of readings never bills: what did not move, what nobody confirmed, days with no price or with two."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from tests.billing.test_meters_billing import SINCE, Place
from tests.billing.test_meters_pages import Today
from tests.support.meters import Readers, meter, noon
from tests.support.sheets import text_of
from tests.support.tariffs import stay_of, tariff_of
from yihu.areas.billing.meters import keeping, recording
from yihu.areas.billing.meters.composing import Entry
from yihu.areas.billing.meters.models import Reading
from yihu.areas.billing.meters.recording import BOOK, Device
from yihu.ground.estate.models import Occupancy
from yihu.kernel.authority import authority
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.plain import journal_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place(cast: Any) -> Place:
    return Place(cast)


@pytest.fixture
def today(cast: Any) -> Today:
    return Today(cast)


def test_a_dial_that_did_not_move_costs_nothing(place: Place) -> None:
    place.read(meter(place.unit, number="电1", opening="50", since=SINCE), "50")
    place.checked()
    assert place.reckon() == ([], [])


def test_what_nobody_confirmed_is_never_billed(place: Place) -> None:
    """The hand-over asks for it; whatever else should put a reading back into waiting, no bill is made of it."""
    row = place.read(meter(place.unit, number="电1", opening="0", since=SINCE), "30")
    place.checked()
    Reading.objects.filter(pk=row.pk).update(state=Reading.State.PENDING)
    lines, odd = place.reckon()
    assert (lines, [(one.kind, one.stops) for one in odd]) == ([], [("reading_unconfirmed", True)])
    assert "读数 30 还没有复核" in odd[0].words


@pytest.mark.parametrize("case", ["gap", "two"])
def test_days_with_no_price_or_with_two_stop_the_unit(place: Place, case: str) -> None:
    begins = {"from_on": date(2026, 10, 1)} if case == "gap" else {}
    gas = place.billed("gas", "QF", "代收燃气费", "2", measure="方", **begins)
    if case == "two":  # one is nearer by its place, the other by the kind of unit
        more = {"pricing": "cost", "measure": "方"}
        tariff_of(gas, "3", "meter", building=place.unit.building, **more)
        tariff_of(gas, "4", "meter", unit_kind=place.unit.kind, **more)
    place.read(meter(place.unit, "gas", "气1", "0", since=date(2026, 9, 21)), "30")
    place.checked()
    lines, odd = place.reckon()
    assert [(one.kind, one.stops) for one in odd] == [("no_price", True)]
    said = {"gap": "09-21 至 09-30 没有收费标准", "two": "09-21 至 10-20 有两个收费标准同样适用"}
    assert said[case] in odd[0].words
    assert [line.amount for line in lines] == ([4000] if case == "gap" else [])


def test_one_fen_is_not_asked_of_two_people(place: Place) -> None:
    one = meter(place.unit, number="电1", opening="0", since=date(2026, 9, 21))
    Occupancy.objects.filter(unit=place.unit).update(to_on=date(2026, 10, 5))
    stay_of(place.unit, "林晓禾", since=date(2026, 10, 6))
    place.read(one, "0.01")  # 0.92 分
    place.checked()
    assert [line.amount for line in place.reckon()[0]] == [1]


def test_a_correction_is_agreed_to_once(cast: Any) -> None:
    office = Readers(cast)
    one = meter(cast.home, opening="1000", since=date(2025, 6, 1))
    row = office.read(one, "1090")
    better = recording.correct(row, D(1009), "把 09 看成 90", by=office.clerk, at=noon(row.on))
    office.agree(better)
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        office.agree(better)
    assert list(Reading.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "stands"]


def test_what_is_saved_as_it_stood_is_not_told(cast: Any) -> None:
    office, one = Readers(cast), meter(cast.home, number="电1", opening="0")
    told = {"name": one.name, "place": one.place, "shown": True}
    keeping.changed(one, dict(told), by=office.clerk)
    assert journal_of(BOOK, one.pk) == []
    keeping.changed(one, {**told, "place": "3 层管井"}, by=office.clerk)
    assert [row["sentence"] for row in journal_of(BOOK, one.pk)] == ["文文员 修改"]


def test_the_use_of_the_months_is_drawn_from_what_stands(today: Today, sign_in: Any) -> None:
    one = meter(today.cast.home, number="电1", opening="1000")
    today.used(one, "1100", "1200", "1300")
    row = today.read(one, "1900", today.today.isoformat(), month=today.month)
    client, url = sign_in(today.clerk), reverse("meters:meter", args=[one.pk])
    for state in (Reading.State.PENDING, Reading.State.REFUSED):
        row.refresh_from_db()
        assert row.state == state
        trend = client.get(url).context["trend"]
        assert [use for _, use in trend["rows"]] == ["100", "100", "100"]
        if state == Reading.State.PENDING:
            today.agree(row, fine=False, words="与照片不符")


def test_the_record_on_paper_says_who_signed_for_a_swap(today: Today, sign_in: Any) -> None:
    one = meter(today.cast.home, number="旧", opening="1000")
    day = today.today - timedelta(days=1)
    signed = Entry(day, D(1050), why="检定到期", signed_ours="文文员", signed_theirs="孙业主")
    recording.swap(one, signed, Device("新"), by=today.clerk)
    told = text_of(sign_in(today.clerk).get(reverse("meters:meter_print", args=[one.pk])).content)
    assert "签字：文文员、孙业主" in told
    assert "检定到期" in told


def test_a_month_with_readings_is_not_withdrawn(today: Today) -> None:
    one = meter(today.cast.home, number="电1", opening="0")
    today.read(one, "9", today.today.isoformat(), month=today.month)
    with pytest.raises(Refused, match="这个月已经有读数"):
        perform(today.here, "withdraw", by=authority().system(), data={"reason": "开错"})


def test_the_list_says_which_kind_of_meter_is_billed_as_what(place: Place, sign_in: Any) -> None:
    page = sign_in(place.cast.xiang).get(reverse("meters:list_meter-items")).content.decode()
    for words in ("水表", "代收水费", "电表", "代收电费"):
        assert words in page
