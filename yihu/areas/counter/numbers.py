"""服务电话与收费: drafted at the desk, approved by somebody else, then on the board, the cards and in the search box."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.counter.models import ServiceNumber
from yihu.ground.contact.ringing import tells_numbers
from yihu.kernel.errors import NotAllowed
from yihu.kernel.plain import require, writing, wrote

READ, EDIT, APPROVE = "counter.see_numbers", "counter.numbers", "counter.publish"
BOOK = "counter.servicenumber"
ON_A_PAPER = 3
SAID = ("group", "name", "text", "hours", "remark", "source", "valid_from", "on_card", "position", "shown")


def drafted(row: ServiceNumber, by: Any) -> None:
    """Whatever is changed waits for approval; until then the board says what was approved last."""
    row.drafted_by, row.waiting = by, True


def approve(row: ServiceNumber, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    require(by, APPROVE, row.community_id, "您不能审定服务电话与收费，请找客服主管。")
    with writing(BOOK, row.pk, by=by, key=key, verb="approve", body=[row.pk], seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        row = ServiceNumber.objects.select_for_update().get(pk=row.pk)
        if row.drafted_by_id == by.pk or wrote(book, by, ("add", "change"), since="approve"):
            raise NotAllowed("拟稿人不能审定自己写的内容，请由另一位主管或经理审定。")
        said = {name: _kept(getattr(row, name)) for name in SAID}
        row.published = {**said, "before": holding(row, timezone.localdate())}
        row.waiting, row.approved_by, row.approved_at = False, by, commanding.at
        row.save()
        commanding.note(book, f"{by} 审定公布：{row.name} {row.text}", step="approve")
        commanding.answer(row)


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def holding(row: ServiceNumber, day: date) -> dict[str, Any] | None:
    """The approved words that hold on a day: what comes later leaves the older ones in force until then."""
    said = row.published
    while said and said["valid_from"] > day.isoformat():
        said = said["before"]
    return {**said, "before": None} if said else None


def in_force(community_ids: Any, day: date | None = None) -> list[dict[str, Any]]:
    """What holds today, in the order of the board."""
    today = day or timezone.localdate()
    rows = ServiceNumber.objects.filter(community_id__in=list(community_ids), published__isnull=False)
    held = [{"pk": row.pk, "url": row.get_absolute_url(), **said} for row in rows if (said := holding(row, today))]
    order = list(ServiceNumber.Group.values)
    found = [one for one in held if one["shown"]]
    return sorted(found, key=lambda one: (order.index(one["group"]), one["position"], one["pk"]))


def groups(community: Any, *, cards: bool = False) -> list[dict[str, Any]]:
    """[{title, lines}] as they stand on the board, or only what is printed on a card."""
    rows = [one for one in in_force([community.pk]) if one["on_card"] or not cards]
    return [
        {"title": label, "lines": lines}
        for value, label in ServiceNumber.Group.choices
        if (lines := [one for one in rows if one["group"] == value])
    ]


@tells_numbers
def of_the_desk(community: Any, emergency: bool) -> list[tuple[str, str]]:
    """Our own numbers for what goes out to a household, those of the card first."""
    wanted = {ServiceNumber.Group.OURS} | ({ServiceNumber.Group.EMERGENCY} if emergency else set())
    rows = [one for one in in_force([community.pk]) if one["group"] in wanted]
    return [(one["name"], one["text"]) for one in sorted(rows, key=lambda row: not row["on_card"])[:ON_A_PAPER]]
