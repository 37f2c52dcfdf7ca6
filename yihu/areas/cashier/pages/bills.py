"""One bill: why it is what it is, where it came from, and all that has moved it since (FEE-19)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier.pages.desk import address
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.ledger.accruing import accrued
from yihu.ground.ledger.models import Account, Charge, Line
from yihu.ground.ledger.pay_days import pay_day
from yihu.ground.ledger.posting import COLLECT, SEE
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Record
from yihu.kernel.policy import policy

ABOUT = ("item", "unit", "party", "record", "principal__item", "reversal__by")


@require_GET
@policy(may=SEE)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    bill = get_object_or_404(Charge.objects.select_related(*ABOUT), pk=pk, community=request.community)
    today, collects = timezone.localdate(), grants_of(request.user).may(COLLECT, request.community.pk)
    source = Record.objects.seen_by(request.user).filter(pk=bill.record_id).first() if bill.record_id else None
    fees = accrued(bill.community_id, [bill], today) if bill.open > 0 else []
    context = {
        "title": f"{bill.title} 账单",
        "bill": bill,
        "amount": yuan(bill.amount),
        "open": yuan(bill.open),
        "state": state_of(bill, today),
        "pay_by": pay_day(bill),
        "words": mask_free_text(bill.words),
        "source": source,
        "before": _before(bill),
        "moves": _moves(bill),
        "fees": [{"pk": one.pk, "words": one.words, "amount": yuan(one.amount)} for one in bill.late_fees.order_by("pk")],
        "accruing": [{"words": one.words, "amount": yuan(one.amount)} for one in fees if one.amount > 0],
        "till_url": address(unit=bill.unit_id, party=bill.party_id) if collects and bill.open > 0 else "",
        "statement_url": reverse("cashier:statement", args=[bill.party_id]),
    }  # fmt: skip
    return render(request, "cashier/bill.html", context)


def state_of(bill: Charge, today: Any) -> dict[str, str]:
    if bill.reversal_id:
        return {"word": "已冲销", "css": "state-void"}
    if bill.open == 0:
        return {"word": "已结清", "css": "state-done"}
    if bill.open < 0:
        return {"word": "退补未用", "css": "state-wait"}
    return {"word": "逾期", "css": "state-late"} if pay_day(bill) < today else {"word": "未到期", "css": "state-new"}


def _before(bill: Charge) -> dict[str, Any] | None:
    """The same for the time before, to compare with."""
    rows = Charge.objects.filter(
        community_id=bill.community_id, unit=bill.unit_id, party=bill.party_id, item=bill.item_id, part=bill.part,
        reversal__isnull=True, to_on__lt=bill.from_on,
    )  # fmt: skip
    found = rows.order_by("-to_on", "-pk").first() if bill.principal_id is None else None
    if found is None:
        return None
    more = bill.amount - found.amount
    told = f"本期{'多' if more > 0 else '少'} {yuan(abs(more))} 元" if more else "本期相同"
    return {"bill": found, "amount": yuan(found.amount), "words": mask_free_text(found.words), "told": told}


def _moves(bill: Charge) -> list[dict[str, Any]]:
    """Each entry on this bill, with what was open after it."""
    lines = Line.objects.filter(charge=bill, account=Account.RECEIVABLE)
    left, told = 0, []
    for line in lines.select_related("voucher__by", "receipt").order_by("pk"):
        left += line.amount
        told.append(
            {
                "day": f"{line.day:%Y-%m-%d}",
                "kind": line.voucher.get_kind_display() + ("（冲销）" if line.voucher.reverses_id else ""),
                "words": mask_free_text(line.voucher.words),
                "receipt": line.receipt.number if line.receipt else "",
                "by": str(line.voucher.by),
                "amount": yuan(line.amount),
                "left": yuan(left),
            }
        )
    return told
