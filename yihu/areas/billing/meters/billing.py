"""水电气费: what the meters of a unit measured in a month, as lines of its bill (domain.md §5.1; FEE-17).

What is collected for a supplier is passed on at his price: a price that is not his, or an item that would be income,
stops the unit (电力法第44条, 物业管理条例第44条).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db.models import Sum

from yihu.areas.billing.meters import composing
from yihu.areas.billing.meters.history import Use, usages
from yihu.areas.billing.meters.models import Meter, MeterItem, Reading, ReadingRound
from yihu.areas.billing.meters.reckoning import plain, rounded
from yihu.areas.billing.meters.rounds import turn_name
from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.areas.billing.tariffs import prices as pricing
from yihu.areas.billing.tariffs.models import Tariff
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.ground.ledger.models import FeeItem

AT_COST: Final = frozenset((Meter.Kind.WATER, Meter.Kind.POWER, Meter.Kind.GAS, Meter.Kind.HEAT))
ADD_ON: Final = (
    "代收代付的水、电、气、热只按供应单位的价格收，不得加价、不得收手续费（电力法第44条、物业管理条例第44条）"
)
Found = Reckoned | Oddity


def surcharge(item: FeeItem, kind: str, tariff: Tariff | None = None) -> str:
    """Why this may not be billed so: the guard against any add-on to what is passed through. Empty: it may."""
    if kind in AT_COST and item.nature != FeeItem.Nature.PASS_THROUGH:
        return f"{item} 的性质不是“代收代付”。{ADD_ON}，请换一个收费项目。"
    if item.nature == FeeItem.Nature.PASS_THROUGH and tariff is not None and tariff.pricing != Tariff.Pricing.COST:
        return f"{item} 的价格不是“按供应单位价格代收”。{ADD_ON}，请核对收费标准。"
    return ""


@dataclass
class _Asked:
    """Everything that a month needs to know, asked for once."""

    month: Month
    items: dict[str, FeeItem]
    uses: dict[int, Use]
    prices: dict[int, dict[int, list[pricing.Fit]]]
    people: dict[int, pricing.Household]
    used: dict[tuple[int, str], Decimal]  # unit and kind: since the first of January


class MetersOfUnits:
    """The run asks it for any number of units at the cost of the same questions."""

    slug, label = "meters", "水电气表"

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterable[Found]:
        meters = list(Meter.objects.filter(unit_id__in=units).order_by("walk_key", "pk"))
        if not meters:
            return
        round_ = ReadingRound.objects.filter(turn=turn_name(community_id, month)).first()
        if round_ is None or round_.state != ReadingRound.State.CHECKED:
            state = f"还是“{round_.state_word}”" if round_ else "还没有开始"
            yield Oddity(None, "readings_not_checked", f"{month}抄表{state}，财务核对以后才能出水电费。", stops=True)
            return
        asked = self._ask(community_id, month, meters, units)
        by_unit: dict[int, list[Meter]] = defaultdict(list)
        for meter in meters:
            by_unit[meter.unit_id or 0].append(meter)
        for unit, mine in by_unit.items():
            yield from _unit(asked, unit, mine)

    def _ask(self, community_id: int, month: Month, meters: Sequence[Meter], units: Sequence[int]) -> _Asked:
        uses = usages([meter.pk for meter in meters], month)
        days = [day for use in uses.values() for part in use.parts for day in (part.from_on, part.to_on)]
        first, last = min(days, default=month.business[0]), max(days, default=month.business[1])
        items = MeterItem.objects.filter(community_id=community_id, shown=True).select_related("item")
        return _Asked(
            month, {one.kind: one.item for one in items}, uses,
            pricing.prices(community_id, pricing.Kind.METER, units, first, last),
            pricing.households(community_id, units, first, last), _used_this_year(units, month),
        )  # fmt: skip


def _used_this_year(units: Sequence[int], month: Month) -> dict[tuple[int, str], Decimal]:
    """For prices whose steps are counted by the year."""
    rows = Reading.objects.filter(
        meter__unit_id__in=units, state=Reading.State.STANDS, month__gte=date(month.year, 1, 1), month__lt=month.first
    )
    sums = rows.order_by().values_list("meter__unit_id", "meter__kind").annotate(total=Sum("use"))
    return {(unit, kind): total for unit, kind, total in sums}


def _unit(asked: _Asked, unit: int, meters: Sequence[Meter]) -> Iterable[Found]:
    used: dict[str, Decimal] = {}
    for meter in meters:
        use = asked.uses.get(meter.pk)
        yield from _doubts(asked, unit, meter, use)
        if use is None or (meter.shown and not use.complete) or use.pending:
            continue
        item = asked.items.get(meter.kind)
        if item is None:
            words = f"没有说明{meter.get_kind_display()}表按哪个收费项目出账，请在“抄表—表类与收费项目”里选定。"
            yield Oddity(unit, "no_item", words, stops=True)
            continue
        for part in use.parts:
            if part.use:
                yield from _part(asked, unit, meter, part, item, used)


def _doubts(asked: _Asked, unit: int, meter: Meter, use: Use | None) -> Iterable[Oddity]:
    month = asked.month
    if use is None or not use.complete:
        if meter.shown:
            yield Oddity(unit, "reading_missing", f"{meter} {month}没有读数，请补抄或估抄。", stops=True)
        return
    for part in use.parts:
        said = composing.odd_words(part)
        if part.state == Reading.State.PENDING:
            yield Oddity(
                unit, "reading_unconfirmed", f"{meter} 读数 {plain(part.current)} 还没有复核：{said}", stops=True
            )
        elif part.is_estimate:
            yield Oddity(unit, "reading_estimated", f"{meter} 本月是{part.get_kind_display()}，已由另一人同意。")
        elif said:
            yield Oddity(unit, "reading_abnormal", f"{meter} {said}，已复核确认。")
        until = part.installation.verified_until
        if until is not None and until < part.on:
            yield Oddity(unit, "verification_over", f"{meter} 检定有效期到 {until:%Y-%m-%d}，已经过期（计量法第9条）。")


def _part(
    asked: _Asked, unit: int, meter: Meter, part: Reading, item: FeeItem, used: dict[str, Decimal]
) -> Iterable[Found]:
    fits = [
        fit
        for fit in asked.prices.get(unit, {}).get(item.pk, ())
        if fit.first <= part.to_on and fit.last >= part.from_on
    ]
    if not fits:
        yield Oddity(unit, "no_price", f"{item} 没有适用的收费标准（按抄表用量）。", stops=True)
        return
    for fit, first, last, quantity in _by_price(part, fits):
        if fit.tariff is None:
            words = "有两个收费标准同样适用" if fit.rivals else "没有收费标准"
            yield Oddity(unit, "no_price", f"{item} {first:%m-%d} 至 {last:%m-%d} {words}。", stops=True)
            continue
        if guard := surcharge(item, meter.kind, fit.tariff):
            yield Oddity(unit, "surcharge", guard, stops=True)
            continue
        so_far = used.get(meter.kind, Decimal(0))
        by_year = fit.tariff.steps_per == Tariff.StepsPer.YEAR
        already = so_far + (asked.used.get((unit, meter.kind), Decimal(0)) if by_year else Decimal(0))
        amount, words, basis = _cost(fit.tariff, quantity, already, part, whole=quantity == part.use)
        used[meter.kind] = so_far + quantity
        yield from _lines(asked, unit, part, item, fit.tariff, first, last, amount, words, basis)


def _by_price(part: Reading, fits: Sequence[pricing.Fit]) -> Iterable[tuple[pricing.Fit, date, date, Decimal]]:
    """The use shared out by days where the price changes in between; the last part is the difference."""
    days, left = (part.to_on - part.from_on).days + 1, part.use
    for place, fit in enumerate(fits):
        first, last = max(fit.first, part.from_on), min(fit.last, part.to_on)
        share = Fraction(part.use) * ((last - first).days + 1) / days
        quantity = left if place == len(fits) - 1 else rounded(share)
        left -= quantity
        yield fit, first, last, quantity


def _cost(
    tariff: Tariff, quantity: Decimal, already: Decimal, part: Reading, *, whole: bool
) -> tuple[int, str, dict[str, Any]]:
    """The amount, the sum in words and as data; what an estimate took too much comes back at the same steps."""
    if quantity >= 0:
        cost = pricing.cost_of(tariff, quantity, already=already)
        amount, words = cost.amount, cost.words
    else:
        cost = pricing.cost_of(tariff, -quantity, already=max(already + quantity, Decimal(0)))
        amount, words = -cost.amount, f"退还 {cost.words}"
    read = part.part.words
    if whole and quantity >= 0 and len(cost.basis["parts"]) == 1:
        words = f"{read} × {cost.basis['price']}元 = {yuan(amount)}元"
    else:
        words = f"{read}{'' if whole else '（按天分）'}；{words}"
    if part.is_estimate:
        words = f"估抄 {words}"
    basis = {
        **cost.basis, "quantity": plain(quantity), "previous": plain(part.previous), "current": plain(part.current),
        "multiplier": plain(part.multiplier), "reading": part.pk, "kind": part.kind, "number": part.installation.number,
        "went_round": part.went_round, "document": f"{tariff.document} {tariff.document_no}".strip(),
    }  # fmt: skip
    return amount, words, basis


def _lines(
    asked: _Asked, unit: int, part: Reading, item: FeeItem, tariff: Tariff, first: date, last: date, amount: int, words: str,
    basis: dict[str, Any],
) -> Iterable[Found]:  # fmt: skip
    payers = asked.people[unit].payers(item.pk, first, last) if unit in asked.people else []
    if not payers or any(one.party is None for one in payers):
        yield Oddity(unit, "no_payer", f"{item} {first:%m-%d} 至 {last:%m-%d} 没有付款人，请先登记业主。", stops=True)
        return
    if len(payers) > 1:
        words = f"{words}；月中换人没有交接读数，按天分"
        yield Oddity(unit, "no_reading_at_the_move", f"{part.meter} 月中换了付款人，没有交接读数，按天数分摊。")
    due = pricing.due_on(tariff, asked.month)
    for payer, share in pricing.split(amount, payers):
        if share:
            yield Reckoned(
                payer.party or 0, unit, item.pk, payer.first, payer.last, due, share, words[:200], part.installation.number, basis
            )  # fmt: skip


METERS = MetersOfUnits()
