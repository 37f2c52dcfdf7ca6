"""Civil Code 944: what may never be suspended, what nobody may write, and the narrow way that is left (domain.md §6.2)."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from tests.billing.noticing import PAY, billing_of
from tests.support.doing import at, sentences
from tests.support.dunning import Desk, desk_of, paper
from tests.support.tariffs import tariff_of
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.models import Attempt, DunningCase, DunningNotice, SuspendedService, Suspension
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.ground.staff.default_grants import CAPABILITIES
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Message
from yihu.kernel.procedure import procedure_of
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
V = Suspension.State
ENDS = "2027-01-31"


@pytest.fixture
def desk(cast: Any) -> Desk:
    made = desk_of(cast)
    assert cast.gong
    return made


def optional(desk: Desk, name: str = "加时空调", **more: Any) -> FeeItem:
    return desk.item(f"K{FeeItem.objects.count()}", name, legal_class="optional_paid", **more)


def ready(desk: Desk, item: FeeItem, amount: int = 50000) -> DunningCase:
    """Owed for the item, dunned, and the notice delivered on the 17th of November."""
    desk.charge(amount, item=item)
    case = desk.case()
    desk.delivered(desk.notice(case))
    return case


def draft(
    desk: Desk, case: Any, *items: FeeItem, when: str = "2026-11-18 09:00", by: Any = None, **more: Any
) -> Suspension:
    said = {
        "case": case.pk,
        "services": [item.pk for item in items],
        "clause": "《加时空调服务协议》第六条",
        "ends_on": ENDS,
        **more,
    }
    made: Suspension = open_record(
        Suspension(community=desk.cast.yunqi), by=by or desk.accountant, data=said, at=at(when)
    )
    return made


def agreed(desk: Desk, sheet: Suspension, when: str = "2026-11-19 10:00") -> Suspension:
    desk.do(sheet, "review", desk.accountant, when, files={"review": [paper()]}, legal_opinion="可以暂停")
    desk.do(sheet, "finance", desk.head, when)
    desk.do(sheet, "manager", desk.pm, when)
    found: Suspension = desk.do(
        sheet,
        "client",
        desk.accountant,
        when,
        files={"approval": [paper("批复.pdf")]},
        client_words="园区业主方书面同意",
    )
    return found


def in_force(desk: Desk, item: FeeItem) -> Suspension:
    sheet = agreed(desk, draft(desk, ready(desk, item), item))
    desk.delivered(sheet, "2026-11-20 10:00")
    found: Suspension = desk.do(sheet, "begin", desk.pm, "2026-11-28 09:00")
    return found


def words_of(client: Any, sheet: Suspension) -> str:
    pdf = client.get(f"{sheet.get_absolute_url()}print/suspension/").content
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


# -- what can never be ----------------------------------------------------------------------------------------------
@pytest.mark.clause("FEE-09")
def test_the_whole_lawful_way_of_the_one_thing_that_may_be_suspended(desk: Desk, sign_in: Any) -> None:
    """Over-time air-conditioning by its own contract: two approve, the client too, seven days after delivery, lifted when paid."""
    item = optional(desk)
    sheet = draft(desk, ready(desk, item), item)
    assert (sheet.state, sheet.arrears, sheet.named) == (V.LEGAL, 50000, "加时空调")
    with pytest.raises(Invalid):  # an opinion without its file is none
        desk.do(sheet, "review", desk.accountant, legal_opinion="可以")
    sheet = agreed(desk, sheet)
    assert sheet.state == V.TO_DELIVER
    printed = words_of(sign_in(desk.pm), sheet)
    assert "生效日期送达满七日的次日（没有缴清时）恢复日期最迟2027年1月31日；缴清后两小时内" in printed
    sheet = desk.delivered(sheet, "2026-11-20 10:00")
    assert sheet.pay_by == date(2026, 11, 27)  # the 20th is not counted
    assert "生效日期最早2026年11月28日" in words_of(sign_in(desk.pm), sheet)
    with pytest.raises(Refused, match="七天还没有过"):
        desk.do(sheet, "begin", desk.pm, "2026-11-27 23:00")
    desk.do(sheet, "begin", desk.pm, "2026-11-28 09:00")
    told = Message.objects.filter(person=desk.cast.gong).latest("pk").sentence
    assert "加时空调" in told
    assert "其它一律照常" in told
    desk.pay(50000, when="2026-11-28 14:00")
    schedules.look(at("2026-11-28 14:10"))  # every ten minutes; the promise is two hours
    sheet = Suspension.objects.get()
    assert (sheet.state, sheet.lifted_at) == (V.LIFTED, at("2026-11-28 14:10"))
    assert Message.objects.filter(person=desk.cast.gong, sentence__contains="两小时内恢复").exists()
    words = words_of(sign_in(desk.pm), sheet)
    assert "生效日期2026年11月28日恢复日期2026年11月28日（到期、已缴或有争议，自动恢复）" in words
    assert "水、电、气、暖的供应" in words
    assert "批复附后" in words


@pytest.mark.clause("FEE-09", part="七天到期没有缴清，提醒财务主管，再逐级上报到项目经理")
def test_seven_days_that_are_over_rise_to_the_project_manager(desk: Desk) -> None:
    item = optional(desk)
    sheet = desk.delivered(agreed(desk, draft(desk, ready(desk, item), item)), "2026-11-20 10:00")

    def told(person: Any) -> bool:
        return Message.objects.filter(person=person, sentence__contains=f"{sheet.number} 七日内缴清").exists()

    sweep(at("2026-11-27 17:00"))
    assert not told(desk.head)
    sweep(at("2026-11-28 09:00"))  # a Saturday: the 27th is over
    assert (told(desk.head), told(desk.pm)) == (True, False)
    sweep(at("2026-11-30 09:00"))
    assert not told(desk.pm)
    sweep(at("2026-12-01 09:00"))  # a working day later
    assert told(desk.pm)


@pytest.mark.parametrize("legal_class", ["essential", "common"])
def test_the_database_refuses_what_the_law_keeps_going(desk: Desk, legal_class: str) -> None:
    """Neither with its true class, nor with a false one, nor by changing a row afterwards."""
    item = optional(desk)
    sheet = draft(desk, ready(desk, item), item)
    power = desk.item("DF", "电费", legal_class=legal_class)
    for said in (legal_class, "optional_paid"):
        with pytest.raises(IntegrityError), transaction.atomic():
            SuspendedService.objects.create(suspension=sheet, item=power, legal_class=said, arrears=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        SuspendedService.objects.filter(suspension=sheet).update(item=power)
    assert [one.item for one in sheet.services.all()] == [item]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("电费", {"legal_class": "essential"}), ("物业服务费", {"legal_class": "common"}), ("空调费", {"legal_class": "optional_paid"}),
        ("车位费", {"legal_class": "optional_paid"}), ("门禁卡", {"legal_class": "optional_paid"}),
        ("代收水费", {"legal_class": "optional_paid", "nature": "pass_through"}), ("物业管理费", {"legal_class": "optional_paid"}),
        ("公共能耗", {"legal_class": "optional_paid"}), ("保洁费", {"legal_class": "optional_paid"}),
    ],
)  # fmt: skip
def test_whatever_it_calls_itself_it_is_not_offered(desk: Desk, name: str, more: dict[str, str]) -> None:
    """Scenario 24: there is no such service in the list, and none can be slipped in."""
    item = desk.item("QT", name, **more)
    case = ready(desk, item)
    with pytest.raises(Invalid, match="暂停哪些可选服务"):
        draft(desk, case, item)
    assert Suspension.objects.count() == 0


@pytest.mark.clause("FEE-09", part="每户都收的（按面积、每户、抄表、公摊）不是可选服务，改类别、改名称都不能停")
@pytest.mark.parametrize(("kind", "offered"), [("area_gross", False), ("household", False), ("quantity", True)])
def test_what_every_unit_is_billed_for_is_no_option_whatever_its_class(
    desk: Desk, sign_in: Any, kind: str, offered: bool
) -> None:
    """A setting that calls the service fee by another name and another class opens no way to suspend it."""
    item = optional(desk, "综合服务费")
    tariff_of(item, kind=kind)
    case = ready(desk, item)
    page = sign_in(desk.accountant).get(case.get_absolute_url()).content.decode()
    assert (f"{case.get_absolute_url()}do/suspend/" in page) is offered
    if offered:
        assert draft(desk, case, item).state == V.LEGAL
    else:
        with pytest.raises(Invalid, match="暂停哪些可选服务"):
            draft(desk, case, item)


def test_no_capability_can_override_it_and_engineering_cannot_be_ordered(desk: Desk) -> None:
    """Nothing in the matrix speaks of cutting off; no register of dunning hands over to a work order."""
    for capability in CAPABILITIES:
        if capability.code.startswith("dunning."):
            assert "engineering_head" not in capability.posts
            assert "technician" not in capability.posts
    kinds = {step.opens for model in (DunningCase, DunningNotice, Suspension) for step in procedure_of(model).steps}
    assert WorkOrder._meta.label_lower not in kinds
    assert kinds <= {"", "reception.contact", "dunning.dunningnotice", "dunning.suspension", "dunning.toowner"}


def test_a_service_that_the_law_reclassifies_goes_on_again(desk: Desk) -> None:
    item = optional(desk)
    sheet = in_force(desk, item)
    FeeItem.objects.filter(pk=item.pk).update(legal_class="common")
    schedules.look(at("2026-11-29 09:10"))
    assert Suspension.objects.get(pk=sheet.pk).state == V.LIFTED


def test_a_dispute_or_its_last_day_ends_it(desk: Desk) -> None:
    item = optional(desk)
    sheet = in_force(desk, item)
    schedules.look(at("2027-01-30 09:00"))
    assert Suspension.objects.get(pk=sheet.pk).state == V.IN_FORCE
    schedules.look(at(f"{ENDS} 00:05"))
    assert Suspension.objects.get(pk=sheet.pk).state == V.LIFTED


def test_what_is_contested_is_not_suspended(desk: Desk) -> None:
    item = optional(desk)
    sheet = agreed(desk, draft(desk, ready(desk, item), item))
    sheet = desk.delivered(sheet, "2026-11-20 10:00")
    charges = [charge.pk for charge in item.charges.all()]
    desk.do(sheet.case, "dispute", desk.accountant, "2026-11-21 10:00", charges=charges, words="没有用过")
    with pytest.raises(Refused, match="不能暂停"):
        desk.do(sheet, "begin", desk.pm, "2026-11-28 09:00")


def test_without_a_delivered_notice_nothing_is_drafted(desk: Desk) -> None:
    item = optional(desk)
    desk.charge(50000, item=item)
    case = desk.case()
    with pytest.raises(Invalid, match="还没有一张催款通知单证明送达"):
        draft(desk, case, item)
    posted = desk.notice(case)
    desk.delivered(posted, way="registered", tracking_no="XA1", signer="", signature="")
    with pytest.raises(Invalid, match="还没有一张催款通知单证明送达"):
        draft(desk, case, item)


def test_two_approve_and_none_of_them_drafted_it(desk: Desk) -> None:
    item = optional(desk)
    case = ready(desk, item)
    both = desk.cast.person("shuang", "双任", "accountant", "finance_supervisor", "project_manager")
    sheet = draft(desk, case, item, by=both)
    desk.do(sheet, "review", desk.accountant, files={"review": [paper()]}, legal_opinion="可以暂停")
    with pytest.raises(NotAllowed):
        desk.do(sheet, "finance", both)
    third = desk.cast.person("san", "三任", "finance_supervisor", "project_manager")
    desk.do(sheet, "finance", third)
    for person in (both, third):
        with pytest.raises(NotAllowed):
            desk.do(sheet, "manager", person)
    assert desk.do(sheet, "manager", desk.pm).state == V.CLIENT


# -- what nobody may write ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["再不交就停电", "将停 水处理", "断-电", "禁 止 出 入", "物品不予放行"])
def test_a_threat_is_refused_and_put_down_for_the_project_manager(desk: Desk, sign_in: Any, text: str) -> None:
    """Scenario 24: refused with the law's article; nothing is saved but who tried."""
    desk.charge(35941)
    case = desk.case()
    with pytest.raises(Invalid, match="民法典第944条"):
        desk.notice(case, words=text)
    assert DunningNotice.objects.count() == 0
    tried = Attempt.objects.get()
    assert (tried.by, tried.text) == (desk.accountant, text)
    assert str(tried).startswith("张会计 ")
    assert Message.objects.filter(person=desk.pm, sentence__contains="民法典第944条").exists()
    assert text in sign_in(desk.pm).get("/dunning-figures/attempts/").content.decode()
    assert sign_in(desk.accountant).get("/dunning-figures/attempts/").status_code == 403


