"""Online channels behind one interface: make an order, hear a signed notice, ask, pay back, fetch a day's settlement.

One signed JSON dialogue, as messages leave the house; a gateway of a few lines speaks it for any payment firm. Amounts in 分.
POST /orders {"number","amount","title"} → {"pay_url"} · GET /orders/<number> → {"state","reference","amount","paid_at"}
POST /refunds {"refund","reference","amount"} → {} · GET /settlements/<day> → {"rows":[{"number","reference","amount","fee","paid_at"}]}
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yihu.basics.money import yuan
from yihu.ground.sending.channels import signing
from yihu.kernel.errors import Refused

LABELS: Final = {"wechat": "微信支付", "alipay": "支付宝"}
LARGEST, SECONDS, MOST_FEN = 4 * 1024 * 1024, 8.0, 100_000_000


class BadNotice(Exception):
    """Not signed, too old, or not in the words agreed on."""


@dataclass(frozen=True)
class Paid:
    """A payment as the channel tells it; ``reference`` is the channel's own number for it."""

    reference: str
    number: str
    amount: int
    paid_at: datetime
    fee: int = 0


class Channel(Protocol):
    name: str

    def make(self, number: str, amount: int, title: str) -> str: ...
    def heard(self, headers: Mapping[str, str], body: bytes) -> Paid | None: ...
    def ask(self, number: str) -> Paid | None: ...
    def refund(self, refund: str, reference: str, amount: int) -> None: ...
    def settled(self, day: date) -> list[Paid]: ...


class SignedChannel:
    """Every question and answer is signed over time and body with the merchant's key."""

    def __init__(self, name: str, url: str, key: str) -> None:
        self.name, self.url, self.key = name, urlsplit(url), key

    def make(self, number: str, amount: int, title: str) -> str:
        """Where the payer pays. The same number again is the same order."""
        said = self._talk("POST", "/orders", {"number": number, "amount": amount, "title": title})
        url = str(said.get("pay_url", ""))
        if not url.startswith(("https://", "http://127.0.0.1:", "weixin://")) or len(url) > 300:
            raise Refused("渠道没有给出付款地址，请稍后再试。")
        return url

    def heard(self, headers: Mapping[str, str], body: bytes) -> Paid | None:
        """A notice that was brought to us; None where it tells of no payment. What is not signed with our key is nothing."""
        if not signing.signed(self.key, headers.get(signing.TIME, ""), headers.get(signing.SIGNATURE, ""), body):
            raise BadNotice("signature")
        try:
            said = json.loads(body)
            return _paid(said) if said["state"] == "paid" else None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadNotice("body") from error

    def ask(self, number: str) -> Paid | None:
        said = self._talk("GET", f"/orders/{number}")
        return self._read(said) if said.get("state") == "paid" else None

    def refund(self, refund: str, reference: str, amount: int) -> None:
        """Back to where it came from. The same refund number again pays nothing twice."""
        self._talk("POST", "/refunds", {"refund": refund, "reference": reference, "amount": amount})

    def settled(self, day: date) -> list[Paid]:
        return [self._read(row) for row in self._talk("GET", f"/settlements/{day.isoformat()}").get("rows", [])]

    def _read(self, said: Any) -> Paid:
        try:
            return _paid(said)
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("渠道的答复看不懂，请稍后再试，或联系渠道。") from error

    def _talk(self, method: str, path: str, told: dict[str, Any] | None = None) -> dict[str, Any]:
        made = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        line = made(self.url.hostname or "", self.url.port, timeout=SECONDS)
        target = f"{self.url.path.rstrip('/')}{path}"
        body = json.dumps(told, ensure_ascii=False).encode() if told is not None else b""
        proof = signing.headers(self.key, body or target.encode())
        try:
            line.request(method, target, body or None, {"Content-Type": "application/json", **proof})
            answer = line.getresponse()
            said = json.loads(answer.read(LARGEST))
        except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
            raise Refused("连不上支付渠道，请稍后再试。") from error
        finally:
            line.close()
        if answer.status != 200 or not isinstance(said, dict):
            raise Refused("支付渠道没有办成，请稍后再试，或联系渠道。")
        return said


def _paid(said: Mapping[str, Any]) -> Paid:
    reference, number, amount, fee = said["reference"], said["number"], said["amount"], said.get("fee", 0)
    moment = parse_datetime(str(said["paid_at"]))
    proper = all(
        isinstance(one, str) and one.isprintable() and 0 < len(one) <= most
        for one, most in ((reference, 60), (number, 40))
    )
    figures = all(isinstance(one, int) and not isinstance(one, bool) for one in (amount, fee))
    if not proper or not figures or not 0 < amount <= MOST_FEN or not 0 <= fee <= amount:
        raise ValueError("not a payment")
    if moment is None or timezone.is_naive(moment):
        raise ValueError("no moment")
    return Paid(reference, number, amount, min(moment, timezone.now()), fee)


_OFFERED: dict[str, tuple[str, Callable[[], Channel | None]]] = {}


def offer(name: str, label: str, made: Callable[[], Channel | None]) -> None:
    """A channel that the roof brings along; ``made`` gives None where it does not belong."""
    _OFFERED[name] = (label, made)


def label_of(name: str) -> str:
    """Also of one that is no longer offered: its orders stay."""
    return LABELS.get(name) or _OFFERED.get(name, (name,))[0]


def channel_of(name: str) -> Channel | None:
    if name in _OFFERED:
        return _OFFERED[name][1]()
    url, key = settings.YIHU_PAY_CHANNELS.get(name, ("", ""))
    return SignedChannel(name, url, key) if url and key else None


def refuse_beyond(amount: int) -> None:
    """What no channel's notice could tell of is not asked for through one: its money would come and never be counted."""
    if amount > MOST_FEN:
        raise Refused(f"一次线上付款最多 {yuan(MOST_FEN)} 元，请分几次付，或者转账。")


def channel_or_refuse(name: str) -> Channel:
    found = channel_of(name)
    if found is None:
        raise Refused(f"{label_of(name)}还没有接通，请系统管理员按手册设置。")
    return found


def connected() -> list[tuple[str, str]]:
    """The channels that this installation has, with their names in words."""
    return [(name, label_of(name)) for name in (*LABELS, *_OFFERED) if channel_of(name) is not None]


def scannable(url: str) -> str:
    """The address as a code may carry it to another telephone; "" where it is known on this one only."""
    return url if "://" in url else ""
