"""Numbers of records and papers: ``项目-单据码-YYYYMM-0001``. Never reused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from yihu.kernel.models.command import Sequence

_TAKE = """
INSERT INTO {table} (key, last) VALUES (%s, %s)
ON CONFLICT (key) DO UPDATE SET last = {table}.last + %s RETURNING last
"""


def take(key: str, count: int = 1) -> int:
    """The last of ``count`` fresh numbers under ``key``; one statement, safe for any number of writers."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(table=Sequence._meta.db_table), [key, count, count])
        return int(cursor.fetchone()[0])


def next_number(community: Any, code: str, at: datetime) -> str:
    """The next number of a register in its community and month (office time)."""
    prefix = f"{community.code}-{code}-{timezone.localtime(at):%Y%m}"
    return f"{prefix}-{take(prefix):04d}"
