"""催缴 from the 11th working day to the court: who is asked, how it is proven, what pauses it, what ends it."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from tests.support.banking import bank_line
from tests.support.doing import at, photo, sentences, signature
from tests.support.dunning import CLAUSE, NOVEMBER, Desk, desk_of, paper
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.models import Demand, DunningCase, DunningNotice, DunningRound
from yihu.areas.billing.dunning.reckon import arrears_in
from yihu.areas.billing.notices.models import Round
from yihu.areas.reception.models import Contact
from yihu.ground.estate.models import Building, Party, Unit
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs.runner import run_waiting
from yihu.kernel.models import CalendarYear, Deadline, Message, Record
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
S, N = DunningCase.State, DunningNotice.State


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


def read(pdf: bytes) -> str:
    """What stands on the pages, without blanks."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def of(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


# -- the batch ------------------------------------------------------------------------------------------------------
@pytest.mark.clause("FEE-08")
def test_on_the_eleventh_working_day_everybody_who_has_not_paid_is_written_to(desk: Desk, sign_in: Any) -> None:
    """Two owe, one has paid, one is not due yet: two notices, delivered and signed for within two working days."""
    desk.rule()
    desk.charge(35941)
    second = desk.debtor("钱业主", "0202", 12800)
    paid = desk.debtor("孙业主", "0303", 5000)
    desk.pay(5048, party=paid, when=NOVEMBER)  # with the late fee of 19 days
    desk.debtor("周业主", "0404", 9000, month=12)
    assert come_round(at("2026-11-13 10:00"), only="dunning-round") == []
    batch = desk.round()
    assert (batch.state, batch.drawn, batch.passed) == (DunningRound.State.READY, 2, 0)
    first = DunningNotice.objects.get(party=desk.cast.owner)
    assert (first.state, first.level, first.total, first.pay_by) == (N.ISSUED, 1, 35941, date(2026, 12, 1))
    assert first.late_fee == 341  # 359.41 × 0.0005 × 19 days from 29 October to 16 November
    assert of(first.case).state == S.FIRST
    clock = Deadline.objects.get(record_id=first.pk, code="D67")
    assert clock.due_at == at("2026-11-18 17:30")
    desk.do(batch, "hand_out", desk.accountant)
    with pytest.raises(Refused, match="还有 2 张没有送达"):
        desk.do(batch, "finish", desk.accountant)
    desk.delivered(first)
    desk.delivered(DunningNotice.objects.get(party=second), signer="钱业主")
    assert desk.do(batch, "finish", desk.accountant, "2026-11-18 09:00").state == DunningRound.State.DONE
    pdf = sign_in(desk.accountant).get(f"/dunning-papers/round/{batch.number}/").content
    words = read(pdf)
    assert words.index("赵业主") < words.index("钱业主")  # the deliverer's way: 0101 before 0202
    assert "叁佰陆拾贰元捌角贰分" in words  # 359.41 + 3.41
    assert CLAUSE in words


def test_the_batch_goes_by_who_carries_it(desk: Desk, sign_in: Any) -> None:
    """His building first, though its code comes last; he finds the notices in his own work, and so he does the case."""
    here = desk.cast.yunqi
    desk.charge(35941)
    building = Building.objects.create(community=here, cluster=desk.cast.home.cluster, code="A9", name="A9栋")
    unit = Unit.objects.create(
        community=here, cluster=desk.cast.home.cluster, building=building, entrance="1", room="0901"
    )
    party = Party.objects.create(community=here, name="九业主")
    desk.charge(12800, party=party.pk, unit=unit.pk)
    Round.objects.create(community=here, building=building, steward=desk.steward)
    batch = desk.round()
    words = read(sign_in(desk.accountant).get(f"/dunning-papers/round/{batch.number}/").content)
    assert words.index("九业主") < words.index("赵业主")
    assert DunningNotice.objects.get(handler=desk.steward).party == party
    page = sign_in(desk.steward).get(DunningCase.objects.get(handler=desk.steward).get_absolute_url())
    assert page.status_code == 200


def test_the_same_batch_is_drawn_up_once_in_slices(desk: Desk) -> None:
    for place in range(3):
        desk.debtor(f"业主{place}", f"060{place}")
    (batch,) = come_round(at(NOVEMBER), only="dunning-round")
    assert schedules.draw(batch, at(NOVEMBER), most=2) is False
    assert DunningNotice.objects.count() == 2
    assert schedules.draw(batch, at(NOVEMBER), most=2) is True
    assert come_round(at("2026-11-17 09:05"), only="dunning-round") == []
    assert DunningNotice.objects.count() == 3


