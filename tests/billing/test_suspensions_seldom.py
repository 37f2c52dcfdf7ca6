"""暂停可选服务 at its edges: what is not drafted, refused on the way, delivered by post or message, paid in time, lifted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.billing.test_dunning_law import ENDS, agreed, draft, in_force, optional, ready, words_of
from tests.fronts.looking import text_of
from tests.support.banking import bank_line
from tests.support.doing import at
from tests.support.dunning import NOVEMBER, Desk, desk_of, paper
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.forms.suspensions import DraftForm
from yihu.areas.billing.dunning.models import DunningCase, Suspension
from yihu.ground.estate.models import Party
from yihu.ground.ledger.models import FeeItem
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.ground.staff.models import Grant
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import CalendarDay, CalendarYear, Message

pytestmark = pytest.mark.django_db
V = Suspension.State


@pytest.fixture
def desk(cast: Any) -> Desk:
    made = desk_of(cast)
    assert cast.gong
    return made


@pytest.fixture
def item(desk: Desk) -> FeeItem:
    return optional(desk)


def of(sheet: Suspension) -> Suspension:
    return Suspension.objects.get(pk=sheet.pk)


def waiting(desk: Desk, item: FeeItem) -> Suspension:
    """Agreed to by all and delivered on the 20th: the seven days end with the 27th of November."""
    found: Suspension = desk.delivered(agreed(desk, draft(desk, ready(desk, item), item)), "2026-11-20 10:00")
    return found


# -- drafting -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("given", "words"), [("", "请从一户的催缴页面起草"), ("x1", "请从一户的催缴页面打开这张表")])
def test_it_is_drafted_from_a_case_and_from_nothing_else(desk: Desk, item: FeeItem, given: str, words: str) -> None:
    said = {"case": given, "services": [item.pk], "clause": "第六条", "ends_on": ENDS}
    with pytest.raises(Invalid, match=words):
        open_record(Suspension(community=desk.cast.yunqi), by=desk.accountant, data=said, at=at(NOVEMBER))


@pytest.mark.parametrize("ends", ["2026-11-25", "2027-05-18"])
def test_it_ends_neither_before_it_may_begin_nor_after_half_a_year(desk: Desk, item: FeeItem, ends: str) -> None:
    with pytest.raises(Invalid, match="要在八天以后、180 天以内"):
        draft(desk, ready(desk, item), item, ends_on=ends)


def test_what_is_owed_is_offered_with_its_sum_and_once_at_a_time(desk: Desk, item: FeeItem) -> None:
    case = ready(desk, item)
    blank = Suspension(community=desk.cast.yunqi)
    form = DraftForm(instance=blank, by=desk.accountant, at=at("2026-11-18 09:00"), initial={"case": case.pk})
    assert [str(label) for _, label in form["services"].field.choices] == [f"{item}　欠 500.00 元"]
    assert form["ends_on"].value() == date(2027, 2, 16)
    sheet = draft(desk, case, item)
    assert str(sheet.services.get()) == str(item)
    with pytest.raises(Invalid, match=f"已经有一张在办：{sheet.number}"):
        draft(desk, case, item)
    with pytest.raises(Invalid, match="最迟恢复日期"):
        draft(desk, case, item, ends_on="")


# -- on the way -----------------------------------------------------------------------------------------------------
def test_whoever_must_agree_may_refuse_and_the_paper_says_so(desk: Desk, item: FeeItem, sign_in: Any) -> None:
    sheet = draft(desk, ready(desk, item), item)
    desk.do(sheet, "review", desk.accountant, files={"review": [paper()]}, legal_opinion="条款不清")
    sheet = desk.do(sheet, "refuse", desk.head, rejection="条款不清，先补协议")
    assert sheet.state == V.REFUSED
    printed = words_of(sign_in(desk.pm), sheet)
    assert "生效日期没有生效" in printed
    assert "恢复日期没有暂停" in printed
    assert "条款不清，先补协议" in text_of(sign_in(desk.pm).get(sheet.get_absolute_url()))


def test_a_letter_begins_the_seven_days_when_it_is_known_to_have_arrived(desk: Desk, item: FeeItem) -> None:
    sheet = agreed(desk, draft(desk, ready(desk, item), item))
    by_post = {"way": "registered", "tracking_no": "XA1", "signer": "", "signature": ""}
    sheet = desk.delivered(sheet, "2026-11-20 10:00", **by_post)
    assert sheet.pay_by is None
    with pytest.raises(Refused, match="七天还没有过"):
        desk.do(sheet, "begin", desk.pm, "2026-11-26 09:00")
    sheet = desk.do(sheet, "arrived", desk.steward, "2026-11-24 09:00", arrived_on="2026-11-23")
    assert sheet.pay_by == date(2026, 11, 30)
    with pytest.raises(NotAllowed, match="邮寄的"):  # it is known now
        desk.do(sheet, "arrived", desk.steward, "2026-11-25 09:00", arrived_on="2026-11-24")


def test_a_letter_of_which_nothing_is_heard_counts_as_arrived_after_its_days(desk: Desk, item: FeeItem) -> None:
    sheet = agreed(desk, draft(desk, ready(desk, item), item))
    desk.delivered(sheet, "2026-11-20 10:00", way="registered", tracking_no="XA1", signer="", signature="")
    schedules.look(at("2026-11-26 10:00"))
    assert of(sheet).pay_by is None
    schedules.look(at("2026-11-27 10:00"))
    assert of(sheet).pay_by == date(2026, 12, 4)
    schedules.look(at("2026-11-28 10:00"))  # and is not reckoned anew
    assert of(sheet).pay_by == date(2026, 12, 4)


def test_by_message_the_days_begin_when_it_has_reached_him(desk: Desk, item: FeeItem) -> None:
    sheet = agreed(desk, draft(desk, ready(desk, item), item))
    consent = {"consent_how": "desk", "consent_at": at(NOVEMBER), "consent_by": desk.cast.wang}
    ContactWay.objects.create(community=desk.cast.yunqi, party=desk.cast.owner, way="sms", **consent)
    desk.do(sheet, "deliver", desk.steward, "2026-11-20 10:00", way="electronic")
    message = Outgoing.objects.get(code="please_pay")
    assert "可选服务“加时空调”费用 500.00 元" in message.text
    assert of(sheet).pay_by is None
    Outgoing.objects.filter(pk=message.pk).update(state="delivered", reported_at=at("2026-11-21 08:00"))
    schedules.look(at("2026-11-21 08:10"))
    assert of(sheet).pay_by == date(2026, 11, 30)  # the 28th is a Saturday


@pytest.mark.parametrize("by_post", [False, True])
def test_where_the_next_years_holidays_are_not_entered_there_is_a_sentence_and_no_guess(
    desk: Desk, item: FeeItem, by_post: bool
) -> None:
    """Delivered on the 28th of December: the days end in a year whose holidays nobody has announced yet."""
    CalendarYear.objects.filter(year=2027).delete()
    admin = desk.cast.person("guan", "管系统", "sysadmin")
    sheet = agreed(desk, draft(desk, ready(desk, item), item))
    letter = {"way": "registered", "tracking_no": "XA1", "signer": "", "signature": ""} if by_post else {}
    sheet = desk.delivered(sheet, "2026-12-28 10:00", **letter)
    if by_post:
        sheet = desk.do(sheet, "arrived", desk.steward, "2026-12-30 09:00", arrived_on="2026-12-28")
    assert (sheet.state, sheet.pay_by) == (V.WAITING, None)
    for person in (desk.head, admin):
        told = Message.objects.get(person=person, sentence__contains="七日期限无法推算")
        assert "2027年的放假调休安排尚未录入" in told.sentence
    schedules.look(at("2027-01-08 09:00"))
    assert of(sheet).pay_by is None
    refused(desk, sheet, "七日期限无法推算：2027年的放假调休安排尚未录入", "2027-01-08 09:00")
    CalendarYear.objects.create(year=2027, source="通知")
    calendar = CalendarDay.objects.create(day=date(2027, 1, 4), working=False, name="元旦调休")
    schedules.look(at("2027-01-08 09:10"))
    assert of(sheet).pay_by == calendar.day + timedelta(days=1)
    assert desk.do(sheet, "begin", desk.pm, "2027-01-08 10:00").state == V.IN_FORCE


def test_who_pays_within_the_seven_days_is_never_suspended(desk: Desk, item: FeeItem, sign_in: Any) -> None:
    sheet = waiting(desk, item)
    desk.pay(50000, when="2026-11-24 12:00")
    schedules.look(at("2026-11-24 12:10"))
    assert (of(sheet).state, of(sheet).lift_why) == (V.PAID, "期限内缴清，没有暂停")
    assert "生效日期没有生效" in words_of(sign_in(desk.pm), of(sheet))
    assert not Message.objects.filter(person=desk.cast.gong).exists()


# -- what is looked at once more ------------------------------------------------------------------------------------
def refused(desk: Desk, sheet: Suspension, words: str, when: str = "2026-11-28 09:00") -> None:
    with pytest.raises(Refused, match=words):
        desk.do(sheet, "begin", desk.pm, when)


def test_everything_is_looked_at_once_more_before_it_begins(desk: Desk, item: FeeItem) -> None:
    sheet = waiting(desk, item)
    refused(desk, sheet, "已经过了最迟恢复日期", f"{ENDS} 09:00")
    case = DunningCase.objects.get()
    desk.do(case, "check", desk.collector, "2026-11-21 10:00", pause_words="说转过账")
    refused(desk, sheet, "这户现在是“暂停”，不能暂停")
    desk.do(case, "resume", desk.accountant, "2026-11-22 10:00", words="没有这笔")
    FeeItem.objects.filter(pk=item.pk).update(legal_class="common")
    refused(desk, sheet, "不是可选有偿服务")
    FeeItem.objects.filter(pk=item.pk).update(legal_class="optional_paid")
    line = bank_line(desk.cast.yunqi, 50000, "赵业主", "空调费")
    refused(desk, sheet, "未认领的转账可能是这户的")
    type(line).objects.filter(pk=line.pk).delete()
    other = desk.charge(100, 9)  # the case goes on for another bill; what was to be suspended is paid
    assert other.open == 100
    desk.pay(50000, item.charges.get(), when="2026-11-28 08:00")
    refused(desk, sheet, "“加时空调”已经缴清或有争议")


# -- in force -------------------------------------------------------------------------------------------------------
def test_it_is_lifted_by_hand_with_its_reason_and_never_withdrawn(desk: Desk, item: FeeItem) -> None:
    sheet = in_force(desk, item)
    Grant.objects.create(post_code="cs_supervisor", capability="dunning.withdraw")  # the matrix may allow it
    with pytest.raises(Refused, match="要先恢复，不能撤回"):
        desk.do(sheet, "withdraw", desk.cast.li, reason="x")
    sheet = desk.do(sheet, "lift", desk.accountant, "2026-11-28 15:00", lift_why="客户当面答应明天缴")
    assert (sheet.state, sheet.lift_why) == (V.LIFTED, "客户当面答应明天缴")
    assert Message.objects.filter(person=desk.cast.gong, sentence__contains="请在两小时内恢复“加时空调”").exists()


def test_it_is_lifted_when_the_case_is_paused(desk: Desk, item: FeeItem) -> None:
    sheet = in_force(desk, item)
    desk.do(DunningCase.objects.get(), "check", desk.collector, "2026-11-28 10:00", pause_words="说转过账")
    schedules.look(at("2026-11-28 10:10"))
    assert of(sheet).state == V.LIFTED


def test_who_has_no_room_is_named_by_his_number(desk: Desk, item: FeeItem) -> None:
    """No journal and no message to the technicians names a person."""
    walk_in = Party.objects.create(community=desk.cast.yunqi, name="云溪贸易", kind="company")
    desk.charge(50000, party=walk_in.pk, unit=None, item=item)
    case = desk.case(walk_in)
    desk.delivered(desk.notice(case), signer="前台", capacity="staff")
    sheet = agreed(desk, draft(desk, case, item))
    desk.delivered(sheet, "2026-11-20 10:00", signer="前台", capacity="staff")
    desk.do(sheet, "begin", desk.pm, "2026-11-28 09:00")
    told = Message.objects.filter(person=desk.cast.gong).latest("pk").sentence
    assert walk_in.journal_name in told
    assert "云溪贸易" not in told
