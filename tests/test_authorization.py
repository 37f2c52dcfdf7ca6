"""Every address × everybody who has no business there: nothing of a community gets out of it, nothing barred is seen.

Each text that a row of 云栖苑 holds carries a mark. The signed-out and one without a post then ask for every address there
is, with the numbers of 云栖苑 in it. Every post, here and elsewhere: ``test_every_access``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.support.banking import bank_line
from tests.support.cast import LONG_AGO
from tests.support.doing import assign, call_back, finish, log_contact, photo, sign, signature, the_order
from tests.support.integrations import program
from tests.support.messy_readings import sheet as reading_sheet
from tests.support.messy_roll import small_roll, upload
from tests.support.meters import meter
from tests.support.online import card_of, reported
from tests.support.running import flat_source
from yihu.areas.archives.models import Cabinet as FileCabinet
from yihu.areas.archives.models import DataRequest, Reading
from yihu.areas.billing.dunning.models import (
    DunningCase,
    DunningNotice,
    DunningRound,
    LateFeeRule,
    LendingRate,
    Suspension,
)
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.composing import Entry as MeterEntry
from yihu.areas.billing.meters.models import Meter, MeterItem, ReadingImport, ReadingRound
from yihu.areas.billing.meters.models import Reading as MeterReading
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch, Round
from yihu.areas.billing.notices.printing import PAYMENT_NOTICE
from yihu.areas.billing.reckoned import Oddity
from yihu.areas.billing.running import drawing
from yihu.areas.billing.running.models import BillingRun, OffsetConsent
from yihu.areas.billing.sharing.models import Term
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.areas.billing.tariffs.models import Developer, Holding, Tariff
from yihu.areas.cards.models import Issue
from yihu.areas.cashier import household, till
from yihu.areas.cashier.banking.models import BankAccount, BankLine
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip, SlipQuery
from yihu.areas.cashier.invoicing.models import TaxItem
from yihu.areas.cashier.models import HandCharge
from yihu.areas.catalogue import items
from yihu.areas.catalogue.models import (
    AncillaryTitle,
    Box,
    Contract,
    Destruction,
    Item,
    ItemFile,
    ItemLoan,
    Ledger,
    Rule,
    Section,
    UnitTitle,
)
from yihu.areas.complaints.models import Complaint, Household
from yihu.areas.counter import numbers
from yihu.areas.counter.models import AbsentNote, CheckItem, LendItem, Loan, ServiceNumber, StockItem
from yihu.areas.duties.models import DaySheet
from yihu.areas.households.models import Finding, Tidying
from yihu.areas.keys.counting import walk
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import Cabinet, Custody, KeyLoan, KeySet, LossReport
from yihu.areas.needs.models import Need
from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.reception.models import Contact, Guide, Knowledge, Matter
from yihu.areas.relations.models import Channel, Posting, Talk
from yihu.areas.repairs.models import Firm, StandardFault
from yihu.areas.services.models import MonthList, PriceRow, ServiceOrder
from yihu.areas.spending.models import BudgetLine
from yihu.basics.months import Month
from yihu.fronts.api.models import Integration
from yihu.fronts.online.models import Card
from yihu.ground.estate.models import RollImport, UnitArea
from yihu.ground.ledger import charging, posting
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import FeeItem, Receipt
from yihu.ground.papers.models import DocType, Paper
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.ground.sending.outbox import send_by_hand
from yihu.ground.staff.models import Account, Deputy
from yihu.kernel import builtin, files
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.jobs import run_due, run_waiting
from yihu.kernel.models import Attachment, IssuedCopy, JournalEntry, Message, PrintRun, Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.prints import issuing
from yihu.kernel.procedure import procedures
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
MARK, PHONE = "秘密鸟", "13800138112"
SECRET = "不可见之事"
# columns that the program reads rather than people: a mark there would only break it
MACHINE = {
    "action", "answer_kind", "calendar", "chained", "channel", "code", "digest", "fingerprint", "grams", "head", "journal_head", "key",
    "kind", "mime", "number", "path", "plate_index", "register", "object_id", "rule", "salt", "sha256", "state", "step", "subject", "period",
    "team", "verb", "closed_as", "entrance", "use",
}  # fmt: skip
# nobody's in particular: the company's people, its calendar and its parameters
SHARED = {
    "staff",
    "kernel.parameter",
    "kernel.calendarday",
    "kernel.calendaryear",
    "kernel.sequence",
    "kernel.heartbeat",
    "ledger.voucher",  # the database lets nobody change one
    "tariffs.tariff",  # nor a price
    "bookkeeping.slip",  # nor a month's vouchers
    "bookkeeping.slipline",
}


def life_at_yunqi(cast: Any) -> None:
    """One of everything, in 云栖苑 only."""
    assert cast.owner
    UnitArea.objects.create(unit=cast.home, gross_area="89.52", from_on=LONG_AGO)
    contact = log_contact(cast, party=cast.owner.pk)
    order = perform(the_order(contact), "ask_store", by=cast.gong, data={"item": "角阀", "quantity": "1"})
    order = finish(cast, perform(assign(cast, order), "note", by=cast.gong, data={"words": "带梯子"}))
    perform(order, "attach", by=cast.chen, data={}, files={"attachments": [photo()]})
    call_back(cast, sign(cast, order))
    log_contact(cast, category="other", content="加椅子")
    perform(Matter.objects.get(), "urge", by=cast.li, data={"words": "请尽快"})
    log_contact(cast, category="praise", content="修得又快又好", about_staff=cast.chen.pk)
    log_contact(cast, category="suggestion", content="加照明")
    forum = Channel.objects.create(community=cast.yunqi, kind="forum", name="业主论坛", keeper=cast.wang, times="00:00")
    open_record(
        Posting(community=cast.yunqi),
        by=cast.wang,
        data={"channel": forum.pk, "content": "电梯老坏", "author": "云上客"},
    )
    said = {"interviewee": "赵业主", "phone": PHONE, "talked_on": "2026-11-02", "method": "visit", "topics": "问候"}
    open_record(Talk(community=cast.yunqi), by=cast.wang, data={**said, "unit": cast.home.pk})
    Knowledge.objects.create(
        community=cast.yunqi, question="车位多少钱", answer="三百元", checked_on=timezone.localdate()
    )
    in_arrears(cast)
    bank_line(cast.yunqi, 35941)
    bank_line(cast.yunqi, -500, "甲商行")
    Firm.objects.create(community=cast.yunqi, name="固源防水", trades=["water"], contact="吴工", phone=PHONE)
    StandardFault.objects.create(community=cast.yunqi, name="纱窗破损", trade="doors", level="minor", guidance="问尺寸")
    Guide.objects.create(community=cast.yunqi, when="投诉", lines="先听")
    at_the_counter(cast)
    in_the_department_archive(cast)
    keys_in_trust(cast)
    in_the_archive(cast)
    keys_and_cards(cast)
    at_the_till(cast)
    at_the_meters(cast)
    bills_of_the_month(cast)
    program(cast)
    come_round(timezone.now())
    perform(DaySheet.objects.get(), "sign", by=cast.li, data={"signature": signature(), "remarks": "无", "early": "on"})
    open_record(RollImport(community=cast.yunqi), by=cast.li, data={}, files={"import_file": upload(small_roll())})
    agreed = {"consent_how": "desk", "consent_at": timezone.now(), "consent_by": cast.wang}
    ContactWay.objects.create(community=cast.yunqi, party=cast.owner, way="sms", **agreed)
    send_by_hand(
        party=cast.owner,
        way="sms",
        code="please_pay",
        typed={"事由": "物业费"},
        by=cast.wang,
        key="pay",
        unit=cast.home,
    )
    PriceRow.objects.create(
        community=cast.yunqi, code="BJ-01", name="保洁", kind="cleaning", measure="小时", price_fen=6000, valid_from=LONG_AGO,
        drafted_by=cast.li,
    )  # fmt: skip
    service = open_record(
        ServiceOrder(community=cast.yunqi), by=cast.wang, data={"content": "搬家", "unit": cast.home.pk}
    )
    perform(
        service, "material", by=cast.wang, data={"item": "纸箱", "measure": "个", "quantity": "2", "unit_price": "9"}
    )
    data = {"period": "2026-11", "due_at": "2026-11-22 17:30"}
    open_record(MonthList(community=cast.yunqi), by=authority().system(), data=data)
    reported(card_of(cast), phone=PHONE)
    run_due(timezone.now())
    with command(by=cast.wang) as cmd:
        cmd.note(cmd.book("estate.unit", cast.home.pk), "更正面积")


def in_the_archive(cast: Any) -> None:
    """What the archivist keeps; 云栖苑's own."""
    DocType.objects.create(community=cast.yunqi, name="前期物业服务协议", kind="contract")
    FileCabinet.objects.create(community=cast.yunqi, name="一号柜", keeper=cast.li)
    asked = {"unit": cast.home.pk, "wanted": ["contract"], "reason": "核对面积"}
    open_record(Reading(community=cast.yunqi), by=cast.chen, data=asked)
    came = {
        "party": cast.owner.pk,
        "asks": "copy",
        "asker": "self",
        "id_type": "card",
        "id_last4": "5647",
        "signature": signature(),
    }
    open_record(DataRequest(community=cast.yunqi), by=cast.wang, data=came)
    out = PrintRun.objects.create(name="work_sheet", subject="发出的", copy_no=1, by=cast.wang, at=timezone.now())
    issuing.keep(
        PAYMENT_NOTICE, photo().read(), out, community_id=cast.yunqi.pk, unit_id=cast.home.pk, party_id=cast.owner.pk
    )


