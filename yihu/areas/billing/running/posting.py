"""出账: the drafts go into the books slice by slice, each slice one transaction: bills, voucher and the place reached.

What was checked is what is posted. What somebody has billed meanwhile is skipped and said. Killed at any point and taken
up again it writes each line once and ends with the same digest; who stops it, stops it between two slices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from yihu.areas.billing.reckoned import CORRECTION
from yihu.areas.billing.running import settling
from yihu.areas.billing.running.canon import chained, line_text
from yihu.areas.billing.running.drawing import CLEARED, already_billed
from yihu.areas.billing.running.models import BillingRun, Draft, Finding, Slice
from yihu.areas.billing.running.pace import Overtaken, Pace
from yihu.areas.billing.running.sifting import Key, overlap, spans
from yihu.basics.money import yuan
from yihu.ground.ledger import many
from yihu.ground.ledger.many import Ready
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.posting import books
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import job

S = BillingRun.State


@job(retries=5)
def post(run_id: int) -> None:
    """All that is still to be posted; running it again, or twice at once, changes nothing."""
    pace = Pace()
    while (run := at_work(run_id)) is not None:
        try:
            with pace.slice():
                _one_move(run)
        except Refused as refused:
            _halt(run, refused.sentence)
            return
    _put_away(run_id, pace)


def at_work(run_id: int, state: str = S.POSTING) -> BillingRun | None:
    rows = BillingRun.objects.select_related("community", "poster", "back_approver")
    return rows.filter(pk=run_id, state=state).first()


def _one_move(run: BillingRun) -> None:
    """The next slice; when all are posted, the next of what is set off; then the end."""
    if run.done < run.slices:
        _post_slice(run)
    elif not settling.settle_some(run):
        with command(
            by=authority().system(), key=f"running.finish:{run.pk}:{run.version}", verb="running.finish"
        ) as commanding:
            if not commanding.replayed and claimed(run, S.POSTING):
                commanding.perform(run, "finish", data={}, files={})  # fmt: skip


def _post_slice(run: BillingRun) -> None:
    key = f"running.post:{run.pk}:{run.round}:{run.done}"
    with command(by=run.poster, key=key, verb="running.post") as commanding:
        if commanding.replayed:
            return
        claimed(run, S.POSTING, done=run.done)
        piece = Slice.objects.get(run=run, place=run.done)
        with books(commanding, run.community_id) as opened:
            rows, billed = _still_to_bill(_drafts(run, piece), run)
            if rows:
                words = f"{run.number} {run.month}账单 第 {run.done + 1} 批"
                many.charge_ready(opened, rows, words=words, record=run)
        Finding.objects.bulk_create([_skipped(run, one, over) for one, over in billed])
        BillingRun.objects.filter(pk=run.pk).update(
            done=run.done + 1, lines_posted=run.lines_posted + len(rows), lines_skipped=run.lines_skipped + len(billed),
            amount_posted=run.amount_posted + sum(one.amount for one in rows), digest=chained(run.digest, map(_text, rows)),
        )  # fmt: skip


def claimed(run: BillingRun, state: str, **place: Any) -> bool:
    """Hold the run where it was when it was read. Raises Overtaken where it is there no longer."""
    if not BillingRun.objects.select_for_update().filter(pk=run.pk, state=state, **place):
        raise Overtaken
    return True


def _text(one: Ready) -> bytes:
    return line_text(one.unit, one.item, one.from_on, one.to_on, one.due_on, one.amount, one.part, one.words, one.basis)


def _drafts(run: BillingRun, piece: Slice) -> list[Ready]:
    rows = Draft.objects.filter(run=run).values_list(*Ready._fields)
    if piece.first_unit is None:
        first = sum(
            Slice.objects.filter(run=run, first_unit=None, place__lt=piece.place).values_list("lines", flat=True)
        )
        found = rows.filter(unit__isnull=True).order_by("pk")[first : first + piece.lines]
    else:
        found = rows.filter(unit__gte=piece.first_unit, unit__lte=piece.last_unit).order_by("unit", "pk")
    return [Ready(*row) for row in found]


def _still_to_bill(rows: Sequence[Ready], run: BillingRun) -> tuple[list[Ready], list[tuple[Ready, str]]]:
    """Nobody posts beside us while we hold the books, so what is not billed now is not billed before we are done. What
    others have billed since the preview stays out, and so do the days that overlap it, with what is said of them."""
    if not rows:
        return [], []
    first = date.fromisoformat(min(one.from_on for one in rows))
    last = date.fromisoformat(max(one.to_on for one in rows))
    known = already_billed(
        {one.unit for one in rows if one.unit is not None}, {one.party for one in rows if one.unit is None},
        {one.item for one in rows}, first, last, besides=run,
    )  # fmt: skip
    if not known:
        return list(rows), []
    days, made_up = spans(known), _made_up(rows, run)
    fresh: list[Ready] = []
    billed: list[tuple[Ready, str]] = []
    for one in rows:
        first, last = date.fromisoformat(one.from_on), date.fromisoformat(one.to_on)
        key = Key(one.unit, None if one.unit is not None else one.party, one.item, first, last, one.part)
        if key in known:
            billed.append((one, ""))
        elif over := overlap(key, days) or made_up.said(key):
            billed.append((one, over))
        else:
            fresh.append(one)
    return fresh, billed


class _MadeUp(NamedTuple):
    """What others have billed since the preview, by place and item: part and days."""

    since: Mapping[tuple[int | None, int], list[tuple[str, date, date]]]

    def said(self, key: Key) -> str:
        """A difference reckoned before the bill that it concerns was posted is a bill too many, and so is a bill that a
        difference has made up for meanwhile. It is left to the next month's comparison, which sees both."""
        for part, first, last in self.since.get((key.unit, key.item), ()):
            if (
                CORRECTION in (part[: len(CORRECTION)], key.part[: len(CORRECTION)])
                and first <= key.to_on
                and key.from_on <= last
            ):
                return f"与试算以后另出的 {first:%Y-%m-%d} 至 {last:%Y-%m-%d} 是同一笔，没有再出；有差额的在以后月份的账单里更正"
        return ""


