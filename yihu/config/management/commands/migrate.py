"""Django's ``migrate``; an empty database is built at once (``config/fresh.py``)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from yihu.config import fresh

PARTIAL = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "prune", "by_history")


class Command(migrate.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--by-history", action="store_true", help="空数据库也逐个执行迁移")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if not any(options.get(name) for name in PARTIAL) and fresh.is_empty(connection):
            fresh.build(connection)
        options.pop("by_history", None)
        super().handle(*args, **options)