def at_the_counter(cast: Any) -> None:
    """What the desk keeps beside its contacts; 云栖苑's own."""
    here, later = {"community": cast.yunqi}, timezone.now() + timedelta(days=1)
    CheckItem.objects.create(name="台面整齐", **here)
    StockItem.objects.create(name="对讲机", **here)
    umbrella = LendItem.objects.create(code="伞-01", name="雨伞", **here)
    number = ServiceNumber.objects.create(
        name="客服中心", text="8000", source="本公司", valid_from=LONG_AGO, drafted_by=cast.wang, **here
    )
    numbers.approve(number, by=cast.li)
    open_record(
        Loan(**here),
        by=cast.wang,
        data={"item": umbrella.pk, "borrower": "赵业主", "unit": cast.home.pk, "due_at": later},
    )
    open_record(
        AbsentNote(**here), by=cast.wang, data={"handler": cast.gong.pk, "caller_name": "钱女士", "words": "请回电话"}
    )
    need = {
        "register": "commissioned",
        "customer": "赵业主",
        "content": "代收快递",
        "need_type": "errand",
        "team": "cs_dept",
        "expected_at": later,
    }
    open_record(Need(**here), by=cast.wang, data=need)


def in_the_department_archive(cast: Any) -> None:
    """An item past its time and lent, a list of another, a contract, titles, a ledger; 云栖苑's own."""
    here, today = {"community": cast.yunqi}, timezone.localdate()
    rule = Rule.objects.create(name="三年", years=3, **here)
    part = Section.objects.create(number="一", title="基础管理", cabinet="客服资料", **here)
    box = Box.objects.create(number="K-01", title="派工单", cabinet="客服资料", **here)
    lent, listed = (
        Item.objects.create(
            section=part,
            number=number,
            title="派工单存根",
            rule=rule,
            box=box,
            since=LONG_AGO,
            expires_on=date(2023, 1, 1),
            **here,
        )
        for number in ("1", "2")
    )
    items.add_files(lent, [files.store_upload(photo())], by=cast.li)
    wanted = {
        "item": lent.pk,
        "borrower": "赵业主",
        "department": "业委会",
        "purpose": "核对",
        "due_at": "2199-01-01 12:00",
    }
    open_record(ItemLoan(**here), by=cast.li, data=wanted)
    open_record(Destruction(**here), by=cast.li, data={"items": [listed.pk], "reason": "期满"})
    agreed = {
        "subject": "电梯维保",
        "sort": "lift",
        "counterparty": "恒达",
        "contact_phone": PHONE,
        "handler": cast.li.pk,
    }
    open_record(Contract(**here), by=cast.li, data={**agreed, "from_on": today, "to_on": "2199-12-31"})
    UnitTitle.objects.create(unit=cast.home, title_no="0101", **here)
    AncillaryTitle.objects.create(name="水泵房", holder="全体业主", **here)
    Ledger.objects.create(name="维修台账", place="客服资料柜", **here)


