"""The fee office's last days: last month's bills, a morning at the till, the till closed, payment notices drawn up.

It happens as the demo is made: the books take no entry of an earlier day. Called again, it goes on where it stood.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.areas.billing.handing.forms import REPAIR, kind_of
from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.areas.billing.notices import limits
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.areas.billing.reckoned import Month
from yihu.areas.billing.running import drawing, posting
from yihu.areas.billing.running.models import BillingRun
from yihu.areas.cashier import household
from yihu.areas.cashier.applying.counting import till_of
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.till import Taking, take_money
from yihu.basics.money import yuan
from yihu.demo.people import YQ
from yihu.ground.estate.models import Community
from yihu.ground.ledger.models import Charge, FeeItem, Receipt
from yihu.ground.staff.models import Account
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused

logger = logging.getLogger("yihu.demo")

METHODS = ("online", "card", "online", "online", "cash", "online", "bank", "online", "online", "online", "card")
PAY_WAYS = "一层收费处现金、刷卡、扫码（每日 8:30 至 18:00）；或转账至物业服务费账户，请注明房号"
SERVICES, REPAIRS = "YC", "WXF"
OF_TEN, PART, AHEAD = 7, 5, 3  # of ten households seven come to the till; one of them pays a part, one for some months


def billed() -> bool:
    """Whether the month is over and the bills are begun."""
    return BillingRun.objects.filter(community__code=YQ).exists()


def bill(now: datetime) -> None:
    """What no form takes is said in the log and left out."""
    community = Community.objects.get(code=YQ)
    people = {one.username: one for one in Account.objects.filter(username__in=("shen", "cai", "tang", "qian"))}
    try:
        run = _posted_run(community, Month.of(timezone.localdate(now)).before, people)
        if run.state == BillingRun.State.POSTED and not TillClose.objects.filter(collector=people["tang"]).exists():
            _at_the_till(run, people["tang"])
            _close_till(community, people)
        _signed_for(community, people)
        _draw_notices(community, Month.of(timezone.localdate()), people)
    except Refused as refused:
        logger.warning("The demo's bills were refused: %s", refused)


def _posted_run(community: Any, month: Month, people: dict[str, Any]) -> BillingRun:
    """沈会计 draws it up, 蔡财务 checks it. The queued jobs find the work done."""
    said = {"month_on": month.first.isoformat(), "sources": ["tariffs"], "threshold": "30"}
    key = f"demo:bills:{community.code}"
    run: Any = open_record(BillingRun(community=community), by=people["shen"], key=key, data=said)
    run = _fresh(run)
    if run.state == BillingRun.State.DRAWING:
        drawing.draw.func(run.pk, run.round)
        run = _fresh(run)
    if run.state == BillingRun.State.READY:
        perform(
            run, "check", by=people["cai"], key=f"{key}:check", data={"check_note": "抽看 5 户，面积、单价与合同一致"}
        )
        run = _fresh(run)
    if run.state == BillingRun.State.CHECKED:
        perform(run, "post", by=people["shen"], key=f"{key}:post")
        posting.post.func(run.pk)
    return _fresh(run)


def _fresh(run: BillingRun) -> BillingRun:
    return BillingRun.objects.get(pk=run.pk)


def _at_the_till(run: BillingRun, collector: Any) -> None:
    paid = set(Receipt.objects.filter(collector=collector).values_list("unit", flat=True))
    rows = Charge.objects.filter(record_id=run.pk, unit__isnull=False).select_related("party").order_by("unit", "pk")
    for place, charge in enumerate(rows):
        if place % 10 >= OF_TEN or charge.unit_id in paid or charge.open <= 0:
            continue
        paid.add(charge.unit_id)
        method = METHODS[place % len(METHODS)]
        taking = Taking(
            party=charge.party_id, unit=charge.unit_id, amount=_amount(charge.open, place), method=method,
            payer_name=charge.party.name, seen=household.seen_of(charge.party),
            reference="" if method == "cash" else f"{run.month_on:%Y%m}{charge.unit_id:08d}",
        )  # fmt: skip
        take_money(taking, charge.party, by=collector, key=f"demo:till:{charge.unit_id}")


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


def _draw_notices(community: Any, month: Month, people: dict[str, Any]) -> None:
    """The batch that the 23rd opened, or one before it; drawn up and checked, it waits for 项经理's seal."""
    batch: Any = NoticeBatch.objects.filter(batch_of=community).order_by("period").last()
    key = f"demo:notices:{community.code}"
    if batch is None:
        fresh = NoticeBatch(community=community)
        batch = open_record(fresh, by=people["shen"], key=key, data={"period": f"{month.first:%Y-%m}"})
    if batch.state == NoticeBatch.State.DUE:
        pay_by = limits.pay_by(community.pk, month, timezone.now())
        said = {"pay_by": pay_by.isoformat(), "pay_ways": PAY_WAYS, "hotline": "前台（24 小时）"}
        batch = perform(batch, "draw", by=people["shen"], key=f"{key}:draw", data=said)
    if batch.state == NoticeBatch.State.DRAWN:
        perform(batch, "check", by=people["cai"], key=f"{key}:check")
