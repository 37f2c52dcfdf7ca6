"""What comes out of the sources for some units: which lines stand, which are billed already, what is odd. Plain reckoning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.basics.money import yuan

WRONG, DOUBLE, OTHERWISE, OVERLAP, CHANGED, VANISHED = (
    "wrong", "double", "otherwise", "overlap", "changed", "vanished",
)  # fmt: skip
SMALL = 100  # 分: a change below one 元 is of no interest, whatever its percentage


class Key(NamedTuple):
    """What may be billed once. Without a unit it is the payer's."""

    unit: int | None
    party: int | None
    item: int
    from_on: date
    to_on: date
    part: str


def key_of(row: Reckoned) -> Key:
    return Key(row.unit, None if row.unit is not None else row.party, row.item, row.from_on, row.to_on, row.part)


@dataclass(frozen=True)
class Known:
    """What the books and the last month say of these units. ``before``: 分 by unit and item."""

    items: Mapping[int, str]  # names of what may be billed here
    billed: Mapping[Key, int] = field(default_factory=dict)
    before: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    chosen: Collection[int] = ()
    threshold: int = 30


@dataclass
class Sifted:
    """``rows`` are to be billed, in the order of the units; ``left_out`` are the units that something stops."""

    rows: list[Reckoned] = field(default_factory=list)
    findings: list[tuple[int | None, str, str, bool]] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    already: int = 0

    def find(self, unit: int | None, kind: str, words: str, stops: bool = False) -> None:
        self.findings.append((unit, kind[:40], words[:300], stops))
        if stops and unit is not None:
            self.left_out.add(unit)


def sift(found: Iterable[Reckoned | Oddity], units: Collection[int], known: Known) -> Sifted:
    sifted, rows = Sifted(), _sorted_out(found, units, known)
    told = Sifted()
    seen: set[Key] = set()
    for one in rows:
        if isinstance(one, Oddity):
            sifted.find(one.unit, one.kind, one.words, one.stops)
            continue
        key = key_of(one)
        if key in seen:
            sifted.find(one.unit, DOUBLE, f"{_named(one, known)} 算出两次，请核对来源", True)
        seen.add(key)
        told.rows.append(one)
    standing = [one for one in told.rows if one.unit is None or one.unit not in sifted.left_out]
    _compare(standing, units, known, sifted)
    billed = spans(known.billed)
    for one in standing:
        was = known.billed.get(key_of(one))
        over = overlap(key_of(one), billed) if was is None else ""
        if was is None and not over:
            sifted.rows.append(one)
            continue
        sifted.already += 1
        if over:
            sifted.find(one.unit, OVERLAP, f"{_named(one, known)} {over}")
        elif was is not None and was != one.amount:
            words = f"{_named(one, known)} 已出过 {yuan(was)} 元，现在算出 {yuan(one.amount)} 元，没有再出"
            sifted.find(one.unit, OTHERWISE, words)
    sifted.rows.sort(key=_place)
    return sifted


def _sorted_out(
    found: Iterable[Reckoned | Oddity], units: Collection[int], known: Known
) -> Iterable[Reckoned | Oddity]:
    """Lines of items that were not chosen go without a word; lines that cannot be become oddities."""
    for one in found:
        if isinstance(one, Reckoned):
            if known.chosen and one.item not in known.chosen:
                continue
            if fault := _fault(one, units, known):
                yield Oddity(one.unit if one.unit in units else None, WRONG, fault, True)
                continue
        yield one


def _fault(one: Reckoned, units: Collection[int], known: Known) -> str:
    if one.item not in known.items:
        return f"收费项目 {one.item} 不是本项目的，或者是押金，不能出账"
    if one.unit is not None and one.unit not in units:
        return f"{_named(one, known)} 不是这一批房屋的"
    if one.to_on < one.from_on:
        return f"{_named(one, known)} 服务期的止早于起"
    if not one.amount:
        return f"{_named(one, known)} 金额是零"
    return ""


Spans = Mapping[tuple[int | None, int | None, int, str], list[tuple[date, date]]]


def spans(billed: Iterable[Key]) -> Spans:
    """The days that are billed, by place and item."""
    found: dict[tuple[int | None, int | None, int, str], list[tuple[date, date]]] = defaultdict(list)
    for key in billed:
        found[key.unit, key.party, key.item, key.part].append((key.from_on, key.to_on))
    return found


def overlap(key: Key, billed: Spans) -> str:
    """Days that are billed already are not billed again, however they are cut this time (FEE-20): what is said of it, or ""."""
    for first, last in billed.get((key.unit, key.party, key.item, key.part), ()):
        if first <= key.to_on and key.from_on <= last:
            return (
                f"与已出的 {first:%Y-%m-%d} 至 {last:%Y-%m-%d} 重叠，没有再出；"
                "出账后才变动的，差额在以后月份的账单里更正；手工出过的，请核对后补开或冲销"
            )
    return ""


def _compare(rows: Iterable[Reckoned], units: Collection[int], known: Known, sifted: Sifted) -> None:
    """What a unit is billed beside last month. What was billed earlier this month is among ``rows`` as well."""
    now: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in rows:
        if one.unit is not None:
            now[one.unit][one.item] += one.amount
    for unit in sorted(units):
        was, is_now = known.before.get(unit, {}), now.get(unit, {})
        before, after = sum(was.values()), sum(is_now.values())
        if unit in sifted.left_out or not before or abs(after - before) < SMALL:
            continue
        if not is_now:
            sifted.find(unit, VANISHED, f"上月 {yuan(before)} 元，本月没有账单")
        elif abs(after - before) * 100 > known.threshold * abs(before):
            sifted.find(unit, CHANGED, _difference(was, is_now, before, after, known))


def _difference(was: Mapping[int, int], now: Mapping[int, int], before: int, after: int, known: Known) -> str:
    moved = {item: now.get(item, 0) - was.get(item, 0) for item in {*was, *now}}
    most = max(moved, key=lambda item: (abs(moved[item]), -item))
    percent = (abs(after - before) * 200 + abs(before)) // (2 * abs(before))
    sign = "+" if after > before else "−"
    name = known.items.get(most, "其他")
    return (
        f"上月 {yuan(before)} 元，本月 {yuan(after)} 元（{sign}{percent}%），"
        f"其中{name} {'+' if moved[most] > 0 else '−'}{yuan(abs(moved[most]))} 元"
    )


def _named(one: Reckoned, known: Known) -> str:
    part = f" {one.part}" if one.part else ""
    return f"{known.items.get(one.item, '未知项目')}{part} {one.from_on:%Y-%m-%d} 至 {one.to_on:%Y-%m-%d}"


def _place(one: Reckoned) -> tuple[bool, int, int, int, date, date, str]:
    no_unit = one.unit is None
    return no_unit, one.unit or 0, one.party if no_unit else 0, one.item, one.from_on, one.to_on, one.part
