"""The archives' paper: a household's catalogue, and the label on its file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.archives.catalogue import HouseFile, cabinet_among, cabinet_of, file_of
from yihu.areas.archives.models import Cabinet, Reading, ShelfCheck
from yihu.basics.charts import Drawing
from yihu.basics.identity import mask_free_text
from yihu.basics.worktime import business_month, business_month_bounds
from yihu.kernel import moments, site
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.plain import qr_svg

MOST_LINES = 2000


def address_of(unit: Any) -> str:
    """What the QR code on the label leads to: the household's file in this program."""
    path = reverse("archives:unit", args=[unit.pk])
    return site.address(path) or path


def last_check(unit: Any) -> Any:
    return ShelfCheck.objects.filter(unit=unit).select_related("opened_by").order_by("-opened_at").first()


def catalogue(unit: Any, by: Any) -> dict[str, Any]:
    """《业主档案目录》 (F37): each line with its pages and place; what is missing, and since when."""
    file, cabinet, check = file_of(unit), cabinet_of(unit), last_check(unit)
    owners = unit.occupancies.on(timezone.localdate()).filter(role="owner").select_related("party").order_by("place")
    return {
        "community": unit.community.name,
        "number": unit.label,
        "qr": address_of(unit),
        "unit": unit.label,
        "owners": "、".join(str(stay.party) for stay in owners),
        "cabinet": f"{cabinet}（保管人 {cabinet.keeper}）" if cabinet else "未定",
        "checked": f"{timezone.localtime(check.opened_at):%Y-%m-%d} {check.opened_by}：{check.state_word}" if check else "尚未核对",
        "lines": [row for line in file.lines for row in _rows(line)],
        "others": [_row(paper) for paper in file.others],
        "missing": len(file.missing),
        "held": len(file.papers),
    }  # fmt: skip


def _rows(line: Any) -> list[list[str]]:
    if not line.papers:
        said = f"缺，自 {line.since} 起" if line.missing else "（有则归档）"
        return [[line.doc.name, said, "", "", ""]]
    return [[line.doc.name, *_row(paper)] for paper in line.papers]


def _row(paper: dict[str, Any]) -> list[str]:
    scanned = f"{paper['scanned']} 个" if paper["scanned"] else ""
    return [
        mask_free_text(paper["title"]),
        str(paper["pages"] or ""),
        mask_free_text(paper["place"]) or ("仅电子档" if scanned else ("随单据" if paper["record_id"] else "")),
        scanned,
    ]


def labels(units: list[Any], by: Any) -> dict[str, Any]:
    """Labels for the spines: the house, its cabinet, a QR code that opens its file. No name stands outside (SEC-04)."""
    here = units[0].community
    cabinets = list(Cabinet.objects.filter(community=here, shown=True).order_by("position", "pk"))
    return {
        "community": here.name,
        "labels": [
            {
                "unit": unit.label,
                "place": str(cabinet_among(cabinets, unit) or ""),
                "qr": Drawing(qr_svg(address_of(unit))),
            }
            for unit in units
        ],
    }


def missing_list(files: list[HouseFile], community: Any, what: str) -> dict[str, Any]:
    """The houses whose files lack something, to be worked off."""
    lines = []
    for file in files:
        lacks = "、".join(f"{line.doc.name}（{line.since}）" for line in file.missing)
        plain = "、".join(mask_free_text(paper["title"]) for paper in file.not_scanned)
        lines.append([file.unit.label, lacks, plain])
    return {"community": community.name, "what": what, "total": len(lines), "lines": lines}


def reading_log(reading: Any, by: Any) -> dict[str, Any]:
    """《业主档案查阅登记表》 (F38) of the business month in which this reading was asked for."""
    year, month = business_month(reading.opened_at)
    start, end = business_month_bounds(year, month)
    rows = Reading.objects.seen_by(by).filter(community=reading.community, opened_at__gte=start, opened_at__lt=end)
    found = rows.select_related("unit", "escort", "allowed_by").order_by("opened_at", "pk")[:MOST_LINES]
    return {
        "community": reading.community.name,
        "number": f"{reading.community.code}-CY-{year}{month:02d}",
        "period": f"{year}年{month}月",
        "lines": [
            [
                moments.short(row.opened_at),
                mask_free_text(f"{row.reader}（{row.dept}）"),
                str(row.unit or ""),
                row.wanted_words(),
                mask_free_text(row.reason),
                f"{row.allowed_by} {moments.short(row.allowed_at)}" if row.allowed_by else row.state_word,
                str(row.escort or ""),
                moments.short(row.out_at),
                moments.short(row.back_at),
                mask_free_text(row.copies) if row.copied else ("否" if row.back_at else ""),
            ]
            for row in found
        ],
    }


CATALOGUE = Print("catalogue", "业主档案目录", data=catalogue)
LABELS = Print("labels", "档案标签", data=labels, of_one=False)
MISSING = Print("missing_list", "缺档案清单", data=missing_list, of_one=False)
