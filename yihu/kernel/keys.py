"""The keys under which personal data and files lie: several data keys (the newest seals), and one key for blind indexes.

They stand in ``YIHU_DATA/keys/personal.json`` (made once, for the owner's eyes only) or in ``YIHU_PERSONAL_KEYS``, as
``{"index": "<base64>", "data": [["<key id>", "<base64>"], …]}``, oldest first. Who loses them loses the data; who has
them and the database has everything: keep a copy of them, and never beside a copy of the database.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yihu.kernel.errors import Refused

ENVIRONMENT = "YIHU_PERSONAL_KEYS"
LOOK_AGAIN = 2.0  # seconds after which another process's new key is noticed
_KEY_ID = re.compile(r"[A-Za-z0-9]{1,16}")


class BadKeys(Exception):
    """The keys are there and cannot be used. The text never shows one."""


@dataclass(frozen=True)
class Keyring:
    """What seals and opens personal values in this process."""

    ciphers: Mapping[str, AESGCM] = field(repr=False)
    newest: str
    index_key: bytes = field(repr=False)
    data_keys: Mapping[str, bytes] = field(repr=False)


@dataclass
class _Held:
    keyring: Keyring | None = None
    stamp: object = None
    looked_at: float = 0.0


_held = _Held()


def keyring(*, fresh: bool = False) -> Keyring:
    """The keys in force; ``fresh`` looks at the file even if it was looked at a moment ago."""
    if _held.keyring is not None and not fresh and time.monotonic() - _held.looked_at < LOOK_AGAIN:
        return _held.keyring
    text = _from_environment()
    if not text:
        _make_once(_path())
    stamp = text or _stamp(_path())
    if _held.keyring is None or _held.stamp != stamp:
        _held.keyring = _parse(text or _path().read_text(encoding="utf-8"))
        _held.stamp = stamp
    _held.looked_at = time.monotonic()
    return _held.keyring


def add_key() -> str:
    """Put a new key on top, under which everything is sealed from now on; gives its id."""
    if _from_environment():
        raise Refused(
            f"密钥来自环境变量 {ENVIRONMENT}，请在那里的 data 末尾加上新密钥，然后不带 --new-key 再运行一次。"
        )
    with _edited() as content:
        key_id = _new_id({known for known, _ in content["data"]})
        content["data"].append([key_id, _new_key()])
    keyring(fresh=True)
    return key_id


def put_away(key_ids: Iterable[str]) -> None:
    """Take these keys out of use. They are laid beside the others first (``retired.json``): older backups need them."""
    if _from_environment():
        raise Refused(f"密钥来自环境变量 {ENVIRONMENT}，请在那里去掉不再使用的密钥，并和旧备份的密钥放在一起。")
    gone = set(key_ids)
    with _edited() as content:
        moved = [[key_id, key] for key_id, key in content["data"][:-1] if key_id in gone]
        shelf = _path().with_name("retired.json")
        lying = json.loads(shelf.read_text(encoding="utf-8"))["data"] if shelf.exists() else []
        _draft(shelf, {"index": content["index"], "data": [*lying, *moved]}).replace(shelf)
        _settle(shelf.parent)
        content["data"] = [pair for pair in content["data"] if pair not in moved]
    keyring(fresh=True)


def take_back(key_ids: Iterable[str]) -> None:
    """Put keys that were put away back below the others: something sealed with them turned up after all."""
    wanted = set(key_ids)
    lying = json.loads(_path().with_name("retired.json").read_text(encoding="utf-8"))["data"]
    with _edited() as content:
        known = {key_id for key_id, _ in content["data"]}
        content["data"][:0] = [pair for pair in lying if pair[0] in wanted - known]
    keyring(fresh=True)


def made_at() -> float:
    """When the keys were last changed, in seconds of the system's clock; 0 where they come from the environment."""
    return 0.0 if _from_environment() else _path().stat().st_mtime


@contextmanager
def _edited() -> Iterator[Any]:
    """The file's content, by one process at a time, written back whole."""
    path = _path()
    _make_once(path)
    with _alone(path):
        content = json.loads(path.read_text(encoding="utf-8"))
        yield content
        _draft(path, content).replace(path)
        _settle(path.parent)


def _from_environment() -> str:
    return str(getattr(settings, ENVIRONMENT, "") or os.environ.get(ENVIRONMENT, "")).strip()


def _path() -> Path:
    return Path(settings.YIHU_DATA) / "keys" / "personal.json"


def _stamp(path: Path) -> tuple[object, ...]:
    stat = path.stat()
    return path, stat.st_ino, stat.st_mtime_ns, stat.st_size


def _parse(text: str) -> Keyring:
    try:
        content = json.loads(text)
        keys = [(str(key_id), _decode(key)) for key_id, key in content["data"]]
        index_key = _decode(content["index"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadKeys(f"个人信息密钥（keys/personal.json 或 {ENVIRONMENT}）的格式不对。") from error
    named = all(_KEY_ID.fullmatch(key_id) for key_id, _ in keys) and len({key_id for key_id, _ in keys}) == len(keys)
    if not keys or not named or any(len(key) != 32 for key in (*(key for _, key in keys), index_key)):
        raise BadKeys(f"个人信息密钥（keys/personal.json 或 {ENVIRONMENT}）不完整：每把密钥须为 32 字节，编号不重复。")
    return Keyring({key_id: AESGCM(key) for key_id, key in keys}, keys[-1][0], index_key, dict(keys))


def _decode(key: str) -> bytes:
    return base64.b64decode(key, validate=True)


def _make_once(path: Path) -> None:
    """Of several processes that start together exactly one makes the file, and it is whole or absent."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, {"index": _new_key(), "data": [[_new_id(set()), _new_key()]]})
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    _settle(path.parent)


def _draft(path: Path, content: Mapping[str, Any]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    return draft


def _settle(folder: Path) -> None:
    """A renamed file outlives a power cut only when its folder was written as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    # two rotations at once would each write a file without the other's key, and what that key sealed would be lost
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _new_id(taken: set[str]) -> str:
    while (key_id := secrets.token_hex(3)) in taken:
        pass
    return key_id
