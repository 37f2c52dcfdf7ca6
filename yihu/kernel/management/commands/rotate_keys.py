"""Seals personal data under the newest key; with ``--new-key`` makes that key first."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yihu.kernel.errors import Refused
from yihu.kernel.keys import add_key
from yihu.kernel.personal_keeping import CHUNK, problems, sealed_anew


class Command(BaseCommand):
    help = "用最新的密钥重新加密个人信息。中断后再运行一次即可接着做完；旧密钥留着，旧备份还要用它。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="先生成一把新密钥")
        parser.add_argument("--chunk", type=int, default=CHUNK, help=f"每批多少条（默认 {CHUNK}）")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            try:
                self.stdout.write(f"已生成密钥 {add_key()}。")
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
        done: Counter[str] = Counter()
        for place, count in sealed_anew(max(1, options["chunk"])):
            done[place] += count
            self.stdout.write(f"{place}：已重新加密 {done[place]} 条")
        self.stdout.write(f"完成，共 {done.total()} 条。")
        for problem in problems():
            self.stderr.write(problem)
