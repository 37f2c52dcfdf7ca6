"""`manage serve`: web and background work of one installation in one process group. Up at once: it loads no app."""

import argparse
import fcntl
import os
import socket
import sys
from pathlib import Path
from typing import TextIO

from django.conf import settings

from yihu.config.group import Group, Member, python

HOST = "127.0.0.1"
FIRST_PORT = 8000


class CannotServe(Exception):
    """Why, and what to do."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="script/server", description="启动一户：网页和后台工作一起运行，Ctrl+C 结束。"
    )
    parser.add_argument("--port", type=int, help=f"端口；不写时从 {FIRST_PORT} 起找一个空闲的")
    wanted = parser.parse_args(arguments).port
    try:
        lock = only_one_in(settings.YIHU_DATA)
        port = free_port(wanted)
    except CannotServe as reason:
        print(reason, file=sys.stderr)
        return 1
    # A relative folder means the same to every process, wherever it runs.
    os.environ |= {"YIHU_DATA": str(settings.YIHU_DATA), "PYTHONPATH": str(settings.BASE_DIR)}
    with lock:
        return serve(port)


def serve(port: int) -> int:
    settings.YIHU_PREPARING.touch()
    manage = str(settings.BASE_DIR / "manage.py")
    group = Group(say=say)

    def prepared() -> None:
        settings.YIHU_PREPARING.unlink(missing_ok=True)
        for number in range(1, settings.YIHU_WORKERS + 1):
            group.add(Member(f"后台工作 {number}", python(manage, "work")))
        say(f"一户已就绪：http://{HOST}:{port}/    数据在 {settings.YIHU_DATA}    按 Ctrl+C 结束")

    group.add(Member("网页服务", web(port)))
    group.add(Member("准备", python(manage, "prepare"), lasting=False, then=prepared))
    say(f"正在启动，地址 http://{HOST}:{port}/ ……")
    return group.run()


def say(sentence: str) -> None:
    print(sentence, flush=True)


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
        file.close()
        raise CannotServe(
            f"已经有一个程序在使用数据文件夹 {folder}。请先停止它，或用 YIHU_DATA 指定另一个文件夹。"
        ) from error
    return file


def free_port(wanted: int | None) -> int:
    if wanted is not None and not 1 <= wanted <= 65535:
        raise CannotServe(f"端口 {wanted} 不对，请写 1 到 65535 之间的数。")
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    taken = f"端口 {wanted} " if wanted else f"{FIRST_PORT} 到 {FIRST_PORT + 19} 的端口都"
    raise CannotServe(f"{taken}不能使用（可能已被别的程序占用），请用 --port 换一个。")
