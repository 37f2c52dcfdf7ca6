"""The fee office: last month's bills as they are posted now, a morning at the till, notices; what was before stands in ``history``.

The run is posted as the demo is made. Called again, it goes on where it stood.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from yihu.areas.billing.dunning.schedules import look
from yihu.areas.billing.handing.forms import REPAIR, kind_of
from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.areas.billing.notices import limits
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.areas.billing.running import drawing, posting
from yihu.areas.billing.running.models import BillingRun
from yihu.areas.billing.tariffs.models import Agreement
from yihu.areas.cashier import household
from yihu.areas.cashier.applying.counting import till_of
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.till import Taking, take_money
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.demo import history
from yihu.demo.ahead import pay_ahead, rent_spaces
from yihu.demo.banked import bank, developer_paid
from yihu.demo.dunned import dun
from yihu.demo.funded import keep_fund
from yihu.demo.metering import read_meters
from yihu.demo.owing import developer_of, hotline, own
from yihu.demo.people import QH, USERNAMES, YQ
from yihu.demo.play import ring_until
from yihu.demo.shared import share_costs
from yihu.demo.suspended import carry_cleaning, suspend
from yihu.ground.estate.models import Community, Occupancy, Party
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.ground.staff.models import Account
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused

logger = logging.getLogger("yihu.demo")

# what is paid in cash lies in the till until the evening
METHODS = ("online", "card", "online") * 7 + ("cash", "online")
PAY_WAYS = "一层收费处现金、刷卡、扫码（每日 8:30 至 18:00）；或转账至物业服务费账户，请注明房号"
SERVICES, REPAIRS = "YC", "WXF"
TENANTS, LEASE = 24, "租赁合同（虚构）第 6 条：物业服务费由承租人交纳"
OF_TEN, PART, AHEAD = 7, 5, 3  # of ten households seven come to the till; one of them pays a part, one for some months


def billed() -> bool:
    """Whether the month is over and the bills are begun."""
    return BillingRun.objects.filter(community__code=YQ).exists()


def bill(now: datetime) -> None:
    """What no form takes is said in the log and left out."""
    people = {one.username: one for one in Account.objects.filter(username__in=USERNAMES)}
    today = timezone.localdate(now)
    for community, tell in ((Community.objects.get(code=YQ), _estate), (Community.objects.get(code=QH), _tower)):
        try:
            tell(community, today, people)
        except Refused as refused:
            logger.warning("The demo's bills of %s were refused: %s", community, refused)
    look(timezone.now())  # the cases owe what was billed just now as well
    ring_until(now)  # what was promised for a day that is past has rung on that day


def _estate(community: Any, today: date, people: dict[str, Any]) -> None:
    """What was before last month's bills comes first: who owes of it was written to and rung up."""
    rent_spaces(community, Month.of(today).before, people["li"])
    read_meters(community, today, people)
    share_costs(community, Month.of(today).before, people)
    run = _drawn_run(community, Month.of(today).before, people, "tariffs", "meters", "sharing")
    if run.state in (BillingRun.State.READY, BillingRun.State.CHECKED):
        carried = history.carry_over(run, people["shen"])
        carry_cleaning(run, carried, people["shen"])
        history.mornings(community, carried, today, people)
        dun(community, today, people)
        bank(run, carried, today, people)
    run = _posted_run(run, people)
    if (
        run.state == BillingRun.State.POSTED
        and not TillClose.objects.filter(collector=people["tang"], day=today).exists()
    ):
        developer_paid(run, people["tang"])
        pay_ahead(community, today, people["tang"])
        _at_the_till(run, people["tang"])
        _close_till(community, people)
        _signed_for(community, people)
    suspend(community, today, people)
    keep_fund(community, today, people)
    _draw_notices(community, Month.of(today), people)


def _tower(community: Any, today: date, people: dict[str, Any]) -> None:
    """The first tenants of the tower agreed in their leases to pay themselves; their notices are on their way."""
    own(community, people["wen"])
    _lessees_pay(community, Month.of(today).before, people)
    read_meters(community, today, people)
    _posted_run(_drawn_run(community, Month.of(today).before, people, "tariffs", "meters"), people)
    batch = _draw_notices(community, Month.of(today), people)
    key = f"demo:notices:{community.code}"
    if batch.state == NoticeBatch.State.CHECKED:
        batch = perform(batch, "seal", by=people["xiang"], key=f"{key}:seal")
    if batch.state == NoticeBatch.State.SEALED:
        perform(batch, "print", by=people["shen"], key=f"{key}:print")


def _lessees_pay(community: Any, month: Month, people: dict[str, Any]) -> None:
    """李主管 drafts what the leases say, 项经理 agrees."""
    stays = Occupancy.objects.on(month.first).filter(unit__community=community, role=Occupancy.Role.LESSEE)
    for stay in stays.order_by("unit__sort_key", "pk")[:TENANTS]:
        said = {
            "unit": stay.unit_id,
            "what": "payer",
            "party": stay.party_id,
            "from_on": max(stay.from_on or month.before.first, month.before.first).isoformat(),
            "ground": LEASE,
        }
        key = f"demo:lessee:{stay.unit_id}"
        agreement = open_record(Agreement(community=community), by=people["li"], key=key, data=said)
        if agreement.state == Agreement.State.PENDING:
            perform(agreement, "approve", by=people["xiang"], key=f"{key}:agreed")


