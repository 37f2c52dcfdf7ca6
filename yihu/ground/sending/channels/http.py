"""短信, 企业微信, 微信 and 推送 over one signed JSON dialogue; a gateway of a few lines speaks it for any vendor.

POST <url>/messages {"token", "to", "text"} → 200 {"id"}; 4xx {"why"}: refused; 429 and 503: not taken, later.
GET <url>/messages/<token> → 200 {"id", "state", "why"}; 404: never heard of. Reports are posted back in the same words.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yihu.basics.identity import mask_free_text
from yihu.ground.sending.channels import signing
from yihu.ground.sending.channels.words import Answer, BadReport, Letter, Outcome, Report

LARGEST_ANSWER, MOST_REPORTS = 64 * 1024, 200
REPORTED = {one.value: one for one in (Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.FAILED, Outcome.RETURNED)}
BUSY = {429, 503}


class NotReached(Exception):
    """No connection came about: nothing was said."""


class SignedHttp:
    asks = True

    def __init__(self, url: str, key: str, seconds: float) -> None:
        self.url, self.key, self.seconds = urlsplit(url), key, seconds

    def send(self, letter: Letter) -> Answer:
        body = json.dumps({"token": letter.token, "to": letter.to, "text": letter.text}, ensure_ascii=False).encode()
        try:
            status, said = self._talk("POST", "/messages", body)
        except NotReached:
            return Answer(Outcome.BUSY, why="连不上服务商")
        except (OSError, http.client.HTTPException):
            return Answer(Outcome.UNKNOWN, why="服务商没有答复")
        if status in BUSY:
            return Answer(Outcome.BUSY, why=_why(said) or "服务商忙")
        if 400 <= status < 500:
            return Answer(Outcome.REFUSED, why=_why(said) or f"服务商拒绝（{status}）")
        if status != 200 or not _id(said):
            return Answer(Outcome.UNKNOWN, why=f"服务商的答复看不懂（{status}）")
        return Answer(Outcome.ACCEPTED, _id(said))

    def ask(self, token: str) -> Answer:
        try:
            status, said = self._talk("GET", f"/messages/{token}", b"")
        except (NotReached, OSError, http.client.HTTPException):
            return Answer(Outcome.UNKNOWN, why="服务商没有答复")
        if status == 404:
            return Answer(Outcome.ABSENT)
        outcome = REPORTED.get(str(said.get("state", "")))
        if status != 200 or outcome is None:
            return Answer(Outcome.UNKNOWN, why=f"服务商的答复看不懂（{status}）")
        return Answer(outcome, _id(said), _why(said))

    def reports(self, headers: Mapping[str, str], body: bytes) -> list[Report]:
        if not signing.signed(self.key, headers.get(signing.TIME, ""), headers.get(signing.SIGNATURE, ""), body):
            raise BadReport("signature")
        try:
            rows = json.loads(body)["reports"]
            if not isinstance(rows, list) or len(rows) > MOST_REPORTS:
                raise BadReport("reports")
            return [_report(row) for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadReport("body") from error

    def _talk(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """One request; a redirection is an answer like any other and is not followed."""
        made = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        line = made(self.url.hostname or "", self.url.port, timeout=self.seconds)
        target = f"{self.url.path.rstrip('/')}{path}"
        # what is asked without a body is signed over its address
        proof = signing.headers(self.key, body or target.encode())
        try:
            try:
                line.connect()
            except OSError as error:
                raise NotReached from error
            line.request(method, target, body or None, {"Content-Type": "application/json", **proof})
            answer = line.getresponse()
            return answer.status, _read(answer.read(LARGEST_ANSWER))
        finally:
            line.close()


def _read(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _id(said: Mapping[str, Any]) -> str:
    given = str(said.get("id", "") or "")
    return given if given.isprintable() and len(given) <= 100 else ""


def _why(said: Mapping[str, Any]) -> str:
    """The provider's reason; a number that it repeats in it is masked."""
    text = "".join(filter(str.isprintable, str(said.get("why", "") or "")[:400]))
    return mask_free_text(text)[:120]


def _report(row: Any) -> Report:
    event, token = str(row["event"]), str(row["token"])
    if not event.isprintable() or not 0 < len(event) <= 80 or len(token) > 40:
        raise BadReport("event")
    return Report(event, token, REPORTED[row["state"]], _moment(row["at"]), _id(row), _why(row))


def _moment(text: Any) -> datetime:
    found = parse_datetime(str(text))
    if found is None or timezone.is_naive(found):
        raise BadReport("at")
    return min(found, timezone.now())
