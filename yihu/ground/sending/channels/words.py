"""What is said between the program and a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Outcome(Enum):
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    RETURNED = "returned"
    REFUSED = "refused"  # for good: it will not be taken however often it is offered
    BUSY = "busy"  # surely not taken: it may be offered again
    UNKNOWN = "unknown"  # it may have been taken or not
    ABSENT = "absent"  # asked for, and never heard of


@dataclass(frozen=True)
class Letter:
    """One message in the clear, for the channel only; it prints without the address."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    token: str


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    provider_id: str = ""
    why: str = ""


@dataclass(frozen=True)
class Report:
    """One delivery report. ``event`` is the provider's number of it."""

    event: str
    token: str
    outcome: Outcome
    at: datetime
    provider_id: str = ""
    why: str = ""


class BadReport(Exception):
    """A report that is not the provider's, or no report at all."""
