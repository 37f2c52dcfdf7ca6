"""A payment firm that behaves as badly as real ones: for tests, and to try payment on one machine. Loopback only.

How it tells of a payment follows from the last two digits of the amount (分):
01 late · 02 twice · 03 "waiting" after "paid" · 04 another amount than was asked · 05 signed with a wrong key · 06 not at all,
one has to ask · 07 a caught old notice, signed long ago · anything else: once and properly. It keeps 0.6 % as its fee.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.sending.channels import signing

LATE, TWICE, DISORDER, AMOUNT, FORGED, SILENT, OLD = range(1, 8)
FEE_PER_MILLE = 6


@dataclass
class Order:
    number: str
    amount: int
    state: str = "waiting"
    reference: str = ""
    paid: int = 0
    paid_at: str = ""
    refunds: dict[str, int] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        return {"number": self.number, "state": self.state, "reference": self.reference, "amount": self.paid or self.amount,
                "paid_at": self.paid_at, "fee": (self.paid * FEE_PER_MILLE + 500) // 1000}  # fmt: skip


@dataclass
class StandIn:
    """``report_to`` is where notices are posted; "" keeps them in ``unsent`` as (headers, body)."""

    key: str
    port: int = 0
    report_to: str = ""
    slow: float = 3.0
    orders: dict[str, Order] = field(default_factory=dict)
    unsent: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        stand_in = self

        class Handler(_Handler):
            firm = stand_in

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

    def pay(self, number: str, amount: int | None = None, again: bool = False) -> Order:
        """Somebody pays. ``again``: he pays the same order a second time, which real firms do let happen."""
        with self.lock:
            order = self.orders[number]
            manner = order.amount % 100
            if order.state == "waiting" or again:
                order.state, order.reference = "paid", f"SI{number}{len(order.refunds)}{'B' if again else 'A'}"
                order.paid = amount or (order.amount - 100 if manner == AMOUNT and not again else order.amount)
                order.paid_at = datetime.now(UTC).isoformat()
        self._tell(order, manner)
        return order

    def _tell(self, order: Order, manner: int) -> None:
        told = order.told()
        if manner == SILENT:
            return
        if manner == LATE and self.report_to:
            time.sleep(self.slow)
        key = "x" * len(self.key) if manner == FORGED else self.key
        self.bring(told, key, time.time() - 3600 if manner == OLD else None)
        if manner == TWICE:
            self.bring(told, key)
        if manner == DISORDER:
            self.bring({**told, "state": "waiting"}, key)

    def bring(self, told: dict[str, Any], key: str, now: float | None = None) -> None:
        """Post one notice, signed."""
        body = json.dumps(told).encode()
        headers = {"Content-Type": "application/json", **signing.headers(key, body, now)}
        if not self.report_to:
            self.unsent.append((headers, body))
            return
        parts = urlsplit(self.report_to)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            line.request("POST", parts.path, body, headers)
            line.getresponse().read()
        finally:
            line.close()


class _Handler(BaseHTTPRequestHandler):
    firm: StandIn
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._signed(body):
            return self._say(401, {})
        said = json.loads(body)
        if self.path == "/orders":
            number, amount = str(said["number"]), int(said["amount"])
            with self.firm.lock:
                self.firm.orders.setdefault(number, Order(number, amount))
            return self._say(200, {"pay_url": f"{self.firm.url}/pay/{number}"})
        if self.path == "/refunds":
            with self.firm.lock:
                held = [one for one in self.firm.orders.values() if one.reference == said["reference"]]
                if not held or held[0].paid < int(said["amount"]):
                    return self._say(400, {})
                held[0].refunds.setdefault(str(said["refund"]), int(said["amount"]))
            return self._say(200, {})
        return self._say(404, {})

    def do_GET(self) -> None:
        place, _, name = self.path.strip("/").partition("/")
        if place == "pay" and name in self.firm.orders:  # the payer's telephone, which signs nothing
            order = self.firm.pay(name)
            return self._say(200, {"已付款（试验）": order.number})
        if not self._signed(self.path.encode()):
            return self._say(401, {})
        if place == "orders" and name in self.firm.orders:
            return self._say(200, self.firm.orders[name].told())
        if place == "settlements":
            paid = [one for one in self.firm.orders.values() if one.paid and _day(one.paid_at) == name]
            return self._say(200, {"rows": [one.told() for one in paid if not one.refunds]})
        return self._say(404, {})

    def _signed(self, body: bytes) -> bool:
        return signing.signed(
            self.firm.key, self.headers.get(signing.TIME, ""), self.headers.get(signing.SIGNATURE, ""), body
        )

    def _say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Silent."""


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(OFFICE_ZONE).date().isoformat()
