"""The style sheets and scripts of every page, named once: thirty files are looked up in the manifest when the process starts
to serve and not for each page anew.
"""

from __future__ import annotations

from functools import cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def assets() -> SafeString:
    return _drawn() if settings.DEBUG else _kept()


def _drawn() -> SafeString:
    return render_to_string("ui/assets.html")


_kept = cache(_drawn)
