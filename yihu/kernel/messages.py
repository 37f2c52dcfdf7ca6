"""Tells people inside the program. A barred person is never told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.kernel import bars
from yihu.kernel.authority import distinct
from yihu.kernel.models.message import Message


def tell(people: Iterable[Any], sentence: str, *, community_id: int, record: Any = None, at: datetime) -> list[Any]:
    """Write one message to each person; gives those who were told. Where a record names nobody, nobody is told."""
    told = distinct(person for person in people if person is not None and person.is_active and person.is_person)
    if record is not None and told:
        told = bars.let_in(told, record.pk)
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


def for_person(person: Any) -> Any:
    """The person's messages, without those about records he may no longer see."""
    return bars.without(Message.objects.filter(person=person), person, "record_id")
