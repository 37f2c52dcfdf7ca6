"""A new database is the same whether it is built at once or by every migration in turn; on PostgreSQL under ``--exam``."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
Ask = Callable[[str], list[tuple[Any, ...]]]
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'kernel_searchtext%'"
OTHERS = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
POSTGRESQL = (
    """SELECT 'column', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,
        collation_name, is_identity, generation_expression FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def of_sqlite(ask: Ask) -> set[str]:
    """Columns and constraints in any order, indexes, triggers."""
    found = {f"{name}: {_plain(sql)}" for name, sql in ask(OTHERS)}
    for (table,) in ask(TABLES):
        (sql,) = ask(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")[0]
        found |= {f"{table}: {part}" for part in _parts(sql)}
    return found


def _parts(sql: str) -> Iterator[str]:
    """What stands between the commas of the outermost brackets."""
    depth, part = 0, ""
    for sign in sql[sql.index("(") + 1 : sql.rindex(")")]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield _plain(part)
            part = ""
        else:
            part += sign
    yield _plain(part)


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql.replace('"', "")).strip()


def of_postgresql(ask: Ask) -> set[str]:
    """All but the tables of Django's own groups, which nobody uses and whose numbers its migrations make a size larger."""
    return {str(row) for sql in POSTGRESQL for row in ask(sql) if not row[1].startswith("auth_group")}


def asked_here(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def migrate_by_history(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--by-history", "--verbosity", "0"]
    told = {**os.environ, "YIHU_TEST": "1", **environment}
    subprocess.run(command, cwd=settings.BASE_DIR, env=told, check=True, timeout=280)


@pytest.fixture
def by_history(tmp_path: Path) -> Iterator[set[str]]:
    """The tables of a database that went through every migration."""
    environment = {"YIHU_DATA": str(tmp_path)}
    if connection.vendor == "sqlite":
        migrate_by_history(environment)
        other = sqlite3.connect(next(tmp_path.glob("*.sqlite3")))
        yield of_sqlite(lambda sql: other.execute(sql).fetchall())
        other.close()
        return
    name = f"{connection.settings_dict['NAME']}_history"
    with psycopg.connect(**{**connection.get_connection_params(), "dbname": "postgres"}, autocommit=True) as server:  # type: ignore[arg-type]
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        address = urlsplit(os.environ["YIHU_DATABASE_URL"])
        try:
            migrate_by_history({**environment, "YIHU_DATABASE_URL": urlunsplit(address._replace(path=f"/{name}"))})
            with psycopg.connect(**{**connection.get_connection_params(), "dbname": name}) as other:  # type: ignore[arg-type]
                yield of_postgresql(lambda sql: other.execute(sql).fetchall())
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.mark.once
def test_what_is_built_at_once_is_what_the_migrations_make(by_history: set[str]) -> None:
    compare(by_history)


@pytest.mark.exam  # two minutes more on PostgreSQL, whose part is the longer one
def test_what_is_built_at_once_on_postgresql_is_what_the_migrations_make(by_history: set[str]) -> None:
    compare(by_history)


def compare(by_history: set[str]) -> None:
    at_once = (of_sqlite if connection.vendor == "sqlite" else of_postgresql)(asked_here)
    assert len(at_once) > 1000
    assert {"only at once": at_once - by_history, "only by history": by_history - at_once} == {
        "only at once": set(),
        "only by history": set(),
    }
