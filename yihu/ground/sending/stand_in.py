"""A provider that behaves as badly as real ones: for tests, and to try the ways out on one machine. Loopback only.

How it treats a message follows from the last digits of the address, so that one can try everything from the pages:
…0001 takes it and answers too late · …0002 refuses · …0003 busy the first time · …0004 takes it and breaks the line off ·
…0005 reports twice · …0006 reports "delivered" before "accepted", late ones last · …0007 reports failure · …0008 keeps silent ·
anything else: takes it and reports delivery. A token that it knows is the same message, however often it is offered.
"""

from __future__ import annotations

import json
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from yihu.ground.sending.channels import signing
from yihu.ground.sending.channels.loopback import Firm, Handler

LATE, REFUSE, BUSY, BREAK, TWICE, DISORDER, FAIL, SILENT = (f"{n:04d}" for n in range(1, 9))


@dataclass
class Taken:
    """One message that the provider holds."""

    id: str
    to: str
    text: str
    state: str = "accepted"
    times: int = 1


@dataclass
class StandIn(Firm):
    """Reports that nobody is to be told stay in ``unsent``."""

    taken: dict[str, Taken] = field(default_factory=dict)
    offered: Counter[str] = field(default_factory=Counter)
    unsent: list[list[dict[str, Any]]] = field(default_factory=list)

    def take(self, token: str, to: str, text: str) -> Taken:
        """The same token is the same message, however often it is offered; ``times`` counts what went to the person."""
        with self.lock:
            if token not in self.taken:
                self.taken[token] = Taken(f"SI{len(self.taken) + 1:06d}", to, text)
            return self.taken[token]

    def report(self, token: str, *states: str, behind: float = 0.0) -> list[dict[str, Any]]:
        """The reports of these states in this order, a second apart in the provider's time."""
        start, held = datetime.now(UTC) - timedelta(seconds=30), self.taken[token]
        rows = [
            {
                "event": f"{held.id}-{state}", "token": token, "id": held.id, "state": state,
                "at": (start + timedelta(seconds=_PLACE[state])).isoformat(),
                "why": {"failed": "空号", "returned": "用户拒收"}.get(state, ""),
            }
            for state in states
        ]  # fmt: skip
        held.state = max(states, key=lambda state: _PLACE[state])
        return rows

    def bring(self, rows: list[dict[str, Any]]) -> int:
        """Post reports as the provider does, signed; gives the status."""
        body = json.dumps({"reports": rows}).encode()
        if not self.report_to:
            self.unsent.append(rows)
            return 0
        return self.post(body, {"Content-Type": "application/json", **signing.headers(self.key, body)})


_PLACE = {"accepted": 1, "failed": 2, "delivered": 3, "returned": 4}


class _Handler(Handler):
    firm: StandIn

    def do_POST(self) -> None:
        body = self.body()
        if self.path != "/messages" or not self.signed(body):
            return self.say(401, {"why": "签名不对"})
        said = json.loads(body)
        token, to = str(said["token"]), str(said["to"])
        with self.firm.lock:
            self.firm.offered[token] += 1
            first = self.firm.offered[token] == 1
        ending = "".join(filter(str.isdigit, to))[-4:]
        if ending == REFUSE:
            return self.say(400, {"why": "号码在黑名单里"})
        if ending == BUSY and first:
            return self.say(503, {"why": "系统繁忙"})
        held = self.firm.take(token, to, str(said["text"]))
        if ending == BREAK and first:
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        if ending == LATE and first:
            time.sleep(self.firm.slow)
        if not self.firm.report_to:
            self._report(token, ending)  # kept, so that a test finds them once it has its answer
            return self.say(200, {"id": held.id})
        self.say(200, {"id": held.id})
        return self._report(token, ending)

    def do_GET(self) -> None:
        token = self.path.rpartition("/")[2]
        if not self.signed(self.path.encode()):
            return self.say(401, {"why": "签名不对"})
        held = self.firm.taken.get(token)
        return self.say(200, {"id": held.id, "state": held.state}) if held else self.say(404, {})

    def _report(self, token: str, ending: str) -> None:
        rows = (
            {
                SILENT: [],
                FAIL: [self.firm.report(token, "failed")],
                TWICE: [self.firm.report(token, "delivered")] * 2,
                DISORDER: [self.firm.report(token, "delivered"), self.firm.report(token, "accepted")],
            }.get(ending)
            if ending in (SILENT, FAIL, TWICE, DISORDER)
            else [self.firm.report(token, "delivered")]
        )
        for batch in rows or []:
            self.firm.bring(batch)


StandIn.handler = _Handler
