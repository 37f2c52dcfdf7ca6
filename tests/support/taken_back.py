"""What is done inside is taken back, so that the same can be done once more from the same start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def taken_back() -> Iterator[None]:
    """A savepoint that is always rolled back; the next row gets the number it would have had without it."""
    before = _last_numbers()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for name, last in _last_numbers().items():
            if before[name] != last:
                cursor.execute("SELECT setval(%s, %s, %s)", [name, before[name] or 1, before[name] is not None])


def _last_numbers() -> dict[str, int | None]:
    """PostgreSQL does not take the numbers of rows back with the rows; SQLite does."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value FROM pg_sequences"
        )
        return dict(cursor.fetchall())
