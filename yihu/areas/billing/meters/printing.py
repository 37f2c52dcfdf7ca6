"""What stands on the reading record of one meter, and on the sheet that a reader carries through a building."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.meters import history
from yihu.areas.billing.meters.composing import odd_words
from yihu.areas.billing.meters.models import Meter, Reading, ReadingRound
from yihu.areas.billing.meters.reckoning import mean, plain, rounded
from yihu.kernel.prints.declare import Print

MOST = 400


def record_of(meter: Meter) -> dict[str, Any]:
    """抄表记录 (F81) of one meter, oldest first; what was corrected or refused stands in it too, with its state."""
    rows = (
        Reading.objects.filter(meter=meter)
        .select_related("installation", "reader", "checked_by")
        .order_by("-on", "-pk")
    )
    shown = list(rows[:MOST])[::-1]
    return {
        "community": meter.community.name,
        "number": "",
        "where": meter.where,
        "meter": str(meter),
        "place": meter.place,
        "devices": [
            [one.number, f"{one.installed_on:%Y-%m-%d}", plain(one.opening), plain(one.multiplier),
             f"{one.verified_until:%Y-%m-%d}" if one.verified_until else "", f"{one.removed_on:%Y-%m-%d}" if one.removed_on else ""]
            for one in meter.installations.order_by("installed_on", "pk")
        ],
        "lines": [_line(row) for row in shown],
        "left_off": max(0, rows.count() - len(shown)),
    }  # fmt: skip


def _line(row: Reading) -> list[str]:
    told = [row.get_occasion_display() if row.occasion else "", odd_words(row), row.why]
    if row.state != Reading.State.STANDS:
        told.insert(0, row.get_state_display())
    if row.signed_theirs:
        told.append(f"签字：{row.signed_ours}、{row.signed_theirs}")
    return [
        f"{row.month:%Y-%m}", f"{row.on:%Y-%m-%d}", plain(row.previous), plain(row.current), plain(row.multiplier), plain(row.use),
        row.get_kind_display(), str(row.reader), str(row.checked_by or ""), "；".join(dict.fromkeys(filter(None, told))),
    ]  # fmt: skip


def sheet_of(round_: ReadingRound, meters: list[Meter], place: str) -> dict[str, Any]:
    """A sheet to carry: what the dial showed last, what is usual, room to write. What was read already stands there."""
    month = round_.of_month
    told = history.known(meters, month)
    done = history.usages([one.pk for one in meters], month)
    return {
        "community": round_.community.name,
        "number": round_.number,
        "month": str(month),
        "place": place,
        "count": len(meters),
        "lines": [_to_read(told[one.pk], done.get(one.pk), month) for one in meters],
    }


def _to_read(known: history.Known, done: history.Use | None, month: Any) -> list[str]:
    usual = mean(known.before(month))
    rows = done.parts if done is not None else ()
    read = next((one for one in reversed(rows) if one.occasion == Reading.Occasion.ROUND), None)
    return [
        known.meter.where, str(known.meter), known.meter.place, plain(read.previous if read else known.previous),
        plain(rounded(usual)) if usual is not None else "", plain(read.current) if read else "",
        "已抄" if read else "",
    ]  # fmt: skip


RECORD = Print("meter_record", "抄表记录", data=record_of, paper="a4-landscape", of_one=False)
SHEET = Print("reading_sheet", "抄表册", data=sheet_of, of_one=False)