def in_arrears(cast: Any) -> None:
    """A debtor dunned twice, an optional service on its way to being suspended, a batch, what the contract says."""
    here, biller = {"community": cast.yunqi}, cast.person("ao", "敖会计", "accountant")
    item = FeeItem.objects.create(code="JS", name="加时空调", legal_class="optional_paid", **here)
    LateFeeRule.objects.create(from_on=LONG_AGO, daily_percent="0.05", clause="第十八条", **here)
    LendingRate.objects.create(from_on=LONG_AGO, percent="3", **here)
    with command(by=biller, verb="test.charge") as commanding, posting.books(commanding, cast.yunqi.pk) as books:
        charging.charge(books, Owed(cast.owner.pk, cast.home.pk, item, LONG_AGO, LONG_AGO, LONG_AGO, 50000))
    case = open_record(DunningCase(**here), by=biller, data={"party": cast.owner.pk})
    asked = {"case": case.pk, "pay_by": "2199-01-01"}
    notice = open_record(DunningNotice(**here), by=biller, data=asked)
    signed = {"way": "hand", "signer": "赵业主", "capacity": "self", "signature": signature()}
    perform(notice, "deliver", by=cast.person("duan", "段楼管", "steward"), data=signed)
    ends = (timezone.localdate() + timedelta(days=60)).isoformat()
    draft = {"case": case.pk, "services": [item.pk], "clause": "第六条", "ends_on": ends}
    open_record(Suspension(**here), by=biller, data=draft)
    open_record(DunningNotice(**here), by=biller, data=asked)
    for papers in (DunningNotice, Suspension):
        papers.objects.update(witness_1=cast.wang, witness_2=cast.li)


def keys_in_trust(cast: Any) -> None:
    """A cabinet, an owner's key, its loan to the head of engineering that waits, and its loss."""
    cabinet = Cabinet.objects.create(
        community=cast.yunqi, name="一号柜", place="值班室", keeper=cast.wang, hook_prefix="A-", hook_count=1
    )
    trusted = {
        "unit": cast.home.pk,
        "signer": "赵业主",
        "capacity": "owner",
        "id_type": "card",
        "id_last4": "5647",
        "purpose": "repair",
    }
    lines = {"from_on": "2026-11-02", "place_1": "入户门", "tag_1": "K001", "hook_1": cabinet.hooks.get().pk}
    open_record(Custody(community=cast.yunqi), by=cast.wang, data={**trusted, **lines, "signature": signature()})
    asked = {"tag": "K001", "act": "draw", "borrower_kind": "staff", "staff": cast.gong.pk, "reason": "查漏水"}
    consent = {"consent_from": "赵业主", "consent_at": "2026-11-02 09:00"}
    open_record(KeyLoan(community=cast.yunqi), by=cast.wang, data={**asked, **consent})
    lost = {"tag": "K001", "what": "lost", "found_at": "2026-11-02 09:00", "cause": "不见了", "last_holder": "龚工"}
    open_record(LossReport(community=cast.yunqi), by=cast.wang, data=lost)


