"""One line of a statement as plain values, and how it is kept while it waits to go live."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass
class Line:
    """Money in is positive, in 分. ``again`` parts lines that are equal and still two."""

    sheet: str
    row_no: int
    on: date
    amount: int
    balance: int | None = None
    payer_name: str = ""
    summary: str = ""
    again: int = 0

    @property
    def same(self) -> tuple[Any, ...]:
        """Date, amount, balance and summary: by these a line is known; without a balance by the payer too."""
        return (self.on, self.amount, self.balance, self.summary, "" if self.balance is not None else self.payer_name)

    @property
    def digest(self) -> str:
        told = [self.on.isoformat(), *self.same[1:], self.again]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    def follows(self, before: Line) -> bool:
        """Whether the running balance goes from the one to the other."""
        if self.balance is None or before.balance is None:
            return True
        return before.balance + self.amount == self.balance


def to_staged(line: Line) -> tuple[dict[str, Any], str]:
    """Who paid and what he wrote is sealed until it is a line of the account."""
    values = {"on": line.on.isoformat(), "amount": line.amount, "balance": line.balance, "again": line.again}
    return values, json.dumps([line.payer_name, line.summary], ensure_ascii=False)


def from_staged(sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Line:
    payer_name, summary = json.loads(secret or '["", ""]')
    return Line(
        sheet, row_no, **{**values, "on": date.fromisoformat(values["on"])}, payer_name=payer_name, summary=summary
    )
