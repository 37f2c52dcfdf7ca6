"""What a contact's record is missing (DESK-08). Said once, as conditions that the database answers for many rows at a time."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from yihu.areas.reception.models import Contact
from yihu.kernel.models import Link

# of whom nobody can say where they live
WITHOUT_UNIT = (Contact.Relation.VISITOR, Contact.Relation.ANONYMOUS)
NAMED = ~Q(relation=Contact.Relation.ANONYMOUS)
FINISHED = Q(state__in=(Contact.State.READY, Contact.State.STRUCK))


def conditions() -> dict[str, Q]:
    """The missing field in words, and when it is missing."""
    nothing_came_of_it = Q(~Exists(Link.objects.filter(origin_id=OuterRef("pk"))))
    return {
        "房号": Q(unit__isnull=True) & ~Q(relation__in=WITHOUT_UNIT) & ~Q(channel=Contact.Channel.PATROL),
        "来访人": Q(caller_name="") & NAMED,
        "联系电话": Q(phone="") & NAMED,
        "承诺答复时间": Q(promised_at__isnull=True, answered=False) & ~FINISHED,
        "处理结果": Q(result="") & FINISHED & nothing_came_of_it,
    }


def incomplete() -> Q:
    """Contacts with any gap."""
    found = Q(pk__in=[])
    for condition in conditions().values():
        found |= condition
    return found


def with_gaps(contacts: Any) -> Any:
    """The same rows, each knowing its gaps; no further query."""
    marks = {
        f"gap_{index}": ExpressionWrapper(condition, output_field=BooleanField())
        for index, condition in enumerate(conditions().values())
    }
    return contacts.annotate(**marks)


def gaps_of(contact: Any) -> list[str]:
    """What a row of ``with_gaps`` is missing, in words."""
    return [name for index, name in enumerate(conditions()) if getattr(contact, f"gap_{index}")]
