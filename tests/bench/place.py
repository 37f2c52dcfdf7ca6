"""A data folder and a database for one measurement, gone afterwards. Settings are those of production, not of the tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgres import postgresql


@contextmanager
def throw_away(database: str) -> Iterator[Path]:
    """Django is up and the database is empty inside; what ``YIHU_DATABASE_URL`` names is never touched itself."""
    folder = Path(tempfile.mkdtemp(prefix="yihu-bench-"))
    try:
        with _server(database):
            os.environ.pop("YIHU_TEST", None)
            os.environ |= {
                "YIHU_DATA": str(folder),
                "YIHU_DEMO": "0",
                "YIHU_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "yihu.config.settings",
            }
            import django  # reads the environment that has just been set

            django.setup()
            with _fresh_database(folder):
                yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(database: str) -> Iterator[None]:
    if database == "sqlite":
        os.environ.pop("YIHU_DATABASE_URL", None)
    if database == "postgres" and not os.environ.get("YIHU_DATABASE_URL", "").startswith("postgres"):
        with postgresql(durable=True) as address:
            os.environ["YIHU_DATABASE_URL"] = address
            yield
    else:
        yield


@contextmanager
def _fresh_database(folder: Path) -> Iterator[None]:
    from django.db import connection

    sqlite = connection.vendor == "sqlite"
    named = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3") if sqlite else f"yihu_bench_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(named, verbosity=0)
