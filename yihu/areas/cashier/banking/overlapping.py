"""What of a statement stands in its account already, also where a text or a column was changed since, and what of it cannot be
true beside what stands there: a line that is counted twice pays a bill with money that never came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from yihu.areas.cashier.banking.lines import Line
from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.banking.problems import problem
from yihu.basics.money import yuan

_MANY = 500


class Held(NamedTuple):
    """A line of the account as it was brought in."""

    on: date
    amount: int
    balance: int | None
    payer_name: str
    summary: str
    digest: str


@dataclass
class Overlap:
    """``known``: for each row whether the account has it; ``problems``: what is to be said of the others."""

    known: list[bool]
    problems: list[Any] = field(default_factory=list)


def overlap(account: Any, rows: Sequence[Line], run: Any = None) -> Overlap:
    """Lines of ``run`` itself are no earlier ones."""
    if account.pk is None or not rows:
        return Overlap([False] * len(rows))
    digests = _known(account, rows)
    found = Overlap([row.digest in digests for row in rows])
    fresh = [place for place, known in enumerate(found.known) if not known]
    free = _beside(account, rows, run) if fresh else []
    by_sum: dict[tuple[date, int], list[Held]] = defaultdict(list)
    for one in free:
        by_sum[one.on, one.amount].append(one)
    for place in fresh:
        row, candidates = rows[place], by_sum[rows[place].on, rows[place].amount]
        same = next((one for one in candidates if _same(row, one)), None)
        if same is not None:
            candidates.remove(same)
            found.known[place] = True
            found.problems.append(problem("bank_again", f"{row.on:%Y-%m-%d}", sheet=row.sheet, row=row.row_no))
    left = [one for some in by_sum.values() for one in some]
    new = [row for row, known in zip(rows, found.known, strict=True) if not known]
    found.problems += [*_contradictions(new, left), *_without_balance(account, new)]
    return found


def _known(account: Any, rows: Sequence[Line]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(rows), _MANY):
        digests = [line.digest for line in rows[first : first + _MANY]]
        found |= set(BankLine.objects.filter(account=account, digest__in=digests).values_list("digest", flat=True))
    return found


def _beside(account: Any, rows: Sequence[Line], run: Any) -> list[Held]:
    """Earlier lines of the same days that no row of the file is."""
    days, mine = [row.on for row in rows], {row.digest for row in rows}
    lines = BankLine.objects.filter(
        community_id=account.community_id, account=account, on__range=(min(days), max(days))
    )
    lines = lines.exclude(run=run) if run is not None else lines
    told = lines.order_by("pk").values_list(*Held._fields)
    return [one for one in map(Held._make, told) if one.digest not in mine]


def _same(row: Line, one: Held) -> bool:
    """By its balance; where one of the two has none, by who paid and what he wrote."""
    if row.balance is not None and one.balance is not None:
        return row.balance == one.balance
    return (row.payer_name, row.summary) == (one.payer_name, one.summary)


def _contradictions(new: Sequence[Line], left: Sequence[Held]) -> list[Any]:
    """From one balance an account goes on one way: a new line beside an earlier one that begins or ends at the same is an edited
    statement, or one of them is."""
    ends = {(one.on, one.balance) for one in left if one.balance is not None}
    starts = {one.balance - one.amount for one in left if one.balance is not None}
    return [
        problem("bank_fork", yuan(row.balance), sheet=row.sheet, row=row.row_no, column="余额")
        for row in new
        if row.balance is not None and ((row.on, row.balance) in ends or row.balance - row.amount in starts)
    ]


def _without_balance(account: Any, new: Sequence[Line]) -> list[Any]:
    """Without the column by which lines are known, all of a statement would be new."""
    if not new or any(row.balance is not None for row in new):
        return []
    if not BankLine.objects.filter(account=account, balance__isnull=False).exists():
        return []
    return [problem("bank_no_balance", sheet=new[0].sheet, row=new[0].row_no)]
