"""Which payment a line that goes out may be, by amount, name, number and day. A person decides; nothing here writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.banking.outgoing import Payment, payments
from yihu.areas.cashier.banking.suggesting import LIKELY, POSSIBLE, SURE
from yihu.basics.numerals import half_width

# a refund is in the books when it is agreed to, and leaves when the cashier pays; a payment may be written down days late
BEFORE, AFTER, NEAR, SHOWN = timedelta(days=60), timedelta(days=10), timedelta(days=3), 4


@dataclass
class Guess:
    """One payment, or several of one payee that add up to the line."""

    payments: tuple[Payment, ...]
    points: int
    reasons: list[str]
    told: bool  # its name or its number speaks for it, not the amount alone
    level: str = POSSIBLE

    @property
    def token(self) -> str:
        return ".".join(one.token for one in self.payments)


def near(lines: Sequence[Any]) -> list[Payment]:
    """The payments that these lines may be."""
    days = [line.on for line in lines]
    return payments(lines[0].community_id, min(days) - BEFORE, max(days) + AFTER) if lines else []


def suggest(lines: Sequence[Any], among: Sequence[Payment] | None = None) -> dict[int, list[Guess]]:
    """For lines of one community, with ``used``: the surest first. What two lines may be alike is sure for neither."""
    waiting = near(lines) if among is None else among
    found = {
        line.pk: _of(line, [one for one in waiting if line.on - BEFORE <= one.day <= line.on + AFTER]) for line in lines
    }
    wanted = Counter(one.pk for guesses in found.values() for one in (guesses[0].payments if guesses else ()))
    for guesses in found.values():
        if guesses and guesses[0].level == SURE and any(wanted[one.pk] > 1 for one in guesses[0].payments):
            guesses[0].level = LIKELY
    return found


def _of(line: Any, waiting: Sequence[Payment]) -> list[Guess]:
    rest = -line.amount - line.used
    found = [guess for one in waiting if (guess := _one(line, rest, one)) is not None]
    by_payee: dict[str, list[Payment]] = defaultdict(list)
    for one in waiting:
        if _named(line, one):
            by_payee[one.payee].append(one)
    for many in by_payee.values():
        if len(many) > 1 and sum(one.rest for one in many) == rest:
            found.append(Guess(tuple(many), 4, [f"收款方就是对方户名，{len(many)} 笔合计正好"], told=True))
    found.sort(key=lambda guess: (-guess.points, abs(guess.payments[0].day - line.on), guess.payments[0].pk))
    for guess in found[:1]:
        alone = len(found) == 1 or found[1].points < guess.points
        guess.level = SURE if alone and guess.told else LIKELY if alone else POSSIBLE
    return found[:SHOWN]


def _one(line: Any, rest: int, one: Payment) -> Guess | None:
    """Amount or number must speak for it: a name alone says nothing of which payment."""
    exact, named, numbered = one.rest == rest, _named(line, one), bool(one.number) and one.number in line.summary
    if not exact and not numbered:
        return None
    close = abs(one.day - line.on) <= NEAR
    reasons = [
        word
        for word, holds in (
            ("摘要写了单号", numbered), ("金额相等", exact), ("收款方就是对方户名", named), ("日期相近", close),
        )
        if holds
    ]  # fmt: skip
    return Guess((one,), 3 * numbered + 2 * exact + 2 * named + close, reasons, told=exact and (named or numbered))


def _named(line: BankLine, one: Payment) -> bool:
    payee, payer = _plain(one.payee), _plain(line.payer_name)
    return len(payee) > 1 and (payee == payer or payee in _plain(line.summary))


def _plain(name: str) -> str:
    return half_width(name).replace(" ", "")
