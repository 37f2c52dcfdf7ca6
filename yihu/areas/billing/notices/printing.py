"""《缴费通知单》 (F82) as it hangs on a wall, 《缴费通知单签收表》 (F84), and a whole batch as one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from yihu.areas.billing.notices.models import Notice, NoticeBatch, NoticeLine
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.ground.ledger.pay_days import beside, pay_day
from yihu.kernel import moments, site
from yihu.kernel.models import Attachment
from yihu.kernel.prints import render_batch
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.joining import join
from yihu.kernel.signatures import drawing

FETCHED = 200  # notices in memory at once
CUSTOMERS = ("客户联",)


def address_of(notice: Any) -> str:
    """What the QR code of a paper leads the payer to: what this paper names and nothing else, without signing in."""
    return site.address(reverse("payer:bill", args=[notice.token])) or str(notice.number)


def fetched(rows: Any) -> Any:
    """Notices with all that stands on them."""
    lines = NoticeLine.objects.select_related("charge__item").order_by("charge__due_on", "charge__from_on", "pk")
    return rows.select_related("batch__community", "party", "unit", "replaces").prefetch_related(
        Prefetch("lines", queryset=lines)
    )


def line_words(charge: Any) -> tuple[str, str]:
    """The sum behind a line, and its unit price, as the charge tells it."""
    basis = charge.basis if isinstance(charge.basis, dict) else {}
    price, measure = basis.get("price"), basis.get("measure")
    told = f"{price} 元" if price else ""
    return mask_free_text(charge.words), f"{told}/{measure}" if told and measure else told


def _line(line: Any, pay_by: date) -> list[str]:
    words, price = line_words(line.charge)
    span = f"{line.charge.from_on:%Y.%m.%d}–{line.charge.to_on:%m.%d}"
    if line.charge.from_on.year != line.charge.to_on.year:
        span = f"{line.charge.from_on:%Y.%m.%d}–{line.charge.to_on:%Y.%m.%d}"
    if (own := beside(line.charge, pay_by)) is not None:
        span += f"（应缴 {own:%Y-%m-%d}）"
    used = yuan(line.used) if line.used else ""
    return [line.charge.title, span, words, price, yuan(line.amount + line.used), used, yuan(line.amount)]


def _late(line: Any) -> list[str]:
    """A late fee is a bill of its own: for which days, and by which sum."""
    charge = line.charge
    return [f"{charge.from_on:%Y.%m.%d}–{charge.to_on:%Y.%m.%d}", mask_free_text(charge.words), yuan(line.amount)]


def _sum(lines: Iterable[Any]) -> int:
    return sum(line.amount for line in lines)


def payment_notice(notice: Any, by: Any) -> dict[str, Any]:
    batch = notice.batch
    late = [line for line in notice.all_lines if line.charge.principal_id]
    lines = [line for line in notice.all_lines if not line.charge.principal_id]
    month, prior = [line for line in lines if not line.prior], [line for line in lines if line.prior]
    used = sum(line.used for line in month)
    return {
        "community": batch.community.name,
        "number": notice.number,
        "qr": address_of(notice),
        "party": mask_free_text(notice.party.name),
        "unit": str(notice.unit or "—"),
        "period": str(batch.month),
        "pay_by": f"{notice.pay_by:%Y年%m月%d日}",
        "replaces": notice.replaces.number if notice.replaces_id else "",
        "void": notice.recalled_at is not None,
        "lines": [_line(line, notice.pay_by) for line in month],
        "prior": [
            [line.charge.title, f"{line.charge.from_on:%Y.%m.%d}–{line.charge.to_on:%Y.%m.%d}",
             f"{pay_day(line.charge):%Y-%m-%d}", yuan(line.amount)]
            for line in prior
        ],
        "late": [_late(line) for line in late],
        "month": yuan(_sum(month) + used),
        "used": yuan(used) if used else "",
        "arrears": yuan(_sum(prior)) if prior else "",
        "late_fee": yuan(_sum(late)) if late else "",
        "credit": yuan(notice.credit_fen) if notice.credit_fen else "",
        "total": yuan(notice.total_fen),
        "due": yuan(notice.due_fen),
        "capitals": rmb_capitals(notice.due_fen),
        "ways": batch.pay_ways,
        "hotline": batch.hotline,
        "scan": bool(site.address("/")),
        "day": moments.day(batch.printed_at or batch.drawn_at),
    }  # fmt: skip


PAYMENT_NOTICE = Print(
    "payment_notice", "缴费通知单", data=payment_notice, copies=("客户联", "存根联"), says_numbers=True, issued=True
)


def whole_batch(batch: NoticeBatch, *, by: Any, now: datetime) -> bytes:
    """One PDF with the customers' copies of all notices that hold, in the order of the round."""
    rows = fetched(batch.notices.valid().order_by("seq"))

    def notices() -> Iterator[Notice]:
        for notice in rows.iterator(chunk_size=FETCHED):
            notice.batch = batch
            yield notice

    return join(render_batch(PAYMENT_NOTICE, notices(), by, copies=CUSTOMERS, now=now))


def _received(notice: Any) -> dict[str, Any]:
    signed = next((one for one in notice.proofs.all() if one.purpose == Attachment.Purpose.SIGNATURE), None)
    return {
        "number": notice.number.rsplit("-", 1)[-1],
        "unit": str(notice.unit or "—"),
        "party": mask_free_text(notice.party.name),
        "due": yuan(notice.due_fen),
        "how": notice.delivery_words if notice.posted else mask_free_text(notice.delivery_words),
        "signature": drawing(signed) if signed else "",
        "on": moments.short(notice.delivered_at),
    }


def delivery_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    rows = sheet.carried().select_related("unit", "party", "witness_1", "witness_2").prefetch_related("proofs")
    notices = list(rows)
    done = sum(1 for one in notices if one.delivered_at)
    return {
        "community": sheet.community.name,
        "number": sheet.number,
        "period": str(sheet.batch.month),
        "deliverer": str(sheet.handler or ""),
        "due": moments.stamp(sheet.due_at),
        "lines": [_received(one) for one in notices],
        "total": str(len(notices)),
        "done": str(done),
        "handed_at": moments.stamp(sheet.handed_at),
        "received_by": str(sheet.received_by or ""),
        "received_at": moments.stamp(sheet.received_at),
    }


SHEET = Print("delivery_sheet", "缴费通知单签收表", data=delivery_sheet, paper="a4-landscape", says_numbers=True)
