"""A signature over time and body, by which both sides of a channel know each other."""

from __future__ import annotations

import hashlib
import hmac
import time

TIME, SIGNATURE = "X-Yihu-Time", "X-Yihu-Signature"
OLDEST = 300  # seconds: a caught request is of no use later


def signature(key: str, moment: str, body: bytes) -> str:
    return hmac.new(key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def headers(key: str, body: bytes, now: float | None = None) -> dict[str, str]:
    moment = str(int(time.time() if now is None else now))
    return {TIME: moment, SIGNATURE: signature(key, moment, body)}


def signed(key: str, moment: str, given: str, body: bytes, now: float | None = None) -> bool:
    """Whether the body was signed with the key within the last minutes."""
    if not key or not (moment.isascii() and moment.isdigit()) or len(moment) > 12:
        return False
    fresh = abs((time.time() if now is None else now) - int(moment)) <= OLDEST
    proper = hmac.compare_digest(signature(key, moment, body).encode(), given.encode(errors="replace"))
    return fresh and proper
