"""From what a reader sees to a row: the previous reading, the use, why somebody else must look at it, or why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from yihu.areas.billing.meters import history, reckoning
from yihu.areas.billing.meters.history import Known
from yihu.areas.billing.meters.models import Reading
from yihu.areas.billing.meters.reckoning import plain
from yihu.basics.months import Month
from yihu.kernel.errors import Refused
from yihu.kernel.settings_pages.numbers import Number, declare

K = Reading.Kind
ALWAYS_LOOKED_AT: Final = frozenset((K.ESTIMATED, K.CORRECTED, K.FAULT))
FAR: Final = declare(
    Number("meters.deviation", "用量异常的界限", "本月用量比近三个月平均多或少超过这个百分比，要另一人复核", 50, "%", 5, 500)
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """What somebody tells of a meter. ``current`` is what the dial shows; nothing for an estimate."""

    on: date
    current: Decimal | None = None
    kind: str = K.READ
    why: str = ""
    occasion: str = ""
    photo: Any = None
    signed_ours: str = ""
    signed_theirs: str = ""
    by_last_year: bool = False
    went_round: bool = False  # of a device that is taken down
    on_paper: bool = False  # from a sheet that was brought in: its photographs are not in it


class LessThanBefore(Refused):
    """The dial shows less than last time, and nobody said why."""

    def __init__(self, current: Decimal, previous: Decimal) -> None:
        super().__init__(
            f"本次读数 {plain(current)} 小于上次 {plain(previous)}。看错了请重填；没看错请选是哪一种："
            "表走过一圈选“翻转”（要拍照），换过表到“换表”登记，上次抄错了选“更正”，表倒走或坏了选“倒转故障”。"
        )


def compose(known: Known, entry: Entry, month: Month, *, most: Fraction = reckoning.HALF) -> Reading:
    """The row that this entry makes, not yet saved. Refused with a sentence where it cannot be."""
    device = known.device
    if device is None:
        raise Refused(f"{known.meter} 现在没有装表，请先登记换上的新表。")
    _check_day(known, entry)
    _check_words(entry)
    row = Reading(
        community_id=known.meter.community_id, meter=known.meter, installation=device, month=month.first, on=entry.on,
        kind=entry.kind, occasion=entry.occasion, previous=known.previous, multiplier=device.multiplier, why=entry.why,
        signed_ours=entry.signed_ours, signed_theirs=entry.signed_theirs,
    )  # fmt: skip
    went = _went(known, entry, month, row)
    row.use = reckoning.use(went, device.multiplier)
    row.from_on, row.to_on = _span(known, entry.on, month)
    _look_at(row, known, month, most)
    return row


def _check_day(known: Known, entry: Entry) -> None:
    device, last = known.device, known.last
    if device is not None and entry.on < device.installed_on:
        raise Refused(f"{known.meter} 是 {device.installed_on:%Y-%m-%d} 装的，抄表日期不能更早。")
    if last is not None and entry.on <= last.on:
        raise Refused(
            f"{known.meter} 在 {last.on:%Y-%m-%d} 已经有读数 {plain(last.current)}。那次抄错了的，请在那条记录上点“更正”。"
        )


def _check_words(entry: Entry) -> None:
    if entry.kind in (K.CORRECTED, K.FAULT) and not entry.why:
        raise Refused("请写明原因，复核的人要看。")
    if entry.kind == K.ROLLED and not entry.photo and not entry.on_paper:
        raise Refused("表走过一圈要拍照：请拍下表盘再保存。")
    if entry.occasion and not entry.on_paper and not (entry.signed_ours and entry.signed_theirs):
        raise Refused("交接、换表时的读数要双方签字：请填我方和对方签字人。")


def _went(known: Known, entry: Entry, month: Month, row: Reading) -> Decimal:
    """How far the dial went; sets what it shows now."""
    device: Any = known.device
    if entry.kind in (K.ESTIMATED, K.FAULT):
        row.shown = entry.current
        went = estimated_steps(known, month, by_last_year=entry.by_last_year)
        row.current = (row.previous + went) % 10**device.digits
        row.went_round = row.previous + went >= 10**device.digits
        return went
    if entry.current is None:
        raise Refused("请填本次读数；没有抄到的选“估抄”。")
    if not reckoning.fits(entry.current, device.digits):
        raise Refused(f"{known.meter} 的表盘是 {device.digits} 位整数，读不出 {plain(entry.current)}，请核对。")
    row.current = entry.current
    if entry.kind == K.ROLLED or entry.went_round:
        row.went_round = True
        try:
            return reckoning.turned_round(row.previous, entry.current, device.digits)
        except reckoning.ReadingError as error:
            raise Refused(f"{error}请核对类别。") from None
    went = reckoning.turned(row.previous, entry.current)
    made_good = known.last is not None and known.last.is_estimate and entry.current >= known.really_seen
    if went < 0 and entry.kind == K.SWAP:
        raise Refused(
            f"旧表止数 {plain(entry.current)} 小于上次读数 {plain(row.previous)}：走过一圈的请勾选“旧表走过一圈”，看不清的选“旧表读不出”。"
        )
    if went < 0 and entry.kind != K.CORRECTED and not made_good:
        raise LessThanBefore(entry.current, row.previous)
    return went


def estimated_steps(known: Known, month: Month, *, by_last_year: bool = False) -> Decimal:
    """How far the dial is taken to have gone: mean of three months or the same month last year, less what was read of it."""
    if not reckoning.may_estimate(known.estimates_in_a_row(month)):
        raise Refused(f"{known.meter} 已经连续估抄两次，第三次要上门实抄。")
    try:
        whole = reckoning.estimate(known.before(month), known.year_before(month), by_last_year=by_last_year)
    except reckoning.ReadingError as error:
        raise Refused(f"{known.meter}：{error}") from None
    device: Any = known.device
    left = max(whole - known.so_far(month), Decimal(0))
    return reckoning.rounded(Fraction(left) / Fraction(device.multiplier))


def _span(known: Known, on: date, month: Month) -> tuple[date, date]:
    """The days whose use it is: from the day after the last reading to this one, at the latest the 20th."""
    device: Any = known.device
    first, last = month.business
    until = min(on, last) if on >= first else on
    since = known.until + timedelta(days=1) if known.until is not None else device.installed_on
    return min(since, until), until


def _look_at(row: Reading, known: Known, month: Month, most: Fraction) -> None:
    """Abnormal use is compared over the whole month; a reading at a move stands in the middle of one."""
    found: list[str] = []
    if not row.occasion:
        whole, before = row.use + known.so_far(month), known.before(month)
        far = reckoning.deviation(whole, before)
        row.deviation = None if far is None else max(-MOST_SHOWN, min(reckoning.percent(far), MOST_SHOWN))
        occupied = history.occupied(known.meter.unit)
        found = reckoning.oddities(whole, before, occupied=occupied, most=most)
    row.oddities = " ".join(found)
    waits = bool(found) or row.kind in ALWAYS_LOOKED_AT
    row.state = Reading.State.PENDING if waits else Reading.State.STANDS


ODD_WORDS: Final = {
    "far": "与平时相差过大",
    "zero": "有人住却没有用量",
    "vacant": "空置却有用量",
    "alike": "新旧表用量相同",
}


FAR_OFF: Final = 500  # per cent; farther from the usual than that it is rather a slip of the eye than use
MOST_SHOWN: Final = 9999


def odd_words(row: Reading) -> str:
    """Why somebody else must look at it."""
    told = [ODD_WORDS.get(one, one) for one in row.oddities.split()]
    if row.deviation is not None and "far" in row.oddities.split():
        told[0] = _how_far(row.deviation)
    if row.kind in ALWAYS_LOOKED_AT:
        told.insert(0, row.get_kind_display())
    return "；".join(told)


def _how_far(per_cent: int) -> str:
    if per_cent >= MOST_SHOWN:
        return "是近三个月平均的一百倍以上，像是看错了"
    if per_cent >= FAR_OFF:
        return f"是近三个月平均的 {per_cent // 100 + 1} 倍多，像是看错了"
    return f"比近三个月平均{'多' if per_cent > 0 else '少'} {abs(per_cent)}%"
