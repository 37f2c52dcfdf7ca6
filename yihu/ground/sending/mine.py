"""我的通知: each person's own switches, kept in a journal like everything else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from yihu.ground.sending.models import StaffQuiet, StaffWay, Way
from yihu.kernel.plain import writing

BOOK = "sending.staffway"


def choose(
    person: Any, ways: Mapping[str, tuple[bool, Any]], quiet: tuple[time, time] | None, *, key: str | None = None
) -> None:
    """``ways``: switched on or not, and the address ("" keeps the old one)."""
    body = [
        [[way, on, str(address)] for way, (on, address) in sorted(ways.items())],
        [str(edge) for edge in quiet or ()],
    ]
    with writing(BOOK, person.pk, by=person, key=key, verb="choose", body=body) as opened:
        if opened is None:
            return
        commanding, book = opened
        changed = [_set(person, way, on, address, commanding.now) for way, (on, address) in ways.items()]
        if any([*changed, _rest(person, quiet)]):
            words = "、".join(Way(way).label for way, (on, _) in ways.items() if on) or "都不要"
            commanding.note(book, f"{person} 设定我的通知：{words}", step="choose")


def _set(person: Any, way: str, on: bool, address: Any, now: datetime) -> bool:
    """Whether anything is different now."""
    row = StaffWay.objects.filter(account=person, way=way).first() or StaffWay(account=person, way=way)
    before = bool(row.on_since), row.address
    row.address = address or row.address
    row.on_since = (row.on_since or now) if on else None
    if before == (on, row.address):
        return False
    row.save()
    return True


def _rest(person: Any, quiet: tuple[time, time] | None) -> bool:
    row = StaffQuiet.objects.filter(account=person).first()
    if quiet == ((row.begins, row.ends) if row else None):
        return False
    if quiet is None:
        StaffQuiet.objects.filter(account=person).delete()
    else:
        StaffQuiet.objects.update_or_create(account=person, defaults={"begins": quiet[0], "ends": quiet[1]})
    return True
