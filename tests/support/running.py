"""A community with homes and owners, and a source of its own whose prices a test may change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from tests.ledger.conftest import Office
from tests.support.doing import at
from yihu.areas.billing.reckoned import SOURCES, Oddity, Reckoned
from yihu.areas.billing.running.models import BillingRun
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.doors import open_record, perform
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_waiting

BILLED = "2026-11-22 10:00"  # the months to choose from are those around this day


class Flat:
    """So much for each unit and item, the same every month; ``odd`` and ``more`` are said besides."""

    slug, label = "flat", "测试价目"

    def __init__(self) -> None:
        self.prices: dict[int, list[tuple[int, int]]] = {}  # unit: (item, 分)
        self.payers: dict[int, int] = {}
        self.odd: list[Oddity] = []
        self.more: list[Reckoned] = []
        self.asked: list[int] = []

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterable[Reckoned | Oddity]:
        self.asked.append(len(units))
        for unit in units:
            for item, amount in self.prices.get(unit, ()):
                yield self.line(month, unit, item, amount)
        yield from (one for one in self.odd if one.unit is None or one.unit in units)
        yield from (one for one in self.more if one.unit is None or one.unit in units)

    def line(self, month: Month, unit: int | None, item: int, amount: int, **more: Any) -> Reckoned:
        facts = {
            "party": self.payers.get(unit or 0), "unit": unit, "item": item, "from_on": month.first, "to_on": month.last,
            "due_on": month.last, "amount": amount, "words": f"每月 {amount / 100:.2f} 元", "basis": {"price": f"{amount / 100:.2f}"},
        }  # fmt: skip
        return Reckoned(**{**facts, **more})


@contextmanager
def flat_source() -> Iterator[Flat]:
    """In place of whatever sources are installed."""
    kept, flat = dict(SOURCES), Flat()
    SOURCES.clear()
    SOURCES[flat.slug] = flat
    try:
        yield flat
    finally:
        SOURCES.clear()
        SOURCES.update(kept)


class Estate(Office):
    """Homes with an owner each, who owe property fee and water; the people who draw up, check and take back."""

    def __init__(self, cast: Any, flat: Flat, homes: int = 3) -> None:
        super().__init__(cast)
        self.flat, self.month = flat, Month(2026, 11)
        self.checker = cast.person("he", "何会计", "accountant")
        self.units = [cast.home] + [cast.unit(f"{2 + place:02d}01") for place in range(homes - 1)]
        owners = [cast.owner]
        for place, unit in enumerate(self.units[1:]):
            owner = Party.objects.create(community=cast.yunqi, name=f"业主{place}")
            Occupancy.objects.create(unit=unit, party=owner, role="owner", from_on=date(2020, 1, 1))
            owners.append(owner)
        self.owners = owners
        for unit, owner in zip(self.units, owners, strict=True):
            flat.payers[unit.pk] = owner.pk
            flat.prices[unit.pk] = [(self.property_fee.pk, 35941), (self.water.pk, 5000)]

    def open(
        self, by: Any = None, month: str = "2026-11-01", when: Any = None, key: str | None = None, **more: Any
    ) -> BillingRun:
        said = {"month_on": month, "sources": list(SOURCES), "threshold": "30", **more}
        fresh = BillingRun(community=self.cast.yunqi)
        opened: BillingRun = open_record(fresh, by=by or self.accountant, data=said, at=when or at(BILLED), key=key)
        return opened

    def draw(self, **more: Any) -> BillingRun:
        run = self.open(**more)
        run_waiting()
        return self.fresh(run)

    def check(self, run: BillingRun) -> BillingRun:
        return perform(run, "check", by=self.checker, data={"check_note": "抽看三户"})

    def post(self, run: BillingRun, wait: bool = True) -> BillingRun:
        perform(self.check(run), "post", by=self.accountant)
        if wait:
            run_waiting()
        return self.fresh(run)

    def take_back(self, run: BillingRun, *rooms: str) -> BillingRun:
        asked = {"back_why": "价格录错", "rooms": "\n".join(rooms)}
        perform(run, "ask_back", by=self.accountant, data=asked)
        perform(run, "approve_back", by=self.head)
        run_waiting()
        return self.fresh(run)

    def fresh(self, run: BillingRun) -> BillingRun:
        return BillingRun.objects.get(pk=run.pk)


def faults() -> list[str]:
    return [fault for result in check_all() for fault in result.faults]