def test_each_paper_and_each_explanation_is_guarded(desk: Desk) -> None:
    desk.charge(35941)
    item = optional(desk)
    case = ready(desk, item)
    said = {
        "way": "phone",
        "reached": "yes",
        "reason": "hardship",
        "said": "上月停电两次，不想交",
        "explained": "不交就拉闸",
    }
    with pytest.raises(Invalid, match="拉闸"):
        desk.do(case, "call", desk.collector, **said)
    desk.do(case, "call", desk.collector, **{**said, "explained": "停电是供电局检修"} | {"explained": "是供电局的检修"})
    with pytest.raises(Invalid, match="民法典第944条"):
        draft(desk, case, item, words="逾期断水")
    assert Attempt.objects.count() == 2


def test_what_stands_on_a_months_notices_and_in_a_decision_is_guarded_as_well(desk: Desk) -> None:
    """They ask for earlier debts too, and go out to everybody at once."""
    billing = billing_of(desk.cast)
    billing.charge(35941, 9)
    batch = billing.batch()
    for field in ("pay_ways", "hotline"):
        with pytest.raises(Invalid, match="民法典第944条"):
            billing.step(batch, "draw", billing.accountant, **{**PAY, field: "逾期不缴的，停水停电"})
    case = desk.case()
    charge = Charge.objects.get()
    desk.do(case, "dispute", desk.head, charges=[charge.pk], words="面积不对")
    with pytest.raises(Invalid, match="民法典第944条"):
        desk.do(
            case, "settle", desk.accountant, charges=[charge.pk], outcome="rejected", words="面积没有错，再不缴就断水"
        )
    assert list(Attempt.objects.order_by("pk").values_list("by__name", flat=True)) == ["张会计"] * 3  # each of them
    assert NoticeBatch.objects.get().drawn_at is None


