"""Where else a person is named: in the words of whatever hangs on him or on the houses he lived in, however deep (PIPL 47).

Found by his names and numbers, as they are typed: a telephone in groups, a name with a space. Rows are walked by their
foreign keys, downwards only; no list of tables is kept, so a table of tomorrow is looked through as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.basics.numerals import half_width
from yihu.kernel.masked import Masked
from yihu.kernel.models.importing import ImportRow
from yihu.kernel.models.journal import Book, JournalEntry
from yihu.kernel.models.locked import Locked
from yihu.kernel.models.record import Record
from yihu.kernel.only_added import OnlyAdded
from yihu.kernel.personal import PersonalField

DEEP = 6  # how far a row may hang from him: a line of a sheet of a matter of his house is three steps away
CHUNK = 400
AROUND = 18  # characters beside a find, for whoever decides
_OF_A_NUMBER = re.compile(r"[0-9Xx０-９ \-–—.·*]")
_BETWEEN = r"[ \-–—.·\u00a0]?"
# what the program reads, what is derived, and what is looked at on its own
_NO_WORDS = {
    "path",
    "sha256",
    "mime",
    "digest",
    "chained",
    "salt",
    "head",
    "journal_head",
    "grams",
    "kind",
    "number",
    "key",
}
_APART = {
    "kernel.journalentry", "kernel.book", "kernel.command", "kernel.searchentry", "kernel.deadline", "kernel.barred", "kernel.link",
}  # fmt: skip
Linked = dict[Any, dict[int, int | None]]


class Marks:
    """What a person is known by, as a pattern."""

    def __init__(self, names: Iterable[str], numbers: Iterable[Masked]) -> None:
        """The numbers are looked for in the clear and shown to nobody."""
        self.numbers = [one for one in dict.fromkeys(number._clear or "" for number in numbers) if len(one) > 4]
        parts = [_name(name.strip()) for name in dict.fromkeys(names) if len(name.strip()) > 1]
        parts += [_number(number) for number in self.numbers]
        self._pattern = re.compile("|".join(sorted(parts, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in self._pattern.finditer(half_width(text))]

    def name(self, value: Any) -> bool:
        """Whether he is named anywhere in it."""
        return any(self.spans(text) for text in _texts(value))

    def masked(self, value: Any) -> Any:
        """The same with stars in his place; of the same length, so that it fits where it stood."""
        if isinstance(value, str):
            parts, at = [], 0
            for begin, end in self.spans(value):
                parts += [value[at:begin], "*" * (end - begin)]
                at = end
            return "".join([*parts, value[at:]])
        if isinstance(value, Mapping):
            return {key: self.masked(item) for key, item in value.items()}
        return [self.masked(item) for item in value] if isinstance(value, list | tuple) else value

    def excerpt(self, value: Any) -> str:
        """The first place with what stands around it; other people's numbers are masked."""
        for text in _texts(value):
            for begin, end in self.spans(text)[:1]:
                first, last = _whole(text, max(begin - AROUND, 0), -1), _whole(text, min(end + AROUND, len(text)), 1)
                said = mask_free_text(text[first:last].replace("\n", " "))
                return f"{'…' if first else ''}{said}{'…' if last < len(text) else ''}"
        return ""


@dataclass(frozen=True)
class Trace:
    """One column of one row that names him; ``matter`` is the record to which the row belongs."""

    model: Any
    row: int
    column: str
    matter: int | None
    value: Any

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.row}.{self.column}"

    @property
    def field(self) -> Any:
        return self.model._meta.get_field(self.column)

    @property
    def word(self) -> str:
        """What a person calls the column; one that only the program reads has no word of its own."""
        word = str(self.field.verbose_name)
        return "其它内容" if word.isascii() else word


def linked(roots: Mapping[Any, Iterable[int]], but: Iterable[str] = ()) -> Linked:
    """Every row that hangs on these, with the record to which it belongs; the apps of ``but`` are left alone."""
    left_alone = set(but)
    found: Linked = {model: dict.fromkeys(rows) for model, rows in roots.items()}
    frontier: Linked = {model: dict(rows) for model, rows in found.items()}
    tables = [
        model for model in apps.get_models() if _looked_through(model) and model._meta.app_label not in left_alone
    ]
    for _ in range(DEEP):
        fresh: Linked = {}
        for model in tables:
            for field in model._meta.local_fields:
                rows = frontier.get(field.remote_field.model) if field.is_relation and field.remote_field else None
                for pk, to in _hanging(model, field, rows or {}):
                    own = pk if issubclass(model, Record) else (rows or {})[to]
                    for table in {model, Record} if issubclass(model, Record) else {model}:
                        known = found.setdefault(table, {})
                        if pk not in known or (known[pk] is None and own is not None):
                            known[pk] = fresh.setdefault(table, {})[pk] = own
        if not fresh:
            break
        frontier = fresh
    return found


