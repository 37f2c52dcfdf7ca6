"""The processes of one installation live and end together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from yihu.config.group import MOST_FAILURES, Group, Member, python

ROOT = Path(settings.BASE_DIR)
pytestmark = pytest.mark.once


def until(true: Callable[[], object], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return bool(true())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def children_of(pid: int) -> dict[int, str]:
    """Process id and command line of everything below a process."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, timeout=20, check=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    below, found = {pid}, {}
    for _ in range(5):
        for own, parent, *command in rows:
            if int(parent) in below and int(own) not in below:
                below.add(int(own))
                found[int(own)] = " ".join(command)
    return found


@contextmanager
def serving(data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YIHU_")}
    with (data / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)],
            env={**environment, "YIHU_DATA": str(data), "YIHU_DEMO": "0"},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def test_a_server_starts_survives_the_death_of_a_part_and_ends_whole(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as process:
        assert until(lambda: status(port, "/readyz") == 200, 60), (tmp_path / "log").read_text()
        assert status(port, "/healthz") == 200
        assert until(lambda: any(" work" in command for command in children_of(process.pid).values()))
        family = children_of(process.pid)
        web = [pid for pid, command in family.items() if "granian" in command]
        assert web

        os.kill(min(web), signal.SIGKILL)
        assert until(lambda: "意外退出" in (tmp_path / "log").read_text())
        assert until(lambda: status(port, "/healthz") == 200), (tmp_path / "log").read_text()

        refused = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "serve"],
            env={**os.environ, "YIHU_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert refused.returncode == 1
        assert "已经有一个程序在使用数据文件夹" in refused.stderr

        family = children_of(process.pid)
        process.terminate()
        assert process.wait(30) == 0
        assert until(lambda: not set(family) & set(children_of(1)) and status(port, "/healthz") == 0)


def test_a_server_that_is_killed_outright_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as process:
        assert until(lambda: status(port, "/readyz") == 200, 60), (tmp_path / "log").read_text()
        process.kill()
        process.wait(30)
        assert until(lambda: status(port, "/healthz") == 0)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(tmp_path, port) as process:
            assert process.wait(60) == 1
    assert f"端口 {port} 不能使用" in (tmp_path / "log").read_text()


def test_a_part_that_cannot_live_ends_the_group_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yihu.config.group.BACK_OFF", 0.01)
    said: list[str] = []
    group = Group(say=said.append)
    group.add(Member("会停的部分", python("-c", "raise SystemExit(3)")))
    bystander = Member("别的部分", python("-c", "import time; time.sleep(60)"))
    group.add(bystander)
    assert group.run() == 1
    assert len(said) == MOST_FAILURES + 1
    assert "会停的部分连续" in said[-1]
    assert bystander.process
    assert bystander.process.poll() is not None


def test_when_the_preparation_fails_nothing_is_served(tmp_path: Path) -> None:
    """A database that is not one: the sentence says so, and the exit code says that it is no use to wait."""
    (tmp_path / "yihu.sqlite3").write_bytes(b"this is not a database, " * 100)
    port = free_port()
    with serving(tmp_path, port) as process:
        assert process.wait(60) == 1
    assert "数据库出错" in (tmp_path / "log").read_text()
    assert "准备没有完成" in (tmp_path / "log").read_text()
