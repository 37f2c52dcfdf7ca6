"""What stands on the sheets: 总目录 (F44), labels and contents of boxes, loans, destruction, contracts, titles (F40, F41)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.catalogue.models import AncillaryTitle, Box, Contract, DestructionLine, Item
from yihu.areas.catalogue.titles import unit_rows
from yihu.areas.catalogue.tree import Branch, branches, full_number, totals
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel import moments
from yihu.kernel.models import Attachment
from yihu.kernel.prints.declare import Print
from yihu.kernel.signatures import drawing, signature_of

MOST_CONTRACTS, MOST_BOXES = 1000, 400


# -- 总目录 ------------------------------------------------------------------------------------------------------------


def catalogue(community: Any, by: Any) -> dict[str, Any]:
    """F44 as on the wall: each part with the name of its cabinet, then section by section what is held."""
    parts = [
        {"title": f"{part.section.number}、{part.section.title}", "cabinet": part.cabinet, "remark": part.section.remark,
         "lines": [line for line in _lines(part, part.cabinet) if line]}
        for part in branches(community)
    ]  # fmt: skip
    return {"community": community.name, "parts": parts, **totals(community), "day": _day(timezone.localdate())}


def _lines(branch: Branch, cabinet: str) -> list[list[str]]:
    """[编号, 名称, 期间, 份数, 位置, 保管人, 保管期限]; a section's line has its cabinet where it differs."""
    found: list[list[str]] = []
    for item in branch.items:
        found.append(_entry(item, branch.cabinet))
    for below in branch.below:
        section = below.section
        extra = [f"档案柜：{below.cabinet}" if below.cabinet != cabinet else "", section.remark]
        found.append(["=", f"{section.number} {section.title}".strip(), "，".join(filter(None, extra))])
        found.extend(_lines(below, below.cabinet))
    return found


def _entry(item: Any, cabinet: str) -> list[str]:
    own = item.cabinet or (item.box.cabinet if item.box else "")
    where = [own if own != cabinet else "", f"盒 {item.box.number}" if item.box else "", item.place]
    remark = [item.remark, "已锁定" if item.hold else "", "借出" if item.out else ""]
    if item.status != Item.Status.KEPT:
        remark = [item.get_status_display()]
    title = f"{item.title}（{'，'.join(filter(None, remark))}）" if any(remark) else item.title
    return [
        item.number,
        mask_free_text(title),
        item.period,
        str(item.copies) if item.copies else "",
        mask_free_text(" ".join(filter(None, where))),
        str(item.keeper or ""),
        str(item.rule or ""),
    ]


# -- boxes -------------------------------------------------------------------------------------------------------------


def box_contents(box: Box, by: Any) -> dict[str, Any]:
    items = box.items.filter(shown=True, status=Item.Status.KEPT).select_related("section", "rule")
    return {
        "community": box.community.name,
        "title": "档案盒目录",
        "box_no": box.number,
        "box": box.title,
        "cabinet": box.cabinet,
        "lines": [
            [full_number(item), mask_free_text(item.title), item.period, str(item.copies or ""), str(item.rule or "")]
            for item in items.order_by("section__number", "position", "pk")
        ],
    }  # fmt: skip


def box_labels(community: Any, by: Any) -> dict[str, Any]:
    rows = Box.objects.filter(community=community, shown=True).order_by("position", "number")[:MOST_BOXES]
    return {
        "community": community.name,
        "title": "档案盒标签",
        "labels": [{"number": box.number, "title": box.title, "cabinet": box.cabinet} for box in rows],
    }


# -- records -----------------------------------------------------------------------------------------------------------


def loan_slip(loan: Any, by: Any) -> dict[str, Any]:
    return {
        "community": loan.community.name,
        "number": loan.number,
        "item": f"{loan.item.section} · {loan.item.number} {loan.item}",
        "borrower": loan.borrower,
        "department": loan.department,
        "purpose": loan.purpose,
        "lent": moments.stamp(loan.opened_at),
        "due": moments.stamp(loan.due_at),
        "returned": moments.stamp(loan.returned_at),
        "condition": f"{loan.get_condition_display()} {loan.note}".strip(),
        "clerk": str(loan.opened_by),
    }


def destruction_list(record: Any, by: Any) -> dict[str, Any]:
    lines = DestructionLine.objects.filter(destruction_id=record.pk).order_by("pk")
    drawn = {
        one.by_id: one
        for one in Attachment.objects.filter(record_id=record.pk, purpose=Attachment.Purpose.SIGNATURE).order_by("pk")
    }
    checker = record.journal.filter(step="check").select_related("by").order_by("-seq").first()
    return {
        "community": record.community.name,
        "number": record.number,
        "reason": record.reason,
        "lines": [
            [line.number, mask_free_text(line.title), str(line.copies), line.rule, f"{line.since}", f"{line.expires_on}"]
            for line in lines
        ],
        "proposed": f"{record.opened_by}　{moments.stamp(record.opened_at)}",
        "checked": f"{checker.by}　{moments.stamp(checker.at)}　{record.opinion}".strip() if checker else "",
        "supervisor": [f"主管签批　{record.supervisor or ''}", drawing(drawn.get(record.supervisor_id)), moments.stamp(record.supervisor_at)],
        "manager": [f"经理签批　{record.manager or ''}", drawing(drawn.get(record.manager_id)), moments.stamp(record.manager_at)],
        "done": f"{record.destroyed_on}　{record.get_method_display()}　监销人 {record.witness}" if record.destroyed_on else "",
        "files": f"同时删除电子文件 {record.files_gone} 个" if record.files_gone else "",
    }  # fmt: skip


