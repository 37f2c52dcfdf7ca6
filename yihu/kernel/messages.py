"""Tells people inside the program. A barred person is never told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.kernel.authority import authority, distinct, grants_of
from yihu.kernel.models.link import Barred
from yihu.kernel.models.message import Message


def tell(people: Iterable[Any], sentence: str, *, community_id: int, record: Any = None, at: datetime) -> list[Any]:
    """Write one message to each person; gives those who were told."""
    told = distinct(person for person in people if person.is_active and person.is_person)
    if record is not None and told:
        barred = set(Barred.objects.filter(record_id=record.pk).values_list("person_id", flat=True))
        told = (
            [person for person in told if not barred & {person.pk, *authority().grants(person).deputises()}]
            if barred
            else told
        )
    Message.objects.bulk_create(
        [
            Message(
                person=person,
                community_id=community_id,
                record_id=record.pk if record else None,
                sentence=mask_free_text(sentence)[:200],
                at=at,
            )
            for person in told
        ]
    )
    return told


def is_barred(person: Any, record_id: int) -> bool:
    """Whether the person, or somebody in whose place he stands, must not see the record."""
    kept_out = [person.pk, *grants_of(person).deputises()]
    return Barred.objects.filter(record_id=record_id, person_id__in=kept_out).exists()


def for_person(person: Any) -> Any:
    """The person's messages, without those about records he may no longer see."""
    deputised = authority().grants(person).deputises()
    return Message.objects.filter(person=person).exclude(record__bars__person_id__in=[person.pk, *deputised])
