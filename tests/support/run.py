"""Runs the tests on SQLite and PostgreSQL side by side, and in a browser beside the slower of them; `script/test` calls it."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import IO

from tests.support import chromium
from tests.support.postgres import NoPostgreSQL, postgresql

NO_TESTS = 5
MINUTES = 40  # for one part, far beyond what it needs; --exam has four times as long
AT_ONCE = 2  # what a machine of two processors does: the browser follows whichever database ends first


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


def run_pytest(marks: str, more: list[str], environment: dict[str, str], minutes: int, told: IO[str] | None) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-m", marks, "--durations=40", "--durations-min=5", *more]
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        start_new_session=True,
        stdout=told,
        stderr=told and subprocess.STDOUT,
    )
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


def run_part(name: str, more: list[str], minutes: int, told: IO[str] | None = None) -> tuple[int, float]:
    """Its exit code and its seconds; what pytest says goes to ``told``, or else straight out."""
    _, marks, place = PARTS[name]
    began = time.monotonic()
    try:
        with place() as environment:  # type: ignore[attr-defined]
            code = run_pytest(marks, more, environment, minutes, told)
    except (NoPostgreSQL, chromium.NoBrowser) as missing:
        print(f"失败：{missing}", file=told, flush=True)
        code = 1
    return code, time.monotonic() - began


def run_at_once(names: list[str], more: list[str], minutes: int) -> dict[str, tuple[int, float]]:
    """Two side by side, the next when one has ended. Each writes into a file of its own; all are told at the end."""
    if len(names) == 1:
        say(_headline(names[0]))
        return {names[0]: run_part(names[0], more, minutes)}
    say(f"{'、'.join(PARTS[name][0] for name in names)} 两个两个同时进行，结束后一并显示……")
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        files = {name: stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for name in names}
        work = {name: pool.submit(run_part, name, more, minutes, files[name]) for name in names}
        results = {name: one.result() for name, one in work.items()}
        for name, file in files.items():
            file.seek(0)
            say(f"{_headline(name)}\n{file.read()}")
    return results


def _headline(name: str) -> str:
    return f"\n── {PARTS[name][0]} " + "─" * 60


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/test", description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part only")
    options, more = parser.parse_known_args()
    minutes = MINUTES * 4 if "--exam" in more else MINUTES
    results = run_at_once([name for name in PARTS if name in (options.only or PARTS)], more, minutes)
    say("")
    words = {0: "通过", NO_TESTS: "没有匹配的测试"}
    for name, (code, seconds) in results.items():
        say(f"{PARTS[name][0]}：{words.get(code, '没有通过')}（{seconds:.0f} 秒）")
    codes = {code for code, _ in results.values()}
    return 0 if codes <= {0, NO_TESTS} and 0 in codes else 1


if __name__ == "__main__":
    sys.exit(main())