def contract_card(contract: Any, by: Any) -> dict[str, Any]:
    return {
        "community": contract.community.name,
        "number": contract.number,
        "subject": contract.subject,
        "sort": contract.get_sort_display(),
        "counterparty": contract.counterparty,
        "paper_no": contract.paper_no,
        "amount": f"{yuan(contract.amount_fen)} 元" if contract.amount_fen else "",
        "amount_note": contract.amount_note,
        "term": f"{contract.from_on} 至 {contract.to_on}",
        "handler": str(contract.handler or ""),
        "contact": f"{contract.contact_name} {contract.contact_phone}".strip(),
        "place": contract.place,
        "state": contract.state_word,
        "plan": f"{contract.get_plan_display()} {contract.plan_note}".strip(),
        "end": f"{contract.ended_on} {contract.end_reason}" if contract.ended_on else "",
    }


def ledger_filing(record: Any, by: Any) -> dict[str, Any]:
    words = {"filed": "已归档", "none": "本月没有", "not_yet": "未归"}
    read = record.journal.filter(step="read").select_related("by").order_by("-seq").first()
    return {
        "community": record.community.name,
        "number": record.number,
        "period": record.period,
        "lines": [
            [line["name"], words[line["done"]], str(line["pages"] or ""), mask_free_text(line["place"] or "") if line["done"] == "filed" else "",
             mask_free_text(line["why"] or "")]
            for line in record.lines or ()
        ],
        "found": record.found,
        "signature": signature_of(record),
        "filed": moments.stamp(record.filed_at),
        "read": f"客服主管审阅　{read.by}" if read else "客服主管审阅",
        "read_at": moments.stamp(read.at) if read else "",
    }  # fmt: skip


# -- lists -------------------------------------------------------------------------------------------------------------


def contract_list(community: Any, by: Any) -> dict[str, Any]:
    """Those that run, the next to end first; only what ``by`` may see."""
    rows = Contract.objects.seen_by(by).filter(community=community, closed_at__isnull=True)
    today = timezone.localdate()
    return {
        "community": community.name,
        "title": "合同台账",
        "total": rows.count(),
        "lines": [
            [one.get_sort_display(), mask_free_text(one.subject), mask_free_text(one.counterparty), one.paper_no,
             yuan(one.amount_fen) if one.amount_fen else one.amount_note, f"{one.from_on}", f"{one.to_on}", left(one.to_on, today),
             str(one.handler or ""), mask_free_text(one.place)]
            for one in rows.select_related("handler").order_by("to_on", "pk")[:MOST_CONTRACTS]
        ],
    }  # fmt: skip


def left(day: date, today: date) -> str:
    """剩 45 天, 今天到期, 过期 3 天."""
    days = (day - today).days
    return f"剩 {days} 天" if days > 0 else f"过期 {-days} 天" if days else "今天到期"


def unit_titles(building: Any, by: Any) -> dict[str, Any]:
    return {
        "community": building.community.name,
        "title": "房屋权属清册",
        "building": str(building),
        "lines": [
            [row["unit"], row["title_no"], row["holder"], row["area"], row["since"], mask_free_text(row["remark"])]
            for row in unit_rows(building)
        ],
    }


def ancillary_titles(community: Any, by: Any) -> dict[str, Any]:
    rows = AncillaryTitle.objects.filter(community=community, shown=True).order_by("position", "pk")
    return {
        "community": community.name,
        "title": "房屋附属设施权属清册",
        "building": "",
        "lines": [
            [f"{row.name} {row.place}".strip(), row.title_no, mask_free_text(row.holder), f"{row.area}" if row.area else "",
             f"{row.since or ''}", mask_free_text(row.remark)]
            for row in rows
        ],
    }  # fmt: skip


PAPERS = {
    "catalogue": Print("catalogue", "档案总目录", data=catalogue, of_one=False),
    "labels": Print("box_labels", "档案盒标签", data=box_labels, of_one=False),
    "contracts": Print("contract_list", "合同台账", data=contract_list, paper="a4-landscape", of_one=False),
    "ancillary": Print("titles", "房屋附属设施权属清册", data=ancillary_titles, of_one=False),
}
BOX_PAPER = Print("box_contents", "档案盒目录", data=box_contents, of_one=False)
BUILDING_PAPER = Print("titles", "房屋权属清册", data=unit_titles, of_one=False)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
