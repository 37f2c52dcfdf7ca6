"""One way of writing a bill line down, and the digest over all of a run: it ends the same however often it was interrupted.

The digest is a chain over the lines, unit by unit and within a unit as they were reckoned, so that it grows with each
slice and does not depend on where slices end. The payer is left out: his card may be merged with another one later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any


def basis_text(basis: Mapping[str, Any] | None) -> str:
    return json.dumps(basis, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def line_text(
    unit: int | None, item: int, from_on: Any, to_on: Any, due_on: Any, amount: int, part: str, words: str, basis: str
) -> bytes:
    return f"{unit}\x1f{item}\x1f{from_on}\x1f{to_on}\x1f{due_on}\x1f{amount}\x1f{part}\x1f{words}\x1f{basis}".encode()


def chained(digest: str, lines: Iterable[bytes]) -> str:
    """The digest after these lines; "" stands before the first."""
    raw = bytes.fromhex(digest)
    for line in lines:
        raw = sha256(raw + line).digest()
    return raw.hex()
