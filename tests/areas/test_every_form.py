"""Every form of every register, present and future, against whatever may be typed: a sentence or a record, never an error page.

Each field is tried with a few of the odd answers, drawn by the seed of the run; on SQLite in every register, on PostgreSQL, which
takes twice as long, in half of them, drawn likewise. With all of them on both under ``--exam``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.areas import test_registers
from tests.support.doing import photo, signature
from tests.support.register_contract import RegisterContract
from yihu.kernel import builtin
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.forms import FilesField, SignatureField
from yihu.kernel.jobs import run_due
from yihu.kernel.models import JournalEntry, Message, Record, SearchEntry
from yihu.kernel.prints.plain import plain
from yihu.kernel.prints.rendering import sheet_data
from yihu.kernel.screens.declare import screens_of
from yihu.kernel.screens.page import export_cells

pytestmark = pytest.mark.django_db
assert test_registers  # the contracts are its classes
CONTRACTS = {found.__name__: found for found in RegisterContract.__subclasses__()}
PHONE = "13912345678"
NASTY = (
    "漏\x00\x08\x1b[31m\u202e水\u2066\ufffe🚰👨‍👩‍👧<script>alert('一户')</script>{{ x }}{by}{0}%s '; --"
    ' #eval("1") $x$ @ref <label> `raw` \\ ] ) = + - / * _ # https://x.cn'
)
TEXTS = (NASTY, "漏" * 2600)
ODD = ("²", "-1", "NaN", "1e309", "0.001", "9" * 20, "9" * 5000, "0001-01-01", "9999-12-31 23:59", NASTY)


def usual(field: forms.Field) -> Any:
    """What somebody would sensibly give as an answer, as far as the field alone can tell."""
    if isinstance(field, SignatureField):
        return signature()
    if isinstance(field, FilesField):
        return [photo()]
    if isinstance(field, forms.ModelChoiceField):
        first = field.queryset.first()
        found = str(field.prepare_value(first)) if first is not None else ""
        return [found] if isinstance(field, forms.ModelMultipleChoiceField) else found
    if isinstance(field, forms.ChoiceField):
        offered = [str(value) for value, _ in field.choices if value != ""]
        return offered[:1] if isinstance(field, forms.MultipleChoiceField) else (offered or [""])[0]
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.DateTimeField):
        return f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%d %H:%M}"
    if isinstance(field, forms.DateField):
        return f"{timezone.localdate():%Y-%m-%d}"
    return "1" if isinstance(field, forms.IntegerField | forms.DecimalField | forms.FloatField) else "12"


def answers(form: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The form filled in, what is typed and what is attached."""
    given = {name: usual(field) for name, field in form.fields.items()}
    files = {name: value for name, value in given.items() if isinstance(form.fields[name], FilesField)}
    return {name: value for name, value in given.items() if name not in files}, files


Draw = Callable[[Sequence[str], int], Sequence[str]]


@pytest.fixture
def draw(request: Any) -> Draw:
    """A few of many, as the seed of the run has it."""
    if request.config.getoption("--exam"):
        return lambda many, _: many
    chance = random.Random(f"{request.config.option.hypothesis_seed} {request.node.name}")
    return lambda many, few: chance.sample(many, few)


