"""What is known of meters, for many of them at once: the device that stands there, its last reading, the use of past months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from yihu.areas.billing.meters.models import Installation, Meter, Reading
from yihu.areas.billing.meters.reckoning import THREE
from yihu.basics.months import Month
from yihu.ground.estate.models import Unit

S = Reading.State
_MANY = 2_000  # names in one question
MONTHS_BACK = 13  # the same month last year is the farthest that anybody asks for


@dataclass(frozen=True)
class Use:
    """What a meter measured in a month, all its devices together. ``parts`` are the readings that it is made of."""

    total: Decimal
    parts: tuple[Reading, ...]

    @property
    def estimated(self) -> bool:
        return any(one.is_estimate for one in self.parts)

    @property
    def pending(self) -> bool:
        return any(one.state == S.PENDING for one in self.parts)

    @property
    def complete(self) -> bool:
        """Whether the month's own reading is there; a reading at a move or a swap alone does not close the month."""
        return any(one.occasion == Reading.Occasion.ROUND for one in self.parts)


@dataclass
class Known:
    """One meter as a reader stands before it."""

    meter: Meter
    device: Installation | None = None
    last: Reading | None = None  # of this device
    seen: Decimal | None = None  # what its dial really showed last
    until: date | None = None  # the last day whose use is known, by whatever device
    uses: dict[Month, Decimal] = field(default_factory=dict)
    estimated: dict[Month, bool] = field(default_factory=dict)

    @property
    def really_seen(self) -> Decimal:
        """What the dial showed when somebody last stood before it; estimates since are only taken for granted."""
        return self.seen if self.seen is not None else self.device.opening if self.device else Decimal(0)

    @property
    def previous(self) -> Decimal:
        if self.last is not None:
            return self.last.current
        return self.device.opening if self.device else Decimal(0)

    def note(self, one: Reading) -> None:
        """A reading, the older ones first."""
        self.until = one.to_on if self.until is None else max(self.until, one.to_on)
        if self.device is not None and one.installation_id == self.device.pk:
            self.last = one
            self.seen = self.seen if one.is_estimate else one.current

    def count(self, one: Reading) -> None:
        """A reading that counts, the older ones first: it is noted, and its use is its month's."""
        self.note(one)
        month = Month.of(one.month)
        self.uses[month] = self.so_far(month) + one.use
        if one.occasion == Reading.Occasion.ROUND:
            self.estimated[month] = one.is_estimate

    def before(self, month: Month) -> list[Decimal]:
        """The uses of the last three months that are known, oldest first."""
        return [self.uses[one] for one in sorted(self.uses, key=_in_order) if _in_order(one) < _in_order(month)][
            -THREE:
        ]

    def so_far(self, month: Month) -> Decimal:
        """What a swap or a move has measured in this month already."""
        return self.uses.get(month, Decimal(0))

    def year_before(self, month: Month) -> Decimal | None:
        return self.uses.get(Month(month.year - 1, month.month))

    def estimates_in_a_row(self, month: Month) -> int:
        """How many of the latest readings before this month were estimates. A month without any reading is no break:
        nobody has stood before the dial in it either (domain.md §5.4)."""
        row = 0
        for at in sorted(
            (one for one in self.estimated if _in_order(one) < _in_order(month)), key=_in_order, reverse=True
        ):
            if not self.estimated[at]:
                break
            row += 1
        return row


def _in_order(month: Month) -> tuple[int, int]:
    return month.year, month.month


def usages(meter_ids: Iterable[int], month: Month) -> dict[int, Use]:
    """What each of these meters measured in the business month that ends on its 20th; a meter without a reading is missing.

    Two questions for any number of meters (one more for every two thousand). Readings that still wait for another
    person's look are in it, and ``pending`` says so.
    """
    found: dict[int, list[Reading]] = defaultdict(list)
    rows = Reading.objects.filter(month=month.first, state__in=(S.STANDS, S.PENDING))
    for one in _in_slices(rows.select_related("installation").order_by("on", "pk"), meter_ids):
        found[one.meter_id].append(one)
    # a correction that still waits does not yet count beside what it corrects
    held = {
        pk: tuple(one for one in rows if not (one.state == S.PENDING and one.supersedes_id))
        for pk, rows in found.items()
    }
    return {pk: Use(sum((one.use for one in parts), Decimal(0)), parts) for pk, parts in held.items()}


def _in_slices(rows: Iterable[Reading], meter_ids: Iterable[int]) -> Iterable[Reading]:
    pks = sorted(set(meter_ids))
    for first in range(0, len(pks), _MANY):
        yield from rows.filter(meter_id__in=pks[first : first + _MANY])  # type: ignore[attr-defined]


def known(meters: Sequence[Meter], month: Month) -> dict[int, Known]:
    """Of these meters the device of today, its last reading that counts, and the use of the months before ``month``."""
    told = {meter.pk: Known(meter) for meter in meters}
    pks = sorted(told)
    for first in range(0, len(pks), _MANY):
        some = pks[first : first + _MANY]
        for device in Installation.objects.filter(meter_id__in=some, removed_on__isnull=True):
            told[device.meter_id].device = device
        counts = Reading.objects.filter(meter_id__in=some, state=S.STANDS)
        since = date(month.year - 1, month.month, 1)
        rows = counts.filter(month__gte=since).order_by("on", "pk")
        for one in rows:
            told[one.meter_id].count(one)
        _older(told, [pk for pk in some if told[pk].last is None], counts)
    return told


def _older(told: Mapping[int, Known], pks: Sequence[int], counts: Iterable[Reading]) -> None:
    """The last reading of devices that nobody has read for more than a year."""
    for one in counts.filter(meter_id__in=pks).order_by("on", "pk") if pks else ():  # type: ignore[attr-defined]
        told[one.meter_id].note(one)


def occupied(unit: Unit | None) -> bool | None:
    """Whether somebody lives or works there; None where nobody knows."""
    if unit is None or not unit.use:
        return None
    return unit.use != Unit.Use.VACANT
