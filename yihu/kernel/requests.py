"""A request as the views get it: middleware has put the person, his community and htmx's headers on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class Request(HttpRequest):
    user: Any
    community: Any
    htmx: Any
