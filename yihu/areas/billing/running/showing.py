"""A run as a person reads it: totals with last month beside them, what is odd, and whole bills line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from yihu.areas.billing.reckoned import ODD_WORDS
from yihu.areas.billing.running.models import BillingRun, Draft, Finding, Slice
from yihu.basics.money import yuan
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.ground.ledger.pay_days import pay_day

EXAMPLES, SAMPLES = 3, 3
KINDS = {**ODD_WORDS, **dict(Finding.Kind.choices)}


def item_rows(run: BillingRun) -> list[dict[str, Any]]:
    """Each item: lines, amount, last month's amount and the difference; the last row adds up."""
    now, before = run.figures.get("items", {}), run.figures.get("before", {})
    names = dict(FeeItem.objects.filter(pk__in=[int(pk) for pk in {*now, *before}]).values_list("pk", "name"))
    rows = [
        _item_row(names.get(pk, "—"), *now.get(str(pk), (0, 0)), before.get(str(pk), 0))
        for pk in sorted({int(pk) for pk in {*now, *before}})
    ]
    total = _item_row("合计", run.lines, run.amount, sum(before.values()))
    return [*rows, {**total, "total": True}]


def _item_row(name: str, lines: int, amount: int, before: int) -> dict[str, Any]:
    moved = amount - before
    return {
        "name": name, "lines": lines, "amount": yuan(amount), "before": yuan(before) if before else "—",
        "moved": f"{'+' if moved > 0 else ''}{yuan(moved)}" if before else "—", "percent": _percent(moved, before), "total": False,
    }  # fmt: skip


def _percent(moved: int, before: int) -> str:
    """In whole per cent; below one of them in tenths, so that no −0% stands there."""
    if not before:
        return ""
    tenths, whole = ((abs(moved) * times + abs(before)) // (2 * abs(before)) for times in (2000, 200))
    told = f"0.{tenths}" if tenths < 10 else str(whole)
    return f"{'+' if moved > 0 else '−'}{told}%" if tenths else ""


def kind_word(kind: str) -> str:
    return KINDS.get(kind, kind)


def finding_groups(run: BillingRun, examples: int = EXAMPLES) -> list[dict[str, Any]]:
    """What stops a unit first; each kind with its number and some examples."""
    rows = Finding.objects.filter(run=run).values_list("stops", "kind").annotate(count=Count("pk"))
    groups = []
    for stops, kind, count in sorted(rows, key=lambda row: (not row[0], row[1])):
        found = Finding.objects.filter(run=run, stops=stops, kind=kind).select_related("unit").order_by("pk")
        groups.append(
            {
                "title": kind_word(kind), "kind": kind, "stops": stops, "count": count, "more": count > examples,
                "examples": list(found[:examples]),
            }
        )  # fmt: skip
    return groups


@dataclass(frozen=True)
class BillLine:
    """One line as the payer may check it (FEE-19)."""

    item: str
    payer: str
    from_on: str
    to_on: str
    pay_by: str
    amount: int
    part: str
    words: str
    state: str = ""

    @property
    def period(self) -> str:
        return f"{self.from_on} 至 {self.to_on}"

    @property
    def yuan(self) -> str:
        return yuan(self.amount)


def bill_of(run: BillingRun, unit: int | None) -> list[BillLine]:
    """The unit's lines: as they stand in the books, and as they are drawn up where they are not posted yet."""
    found = [
        _line(one, "已冲回" if one.reversal_id else "已出账")
        for one in _of(Charge.objects.filter(record=run), unit)
    ]  # fmt: skip
    if run.state in (run.State.POSTED, run.State.REVERSED):
        return found
    known = {(one.item, one.period, one.part) for one in found}
    drafts = [_line(one, "") for one in _drafted(run, unit)]
    return found + [one for one in drafts if (one.item, one.period, one.part) not in known]


def _of(rows: Any, unit: int | None) -> Any:
    return rows.filter(unit=unit).select_related("item", "party").order_by("pk")


def _drafted(run: BillingRun, unit: int | None) -> Iterator[Draft]:
    """With basis and day as they will stand in the books: here they are text."""
    for one in _of(Draft.objects.filter(run=run), unit):
        one.basis, one.due_on = json.loads(one.basis), date.fromisoformat(one.due_on)
        yield one


def _line(one: Any, state: str) -> BillLine:
    return BillLine(
        one.item.name,
        one.party.name,
        str(one.from_on),
        str(one.to_on),
        str(pay_day(one)),
        one.amount,
        one.part,
        one.words,
        state,
    )


def samples(run: BillingRun) -> list[dict[str, Any]]:
    """A few bills in full, from the first, the middle and the last slice."""
    places = sorted({0, run.slices // 2, max(0, run.slices - 1)})
    units = list(
        dict.fromkeys(
            Slice.objects.filter(run=run, place__in=places, first_unit__isnull=False).order_by("place").values_list("last_unit", flat=True)
        )
    )[:SAMPLES]  # fmt: skip
    named = Unit.objects.in_bulk(units)
    return [_bill(run, named[pk]) for pk in units if pk in named]


def _bill(run: BillingRun, unit: Any) -> dict[str, Any]:
    lines = bill_of(run, unit.pk)
    return {"unit": unit, "lines": lines, "total": yuan(sum(one.amount for one in lines if one.state != "已冲回"))}


def whole_bill(run: BillingRun, unit: Any) -> dict[str, Any]:
    return _bill(run, unit)


def bills_page(run: BillingRun, after: int, size: int) -> list[tuple[Any, int, int]]:
    """Units in order with the number of their lines and their sum."""
    posted = run.state in (run.State.POSTED, run.State.ASKED_BACK, run.State.REVERSING, run.State.REVERSED)
    rows = Charge.objects.filter(record=run) if posted else Draft.objects.filter(run=run)
    sums = rows.filter(unit__gt=after).values("unit").annotate(lines=Count("pk"), total=Sum("amount")).order_by("unit")
    found = list(sums[:size])
    units = Unit.objects.in_bulk([one["unit"] for one in found])
    return [(units[one["unit"]], one["lines"], one["total"]) for one in found if one["unit"] in units]