def test_without_the_holidays_of_the_year_there_is_an_alarm_and_no_guess(desk: Desk) -> None:
    desk.charge(35941)
    CalendarYear.objects.filter(year=2026).delete()
    assert come_round(at(NOVEMBER), only="dunning-round") == []
    assert come_round(at("2026-11-16 09:10"), only="dunning-round") == []
    told = Message.objects.filter(person=desk.head, sentence__contains="催款日无法推算")
    assert told.count() == 1
    assert DunningNotice.objects.count() == 0


def test_without_a_clause_in_the_contract_it_costs_nothing_to_be_late(desk: Desk) -> None:
    desk.charge(35941)
    notice = desk.notice(desk.case())
    assert (notice.late_fee, notice.lines.get().late_fee) == (0, 0)


def test_utilities_cost_nothing_to_be_late_whatever_the_clause(desk: Desk) -> None:
    desk.rule()
    desk.charge(8000, item=desk.water)
    assert desk.notice(desk.case()).late_fee == 0


def test_the_second_notice_needs_the_project_manager_and_never_its_drafter(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    desk.delivered(desk.notice(case))
    second = desk.notice(case, "2026-12-15 09:30")
    assert (second.state, second.level) == (N.TO_APPROVE, 2)
    assert of(case).state == S.FIRST
    for person in (desk.accountant, desk.head):
        with pytest.raises(NotAllowed):
            desk.do(second, "approve", person)
    desk.do(second, "approve", desk.pm, "2026-12-15 10:00")
    run_waiting(now=timezone.now())
    assert (of(case).state, of(case).level) == (S.SECOND, 2)


# -- proof and limitation -------------------------------------------------------------------------------------------
def test_a_proven_demand_begins_the_three_years_anew(desk: Desk) -> None:
    charge = desk.charge(35941)
    case = desk.case()
    assert of(case).limitation_on == date(2029, 10, 28)
    notice = desk.notice(case)
    assert of(case).limitation_on == date(2029, 10, 28)  # drawn up is not delivered
    desk.delivered(notice)
    assert of(case).limitation_on == date(2029, 11, 17)
    assert Demand.objects.get().lines.get().charge == charge


def test_a_posted_notice_proves_nothing_before_it_has_arrived(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    notice = desk.notice(case)
    desk.delivered(notice, way="registered", tracking_no="XA123", signer="", signature="")
    assert of(case).limitation_on == date(2029, 10, 28)
    schedules.look(at("2026-11-20 10:00"))
    assert of(case).limitation_on == date(2029, 10, 28)
    schedules.look(at("2026-11-25 10:00"))  # should have arrived by the 24th
    assert of(case).limitation_on == date(2029, 11, 24)


def test_a_refusal_before_two_witnesses_is_a_delivery(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    notice = desk.notice(case)
    witnesses = {"witness_1": desk.cast.wang.pk, "witness_2": desk.cast.li.pk}
    desk.do(
        notice, "deliver", desk.steward, "2026-11-17 10:00", files={"photos": [photo()]}, way="hand", refused="on",
        refusal="说没钱", **witnesses,
    )  # fmt: skip
    assert Demand.objects.get().on == date(2026, 11, 17)


def test_what_was_paid_ends_the_case_by_itself(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    desk.pay(20000, when="2026-11-17 12:00")
    schedules.look(at("2026-11-17 12:10"))
    assert (of(case).state, of(case).owed_fen) == (S.REMIND, 15941)
    desk.pay(15941, when="2026-11-18 12:00")
    schedules.look(at("2026-11-18 12:10"))
    assert of(case).state == S.PAID
    desk.charge(1000, 11)
    assert desk.case(when="2026-12-01 10:00").state == S.REMIND


def test_one_payer_has_one_open_case(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    with pytest.raises(Invalid, match="已经在催了"):
        desk.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        DunningCase.objects.create(
            community=desk.cast.yunqi, number="X", open_of=desk.cast.owner, opened_by=desk.pm, opened_at=at(NOVEMBER)
        )
    with pytest.raises(Refused, match="不能撤回"):
        desk.do(case, "withdraw", desk.accountant, reason="不催了")


# -- pauses ---------------------------------------------------------------------------------------------------------
def test_a_dispute_freezes_its_line_and_no_other(desk: Desk) -> None:
    desk.rule()
    contested, other = desk.charge(35941), desk.charge(10000, 10, desk.item("CW", "车位费"))
    case = desk.case()
    words = {"charges": [contested.pk], "words": "面积量错了"}
    assert desk.do(case, "dispute", desk.accountant, **words).state == S.REMIND
    notice = desk.notice(case)
    assert [line.charge for line in notice.lines.all()] == [other]
    late = {one.charge.pk: one for one in arrears_in(case, date(2026, 12, 16))}
    assert (late[contested.pk].late_fee, late[contested.pk].fee.days) == (0, 18)  # until the 15th of November
    assert late[other.pk].fee.days == 49
    said = {"charges": [contested.pk], "outcome": "agreed", "words": "复量后一致"}
    desk.do(case, "settle", desk.head, "2026-11-26 10:00", **said)
    assert {one.charge.pk: one.fee.days for one in arrears_in(case, date(2026, 12, 16))}[contested.pk] == 18 + 20


def test_when_all_is_contested_nothing_is_asked(desk: Desk) -> None:
    charge = desk.charge(35941)
    case = desk.case()
    desk.do(case, "dispute", desk.accountant, charges=[charge.pk], words="漏水三年没修")
    assert (of(case).state, of(case).pause_why) == (S.PAUSED, "dispute")
    with pytest.raises(Invalid, match="现在不能发催款单：争议"):
        desk.notice(case)
    with pytest.raises(Refused, match="认定争议"):
        desk.do(case, "resume", desk.accountant, words="继续")
    desk.do(case, "settle", desk.head, charges=[charge.pk], outcome="upheld", words="已修好")
    assert (of(case).state, of(case).pause_why) == (S.REMIND, "")


def test_nobody_is_pressed_while_his_money_may_lie_among_the_unclaimed(desk: Desk) -> None:
    """Scenario 20: 3 594.10 without a room number, two candidates; both get no notice until somebody has found out."""
    first = desk.debtor("李业主", "0701", 359410)
    second = desk.debtor("李大业", "0702", 359410)
    desk.charge(35941)
    bank_line(desk.cast.yunqi, 359410, "李某", "物业费 李")
    batch = desk.round()
    assert (batch.drawn, batch.passed) == (1, 2)
    assert set(batch.passes.values_list("party", flat=True)) == {first.pk, second.pk}
    assert "未认领" in batch.passes.first().why
    with pytest.raises(Invalid, match="未认领"):
        desk.notice(DunningCase.objects.get(party=first))


# -- instalments ----------------------------------------------------------------------------------------------------
def plan(desk: Desk, case: Any, parts: str = "2026-12-10 100.00\n2027-01-10 259.41") -> Any:
    return desk.do(case, "plan", desk.accountant, parts=parts, signature=signature())


def test_instalments_add_up_and_acknowledge_the_debt(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    with pytest.raises(Invalid, match="与欠费"):
        plan(desk, case, "2026-12-10 100.00\n2027-01-10 200.00")
    with pytest.raises(Invalid, match="看不懂"):
        plan(desk, case, "下个月 100")
    with pytest.raises(Invalid, match="从早到晚"):
        plan(desk, case, "2027-01-10 100.00\n2026-12-10 259.41")
    assert plan(desk, case).state == S.PLAN
    assert of(case).limitation_on == date(2029, 11, 16)
    assert of(case).next_part_at == at("2026-12-10 17:30")
    with pytest.raises(Invalid, match="分期协议"):
        desk.notice(case)


def test_a_kept_plan_goes_on_and_a_broken_one_falls_back(desk: Desk) -> None:
    charge = desk.charge(35941)
    case = desk.case()
    desk.delivered(desk.notice(case))
    plan(desk, of(case))
    desk.pay(10000, charge, when="2026-12-09 12:00")
    schedules.look(at("2026-12-10 20:00"))
    assert of(case).next_part_at == at("2026-12-10 17:30")  # its day is not over
    schedules.look(at("2026-12-11 08:00"))
    assert (of(case).state, of(case).next_part_at) == (S.PLAN, at("2027-01-10 17:30"))
    schedules.look(at("2027-01-11 08:00"))
    assert of(case).state == S.FIRST
    assert not case.instalments.filter(in_force=True).exists()
    assert Message.objects.filter(person=desk.head, sentence__contains="分期没有按期履行").exists()


# -- why they do not pay --------------------------------------------------------------------------------------------
def call(desk: Desk, case: Any, reason: str, by: Any = None, **more: Any) -> Any:
    said = {
        "way": "phone",
        "reached": "yes",
        "reason": reason,
        "said": "楼上漏水一直没修",
        "explained": "已登记，三天内上门",
        **more,
    }
    return desk.do(case, "call", by or desk.collector, **said)


@pytest.mark.clause("FEE-21")
def test_the_reason_is_coded_what_was_explained_is_logged_and_reasons_are_counted(desk: Desk, sign_in: Any) -> None:
    assert desk.cast.li
    desk.charge(35941)
    case, other = desk.case(), desk.case(desk.debtor("钱业主", "0202", 12800))
    call(desk, case, "construction")
    call(desk, other, "hardship", said="失业", explained="可以分期")
    assert Message.objects.get(person=desk.cast.li).sentence.endswith("未缴的原因是房屋质量，请转为接待跟进。")
    with pytest.raises(Invalid, match="未缴的原因"):
        call(desk, case, "")
    page = sign_in(desk.pm).get("/dunning-figures/reasons/").content.decode()
    for told in ("房屋质量", "经济困难", "359.41", "128.00"):
        assert told in page
    listed = sign_in(desk.pm).get("/dunning/?tab=open&reason=construction").content.decode()
    assert case.number in listed
    assert other.number not in listed
    assert "已登记，三天内上门" in sign_in(desk.pm).get(case.get_absolute_url()).content.decode()


def test_a_visit_moves_a_case_on_only_after_the_second_notice(desk: Desk) -> None:
    """Before that it is written down, and the ladder goes on where it stood; on the telephone nobody was met."""
    desk.charge(35941)
    case = desk.case()
    met = {"way": "visit", "reached": "yes", "reason": "hardship", "said": "等工资", "explained": "可以分期"}
    assert desk.do(case, "call", desk.collector, **met).state == S.REMIND
    case = to_second(desk, case)
    assert case.state == S.SECOND
    assert desk.do(case, "call", desk.collector, "2026-12-20 09:00", **{**met, "way": "phone"}).state == S.SECOND
    assert desk.do(case, "call", desk.collector, "2026-12-20 10:00", **met).state == S.TALK


def test_a_defect_behind_it_is_handed_over_to_the_desk(desk: Desk) -> None:
    desk.charge(35941)
    case = desk.case()
    call(desk, case, "construction")
    said = {"to-relation": "owner", "to-caller_name": "赵业主"}  # the rest is known
    desk.do(case, "complain", desk.cast.li, **said)
    contact = Contact.objects.get(links_in__origin_id=case.pk)
    assert (contact.category, contact.unit, contact.content) == ("complaint", desk.cast.home, "楼上漏水一直没修")


# -- up the ladder --------------------------------------------------------------------------------------------------
def to_second(desk: Desk, case: Any) -> Any:
    DunningCase.objects.filter(pk=case.pk).update(level=2)
    Record.objects.filter(pk=case.pk).update(state=S.SECOND)
    return of(case)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (S.REMIND, set()), (S.FIRST, set()), (S.SECOND, {"client_letter", "lawyer"}), (S.TALK, {"client_letter", "lawyer"}),
        (S.PLAN, set()), (S.URGED, {"lawyer"}), (S.LAWYER, {"sue"}), (S.COURT, {"judge", "write_off"}), (S.ENFORCE, {"write_off"}),
        (S.PAUSED, set()),
    ],
)  # fmt: skip
def test_nobody_is_sued_before_he_was_asked_twice_and_had_the_lawyers_letter(
    desk: Desk, state: str, offered: set[str]
) -> None:
    """The ladder of domain.md §6.2.7, rung by rung: what is offered in each state, and what is refused in all others."""
    desk.charge(35941)
    case = desk.case()
    Record.objects.filter(pk=case.pk).update(state=state)
    hard = {"client_letter", "lawyer", "sue", "judge", "write_off"}
    for name in hard - offered:
        for person in (desk.head, desk.pm):
            with pytest.raises((Conflict, NotAllowed)):
                desk.do(case, name, person)
    assert {step.name for step in case.procedure.open_steps(state)} & hard == offered


@pytest.mark.clause("FEE-10")
def test_a_big_debtor_goes_to_court_with_one_file(desk: Desk, sign_in: Any) -> None:
    """Arrears by unit and steward, calls logged, then letter, suit, and one PDF with everything in it."""
    desk.rule()
    desk.charge(1864000)
    case = desk.case()
    desk.delivered(desk.notice(case))
    call(desk, case, "hardship", by=desk.collector)
    case = to_second(desk, case)
    desk.do(case, "transfer", desk.cast.li, to=desk.steward.pk, reason="楼管负责")
    letter = {"writer": "平安律师事务所", "on": "2026-11-20", "pay_by": "2026-12-05"}
    with pytest.raises(NotAllowed):
        desk.do(case, "lawyer", desk.accountant, **letter)
    desk.do(case, "lawyer", desk.head, "2026-11-20 10:00", **letter)
    desk.do(case, "letter_delivered", desk.head, "2026-11-21 10:00", way="courier", tracking_no="SF1")
    schedules.look(at("2026-11-29 10:00"))
    assert of(case).limitation_on == date(2029, 11, 28)
    filed = {"court_way": "order", "court": "某区人民法院", "court_no": "（2026）民督 12 号", "filed_on": "2026-12-08"}
    assert desk.do(case, "sue", desk.head, "2026-12-08 10:00", **filed).state == S.COURT
    assert of(case).limitation_on == date(2029, 12, 8)
    with pytest.raises(NotAllowed):
        desk.do(case, "write_off", desk.head, outcome="无财产可执行")
    pdf = sign_in(desk.head).get(f"/dunning-papers/file/{case.number}/").content
    words = read(pdf)
    for expected in ("18,640.00", "2029年12月8日", CLAUSE, "律师函", "支付令", "赵业主（本人）签收", "SF1", "经济困难"):
        assert expected in words, expected
    assert len(PdfReader(io.BytesIO(pdf)).pages) >= 4  # contents, letter, notice, the signature on it
    assert "打印整本卷宗" in sentences(of(case))[-1]
    table = sign_in(desk.pm).get("/dunning-figures/units/").content.decode()
    assert "段楼管" in table
    assert "18,640.00" in table
    assert desk.do(case, "write_off", desk.pm, outcome="无财产可执行").state == S.WRITTEN_OFF


def test_a_clerk_sees_no_list_of_debtors_and_none_leaves_the_house(desk: Desk, sign_in: Any) -> None:
    desk.charge(35941)
    case = desk.case()
    notice = desk.notice(case)
    clerk = sign_in(desk.cast.wang)
    for url in (case.get_absolute_url(), notice.get_absolute_url()):
        assert clerk.get(url).status_code == 404
    for url in (
        "/dunning-figures/reasons/",
        "/dunning-figures/units/",
        "/dunning/late-fees/",
        "/dunning-figures/attempts/",
    ):
        assert clerk.get(url).status_code == 403
    assert case.number not in clerk.get("/dunning/?tab=all").content.decode()
    steward = sign_in(desk.steward)
    assert steward.get(notice.get_absolute_url()).status_code == 200  # he carries it
    assert case.number not in steward.get("/dunning/?tab=all").content.decode()
    manager = sign_in(desk.pm)  # who may export everything else
    assert manager.get("/dunning/export/").status_code == 404
    assert "/dunning/export/" not in manager.get("/dunning/?tab=all").content.decode()


def test_paper_helper_is_a_pdf() -> None:
    assert len(PdfReader(paper()).pages) == 1


@pytest.mark.clause("FEE-08", part="应缴日过了才出的账单，过了它自己的应缴日才催，催款单上写的是这一天")
def test_a_bill_that_was_made_late_is_asked_for_after_its_own_day_and_says_it(desk: Desk) -> None:
    late = desk.charge(35941, 9, basis={"pay_by": "2026-11-28"})  # of the 28th of September, billed in November
    batch = desk.round()
    assert (batch.drawn, batch.passed, DunningCase.objects.count()) == (0, 0, 0)
    with pytest.raises(Invalid):
        desk.case()
    december = "2026-12-15 09:05"
    desk.rule()
    notice = desk.notice(desk.case(when=december), december, pay_by="2026-12-31")
    assert (notice.total, notice.late_fee) == (35941, 305)  # 359.41 × 0.05 % × 17 days
    told = notice.procedure.prints[0].data(notice, desk.accountant)
    assert told["lines"][0][3] == "2026-11-28"
    assert "2026-11-28 应缴" in told["late_words"][0]
    assert notice.case.since == date(2026, 11, 28)
    assert late.due_on == date(2026, 9, 28)