def at_the_till(cast: Any) -> None:
    """A bill that was paid, and one that waits for approval."""
    item = FeeItem.objects.create(community=cast.yunqi, code="BK", name="补卡")
    month = {"from_on": LONG_AGO, "to_on": LONG_AGO, "due_on": LONG_AGO}
    said = {"unit": cast.home.pk, "party": cast.owner.pk, "item": item.pk, "amount_fen": "9", "why": "补卡", **month}
    drafted = open_record(HandCharge(community=cast.yunqi), by=cast.wang, data=said)
    accountant = cast.person("zhang", "张会计", "accountant")
    perform(drafted, "approve", by=accountant)
    open_record(HandCharge(community=cast.yunqi), by=cast.wang, data={**said, "part": "第二次"})
    BudgetLine.objects.create(community=cast.yunqi, code="Z07", name="办公")
    Term.objects.create(community=cast.yunqi, from_on=LONG_AGO, clause="第十二条", energy="shared")
    water = FeeItem.objects.create(community=cast.yunqi, code="DS", name="代收水费", nature="pass_through")
    works = Supplier.objects.create(community=cast.yunqi, name="水厂", kind="water", account_no="1", item=water)
    open_record(SupplierBill(community=cast.yunqi), by=accountant, data={"supplier": works.pk, "month": "2026-01-01"})
    book = open_record(MonthBook(community=cast.yunqi), by=accountant, data={"period": "2026-01"})
    slip = Slip.objects.create(book=book, number=1, day="2026-01-31", kind="charge", words="账单", papers=1, total=100)
    SlipQuery.objects.create(book=book, slip=slip, question="为什么", asked_at=timezone.now())
    TaxItem.objects.create(
        community=cast.yunqi, item=item, name="物业管理费", code="3" * 19, percent=6, from_on=LONG_AGO
    )
    taking = till.Taking(cast.owner.pk, cast.home.pk, 900, "cash", "赵业主", household.seen_of(cast.owner))
    till.take_money(taking, cast.owner, by=cast.person("du", "杜收费", "fee_collector"))
    owed = open_record(HandCharge(community=cast.yunqi), by=cast.wang, data={**said, "part": "第三次"})
    perform(owed, "approve", by=accountant)
    notices_out(cast, accountant)
    price = {"community": cast.yunqi, "item": item, "price": 300, "document": "合同", "from_on": date(2026, 1, 1)}
    Tariff.objects.create(kind="quantity", measure="个", **price)
    Holding.objects.create(unit=cast.home, item=item, what="A-012", from_on=date(2026, 1, 1))
    Developer.objects.create(community=cast.yunqi, party=cast.owner, from_on=date(2026, 1, 1))


def notices_out(cast: Any, accountant: Any) -> None:
    """A payment notice in a deliverer's hands."""
    batch = open_record(NoticeBatch(community=cast.yunqi), by=accountant, data={"period": "2026-11"})
    batch = perform(batch, "draw", by=accountant, data={"pay_by": "2099-12-10", "pay_ways": "收费处"})
    batch = perform(batch, "check", by=cast.person("cai", "蔡财务", "finance_supervisor"))
    batch = perform(perform(batch, "seal", by=cast.xiang), "print", by=accountant)
    run_waiting()
    perform(NoticeBatch.objects.get(), "hand_out", by=accountant, data={"rest": cast.wang.pk})
    saw = {"witness_1": cast.li.pk, "witness_2": cast.person("sunqt", "孙前台", "receptionist").pk}
    refused = {"notice": Notice.objects.earliest("pk").pk, "way": "hand", "refused": "on", "refusal": "不认账", **saw}
    perform(DeliverySheet.objects.get(), "deliver", by=cast.wang, data=refused, files={"photos": [photo()]})
    Round.objects.create(community=cast.yunqi, building=cast.home.building, steward=cast.wang)


def bills_of_the_month(cast: Any) -> None:
    """A run that waits to be checked, with something odd in it, and somebody whose prepayments may be used."""
    item, month = FeeItem.objects.filter(community=cast.yunqi).earliest("pk"), Month.of(timezone.localdate())
    with flat_source() as flat:
        flat.prices, flat.payers = {cast.home.pk: [(item.pk, 900)]}, {cast.home.pk: cast.owner.pk}
        flat.odd = [Oddity(cast.home.pk, "估抄", "第二次估抄")]
        said = {"month_on": month.first, "sources": ["flat"], "threshold": "30"}
        biller = cast.person("bian", "卞会计", "accountant")
        run = open_record(BillingRun(community=cast.yunqi), by=biller, data=said)
        drawing.draw.func(run.pk, 1)
    OffsetConsent.objects.create(community=cast.yunqi, party=cast.owner, from_on=LONG_AGO, paper="同意书")


def at_the_meters(cast: Any) -> None:
    """A meter that was read today, and what its use is billed as."""
    one = meter(cast.home, number="电1", opening="0")
    recording.take(one, MeterEntry(timezone.localdate(), Decimal(7)), by=cast.gong)
    brought = {"import_file": upload(reading_sheet(), "抄表.xlsx")}
    open_record(ReadingImport(community=cast.yunqi), by=cast.gong, data={}, files=brought)
    MeterItem.objects.create(community=cast.yunqi, kind="cooling", item=FeeItem.objects.earliest("pk"))


def keys_and_cards(cast: Any) -> None:
    """A cabinet that is being counted, a card in somebody's hands; 云栖苑's own."""
    here = {"community": cast.yunqi, "name": "二号柜", "place": "里间", "keeper": cast.wang}
    cabinet = Cabinet.objects.create(hook_prefix="B-", hook_count=1, **here)
    key = KeySet.objects.create(community=cast.yunqi, tag="K002", place="泵房", kind="plant", hook=cabinet.hooks.get())
    count = open_record(KeyCount(community=cast.yunqi), by=cast.wang, data={"cabinet": cabinet.pk})
    walk.tick(count, key.pk, answer="wrong", tag="K009", by=cast.wang)
    issued = {"unit": cast.home.pk, "party": cast.owner.pk, "card_kind": "access", "card_no": "M001"}
    open_record(Issue(community=cast.yunqi), by=cast.wang, data={**issued, "signature": signature()})
    came = {"unit": cast.home.pk, "tracking_no": "SF1088812345678", "sort": "ordinary", "shelf": "A1"}
    open_record(ParcelCustody(community=cast.yunqi), by=cast.wang, data=came)


