"""Runs the tests on SQLite, on PostgreSQL and in a browser, one after the other; `script/test` calls it."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.support import chromium
from tests.support.postgres import NoPostgreSQL, postgresql

NO_TESTS = 5
MINUTES = 15  # for one part; --exam has four times as long


@contextmanager
def on_sqlite() -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def on_postgresql() -> Iterator[dict[str, str]]:
    with postgresql() as address:
        yield {"YIHU_DATABASE_URL": address}


@contextmanager
def in_a_browser() -> Iterator[dict[str, str]]:
    yield {"YIHU_CHROMIUM": chromium.ensure(say)}


PARTS: dict[str, tuple[str, str, Callable[..., object]]] = {
    "sqlite": ("SQLite", "not browser", on_sqlite),
    "postgres": ("PostgreSQL", "not browser", on_postgresql),
    "browser": ("浏览器", "browser", in_a_browser),
}


def say(sentence: str) -> None:
    print(sentence, flush=True)


def run_pytest(marks: str, more: list[str], environment: dict[str, str], minutes: int) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-m", marks, *more]
    process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
    try:
        return process.wait(minutes * 60)
    except subprocess.TimeoutExpired:
        say(f"超过 {minutes} 分钟还没有结束，已停止。")
        return 1
    finally:
        # Whatever a test left running goes with it.
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                break
            time.sleep(0.5)


def run_part(name: str, more: list[str], minutes: int) -> int:
    title, marks, place = PARTS[name]
    say(f"\n── {title} " + "─" * 60)
    try:
        with place() as environment:  # type: ignore[attr-defined]
            return run_pytest(marks, more, environment, minutes)
    except (NoPostgreSQL, chromium.NoBrowser) as missing:
        say(f"失败：{missing}")
        return 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/test", description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part only")
    options, more = parser.parse_known_args()
    minutes = MINUTES * 4 if "--exam" in more else MINUTES
    results: dict[str, tuple[int, float]] = {}
    for name in options.only or PARTS:
        began = time.monotonic()
        results[name] = run_part(name, more, minutes), time.monotonic() - began
    say("")
    words = {0: "通过", NO_TESTS: "没有匹配的测试"}
    for name, (code, seconds) in results.items():
        say(f"{PARTS[name][0]}：{words.get(code, '没有通过')}（{seconds:.0f} 秒）")
    codes = {code for code, _ in results.values()}
    return 0 if codes <= {0, NO_TESTS} and 0 in codes else 1


if __name__ == "__main__":
    sys.exit(main())
