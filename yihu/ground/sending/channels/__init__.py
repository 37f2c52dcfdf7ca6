"""The ways out behind one small interface: hand over, ask, read a report. Which are there, the environment says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings

from yihu.ground.sending.channels.http import SignedHttp
from yihu.ground.sending.channels.mail import Mail
from yihu.ground.sending.channels.words import Answer, BadReport, Letter, Outcome, Report
from yihu.ground.sending.models import Way


class Channel(Protocol):
    """``asks``: whether it can be asked what became of a message; one that cannot never gets one a second time by itself."""

    asks: bool

    def send(self, letter: Letter) -> Answer: ...
    def ask(self, token: str) -> Answer: ...
    def reports(self, headers: Mapping[str, str], body: bytes) -> list[Report]: ...


def channel_of(way: str) -> Channel | None:
    """The channel of a way, or None where this installation has none: then messages are only kept."""
    if way == Way.MAIL:
        return Mail() if settings.YIHU_MAIL_FROM else None
    url, key = settings.YIHU_CHANNELS.get(way, ("", ""))
    return SignedHttp(url, key, float(settings.YIHU_SEND_SECONDS)) if url and key else None


__all__ = ["Answer", "BadReport", "Channel", "Letter", "Outcome", "Report", "channel_of"]
