"""The doors of the plain registers of the repairs: who does what, standard faults, outside firms. Each row has its journal."""

from __future__ import annotations

from typing import Any

from yihu.areas.repairs.models import Firm, Skill, StandardFault, WorkOrder
from yihu.kernel.authority import is_system
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.facts import words
from yihu.kernel.plain import may_everywhere, require, writing

EDIT = "repairs.lists"
SKILLS, FAULTS, FIRMS = "repairs.skills", "repairs.standardfault", "repairs.firm"
COLUMNS = {
    FAULTS: ("name", "trade", "level", "minutes", "chargeable", "guidance", "shown"),
    FIRMS: ("name", "trades", "contact", "phone", "remark", "shown"),
}
REFUSED = "您不能维护这张表，请找工程主管。"


def skills_id(community: Any, person: Any) -> str:
    return f"{community.pk}/{person.pk}"


def set_skills(
    community: Any, person: Any, trades: list[str], *, by: Any, key: str | None = None, seen: int | None = None
) -> None:
    """What one person does here; none at all means every trade."""
    require(by, EDIT, community.pk, REFUSED)
    wanted = [trade for trade in WorkOrder.Trade.values if trade in trades]
    with writing(SKILLS, skills_id(community, person), by=by, key=key, verb="set", body=wanted, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        rows = Skill.objects.filter(community=community, person=person)
        before = [trade for trade in WorkOrder.Trade.values if trade in set(rows.values_list("trade", flat=True))]
        if before == wanted:
            return
        rows.exclude(trade__in=wanted).delete()
        Skill.objects.bulk_create(
            [Skill(community=community, person=person, trade=trade) for trade in wanted if trade not in before]
        )
        changed = {"trades": [trades_text(before), trades_text(wanted)]}
        commanding.note(book, f"{by} 改{person}的工种", changed, step="set")


def trades_text(trades: Any) -> str:
    labels = dict(WorkOrder.Trade.choices)
    return "、".join(str(labels[trade]) for trade in trades) or "各工种"


def may_edit_fault(by: Any, fault: StandardFault) -> bool:
    return fault.community_id is not None or is_system(by) or may_everywhere(by, EDIT)


def save_fault(fault: StandardFault, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """A standard fault, new or changed; the company's own only by whoever looks after all communities."""
    if fault.community_id is not None:
        require(by, EDIT, fault.community_id, REFUSED)
    elif not may_edit_fault(by, fault):
        raise NotAllowed("全公司的常见故障，只能由管理所有项目的主管修改；本项目可以另写一条。")
    twins = StandardFault.objects.filter(community_id=fault.community_id, name=fault.name).exclude(pk=fault.pk)
    _save(FAULTS, fault, by, key, seen, twins, "常见故障里已经有同名的一条，请改那一条。")


def save_firm(firm: Firm, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    require(by, EDIT, firm.community_id, REFUSED)
    twins = Firm.objects.filter(community_id=firm.community_id, name=firm.name).exclude(pk=firm.pk)
    _save(FIRMS, firm, by, key, seen, twins, "已经有同名的外委单位，请改那一条。")


def _save(register: str, row: Any, by: Any, key: str | None, seen: int | None, twins: Any, refusal: str) -> None:
    columns = COLUMNS[register]
    body = [row.community_id, *(str(getattr(row, name)) for name in columns if name != "phone")]
    title = row._meta.verbose_name
    with writing(register, row.pk or "new", by=by, key=key, verb="save", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        if twins.exists():
            raise Refused(refusal)
        before = type(row).objects.filter(pk=row.pk).first() if row.pk else None
        if before is None:
            row.save(force_insert=True)
            commanding.note(commanding.book(register, row.pk), f"{by} 写入{title}“{row.name}”", step="add")
        else:
            row.save(update_fields=columns)
            if changed := _differences(before, row, columns):
                commanding.note(book, f"{by} 修改{title}“{row.name}”", changed, step="change")
        commanding.answer(row)


def _differences(before: Any, after: Any, columns: tuple[str, ...]) -> dict[str, list[str]]:
    found = {}
    for name in columns:
        old, new = _words(before, name), _words(after, name)
        if old != new or (name == "phone" and before.phone_index != after.phone_index):
            found[name] = [old, new]
    return found


def _words(row: Any, name: str) -> str:
    return trades_text(row.trades) if name == "trades" else words(row._meta.get_field(name), getattr(row, name))
