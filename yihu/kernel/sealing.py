"""Sealed text: ``v1.<key id>.<base64url(nonce | ciphertext | tag)>.<blind index><blind last four>``.

The two blind parts stand in the open so that the database itself derives the search columns from the one column that
is written: no ``update()`` and no ``update_fields`` can leave them behind. They and "table.column" are associated data:
a sealed text that was cut, changed, given another index or moved to another column does not open.
What the blind parts give away: which rows hold the same value, and which end in the same four characters.
"""

from __future__ import annotations

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag

from yihu.kernel.keys import keyring

VERSION = "v1"
INDEX_LENGTH, LAST4_LENGTH = 32, 16
BLIND_LENGTH = INDEX_LENGTH + LAST4_LENGTH
_NONCE = 12


class Broken(Exception):
    """A sealed text does not open: its key is missing, or it was changed or moved."""


def seal(clear: str, kind: str, place: str) -> str:
    """``clear`` under the newest key, for ``place`` ("table.column"). Nothing stays nothing."""
    if not clear:
        return ""
    return _sealed(clear, blind_index(clear, kind) + blind_last4(clear, kind), place)


def reseal(token: str, place: str) -> str:
    """The same value under the newest key. The blind parts stay: their key is never changed, so what is looked for is found
    before, during and after a rotation; raises Broken.
    """
    return _sealed(unseal(token, place), token.rpartition(".")[2], place)


def _sealed(clear: str, blind: str, place: str) -> str:
    keys = keyring()
    nonce = os.urandom(_NONCE)
    sealed = nonce + keys.ciphers[keys.newest].encrypt(nonce, clear.encode(), f"{place}|{blind}".encode())
    return f"{VERSION}.{keys.newest}.{base64.urlsafe_b64encode(sealed).decode()}.{blind}"


def unseal(token: str, place: str) -> str:
    """What was sealed for ``place``; raises Broken."""
    if not token:
        return ""
    version, key_id, sealed, blind = [*token.split("."), "", "", ""][:4]
    keys = keyring()
    if key_id not in keys.ciphers:
        keys = keyring(fresh=True)  # another process may have added it a moment ago
    cipher = keys.ciphers.get(key_id)
    if version != VERSION or cipher is None:
        raise Broken(f"no key {key_id[:16]!r} for {place}")
    try:
        raw = base64.b64decode(sealed, b"-_", validate=True)
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], f"{place}|{blind}".encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Broken(f"a sealed text of {place} was changed or moved") from error


def blind_index(clear: str, kind: str) -> str:
    """The same for the same value of the same kind, in whichever table; '' for nothing."""
    return _digest(f"{kind}:{clear}", INDEX_LENGTH) if clear else ""


def blind_last4(clear: str, kind: str) -> str:
    """The same for values of one kind that end in the same four letters or digits."""
    ending = clear[-4:] if clear.isdecimal() else "".join(filter(str.isalnum, clear))[-4:].upper()
    return _digest(f"{kind}:last4:{ending}", LAST4_LENGTH) if clear else ""


def _digest(text: str, length: int) -> str:
    return hmac.digest(keyring().index_key, text.encode(), "sha256").hex()[:length]
