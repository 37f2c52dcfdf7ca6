"""Tells the sign-in page of a demo, and of nothing else, with which accounts one may look around."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yihu.demo.founding import demo_here
from yihu.demo.people import PASSWORD, sign_ins


def demo(request: HttpRequest) -> dict[str, Any]:
    """Asked of the database only where a template wants it."""
    return {"demo": cache(_shown)} if settings.YIHU_DEMO else {}


def _shown() -> dict[str, Any] | None:
    return {"password": PASSWORD, "people": sign_ins()} if demo_here() else None
