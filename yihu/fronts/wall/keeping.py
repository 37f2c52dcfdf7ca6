"""Opening and closing a wall screen."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from yihu.fronts.wall.models import WallScreen
from yihu.kernel.doors import command
from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.plain import require

MANAGE = "wall.manage"
BOOK = "wall.screen"
MOST = 20


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def open_screen(community: Any, name: str, *, by: Any, key: str, now: datetime) -> str:
    """The secret of the new screen's address, shown this once; "" where the same form came a second time."""
    require(by, MANAGE, community.pk, "您不能开通大屏，请找主管。")
    with command(by=by, key=key, at=now, body=[community.pk, name], verb="wall.open") as opening:
        if opening.replayed:
            return ""
        if WallScreen.objects.filter(community=community, closed_at=None).count() >= MOST:
            raise Refused(f"一个项目最多 {MOST} 块大屏，请先停用不用的。")
        secret = secrets.token_urlsafe(24)
        screen = WallScreen.objects.create(
            community=community, name=name, digest=digest(secret), opened_by=by, opened_at=now
        )
        opening.note(opening.book(BOOK, screen.pk), f"{by} 开通大屏“{name}”", step="open")
        opening.answer(screen)
    return secret


def close_screen(community: Any, pk: int, *, by: Any, key: str, now: datetime) -> None:
    require(by, MANAGE, community.pk, "您不能停用大屏，请找主管。")
    with command(by=by, key=key, at=now, body=[pk], verb="wall.close") as closing:
        screen = WallScreen.objects.filter(community=community, pk=pk).first()
        if screen is None:
            raise NotFound
        if WallScreen.objects.filter(pk=pk, closed_at=None).update(closed_at=now):
            closing.note(closing.book(BOOK, pk), f"{by} 停用大屏“{screen.name}”", step="close")


def screen_of(secret: str) -> WallScreen | None:
    return WallScreen.objects.select_related("community").filter(digest=digest(secret), closed_at=None).first()
