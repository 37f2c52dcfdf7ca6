"""The one search box. Records are found by number, summary and words; other floors register their own providers.

Chinese is cut into pairs of characters (``basics.grams``), the same way on both databases: FTS5 on SQLite, a GIN index
over a stored ``tsvector`` on PostgreSQL. Phones never enter this index; they are matched by blind index.

A short word stands in a great many texts. ``newest`` therefore looks at a bounded number of them, the newest first: FTS5
walks backwards, and on PostgreSQL each entry also carries marks that nobody can type: its kind, its community, and its
block of numbers, so that the newest blocks are asked first and the rest only if these give too little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from yihu.basics.grams import fts5_query, grams, tsqueries, tsquery
from yihu.basics.identity import mask_free_text
from yihu.kernel.authority import grants_of
from yihu.kernel.jobs import job
from yihu.kernel.models.record import Record
from yihu.kernel.models.search import SearchEntry

LIMIT = 8
CANDIDATES = 400  # entries that a question looks at, the newest first
ENOUGH = 60  # entries of the newest blocks with which it does not look further back
MARKED = 16  # communities that are asked for by their marks; of more the rows are looked at
MATCH_SQLITE = "SELECT rowid FROM kernel_searchtext WHERE kernel_searchtext MATCH %s"
MATCH_POSTGRESQL = "SELECT id FROM kernel_searchentry WHERE words @@ (to_tsquery('simple', %s) && %s::tsquery)"
MERGE_SQLITE = "INSERT INTO kernel_searchtext (kernel_searchtext, rank) VALUES ('merge', %s)"
MERGED_AT_ONCE = 500  # pages of the index in one short transaction
NEWEST_SQLITE = """
    SELECT entry.object_id FROM kernel_searchtext AS text CROSS JOIN kernel_searchentry AS entry ON entry.id = text.rowid
    WHERE text.grams MATCH %s AND entry.kind = %s {where} ORDER BY text.rowid DESC LIMIT %s"""
# 12: the bits of a block, as the migration 0005 marks it. What only begins so is not asked of the index, which would read
# every word that does, but of the rows: ts_match_vq is @@ by a name that no index knows. For the same reason the
# numbers are asked for as sums: else the newest rows of all are walked through one by one, or all keys are read.
NEWEST_POSTGRESQL = """
    WITH blocks AS MATERIALIZED (
        SELECT string_agg('''@b' || block || '''', '|')::tsquery AS words, min(block) << 12 AS since
        FROM (SELECT coalesce(max(id), 0) >> 12 AS last FROM kernel_searchentry) AS known, generate_series(last - 3, last) AS block),
    recent AS MATERIALIZED (
        SELECT id, object_id FROM kernel_searchentry
        WHERE words @@ (to_tsquery('simple', %(firm)s) && %(marks)s::tsquery && (SELECT words FROM blocks)) {begun} {where}
        ORDER BY id + 0 DESC LIMIT %(most)s),
    further AS MATERIALIZED (
        SELECT id, object_id FROM kernel_searchentry
        WHERE (SELECT since FROM blocks) > 0 AND (SELECT count(*) FROM recent) < %(enough)s AND id + 0 < (SELECT since FROM blocks)
        AND words @@ (to_tsquery('simple', %(further)s) && %(marks)s::tsquery) {further_begun} {where}
        ORDER BY id + 0 DESC LIMIT %(most)s)
    SELECT object_id FROM (SELECT * FROM recent UNION SELECT * FROM further) AS found ORDER BY id DESC"""
BEGUN = "AND ts_match_vq(words, to_tsquery('simple', %(loose)s))"


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


def index_records(numbers: Iterable[int]) -> None:
    for record in Record.objects.filter(pk__in=list(numbers)):
        index_record(record.typed)


def forget_at_once(numbers: Iterable[int]) -> None:
    """Index these records anew, and let no word of before stay in the index's own pages: SQLite keeps deleted words there
    until it merges them away."""
    index_records(numbers)
    if connection.vendor == "sqlite":
        merge_pages.using(key="search-merge").enqueue()


@job(retries=5)
def merge_pages() -> None:
    """Merge the whole text index, a little at a time, so that nobody waits for it."""
    with connection.cursor() as cursor:
        pages = -MERGED_AT_ONCE  # the first time: everything there is
        while True:
            before = cursor.connection.total_changes
            cursor.execute(MERGE_SQLITE, [pages])
            if cursor.connection.total_changes - before < 2:
                return
            pages = MERGED_AT_ONCE


def matching(text: str, kinds: Iterable[str], communities: Iterable[int] | None) -> Any:
    """SearchEntry rows that match, newest first; none for a text without anything to look for. All of them: for one
    community, or where the caller narrows further.
    """
    sqlite = connection.vendor == "sqlite"
    query = fts5_query(text) if sqlite else tsquery(text)
    kinds, places = list(kinds), None if communities is None else sorted(communities)
    entries = SearchEntry.objects.filter(kind__in=kinds)
    if not query:
        return entries.none()
    if places is not None:
        entries = entries.filter(community_id__in=places)
    found = RawSQL(MATCH_SQLITE, [query]) if sqlite else RawSQL(MATCH_POSTGRESQL, [query, _marks(kinds, places)])
    return entries.filter(pk__in=found).order_by("-id")


def newest(text: str, kind: str, communities: Iterable[int]) -> list[int]:
    """What the newest entries that match are about, newest first; at most ``CANDIDATES``."""
    places, sqlite = sorted(communities), connection.vendor == "sqlite"
    query = fts5_query(text)
    if not query or not places:
        return []
    where = f"AND community_id IN ({', '.join(map(str, map(int, places)))})"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute(NEWEST_SQLITE.format(where=where), [query, kind, CANDIDATES])
        else:
            firm, loose, whole = tsqueries(text)
            marked, begun = len(places) <= MARKED, BEGUN if loose else ""
            further = firm
            if not firm and not marked:  # of the whole company's older texts only whole words
                further, further_begun = whole, ""
            else:
                further_begun = begun
            sql = NEWEST_POSTGRESQL.format(where="" if marked else where, begun=begun, further_begun=further_begun)
            told = {"firm": firm, "loose": loose, "further": further, "marks": _marks([kind], places)}
            cursor.execute(sql, {**told, "most": CANDIDATES, "enough": ENOUGH})
        return [row[0] for row in cursor.fetchall()]


def _marks(kinds: list[str], places: list[int] | None) -> str:
    """The marks of these kinds and communities, as a tsquery; too many communities are left to the rows."""
    groups = [[f"@{kind}" for kind in kinds]]
    if places and len(places) <= MARKED:
        groups.append([f"@c{place}" for place in places])
    return " & ".join("(" + " | ".join(f"'{mark}'" for mark in group) + ")" for group in groups)


def find(text: str, person: Any, limit: int = LIMIT) -> list[Group]:
    """What the box shows for ``text``, grouped by kind, each group at most ``limit`` long."""
    text = text.strip()[:60]
    if not text:
        return []
    groups = [Group(label, find_some(text, person, limit)) for label, find_some in _providers.values()]
    return [group for group in groups if group.hits]


def find_records(text: str, person: Any, limit: int) -> list[Hit]:
    """The newest of the newest candidates; where hardly any of these may be seen, everything is looked through."""
    places = grants_of(person).communities
    candidates = newest(text, "record", places)
    if not candidates:
        return []
    records = Record.objects.select_related("unit").order_by("-opened_at")
    rows = list(records.few_seen_by(person, candidates[:ENOUGH])[:limit])
    if len(rows) < limit and len(candidates) > ENOUGH:
        rows = list(records.few_seen_by(person, candidates)[:limit])
    if len(rows) < limit and len(candidates) >= ENOUGH:
        everything = matching(text, ["record"], places).order_by().values("object_id")
        rows = list(records.seen_by(person).filter(pk__in=everything)[:limit])
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
