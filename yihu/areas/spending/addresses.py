"""Where the lines behind a figure stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from yihu.ground.ledger.models import Account


def line_of(line: int, first: date, last: date) -> str:
    """The claims, or the bills, of one budget line between two days."""
    return _address("spending:lines", line, {"from": first.isoformat(), "to": last.isoformat()})


def agreed_on(line: int, first: date, last: date) -> str:
    """The requests on one budget line that were agreed to for these days and are not paid yet."""
    return _address("spending:lines", line, {"what": "agreed", "from": first.isoformat(), "to": last.isoformat()})


def income_of(item: int, what: str, first: date, last: date) -> str:
    """What was billed or received of one fee item between two days."""
    return _address("spending:income", item, {"what": what, "from": first.isoformat(), "to": last.isoformat()})


def sum_of(kind: str, what: str, first: date, last: date) -> str:
    """Of all budget lines of a kind together: a row for each, which opens its own. ``what``: actual, agreed."""
    asked = {"what": what, "from": first.isoformat(), "to": last.isoformat()}
    return f"{reverse('spending:sums', args=[kind])}?{urlencode(asked)}"


def stated(book: str, what: str, first: date, last: date) -> str:
    """Of a statement's sums: billed, received, costs, or what is left of them."""
    asked = {"what": what, "from": first.isoformat(), "to": last.isoformat()}
    return f"{reverse('spending:stated', args=[book])}?{urlencode(asked)}"


def fees_of(first: date, last: date) -> str:
    """What the bank, the card terminal and the channels took between two days."""
    return f"{reverse('spending:fees')}?{urlencode({'from': first.isoformat(), 'to': last.isoformat()})}"


def cost_of(row: Mapping[str, Any], first: date, last: date) -> str:
    """Of a statement's row of cost: 手续费, or a budget line."""
    return fees_of(first, last) if row.get("account") == Account.FEE else line_of(row["pk"], first, last)


def before_of(book: str, day: date) -> str:
    """What of a book was left at the end of a day: each fee item's money and each line's payments since the beginning."""
    return f"{reverse('spending:standing', args=[book])}?{urlencode({'to': day.isoformat()})}"


def _address(name: str, pk: int, asked: dict[str, str]) -> str:
    return f"{reverse(name, args=[pk])}?{urlencode(asked)}"
