"""Web and background work of one installation in one process group."""

import fcntl
import os
import socket
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from yihu.config.group import Group, Member, python
from yihu.config.health import PREPARING

HOST = "127.0.0.1"
FIRST_PORT = 8000


class Command(BaseCommand):
    help = "启动一户：网页和后台工作一起运行，Ctrl+C 结束。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help=f"端口；不写时从 {FIRST_PORT} 起找一个空闲的")

    def handle(self, *args: Any, **options: Any) -> None:
        lock = only_one_in(settings.YIHU_DATA)
        os.environ |= {"YIHU_DATA": str(settings.YIHU_DATA), "PYTHONPATH": str(settings.BASE_DIR)}
        port = free_port(options["port"])
        (settings.YIHU_DATA / PREPARING).touch()
        group = Group(say=self.say)
        manage = str(settings.BASE_DIR / "manage.py")

        def prepared() -> None:
            (settings.YIHU_DATA / PREPARING).unlink(missing_ok=True)
            for number in range(settings.YIHU_WORKERS):
                group.add(Member(f"后台工作 {number + 1}", python(manage, "work")))
            self.greet(port)

        group.add(Member("网页服务", web(port)))
        group.add(Member("准备", python(manage, "prepare"), lasting=False, then=prepared))
        self.say(f"正在启动，地址 http://{HOST}:{port}/ ……")
        code = group.run()
        lock.close()
        raise SystemExit(code)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def greet(self, port: int) -> None:
        self.say(f"一户已就绪：http://{HOST}:{port}/    数据在 {settings.YIHU_DATA}    按 Ctrl+C 结束")
        if (settings.YIHU_DATA / "demo").exists():
            call_command("make_demo", "--sign-ins", stdout=self.stdout)
            self.stdout.flush()


def web(port: int) -> list[str]:
    return python(
        "-m",
        "granian",
        "--interface=wsgi",
        f"--host={HOST}",
        f"--port={port}",
        f"--workers={settings.YIHU_WEB_PROCESSES}",
        f"--blocking-threads={settings.YIHU_WEB_THREADS}",
        "--no-ws",
        "--http=1",
        "--respawn-failed-workers",
        "--workers-kill-timeout=10",
        "--log-level=warning",
        "yihu.config.wsgi:application",
    )


def only_one_in(folder: Path) -> TextIO:
    """Held as long as the returned file is open; a killed program leaves no lock behind."""
    file = (folder / "serve.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CommandError(
            f"已经有一个程序在使用数据文件夹 {folder}。请先停止它，或用 YIHU_DATA 指定另一个文件夹。"
        ) from error
    return file


def free_port(wanted: int | None) -> int:
    if wanted is not None and not 1 <= wanted <= 65535:
        raise CommandError(f"端口 {wanted} 不对，请写 1 到 65535 之间的数。")
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    taken = f"端口 {wanted}" if wanted else f"{FIRST_PORT} 到 {FIRST_PORT + 19} 的端口"
    raise CommandError(f"{taken}不能使用（可能已被别的程序占用），请用 --port 换一个。")
