"""知识库: the answers that clerks look up. Written under supervision, found by the one search box, counted when used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from yihu.areas.reception.models import Knowledge
from yihu.kernel import search
from yihu.kernel.errors import Refused
from yihu.kernel.facts import plain
from yihu.kernel.plain import require, writing

READ, EDIT = "reception.open", "knowledge.edit"
BOOK = "reception.knowledge"
KIND = "knowledge"
COLUMNS = ("topic", "question", "answer", "shown", "checked_on")


def save(entry: Knowledge, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """Write an entry, new or changed; what it said before stays in its journal."""
    require(by, EDIT, entry.community_id, "您不能编写知识库，请找客服主管。")
    body = [entry.community_id, *(str(getattr(entry, name)) for name in COLUMNS)]
    with writing(BOOK, entry.pk or "new", by=by, key=key, verb="save", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        twins = Knowledge.objects.filter(community_id=entry.community_id, question=entry.question)
        if twins.exclude(pk=entry.pk).exists():
            raise Refused("知识库里已经有同样的问题，请改那一条，或换一个说法。")
        before = Knowledge.objects.filter(pk=entry.pk).first() if entry.pk else None
        if before is None:
            entry.save(force_insert=True)
            commanding.note(commanding.book(BOOK, entry.pk), f"{by} 写入知识库", step="add")
        else:
            entry.save(update_fields=COLUMNS)
            if changed := _differences(before, entry):
                commanding.note(book, f"{by} 修改", changed, step="change")
        index([entry])
        commanding.answer(entry)


def _differences(before: Knowledge, after: Knowledge) -> dict[str, list[str]]:
    found = {}
    for name in COLUMNS:
        old, new = (_words(entry, name) for entry in (before, after))
        if old != new:
            found[name] = [old, new]
    return found


def _words(entry: Knowledge, name: str) -> str:
    return str(entry.get_topic_display()) if name == "topic" else plain(getattr(entry, name))


def index(entries: Iterable[Knowledge]) -> None:
    """Keep the search box up to date; what is out of use is not found."""
    entries = list(entries)
    search.remove(KIND, [entry.pk for entry in entries if not entry.shown])
    search.index_many(
        search.entry(
            KIND,
            entry.pk,
            entry.community_id,
            entry.question,
            entry.answer[:200],
            f"{entry.get_topic_display()} {entry.answer}",
        )
        for entry in entries
        if entry.shown
    )


def find(text: str, communities: Iterable[int]) -> Any:
    """Entries in use that answer ``text``; the most asked first. Without a text, all of them."""
    rows = Knowledge.objects.filter(community_id__in=list(communities), shown=True)
    if text:
        found = search.matching(text, [KIND], communities).values("object_id")
        rows = rows.filter(Q(pk__in=found) | Q(question__icontains=text))
    return rows.order_by("-asked", "pk")


def answers_of(chosen: str, community_id: int) -> Any:
    """The entries that ``"3,7"`` names, as the contact's form carries them."""
    pks = [pk for pk in chosen.split(",")[:9] if pk.isascii() and pk.isdigit() and len(pk) < 10]
    return Knowledge.objects.filter(pk__in=pks, community_id=community_id, shown=True)


def count_answers(chosen: str, community_id: int) -> None:
    """被问次数: these were asked for once more (DESK-11)."""
    pks = answers_of(chosen, community_id).values_list("pk", flat=True)
    Knowledge.objects.filter(pk__in=list(pks)).update(asked=F("asked") + 1)
