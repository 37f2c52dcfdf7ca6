"""Columns and panels of the month's books."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from yihu.areas.cashier.bookkeeping.models import MonthBook
from yihu.basics.money import yuan
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money
from yihu.kernel.screens.places import inside

MOST = 500
inside("/cashier/slips/", "kernel:list", "month-books")


@screens
class MonthBookScreens(Screens):
    model = MonthBook
    word = "月账"
    tabs = (
        Tab("draw", "待制证", ("due",), may="bookkeeping.draw"),
        Tab("answer", "待答复", ("queried",), may="bookkeeping.draw", step="answer"),
        Tab("check", "待审核", ("drawn",), may="bookkeeping.check"),
    )
    columns = ("number", "state", "period", "slip_count", "total", "drawn_by", "signed_by", "next_due_at")
    filters = ("state",)
    related = ("drawn_by", "signed_by")
    panels = (("月账", ("period", "slip_count", "total", "drawn_by", "drawn_at", "signed_by", "signed_at")),)
    nav = ("凭证与月账", 77)
    nearby = (
        Nearby("科目余额表", "reports:fees", "ledger.see", ("trial",)),
        Nearby("结账", "applying:books", "ledger.books"),
    )

    @money("借方合计")
    def cell_total(self, book: Any) -> int | None:
        return book.total_fen if book.drawn_at else None

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        found = []
        queries = record.queries.select_related("slip", "asked_by", "answered_by", "correction").order_by("pk")
        if rows := [query_row(one) for one in queries]:
            found.append({"title": "疑问与答复", "template": "bookkeeping/_queries.html", "rows": rows})
        if record.drawn_at:
            found.append({"title": "记账凭证", "template": "bookkeeping/_slips.html", **self._slips(record, person)})
        return found

    def _slips(self, book: Any, person: Any) -> dict[str, Any]:
        asked = Count("queries", filter=Q(queries__outcome=""))
        rows = [
            {
                "number": str(one), "day": f"{one.day:%m-%d}", "kind": one.get_kind_display(), "red": one.red, "words": one.words,
                "total": yuan(one.total), "url": reverse("bookkeeping:slip", args=[one.pk]), "asked": one.asked,
            }
            for one in book.slips.annotate(asked=asked).order_by("number")[:MOST]
        ]  # fmt: skip
        left = max(0, book.slip_count - MOST)
        may_export = grants_of(person).may("ledger.export", book.community_id)
        return {
            "rows": rows,
            "left_off": left,
            "print_url": reverse("bookkeeping:slips_print", args=[book.number]),
            "export_url": reverse("bookkeeping:slips_export", args=[book.number]) if may_export else "",
        }


def query_row(one: Any) -> dict[str, Any]:
    return {
        "slip": str(one.slip),
        "url": reverse("bookkeeping:slip", args=[one.slip_id]),
        "question": one.question,
        "asked": f"{one.asked_by} {moments.stamp(one.asked_at)}",
        "answer": one.answer,
        "outcome": one.get_outcome_display().partition("，")[0] if one.outcome else "待答复",
        "answered": f"{one.answered_by} {moments.stamp(one.answered_at)}" if one.answered_at else "",
        "correction": f"{one.correction.day:%Y-%m-%d} {one.correction.get_kind_display()}" if one.correction else "",
        "open": not one.outcome,
    }