def _made_up(rows: Sequence[Ready], run: BillingRun) -> _MadeUp:
    since: dict[tuple[int | None, int], list[tuple[str, date, date]]] = defaultdict(list)
    found = Charge.objects.filter(pk__gt=run.figures.get("upto", 0), reversal__isnull=True).exclude(record=run)
    found = found.filter(unit__in={one.unit for one in rows}, item__in={one.item for one in rows})
    for unit, item, part, first, last in found.values_list("unit", "item", "part", "from_on", "to_on"):
        since[unit, item].append((part, first, last))
    return _MadeUp(since)


def _skipped(run: BillingRun, one: Ready, over: str) -> Finding:
    words = f"{one.words} {yuan(one.amount)} 元"
    if over:
        words = f"{words}，{one.from_on} 至 {one.to_on} {over}"
    kind = Finding.Kind.OVERLAP if over else Finding.Kind.BILLED
    return Finding(run=run, unit_id=one.unit, kind=kind, words=words[:300])


def _halt(run: BillingRun, sentence: str) -> None:
    """It cannot go on: the run waits, says why, and is resumed by a person."""
    with suppress(Overtaken), command(by=authority().system(), verb="running.halt") as commanding:
        claimed(run, S.POSTING)
        BillingRun.objects.filter(pk=run.pk).update(trouble=sentence[:200])
        commanding.perform(run, "halt", data={}, files={})


def _put_away(run_id: int, pace: Pace) -> None:
    """The drafts of what is posted have done their work: the bills say it all."""
    while BillingRun.objects.filter(pk=run_id, state=S.POSTED).exists():
        some = list(Draft.objects.filter(run=run_id).values_list("pk", flat=True)[:CLEARED])
        if not some:
            return
        with pace.slice():
            Draft.objects.filter(pk__in=some).delete()
