"""抄表册: what its lines would add, how they go live once, how they are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Max, Q

from yihu.areas.billing.meters.bringing import check, lines
from yihu.areas.billing.meters.bringing.lines import Line
from yihu.areas.billing.meters.bringing.sorting import Sorted, sort
from yihu.areas.billing.meters.models import Installation, Meter, Reading, ReadingImport, ReadingRound, ReadingRow
from yihu.areas.billing.meters.rounds import open_round, turn_name
from yihu.ground.estate import founding
from yihu.kernel.importing.checking import Checked
from yihu.kernel.importing.declare import Import, Plan, importing
from yihu.kernel.importing.recognise import Recognised
from yihu.kernel.models import Record

S = Reading.State


@importing
class SheetOfReadings(Import):
    model = ReadingImport
    word = "抄表册"
    unit = "行"
    file_label = "抄表册文件"
    gaps = "存疑的读数"
    shape = check.SHEET
    slice = 400

    def check(self, recognised: Recognised, today: date) -> Checked:
        return check.check(recognised, today)

    def plan(self, community: Any, rows: Sequence[Line], today: date) -> Plan:
        told = Plan()
        for one in sort(community, rows):
            told.created += one.outcome == "created" or (one.outcome == "asked" and one.device is not None)
            told.unchanged += one.outcome == "unchanged"
            told.problems += one.problems
        return told

    def to_staged(self, row: Line) -> tuple[dict[str, Any], str]:
        return lines.to_staged(row)

    def from_staged(self, sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Line:
        return lines.from_staged(sheet, row_no, values)

    def write(self, run: Any, staged: Sequence[Any], rows: Sequence[Line], today: date, commanding: Any) -> None:
        """What is clear becomes readings; what is doubtful is kept as a question with the meter it is about."""
        self._hold(run, rows)
        told = sort(run.community, rows)
        rounds = {one.line.month: open_round(run.community_id, one.line.month) for one in told if one.readings}
        self._bring_meters(run, [one for one in told if one.device is not None])
        fresh: list[Reading] = []
        for row, one in zip(staged, told, strict=True):
            row.outcome = "created" if one.outcome == "asked" and one.device is not None else one.outcome
            if one.outcome == "asked":
                row.values = {**row.values, "asked": True, "meter": one.meter.pk if one.meter else None}
                row.values["why"] = one.problems[-1].reason if one.problems else "读不出这个数。"
            if one.fresh is not None:
                self._swap(one)
            for reading in one.readings:
                self._place(run, one, reading, rounds[one.line.month], commanding)
            fresh += one.readings
        Reading.objects.bulk_create(fresh, batch_size=200)
        ReadingRow.objects.bulk_update(staged, ["outcome", "values"], batch_size=200)

    def _hold(self, run: Any, rows: Sequence[Line]) -> None:
        """Nobody hands these months over, or reads one of their meters, while the lines are compared and written."""
        names = {turn_name(run.community_id, line.month) for line in rows}
        held = ReadingRound.objects.filter(turn__in=names).values("pk")
        list(Record.objects.select_for_update().filter(pk__in=held).order_by("pk").values_list("pk"))

    def _bring_meters(self, run: Any, told: Sequence[Sorted]) -> None:
        for one in told:
            one.meter.run = run
        Meter.objects.bulk_create([one.meter for one in told], batch_size=200)
        for one in told:
            one.device.meter = one.meter
        Installation.objects.bulk_create([one.device for one in told], batch_size=200)

    def _swap(self, one: Sorted) -> None:
        old, meter, device = one.readings[0].installation, one.meter, one.fresh
        Installation.objects.filter(pk=old.pk).update(removed_on=one.line.on)
        device.meter = meter
        device.save(force_insert=True)
        if device.number != meter.number:
            Meter.objects.filter(pk=meter.pk).update(number=device.number)

    def _place(self, run: Any, one: Sorted, reading: Reading, round_: ReadingRound, commanding: Any) -> None:
        """The rows that were unsaved while the reading was composed have their numbers now."""
        reading.meter, reading.installation = one.meter, reading.installation
        reading.round, reading.run, reading.reader, reading.read_at = round_, run, run.opened_by, commanding.at
        if reading.occasion:
            reading.signed_ours, reading.signed_theirs = str(run.opened_by), "见抄表册"

    def hindrances(self, run: Any) -> list[str]:
        """A month that went to finance, readings that follow, swaps of meters that stood here before."""
        found, mine = [], Reading.objects.filter(run=run)
        months = ReadingRound.objects.filter(readings__run=run).exclude(state=ReadingRound.State.READING).distinct()
        found += [f"{round_.of_month}的读数已经交给财务" for round_ in months]
        later = Reading.objects.filter(meter__in=mine.values("meter"), state__in=(S.STANDS, S.PENDING)).exclude(run=run)
        if count := later.exclude(meter__run=run).filter(Q(on__gt=_last_day(mine)) | Q(supersedes__run=run)).count():
            found.append(f"之后又抄的读数 {count} 条")
        if swapped := mine.filter(occasion=Reading.Occasion.SWAP).exclude(meter__run=run).count():
            found.append(f"登记过的换表 {swapped} 块")
        if answered := later.filter(meter__run=run).count():
            found.append(f"新建的表上另抄的读数 {answered} 条")
        return found

    def take_back(self, run: Any, commanding: Any) -> None:
        """Nothing is deleted: the readings no longer count, and the meters that came with them are out of use."""
        Reading.objects.filter(run=run, state__in=(S.STANDS, S.PENDING)).update(state=S.TAKEN_BACK)
        Meter.objects.filter(run=run).update(shown=False)

    def named(self, name: str) -> Any:
        return founding.named(name)

    def found(self, name: str) -> Any:
        return founding.found(name, "导入抄表册时")


def _last_day(rows: Any) -> date:
    last: date | None = rows.aggregate(last=Max("on"))["last"]
    return last or date.max
