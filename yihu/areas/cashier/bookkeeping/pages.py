"""One 记账凭证 with the postings behind it, the paper of one or of the whole month, and the month as a workbook (F95)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier.bookkeeping.drawing import postings_of
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip, SlipLine
from yihu.areas.cashier.bookkeeping.printing import SLIP, slips
from yihu.areas.cashier.bookkeeping.screens import query_row
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import exports
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.forms import is_row_number
from yihu.kernel.moments import stamp
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print, render_batch
from yihu.kernel.prints.joining import join

SEE, EXPORT, PAGE = "bookkeeping.see", "ledger.export", 100
COLUMNS = [
    exports.Column("日期", "date"), exports.Column("凭证字", "code"), exports.Column("凭证号", "number"), exports.Column("行次", "number"),
    exports.Column("类别", "code"), exports.Column("摘要"), exports.Column("总账科目", "code"), exports.Column("明细科目", "code"),
    exports.Column("借方", "money"), exports.Column("贷方", "money"), exports.Column("附单据", "number"),
    exports.Column("制单", "code"), exports.Column("审核", "code"),
]  # fmt: skip


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
    book = _book(request, number)
    found = list(book.slips.prefetch_related("lines").order_by("number"))
    if not found:
        raise Refused("这个月还没有凭证，请先制证。")
    for one in found:
        one.book = book
    return _paper(request, book, found, f"{book.number} slips")


def _book(request: HttpRequest, number: str) -> MonthBook:
    book = MonthBook.objects.seen_by(request.user).filter(community=request.community, number=number).first()  # type: ignore[attr-defined]
    if book is None:
        raise Http404
    return book


@require_GET
@policy(may=EXPORT)
def slips_export(request: HttpRequest, number: str) -> FileResponse:
    """All lines of the month for the company's own book-keeping, which carries them on (decision 0011)."""
    book, now = _book(request, number), timezone.now()
    if not book.slips.exists():
        raise Refused("这个月还没有凭证，请先制证。")
    lines = SlipLine.objects.filter(slip__book=book).select_related("slip").order_by("slip__number", "place")
    rows = (
        [
            line.slip.day, "记", line.slip.number, line.place, line.slip.get_kind_display() + ("（红字）" if line.slip.red else ""),
            line.slip.words, str(line.get_account_display()), line.name, line.debit or None, line.credit or None, line.slip.papers,
            str(book.drawn_by or ""), str(book.signed_by or ""),
        ]
        for line in lines.iterator(2000)
    )  # fmt: skip
    file = exports.write_xlsx(f"{book.community.name} {book.period} 记账凭证", COLUMNS, rows, by=request.user, now=now)
    with command(by=request.user, verb="export") as writing:
        writing.note(book, f"{request.user} 导出 {book.period} 记账凭证 {book.slip_count} 张", step="export")
    return FileResponse(file, as_attachment=True, filename=f"记账凭证-{book.period}.xlsx")


def _paper(request: HttpRequest, book: MonthBook, rows: list[Slip], subject: str) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        pdf = join(render_batch(SLIP, slips(book, rows), request.user, now=now))
        count_print(SLIP.name, by=request.user, at=now, subject=subject)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="slips-{book.period}.pdf"'
    return response
