"""What becomes of each line of a sheet: a reading, nothing new, or a question. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.billing.meters import history
from yihu.areas.billing.meters.bringing.lines import Line
from yihu.areas.billing.meters.bringing.places import in_parts, meters_of, units_of
from yihu.areas.billing.meters.bringing.problems import problem
from yihu.areas.billing.meters.composing import FAR, Entry, compose
from yihu.areas.billing.meters.history import Known
from yihu.areas.billing.meters.models import Installation, Meter, Reading, ReadingRound
from yihu.areas.billing.meters.models.meters import walk_key
from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.meters.rounds import turn_name
from yihu.basics import rooms
from yihu.basics.months import Month
from yihu.ground.estate.models import Unit
from yihu.kernel.errors import Refused
from yihu.kernel.importing.problems import Problem

S, K = Reading.State, Reading.Kind
Name = tuple[str, str]  # of a meter, saved or not: its kind and number


@dataclass
class Sorted:
    """``outcome``: created, unchanged, asked, or left_out. ``meter`` is unsaved where the line brings it."""

    line: Line
    outcome: str
    meter: Meter | None = None
    device: Installation | None = None  # of a new meter
    readings: list[Reading] = field(default_factory=list)
    fresh: Installation | None = None  # the device that was swapped in
    problems: list[Problem] = field(default_factory=list)


def sort(community: Any, lines: Sequence[Line]) -> list[Sorted]:
    """Each line against what is known, asked for once for all of them."""
    place = _Place(community, lines)
    return [place.sort(line) for line in lines]


class _Place:
    def __init__(self, community: Any, lines: Sequence[Line]) -> None:
        self.community = community
        self.most = Fraction(FAR.at(community.pk, timezone.now()), 100) if community.pk else Fraction(1, 2)
        self.units = units_of(community, lines) if community.pk else {}
        self.by_number: dict[Name, Meter] = {}
        self.by_unit: dict[tuple[Any, str], list[Meter]] = defaultdict(list)
        for meter in meters_of(community, lines, self.units) if community.pk else ():
            self.by_number[meter.kind, meter.number] = meter
            self.by_unit[meter.unit_id, meter.kind].append(meter)
        self.months: dict[Month, dict[int, Known]] = {}
        self.done: dict[tuple[Month, Name], Reading] = {}
        self.locked: dict[Month, bool] = {}
        self.met: dict[Name, Known] = {}  # as they stand after the lines so far
        self.waits: dict[Name, Reading] = {}
        for month in {line.month for line in lines} if community.pk else ():
            self._learn(month, [meter for line in lines if line.month == month and (meter := self._known(line)[0])])

    def _learn(self, month: Month, meters: list[Meter]) -> None:
        mine = {meter.pk: meter for meter in meters}
        self.months[month] = history.known(list(mine.values()), month)
        for some in in_parts(sorted(mine)):
            rows = Reading.objects.filter(Q(state=S.STANDS, month=month.first) | Q(state=S.PENDING), meter_id__in=some)
            for row in rows.order_by("pk"):
                name = _name(mine[row.meter_id])
                if row.state == S.PENDING:
                    self.waits[name] = row
                if row.month == month.first and not row.occasion and not (row.state == S.PENDING and row.supersedes_id):
                    self.done[month, name] = row
        found = ReadingRound.objects.filter(turn=turn_name(self.community.pk, month)).first()
        self.locked[month] = found is not None and found.locked

    def _known(self, line: Line) -> tuple[Meter | None, list[Unit]]:
        """The meter by its number, else by the only one of its kind in the room; and the rooms that may be meant."""
        if line.number and (meter := self.by_number.get((line.kind, line.number))):
            return meter, []
        units = self.units.get(line.room.strip().casefold()) or [
            unit
            for key in rooms.candidates(line.room)
            for unit in self.units.get(" ".join(filter(None, key.folded())), ())
        ]
        units = list({unit.pk: unit for unit in units}.values())
        mine = self.by_unit[units[0].pk, line.kind] if len(units) == 1 else []
        return (mine[0] if len(mine) == 1 else None), units

    def sort(self, line: Line) -> Sorted:
        meter, units = self._known(line)
        told = Sorted(line, "asked", meter)
        if self.locked.get(line.month):
            return self._out(told, "reading_locked", str(line.month))
        if meter is None:
            if len(units) != 1:
                return self._out(told, "reading_units" if units else "reading_unit")
            known = self._new(told, units[0])
        else:
            if line.number and (line.kind, line.number) not in self.by_number:
                return self._out(told, "reading_other_meter", meter.get_kind_display(), meter.number)
            name = _name(meter)
            known = self.met[name] if name in self.met else self.months[line.month][meter.pk]
            before = self.done.get((line.month, name))
            if before is not None:
                if line.current is None or before.current == line.current or before.shown == line.current:
                    told.outcome = "unchanged"
                    return told
                return self._out(told, "reading_read_already", plain(before.current))
            if waiting := self.waits.get(name):
                return self._out(told, "reading_waits", f"{waiting.on:%Y-%m-%d}", plain(waiting.current))
            if doubt := self._apart(line, known):
                return self._ask(told, *doubt)
        return self._read(told, known)

    def _new(self, told: Sorted, unit: Unit) -> Known:
        """A meter that nobody has entered yet: the sheet's last reading is its first."""
        line = told.line
        number = line.number or f"{line.room}-{Meter.Kind(line.kind).label}"
        meter = Meter(community=self.community, kind=line.kind, number=number, unit=unit)
        meter.walk_key = walk_key(meter)
        opening = line.previous if line.previous is not None else line.current or Decimal(0)
        told.meter, told.device = meter, Installation(
            meter=meter, number=number, multiplier=line.multiplier, digits=line.digits, opening=opening,
            installed_on=line.month.business[0],
        )  # fmt: skip
        self.by_number[line.kind, number] = meter
        if not line.number:  # the next line of the room means it too
            self.by_unit[unit.pk, line.kind].append(meter)
        self.met[_name(meter)] = Known(meter, told.device)
        return self.met[_name(meter)]

    def _apart(self, line: Line, known: Known) -> tuple[str, str, str] | None:
        if line.previous is not None and line.previous != known.previous:
            return "reading_apart", plain(line.previous), plain(known.previous)
        if known.device is not None and line.multiplier != known.device.multiplier:
            return "reading_times_apart", plain(line.multiplier), plain(known.device.multiplier)
        return None

    def _read(self, told: Sorted, known: Known) -> Sorted:
        line = told.line
        if line.unread:
            return self._ask(told, "reading_figure", said=False)
        if line.current is None:
            return self._ask(told, "reading_absent", f"：{line.note}" if line.note else "")
        if line.swapped:
            return self._swap(told, known)
        if line.current < known.previous and not line.round and not (known.last and known.last.is_estimate):
            return self._ask(told, "reading_less", plain(known.previous), plain(line.current))
        rolled = line.round and line.current < known.previous
        try:
            row = self._compose(known, line, K.ROLLED if rolled else K.READ, line.current)
        except Refused as refused:
            return self._ask(told, "reading_refused", refused.sentence[:120])
        if line.round:
            self._doubt(row, "no_photo" if rolled else "no_round")
            told.problems.append(
                self._problem(line, "reading_went_round" if rolled else "reading_not_round", plain(row.use))
            )
        return self._created(told, known, row)

    def _created(self, told: Sorted, known: Known, *rows: Reading) -> Sorted:
        """The lines below it go on from here, if nobody has to look at it first. ``known``: of the device that stands now."""
        told.outcome, told.readings = "created", list(rows)
        name = _name(known.meter)
        self.met[name] = known
        self.done[told.line.month, name] = rows[-1]
        if rows[-1].state == S.PENDING:
            self.waits[name] = rows[-1]
        else:
            known.count(rows[-1])
        return told

    def _swap(self, told: Sorted, known: Known) -> Sorted:
        """Two parts; where both are alike, the sheet may have the use where the reading should stand: somebody looks at it."""
        line = told.line
        if line.closing is None:
            return self._ask(told, "reading_parts")
        number = line.fresh_number or known.meter.number
        if number != known.meter.number and (line.kind, number) in self.by_number:
            return self._ask(told, "reading_taken", number)
        fresh = Installation(
            meter=known.meter, number=number, multiplier=line.multiplier, digits=line.digits, opening=line.opening, installed_on=line.on,
        )  # fmt: skip
        try:
            old = self._compose(known, line, K.SWAP, line.closing, Reading.Occasion.SWAP)
            uses = {**known.uses, line.month: known.so_far(line.month) + old.use}
            after = Known(known.meter, fresh, uses=uses, estimated=known.estimated, until=old.to_on)
            new = self._compose(after, line, K.READ, line.current)
        except Refused as refused:
            return self._ask(told, "reading_refused", refused.sentence[:120])
        alike = old.use == new.use and old.use != 0
        if alike:
            self._doubt(new, "alike")
        hint = "两段用量一样，像是把用量写成了新表读数，导入后要另一人复核。" if alike else ""
        told.problems.append(self._problem(line, "reading_swapped", plain(old.use), plain(new.use), hint))
        told.fresh = fresh
        self.by_number[line.kind, number] = known.meter
        return self._created(told, after, old, new)

    def _compose(self, known: Known, line: Line, kind: str, current: Decimal, occasion: str = "") -> Reading:
        entry = Entry(line.on, current, kind, line.note, occasion, on_paper=True)
        return compose(known, entry, line.month, most=self.most)

    def _doubt(self, row: Reading, word: str) -> None:
        row.oddities, row.state = f"{row.oddities} {word}".strip(), S.PENDING

    def _ask(self, told: Sorted, kind: str, *words: str, said: bool = True) -> Sorted:
        if said:
            told.problems.append(self._problem(told.line, kind, *words))
        return told

    def _out(self, told: Sorted, kind: str, *words: str) -> Sorted:
        told.outcome = "left_out"
        told.problems.append(self._problem(told.line, kind, *words))
        return told

    def _problem(self, line: Line, kind: str, *words: str) -> Problem:
        shown = f"{line.room} {line.number}{f'（{line.note}）' if line.note else ''}"
        return problem(kind, *words, sheet=line.sheet, row=line.row_no, column="本次读数", value=shown)


def _name(meter: Meter) -> Name:
    return meter.kind, meter.number
