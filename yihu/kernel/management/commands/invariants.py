"""``manage invariants [--json]``: checks the whole database and says what it checked."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from yihu.kernel.invariants import check_all


class Command(BaseCommand):
    help = "检查整个数据库是否自洽"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        results = check_all()
        broken = [result for result in results if result.faults]
        if options["json"]:
            rows = [
                {"name": result.name, "sentence": result.sentence, "ok": not result.faults, "faults": result.faults}
                for result in results
            ]
            self.stdout.write(
                json.dumps(
                    {"ok": not broken, "checked": len(results), "invariants": rows}, ensure_ascii=False, indent=2
                )
            )
        else:
            for result in results:
                self.stdout.write(f"{'通过' if not result.faults else '不符'}  {result.name}  {result.sentence}")
                for fault in result.faults:
                    self.stdout.write(f"      {fault}")
        if broken:
            raise SystemExit(1)