def test_the_page_strikes_the_manuals_step_through_and_opens_the_lawful_one(desk: Desk, sign_in: Any) -> None:
    desk.charge(35941, 8, when="2026-09-01 09:00")
    case = desk.case(when="2026-09-15 09:00")
    desk.delivered(desk.notice(case, "2026-09-15 09:05"), "2026-09-16 10:00")
    page = sign_in(desk.pm).get(case.get_absolute_url()).content.decode()
    assert "<s>超过 2026-09-30 未缴：停空调、停电" in page
    assert "民法典第 944 条" in page
    assert "2026-10-08" in page  # the working day after, behind the holidays
    assert sentences(case)[0].startswith("张会计 开始催缴")


def test_a_message_about_a_debt_is_read_too(desk: Desk, sign_in: Any) -> None:
    """Whatever kind of message it is sent as: the notice of a planned outage is no way round."""
    desk.charge(35941)
    case = desk.case()
    agreed = {"consent_how": "desk", "consent_at": at("2026-11-01 09:00"), "consent_by": desk.cast.wang}
    ContactWay.objects.create(community=desk.cast.yunqi, party=desk.cast.owner, way="sms", **agreed)
    said = {
        "party": desk.cast.owner.pk,
        "way": "sms",
        "code": "outage_over",
        "what": "不缴费就停 电",
        "when": "",
        "act": "send",
    }
    answer = sign_in(desk.cast.li).post(f"/sending/new/?record={case.number}", said)
    assert answer.status_code == 422
    assert "民法典第944条" in answer.content.decode()
    assert Attempt.objects.get().by == desk.cast.li
    assert Outgoing.objects.count() == 0
