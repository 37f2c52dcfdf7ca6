"""The doors by which readings come in: one is taken, one is looked at by another person, one is corrected, a device is swapped.

Rows are only added. Whoever read a meter never confirms his own reading, and a month that went to finance stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from yihu.areas.billing.meters import history
from yihu.areas.billing.meters.composing import FAR, Entry, compose
from yihu.areas.billing.meters.models import Installation, Meter, Reading, ReadingRound
from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.meters.rounds import open_round, round_for
from yihu.basics.months import Month
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment, Record
from yihu.kernel.plain import require

BOOK: Final = "meters.meter"
READ, CONFIRM = "meters.read", "meters.confirm"
S, K = Reading.State, Reading.Kind


def take(
    meter: Meter,
    entry: Entry,
    *,
    by: Any,
    month: Month | None = None,
    key: str | None = None,
    at: datetime | None = None,
) -> Reading:
    """A reading comes in. Sent twice it is taken once."""
    require(by, READ, meter.community_id, "您不能抄表，请找工程部文员。")
    if entry.on > timezone.localdate(at):
        raise Refused("抄表日期不能在今天以后。")
    round_ = open_round(meter.community_id, month) if month else round_for(meter.community_id, entry.on)
    body = [meter.pk, str(month), entry.on, entry.current, entry.kind, entry.why, entry.occasion]
    with command(by=by, key=key, at=at, body=body, verb="meters.take") as commanding:
        if commanding.replayed:
            return Reading.objects.get(pk=commanding.stored.answer_id)  # type: ignore[union-attr]
        row = write(commanding, meter, entry, round_)
        commanding.answer(row)
    return row


def write(commanding: Any, meter: Meter, entry: Entry, round_: ReadingRound) -> Reading:
    """The same within a command that runs already."""
    _hold(round_)
    meter = Meter.objects.select_for_update(of=("self",)).select_related("unit").get(pk=meter.pk)
    month = round_.of_month
    _refuse_a_second(meter, entry, month)
    known = history.known([meter], month)[meter.pk]
    most = Fraction(FAR.at(meter.community_id, commanding.at), 100)
    if not entry.signed_ours and entry.occasion:
        entry = replace(entry, signed_ours=str(commanding.by))
    row = compose(known, entry, month, most=most)
    keep(commanding, row, round_, entry.photo)
    return row


def keep(commanding: Any, row: Reading, round_: ReadingRound, photo: Any = None) -> None:
    row.round, row.reader, row.read_at = round_, commanding.by, commanding.at
    if photo:
        row.photo = commanding.attach(round_, photo, Attachment.Purpose.PHOTO)
    row.save(force_insert=True)
    words = f"{commanding.by} 登记{row.get_kind_display()} {plain(row.current)}，用量 {plain(row.use)}"
    commanding.note(commanding.book(BOOK, row.meter_id), words + (f"：{row.why}" if row.why else ""), step="read")


def _hold(round_: ReadingRound) -> None:
    """Nobody hands the month over while a reading of it is being written."""
    state = Record.objects.select_for_update().values_list("state", flat=True).get(pk=round_.pk)
    if state != ReadingRound.State.READING:
        raise Refused(
            f"{round_.of_month}的读数已经交给财务，不能再改。还没核对完的请财务退回补抄；已经核对的，差额在下个月的读数里更正。"
        )


def _refuse_a_second(meter: Meter, entry: Entry, month: Month) -> None:
    rows = Reading.objects.filter(meter=meter, state__in=(S.PENDING, S.STANDS))
    waiting = rows.filter(state=S.PENDING).order_by("-pk").first()
    if waiting is not None:
        raise Refused(
            f"{meter} {waiting.on:%m-%d} 的读数 {plain(waiting.current)} 还在等人复核，复核完再抄；抄错了的，请复核的人退回重抄。"
        )
    if not entry.occasion:
        done = rows.filter(month=month.first, occasion="").first()
        if done is not None:
            raise Refused(f"{meter} {month}已经抄过，读数 {plain(done.current)}。抄错了的，请在那条记录上点“更正”。")


def check(
    readings: Sequence[Reading],
    fine: bool,
    *,
    by: Any,
    words: str = "",
    key: str | None = None,
    at: datetime | None = None,
) -> int:
    """Another person looked at these: they count, or they go back to be read again. Gives how many."""
    if not readings:
        raise Refused("没有选中要复核的读数。")
    if not fine and not words:
        raise Refused("退回重抄请写明原因。")
    require(by, CONFIRM, readings[0].community_id, "您不能复核读数，请找工程主管。")
    body = [sorted(one.pk for one in readings), fine, words]
    with command(by=by, key=key, at=at, body=body, verb="meters.check") as commanding:
        if commanding.replayed:
            return len(readings)
        for one in sorted(readings, key=lambda row: row.pk):
            _check_one(commanding, one.pk, fine, words)
    return len(readings)


def _check_one(commanding: Any, pk: int, fine: bool, words: str) -> None:
    row = Reading.objects.select_related("round", "meter").get(pk=pk)
    _hold(row.round)
    if row.reader_id == commanding.by.pk:
        raise Refused(f"{row.meter} 是您自己抄的，要由另一人复核。")
    corrected_one = Reading.objects.filter(pk=row.supersedes_id or 0, state=S.STANDS)
    if row.supersedes_id and fine and not corrected_one.update(state=S.SUPERSEDED):
        raise Refused(f"{row.meter} 的这条更正刚刚被别人处理过，或者要更正的读数已经变了，请刷新后再看。")
    checked = {"checked_by": commanding.by, "checked_at": commanding.at, "check_words": words}
    state = S.STANDS if fine else S.REFUSED
    if not Reading.objects.filter(pk=pk, state=S.PENDING).update(state=state, **checked):
        raise Refused(f"{row.meter} 的读数刚刚被别人处理过，请刷新后再看。")
    told = "确认" if fine else "退回重抄"
    commanding.note(
        commanding.book(BOOK, row.meter_id),
        f"{commanding.by} 复核，{told} {plain(row.current)}{f'：{words}' if words else ''}",
        step="check",
    )


def correct(
    reading: Reading, current: Decimal, why: str, *, by: Any, photo: Any = None, key: str | None = None,
    at: datetime | None = None,
) -> Reading:  # fmt: skip
    """What was read wrong gets another row that counts once another person has agreed; the wrong one stays to be seen."""
    require(by, READ, reading.community_id, "您不能更正读数，请找工程部文员。")
    body = [reading.pk, current, why]
    with command(by=by, key=key, at=at, body=body, verb="meters.correct") as commanding:
        if commanding.replayed:
            return Reading.objects.get(pk=commanding.stored.answer_id)  # type: ignore[union-attr]
        old = Reading.objects.select_related("round", "meter__unit", "installation").get(pk=reading.pk)
        _hold(old.round)
        meter = Meter.objects.select_for_update(of=("self",)).select_related("unit").get(pk=old.meter_id)
        row = corrected(meter, old, current, why, commanding.at)
        keep(commanding, row, old.round, photo)
        commanding.answer(row)
    return row


def corrected(meter: Meter, old: Reading, current: Decimal, why: str, at: datetime) -> Reading:
    if old.state != S.STANDS:
        raise Refused(f"这条读数是“{old.get_state_display()}”，不能更正；等复核的可以退回重抄。")
    later = Reading.objects.filter(installation=old.installation, state__in=(S.PENDING, S.STANDS))
    if later.filter(on__gte=old.on).exclude(pk=old.pk).exists():
        raise Refused("这块表在这之后又有读数，或已有更正在等复核，不能更正这一条。")
    if old.kind == K.SWAP or old.installation.removed_on is not None:
        raise Refused("换表时的止数经双方签字，不能更正；确实错了的，在下次抄表时选“更正”登记差额。")
    if current == old.current:
        raise Refused("与原来的读数相同，不用更正。")
    known = history.known([meter], Month.of(old.month))[meter.pk]
    known.uses[Month.of(old.month)] = known.so_far(Month.of(old.month)) - old.use
    before = Reading.objects.filter(meter=meter, state=S.STANDS, on__lte=old.on).exclude(pk=old.pk)
    known.last = known.seen = known.until = None
    for one in before.order_by("on", "pk"):
        known.note(one)
    kind = K.ROLLED if current < old.previous and old.went_round else K.READ
    entry = Entry(
        old.on,
        current,
        kind,
        why,
        old.occasion,
        "kept" if kind == K.ROLLED else None,
        old.signed_ours,
        old.signed_theirs,
    )
    most = Fraction(FAR.at(meter.community_id, at), 100)
    row = compose(known, entry, Month.of(old.month), most=most)
    row.kind, row.supersedes, row.state = K.CORRECTED, old, S.PENDING
    if not why:
        raise Refused("请写明更正的原因，复核的人要看。")
    return row


@dataclass(frozen=True)
class Device:
    """The device that comes in place of another."""

    number: str
    opening: Decimal = Decimal(0)
    multiplier: Decimal = Decimal(1)
    digits: int = 5
    verified_until: date | None = None


def swap(
    meter: Meter, closing: Entry, fresh: Device, *, by: Any, key: str | None = None, at: datetime | None = None
) -> Reading:
    """换表: the old device's last figure and the new one's first, both signed for, on one day (scenario 17)."""
    require(by, READ, meter.community_id, "您不能登记换表，请找工程部文员。")
    if closing.on > timezone.localdate(at):
        raise Refused("换表日期不能在今天以后。")
    round_ = round_for(meter.community_id, closing.on)
    body = [meter.pk, closing.on, closing.current, fresh.number, fresh.opening]
    with command(by=by, key=key, at=at, body=body, verb="meters.swap") as commanding:
        if commanding.replayed:
            return Reading.objects.get(pk=commanding.stored.answer_id)  # type: ignore[union-attr]
        row = write_swap(commanding, meter, closing, fresh, round_)
        commanding.answer(row)
    return row


def write_swap(commanding: Any, meter: Meter, closing: Entry, fresh: Device, round_: ReadingRound) -> Reading:
    kind = K.FAULT if closing.kind == K.FAULT else K.SWAP
    row = write(commanding, meter, replace(closing, kind=kind, occasion=Reading.Occasion.SWAP), round_)
    taken = Meter.objects.filter(community_id=meter.community_id, kind=meter.kind, number=fresh.number, shown=True)
    if taken.exclude(pk=meter.pk).exists():
        raise Refused(f"表号 {fresh.number} 已经装在别处，请核对新表的表号。")
    with transaction.atomic():
        Installation.objects.filter(pk=row.installation_id).update(removed_on=closing.on)
        Installation.objects.create(
            meter=meter, number=fresh.number, multiplier=fresh.multiplier, digits=fresh.digits, opening=fresh.opening,
            installed_on=closing.on, verified_until=fresh.verified_until,
        )  # fmt: skip
        Meter.objects.filter(pk=meter.pk).update(number=fresh.number)
    words = f"{commanding.by} 换上 {fresh.number}，起数 {plain(fresh.opening)}，倍率 {plain(fresh.multiplier)}"
    commanding.note(commanding.book(BOOK, meter.pk), words, step="swap")
    return row
