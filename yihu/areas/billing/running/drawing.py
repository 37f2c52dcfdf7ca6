"""试算: every source is asked for some units at a time, and what comes out is laid down as drafts. Nothing is posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned, with_time_to_pay
from yihu.areas.billing.running.canon import basis_text
from yihu.areas.billing.running.models import BillingRun, Draft, Finding, Slice
from yihu.areas.billing.running.pace import Overtaken, Pace
from yihu.areas.billing.running.sifting import Key, Known, Sifted, key_of, sift
from yihu.basics.months import Month
from yihu.ground.estate.models import Unit
from yihu.ground.ledger import tables
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.jobs import job

UNITS = 500  # asked of the sources at a time
LINES = 1500  # posted in one transaction, if a single unit has not more
A_YEAR = timedelta(days=366)  # longer than what one line is billed for
CLEARED = 5000  # drafts deleted at a time
COLUMNS = ("run", "party", "unit", "item", "from_on", "to_on", "due_on", "amount", "part", "words", "basis")
S = BillingRun.State


@job(retries=5)
def draw(run_id: int, round_: int) -> None:
    """Everything still to be reckoned of this round; running it again, or twice at once, changes nothing."""
    pace, around = Pace(), None
    while (run := running(run_id, round_)) is not None:
        if not run.drawn_to and clear(run, pace):
            continue
        around = around or Around(run)
        units = _next_units(run)
        sifted, before = (around.reckon(units), {}) if units else (None, around.sums())
        with pace.slice():
            _lay_down(run, units, sifted, before)


def running(run_id: int, round_: int) -> BillingRun | None:
    rows = BillingRun.objects.select_related("community")
    return rows.filter(pk=run_id, round=round_, state=S.DRAWING).first()


def clear(run: BillingRun, pace: Pace) -> bool:
    """Remove what an earlier round left, some at a time; False when nothing is left."""
    found = False
    for model in (Draft, Finding, Slice):
        if some := list(model._default_manager.filter(run=run).values_list("pk", flat=True)[:CLEARED]):
            with pace.slice():
                model._default_manager.filter(pk__in=some).delete()
            found = True
    return found


def _next_units(run: BillingRun) -> list[int]:
    rows = Unit.objects.filter(community=run.community_id, pk__gt=run.drawn_to).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:UNITS])


class Around:
    """What the reckoning of a run needs to know of its community; the same for all its units."""

    def __init__(self, run: BillingRun) -> None:
        self.run, self.month = run, run.month
        self.on = date.fromisoformat(run.figures["on"]) if "on" in run.figures else timezone.localdate()
        rows = FeeItem.objects.filter(community=run.community_id).exclude(nature=FeeItem.Nature.DEPOSIT)
        self.items = dict(rows.values_list("pk", "name"))
        self.whole = set(run.sources) >= set(SOURCES) and not run.items
        self.last_month = [one.pk for one in runs_of(run.community_id, self.month.before)]

    def reckon(self, units: Sequence[int]) -> Sifted:
        found = list(self._ask(units))
        rows = [one for one in found if isinstance(one, Reckoned)]
        known = Known(
            items=self.items, billed=self._billed(units, rows), before=self._before(units, rows), chosen=self.run.items,
            threshold=self.run.threshold,
        )  # fmt: skip
        sifted = sift(self._new(found), set(units), known)
        sifted.rows = [with_time_to_pay(one, self.on) for one in sifted.rows]
        return sifted

    def sums(self) -> dict[str, int]:
        """What last month's runs billed, by item."""
        rows = Charge.objects.filter(record__in=self.last_month, reversal__isnull=True).values_list("item")
        return {str(item): total for item, total in rows.annotate(total=Sum("amount"))}

    def _ask(self, units: Sequence[int]) -> Iterator[Reckoned | Oddity]:
        for slug in self.run.sources:
            if slug in SOURCES:
                yield from SOURCES[slug].reckon(self.run.community_id, self.month, units)

    def _new(self, found: Sequence[Reckoned | Oddity]) -> Iterable[Reckoned | Oddity]:
        """A line without a unit may come with each of its payer's units: it is laid down once."""
        loose = {one.party for one in found if isinstance(one, Reckoned) and one.unit is None}
        if not loose:
            return found
        rows = Draft.objects.filter(run=self.run, unit__isnull=True, party__in=loose)
        told = rows.values_list("party", "item", "from_on", "to_on", "part")
        known = {
            Key(None, party, item, date.fromisoformat(first), date.fromisoformat(last), part)
            for party, item, first, last, part in told
        }
        return [one for one in found if not (isinstance(one, Reckoned) and one.unit is None and key_of(one) in known)]

    def _billed(self, units: Sequence[int], rows: Sequence[Reckoned]) -> dict[Key, int]:
        """What stands in the books for these units in the time of these lines, or overlaps it."""
        if not rows:
            return {}
        first, last = min(one.from_on for one in rows), max(one.to_on for one in rows)
        return already_billed(
            units, {one.party for one in rows if one.unit is None}, {one.item for one in rows}, first, last
        )

    def _before(self, units: Sequence[int], rows: Sequence[Reckoned]) -> dict[int, dict[int, int]]:
        """Last month's runs. Where this one is only a part, only what it concerns is compared."""
        if not self.last_month:
            return {}
        found = Charge.objects.filter(record__in=self.last_month, unit__in=units, reversal__isnull=True)
        if not self.whole:
            found = found.filter(item__in=self.run.items or {one.item for one in rows})
        before: dict[int, dict[int, int]] = defaultdict(dict)
        for unit, item, total in found.values_list("unit", "item").annotate(total=Sum("amount")):
            before[unit][item] = total
        return before


