"""Dunning at its edges: promises kept to the end, letters that get lost, payments at the wrong moment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.test_dunning_forms import put
from tests.fronts.looking import text_of
from tests.harness.breaking import just_before
from tests.support.doing import at, sentences, signature
from tests.support.dunning import NOVEMBER, Desk, desk_of, paper
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.models import Demand, DunningCase, DunningNotice, Instalment, LendingRate, Passed
from yihu.areas.billing.dunning.reckon import arrears_in
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.ground.staff.models import Grant
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
S, N = DunningCase.State, DunningNotice.State


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


def of(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


# -- the ladder -----------------------------------------------------------------------------------------------------
def test_who_is_further_up_the_ladder_stays_there(desk: Desk) -> None:
    desk.charge(35941)
    case = put(desk.case(), S.TALK)
    desk.notice(case)
    assert (of(case).state, of(case).level) == (S.TALK, 1)


def test_a_paid_case_is_not_moved_by_a_paper_that_comes_late(desk: Desk) -> None:
    """He pays while the notice is out; then it is signed for, and one that waits for approval is approved."""
    desk.charge(35941)
    case = desk.case()
    desk.delivered(desk.notice(case))
    second = desk.notice(case, "2026-12-15 09:30")
    desk.pay(35941, when="2026-12-15 10:00")
    schedules.look_again.func()
    assert of(case).state == S.PAID
    desk.do(second, "approve", desk.pm, "2026-12-15 11:00")
    desk.delivered(second, "2026-12-16 10:00")
    assert (of(case).state, of(case).level, of(second).state) == (S.PAID, 1, N.DELIVERED)


# -- instalments ----------------------------------------------------------------------------------------------------
def test_a_plan_that_is_kept_to_the_end_covers_nothing_that_fell_due_since(desk: Desk, sign_in: Any) -> None:
    """While it runs he gets no notice; when it is over, what is owed besides is asked for again."""
    charge = desk.charge(35941)
    case = desk.case()
    parts = "2026-12-10 100.00\n2027-01-10 259.41"
    desk.do(case, "plan", desk.accountant, parts=parts, signature=signature())
    desk.charge(1000, 11)
    desk.pay(35941, charge, when="2026-12-01 12:00")
    schedules.look(at("2026-12-11 08:00"))
    assert of(case).next_part_at == at("2027-01-10 17:30")
    schedules.look(at("2027-01-11 08:00"))
    assert (of(case).state, of(case).next_part_at, of(case).owed_fen) == (S.REMIND, None, 1000)
    assert "分期已经按期履行完" in sentences(of(case))[-1]
    assert case.instalments.filter(in_force=True).count() == 2  # it was not broken
    assert "259.41" not in text_of(sign_in(desk.head).get(case.get_absolute_url()))
    assert desk.notice(case, "2027-01-18 09:05", pay_by="2027-02-02").total == 1000


@pytest.mark.parametrize(("notices", "state"), [(0, S.REMIND), (2, S.SECOND)])
def test_a_broken_plan_falls_back_to_where_the_notices_had_come(desk: Desk, notices: int, state: str) -> None:
    desk.charge(35941)
    case = desk.case()
    DunningCase.objects.filter(pk=case.pk).update(level=notices)
    desk.do(case, "plan", desk.accountant, parts="2026-12-10 100.00\n2027-01-10 259.41", signature=signature())
    schedules.look(at("2026-12-11 08:00"))
    assert of(case).state == state
    again = desk.do(
        case, "plan", desk.accountant, "2026-12-12 09:00", parts="2026-12-20 100.00\n2027-01-20 259.41", signature=signature()
    )  # fmt: skip
    assert again.instalments.filter(in_force=True).count() == 2


def test_a_plan_is_never_made_over_what_was_paid_a_moment_ago(desk: Desk) -> None:
    charge = desk.charge(35941)
    case = desk.case()
    said = {"parts": "2026-12-10 100.00\n2027-01-10 259.41", "signature": signature()}
    with pytest.raises(Refused, match="刚刚有变动"):
        just_before(
            'INSERT INTO "kernel_attachment"',
            lambda: desk.pay(5000, charge, when=NOVEMBER),
            lambda: desk.do(case, "plan", desk.accountant, **said),
        )
    assert (Instalment.objects.count(), of(case).state) == (0, S.REMIND)


# -- letters and the court ------------------------------------------------------------------------------------------
def test_a_lawyers_letter_goes_by_message_and_when_it_is_lost_by_courier(desk: Desk, sign_in: Any) -> None:
    desk.charge(35941)
    case = put(desk.case(), S.SECOND)
    agreed = {"consent_how": "desk", "consent_at": at(NOVEMBER), "consent_by": desk.cast.wang}
    ContactWay.objects.create(community=desk.cast.yunqi, party=desk.cast.owner, way="sms", **agreed)
    letter = {"writer": "平安律师事务所", "on": "2026-11-16", "pay_by": "2026-12-01", "words": "逾期将申请支付令"}
    desk.do(case, "lawyer", desk.head, files={"scan": [paper("律师函.pdf")]}, **letter)
    assert case.attachments.count() == 1
    desk.do(case, "letter_delivered", desk.head, "2026-11-17 10:00", way="electronic")
    message = Outgoing.objects.get(code="please_pay")
    assert "2026年11月16日催告函（平安律师事务所，请于 12-01 前缴清）" in message.text
    with pytest.raises(NotAllowed, match="待送达的函件"):  # it is on its way
        desk.do(case, "letter_delivered", desk.head, "2026-11-18 10:00", way="courier", tracking_no="SF1")
    Outgoing.objects.filter(pk=message.pk).update(state="failed")
    desk.do(case, "letter_delivered", desk.head, "2026-11-18 10:00", way="courier", tracking_no="SF1")
    assert Demand.objects.get().on is None
    schedules.look(at("2026-11-26 10:00"))
    assert Demand.objects.get().on == date(2026, 11, 25)
    filed = {"court_way": "suit", "court": "某区人民法院", "court_no": "（2026）民初 1 号", "filed_on": "2026-11-26"}
    desk.do(case, "sue", desk.head, "2026-11-27 10:00", files={"papers": [paper("受理.pdf")]}, **filed)
    done = desk.do(
        case, "judge", desk.head, "2027-03-01 10:00", files={"papers": [paper("判决.pdf")]}, outcome="判决支付本金和违约金"
    )  # fmt: skip
    assert (done.state, done.outcome, case.attachments.count()) == (S.ENFORCE, "判决支付本金和违约金", 3)
    assert "登记裁判结果：判决支付本金和违约金" in sentences(done)[-1]


# -- the batch ------------------------------------------------------------------------------------------------------
def test_the_worker_goes_on_with_a_batch_that_is_not_whole(desk: Desk) -> None:
    desk.charge(35941)
    (batch,) = come_round(at(NOVEMBER), only="dunning-round")
    schedules.draw_up.func()
    assert of(batch).state == "ready"
    assert (of(batch).drawn, of(batch).passed) == (1, 0)
    schedules.draw_up.func()  # there is nothing left to go on with
    assert DunningNotice.objects.count() == 1


def test_the_page_of_a_batch_counts_its_notices_and_names_who_got_none(desk: Desk, sign_in: Any) -> None:
    desk.charge(35941)
    contested = desk.debtor("钱业主", "0202")
    case = desk.case(contested)
    desk.do(case, "dispute", desk.accountant, charges=[contested.charges.get().pk], words="漏水")
    client = sign_in(desk.accountant)
    (batch,) = come_round(at(NOVEMBER), only="dunning-round")
    url = batch.get_absolute_url()
    assert "本批不发的" not in text_of(client.get(url))
    assert "/dunning-papers/round/" not in client.get(url).content.decode()
    schedules.draw(batch, at(NOVEMBER))
    shown = text_of(client.get(url))
    for words in ("待送达 1", "本批不发的", "钱业主", "争议：漏水"):
        assert words in shown, words
    assert "/dunning-papers/round/" in client.get(url).content.decode()


def test_who_is_dunned_already_gets_his_notice_on_the_same_case(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    assert (desk.round().drawn, DunningNotice.objects.get().case) == (1, case)


def test_who_pays_this_very_moment_is_passed_over(desk: Desk) -> None:
    """When the batch was begun he owed; before his case is opened he has paid."""
    desk.charge(35941)
    (batch,) = come_round(at(NOVEMBER), only="dunning-round")
    just_before(
        "INSERT INTO kernel_command",
        lambda: desk.pay(35941, when=NOVEMBER),
        lambda: schedules.draw(batch, at(NOVEMBER)),
    )
    passed = Passed.objects.get()
    assert str(passed).startswith("赵业主 ")
    assert "没有到期未缴的账单" in passed.why
    assert (DunningNotice.objects.count(), of(batch).passed) == (0, 1)


def test_a_batch_goes_out_whole_and_is_neither_taken_back_nor_sent_out_unapproved(desk: Desk) -> None:
    desk.charge(35941)
    desk.delivered(desk.notice(desk.case(when="2026-11-02 09:00"), "2026-11-02 09:30"), "2026-11-03 10:00")
    batch = desk.round()
    with pytest.raises(Refused, match="还有 1 张第二次以上的催款单等项目经理批准"):
        desk.do(batch, "hand_out", desk.accountant)
    Grant.objects.create(post_code="cs_supervisor", capability="dunning.withdraw")  # the matrix may allow it
    with pytest.raises(Refused, match="催款批次不能撤回"):
        desk.do(batch, "withdraw", desk.cast.li, reason="x")
    notice = batch.notices.get()
    with pytest.raises(Refused, match="催款通知单不能撤回"):
        desk.do(notice, "withdraw", desk.cast.li, reason="x")
    desk.do(notice, "approve", desk.pm)
    assert desk.do(batch, "hand_out", desk.accountant).state == "out"


# -- the standing of a debt -----------------------------------------------------------------------------------------
def test_many_parts_of_one_late_fee_are_told_in_one_sum(desk: Desk) -> None:
    """He paid a little every other day: the sum would be longer than the line."""
    desk.rule()
    charge = desk.charge(40000)
    for day in (2, 4, 6):
        desk.pay(1000, charge, when=f"2026-11-{day:02d} 09:00")
    (late,) = arrears_in(desk.case(), date(2026, 11, 16))
    assert late.words.startswith("按日 0.05%，共 19 天 = ")


def test_a_rate_that_the_office_entered_changes_what_a_court_leaves_and_not_the_sum(desk: Desk) -> None:
    desk.rule("0.3")
    desk.charge(35941)
    case = desk.case()
    (before,) = arrears_in(case, date(2026, 12, 31))
    LendingRate.objects.create(community=desk.cast.yunqi, from_on=date(2026, 11, 10), percent="1.00")
    (after,) = arrears_in(case, date(2026, 12, 31))
    assert after.fee_left == before.fee_left
    assert after.court_left < before.court_left < before.fee_left
    assert f"{LendingRate.objects.get()}" == "2026-11-10"
    assert after.words == "359.41×0.3%×64天 = 69.01元"  # one sum, whatever the lending rate did meanwhile
