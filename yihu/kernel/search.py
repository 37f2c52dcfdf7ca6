"""The one search box. Records are found by number, summary and words; other floors register their own providers.

Chinese is cut into pairs of characters (``basics.grams``), the same way on both databases: FTS5 on SQLite, a GIN index
over ``to_tsvector('simple', …)`` on PostgreSQL. Phones never enter this index; they are matched by blind index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from yihu.basics.grams import fts5_query, grams, tsquery
from yihu.basics.identity import mask_free_text
from yihu.kernel.models.record import Record
from yihu.kernel.models.search import SearchEntry

LIMIT = 8
MATCH_SQLITE = "SELECT rowid FROM kernel_searchtext WHERE kernel_searchtext MATCH %s"
MATCH_POSTGRESQL = "SELECT id FROM kernel_searchentry WHERE to_tsvector('simple', grams) @@ to_tsquery('simple', %s)"


@dataclass(frozen=True)
class Hit:
    """One line under the search box."""

    kind: str
    title: str
    subtitle: str
    url: str


@dataclass(frozen=True)
class Group:
    label: str
    hits: list[Hit]


Provider = Callable[[str, Any, int], list[Hit]]
_providers: dict[str, tuple[str, Provider]] = {}


def provider(kind: str, label: str, find: Provider) -> None:
    """Register ``find(text, person, limit)``; it must itself show the person only what he may see."""
    _providers[kind] = (label, find)


def entry(
    kind: str, object_id: int, community_id: int | None, title: str, subtitle: str = "", words: str = ""
) -> SearchEntry:
    text = " ".join(grams(f"{title} {subtitle} {words}"))
    return SearchEntry(
        kind=kind,
        object_id=object_id,
        community_id=community_id,
        title=title[:120],
        subtitle=subtitle[:200],
        grams=text,
    )


def index_many(entries: Iterable[SearchEntry]) -> None:
    """Insert or replace entries; the text index follows by itself."""
    SearchEntry.objects.bulk_create(
        list(entries),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["community", "title", "subtitle", "grams"],
    )


def index(kind: str, object_id: int, community_id: int | None, title: str, subtitle: str = "", words: str = "") -> None:
    index_many([entry(kind, object_id, community_id, title, subtitle, words)])


def remove(kind: str, object_ids: Iterable[int]) -> None:
    SearchEntry.objects.filter(kind=kind, object_id__in=list(object_ids)).delete()


def index_record(record: Any) -> None:
    words = mask_free_text(record.search_words())  # a telephone may stand where a name was asked for
    index("record", record.pk, record.community_id, record.number, record.summary, words)


def matching(text: str, kinds: Iterable[str], communities: Iterable[int] | None) -> Any:
    """SearchEntry rows that match, newest first; none for a text without anything to look for."""
    sqlite = connection.vendor == "sqlite"
    query = fts5_query(text) if sqlite else tsquery(text)
    entries = SearchEntry.objects.filter(kind__in=list(kinds))
    if not query:
        return entries.none()
    if communities is not None:
        entries = entries.filter(community_id__in=list(communities))
    return entries.filter(pk__in=RawSQL(MATCH_SQLITE if sqlite else MATCH_POSTGRESQL, [query])).order_by("-id")


def find(text: str, person: Any, limit: int = LIMIT) -> list[Group]:
    """What the box shows for ``text``, grouped by kind, each group at most ``limit`` long."""
    text = text.strip()[:60]
    if not text:
        return []
    groups = [Group(label, find_some(text, person, limit)) for label, find_some in _providers.values()]
    return [group for group in groups if group.hits]


def find_records(text: str, person: Any, limit: int) -> list[Hit]:
    found = matching(text, ["record"], None).values_list("object_id", flat=True)
    rows = Record.objects.seen_by(person).filter(pk__in=found).select_related("unit").order_by("-opened_at")[:limit]
    return [
        Hit(
            "record",
            f"{row.number} {row.summary}",
            f"{row.procedure.title} · {row.unit or '公共区域'} · {row.state_word}",
            row.get_absolute_url(),
        )
        for row in rows
    ]


provider("record", "记录", find_records)