def already_billed(
    units: Iterable[int], parties: Iterable[int], items: Iterable[int], first: date, last: date, *, besides: Any = None
) -> dict[Key, int]:
    """What stands in the books for some of these days. The index that makes a second bill impossible also finds the first."""
    near = {"from_on__gte": first - A_YEAR, "from_on__lte": last, "to_on__gte": first}
    rows = Charge.objects.filter(reversal__isnull=True, item__in=list(items), **near)
    if besides is not None:
        rows = rows.exclude(record=besides)
    names = ("unit", "party", "item", "from_on", "to_on", "part", "amount")
    found = {
        Key(unit, None, *key): amount
        for unit, _, *key, amount in rows.filter(unit__in=list(units)).values_list(*names)
    }  # fmt: skip
    if parties:
        loose = rows.filter(unit__isnull=True, party__in=list(parties)).values_list(*names)
        found |= {Key(None, party, *key): amount for _, party, *key, amount in loose}
    return found


def runs_of(community_id: int, month: Month) -> Any:
    """The runs that have posted anything for a month."""
    return BillingRun.objects.filter(community=community_id, month_on=month.first, lines_posted__gt=0).order_by("pk")


def _lay_down(run: BillingRun, units: list[int], sifted: Sifted | None, before: dict[str, int]) -> None:
    """One slice of drafts, with the place reached; without units the drawing is over."""
    key = f"running.draw:{run.pk}:{run.round}:{run.drawn_to}:{len(units)}"
    with command(by=authority().system(), key=key, verb="running.draw") as commanding:
        if commanding.replayed:
            return
        still = BillingRun.objects.select_for_update().filter(pk=run.pk, round=run.round, state=S.DRAWING)
        if not still.filter(drawn_to=run.drawn_to):
            raise Overtaken
        rows = BillingRun.objects.filter(pk=run.pk)
        if sifted is None:
            rows.update(slices=_cut_loose(run), figures={**run.figures, "before": before})
            commanding.perform(run, "drawn", data={}, files={})
            return
        _write(run, sifted)
        slices = run.slices + _cut(run, sifted.rows)
        _add_up(run, sifted)
        drawn = run.units_drawn + len(units)
        rows.update(drawn_to=units[-1], units_drawn=drawn, figures=run.figures, slices=slices)


def _write(run: BillingRun, sifted: Sifted) -> None:
    pk = run.pk
    tables.write(
        Draft, COLUMNS,
        (
            (
                pk, one.party, one.unit, one.item, one.from_on.isoformat(), one.to_on.isoformat(), one.due_on.isoformat(), one.amount,
                one.part[:40], one.words[:200], basis_text(one.basis),
            )
            for one in sifted.rows
        ),
    )  # fmt: skip
    Finding.objects.bulk_create(
        [Finding(run=run, unit_id=unit, kind=kind, words=words, stops=stops) for unit, kind, words, stops in sifted.findings],
        batch_size=500,
    )  # fmt: skip


def _cut(run: BillingRun, rows: Sequence[Reckoned]) -> int:
    """Into slices of whole units."""
    pieces: list[Slice] = []
    counts: dict[int, int] = defaultdict(int)
    for one in rows:
        if one.unit is not None:
            counts[one.unit] += 1
    for unit, count in counts.items():
        if pieces and pieces[-1].lines + count <= LINES:
            pieces[-1].last_unit, pieces[-1].lines = unit, pieces[-1].lines + count
        else:
            place = run.slices + len(pieces)
            pieces.append(Slice(run=run, place=place, first_unit=unit, last_unit=unit, lines=count))
    Slice.objects.bulk_create(pieces)
    return len(pieces)


def _cut_loose(run: BillingRun) -> int:
    """The lines of nobody's unit come last."""
    left, place = Draft.objects.filter(run=run, unit__isnull=True).count(), run.slices
    while left > 0:
        Slice.objects.create(run=run, place=place, lines=min(left, LINES))
        left, place = left - LINES, place + 1
    return place


def _add_up(run: BillingRun, sifted: Sifted) -> None:
    figures = run.figures
    items = figures.setdefault("items", {})
    for one in sifted.rows:
        sums = items.setdefault(str(one.item), [0, 0])
        sums[0] += 1
        sums[1] += one.amount
    billed = {one.unit for one in sifted.rows if one.unit is not None}
    for name, more in (
        ("lines", len(sifted.rows)), ("amount", sum(one.amount for one in sifted.rows)), ("units", len(billed)),
        ("left_out", len(sifted.left_out)), ("already", sifted.already), ("findings", len(sifted.findings)),
        ("stop_all", sum(1 for unit, _, _, stops in sifted.findings if stops and unit is None)),
    ):  # fmt: skip
        figures[name] = figures.get(name, 0) + more
