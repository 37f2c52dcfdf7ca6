"""What a step of the archives does beyond the change of state."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.archives.models import RoomEntry, ShelfCheck
from yihu.kernel.procedure import Branch

C = ShelfCheck.State
AFTER_CHECK = Branch(
    lambda act: C.DIFFERS if act.record.absent_count or act.record.extra else C.AGREED, (C.DIFFERS, C.AGREED)
)


def checked(act: Any) -> None:
    """A difference is told to the archivist at once."""
    check = act.record
    if check.state == C.DIFFERS:
        act.tell_post("archivist", f"{check.number} {check.unit} 档案核对有差异：{check.summarise()[:80]}，请处理。")


def entered(act: Any) -> None:
    act.record.handler = act.by


def locked(act: Any) -> None:
    entry: RoomEntry = act.record
    entry.locked_by, entry.left_at = act.by, act.at


def asked_to_read(act: Any) -> None:
    act.tell_post("cs_manager", f"{act.record.number} {act.record.summarise()[:60]}，请决定。")


def allowed(act: Any) -> None:
    reading = act.record
    reading.allowed_by, reading.allowed_at, reading.handler = act.by, act.at, reading.escort
    reading.allowed_papers.set(act.data["chosen"])
    act.tell([reading.opened_by, reading.escort], f"{reading.number} 已批准，{reading.escort} 陪同。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 不同意查阅：{act.record.refusal[:80]}")


def not_in_the_window(reading: Any, person: Any) -> str:
    """Nothing opens before the window, and nothing after it."""
    now = timezone.now()
    if reading.from_at and now < reading.from_at:
        return "批准的时间还没有到。"
    return "批准的时间已经过了，请重新申请。" if reading.until_at and now >= reading.until_at else ""


def begun(act: Any) -> None:
    act.record.out_at = act.at


def ended(act: Any) -> None:
    act.record.back_at = act.at
