"""The whole house as one table of addresses: who may open what, by what is declared, and canaries in every column."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import DatabaseError, IntegrityError, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from yihu.areas.catalogue.pages.tree import MAY_PRINT
from yihu.ground.staff.default_grants import CAPABILITIES
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Barred, Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.procedure import by_slug, is_register, procedure_of
from yihu.kernel.settings_pages import index

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE")
# what names a row; the other parts of an address (slug, name, year …) name something that everybody has
OBJECTS = ("pk", "number", "secret")
# the company's own, whoever's desk it stands on: people and their posts
EVERYBODYS = ("staff:",)
# rows of one person's own: whoever names another's is led back to his own list, and nothing happens
OWN_LISTS = ("kernel:forget_filter",)
PERSONAL = {
    "phone": "13800138112", "id": "110105194912310027", "bank": "6222020000123456789", "address": "kanarie@example.com",
    "text": "秘密的原文在这里",
}  # fmt: skip
FINE = {200, 204, 302, 400, 404, 409, 410, 413, 422}


@dataclass(frozen=True)
class Address:
    """One address as it would be typed, with what its view declares."""

    name: str
    path: str
    given: dict[str, Any]
    policy: Any
    methods: frozenset[str]

    @property
    def names_a_row(self) -> bool:
        return any(part.endswith(OBJECTS) for part in self.given) and not self.name.startswith(
            (*EVERYBODYS, *OWN_LISTS)
        )

    @property
    def record(self) -> Any:
        """The record that it is about."""
        number = self.given.get("number")
        return Record.objects.filter(number=number).first() if number else None


def _may_open(address: Address, person: Any, post: str) -> bool:
    procedure = by_slug(address.given["slug"])
    return procedure.opened_by.allows(person, procedure.model(community=next(iter(grants_of(person).places.values()))))


def _may_set_something(address: Address, person: Any, post: str) -> bool:
    return any(place[0] in granted(post) for place in (*index.PLACES, *index._offered))


# pages open to all who are signed in that ask for more themselves, and where it is declared what
BESIDES: dict[str, Callable[[Address, Any, str], bool]] = {
    "kernel:new": _may_open, "kernel:settings": _may_set_something,
    "catalogue:paper": lambda address, person, post: MAY_PRINT[address.given["name"]] in granted(post),
}  # fmt: skip


def declared_methods(view: Any) -> frozenset[str]:
    """What ``require_GET`` and its like let through; nothing where the view does not say."""
    while view is not None:
        cells = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=False))
        if "request_method_list" in cells:
            return frozenset(cells["request_method_list"].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return frozenset()


def granted(post: str) -> frozenset[str]:
    """What the table of the first day gives a post."""
    return frozenset(one.code for one in CAPABILITIES if post in one.posts)


def sees(person: Any, record: Any) -> bool:
    """By the register's own declaration, the person's posts, and what he is barred from."""
    procedure = procedure_of(record.kind)
    shown = procedure.model.objects.filter(procedure.seen_by.condition(person, grants_of(person)), pk=record.pk)
    return shown.exists() and not Barred.objects.filter(record_id=record.pk, person_id=person.pk).exists()


def expected(address: Address, method: str, person: Any, post: str, *, here: bool) -> set[int]:
    """How a person with this one post must be answered. ``here``: the rows named are of his own community."""
    policy = address.policy
    if policy.public:
        return {*FINE, 401, 403, 405}
    if policy.token:
        return {401}
    if policy.may and policy.may not in granted(post):
        return {403}
    if method not in address.methods:
        return {405}
    if address.name in BESIDES and not BESIDES[address.name](address, person, post):
        return {403}
    record = address.record
    if record is not None and not sees(person, record):
        return {404}
    if address.names_a_row and not here:
        return {403, 404}
    if record is not None and method == "GET" and address.name in ("kernel:record", "kernel:history"):
        return {200}
    if record is not None or method == "POST":
        return {*FINE, 403}  # whether he may take just this step is the register's contract
    return FINE


def words(answer: Any) -> str:
    """All that an answer says, whatever it comes as."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    heads = str(dict(answer.headers))
    if content.startswith(b"%PDF"):
        return heads + "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if "spreadsheet" in kind or content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return heads + "".join(book.read(part).decode(errors="replace") for part in book.namelist())
    return heads + content.decode(errors="replace")


