"""The sheets on paper (F13 to F16, F22): frozen figures, without what the reader is barred from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yihu.areas.duties import effects
from yihu.areas.duties.models import ComplaintSheet, DaySheet, FeeSheet, LongSheet, MonthSheet, NoonSheet, WeekSheet
from yihu.basics import charts
from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.models import Attachment, Record
from yihu.kernel.signatures import drawing, signature_of

Titled = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Layout:
    """In which order a kind of sheet shows its groups of figures and its lists, and under which titles."""

    groups: Titled
    lists: Titled


DAY = Layout(
    (("counts", "接待"), ("standing", "销号"), ("repairs", "维修"), ("call_backs", "回访"), ("parcels", "邮件代收")),
    (
        ("major", "重大投诉（未结）"),
        ("complaints", "投诉"),
        ("keys", "逾期未还的钥匙"),
        ("urgent", "当日急修"),
        ("promised", "承诺答复（今日未答复及次日上午到期）"),
        ("open", "未办结事项（含以前遗留）"),
        ("done", "当日办结"),
    ),
)
LAYOUTS: dict[type, Layout] = {
    DaySheet: DAY,
    NoonSheet: DAY,
    WeekSheet: Layout(
        (("repairs", "维修"), ("rates", "及时与质量"), ("call_backs", "满意度回访")),
        (("deferred", "挂单"), ("late", "超时未完工"), ("to_call", "还要回访的")),
    ),
    MonthSheet: Layout(
        (
            ("contacts", "接待（类别）"),
            ("channels", "接待（渠道）"),
            ("repairs", "维修"),
            ("rates", "及时与质量"),
            ("matters", "跟进"),
            ("needs", "服务需求"),
            ("services", "特约服务"),
            ("warranty", "返修联系单"),
            ("outages", "停水停电"),
            ("voices", "表扬与建议"),
        ),
        (("warranty", "未结返修"), ("suggestions", "未结建议")),
    ),
    ComplaintSheet: Layout(
        (("complaints", "投诉"), ("complaint_rates", "及时与质量"), ("complaint_calls", "回访与满意")),
        (("major", "重大投诉"), ("open", "期末未结"), ("actions", "纠正预防措施"), ("cases", "本月受理")),
    ),
}
LAYOUTS[FeeSheet] = Layout(
    (("rates", "收费率"), ("current", "当期"), ("prior", "往期"), ("week", "本周收回"), ("ages", "欠费账龄")), ()
)
LAYOUTS[LongSheet] = LAYOUTS[MonthSheet]
WEEKDAYS = "一二三四五六日"


def day_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    """The snapshot if signed, else what it would show now."""
    return {**_sheet(sheet, by), "day": f"{sheet.day:%Y年%m月%d日}　星期{WEEKDAYS[sheet.day.weekday()]}"}


def week_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    return {**_sheet(sheet, by), "word": "统计周", "time": sheet.time_words}


def long_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    return {**_sheet(sheet, by), "word": "期间", "time": f"{sheet.words}（{sheet.time_words}）"}


def month_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    return {**_sheet(sheet, by), "word": "业务月", "time": f"{sheet.month}（{sheet.time_words}）"}


def complaint_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    """The drafter's signature and beneath it the project manager's."""
    approved = sheet.journal.filter(step="approve").select_related("by").last()
    reader = approved.by if approved else None
    return {
        **_sheet(sheet, by),
        "word": "业务月",
        "time": f"{sheet.month}（{sheet.time_words}）",
        "remarks_label": "原因分析",
        "measures": sheet.measures,
        "reader_label": "项目经理审签",
        "reader": str(reader or ""),
        "signature": _drawn(sheet, sheet.handler) if sheet.signed_at else "",
        "reader_signature": _drawn(sheet, reader),
    }


def fee_sheet(sheet: Any, by: Any) -> dict[str, Any]:
    told = {
        "word": "统计周",
        "time": sheet.time_words,
        "unit": "元",
        "remarks_label": "说明",
        "reader_label": "项目经理审阅",
    }
    return {**_sheet(sheet, by), **told}


def _drawn(sheet: Any, person: Any) -> bytes | str:
    """What this person last drew on the sheet."""
    own = Attachment.objects.filter(record_id=sheet.pk, purpose=Attachment.Purpose.SIGNATURE, by=person)
    return drawing(own.order_by("-at", "-pk").first() if person else None)


def _sheet(sheet: Any, by: Any) -> dict[str, Any]:
    found, layout = shown(sheet, by), LAYOUTS[type(sheet)]
    return {
        "community": sheet.community.name,
        "number": sheet.number,
        "until": found["at"].replace("T", " ")[:16],
        "groups": [
            {"title": title, "figures": [_worded(one) for one in found[name]]}
            for name, title in layout.groups
            if name in found
        ],
        "tables": [{**table, "rows": [_row(row) for row in table["rows"]]} for table in found.get("tables", [])],
        "trends": [{"title": title_of(one), "svg": chart(one)} for one in found.get("trends", [])],
        "lists": [
            {"title": title, "lines": found["lists"][name]} for name, title in layout.lists if name in found["lists"]
        ],
        "hidden": found["hidden"],
        "remarks": sheet.remarks,
        "signed": sheet.signed_at is not None,
        "signer": str(sheet.handler or ""),
        "signed_on": moments.formal(sheet.signed_at),
        "signature": signature_of(sheet) if sheet.signed_at else "",
        "manager_words": sheet.manager_words,
        "reader": str(_read_by(sheet) or ""),
        "read_on": moments.formal(sheet.closed_at) if sheet.state == sheet.State.READ else "",
    }


def diary(sheet: Any, by: Any) -> dict[str, Any]:
    parts = ("tasks", "findings", "unfinished", "handover")
    return {
        "community": sheet.community.name,
        "number": sheet.number,
        "day": f"{sheet.day:%Y年%m月%d日}　星期{WEEKDAYS[sheet.day.weekday()]}",
        "shift": sheet.get_shift_display(),
        "writer": str(sheet.opened_by),
        "parts": [
            {"label": sheet._meta.get_field(name).verbose_name, "text": mask_free_text(getattr(sheet, name))}
            for name in parts
        ],
        "reader": str(_read_by(sheet) or ""),
        "reader_words": sheet.reader_words,
        "read_on": moments.formal(sheet.closed_at),
    }


def chart(trend: dict[str, Any]) -> charts.Drawing:
    """The one drawing of a trend, for the screen and for paper: the first few of its lines, which are the greatest."""
    series = [(one["label"], one["values"]) for one in trend["series"][: charts.MOST]]
    return charts.lines([one["label"] for one in trend["points"]], series, unit=trend["unit"])


def title_of(trend: dict[str, Any]) -> str:
    """A trend's title, which says so where the drawing leaves lines to the table."""
    return trend["title"] + (f"，最多的 {charts.MOST} 项" if len(trend["series"]) > charts.MOST else "")


def shown(sheet: Any, by: Any) -> dict[str, Any]:
    """What one reader sees of a sheet: frozen if it is signed, else as things stand."""
    return readable(sheet.snapshot or effects.figures(sheet, by, timezone.now()), by)


def readable(snapshot: dict[str, Any], by: Any) -> dict[str, Any]:
    """The snapshot for one reader: a frozen line about a record that he may not see is left out and counted (另有 n 件)."""
    numbers = {line["number"] for lines in snapshot["lists"].values() for line in lines}
    seen = set(Record.objects.seen_by(by).filter(number__in=numbers).values_list("number", flat=True))
    lists = {name: [line for line in lines if line["number"] in seen] for name, lines in snapshot["lists"].items()}
    return {**snapshot, "lists": lists, "hidden": snapshot.get("hidden", 0) + len(numbers - seen)}


def _worded(figure: dict[str, Any]) -> dict[str, str]:
    return {"label": figure["label"], "value": figure.get("text") or str(figure["value"])}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {"label": row["label"], "cells": [cell.get("text") or str(cell["value"]) for cell in row["cells"]]}


def _read_by(sheet: Any) -> Any:
    entry = sheet.journal.filter(step="read").select_related("by").last()
    return entry.by if entry else None
