"""Opening, changing, renewing and stopping an integration; whose a token is."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.fronts.api.models import Integration
from yihu.fronts.api.scopes import every_scope
from yihu.ground.staff.models import Account
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.errors import NotAllowed, NotFound, Refused

MANAGE = "api.manage"
BOOK = "api.integration"
MARK = "yihu_"
LONGEST = timedelta(days=731)
NOTED_EACH = timedelta(minutes=5)  # the last use is written down no oftener


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def of_token(token: str) -> Integration | None:
    """Whose token it is, also one that no longer works."""
    return Integration.objects.select_related("account").filter(digest=digest(token)).first()


def note_use(integration: Integration, now: datetime) -> None:
    before = integration.last_used_at
    if before is None or now - before > NOTED_EACH:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EACH)
        Integration.objects.filter(stale, pk=integration.pk).update(last_used_at=now)


def managed_by(person: Any) -> Any:
    """Those that work only where this person manages integrations: he answers for all that they can do."""
    others = Q(communities__isnull=False) & ~Q(communities__in=grants_of(person).communities_with(MANAGE))
    return Integration.objects.exclude(pk__in=Integration.objects.filter(others).values("pk"))


def open_integration(integration: Integration, communities: Iterable[Any], *, by: Any, key: str, now: datetime) -> str:
    """The token of a new integration, shown this once; "" where the same form came a second time."""
    places = _checked(integration, communities, by, now)
    with command(by=by, key=key, at=now, body=_body(integration, places), verb="api.open") as opening:
        if opening.replayed:
            return ""
        token = _new_token(integration)
        integration.account = Account.objects.make(
            f"api-{secrets.token_hex(6)}", integration.name, is_machine=True, must_change_password=False
        )
        integration.opened_by, integration.opened_at = by, now
        integration.save(force_insert=True)
        integration.communities.set(places)
        opening.note(
            opening.book(BOOK, integration.pk), f"{by} 开通接口“{integration}”：{_words(integration)}", step="open"
        )
        opening.answer(integration)
    return token


def change_integration(
    integration: Integration, communities: Iterable[Any], *, by: Any, key: str, now: datetime
) -> None:
    places = _checked(integration, communities, by, now)
    with command(
        by=by, key=key, at=now, body=[integration.pk, _body(integration, places)], verb="api.change"
    ) as writing:
        if writing.replayed:
            return
        book = _standing(writing, integration)
        integration.save(update_fields=["name", "scopes", "expires_at", "per_minute"])
        integration.communities.set(places)
        Account.objects.filter(pk=integration.account_id).update(name=integration.name)
        writing.note(book, f"{by} 修改接口“{integration}”：{_words(integration)}", step="change")


def renew_token(integration: Integration, *, by: Any, key: str, now: datetime) -> str:
    """Another token instead of the old one, which is worth nothing from now on; "" on a repetition."""
    _require(integration, by)
    with command(by=by, key=key, at=now, body=[integration.pk], verb="api.renew") as writing:
        if writing.replayed:
            return ""
        book = _standing(writing, integration)
        token = _new_token(integration)
        integration.save(update_fields=["digest"])
        writing.note(book, f"{by} 更换了接口“{integration}”的令牌", step="renew")
    return token


def revoke(integration: Integration, *, by: Any, key: str, now: datetime) -> None:
    _require(integration, by)
    with command(by=by, key=key, at=now, body=[integration.pk], verb="api.revoke") as writing:
        if writing.replayed:
            return
        book = writing.book(BOOK, integration.pk)
        if Integration.objects.filter(pk=integration.pk, revoked_at=None).update(revoked_at=now):
            writing.note(book, f"{by} 停用接口“{integration}”", step="revoke")


def _checked(integration: Integration, communities: Iterable[Any], by: Any, now: datetime) -> list[Any]:
    places = sorted(communities, key=lambda one: one.pk)
    own = grants_of(by).communities_with(MANAGE)
    if not places or any(one.pk not in own for one in places):
        raise NotAllowed("您不能为这些项目开通接口，请找其系统管理员。")
    if integration.pk:
        _require(integration, by)
    if not now < integration.expires_at <= now + LONGEST:
        raise Refused("有效期须在今天之后、两年之内。")
    if unknown := set(integration.scopes) - set(every_scope()):
        raise Refused(f"没有这样的权限：{'、'.join(sorted(unknown))}。请刷新页面后重新勾选。")
    return places


def _require(integration: Integration, by: Any) -> None:
    if not managed_by(by).filter(pk=integration.pk).exists() or not grants_of(by).may(MANAGE):
        raise NotFound


def _standing(writing: Any, integration: Integration) -> Any:
    """The integration's book, once it is sure that nobody has stopped it meanwhile."""
    book = writing.book(BOOK, integration.pk)
    if not Integration.objects.filter(pk=integration.pk, revoked_at=None).exists():
        raise Refused("这个接口已经停用，不能再改；需要时请新开一个。")
    return book


def _new_token(integration: Integration) -> str:
    token = f"{MARK}{secrets.token_urlsafe(32)}"
    integration.digest = digest(token)
    return token


def _body(integration: Integration, places: list[Any]) -> list[Any]:
    one = integration
    return [one.name, sorted(one.scopes), one.expires_at.isoformat(), one.per_minute, [place.pk for place in places]]


def _words(integration: Integration) -> str:
    until = timezone.localtime(integration.expires_at)
    return f"准许 {len(integration.scopes)} 项，至 {until:%Y-%m-%d}"
