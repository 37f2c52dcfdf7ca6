"""Ready-made rows into a table as fast as the database takes them: COPY on PostgreSQL, executemany on SQLite.

Only for the ledger and the runs that feed it; every constraint and trigger of the table holds as it does for one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def take_keys(model: Any, count: int) -> list[int]:
    """Primary keys that nobody else gets, rising; to be used in the same transaction.

    On SQLite whoever writes holds the only lock there is, so the next ones are free.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            first = (row[0] if row else 0) + 1
            return list(range(first, first + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
        )
        return [row[0] for row in cursor.fetchall()]


def write(model: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The rows, whose values stand in the order of ``names``; days as ISO text, JSON as text.

    Raises django.db.IntegrityError like any other insert.
    """
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in names)
    table = f'"{model._meta.db_table}"'
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(rows))
            return
        with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)
