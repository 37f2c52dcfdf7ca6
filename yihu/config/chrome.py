"""What stands around every page: where one may go, in which community one works, how many messages wait."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yihu.config.navigation import address, drawn
from yihu.ground.staff.community import communities_of, posts_in_words
from yihu.kernel import messages
from yihu.kernel.authority import grants_of


def chrome(request: HttpRequest) -> dict[str, Any]:
    """For ``base.html``. Nothing is asked of the database before a template wants it, and nothing twice."""
    community = getattr(request, "community", None)
    if community is None:
        return {}
    nav = cache(lambda: drawn(request))
    return {
        "community": community,
        "lock_minutes": settings.YIHU_LOCK_MINUTES,
        "communities": cache(lambda: communities_of(request)),
        "posts_text": cache(lambda: posts_in_words(request)),
        "side": lambda: nav().side,
        "tabbar": lambda: nav().tabbar,
        "bell_count": cache(lambda: unread(request.user)),
        "new_contact_url": cache(lambda: new_contact(request)),
    }


def unread(person: Any) -> int:
    return int(messages.for_person(person).filter(read_at=None).count())


def new_contact(request: HttpRequest) -> str:
    """Anyone who may log a contact, from wherever he stands."""
    may = grants_of(request.user).may("reception.open", request.community.pk)
    return address("kernel:new", "reception") if may else ""
