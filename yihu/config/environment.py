"""Reads the program's settings from the environment and says in a sentence what is wrong with each."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PREFIX = "YIHU_"
FOR_SCRIPTS = {"YIHU_PYTHON", "YIHU_SETUP_LOCKED", "YIHU_CHROMIUM", "YIHU_TEST_POSTGRES"}


class SettingError(Exception):
    """One or more settings are wrong; the text names each variable, what is wrong and what to write."""


class Environment:
    """Every reader remembers its name, so that a misspelt variable is found at the end."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.known = set(FOR_SCRIPTS)
        self.problems: list[str] = []

    def refuse(self, name: str, wrong: str, remedy: str) -> None:
        self.problems.append(f"环境变量 {name} 不对：{wrong}。请{remedy}。")

    def _raw(self, name: str) -> str:
        self.known.add(name)
        return self.values.get(name, "").strip()

    def text(self, name: str, default: str = "", at_least: int = 0) -> str:
        raw = self._raw(name)
        if raw and len(raw) < at_least:
            self.refuse(name, f"只有 {len(raw)} 个字符", f"写一个不少于 {at_least} 个字符的值")
        return raw or default

    def switch(self, name: str, default: bool) -> bool:
        raw = self._raw(name)
        if raw not in ("", "0", "1"):
            self.refuse(name, f"“{raw}”既不是 1 也不是 0", "写 1（开）或 0（关）")
        return default if raw not in ("0", "1") else raw == "1"

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self._raw(name)
        if not raw:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", raw) or not low <= int(raw) <= high:
            self.refuse(
                name, f"“{raw}”不是 {low} 到 {high} 之间的整数", f"写 {low} 到 {high} 之间的整数，例如 {default}"
            )
            return default
        return int(raw)

    def one_of(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        raw = self._raw(name)
        if raw and raw not in choices:
            self.refuse(name, f"“{raw}”不在可选的值里", f"写以下之一：{'、'.join(choices)}")
            return default
        return raw or default

    def names(self, name: str, default: tuple[str, ...], pattern: str, example: str) -> list[str]:
        raw = self._raw(name)
        parts = [part.strip() for part in raw.split(",") if part.strip()]
        for part in parts:
            if not re.fullmatch(pattern, part):
                self.refuse(name, f"“{part}”看不懂", f"用英文逗号隔开来写，例如 {example}")
        return parts or list(default)

    def folder(self, name: str, default: Path) -> Path:
        raw = self._raw(name)
        folder = Path(raw).expanduser().absolute() if raw else default
        try:
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            probe = folder / ".writable"
            probe.touch()
            probe.unlink(missing_ok=True)
        except OSError as error:
            self.refuse(name, f"文件夹 {folder} 不能写入（{error.strerror}）", "写一个本程序可以写入的文件夹")
        return folder

    def database(self, name: str, default: Path, pool: int) -> dict[str, Any]:
        raw = self._raw(name)
        try:
            return database_from_url(raw, pool) if raw else sqlite(default)
        except ValueError as error:
            self.refuse(name, str(error), "写 sqlite:///文件路径 或 postgresql://用户:口令@主机:5432/库名")
            return sqlite(default)

    def gateway(self, name: str) -> str:
        """A service that we call: https, or plain http to this very machine."""
        raw = self._raw(name)
        parts = urlsplit(raw)
        try:
            here = parts.hostname in ("127.0.0.1", "localhost", "::1") and (parts.port or 80) > 0
            proper = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))
        except ValueError:
            proper = False
        if raw and not (proper and not parts.username and not parts.query):
            self.refuse(name, "不是 https 的地址", "写 https://gateway.example.com/sms；http 只能用于本机 127.0.0.1")
            return ""
        return raw

    def site(self, name: str) -> str:
        """Where the program is reached from outside, as it stands in the codes on paper: no path, no question."""
        raw = self._raw(name).rstrip("/")
        parts = urlsplit(raw)
        try:
            proper = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            proper = False
        if raw and not (proper and not parts.username and not parts.path and not parts.query and not parts.fragment):
            self.refuse(name, f"“{raw}”不是一个网址", "写客户手机能打开的地址，例如 https://yihu.example.com")
            return ""
        return raw

    def mail_server(self, name: str) -> dict[str, Any]:
        """`smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`; `smtp://127.0.0.1:25` talks openly to this machine."""
        raw = self._raw(name)
        parts = urlsplit(raw)
        try:
            known = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            known = False
        if raw and not known:
            self.refuse(name, "看不懂", "写 smtp://用户:口令@主机:587 或 smtps://用户:口令@主机:465")
        if not raw or not known:
            return {}
        here = parts.hostname in ("127.0.0.1", "localhost", "::1")
        return {
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp" and not here,
        }

    def finish(self) -> None:
        """Refuses to go on if anything was wrong, or if a variable of ours is not known at all."""
        for name in sorted(self.values):
            if name.startswith(PREFIX) and name not in self.known:
                near = get_close_matches(name, self.known, n=1)
                self.refuse(name, "没有这个设置", f"改成 {near[0]}" if near else "去掉它，或对照手册查名字")
        if self.problems:
            raise SettingError("\n".join(self.problems))


def sqlite(path: Path) -> dict[str, Any]:
    """One file; every write transaction takes the lock at its beginning and is on the disk when it is acknowledged."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def database_from_url(url: str, pool: int) -> dict[str, Any]:
    """`sqlite:///path` or `postgresql://user:password@host:port/name?host=/socket/folder`."""
    readers: dict[str, Callable[[], dict[str, Any]]] = {
        "sqlite": lambda: _sqlite_from_url(url),
        "postgresql": lambda: _postgresql_from_url(url, pool),
        "postgres": lambda: _postgresql_from_url(url, pool),
    }
    scheme = urlsplit(url).scheme
    if scheme not in readers:
        raise ValueError("开头既不是 sqlite: 也不是 postgresql:")
    return readers[scheme]()


def _sqlite_from_url(url: str) -> dict[str, Any]:
    path = unquote(urlsplit(url).path).removeprefix("/")
    if not path or urlsplit(url).netloc:
        raise ValueError("没有写数据库文件的路径（三条斜线后写路径，绝对路径是四条）")
    file = Path(path).absolute()
    if not file.parent.is_dir():
        raise ValueError(f"文件夹 {file.parent} 不存在")
    return sqlite(file)


def _postgresql_from_url(url: str, pool: int) -> dict[str, Any]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError("端口不是 1 到 65535 之间的数字") from error
    name = unquote(parts.path).strip("/")
    if not name or "/" in name:
        raise ValueError("主机后面没有写库名")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", unquote(parts.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        # The driver's own pool keeps connections; Django must not keep them a second time.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            **query,
            "pool": {"min_size": 1, "max_size": pool, "timeout": 10, "max_idle": 300, "max_lifetime": 3600},
        },
    }
