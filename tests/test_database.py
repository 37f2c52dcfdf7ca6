"""The promises that a database must keep, as it is set up for people and not for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.test import override_settings

from yihu.config.database import broken_promises
from yihu.config.environment import Environment, SettingError, database_from_url

ASK_SQLITE = """
import django, json
django.setup()
from django.db import connection
from yihu.config.database import broken_promises
def ask(name):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA " + name)
        return cursor.fetchone()[0]
answers = {name: ask(name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
answers["broken"] = list(broken_promises(connection))
print(json.dumps(answers))
"""


@pytest.mark.once
def test_sqlite_as_people_get_it_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YIHU_")}
    asked = subprocess.run(
        [sys.executable, "-c", ASK_SQLITE],
        cwd=settings.BASE_DIR,
        env={**environment, "YIHU_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "yihu.config.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers = json.loads(asked.stdout)
    assert answers == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000, "broken": []}


@pytest.mark.django_db
def test_an_unsafe_database_is_named_setting_by_setting() -> None:
    """The tests' own database saves itself the waiting for the disk, which is just what must be found."""
    found = list(broken_promises(connection))
    if connection.vendor == "sqlite":
        assert found == ["SQLite 的 synchronous 不是 FULL，断电会丢数据。"]
    else:
        assert [sentence.split()[1] for sentence in found] == ["的", "的", "的"]
        assert all(name in " ".join(found) for name in ("fsync", "synchronous_commit", "full_page_writes"))
    with override_settings(YIHU_TEST=False):
        errors = run_checks(tags=["database"], databases=["default"])
    assert {error.msg for error in errors if error.id == "config.E001"} == set(found)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss@db:5433/yihu", {"USER": "u", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433"}),
        ("postgres://u@/yihu?host=/run/pg", {"USER": "u", "PASSWORD": "", "HOST": "/run/pg", "PORT": ""}),
    ],
)
def test_an_address_of_postgresql_is_read_and_connections_are_kept_by_the_pool_alone(
    url: str, expected: dict[str, Any]
) -> None:
    read = database_from_url(url, pool=3)
    assert read["NAME"] == "yihu"
    assert {name: read[name] for name in expected} == expected
    assert read["CONN_MAX_AGE"] == 0
    assert read["OPTIONS"]["pool"]["max_size"] == 3
    assert "host" not in read["OPTIONS"]


def test_an_address_of_sqlite_takes_the_lock_when_a_transaction_begins(tmp_path: Path) -> None:
    read = database_from_url(f"sqlite:///{tmp_path}/yihu.sqlite3", pool=3)
    assert read["NAME"] == f"{tmp_path}/yihu.sqlite3"
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert read["OPTIONS"]["timeout"] == 20


def test_settings_of_other_programs_are_none_of_our_business() -> None:
    environment = Environment({"PATH": "/bin", "DATABASE_URL": "x"})
    environment.finish()
    environment = Environment({"YIHU_COLOUR": "red"})
    with pytest.raises(SettingError, match="YIHU_COLOUR 不对：没有这个设置"):
        environment.finish()
