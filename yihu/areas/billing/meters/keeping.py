"""A meter is entered with its first device, and changed; its figures come only by readings."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction

from yihu.areas.billing.meters.models import Installation, Meter
from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.meters.recording import BOOK, Device
from yihu.kernel.errors import Refused
from yihu.kernel.plain import require, writing

KEEP: Final = "meters.keep"


def found(meter: Meter, device: Device, since: date, *, by: Any, key: str | None = None) -> Meter:
    """A new meter with the device that stands there."""
    require(by, KEEP, meter.community_id, "您不能新增计量表，请找工程部文员。")
    body = [meter.community_id, meter.kind, meter.number, device.opening, since]
    with writing(BOOK, "new", by=by, key=key, verb="found", body=body) as opened:
        if opened is None:
            return Meter.objects.get(community_id=meter.community_id, kind=meter.kind, number=meter.number, shown=True)
        commanding, _ = opened
        enter(meter, device, since)
        words = f"{by} 新增，起数 {plain(device.opening)}，倍率 {plain(device.multiplier)}"
        commanding.note(commanding.book(BOOK, meter.pk), words, step="add")
        commanding.answer(meter)
    return meter


def enter(meter: Meter, device: Device, since: date) -> Installation:
    """The rows of a new meter, within the caller's command."""
    try:
        with transaction.atomic():
            meter.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"表号 {meter.number} 已经登记过，请核对。") from None
    return Installation.objects.create(
        meter=meter, number=meter.number, multiplier=device.multiplier, digits=device.digits, opening=device.opening,
        installed_on=since, verified_until=device.verified_until,
    )  # fmt: skip


def changed(meter: Meter, told: dict[str, Any], *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """Where it is, under which meter it stands, until when its device is verified. Number and multiplier change by a swap."""
    require(by, KEEP, meter.community_id, "您不能修改计量表，请找工程部文员。")
    with writing(
        BOOK, meter.pk, by=by, key=key, verb="change", body=[str(value) for value in told.values()], seen=seen
    ) as opened:
        if opened is None:
            return
        commanding, book = opened
        before, words = Meter.objects.get(pk=meter.pk), {}
        until = told.pop("verified_until", None)
        for name, value in told.items():
            if getattr(before, name) != value:
                words[name] = [str(getattr(before, name) or ""), str(value or "")]
                setattr(meter, name, value)
        device = Installation.objects.filter(meter=meter, removed_on__isnull=True).first()
        if device is not None and until and device.verified_until != until:
            words["verified_until"] = [str(device.verified_until or ""), str(until)]
            Installation.objects.filter(pk=device.pk).update(verified_until=until)
        _no_ring(meter)
        meter.save()
        if words:
            commanding.note(book, f"{by} 修改", words, step="change")


def _no_ring(meter: Meter) -> None:
    """A sub-meter is never above its own master."""
    at, steps = meter.parent, 0
    while at is not None and steps < 20:
        if at.pk == meter.pk:
            raise Refused("上级总表不能是它自己下面的表，请重选。")
        at, steps = at.parent, steps + 1