def ask(client: Client, method: str, path: str, undo: bool = True) -> tuple[int, str]:
    """Status and words of one request; what it did is undone, so that the next is asked in the same world."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        body = {"key": f"k{random.random()}", "version": "1"} if method == "POST" else None
        answer: HttpResponse = getattr(client, method.lower())(path, *([body] if body else []))
        said = words(answer)
        transaction.set_rollback(undo)
    client.cookies.clear()
    for name, value in cookies.items():
        client.cookies[name] = value
    return answer.status_code, said


# canaries -------------------------------------------------------------------------------------------------------------


def of_a_community(model: Any, depth: int = 3) -> bool:
    """Whether rows of the model lead to a community, by themselves or by what they hang on."""
    if model._meta.label_lower == "estate.community" or depth == 0:
        return model._meta.label_lower == "estate.community"
    ways = [field.related_model for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one]
    return any(way is not model and of_a_community(way, depth - 1) for way in ways)


def ours(leave_out: set[str]) -> Iterator[Any]:
    """The program's own models that belong to a community."""
    for model in apps.get_models():
        names = {model._meta.label_lower, model._meta.app_label}
        if issubclass(model, Record) and not is_register(model._meta.label_lower):
            continue  # declared by no procedure: nobody can open one
        if model.__module__.startswith("yihu.") and not names & leave_out and of_a_community(model):
            yield model


def fill(model: Any, community: Any, text: Callable[[Any, Any], str]) -> bool:
    """A row of a model that no story has made one of, with whatever its columns and constraints take."""
    free = [field.name for field in model._meta.concrete_fields if field.null and field.related_model]
    for choice in range(4):
        for kept in (set(free), set(), *({name} for name in free)):
            values = _values(model, community, kept, choice, text)
            if values is None:
                continue
            try:
                with transaction.atomic():
                    row = model(**values)
                    if model._meta.parents:  # of several tables
                        models.Model.save(row, force_insert=True)
                    else:
                        model._base_manager.bulk_create([row])
            except IntegrityError:
                continue
            return True
    return False


def _values(
    model: Any, community: Any, kept: set[str], choice: int, text: Callable[[Any, Any], str]
) -> dict[str, Any] | None:
    """``kept``: which of the columns that may stay empty are filled; ``choice``: the how manieth of each list is taken."""
    values: dict[str, Any] = {}
    for number, field in enumerate(model._meta.concrete_fields):
        if (
            (field.primary_key and not field.related_model)
            or isinstance(field, models.GeneratedField)
            or (field.null and field.name not in kept)
        ):
            continue
        if field.related_model:
            rows = field.related_model._base_manager.all()
            if any(one.name == "community" for one in field.related_model._meta.concrete_fields):
                rows = rows.filter(community=community)
            found = [community] if field.related_model is type(community) else list(rows[:5])
            if not found:
                return None
            values[field.name] = found[number % len(found)]  # two columns for people are filled with two people
        elif not field.has_default():
            values[field.name] = _some(field, choice, text(model, field))
    return values


def _some(field: Any, choice: int, text: str) -> Any:
    if field.choices:
        open_yet = field.blank and choice == 3  # what nobody has decided
        return "" if open_yet else field.choices[choice % len(field.choices)][0]
    kinds: tuple[tuple[Any, Any], ...] = (
        (models.DateTimeField, timezone.now()), (models.DateField, date(2026, 1, 1)), (models.DecimalField, 1),
        (models.IntegerField, 1), (models.BooleanField, False), (models.JSONField, {}), (models.DurationField, timedelta(1)),
        (models.TimeField, "08:00"), (PersonalField, ""),
    )  # fmt: skip
    return next((value for kind, value in kinds if isinstance(field, kind)), text)


def plant(model: Any, mark: str, rows: Any, leave: Callable[[Any, Any], bool]) -> int:
    """``mark`` into every text that people read of these rows, and a canary of its kind into every personal column."""
    planted = 0
    for field in model._meta.local_concrete_fields:
        if isinstance(field, PersonalField):
            planted += rows.update(**{field.name: PERSONAL[field.kind.name]})
        elif isinstance(field, models.CharField | models.TextField) and not leave(model, field):
            for pk, text in list(rows.values_list("pk", field.attname)):
                marked = f"{mark}{text or ''}"[: field.max_length]
                try:
                    with transaction.atomic():
                        planted += model._base_manager.filter(pk=pk).update(**{field.attname: marked})
                except DatabaseError:
                    break  # rows that the database lets nobody change had their canary when they were added
    return planted


def hanging_on(records: set[int]) -> Iterator[tuple[Any, Any]]:
    """Every row that belongs to one of these records: its own table, and whatever names it, however far away."""
    parents: dict[Any, set[Any]] = {Record: set(records)}
    yield Record, Record.objects.filter(pk__in=records)
    todo = [Record]
    while todo:
        above = todo.pop()
        for model in apps.get_models():
            if model in parents or model in (Barred,) or not model.__module__.startswith("yihu."):
                continue
            ways = [
                field.attname
                for field in model._meta.concrete_fields
                if (field.many_to_one or field.one_to_one)
                and field.related_model is above
                and field.name not in ("merged_into",)
            ]
            if not ways:
                continue
            condition = models.Q()
            for way in ways:
                condition |= models.Q(**{f"{way}__in": parents[above]})
            rows = model._base_manager.filter(condition)
            if pks := set(rows.values_list("pk", flat=True)):
                parents[model] = pks
                todo.append(model)
                yield model, model._base_manager.filter(pk__in=pks)
