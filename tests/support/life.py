"""云栖苑 with a row of everything in it, and a mark in every text that people read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
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
    LateFeeRule,
    LendingRate,
    Suspension,
)
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.composing import Entry as MeterEntry
from yihu.areas.billing.meters.models import MeterItem, ReadingImport
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch, Round
from yihu.areas.billing.notices.printing import PAYMENT_NOTICE
from yihu.areas.billing.reckoned import Oddity
from yihu.areas.billing.running import drawing, using
from yihu.areas.billing.running.models import BillingRun, OffsetConsent
from yihu.areas.billing.sharing.models import Term
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.areas.billing.tariffs.models import Developer, Holding, Tariff
from yihu.areas.cards.models import Issue
from yihu.areas.cashier import household, till
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
    ItemLoan,
    Ledger,
    Rule,
    Section,
    UnitTitle,
)
from yihu.areas.counter import numbers
from yihu.areas.counter.models import AbsentNote, CheckItem, LendItem, Loan, ServiceNumber, StockItem
from yihu.areas.duties.models import DaySheet
from yihu.areas.keys.counting import walk
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import Cabinet, Custody, KeyLoan, KeySet, LossReport
from yihu.areas.needs.models import Need
from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.reception.models import Guide, Knowledge, Matter
from yihu.areas.relations.models import Channel, Posting, Talk
from yihu.areas.repairs.models import Firm, StandardFault
from yihu.areas.services.models import MonthList, PriceRow, ServiceOrder
from yihu.areas.spending.models import BudgetLine
from yihu.basics.months import Month
from yihu.ground.estate.models import RollImport, UnitArea
from yihu.ground.ledger import charging, posting
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import FeeItem
from yihu.ground.papers.models import DocType
from yihu.ground.sending.models import ContactWay
from yihu.ground.sending.outbox import send_by_hand
from yihu.kernel import files
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.jobs import run_due, run_waiting
from yihu.kernel.models import PrintRun
from yihu.kernel.personal import PersonalField
from yihu.kernel.prints import issuing
from yihu.kernel.rhythms import come_round

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
    """A bill that was paid, one that was met by what was left over, and one that waits for approval."""
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
    taking = till.Taking(
        cast.owner.pk, cast.home.pk, 1300, "cash", "赵业主", household.seen_of(cast.owner), agreed=True
    )
    till.take_money(taking, cast.owner, by=cast.person("du", "杜收费", "fee_collector"))
    owed = open_record(HandCharge(community=cast.yunqi), by=cast.wang, data={**said, "part": "第三次"})
    perform(owed, "approve", by=accountant)
    using.use_all(cast.yunqi.pk)
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
