"""How a moment or a day is said in office time on lists, sheets and in sentences; nothing where there is none."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def _said(moment: datetime | None, pattern: str) -> str:
    return format(timezone.localtime(moment), pattern) if moment else ""


def stamp(moment: datetime | None) -> str:
    """2026-06-03 09:05"""
    return _said(moment, "%Y-%m-%d %H:%M")


def short(moment: datetime | None) -> str:
    """06-03 09:05"""
    return _said(moment, "%m-%d %H:%M")


def day(moment: datetime | None) -> str:
    """2026-06-03"""
    return _said(moment, "%Y-%m-%d")


def clock(moment: datetime | None) -> str:
    """09:05"""
    return _said(moment, "%H:%M")


def formal(moment: datetime | None) -> str:
    """2026年06月03日, as beside a signature"""
    return _said(moment, "%Y年%m月%d日")


def span(first: datetime | None, last: datetime | None) -> str:
    """06-03 09:05 至 06-03 11:00"""
    return f"{short(first)} 至 {short(last)}" if first and last else ""
