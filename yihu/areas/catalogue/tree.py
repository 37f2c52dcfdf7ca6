"""The whole tree at once: sections in their order, items in theirs, what lies where; two questions whatever its size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum

from yihu.areas.catalogue.models import DestructionLine, Item, ItemLoan, Section

MOST_FOUND = 200


@dataclass
class Branch:
    """One section with what stands in it; ``cabinet`` is its own or the next one above."""

    section: Section
    cabinet: str
    items: list[Item] = field(default_factory=list)
    below: list[Branch] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Items here and below."""
        return len(self.items) + sum(branch.total for branch in self.below)

    @property
    def held(self) -> int:
        """Of these, how many are really there."""
        here = sum(1 for item in self.items if item.copies and item.status == Item.Status.KEPT)
        return here + sum(branch.held for branch in self.below)


def items_of(community: Any) -> Any:
    """The entries in the order of the catalogue, each knowing whether it is out or waits on a list."""
    out = ItemLoan.objects.filter(item=OuterRef("pk"), is_out=True)
    waits = DestructionLine.objects.filter(item=OuterRef("pk"), waits=True)
    rows = Item.objects.filter(community=community).annotate(out=Exists(out), listed=Exists(waits))
    return rows.select_related("box", "rule", "keeper", "section").order_by("section_id", "position", "pk")


def branches(community: Any, rows: Any = None) -> list[Branch]:
    """The parts of a community's catalogue."""
    sections = Section.objects.filter(community=community, shown=True).order_by("position", "pk")
    children: dict[int | None, list[Section]] = defaultdict(list)
    for section in sections:
        children[section.parent_id].append(section)
    held: dict[int, list[Item]] = defaultdict(list)
    for item in items_of(community).filter(shown=True) if rows is None else rows:
        held[item.section_id].append(item)

    def build(section: Section, above: str) -> Branch:
        cabinet = section.cabinet or above
        below = [build(child, cabinet) for child in children[section.pk]]
        return Branch(section, cabinet, held[section.pk], below)

    return [build(part, "") for part in children[None]]


def found(community: Any, text: str) -> list[Item]:
    """By title, number, period, place, box or cabinet; all of several words."""
    rows = items_of(community)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(title__icontains=word) | Q(number__iexact=word) | Q(period__icontains=word) | Q(place__icontains=word)
            | Q(remark__icontains=word) | Q(box__number__icontains=word) | Q(box__title__icontains=word)
            | Q(cabinet__icontains=word) | Q(section__title__icontains=word) | Q(section__number__iexact=word)
        )  # fmt: skip
    return list(rows[:MOST_FOUND])


def cabinet_of(item: Item) -> str:
    """Where it stands: its own cabinet, its box's, its section's."""
    if item.cabinet:
        return item.cabinet
    if item.box is not None:
        return item.box.cabinet
    section: Section | None = item.section
    while section is not None:
        if section.cabinet:
            return section.cabinet
        section = section.parent
    return ""


def relevel(section: Section, by: Any) -> None:
    """A section that is moved takes what stands below it along."""
    if section.pk:
        for child in Section.objects.filter(parent_id=section.pk):
            child.level = section.level + 1
            child.save(update_fields=["level"])
            relevel(child, by)


def full_number(item: Item) -> str:
    """What an item is called outside its section: 1.17 · 7; 8.1.12 says its section itself."""
    section = item.section.number
    return item.number if item.number.startswith(f"{section}.") else f"{section} · {item.number}"


def next_number(section: Section) -> tuple[str, int]:
    """What the next item of a section is called (as the last one was: 7 or 8.1.12), and its place."""
    last = section.items.filter(shown=True).order_by("-position", "-pk").first()
    if last is None:
        return "1", 1
    head, dot, tail = last.number.rpartition(".")
    return (f"{head}{dot}{int(tail) + 1}" if tail.isdigit() else ""), last.position + 1


def totals(community: Any) -> dict[str, int]:
    """How many entries, and how many copies are there."""
    rows = Item.objects.filter(community=community, shown=True, status=Item.Status.KEPT)
    return {"entries": rows.count(), "copies": rows.aggregate(sum=Sum("copies"))["sum"] or 0}


def hindrance(item: Any, today: date) -> str:
    """Why an item must not be destroyed now, or "". ``item`` comes of ``items_of``."""
    if item.status != Item.Status.KEPT:
        return f"{item.get_status_display()}，不在档"
    if item.hold:
        return f"已锁定：{item.hold}"
    if item.out:
        return "借出未还"
    if item.expires_on is None:
        return "没有到期日"
    if item.expires_on >= today:
        return f"{item.expires_on} 才到期"
    return ""