def spoiled(form: Any, known: dict[str, Any], draw: Draw) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The form filled in, with one odd answer after another; then with nothing but odd answers."""
    for name, field in form.fields.items():
        for odd in draw(TEXTS, 1) if type(field) is forms.CharField else draw(ODD, 2):
            typed, files = answers(form)
            files.pop(name, None)
            yield {**typed, **known, name: [odd] if isinstance(typed.get(name), list) else odd}, files
    for odd in (NASTY, "9" * 20):
        yield dict.fromkeys(form.fields, odd), {}


def refused_or_done(door: Any) -> None:
    """Whatever the door does is undone again, so that the next question finds the same house."""
    with suppress(Refused), transaction.atomic():
        door()
        transaction.set_rollback(True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "contract" in metafunc.fixturenames:
        names = sorted(CONTRACTS)
        if connection.vendor != "sqlite" and not metafunc.config.getoption("--exam"):
            chance = random.Random(str(metafunc.config.option.hypothesis_seed))
            names = sorted(chance.sample(names, (len(names) + 1) // 2))
        metafunc.parametrize("contract", [CONTRACTS[name]() for name in names], ids=names)


def steps_of(contract: Any) -> list[Any]:
    """Its own steps; what the kernel gives to every register alike is tried on one of them."""
    given = builtin.built_in_steps(contract.procedure)
    own = [step for step in given if step.name == "correct" or type(contract).__name__ == "TestContacts"]
    return [step for step in (*contract.procedure.steps, *own) if step.form is not None]


def test_an_opening_form_takes_or_refuses_whatever_is_typed(contract: Any, cast: Any, draw: Draw) -> None:
    opening, opener = contract.opening(cast), contract.opener(cast)

    def blank() -> Any:
        return contract.model(community=cast.yunqi)

    form = contract.procedure.opening_form(instance=blank(), by=opener, at=timezone.now())
    for data, files in spoiled(form, opening, draw):
        refused_or_done(lambda data=data, files=files: open_record(blank(), by=opener, data=data, files=files))


def test_a_step_form_takes_or_refuses_whatever_is_typed(contract: Any, cast: Any, draw: Draw) -> None:
    record = contract.make(cast)
    Record.objects.filter(pk=record.pk).update(handler=cast.chen)
    for step in steps_of(contract):
        record = contract.put(record, step.source[0])
        person = whoever_may(contract, cast, step, record)
        form = step.form(instance=contract.model.objects.get(pk=record.pk), by=person, at=timezone.now())
        for data, files in spoiled(form, {}, draw):
            door = partial(perform, record, step.name, by=person, data=data, files=files)
            refused_or_done(door)


def whoever_may(contract: Any, cast: Any, step: Any, record: Any) -> Any:
    """Somebody whom the step allows; else the program itself, who may all."""
    people = [
        one
        for one in contract.cast_of_all(cast)
        if step.who.allows(one, record) and contract.model.objects.seen_by(one).filter(pk=record.pk).exists()
    ]
    return people[0] if people else authority().system()


def test_pages_show_whatever_was_typed_as_text(contract: Any, cast: Any, sign_in: Any, draw: Draw) -> None:
    """Every step page answers a form full of nonsense; what was kept of it is shown, listed, printed and exported."""
    record = contract.make(cast)
    Record.objects.filter(pk=record.pk).update(handler=cast.chen)
    base, stood = record.get_absolute_url(), record.state
    for step in steps_of(contract):
        record = contract.put(record, step.source[0])
        client = sign_in(whoever_sees(contract, cast, step, record))
        for place, odd in enumerate((NASTY, *draw(("²", "9" * 20), 1))):
            names = list(step.form(instance=record, by=cast.li, at=timezone.now()).fields)
            typed = {
                **dict.fromkeys(names, odd),
                "key": f"{step.name}{place}",
                "version": odd[:9],
                "at": odd,
                "back": odd,
            }
            answer = client.post(f"{base}do/{step.name}/", typed)
            assert answer.status_code < 500, step.name
            assert b"<script>alert" not in answer.content, step.name
            client.get(f"{base}do/{step.name}/", dict.fromkeys(names, odd))
    record = contract.put(record, stood)  # a state that no step led to has no papers of its own
    client = sign_in(contract.someone_who_sees(cast, record))
    pages = [base, f"{base}history/", f"/{contract.procedure.slug}/?tab=all", f"/search/?q={quote('漏水')}"]
    pages += [f"{base}print/{found.name}/" for found in contract.procedure.prints]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in (200, 302), page
        assert b"<script>alert" not in getattr(answer, "content", b""), page


def test_no_number_of_a_person_gets_out_of_the_record(contract: Any, cast: Any, sign_in: Any) -> None:
    """Typed where a name or a place was asked for, it stands on the record's own page and nowhere else."""
    opening, opener = contract.opening(cast), contract.opener(cast)
    form = contract.procedure.opening_form(instance=contract.model(community=cast.yunqi), by=opener, at=timezone.now())
    for name, field in form.fields.items():
        if type(field) is forms.CharField and not isinstance(field.widget, forms.HiddenInput):
            word = f"张{PHONE}"
            with suppress(Refused):
                record = open_record(
                    contract.model(community=cast.yunqi), by=opener, data={**opening, name: word, f"to-{name}": word}
                )
                no_number_of(contract, record, cast, sign_in, name)
                Record.objects.filter(pk=record.pk).update(closed_at=timezone.now())


def no_number_of(contract: Any, record: Any, cast: Any, sign_in: Any, name: str) -> None:
    run_due(timezone.now())
    person = contract.someone_who_sees(cast, record)
    client = sign_in(person)
    told = Message.objects.values_list("sentence", flat=True)
    written = JournalEntry.objects.values_list("sentence", "changed")
    jobs = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    for where in (told, written, jobs, Record.objects.values_list("summary"), SearchEntry.objects.values_list("grams")):
        assert PHONE not in str(list(where)), name
    for page in (f"/{contract.procedure.slug}/?tab=all", f"{record.get_absolute_url()}history/", "/", "/messages/"):
        assert PHONE not in client.get(page).content.decode(), (name, page)
    for declared in contract.procedure.prints:
        data = sheet_data(declared, contract.model.objects.get(pk=record.pk), person)
        assert declared.says_numbers or PHONE not in str(plain(data)), (name, declared.name)
    columns, rows = export_cells(screens_of(contract.procedure.kind), contract.model.objects.filter(pk=record.pk))
    assert PHONE not in str((columns, list(rows))), name


def whoever_sees(contract: Any, cast: Any, step: Any, record: Any) -> Any:
    found = whoever_may(contract, cast, step, record)
    return found if found in contract.cast_of_all(cast) else contract.someone_who_sees(cast, record)
