"""After the life of one of everything no name and no number of anybody outside stands in the journal, a summary, a job or the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField
from django_tasks_db.models import DBTaskResult

from tests.support.doing import log_contact
from tests.support.life import life_at_yunqi
from yihu.ground.estate import corrections
from yihu.ground.estate.models import Party
from yihu.ground.staff.models import Account
from yihu.kernel.doors import command
from yihu.kernel.models import Command, JournalEntry, Record
from yihu.kernel.personal import personal_fields
from yihu.kernel.unspoken import UnspokenField

pytestmark = pytest.mark.django_db


def numbers() -> set[str]:
    """Every sealed value there is: telephones, identity numbers, bank accounts, addresses."""
    found = set()
    for model, field in personal_fields():
        for row in model._base_manager.exclude(**{field.name: ""}).only(field.name):
            found.add(getattr(row, field.name)._clear or "")
    return {value for value in found if len(value) > 5}


def names() -> set[str]:
    """Whoever is named in a column that names somebody; our own people are not meant."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, UnspokenField):
                found |= set(model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True))
    return {name for name in found if len(name) > 1} - set(Account.objects.values_list("name", flat=True))


def written() -> Iterator[tuple[str, str]]:
    """Where the program writes down what was done: where, and the words."""
    for entry in JournalEntry.objects.select_related("record", "book"):
        where = f"journal of {(entry.record and entry.record.kind) or entry.book} {entry.step}"
        yield where, entry.sentence + json.dumps(entry.changed, ensure_ascii=False)
    for record in Record.objects.all():
        yield f"summary of {record.kind}", f"{record.summary} {record.number}"
    for task in DBTaskResult.objects.all():
        told = [task.args_kwargs, task.return_value, task.exception_class_path, task.traceback]
        yield f"job {task.task_path}", json.dumps(told, ensure_ascii=False, default=str)
    for one in Command.objects.all():
        yield f"command {one.verb}", one.key


def test_the_life_of_one_of_everything_leaves_nobodys_name_or_number_where_it_is_written_down(
    cast: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        life_at_yunqi(cast)
        known = {"name": "郑租客", "phone": "13700137001", "id_no": "11010519491231002X"}
        corrections.add_occupant(cast.home, known, role="lessee", since=None, by=cast.wang, key="a1")
        newcomer = Party.objects.get(name="郑租客")
        changed = {"name": "郑承租", "phone": "13700137002", "contact_name": "郑太太", "remark": "郑承租怕吵"}
        corrections.correct_party(newcomer, changed, by=cast.wang, key="c1", reason="本人更正")
        corrections.end_occupancy(
            newcomer.occupancies.get(), until=log_contact(cast).opened_at.date(), by=cast.wang, key="e1", reason="迁出"
        )
    secret = numbers() | names()
    assert {"赵业主", "郑承租", "郑太太", "13800138112", "13700137002"} <= secret
    found = {f"{where}: {words}" for where, words in written() for value in secret if value in words}
    assert not found, "\n".join(sorted(found))
    told = "\n".join(f"{one.name} {one.getMessage()}" for one in caplog.records if not one.name.startswith("django.db"))
    assert not {value for value in secret if value in told}


def test_the_book_of_a_house_calls_its_people_by_their_numbers(cast: Any) -> None:
    with command(by=cast.wang, key="t1") as writing:
        entry = writing.note(writing.book("estate.unit", cast.home.pk), f"登记{cast.owner.journal_name}", step="note")
    assert entry.sentence == f"登记{cast.owner.pk} 号客户"


# columns that name our own people, or nobody
OURS = {
    "staff.account.name", "staff.account.username", "relations.praise.whom", "meters.reading.signed_ours",
    "notices.noticebatch.sealed_by", "complaints.complaint.witnesses", "catalogue.ancillarytitle.holder",
}  # fmt: skip


def test_a_column_that_names_somebody_says_so() -> None:
    """Whoever adds one makes it an ``UnspokenField``, or says here that it names our own people."""
    told = {
        f"{field.model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("yihu.")
        for field in model._meta.local_fields
        if type(field) is CharField and str(field.verbose_name).endswith(("人", "姓名", "户名"))
    }
    assert told <= OURS
