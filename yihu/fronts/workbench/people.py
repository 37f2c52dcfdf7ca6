"""A supervisor's people: who has how much on hand, and how much of it is late."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from yihu.fronts.workbench.groups import Look, in_hand
from yihu.ground.staff.models import Account, Post, in_force


def of(look: Look) -> list[dict[str, Any]]:
    """Everybody of the person's departments (of the whole community for one who belongs to none), the busiest first.

    Counts only what the looking person may see: a matter he is kept from is in no figure either.
    """
    counts = {
        row["handler_id"]: row
        for row in look.open_records()
        .filter(in_hand(look))
        .order_by()
        .values("handler_id")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(next_due_at__lte=look.now)))
    }
    crew = [
        {
            "name": account.name,
            "open": counts.get(account.pk, {}).get("open", 0),
            "late": counts.get(account.pk, {}).get("late", 0),
            "open_url": _list("open_of", account),
            "late_url": _list("late_of", account),
        }
        for account in _people(look)
    ]
    return sorted(crew, key=lambda one: (-one["late"], -one["open"], one["name"]))


def _people(look: Look) -> Any:
    posts = Post.objects.filter(in_force(timezone.localdate(look.now)), community=look.community)
    if look.teams:
        posts = posts.filter(department__code__in=look.teams)
    return Account.objects.people().filter(pk__in=posts.values("account_id"), is_active=True).exclude(pk=look.person.pk)


def _list(name: str, account: Any) -> str:
    return f"{reverse('workbench:group', args=[name])}?person={account.pk}"
