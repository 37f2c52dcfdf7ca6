"""One 记账凭证 with the postings behind it, and the paper of one or of the whole month."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier.bookkeeping.drawing import postings_of
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip
from yihu.areas.cashier.bookkeeping.printing import SLIP, slips
from yihu.areas.cashier.bookkeeping.screens import query_row
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel.errors import Refused
from yihu.kernel.forms import is_row_number
from yihu.kernel.moments import stamp
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print, render_batch
from yihu.kernel.prints.joining import join

SEE, PAGE = "bookkeeping.see", 100


@require_GET
@policy(may=SEE)
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    one = _slip(request, pk)
    rows = postings_of(one)
    after = request.GET.get("after", "")
    later = rows.filter(pk__gt=int(after)) if is_row_number(after) else rows
    found = list(later.select_related("by", "record").prefetch_related("lines")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    context = {
        "title": one.full_number,
        "one": one,
        "book": one.book,
        "day": f"{one.day:%Y-%m-%d}",
        "kind": one.get_kind_display(),
        "lines": [
            {"account": line.get_account_display(), "name": line.name, "debit": _yuan(line.debit), "credit": _yuan(line.credit)}
            for line in one.lines.order_by("place")
        ],
        "total": yuan(one.total),
        "capitals": rmb_capitals(one.total),
        "queries": [query_row(query) for query in one.queries.select_related("slip", "asked_by", "answered_by", "correction").order_by("pk")],
        "postings": [_posting(voucher) for voucher in found],
        "counted": f"共 {rows.count()} 笔",
        "next_url": f"?after={found[-1].pk}" if more else "",
        "print_url": reverse("bookkeeping:slip_print", args=[one.pk]),
        "before": _beside(one, -1),
        "after": _beside(one, 1),
    }  # fmt: skip
    return render(request, "bookkeeping/slip.html", context)


def _slip(request: HttpRequest, pk: int) -> Slip:
    rows = Slip.objects.filter(book__community=request.community)  # type: ignore[attr-defined]
    found: Slip = get_object_or_404(rows.select_related("book__community", "book__drawn_by", "book__signed_by"), pk=pk)
    return found


def _beside(one: Slip, by: int) -> str:
    found = Slip.objects.filter(book=one.book, number=one.number + by).values_list("pk", flat=True).first()
    return reverse("bookkeeping:slip", args=[found]) if found else ""


def _posting(voucher: Any) -> dict[str, Any]:
    return {
        "at": stamp(voucher.at)[5:],
        "words": mask_free_text(voucher.words),
        "by": str(voucher.by),
        "paper": voucher.record.number if voucher.record else "",
        "url": voucher.record.get_absolute_url() if voucher.record else "",
        "amount": yuan(sum(line.amount for line in voucher.lines.all() if line.amount > 0)),
    }


def _yuan(amount: int) -> str:
    return yuan(amount) if amount else ""


@require_GET
@policy(may=SEE)
def slip_print(request: HttpRequest, pk: int) -> HttpResponse:
    one = _slip(request, pk)
    return _paper(request, one.book, [one], f"{one.book.number} {one}")


@require_GET
@policy(may=SEE)
def slips_print(request: HttpRequest, number: str) -> HttpResponse:
    """The whole month, to be bound."""
    book = MonthBook.objects.seen_by(request.user).filter(community=request.community, number=number).first()  # type: ignore[attr-defined]
    if book is None:
        raise Http404
    found = list(book.slips.prefetch_related("lines").order_by("number"))
    if not found:
        raise Refused("这个月还没有凭证，请先制证。")
    for one in found:
        one.book = book
    return _paper(request, book, found, f"{book.number} slips")


def _paper(request: HttpRequest, book: MonthBook, rows: list[Slip], subject: str) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        pdf = join(render_batch(SLIP, slips(book, rows), request.user, now=now))
        count_print(SLIP.name, by=request.user, at=now, subject=subject)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="slips-{book.period}.pdf"'
    return response
