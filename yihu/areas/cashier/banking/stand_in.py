"""A payment firm that behaves as badly as real ones: for tests, and to try payment on one machine. Loopback only.

How it tells of a payment follows from the last two digits of the amount (分):
01 late · 02 twice · 03 "waiting" after "paid" · 04 another amount than was asked · 05 signed with a wrong key · 06 not at all,
one has to ask · 07 a caught old notice, signed long ago · anything else: once and properly. It keeps 0.6 % as its fee.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.sending.channels import signing
from yihu.ground.sending.channels.loopback import Firm, Handler

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
class StandIn(Firm):
    """Notices that nobody is to be told stay in ``unsent`` as (headers, body)."""

    orders: dict[str, Order] = field(default_factory=dict)
    unsent: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

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
        self.post(body, headers)


class _Handler(Handler):
    firm: StandIn

    def do_POST(self) -> None:
        body = self.body()
        if not self.signed(body):
            return self.say(401, {})
        said = json.loads(body)
        if self.path == "/orders":
            number, amount = str(said["number"]), int(said["amount"])
            with self.firm.lock:
                self.firm.orders.setdefault(number, Order(number, amount))
            return self.say(200, {"pay_url": f"{self.firm.url}/pay/{number}"})
        if self.path == "/refunds":
            with self.firm.lock:
                held = [one for one in self.firm.orders.values() if one.reference == said["reference"]]
                if not held or held[0].paid < int(said["amount"]):
                    return self.say(400, {})
                held[0].refunds.setdefault(str(said["refund"]), int(said["amount"]))
            return self.say(200, {})
        return self.say(404, {})

    def do_GET(self) -> None:
        place, _, name = self.path.strip("/").partition("/")
        if place == "pay" and name in self.firm.orders:  # the payer's telephone, which signs nothing
            order = self.firm.pay(name)
            return self.say(200, {"已付款（试验）": order.number})
        if not self.signed(self.path.encode()):
            return self.say(401, {})
        if place == "orders" and name in self.firm.orders:
            return self.say(200, self.firm.orders[name].told())
        if place == "settlements":
            paid = [one for one in self.firm.orders.values() if one.paid and _day(one.paid_at) == name]
            return self.say(200, {"rows": [one.told() for one in paid if not one.refunds]})
        return self.say(404, {})


StandIn.handler = _Handler


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(OFFICE_ZONE).date().isoformat()
