"""Readings come in, look odd, go round, are estimated, corrected, swapped and locked; scenarios 16–18 (F81, D62)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.harness.breaking import at_once
from tests.support.doing import photo, signature
from tests.support.meters import OCTOBER, SEPTEMBER, Readers, meter, noon
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.composing import Entry, odd_words
from yihu.areas.billing.meters.history import usages
from yihu.areas.billing.meters.models import Meter, Reading
from yihu.areas.billing.meters.recording import Device
from yihu.areas.billing.meters.rounds import month_of
from yihu.basics.months import Month
from yihu.kernel.doors import perform
from yihu.kernel.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def office(cast: Any) -> Readers:
    return Readers(cast)


@pytest.fixture
def power(office: Readers) -> Meter:
    return meter(office.cast.home, opening="1000", since=date(2025, 6, 1))


def test_the_previous_reading_is_known_and_the_use_reckoned(office: Readers, power: Meter) -> None:
    first = office.read(power, "1100", "2026-09-20")
    assert (first.previous, first.use, first.from_on, first.to_on) == (1000, 100, date(2025, 6, 1), date(2026, 9, 20))
    second = office.read(power, "1190.5")
    assert (second.previous, second.use, second.state) == (1100, D("90.5"), "stands")
    assert (second.from_on, second.to_on, second.deviation) == (date(2026, 9, 21), date(2026, 10, 20), -10)
    use = usages([power.pk], OCTOBER)[power.pk]
    assert (use.total, use.complete, use.pending, use.estimated) == (D("90.5"), True, False, False)


def test_a_reading_taken_late_still_counts_up_to_the_20th(office: Readers, power: Meter) -> None:
    row = office.read(power, "1100", "2026-10-22", month=OCTOBER)
    assert (row.month, row.on, row.to_on) == (date(2026, 10, 1), date(2026, 10, 22), date(2026, 10, 20))
    assert month_of(date(2026, 10, 20)) == OCTOBER
    assert month_of(date(2026, 10, 21)) == OCTOBER.after


def test_a_dial_that_went_round_is_asked_for_its_kind_and_its_photograph(office: Readers) -> None:
    """Scenario 16."""
    gas = meter(office.cast.home, "gas", "气1", "99985")
    with pytest.raises(Refused, match=r"37 小于上次 99,985.*翻转.*换表.*更正.*倒转故障"):
        office.read(gas, "37")
    with pytest.raises(Refused, match="拍照"):
        office.read(gas, "37", kind="rolled")
    with pytest.raises(Refused, match="没有走过一圈"):
        office.read(gas, "99990", kind="rolled", photo=photo())
    with pytest.raises(Refused, match="写明原因"):
        office.read(gas, "37", kind="corrected")
    row = office.read(gas, "37", kind="rolled", photo=photo())
    assert (row.use, row.state, row.photo is not None) == (52, "stands", True)
    assert row.part.words == "100,000 − 99,985 + 37 = 52"


def test_what_was_read_too_high_last_time_is_made_good_with_approval(office: Readers, power: Meter) -> None:
    office.read(power, "1100", "2026-09-20")
    row = office.read(power, "1080", kind="corrected", why="上月把 1070 看成 1100")
    assert (row.use, row.state, odd_words(row).split("；")[0]) == (-20, "pending", "更正")
    assert office.agree(row).state == "stands"


def test_a_swapped_meter_is_two_parts_of_one_bill(office: Readers) -> None:
    """Scenario 17."""
    big = meter(office.cast.home, number="60A", opening="1186.9", times=40, since=date(2026, 6, 21))
    fresh = Device("60B", D(0), D(30))
    closing = Entry(date(2026, 7, 14), D("1203.4"))
    with pytest.raises(Refused, match="双方签字"):
        recording.swap(big, closing, fresh, by=office.clerk, at=noon(closing.on))
    signed = Entry(date(2026, 7, 14), D("1203.4"), signed_ours="文文员", signed_theirs="赵业主")
    recording.swap(big, signed, fresh, by=office.clerk, at=noon(signed.on))
    office.read(big, "8.2", "2026-07-20")
    use = usages([big.pk], Month(2026, 7))[big.pk]
    assert (use.total, [one.use for one in use.parts]) == (906, [660, 246])
    assert [one.part.number for one in use.parts] == ["60A", "60B"]
    assert [(one.from_on, one.to_on) for one in use.parts] == [
        (date(2026, 6, 21), date(2026, 7, 14)), (date(2026, 7, 15), date(2026, 7, 20)),
    ]  # fmt: skip
    big.refresh_from_db()
    assert big.number == "60B"


def test_the_swapped_out_device_is_read_back_round_or_not_at_all(office: Readers, power: Meter) -> None:
    names = {"signed_ours": "文文员", "signed_theirs": "赵业主"}
    with pytest.raises(Refused, match="旧表走过一圈"):
        recording.swap(power, Entry(date(2026, 9, 5), D(4), **names), Device("新"), by=office.clerk)
    row = recording.swap(power, Entry(date(2026, 9, 5), D(4), went_round=True, **names), Device("新"), by=office.clerk)
    assert row.use == 100000 - 1000 + 4
    other = meter(office.cast.unit("0202"), number="别", opening="0")
    with pytest.raises(Refused, match="装在别处"):
        recording.swap(other, Entry(date(2026, 9, 5), D(4), **names), Device("新"), by=office.clerk)
    other.refresh_from_db()
    assert (other.number, other.readings.count()) == ("别", 0)


def test_a_dead_display_is_estimated_at_the_swap(office: Readers, power: Meter) -> None:
    office.months(power, "1100", "1200", "1300")
    names = {"signed_ours": "文文员", "signed_theirs": "赵业主", "why": "表屏不亮"}
    row = recording.swap(
        power,
        Entry(date(2026, 10, 5), None, "fault", **names),
        Device("新"),
        by=office.clerk,
        at=noon(date(2026, 10, 5)),
    )
    assert (row.use, row.state, row.occasion) == (100, "pending", "swap")


def test_a_missed_reading_is_estimated_and_made_good_later(office: Readers, power: Meter) -> None:
    """Scenario 18."""
    office.months(power, "1800", "2600", "3400", last=Month(2026, 7))
    august = office.read(power, None, "2026-08-20", "estimated")
    assert (august.use, august.current, august.state) == (800, 4200, "pending")
    assert office.agree(august).is_estimate
    office.agree(office.read(power, None, "2026-09-20", "estimated"))
    with pytest.raises(Refused, match="第三次要上门实抄"):
        office.read(power, None, "2026-10-20", "estimated")
    real = office.read(power, "4600", "2026-10-20")  # 2,400 less than the two estimates and a month would give
    assert (real.previous, real.use) == (5000, -400)
    with pytest.raises(Refused, match="小于上次"):
        office.read(meter(office.cast.unit("0303"), number="三", opening="500"), "400")


def test_a_real_reading_below_what_was_really_seen_is_still_refused(office: Readers, power: Meter) -> None:
    office.months(power, "1100", "1200", "1300", last=Month(2026, 8))
    office.agree(office.read(power, None, "2026-09-20", "estimated"))
    with pytest.raises(Refused, match="小于上次"):
        office.read(power, "1299")
    assert office.read(power, "1300").use == -100


def test_an_estimate_may_follow_last_year_and_needs_something_to_follow(office: Readers, power: Meter) -> None:
    with pytest.raises(Refused, match="估不出来"):
        office.read(power, None, kind="estimated")
    office.read(power, "1300", "2025-10-20")
    office.months(power, "1400", "1500", "1600")
    row = office.read(power, None, kind="estimated", by_last_year=True)
    assert row.use == 300


def test_a_meter_that_runs_backwards_is_estimated_with_what_was_seen(office: Readers, power: Meter) -> None:
    office.months(power, "1100", "1200", "1300")
    row = office.read(power, "1250", kind="fault", why="表倒转，已报修")
    assert (row.use, row.current, row.shown, row.state) == (100, 1400, 1250, "pending")


@pytest.mark.parametrize(("use", "current", "words"), [("own", "1000", "没有用量"), ("vacant", "1005", "空置却有")])
def test_zero_where_somebody_lives_and_use_where_nobody_does_wait_for_another(
    office: Readers, use: str, current: str, words: str
) -> None:
    home = office.cast.home
    home.use = use
    home.save()
    row = office.read(meter(home, opening="1000"), current)
    assert (row.state, words in odd_words(row)) == ("pending", True)


def test_abnormal_use_counts_once_another_person_agreed(office: Readers, power: Meter) -> None:
    office.months(power, "1100", "1200", "1300")
    row = office.read(power, "1460")
    assert (row.state, row.deviation, odd_words(row)) == ("pending", 60, "比近三个月平均多 60%")
    office.cast.appoint(office.clerk, "engineering_head", office.cast.yunqi)
    with pytest.raises(Refused, match="您自己抄的"):
        office.agree(row, by=office.clerk)
    with pytest.raises(NotAllowed):
        office.agree(row, by=office.cast.wang)
    with pytest.raises(Refused, match="写明原因"):
        office.agree(row, fine=False)
    with pytest.raises(Refused, match="还在等人复核"):
        office.read(power, "1400")
    assert office.agree(row, fine=False, words="照片上是 1406").state == "refused"
    again = office.read(power, "1406")
    assert (again.previous, again.use, again.state) == (1300, 106, "stands")
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        office.agree(row)


def test_a_meter_is_read_once_a_month_and_days_go_forward(office: Readers, power: Meter) -> None:
    office.read(power, "1100", "2026-10-19")
    with pytest.raises(Refused, match="已经抄过"):
        office.read(power, "1101", "2026-10-20")
    with pytest.raises(Refused, match="已经有读数"):
        office.read(power, "1101", "2026-10-19", occasion="transfer", signed_ours="文", signed_theirs="赵")
    with pytest.raises(Refused, match="今天以后"):
        recording.take(power, Entry(date(2026, 10, 20), D(1)), by=office.clerk, at=noon(date(2026, 10, 19)))
    with pytest.raises(Refused, match="5 位"):
        office.read(power, "123456", "2026-11-20")
    with pytest.raises(Refused, match="不能更早"):
        office.read(meter(office.cast.unit("0404"), number="四"), "1187", "2026-05-20")
    with pytest.raises(NotAllowed):
        office.read(power, "1200", "2026-11-20", by=office.cast.wang)


def test_the_reading_of_a_transfer_divides_the_month(office: Readers, power: Meter) -> None:
    office.read(power, "1100", "2026-09-20")
    signed = {"occasion": "transfer", "signed_ours": "文文员", "signed_theirs": "赵业主、林晓禾"}
    with pytest.raises(Refused, match="双方签字"):
        office.read(power, "1130", "2026-10-05", occasion="transfer", signed_ours="文文员")
    half = office.read(power, "1130", "2026-10-05", **signed)
    assert not usages([power.pk], OCTOBER)[power.pk].complete
    rest = office.read(power, "1190")
    assert [(one.from_on, one.to_on, one.use) for one in (half, rest)] == [
        (date(2026, 9, 21), date(2026, 10, 5), 30), (date(2026, 10, 6), date(2026, 10, 20), 60),
    ]  # fmt: skip
    assert rest.deviation == -10  # the whole month against the month before, not its second half


def test_a_correction_counts_when_another_agreed_and_hides_nothing(office: Readers, power: Meter) -> None:
    wrong = office.read(power, "1190")
    with pytest.raises(Refused, match="更正的原因"):
        recording.correct(wrong, D(1109), "", by=office.clerk)
    with pytest.raises(Refused, match="相同"):
        recording.correct(wrong, D(1190), "看错", by=office.clerk)
    right = recording.correct(wrong, D(1109), "把 09 看成 90", by=office.clerk, key="once")
    assert recording.correct(wrong, D(1109), "把 09 看成 90", by=office.clerk, key="once").pk == right.pk
    assert usages([power.pk], OCTOBER)[power.pk].total == 190
    with pytest.raises(Refused, match="在等复核"):
        recording.correct(wrong, D(1110), "又看错", by=office.clerk)
    office.agree(right)
    wrong.refresh_from_db()
    assert (wrong.state, right.state, usages([power.pk], OCTOBER)[power.pk].total) == ("superseded", "stands", 109)
    assert Reading.objects.filter(meter=power).count() == 2
    with pytest.raises(Refused, match="已被更正"):
        recording.correct(wrong, D(1111), "再改", by=office.clerk)


def test_a_refused_correction_leaves_the_first_as_it_was(office: Readers, power: Meter) -> None:
    first = office.read(power, "1190")
    office.agree(recording.correct(first, D(1109), "看错", by=office.clerk), fine=False, words="照片是 1190")
    first.refresh_from_db()
    assert (first.state, usages([power.pk], OCTOBER)[power.pk].total) == ("stands", 190)


def test_the_database_refuses_to_change_a_figure(office: Readers, power: Meter) -> None:
    row = office.read(power, "1100")
    for change in ({"current": D(1)}, {"use": D(1)}, {"on": date(2026, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Reading.objects.filter(pk=row.pk).update(**change)


def test_sent_twice_it_is_taken_once(office: Readers, power: Meter) -> None:
    entry = Entry(date(2026, 10, 20), D(1100))
    rows = [recording.take(power, entry, by=office.clerk, month=OCTOBER, key="k", at=noon(entry.on)) for _ in range(2)]
    assert rows[0].pk == rows[1].pk
    assert Reading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_one_meter_leave_one_reading(office: Readers, power: Meter) -> None:
    people = [office.clerk, office.cast.chen]
    office.round()
    told = at_once(2, lambda number: office.read(power, str(1100 + number), by=people[number]))
    assert Reading.objects.filter(meter=power).count() == 1
    assert sorted(told) == ["Refused", "done"]


def test_months_of_many_meters_cost_two_questions(office: Readers, django_assert_num_queries: Any) -> None:
    meters = [
        meter(office.cast.unit(f"05{number:02d}"), number=f"水{number}", kind="water", opening="0")
        for number in range(8)
    ]
    for one in meters:
        office.read(one, "7", "2026-09-20")
    with django_assert_num_queries(1):
        found = usages([one.pk for one in meters], SEPTEMBER)
    assert sum(use.total for use in found.values()) == 56
    assert usages([one.pk for one in meters], OCTOBER) == {}


def test_a_month_in_which_nobody_read_at_all_does_not_let_a_third_estimate_in(office: Readers, power: Meter) -> None:
    office.months(power, "1100", "1200", "1300", last=Month(2026, 6))
    for day in ("2026-07-20", "2026-08-20"):
        office.agree(office.read(power, None, day, kind="estimated", why="家中无人"))
    with pytest.raises(Refused, match="第三次要上门实抄"):
        office.read(power, None, kind="estimated", why="家中无人")  # October; in September there was no reading
    office.agree(office.read(power, "1700", "2026-10-20"))
    november = office.read(power, None, "2026-11-20", kind="estimated", why="家中无人")
    assert november.state == "pending"


def test_an_estimate_after_a_swap_is_for_the_rest_of_the_month_alone(office: Readers, power: Meter) -> None:
    """A hundred is usual, thirty were measured before the swap: seventy are left."""
    office.months(power, "1100", "1200", "1300")
    signed = Entry(date(2026, 10, 5), D(1330), signed_ours="文文员", signed_theirs="赵业主")
    recording.swap(power, signed, Device("新"), by=office.clerk, at=noon(signed.on))
    row = office.read(power, None, kind="estimated", why="家中无人")
    assert (row.use, usages([power.pk], OCTOBER)[power.pk].total) == (70, 100)


@pytest.mark.clause("FEE-04", part="移交的人不能自己核对、退回")
def test_who_handed_the_month_over_does_not_check_it_even_with_both_posts(office: Readers, power: Meter) -> None:
    office.cast.appoint(office.clerk, "accountant", office.cast.yunqi)
    office.read(power, "1100")
    day = noon(date(2026, 10, 21))
    handed = perform(office.round(), "hand_over", by=office.clerk, data={"signature": signature()}, at=day)
    for step, said in (("check", {}), ("send_back", {"words": "漏抄"})):
        with pytest.raises(NotAllowed):
            perform(handed, step, by=office.clerk, data=said, at=day)
    assert perform(handed, "check", by=office.accountant, at=day).state == "checked"
