"""《每日工作汇总表》 (F13): the frozen figures, without what the reader is barred from."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.duties.effects import figures
from yihu.kernel.models import Record


def day_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    """The snapshot if signed, else what it would show now."""
    shown = readable(sheet.snapshot or figures(sheet, by, timezone.now()), by)
    return {
        "community": sheet.community.name,
        "number": sheet.number,
        "day": f"{sheet.day:%Y年%m月%d日}",
        "remarks": sheet.remarks,
        "signer": str(sheet.handler or ""),
        "signed_at": f"{timezone.localtime(sheet.signed_at):%Y-%m-%d %H:%M}" if sheet.signed_at else "",
        "manager_words": sheet.manager_words,
        **shown,
    }


def readable(snapshot: dict[str, Any], by: Any) -> dict[str, Any]:
    """The snapshot for one reader: a frozen line about a record that he may not see is left out and counted (另有 n 件)."""
    numbers = {line["number"] for lines in snapshot["lists"].values() for line in lines}
    seen = set(Record.objects.seen_by(by).filter(number__in=numbers).values_list("number", flat=True))
    lists = {name: [line for line in lines if line["number"] in seen] for name, lines in snapshot["lists"].items()}
    return {**snapshot, "lists": lists, "hidden": snapshot.get("hidden", 0) + len(numbers - seen)}