def mark_everything() -> int:
    """Put the mark into every text that people read; gives how many columns carry it."""
    marked = 0
    for model in apps.get_models():
        label = model._meta.label_lower
        if not model.__module__.startswith("yihu.") or {label, model._meta.app_label} & SHARED:
            continue
        for field in model._meta.local_concrete_fields:
            of_people = isinstance(field, models.CharField | models.TextField) and not isinstance(field, PersonalField)
            if not of_people or field.choices or field.unique or field.name in MACHINE:
                continue
            if field.name.endswith(("_index", "_last4", "_initials")) or (field.max_length or 9) < len(MARK):
                continue
            for row in model._base_manager.all():
                everybodys = label in ("reception.guide", "repairs.standardfault") and row.community_id is None
                if label == "estate.community" or everybodys:
                    continue
                text = f"{MARK}{getattr(row, field.attname)}"[: field.max_length]
                if (field.name, label) == ("room", "estate.unit"):
                    text = MARK
                marked += model._base_manager.filter(pk=row.pk).update(**{field.attname: text})
    return marked


def addresses() -> Iterator[tuple[str, Any]]:
    """The name of each address, with its view."""

    def below(patterns: Any, namespace: str = "") -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from below(pattern.url_patterns, pattern.namespace or namespace)
            else:
                yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name), pattern

    yield from below(get_resolver().url_patterns)


