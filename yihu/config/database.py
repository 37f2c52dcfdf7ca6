"""What a database must promise before people's work is entrusted to it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

OLDEST_POSTGRESQL = 15


def broken_promises(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """A sentence for each setting under which an acknowledged write could be lost or a rule not be kept."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor](connection)


def _value(connection: BaseDatabaseWrapper, question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _sqlite(connection: BaseDatabaseWrapper) -> Iterator[str]:
    if _value(connection, "PRAGMA journal_mode") != "wal":
        yield "SQLite 不能使用 WAL 日志：数据文件夹可能在网络盘上，请把 YIHU_DATA 放到本机硬盘。"
    if _value(connection, "PRAGMA synchronous") != "2":
        yield "SQLite 的 synchronous 不是 FULL，断电会丢数据。"
    if _value(connection, "PRAGMA foreign_keys") != "1":
        yield "SQLite 没有打开外键约束。"


def _postgresql(connection: BaseDatabaseWrapper) -> Iterator[str]:
    if int(_value(connection, "SHOW server_version_num")) < OLDEST_POSTGRESQL * 10000:
        yield f"PostgreSQL 的版本太旧，请使用 {OLDEST_POSTGRESQL} 或更高版本。"
    if _value(connection, "SHOW server_encoding") != "UTF8":
        yield "PostgreSQL 数据库的编码不是 UTF8，请用 UTF8 编码重建数据库。"
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if _value(connection, f"SHOW {name}") == "off":
            yield f"PostgreSQL 的 {name} 是 off，断电会丢数据，请改为 on。"


def check_databases(databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Runs with every `migrate`; the tests' own server is unsafe on purpose."""
    if settings.YIHU_TEST:
        return []
    return [
        Error(sentence, id="config.E001")
        for alias in databases or ()
        for sentence in broken_promises(connections[alias])
    ]
