"""Files at rest: ``mark | key id | salt`` and then pieces of 64 KiB, each encrypted and authenticated (AES-256-GCM).

The key of a file is derived from a data key (``kernel/keys.py``) and the file's own salt; the nonce of a piece is its
number, and whether it is the last. Mark, key id, salt and the file's own name are associated data of every piece: a file
that was cut, lengthened, changed, reordered or laid under another name does not open. Never more than a piece is held
in memory.
"""

from __future__ import annotations

import hmac
import io
import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yihu.kernel.keys import keyring
from yihu.kernel.sealing import Broken

MARK = b"\x00YIHU-1\n"  # no file that may be uploaded begins like this
PIECE = 64 * 1024
_ID, _SALT, _TAG = 16, 32, 16
HEADER = len(MARK) + _ID + _SALT
_NAMES = b"names of stored files"


def name_of(content_digest: bytes) -> str:
    """Under what a content is stored: the same for the same content whatever key seals it, and telling nobody which."""
    own = hmac.digest(keyring().index_key, _NAMES, "sha256")
    return hmac.digest(own, content_digest, "sha256").hex()


def sealed_size(size: int) -> int:
    """How long ``size`` bytes are on the disk."""
    pieces = max(1, -(-size // PIECE))
    return HEADER + size + pieces * _TAG


def clear_size(sealed: int) -> int:
    """How many bytes a file of this length holds."""
    body = sealed - HEADER
    return body - max(1, -(-body // (PIECE + _TAG))) * _TAG


def sealed_pieces(file: BinaryIO, size: int, path: str) -> Iterator[bytes]:
    """``file``, of ``size`` bytes, as it is to lie under ``path``."""
    keys = keyring()
    header = MARK + keys.newest.encode().ljust(_ID, b"\0") + os.urandom(_SALT)
    cipher, bound = _cipher(header), _bound(header, path)
    yield header
    count = max(1, -(-size // PIECE))
    for number in range(count):
        piece = _exactly(file, min(PIECE, size - number * PIECE))
        yield cipher.encrypt(_nonce(number, last=number == count - 1), piece, bound)


def key_of(file: BinaryIO) -> str | None:
    """The id of the key that sealed it; None for a file of the time before files were sealed."""
    file.seek(0)
    header = file.read(HEADER)
    file.seek(0)
    return _key_id(header) if header.startswith(MARK) else None


class Opened(io.RawIOBase):
    """A sealed file as the bytes that were handed in, from any place in it; raises Broken."""

    def __init__(self, file: BinaryIO, path: str) -> None:
        super().__init__()
        self._file, self._at, self._held = file, 0, (-1, b"")
        file.seek(0, io.SEEK_END)
        self.size = clear_size(file.tell())
        file.seek(0)
        header = file.read(HEADER)
        if len(header) != HEADER or self.size < 0:
            raise Broken(f"{path} was cut")
        self._cipher, self._bound, self._path = _cipher(header), _bound(header, path), path
        self._count = max(1, -(-self.size // PIECE))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self.size:
            return 0
        number, within = divmod(self._at, PIECE)
        some = self._piece(number)[within : within + len(buffer)]
        buffer[: len(some)] = some
        self._at += len(some)
        return len(some)

    def check(self) -> None:
        """Go through all of it once, so that nothing is handed out of a file that turns out broken in the middle."""
        for number in range(self._count):
            self._piece(number)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(HEADER + number * (PIECE + _TAG))
            sealed = self._file.read(PIECE + _TAG)
            try:
                clear = self._cipher.decrypt(_nonce(number, last=number == self._count - 1), sealed, self._bound)
            except (InvalidTag, ValueError) as error:
                raise Broken(f"{self._path} was cut or changed") from error
            self._held = (number, clear)
        return self._held[1]


def _cipher(header: bytes) -> AESGCM:
    key_id, keys = _key_id(header), keyring()
    if key_id not in keys.data_keys:
        keys = keyring(fresh=True)  # another process may have added it a moment ago
    if key_id not in keys.data_keys:
        raise Broken(f"no key {key_id[:_ID]!r} for a file")
    salt = header[len(MARK) + _ID :]
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"stored file").derive(keys.data_keys[key_id]))


def _key_id(header: bytes) -> str:
    return header[len(MARK) : len(MARK) + _ID].rstrip(b"\0").decode("ascii", "replace")


def _bound(header: bytes, path: str) -> bytes:
    return header + PurePath(path).name.encode()


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _exactly(file: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0:
        if not (some := file.read(size)):
            raise OSError("a file became shorter while it was stored")
        parts.append(some)
        size -= len(some)
    return b"".join(parts)
