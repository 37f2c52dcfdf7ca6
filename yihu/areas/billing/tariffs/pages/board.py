"""《收费公示表》: on the screen, on A4 and A3, and what stands on it besides the prices (FEE-01)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.billing.tariffs import showing
from yihu.areas.billing.tariffs.models import Board
from yihu.areas.billing.tariffs.pages.prices import SEE, tabs
from yihu.areas.billing.tariffs.printing import PRICE_LISTS
from yihu.ground.ledger.posting import TARIFF
from yihu.kernel.authority import grants_of
from yihu.kernel.plain import journal_of, save_row
from yihu.kernel.plain_pages import RowForm, labels_of, saving
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue

BOOK = "tariffs.board"


class BoardForm(RowForm):
    class Meta:
        model = Board
        fields = ["company", "hotline", "oversight", "note"]
        help_texts = {"hotline": "业主对收费有疑问、要投诉时打的电话", "note": "例如“代收水电费按供应单位价格，不加价”"}

    def field_sections(self) -> list[dict[str, Any]]:
        return [{"legend": "", "fields": [self[name] for name in self.fields], "folded": False}]


@require_GET
@policy(may=SEE)
def page(request: HttpRequest) -> HttpResponse:
    may_price = grants_of(request.user).may(TARIFF, request.community.pk)
    context = {
        "title": "收费公示表",
        "tabs": tabs("收费公示表"),
        "told": showing.public_list(request.community, timezone.localdate()),
        "head_url": reverse("tariffs:board_head") if may_price else "",
        "papers": [{"label": label, "url": reverse("tariffs:board_paper", args=[name])} for name, label in (("a4", "打印 A4"), ("a3", "打印 A3"))],
    }  # fmt: skip
    return render(request, "tariffs/board.html", context)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PRICE_LISTS:
        raise Http404
    now = timezone.now()
    told = {**showing.public_list(request.community, timezone.localdate(now)), "number": ""}
    number = f"{request.community.code} {now:%Y%m%d%H%M%S%f}"
    pdf = issue(PRICE_LISTS[name], told, by=request.user, now=now, number=number, community=request.community, may=SEE)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="price-list.pdf"'
    return response


@require_http_methods(["GET", "POST"])
@policy(may=TARIFF)
def head(request: HttpRequest) -> HttpResponse:
    row = Board.objects.filter(community=request.community).first() or Board(community=request.community)
    form = BoardForm(request.POST or None, instance=row)

    def save(key: str, seen: int | None) -> None:
        save_row(form.instance, BoardForm._meta.fields, may=TARIFF, by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=BOOK, row_id=row.pk, labels=labels_of(row), template="kernel/step.html", title="公示表上的单位和电话",
        done="已保存。", leave_url=lambda: reverse("tariffs:board"), journal=journal_of(BOOK, row.pk, labels_of(row)),
    )  # fmt: skip
