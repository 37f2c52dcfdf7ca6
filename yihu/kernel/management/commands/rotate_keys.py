"""Turns the keys over: a new one is made, everything is sealed anew under it, the old ones are put away once nothing needs them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yihu.kernel import file_keeping, files, keys, personal_keeping
from yihu.kernel.errors import Refused

_NOTICED = keys.LOOK_AGAIN + 0.5  # by then every process seals with the new key
_PLACES = {"files": "文件"}
_EACH = 100  # files, for one line


class Command(BaseCommand):
    help = "用最新的密钥重新加密个人信息和文件。可以边用边做；中断后再运行一次即可接着做完。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="先生成一把新密钥")
        parser.add_argument("--dry-run", action="store_true", help="只说明每把密钥用在多少处、要重新加密多少，不改动")
        parser.add_argument("--retire", action="store_true", help="做完以后，把不再使用的旧密钥移到 keys/retired.json")
        parser.add_argument(
            "--chunk", type=int, default=personal_keeping.CHUNK, help=f"每批多少条（默认 {personal_keeping.CHUNK}）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["dry_run"]:
                self._say_how_much()
                return
            if options["new_key"]:
                self.stdout.write(f"已生成密钥 {keys.add_key()}。")
            self._seal_all_anew(max(1, options["chunk"]))
            if options["retire"]:
                self._put_away(max(1, options["chunk"]))
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        for problem in chain(personal_keeping.problems(), files.lost()):
            self.stderr.write(problem)

    def _seal_all_anew(self, chunk: int) -> None:
        done: Counter[str] = Counter()
        for place, count in _sealed_anew(chunk):
            done[place] += count
            if place != "files" or done[place] % _EACH == 1:
                self.stdout.write(f"{_PLACES.get(place, place)}：已重新加密 {done[place]} 条")
                self.stdout.flush()
        self.stdout.write(f"完成，共 {done.total()} 条，其中文件 {done['files']} 个。")

    def _put_away(self, chunk: int) -> None:
        ring = keys.keyring(fresh=True)
        values, stored = _in_use()
        old = [key_id for key_id in ring.data_keys if key_id != ring.newest]
        unused = [key_id for key_id in old if not values[key_id] and not stored[key_id]]
        if unused:
            lost = values[personal_keeping.MISSING]
            keys.put_away(unused)
            time.sleep(_NOTICED)
            values, stored = _in_use()
            if values[personal_keeping.MISSING] > lost or any(stored[key_id] for key_id in unused):
                # a long transaction wrote with one of them until now; nothing may be lost
                keys.take_back(unused)
                for _ in _sealed_anew(chunk):
                    pass
                raise Refused("旧密钥还有一处在用，已经放回并重新加密。请再运行一次。")
            self.stdout.write(
                f"已停用旧密钥 {'、'.join(unused)}，移到 keys/retired.json。请把它和用这些密钥的旧备份放在一起，然后从这里删去。"
            )
        for key_id in old:
            if key_id not in unused:
                self.stdout.write(f"旧密钥 {key_id} 还用在 {values[key_id]} 条、{stored[key_id]} 个文件上，不停用。")

    def _say_how_much(self) -> None:
        newest = keys.keyring(fresh=True).newest
        values = personal_keeping.keys_in_use()
        stored, weight = file_keeping.keys_in_use()
        for key_id in keys.keyring().data_keys:
            word = "（最新）" if key_id == newest else ""
            self.stdout.write(f"密钥 {key_id}{word}：个人信息 {values[key_id]} 条，文件 {stored[key_id]} 个")
        if values[personal_keeping.MISSING]:
            self.stdout.write(f"密钥不在：个人信息 {values[personal_keeping.MISSING]} 条")
        if stored[file_keeping.PLAIN]:
            self.stdout.write(f"还没有加密：文件 {stored[file_keeping.PLAIN]} 个")
        waiting = (
            sum(values.values()) - values[newest] - values[personal_keeping.MISSING],
            sum(stored.values()) - stored[newest],
        )
        self.stdout.write(
            f"要重新加密：个人信息 {waiting[0]} 条，文件 {waiting[1]} 个（{weight / 1024 / 1024:.1f} MB）。没有改动任何内容。"
        )


def _sealed_anew(chunk: int) -> Iterator[tuple[str, int]]:
    """Everything once; and once more what another process sealed before it noticed the new key."""
    began = time.time()
    yield from chain(personal_keeping.sealed_anew(chunk), file_keeping.sealed_anew())
    if began - keys.made_at() < _NOTICED:
        time.sleep(max(0.0, keys.made_at() + _NOTICED - time.time()))
        yield from chain(personal_keeping.sealed_anew(chunk), file_keeping.sealed_anew())


def _in_use() -> tuple[Counter[str], Counter[str]]:
    return personal_keeping.keys_in_use(), file_keeping.keys_in_use()[0]
