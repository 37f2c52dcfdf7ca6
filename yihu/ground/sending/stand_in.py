"""A provider that behaves as badly as real ones: for tests, and to try the ways out on one machine. Loopback only.

How it treats a message follows from the last digits of the address, so that one can try everything from the pages:
…0001 takes it and answers too late · …0002 refuses · …0003 busy the first time · …0004 takes it and breaks the line off ·
…0005 reports twice · …0006 reports "delivered" before "accepted", late ones last · …0007 reports failure · …0008 keeps silent ·
anything else: takes it and reports delivery. A token that it knows is the same message, however often it is offered.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from yihu.ground.sending.channels import signing

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
class StandIn:
    """``report_to`` is where reports are posted ("" keeps them in ``unsent``); ``slow`` how long the late answer takes."""

    key: str
    port: int = 0
    report_to: str = ""
    slow: float = 3.0
    taken: dict[str, Taken] = field(default_factory=dict)
    offered: Counter[str] = field(default_factory=Counter)
    unsent: list[list[dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        stand_in = self

        class Handler(_Handler):
            provider = stand_in

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> StandIn:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

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
        parts = urlsplit(self.report_to)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            line.request(
                "POST", parts.path, body, {"Content-Type": "application/json", **signing.headers(self.key, body)}
            )
            return line.getresponse().status
        finally:
            line.close()


_PLACE = {"accepted": 1, "failed": 2, "delivered": 3, "returned": 4}


class _Handler(BaseHTTPRequestHandler):
    provider: StandIn
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != "/messages" or not self._signed(body):
            return self._say(401, {"why": "签名不对"})
        said = json.loads(body)
        token, to = str(said["token"]), str(said["to"])
        with self.provider.lock:
            self.provider.offered[token] += 1
            first = self.provider.offered[token] == 1
        ending = "".join(filter(str.isdigit, to))[-4:]
        if ending == REFUSE:
            return self._say(400, {"why": "号码在黑名单里"})
        if ending == BUSY and first:
            return self._say(503, {"why": "系统繁忙"})
        held = self.provider.take(token, to, str(said["text"]))
        if ending == BREAK and first:
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        if ending == LATE and first:
            time.sleep(self.provider.slow)
        if not self.provider.report_to:
            self._report(token, ending)  # kept, so that a test finds them once it has its answer
            return self._say(200, {"id": held.id})
        self._say(200, {"id": held.id})
        return self._report(token, ending)

    def do_GET(self) -> None:
        token = self.path.rpartition("/")[2]
        if not self._signed(self.path.encode()):
            return self._say(401, {"why": "签名不对"})
        held = self.provider.taken.get(token)
        return self._say(200, {"id": held.id, "state": held.state}) if held else self._say(404, {})

    def _report(self, token: str, ending: str) -> None:
        rows = (
            {
                SILENT: [],
                FAIL: [self.provider.report(token, "failed")],
                TWICE: [self.provider.report(token, "delivered")] * 2,
                DISORDER: [self.provider.report(token, "delivered"), self.provider.report(token, "accepted")],
            }.get(ending)
            if ending in (SILENT, FAIL, TWICE, DISORDER)
            else [self.provider.report(token, "delivered")]
        )
        for batch in rows or []:
            self.provider.bring(batch)

    def _signed(self, body: bytes) -> bool:
        return signing.signed(
            self.provider.key, self.headers.get(signing.TIME, ""), self.headers.get(signing.SIGNATURE, ""), body
        )

    def _say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):  # who asked has given up or is dead
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        """Silent: addresses stand in what it would print."""
