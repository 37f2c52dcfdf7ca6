"""《每日工作汇总表》 (F13): the frozen figures, without what the reader is barred from."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.duties import effects
from yihu.kernel.models import Record
from yihu.kernel.signatures import signature_of

GROUPS = (("counts", "接待"), ("standing", "销号"), ("repairs", "维修"), ("call_backs", "回访"))
LISTS = (
    ("complaints", "投诉"),
    ("urgent", "当日急修"),
    ("promised", "承诺答复（今日未答复及次日上午到期）"),
    ("open", "未办结事项（含以前遗留）"),
    ("done", "当日办结"),
)
WEEKDAYS = "一二三四五六日"


def day_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    """The snapshot if signed, else what it would show now."""
    found = shown(sheet, by)
    return {
        "community": sheet.community.name,
        "number": sheet.number,
        "day": f"{sheet.day:%Y年%m月%d日}　星期{WEEKDAYS[sheet.day.weekday()]}",
        "until": found["at"].replace("T", " ")[:16],
        "groups": [{"title": title, "figures": found[name]} for name, title in GROUPS],
        "lists": [{"title": title, "lines": found["lists"][name]} for name, title in LISTS],
        "hidden": found["hidden"],
        "remarks": sheet.remarks,
        "signed": sheet.signed_at is not None,
        "signer": str(sheet.handler or ""),
        "signed_on": _day(sheet.signed_at),
        "signature": signature_of(sheet) if sheet.signed_at else "",
        "manager_words": sheet.manager_words,
        "reader": str(_read_by(sheet) or ""),
        "read_on": _day(sheet.closed_at) if sheet.state == sheet.State.READ else "",
    }


def shown(sheet: Any, by: Any) -> dict[str, Any]:
    """What one reader sees of a sheet: frozen if it is signed, else as things stand."""
    return readable(sheet.snapshot or effects.figures(sheet, by, timezone.now()), by)


def readable(snapshot: dict[str, Any], by: Any) -> dict[str, Any]:
    """The snapshot for one reader: a frozen line about a record that he may not see is left out and counted (另有 n 件)."""
    numbers = {line["number"] for lines in snapshot["lists"].values() for line in lines}
    seen = set(Record.objects.seen_by(by).filter(number__in=numbers).values_list("number", flat=True))
    lists = {name: [line for line in lines if line["number"] in seen] for name, lines in snapshot["lists"].items()}
    return {**snapshot, "lists": lists, "hidden": snapshot.get("hidden", 0) + len(numbers - seen)}


def _read_by(sheet: Any) -> Any:
    entry = sheet.journal.filter(step="read").select_related("by").last()
    return entry.by if entry else None


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y年%m月%d日}" if moment else ""
