"""Where this installation is reached from outside: what the codes on paper lead to."""

from __future__ import annotations

from django.conf import settings


def address(path: str) -> str:
    """The whole address of a path; "" where the installation does not know its own (``YIHU_SITE``)."""
    return f"{settings.YIHU_SITE}{path}" if settings.YIHU_SITE else ""