def arguments(cast: Any) -> dict[str, list[dict[str, Any]]]:
    """With what each address is asked for: rows of 云栖苑."""
    home, owner, li = cast.home, cast.owner, cast.li
    records = list(Record.objects.order_by("pk"))
    numbered = [{"slug": record.procedure.slug, "number": record.number} for record in records]
    every_step = [
        {"slug": record.procedure.slug, "number": record.number, "step": step.name}
        for record in records
        for step in (*record.procedure.steps, *builtin.built_in_steps(record.procedure))
    ]
    every_print = [
        {"slug": record.procedure.slug, "number": record.number, "name": found.name}
        for record in records
        for found in record.procedure.prints
    ]
    registers = [{"slug": procedure.slug} for procedure in procedures()]
    unit, party = [{"pk": home.pk}], [{"pk": owner.pk}]
    person = [{"pk": li.pk}]
    paper = Paper.objects.get(unit=home, record__kind="repairs.workorder")
    attached = [{"pk": row.pk} for row in Attachment.objects.all()]
    sent = [{"pk": row.pk} for row in Outgoing.objects.all()]
    return {
        "workbench:group": [{"name": name} for name in ("late", "soon", "mine", "call_backs", "late_of")],
        "workbench:open_message": [{"pk": row.pk} for row in Message.objects.all()],
        "unitfile:file": unit, "unitfile:beside": unit, "unitfile:older": unit, "unitfile:remark": unit, "unitfile:party": party,
        "unitfile:reveal": [{"pk": owner.pk, "field": "phone"}],
        "reports:register_pdf": [{"name": "month"}, {"name": "contacts"}],
        **{f"reports:{name}": [{"name": "rates"}, {"name": "lines"}] for name in ("fees", "fees_print", "fees_export")},
        "reports:day_records": [{"number": DaySheet.objects.earliest("pk").number, "figure": "received"}],
        "reception:entry": [{"pk": Knowledge.objects.earliest("pk").pk}], "reception:edit_entry": [{"pk": Knowledge.objects.earliest("pk").pk}],
        "reception:edit_guide": [{"pk": Guide.objects.latest("pk").pk}],
        "repairs:edit_skills": [{"pk": cast.chen.pk}],
        "repairs:edit_fault": [{"pk": StandardFault.objects.get(community=cast.yunqi).pk}],
        "repairs:edit_firm": [{"pk": Firm.objects.earliest("pk").pk}], "repairs:reveal_firm": [{"pk": Firm.objects.earliest("pk").pk}],
        "reception:remove_guide": [{"pk": Guide.objects.latest("pk").pk}],
        "relations:edit_channel": [{"pk": row.pk} for row in Channel.objects.all()],
        **{f"services:{name}": [{"pk": row.pk} for row in PriceRow.objects.all()]
           for name in ("price", "edit_price", "approve_price", "refuse_price", "stop_price")},
        "services:month_export": [{"number": row.number} for row in MonthList.objects.all()],
        "papers:unit": unit, "papers:new": unit, "papers:edit": [{"pk": home.pk, "paper_pk": paper.pk}],
        "papers:scan": [{"pk": home.pk, "scan_pk": 1}],
        "staff:grants": [{"post_code": "receptionist"}], "staff:person": person, "staff:edit": person, "staff:give_post": person,
        "staff:end_post": [{"pk": li.pk, "post_pk": li.posts.get().pk}], "staff:deputy": person,
        "staff:end_deputy": [{"pk": li.pk, "deputy_pk": 1}], "staff:reset": person, "staff:deactivate": person,
        "staff:reactivate": person, "staff:unlock": person,
        "estate:edit_unit": unit, "estate:add_person": unit, "estate:edit_party": party,
        "estate:edit_building": [{"pk": home.building_id}],
        "estate:end_stay": [{"pk": home.pk, "stay_pk": owner.occupancies.get().pk}],
        "kernel:import_progress": numbered, "kernel:import_problems": numbered,
        "sending:message": sent, "sending:cancel": sent, "sending:retry": sent, "sending:template": [{"code": "assigned"}],
        "sending:decide": [{"pk": 1}], "sending:consents": party, "sending:withdraw": [{"pk": owner.pk, "way_pk": 1}],
        "sending:callback": [{"way": "sms"}],
        "kernel:print_many": [{"slug": "repairs", "name": "work_sheet"}],
        "kernel:save_filter": [{"slug": "repairs"}], "kernel:forget_filter": [{"slug": "repairs", "pk": 1}],
        "households:titles": unit, "households:take": [{"number": "YQ-MD-202611-0001"}],
        "households:findings": [{"number": row.number} for row in Tidying.objects.all()],
        **{f"households:{name}": [{"pk": row.pk} for row in Finding.objects.all()] for name in ("settle", "merge")},
        **{f"counting:{name}": [{"number": KeyCount.objects.first().number, **more}]
           for name, more in (("walk", {}), ("tick", {"pk": KeySet.objects.get(hook__cabinet__counts__isnull=False).pk}))},
        "counter:paper": [{"name": "a4"}], "counter:approve": [{"pk": ServiceNumber.objects.earliest("pk").pk}],
        "counter:edit_numbers": [{"pk": ServiceNumber.objects.earliest("pk").pk}], "counter:edit_check-items": [{"pk": CheckItem.objects.earliest("pk").pk}],
        "counter:edit_stock-items": [{"pk": StockItem.objects.earliest("pk").pk}], "counter:edit_lend-items": [{"pk": LendItem.objects.earliest("pk").pk}],
        **{f"keys:{name}": [{"pk": row.pk} for row in KeySet.objects.all()] for name in ("card", "edit", "lend")},
        "keys:paper": [{"name": name} for name in ("cabinet", "keepers", "labels")],
        "keys:edit_cabinets": [{"pk": row.pk} for row in Cabinet.objects.all()],
        "kernel:settings_times_of": [{"name": "counter.shifts"}],
        "kernel:settings_number": [{"name": "corrective.often"}],
        **{f"catalogue:{name}": [{"pk": row.pk} for row in Item.objects.all()] for name in ("item", "edit_item", "hold")},
        "catalogue:edit_section": [{"pk": Section.objects.earliest("pk").pk}], "catalogue:new_section": [{"parent_pk": Section.objects.earliest("pk").pk}],
        "catalogue:new_item": [{"section_pk": Section.objects.earliest("pk").pk}], "catalogue:file": [{"pk": ItemFile.objects.earliest("pk").pk}],
        "catalogue:paper": [{"name": name} for name in ("catalogue", "labels", "contracts", "ancillary")],
        "catalogue:box": [{"pk": Box.objects.earliest("pk").pk}], "catalogue:edit_boxes": [{"pk": Box.objects.earliest("pk").pk}],
        "catalogue:edit_rules": [{"pk": Rule.objects.earliest("pk").pk}], "catalogue:edit_ledgers": [{"pk": Ledger.objects.earliest("pk").pk}],
        "catalogue:edit_ancillary": [{"pk": AncillaryTitle.objects.earliest("pk").pk}], "catalogue:edit_title": unit,
        "catalogue:building_titles": [{"pk": home.building_id}],
        "banking:edit_bank-accounts": [{"pk": BankAccount.objects.earliest("pk").pk}], "banking:notice": [{"channel": "wechat"}],
        **{f"banking:{name}": [{"pk": row.pk} for row in BankLine.objects.filter(amount__gt=0)] for name in ("line", "act")},
        **{f"banking:{name}": [{"pk": row.pk} for row in BankLine.objects.filter(amount__lt=0)] for name in ("out_line", "out_act")},
        **{f"cashier:{name}": [{"number": row.number} for row in Receipt.objects.all()] for name in ("receipt", "receipt_print")},
        "cashier:statement": party, "cashier:statement_print": party, "cashier:credit": party, "cashier:set_off": party,
        **{f"spending:{name}": [{"pk": BudgetLine.objects.earliest("pk").pk}] for name in ("lines", "edit_budget-lines")},
        **{f"bookkeeping:{name}": [{"pk": Slip.objects.earliest("pk").pk}] for name in ("slip", "slip_print")},
        **{f"bookkeeping:{name}": [{"number": MonthBook.objects.earliest("pk").number}] for name in ("slips_print", "slips_export")},
        "invoicing:edit_tax-items": [{"pk": TaxItem.objects.earliest("pk").pk}],
        "suppliers:edit_suppliers": [{"pk": Supplier.objects.earliest("pk").pk}],
        "tariffs:item": [{"pk": Tariff.objects.earliest("pk").item_id}], "tariffs:end": [{"pk": Tariff.objects.earliest("pk").pk}],
        "tariffs:board_paper": [{"name": "a4"}], "tariffs:edit_holding": [{"pk": Holding.objects.earliest("pk").pk}],
        "tariffs:edit_developer": [{"pk": Developer.objects.earliest("pk").pk}],
        "spending:fund_unit": unit,
        "spending:income": [{"pk": FeeItem.objects.earliest("pk").pk}],
        **{f"meters:{name}": [{"number": row.number} for row in ReadingRound.objects.all()]
           for name in ("walk", "check", "missing", "round_sheet")},
        **{f"meters:{name}": [{"pk": row.pk} for row in Meter.objects.all()]
           for name in ("meter", "edit_meter", "swap", "move", "meter_print")},
        "meters:read": [{"number": row.number, "pk": Meter.objects.earliest("pk").pk} for row in ReadingRound.objects.all()],
        "meters:questions": [{"number": ReadingImport.objects.earliest("pk").number}],
        "meters:correct": [{"pk": row.pk} for row in MeterReading.objects.all()],
        "meters:edit_meter-items": [{"pk": MeterItem.objects.earliest("pk").pk}],
        "sharing:edit_terms": [{"pk": Term.objects.earliest("pk").pk}],
        **{f"notices:{name}": [{"number": row.number} for row in Notice.objects.all()] for name in ("notice", "paper", "door", "renew")},
        **{f"payer:{name}": [{"token": "x", **more}] for name, more in (("bill", {}), ("pay", {}), ("invoice", {}), ("question", {}),
           ("order", {"number": "x"}), ("receipt", {"number": "x"}))},
        **{f"online:{name}": [{"code": "x"}] for name in ("repair", "complain")},
        **{f"online:{name}": [{"token": "x"}] for name in ("followed", "urge", "opinion")},
        "complaints:joined_receipts": [{"number": row.number} for row in Complaint.objects.all()],
        "complaints:joined_receipt": [{"number": row.complaint.number, "pk": row.pk} for row in Household.objects.all()],
        "online:revoke": [{"pk": Card.objects.earliest("pk").pk}],
        "demo:pay": [{"token": "x"}],
        "notices:edit_rounds": [{"pk": Round.objects.earliest("pk").pk}],
        "dunning:round_print": [{"number": row.number} for row in DunningRound.objects.all()],
        "dunning:file": [{"number": row.number} for row in DunningCase.objects.all()],
        "dunning:edit_late-fees": [{"pk": LateFeeRule.objects.earliest("pk").pk}], "dunning:edit_lpr": [{"pk": LendingRate.objects.earliest("pk").pk}],
        "cashier:edit_fee-items": [{"pk": FeeItem.objects.earliest("pk").pk}],
        **{f"running:{name}": [{"number": row.number} for row in BillingRun.objects.all()] for name in ("progress", "findings", "bills")},
        "running:bill": [{"number": row.number, "pk": home.pk} for row in BillingRun.objects.all()],
        "running:edit_consents": [{"pk": row.pk} for row in OffsetConsent.objects.all()],
        "archives:locked": [{"number": DataRequest.objects.earliest("pk").number}],
        "kernel:issued": [{"pk": row.pk} for row in IssuedCopy.objects.all()],
        "archives:reading_scan": [{"number": Reading.objects.earliest("pk").number, "pk": 1}],
        "archives:unit": [{"pk": cast.home.pk}], "archives:sheet": [{"pk": cast.home.pk}], "archives:label": [{"pk": cast.home.pk}],
        "archives:edit_doc-types": [{"pk": DocType.objects.earliest("pk").pk}], "archives:edit_cabinets": [{"pk": FileCabinet.objects.earliest("pk").pk}],
        "wall:wall": [{"secret": "x"}], "wall:close": [{"pk": 1}],
        "api:register": registers, "api:records": registers, "api:record": numbered, "api:step": every_step,
        "api:reveal": [{**one, "field": "phone"} for one in numbered], "api:attachment": attached, "api:nothing": [{"rest": "nothing/at/all/here"}],
        **{f"api:{name}": [{"pk": row.pk} for row in Integration.objects.all()] for name in ("edit", "renew", "revoke")},
        "kernel:file": attached, "kernel:thumb": attached,
        "kernel:settings_clock": [{"code": "D16"}, {"code": "D16", "variant": "minor"}],
        "kernel:settings_calendar_year": [{"year": 2026}], "kernel:settings_year": [{"year": 2026}],
        "kernel:settings_job_retry": [{"task_id": "00000000-0000-0000-0000-000000000001"}],
        "kernel:list": registers, "kernel:new": registers, "kernel:hand_over": registers, "kernel:export": registers,
        "kernel:record": numbered, "kernel:history": numbered, "kernel:step": every_step, "kernel:print": every_print,
        "kernel:reveal": [{**one, "field": "phone"} for one in numbered],
    }  # fmt: skip


