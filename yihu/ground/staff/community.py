"""The community in which a person is working just now: one of those where he holds a post, kept in the session."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yihu.ground.staff.codes import POST_TITLES
from yihu.kernel.authority import grants_of

SESSION_KEY = "community"


def communities_of(request: HttpRequest) -> list[Any]:
    """Where the person holds a post today."""
    places = grants_of(request.user).places if request.user.is_authenticated else {}
    return [places[pk] for pk in sorted(places)]


def current_community(request: HttpRequest) -> Any | None:
    """The one chosen in this session, else the first; None for a person without a post."""
    communities = communities_of(request)
    chosen = request.session.get(SESSION_KEY)
    return next((one for one in communities if one.pk == chosen), communities[0] if communities else None)


def choose_community(request: HttpRequest, code: str) -> bool:
    """Work in another community from now on. False where the person holds no post."""
    for one in communities_of(request):
        if one.code == code:
            request.session[SESSION_KEY] = one.pk
            return True
    return False


def posts_in_words(request: HttpRequest) -> str:
    """前台接待，代客服主管 — for the corner of the page."""
    community = current_community(request)
    if community is None:
        return ""
    grants = grants_of(request.user)
    own = grants.own_posts(community.pk)
    others = grants.posts(community.pk) - own
    words = [title for code, title in POST_TITLES.items() if code in own]
    words += [f"代{title}" for code, title in POST_TITLES.items() if code in others]
    return "，".join(words)
