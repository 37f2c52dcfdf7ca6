"""Codes that nobody can guess. The database keeps a digest and a salt; the code itself is made of the salt with a key that
lies beside the database, never in it. So a card can be printed again, and a double click be answered with the same address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from yihu.kernel.keys import keyring

CODE = re.compile(r"[A-Za-z0-9_-]{24}")
CARD, REPORT = "card", "report"
_BYTES = 18


def new_salt() -> str:
    return secrets.token_hex(16)


def code_of(kind: str, salt: str) -> str:
    """The code that belongs to the salt; a card's is no report's."""
    own = hmac.digest(keyring().index_key, f"yihu.online.{kind}".encode(), "sha256")
    return base64.urlsafe_b64encode(hmac.digest(own, salt.encode(), "sha256")[:_BYTES]).decode()


def digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def digest_of(kind: str, salt: str) -> str:
    return digest(code_of(kind, salt))