def questions(cast: Any) -> list[str]:
    """What may be asked behind an address."""
    contact = Contact.objects.first()
    assert contact is not None
    asked = [
        f"from={contact.number}",
        f"unit={cast.home.pk}&party={cast.owner.pk}",
        f"q={MARK}",
        f"q={PHONE}",
        f"q={contact.number}",
    ]
    return [
        "",
        *asked,
        f"tab=all&q={PHONE[-4:]}",
        f"person={cast.li.pk}&knowledge={Knowledge.objects.earliest('pk').pk}",
        "category=repair",
    ]


def everything(cast: Any) -> Iterator[tuple[str, str, Any]]:
    """Each address of the house, by its name and as it would be typed, with its policy."""
    known = arguments(cast)
    for name, pattern in addresses():
        takes = bool(pattern.pattern.regex.groups)
        assert not takes or name in known, f"say in arguments() with what {name} is asked for"
        for given in known[name] if takes else [{}]:
            if set(given) == set(pattern.pattern.regex.groupindex):
                where = reverse(name, kwargs=given) if takes else f"/{pattern.pattern}"
                yield name, where, pattern.callback.policy


Crawl = Callable[..., Iterator[tuple[str, Any]]]
OF_EACH = 3


@pytest.fixture
def crawl(request: pytest.FixtureRequest) -> Crawl:
    """Every address by name, of each as many rows as the seed of the run draws, and all that say one of these words;
    all of them under ``--exam``."""
    config = request.config
    chance = random.Random(f"{config.option.hypothesis_seed} {request.node.name}")

    def some(cast: Any, *words: str) -> Iterator[tuple[str, Any]]:
        named: dict[str, list[tuple[str, Any]]] = {}
        for name, address, policy in everything(cast):
            named.setdefault(name, []).append((address, policy))
        for rows in named.values():
            whole = config.getoption("--exam") or len(rows) <= OF_EACH
            drawn = rows if whole else chance.sample(rows, OF_EACH)
            yield from (row for row in rows if row in drawn or any(word in row[0] for word in words))

    return some


