"""Columns, tabs and panels of the batches and of the delivery lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse

from yihu.areas.billing.notices import who
from yihu.areas.billing.notices.counting import errors_of_batch, errors_of_year
from yihu.areas.billing.notices.later import billed_since
from yihu.areas.billing.notices.models import DeliverySheet, NoticeBatch, NoticeLine
from yihu.basics.money import yuan
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money
from yihu.kernel.screens.places import inside, place

place(76.1, "送缴费通知单", "notices:round", who.DELIVER)
inside("/notices/paper/", "kernel:list", "notice-batches")


UNPRINTED = (NoticeBatch.State.DRAWN, NoticeBatch.State.CHECKED, NoticeBatch.State.SEALED)


@screens
class BatchScreens(Screens):
    model = NoticeBatch
    word = "缴费通知批次"
    tabs = (
        Tab("draw", "待生成", ("due",), may=who.DRAW, step="draw"),
        Tab("check", "待核对", ("drawn",), may=who.CHECK),
        Tab("seal", "待盖章", ("checked",), may=who.SEAL),
        Tab("out", "派发中", ("printed", "out"), may=who.SEE),
    )
    columns = ("number", "state", "period", "count", "due", "next_due_at")
    filters = ("state",)
    related = ("paper",)
    panels = (
        ("批次", ("period", "count", "due", "pay_by", "print_by", "pay_ways", "hotline")),
        ("经过", ("drawn_at", "sealed_by", "sealed_at", "printed_at", "errors", "cause")),
    )
    nav = ("缴费通知单", 76)
    nearby = (Nearby("全部通知单", "notices:listing", who.SEE), Nearby("送达分工", "notices:list_rounds", who.SEE))

    @money("请缴")
    def cell_due(self, batch: Any) -> int | None:
        return batch.due_fen if batch.drawn_at else None

    def cell_pay_by(self, batch: Any) -> str:
        return f"{batch.pay_by:%Y-%m-%d}" if batch.pay_by else ""

    cell_pay_by.label = "缴清日期"  # type: ignore[attr-defined]

    def cell_errors(self, batch: Any) -> str:
        if batch.printed_at is None:
            return ""
        year = errors_of_year(batch.community_id, batch.period)
        return f"本期 {errors_of_batch(batch).words}；近 12 个月 {year.words}（不超过 0.05%）"

    cell_errors.label = "出错率"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        if record.drawn_at is None:
            return []
        sheets = record.sheets.select_related("handler").order_by("pk")
        rows = [_sheet_row(one) for one in sheets]
        context = {
            "title": f"通知单 {record.count} 张",
            "template": "notices/_batch.html",
            "list_url": f"{reverse('notices:listing')}?batch={record.pk}",
            "undelivered_url": f"{reverse('notices:listing')}?batch={record.pk}&state=undelivered",
            "paper": record.paper,
            "setting": record.printed_at is not None and record.paper_id is None,
            "sheets": rows,
            "items": _by_item(record),
        }
        return [context]

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """What would be missing on the paper, while it can still be drawn anew."""
        return {"billed_since": billed_since(record) if record.state in UNPRINTED else ""}


def _sheet_row(sheet: Any) -> dict[str, Any]:
    carried = sheet.carried()
    total, left = carried.count(), carried.undelivered().count()
    return {
        "url": sheet.get_absolute_url(), "handler": str(sheet.handler), "number": sheet.number, "total": total,
        "done": total - left, "state": sheet.state_word,
    }  # fmt: skip


def _by_item(batch: Any) -> list[dict[str, str]]:
    """What the checker adds up: each item's lines and sum, this month's and earlier ones."""
    lines = NoticeLine.objects.filter(notice__batch=batch, notice__recalled_at__isnull=True)
    found = (
        lines.values_list("prior", "charge__item__name")
        .annotate(Count("pk"), Sum("amount"))
        .order_by("prior", "charge__item")
    )
    rows = [(f"{name}{'（以前未缴）' if prior else ''}", count, total) for prior, name, count, total in found]
    whole = ("合计", sum(count for _, count, _ in rows), sum(total for *_, total in rows))
    return [{"item": item, "count": str(count), "sum": yuan(total)} for item, count, total in (*rows, whole)]


@screens
class SheetScreens(Screens):
    model = DeliverySheet
    word = "签收表"
    tabs = (Tab("receive", "待财务收回", ("handed",), may=who.DRAW),)
    columns = ("number", "state", "batch", "handler", "next_due_at")
    filters = ("state",)
    related = ("batch", "handler", "received_by")
    panels = (("签收表", ("batch", "handler", "due_at", "done", "handed_at", "received_by", "received_at")),)

    def cell_done(self, sheet: Any) -> str:
        row = _sheet_row(sheet)
        return f"{row['done']} / {row['total']}"

    cell_done.label = "已送达"  # type: ignore[attr-defined]

    def cell_batch(self, sheet: Any) -> str:
        return str(sheet.batch.month)

    cell_batch.label = "账期"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = record.carried().select_related("unit", "party", "witness_1", "witness_2")
        lines = [
            {"url": one.get_absolute_url(), "unit": str(one.unit or "—"), "party": str(one.party), "number": one.number,
             "how": one.delivery_words, "late": one.delivered_at is None}
            for one in rows
        ]  # fmt: skip
        address = f"{reverse('notices:round')}?sheet={record.number}" if record.state == "out" else ""
        return [{"title": "逐户", "template": "notices/_sheet.html", "lines": lines, "round_url": address}]
