"""What the journal knows of looks at personal data: reveals, scans, readings, full lists, what was given out (ARC-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.papers.filing import BOOK
from yihu.ground.papers.models import Paper
from yihu.kernel import moments
from yihu.kernel.authority import authority
from yihu.kernel.bars import without
from yihu.kernel.models import JournalEntry, Record

PARTY = "estate.party"
# what is a look, by the step that the journal names; of a register's own steps with the register
KINDS: dict[str, tuple[str, Q]] = {
    "reveal": ("查看完整号码", Q(step="reveal")),
    "look": ("查看扫描件", Q(step="look")),
    "reading": ("查阅户档", Q(step="begin", record__kind="archives.reading")),
    "roster": ("导出完整名单", Q(step="take", record__kind="households.roster")),
    "given": ("向外提供", Q(step="give", record__kind="archives.disclosure")),
    "copy": ("给本人的副本", Q(step="copy", record__kind="archives.datarequest")),
}


@dataclass(frozen=True)
class Asked:
    """What the page was asked for."""

    first: date
    last: date
    who: int | None = None
    unit: Any = None
    kind: str = ""


def looks(community: Any, person: Any, asked: Asked) -> QuerySet[JournalEntry]:
    """The looks of this community, the newest first. A look that stands on a record and in the person's own book is told
    once; of a record from which the asker is barred nothing is told. The program's own sending is no look."""
    parties, papers = Party.objects.filter(community=community), Paper.objects.filter(community=community)
    here = Record.objects.filter(community=community, pk=OuterRef("record_id"))
    if asked.unit is not None:
        stays = Occupancy.objects.filter(unit=asked.unit)
        parties, papers = parties.filter(pk__in=stays.values("party")), papers.filter(unit=asked.unit)
        here = here.filter(unit=asked.unit)
    twin = JournalEntry.objects.filter(
        record__isnull=False, step="reveal", by=OuterRef("by"), at=OuterRef("at"), sentence=OuterRef("sentence")
    )
    kinds = [KINDS[asked.kind]] if asked.kind in KINDS else list(KINDS.values())
    wanted = Q()
    for _, condition in kinds:
        wanted |= condition
    zone = timezone.get_current_timezone()
    rows = JournalEntry.objects.filter(
        wanted,
        step__in=["reveal", "look", "begin", "take", "give", "copy"],
        at__gte=datetime(asked.first.year, asked.first.month, asked.first.day, tzinfo=zone),
        at__lt=datetime(asked.last.year, asked.last.month, asked.last.day, tzinfo=zone) + timedelta(days=1),
    )
    rows = rows.filter(
        Exists(without(here, person))
        | (Q(book__register=PARTY, book__object_id__in=_keys(parties)) & ~Exists(twin))
        | Q(book__register=BOOK, book__object_id__in=_keys(papers))
    )
    rows = rows.filter(by_id=asked.who) if asked.who else rows.exclude(by=authority().system())
    return rows.select_related("by", "record__unit", "book").order_by("-at", "-pk")


def _keys(rows: Any) -> Any:
    return rows.annotate(book_key=Cast("pk", CharField())).values("book_key")


def people_of(rows: QuerySet[JournalEntry]) -> list[tuple[int, str]]:
    """Who is among those who looked."""
    found = rows.order_by().values_list("by_id", "by__name").distinct()
    return sorted(found, key=lambda one: one[1])


def lines(rows: Iterable[JournalEntry], person: Any) -> list[dict[str, str]]:
    """When, who, whose or which paper, what and why. A record is linked only where the asker may open it."""
    some = list(rows)
    wanted = {
        name: {row.book.object_id for row in some if row.book and row.book.register == name} for name in (PARTY, BOOK)
    }
    names = {(PARTY, str(one.pk)): (one.name, one) for one in Party.objects.filter(pk__in=wanted[PARTY])}
    papers = Paper.objects.filter(pk__in=wanted[BOOK]).select_related("unit")
    names |= {(BOOK, str(one.pk)): (f"{one.unit} {one.title}", None) for one in papers}
    records = Record.objects.seen_by(person).filter(pk__in=[row.record_id for row in some if row.record_id])
    seen = {record.pk: record for record in records.select_related("unit")}
    return [_line(row, names, seen) for row in some]


def _line(row: JournalEntry, names: dict[tuple[str, str], Any], seen: dict[int, Any]) -> dict[str, str]:
    said = {"at": moments.stamp(row.at), "by": str(row.by), "sentence": row.sentence, "url": "", "of": ""}
    if row.book is not None:
        name, party = names.get((row.book.register, row.book.object_id), ("", None))
        return {**said, "of": name, "url": party.get_absolute_url() if party else ""}
    record = seen.get(row.record_id or 0)
    if record is not None:
        return {**said, "of": f"{record.unit or ''} {record.number}".strip(), "url": record.get_absolute_url()}
    return {**said, "of": str(row.record.number if row.record else "")}
