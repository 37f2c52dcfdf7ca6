"""The doors by which prices are set: a new one begins and the one before it ends; in force none is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from yihu.areas.billing.tariffs.favours import why_not_less
from yihu.areas.billing.tariffs.fitting import nearer
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.basics.periods import ONE_DAY
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.ground.ledger.posting import TARIFF
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require, writing

BOOK = "tariffs.item"
DENIED = "您不能定价，请找项目经理。"
_busy: list[Callable[[int], str]] = []


def not_while(busy: Callable[[int], str]) -> None:
    """Register ``busy(community_id)``: why no price may change there just now, or nothing. It is asked once the items' rows
    are held, so whoever has begun something under the same hold is seen."""
    _busy.append(busy)


def _hold(community_id: int, items: Collection[int]) -> None:
    list(FeeItem.objects.select_for_update().filter(pk__in=items).order_by("pk").values_list("pk"))
    for said in filter(None, (busy(community_id) for busy in _busy)):
        raise Refused(said)


def billed_until(tariff: Tariff) -> date | None:
    """The last day that a bill by this price covers."""
    rows = Charge.objects.filter(item_id=tariff.item_id, reversal__isnull=True, basis__tariff=tariff.pk)
    found: date | None = rows.aggregate(last=Max("to_on"))["last"]
    return found


def set_prices(tariffs: Sequence[Tariff], *, by: Any, key: str | None = None) -> None:
    """New prices of one community, all or none; whichever held for the same before ends the day before."""
    community_id = tariffs[0].community_id
    require(by, TARIFF, community_id, DENIED)
    body = [[str(getattr(one, column.attname)) for column in one._meta.concrete_fields] for one in tariffs]
    with writing("tariffs.community", community_id, by=by, key=key, verb="set", body=body) as opened:
        if opened is None:
            return
        commanding, _ = opened
        _hold(community_id, {one.item_id for one in tariffs})
        for one in tariffs:
            ended = _end_before(one)
            _refuse_over_bills(one)
            if why := why_not_less(one, _of_a_kind(one.kind)):
                raise Refused(why)
            one.save(force_insert=True)
            said = f"{by} 定价：{one.item} {one.scope_words} {one.price_words}，{one.from_on:%Y-%m-%d} 起，依据 {one.document}"
            said += f"；{ended.price_words} 到 {ended.to_on:%Y-%m-%d} 为止" if ended else ""
            commanding.note(commanding.book(BOOK, one.item_id), said, step="price")
        commanding.answer(tariffs[0])


def _same_as(one: Tariff) -> QuerySet[Tariff]:
    """Prices of the same item for the same units."""
    scope = {name: getattr(one, name) for name in ("unit_kind", "use")}
    places = {name: getattr(one, f"{name}_id") for name in ("cluster", "building", "unit")}
    return Tariff.objects.filter(item_id=one.item_id, cancelled=False, **scope, **places)


def _end_before(new: Tariff) -> Tariff | None:
    """The price that holds for the same on that day, ended the day before."""
    same = _same_as(new)
    later = same.filter(from_on__gte=new.from_on).order_by("from_on").first()
    if later is not None and (new.to_on is None or new.to_on >= later.from_on):
        raise Refused(
            f"{new.item} {new.scope_words} 已经有 {later.from_on:%Y-%m-%d} 起的价格 {later.price_words}；"
            "没有生效的先撤回它，已经生效的请从以后的日期起定新价。"
        )
    old = same.filter(Q(to_on__isnull=True) | Q(to_on__gte=new.from_on), from_on__lt=new.from_on).first()
    if old is not None:
        _refuse_if_billed(old, new.from_on - ONE_DAY)
        old.to_on = new.from_on - ONE_DAY
        Tariff.objects.filter(pk=old.pk).update(to_on=old.to_on)
    return old


def end_price(tariff: Tariff, last: date, why: str, *, by: Any, key: str | None = None) -> None:
    """After this day the price no longer holds, and nothing follows by itself."""
    require(by, TARIFF, tariff.community_id, DENIED)
    with writing(BOOK, tariff.item_id, by=by, key=key, verb="end", body=[tariff.pk, str(last), why]) as opened:
        if opened is None:
            return
        commanding, book = opened
        _hold(tariff.community_id, {tariff.item_id})
        row = Tariff.objects.select_for_update().get(pk=tariff.pk)
        if row.cancelled or (row.to_on is not None and row.to_on <= last):
            raise Conflict("这个价格已经终止或撤回，请刷新看看。")
        if last < row.from_on:
            raise Refused(f"这个价格从 {row.from_on:%Y-%m-%d} 起，最后一天不能早于这一天；还没有生效的请撤回。")
        _refuse_if_billed(row, last)
        Tariff.objects.filter(pk=row.pk).update(to_on=last)
        commanding.note(
            book, f"{by} 终止价格 {row.scope_words} {row.price_words}，到 {last:%Y-%m-%d} 为止：{why}", step="end"
        )
        commanding.answer(row)


def withdraw_price(tariff: Tariff, why: str, *, by: Any, key: str | None = None) -> None:
    """Before its first day a price can be taken back as if it had not been: what it took the place of goes on."""
    require(by, TARIFF, tariff.community_id, DENIED)
    with writing(BOOK, tariff.item_id, by=by, key=key, verb="withdraw", body=[tariff.pk, why]) as opened:
        if opened is None:
            return
        commanding, book = opened
        _hold(tariff.community_id, {tariff.item_id})
        row = Tariff.objects.select_for_update().get(pk=tariff.pk)
        if row.from_on <= timezone.localdate(commanding.at):
            raise Refused("这个价格已经生效，不能撤回；请定新价，或终止它。")
        if billed_until(row) is not None:
            raise Refused("已经按这个价格预收出过账，不能撤回；请先冲销那些账单。")
        Tariff.objects.filter(pk=row.pk).update(cancelled=True)
        _same_as(row).filter(to_on=row.from_on - ONE_DAY).update(to_on=None)
        commanding.note(
            book, f"{by} 撤回 {row.from_on:%Y-%m-%d} 起的价格 {row.scope_words} {row.price_words}：{why}", step="end"
        )
        commanding.answer(row)


def _refuse_over_bills(new: Tariff) -> None:
    """No price begins on days that were billed by another one of which it would take the place: the bills would stand by a
    price that no longer holds, and nothing would put them right (FEE-20). The same for a price of fewer units."""
    rows = Charge.objects.filter(item_id=new.item_id, reversal__isnull=True, to_on__gte=new.from_on, **_units_of(new))
    if new.to_on is not None:
        rows = rows.filter(from_on__lte=new.to_on)
    billed = dict(rows.order_by().values_list("basis__tariff").annotate(last=Max("to_on")))
    old = Tariff.objects.filter(pk__in=[pk for pk in billed if pk is not None], kind__in=_of_a_kind(new.kind))
    for one in old.order_by("pk"):
        if (one.cycle == Tariff.Cycle.ONCE) == (new.cycle == Tariff.Cycle.ONCE) and not nearer(one, new):
            last = billed[one.pk]
            raise Refused(
                f"{new.scope_words}里已经有按 {one.scope_words} {one.price_words} 出到 {last:%Y-%m-%d} 的账单，"
                f"新价请从 {last + ONE_DAY:%Y-%m-%d} 起，或先冲销那些账单；只是给一户少收的，请登记收费约定。"
            )


def _units_of(tariff: Tariff) -> dict[str, Any]:
    """Bills of the units for which it holds."""
    if tariff.unit_id is not None:
        return {"unit": tariff.unit_id}
    asked = {name: getattr(tariff, name) for name in ("unit_kind", "use", "cluster_id", "building_id")}
    return {f"unit__{name.removeprefix('unit_')}": value for name, value in asked.items() if value}


def _of_a_kind(kind: str) -> Sequence[str]:
    """Prices that one source of the run reads together: a meter's beside a meter's, those by area, piece or household together."""
    if kind in (Kind.METER, Kind.SHARE, Kind.SERVICE):
        return [kind]
    return [one for one in Kind.values if one not in (Kind.METER, Kind.SHARE, Kind.SERVICE)]


def _refuse_if_billed(tariff: Tariff, last: date) -> None:
    until = billed_until(tariff)
    if until is not None and until > last:
        raise Refused(
            f"按现在的价格 {tariff.price_words} 已经出账到 {until:%Y-%m-%d}，新价请从 {until + ONE_DAY:%Y-%m-%d} 起，或先冲销那些账单。"
        )