def _drawn_run(community: Any, month: Month, people: dict[str, Any], *sources: str) -> BillingRun:
    """沈会计 draws it up. The queued jobs find the work done."""
    said = {"month_on": month.first.isoformat(), "sources": list(sources), "threshold": "30"}
    key = f"demo:bills:{community.code}"
    run = _fresh(open_record(BillingRun(community=community), by=people["shen"], key=key, data=said))
    if run.state == BillingRun.State.DRAWING:
        drawing.draw.func(run.pk, run.round)
    return _fresh(run)


def _posted_run(run: Any, people: dict[str, Any]) -> BillingRun:
    """蔡财务 checks it, 沈会计 posts it."""
    key = f"demo:bills:{run.community.code}"
    if run.state == BillingRun.State.READY:
        note = {"check_note": "抽看 5 户，面积、单价与合同一致"}
        run = _fresh(perform(run, "check", by=people["cai"], key=f"{key}:check", data=note))
    if run.state == BillingRun.State.CHECKED:
        perform(run, "post", by=people["shen"], key=f"{key}:post")
        posting.post.func(run.pk)
    return _fresh(run)


def _fresh(run: BillingRun) -> BillingRun:
    return BillingRun.objects.get(pk=run.pk)


def _at_the_till(run: BillingRun, collector: Any) -> None:
    """Who comes pays all of his bill, a part of it, or some months ahead."""
    rows = Charge.objects.filter(record_id=run.pk, unit__isnull=False).exclude(party=developer_of(run.community))
    paid = set(rows.filter(open__lt=F("amount")).values_list("unit", flat=True))
    asked = rows.filter(open__gt=0).values_list("unit", "party").annotate(due=Sum("open")).order_by("unit", "party")
    lines = BankLine.objects.filter(community=run.community, amount__gt=0, ties__isnull=True)
    by_bank = set(lines.values_list("payer_name", flat=True))  # their money has come, and nobody has looked at it yet
    for place, (unit, payer, due) in enumerate(asked):
        if place % 10 >= OF_TEN or unit in paid:
            continue
        paid.add(unit)
        party = Party.objects.get(pk=payer)
        if party.name in by_bank:
            continue
        method = METHODS[place % len(METHODS)]
        taking = Taking(
            party=payer, unit=unit, amount=_amount(due, place), method=method, payer_name=party.name,
            seen=household.seen_of(party), reference="" if method == "cash" else f"{run.month_on:%Y%m}{unit:08d}",
        )  # fmt: skip
        take_money(taking, party, by=collector, key=f"demo:till:{unit}")


def _amount(owed: int, place: int) -> int:
    if place % 20 == PART:
        return max(owed // 2 // 1000 * 1000, 1000)
    return owed * 3 if place % 20 == AHEAD else owed


def _close_till(community: Any, people: dict[str, Any]) -> None:
    """唐收费 counts, 钱出纳 takes it over and carries it to the bank; 蔡财务 has still to read the sheet."""
    till = till_of(community.pk, people["tang"])
    if not till.receipts:
        return
    counted = {f"counted_{method}": yuan(system).replace(",", "") for method, _, _, system in till.methods()}
    close: Any = open_record(
        TillClose(community=community), by=people["tang"], key="demo:till:close", data={**counted, "shown": till.token}
    )
    slip = {"bank_slip": f"HC{close.pk:08d}"}
    perform(close, "receive", by=people["qian"], key="demo:till:receive", data=slip)


def _signed_for(community: Any, people: dict[str, Any]) -> None:
    """沈会计 enters what customers signed for and pay on the spot; 唐收费 has taken the money of every other one."""
    items = {row.code: row.pk for row in FeeItem.objects.filter(community=community, code__in=(SERVICES, REPAIRS))}
    bills = ServiceBill.objects.filter(community=community, way=ServiceBill.Way.SPOT, state=ServiceBill.State.PENDING)
    for bill in bills.filter(lines__party__isnull=False).order_by("pk"):
        code = REPAIRS if kind_of(bill) == REPAIR else SERVICES
        said = {"item": items[code], "due_on": timezone.localdate().isoformat()}
        perform(bill, "charge", by=people["shen"], key=f"demo:spot:{bill.number}", data=said)
    lines = ServiceBillLine.objects.filter(
        bill__community=community, bill__way=ServiceBill.Way.SPOT, charge__open__gt=0
    )
    for line in lines.select_related("charge__party").order_by("pk")[::2]:
        charge = line.charge
        taking = Taking(
            party=charge.party_id, unit=charge.unit_id, amount=charge.open, method="cash", payer_name=charge.party.name,
            seen=household.seen_of(charge.party), charges=(charge.pk,),
        )  # fmt: skip
        take_money(taking, charge.party, by=people["tang"], key=f"demo:spot:{line.pk}")


def _draw_notices(community: Any, month: Month, people: dict[str, Any]) -> Any:
    """The batch that the 23rd opened, or one before it; drawn up and checked, it waits for 项经理's seal."""
    batch: Any = NoticeBatch.objects.filter(batch_of=community).order_by("period").last()
    key = f"demo:notices:{community.code}"
    if batch is None:
        fresh = NoticeBatch(community=community)
        batch = open_record(fresh, by=people["shen"], key=key, data={"period": f"{month.first:%Y-%m}"})
    if batch.state == NoticeBatch.State.DUE:
        pay_by = limits.pay_by(community.pk, month, timezone.now())
        said = {"pay_by": pay_by.isoformat(), "pay_ways": PAY_WAYS, "hotline": hotline(community)}
        batch = perform(batch, "draw", by=people["shen"], key=f"{key}:draw", data=said)
    if batch.state == NoticeBatch.State.DRAWN:
        batch = perform(batch, "check", by=people["cai"], key=f"{key}:check")
    return batch