def find(marks: Marks, rows: Linked, but: Iterable[Any] = ()) -> Iterator[Trace]:
    """The columns of these rows that name him, in the order of the tables; ``but`` are tables that are dealt with apart, and
    what the database only ever adds to is the law's own archive."""
    left_out = set(but)
    for model in sorted(rows, key=lambda one: one._meta.label_lower):
        if model in left_out or not _may_be_changed(model):
            continue
        words = _columns(model)
        sealed = [one for one in model._meta.local_fields if isinstance(one, PersonalField)]
        for some in _chunks(sorted(rows[model])):
            yield from _named(model, some, words, sealed, marks, rows[model])


def entries(marks: Marks, rows: Linked) -> Iterator[tuple[JournalEntry, int | None]]:
    """The entries of their journals that name him in what somebody typed, with the record."""
    for some in _chunks(sorted(rows.get(Record, {}))):
        yield from (
            (entry, entry.record_id) for entry in _typed(JournalEntry.objects.filter(record_id__in=some), marks)
        )
    for model, pks in rows.items():
        for some in _chunks(sorted(pks)):
            books = Book.objects.filter(register=model._meta.label_lower, object_id__in=[str(pk) for pk in some])
            for entry in _typed(JournalEntry.objects.filter(book__in=books).select_related("book"), marks):
                assert entry.book is not None
                yield entry, pks.get(int(entry.book.object_id))


def staged(community_id: int) -> dict[Any, list[int]]:
    """The rows of files that were brought in for this community: they name people and hang on nobody."""
    tables: list[Any] = [model for model in apps.get_models() if issubclass(model, ImportRow)]
    return {
        model: list(model._base_manager.filter(run__community_id=community_id).values_list("pk", flat=True))
        for model in tables
    }


def _whole(text: str, at: int, step: int) -> int:
    """The place moved outwards until no number is cut in two: half of one would not be known for a number."""
    while 0 < at < len(text) and _OF_A_NUMBER.fullmatch(text[at - 1]) and _OF_A_NUMBER.fullmatch(text[at]):
        at += step
    return at


def _typed(found: Any, marks: Marks) -> Iterator[JournalEntry]:
    for entry in found.filter(erased_at__isnull=True).order_by("pk"):
        if marks.name(entry.sentence) or marks.name(entry.changed):
            yield entry


def _named(
    model: Any,
    pks: list[int],
    words: list[str],
    sealed: list[PersonalField],
    marks: Marks,
    of: Mapping[int, int | None],
) -> Iterator[Trace]:
    if words:
        for pk, *values in model._base_manager.filter(pk__in=pks).order_by("pk").values_list("pk", *words):
            for column, value in zip(words, values, strict=True):
                if value and marks.name(value):
                    yield Trace(model, pk, column, of[pk], value)
    for field in sealed:
        wanted = models.Q(pk__in=[])
        for number in marks.numbers:
            wanted |= field.match(number)
        for pk in model._base_manager.filter(wanted, pk__in=pks).order_by("pk").values_list("pk", flat=True):
            yield Trace(model, pk, field.name, of[pk], "")


def _hanging(model: Any, field: Any, rows: Mapping[int, Any]) -> Iterator[tuple[int, int]]:
    for some in _chunks(sorted(rows)):
        yield from model._base_manager.filter(**{f"{field.name}__in": some}).values_list("pk", field.attname)


def _looked_through(model: Any) -> bool:
    label = model._meta.label_lower
    ours = model.__module__.startswith("yihu.") and not issubclass(model, Locked)
    return ours and label not in _APART and not model._meta.proxy


def _may_be_changed(model: Any) -> bool:
    """Not what the database only ever adds to."""
    return not issubclass(type(model._default_manager.all()), OnlyAdded)


def _columns(model: Any) -> list[str]:
    return [field.name for field in model._meta.local_fields if _says_something(field)]


def _says_something(field: Any) -> bool:
    if isinstance(field, models.JSONField):
        return True
    text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, PersonalField)
    return bool(text and not field.choices and not field.unique and field.name not in _NO_WORDS)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _name(name: str) -> str:
    """A short name may have been typed with spaces between its characters."""
    plain = half_width(name)
    return r"\s?".join(map(re.escape, plain)) if len(plain) <= 6 else re.escape(plain)


def _number(number: str) -> str:
    plain = half_width(number)
    if not re.fullmatch(r"[0-9]+[0-9Xx]?", plain):
        return re.escape(plain)
    return rf"(?<![0-9]){_BETWEEN.join(plain)}(?![0-9])"


def _chunks(rows: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(rows), CHUNK):
        yield rows[at : at + CHUNK]
