"""Counts how often a sheet was printed: the first is the original, each later one says 补打 n."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from yihu.kernel.errors import Refused
from yihu.kernel.models.prints import PrintRun

_TRIES = 8


def count_print(name: str, *, by: Any, at: datetime, record: Any = None, subject: str = "") -> PrintRun:
    """Write down that a sheet is printed once more. ``subject`` names what a sheet without a record is about."""
    about = subject or str(record.number)
    for _ in range(_TRIES):
        latest = PrintRun.objects.filter(subject=about, name=name).aggregate(Max("copy_no"))["copy_no__max"] or 0
        run = PrintRun(
            record_id=record.pk if record else None, name=name, subject=about, copy_no=latest + 1, by=by, at=at
        )
        try:
            with transaction.atomic():
                run.save(force_insert=True)
        except IntegrityError:
            continue  # somebody printed it at the same moment; the number is his
        return run
    raise Refused("这张单子正有多人同时打印，请稍后再试。")


def reprints(name: str, subject: str) -> int:
    """How often a sheet was printed again."""
    latest = PrintRun.objects.filter(subject=subject, name=name).aggregate(Max("copy_no"))["copy_no__max"] or 0
    return max(0, latest - 1)