def said(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined,arg-type]
    return f"{content.decode(errors='replace')} {dict(answer.headers)}"


def kept(answer: HttpResponse, where: str, *never: str) -> None:
    assert answer.status_code < 500, where
    text = said(answer)
    for words in never:
        assert words not in text, f"{where} says {words}"


@pytest.fixture
def planted(cast: Any) -> Any:
    life_at_yunqi(cast)
    assert mark_everything() > 60
    return cast


def never_said(cast: Any) -> list[str]:
    return [MARK, PHONE, "138****8112", cast.owner.pk and "赵业主"]


def test_the_signed_out_get_no_further_than_the_door(planted: Any, client: Client, crawl: Crawl) -> None:
    for address, policy in crawl(planted):
        for ask in (client.get, client.post):
            answer = ask(address)
            kept(answer, address, *never_said(planted))
            if not policy.public:
                assert answer.status_code != 200 or "登录" in said(answer), address


def test_nobody_without_a_post_learns_anything(planted: Any, sign_in: Callable[[Any], Client], crawl: Crawl) -> None:
    client = sign_in(planted.passer)
    before = JournalEntry.objects.count(), list(Record.objects.order_by("pk").values_list("pk", "version"))
    more, asked_with = questions(planted), set()
    for address, policy in crawl(planted):
        if address in (reverse("staff:sign_out"), reverse("staff:sign_in")):
            continue
        kept(client.get(address), address, *never_said(planted))
        route = address.split("/")[1]
        if route not in asked_with or address.count("/") <= 2 or "new" in address or "pick" in address:
            asked_with.add(route)
            for question in more:
                # what was asked for stands in the field again; that tells nothing
                echoed = [words for words in never_said(planted) if words not in question]
                kept(client.get(f"{address}?{question}"), f"{address}?{question}", *echoed)
        if not policy.public and address != reverse("staff:password"):
            kept(
                client.post(address, {"key": f"k{address}"[:90], "version": "1"}),
                f"POST {address}",
                *never_said(planted),
            )
    assert before == (JournalEntry.objects.count(), list(Record.objects.order_by("pk").values_list("pk", "version")))


@pytest.mark.clause("DESK-06", part="接待与由此产生的事项")
@pytest.mark.parametrize("deputy", [False, True])
def test_who_is_complained_of_finds_no_trace_of_it_anywhere(
    cast: Any, sign_in: Callable[[Any], Client], crawl: Crawl, deputy: bool
) -> None:
    life_at_yunqi(cast)
    contact = log_contact(
        cast, by=cast.chen, category="other", content=SECRET, about_staff=cast.wang.pk, party=None, caller_name=SECRET
    )
    perform(contact, "attach", by=cast.chen, data={}, files={"attachments": [photo(f"{SECRET}.png")]})
    with command(by=cast.li) as cmd:  # before anybody knew that it is a complaint
        cmd.tell([cast.wang], f"{SECRET}，请看", community_id=cast.yunqi.pk, record=contact)
    perform(contact, "route", by=cast.li, data={"category": "complaint"})
    complaint = Complaint.objects.earliest("pk")
    perform(complaint, "urge", by=cast.li, data={"words": SECRET})
    perform(complaint, "join", by=cast.li, data={"name": "钱邻居", "said": SECRET})
    person = cast.wang
    if deputy:
        person = cast.person("sun", "孙客服", "receptionist", "cs_supervisor")
        Deputy.objects.create(absent=cast.wang, stand_in=person, from_on=LONG_AGO, to_on=date(2099, 1, 1))
    client = sign_in(Account.objects.get(pk=person.pk))
    never = [SECRET, contact.number, complaint.number]
    hidden = (contact.number, complaint.number)
    asked_with: set[tuple[str, bool]] = set()
    for address, _ in crawl(cast, *hidden):
        if address == reverse("staff:sign_out"):
            continue
        answer = client.get(address)
        if any(number in address for number in hidden):
            answer = client.post(address) if answer.status_code == 405 else answer
            # a token opens the interface, and no session does
            assert answer.status_code in ((401,) if address.startswith("/api/v1/") else (403, 404)), address
            continue
        kept(answer, address, *never)
        kind = address.split("/")[1], "/new/" in address
        if kind not in asked_with and (address.count("/") <= 2 or kind[1] or "unit" in address):
            asked_with.add(kind)
            for question in (
                f"from={contact.number}",
                f"q={SECRET}",
                f"q={contact.number}",
                "tab=all",
                f"unit={cast.home.pk}",
            ):
                echoed = [words for words in never if words not in question]
                kept(client.get(f"{address}?{question}"), f"{address}?{question}", *echoed)
