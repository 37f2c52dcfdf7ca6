"""What the doors and pages of plain registers have in common: a row's book, what others changed meanwhile, the form's key."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from yihu.kernel import facts
from yihu.kernel.authority import authority, grants_of, is_system
from yihu.kernel.commanding import Commanding
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, NotAllowed
from yihu.kernel.models.journal import Book, JournalEntry
from yihu.kernel.screens.cells import when


def key_of(request: HttpRequest) -> str:
    """The form's own key, made when it was shown, so that sending it twice does it once."""
    return request.POST.get("key") or uuid.uuid4().hex


def seen_so_far(register: str, object_id: Any) -> int:
    """How far the row's journal has come; a form carries it, to notice what others do meanwhile."""
    book = Book.objects.filter(register=register, object_id=str(object_id)).first()
    return book.seq if book else 0


@contextmanager
def writing(
    register: str,
    object_id: Any,
    *,
    by: Any,
    key: str | None,
    verb: str,
    body: Any,
    seen: int | None = None,
    at: datetime | None = None,
) -> Iterator[tuple[Commanding, Book] | None]:
    """A command over one row of a plain register, its book locked; None where it was carried out before.

    ``seen`` is how far the journal had come when the form was shown; whatever came after is a Conflict that shows it.
    """
    with command(by=by, key=key, at=at, body=[str(object_id), body], verb=f"{register}.{verb}") as commanding:
        if commanding.replayed:
            yield None
            return
        book = commanding.book(register, object_id)
        if seen is not None and book.seq > seen:
            newer = book.journal.select_related("by").filter(seq__gt=seen).order_by("seq")
            raise Conflict("您打开这一页之后，别人已经改过。请看过下面的变动再保存。", list(newer))
        yield commanding, book


def save_row(
    row: Any,
    columns: Sequence[str],
    *,
    may: str,
    by: Any,
    key: str | None = None,
    seen: int | None = None,
    then: Callable[[Any, Any], None] | None = None,
) -> None:
    """Keep a row of a plain register, new or changed; its book says what it was before. ``then(row, by)`` comes with it."""
    require(by, may, row.community_id, f"您不能修改{row._meta.verbose_name}，请找客服主管。")
    register, fields = row._meta.label_lower, [row._meta.get_field(name) for name in columns]
    body = [row.community_id, *(str(getattr(row, field.attname)) for field in fields)]
    with writing(register, row.pk or "new", by=by, key=key, verb="save", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        before = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
        if then is not None:
            then(row, by)
        try:
            with transaction.atomic():
                row.save(force_insert=before is None)
        except IntegrityError:
            raise Conflict("别人刚刚存了同样的一条，请刷新列表看看。") from None
        if before is None:
            commanding.note(commanding.book(register, row.pk), f"{by} 新增", step="add")
        else:
            changed = {
                field.name: [facts.words(field, getattr(one, field.attname), one) for one in (before, row)]
                for field in fields
                if getattr(before, field.attname) != getattr(row, field.attname)
            }
            if changed:
                commanding.note(book, f"{by} 修改", changed, step="change")
        commanding.answer(row)


def wrote(book: Book, person: Any, steps: Sequence[str], since: str) -> bool:
    """Whether the person took one of these steps after the last ``since``: what he wrote, another approves, whoever
    changed a word of it later."""
    last = book.journal.filter(step=since).order_by("-seq").values_list("seq", flat=True).first() or 0
    return bool(book.journal.filter(step__in=list(steps), by=person, seq__gt=last).exists())


def journal_of(register: str, object_id: Any, labels: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """What happened to one row, oldest first, as ``ui/journal.html`` shows it."""
    rows = JournalEntry.objects.filter(book__register=register, book__object_id=str(object_id)).order_by("seq")
    return entries(rows, labels)


def entries(rows: Any, labels: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    now, words = timezone.now(), labels or {}
    return [
        {
            "when": when(row.at, now, hour=True),
            "sentence": row.sentence,
            "erased": row.erased_at is not None,
            "changes": [
                {"label": words[name], "old": old, "new": new}
                for name, (old, new) in row.changed.items()
                if name in words
            ],
        }
        for row in rows
    ]


def require(by: Any, capability: str, community_id: int, sentence: str) -> None:
    if not is_system(by) and not grants_of(by).may(capability, community_id):
        raise NotAllowed(sentence)


def may_everywhere(person: Any, capability: str) -> bool:
    """Whether the person may speak for the whole company: no community has somebody of its own for this but not him."""
    own = grants_of(person).communities_with(capability)
    if is_system(person):
        return True
    others = apps.get_model("estate.Community")._default_manager.exclude(pk__in=own).values_list("pk", flat=True)
    return bool(own) and not any(authority().people_with(pk, capability).exists() for pk in others)
