"""The counter's paper: the two check sheets, the month's loans, the board of numbers and fees, the cards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.counter import numbers
from yihu.areas.counter.models import Loan
from yihu.basics.identity import mask_free_text
from yihu.basics.worktime import business_month, business_month_bounds
from yihu.kernel import moments
from yihu.kernel.prints.declare import Print
from yihu.kernel.signatures import signature_of

MOST_LINES = 2000
CARDS = 8


def desk_check(sheet: Any, by: Any) -> dict[str, Any]:
    lines = [[line["item"], "合格" if line["ok"] == "ok" else "不合格", line["remark"]] for line in sheet.lines or ()]
    return {
        **_sheet(sheet, "检查人", "read", "客服主管审阅"),
        "heads": ["检查项目", "结果", "说明"],
        "lines": lines,
        "wide": [0, 2],
    }


def stock_check(sheet: Any, by: Any) -> dict[str, Any]:
    lines = [
        [line["item"], str(line["expected"]), str(line["counted"]), str(line["damaged"] or ""), line["remark"]]
        for line in sheet.lines or ()
    ]
    heads = ["物品", "应有", "实点", "损坏", "差异说明"]
    return {**_sheet(sheet, "清点人", "resolve", "客服主管"), "heads": heads, "lines": lines, "wide": [0, 4]}


def _sheet(sheet: Any, signer: str, second: str, second_word: str) -> dict[str, Any]:
    steps = {entry.step: entry for entry in sheet.journal.filter(step__in=("sign", second)).select_related("by")}
    first, last = steps.get("sign"), steps.get(second)
    return {
        "community": sheet.community.name,
        "number": sheet.number,
        "turn": sheet.turn,
        "due": moments.stamp(sheet.due_at),
        "found": mask_free_text(sheet.found),
        "remedy": mask_free_text(sheet.remedy),
        "signer": f"{signer}　{first.by}" if first else signer,
        "signature": signature_of(sheet) if first else "",
        "signed": moments.stamp(sheet.signed_at),
        "second": f"{second_word}　{last.by}" if last else second_word,
        "second_at": moments.stamp(last.at) if last else "",
    }


def loans(loan: Any, by: Any) -> dict[str, Any]:
    """《物品借用登记》 (F121) of the business month in which this thing went out, as far as ``by`` may see it."""
    year, month = business_month(loan.opened_at)
    start, end = business_month_bounds(year, month)
    rows = (
        Loan.objects.seen_by(by)
        .filter(community=loan.community, opened_at__gte=start, opened_at__lt=end)
        .exclude(closed_as="withdrawn")
    )
    total = rows.count()
    found = rows.select_related("unit", "item", "opened_by").order_by("opened_at", "pk")[:MOST_LINES]
    return {
        "community": loan.community.name,
        "number": f"{loan.community.code}-JC-{year}{month:02d}",
        "title": "物品借用登记表",
        "period": f"{year}年{month}月（{moments.day(start)} 至 {timezone.localtime(end) - timedelta(days=1):%Y-%m-%d}）",
        "total": total,
        "lines": [_loan(row) for row in found],
    }


def _loan(row: Any) -> list[str]:
    end = row.settlement or row.get_condition_display() if row.closed_at else row.loss_note
    return [
        moments.short(row.opened_at),
        str(row.item),
        str(row.unit or ("员工" if row.staff_id else "")),
        f"{mask_free_text(row.borrower)} {row.phone}".strip(),
        mask_free_text(row.deposit_note),
        moments.short(row.due_at),
        moments.short(row.returned_at),
        mask_free_text(end),
        str(row.opened_by),
    ]


def board(community: Any, by: Any) -> dict[str, Any]:
    return {
        "community": community.name,
        "groups": numbers.groups(community),
        "day": f"{timezone.localdate():%Y年%m月%d日}",
    }


def cards(community: Any, by: Any) -> dict[str, Any]:
    lines = [line for group in numbers.groups(community, cards=True) for line in group["lines"]]
    return {"community": community.name, "lines": lines, "copies": CARDS}


BOARDS = {
    "a4": Print("board", "服务电话与收费公示", data=board, issued=True),
    "a3": Print("board", "服务电话与收费公示", data=board, paper="a3", issued=True),
    "cards": Print("cards", "业主服务卡", data=cards, issued=True),
}
