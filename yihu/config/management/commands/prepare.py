"""Brings the database up to date and, in an empty one that asks for it, the demo's roll in."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection

from yihu.config.database import broken_promises

LOCK = 0x59494855  # "YIHU": of several machines on one PostgreSQL, one migrates and the others wait


class Command(BaseCommand):
    help = "更新数据库结构；空数据库按需要建立演示小区。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="不建立演示小区")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with alone():
                self.prepare(demo=settings.YIHU_DEMO and not options["no_demo"])
        except DatabaseError as error:
            raise CommandError(f"数据库出错：{error}".strip()) from error

    def prepare(self, demo: bool) -> None:
        if not settings.YIHU_TEST and (broken := list(broken_promises(connection))):
            raise CommandError("\n".join(broken))
        mark = settings.YIHU_DEMO_MARK
        if demo and not connection.introspection.table_names():
            mark.write_text("roll\n")
        call_command("migrate", verbosity=0, interactive=False)
        # The mark says what is still to do, so that a first start which was cut short goes on where it stopped.
        if mark.exists() and mark.read_text().strip() == "roll":
            self.stdout.write("第一次启动：正在建立演示小区……")
            call_command("make_demo", "--roll", stdout=self.stdout)
            mark.write_text("month\n")
        if mark.exists() and mark.read_text().strip() == "month":
            call_command("make_demo", "--month-later", stdout=self.stdout)
            mark.write_text("done\n")
        if mark.exists():
            call_command("make_demo", "--sign-ins", stdout=self.stdout)


@contextmanager
def alone() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
