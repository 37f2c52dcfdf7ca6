"""渠道: which forums are looked at and which boxes are emptied, by whom and at what hours (DESK-17, DESK-18)."""

from __future__ import annotations

from typing import Any

from yihu.areas.relations.models import Channel
from yihu.kernel.errors import Refused
from yihu.kernel.facts import plain
from yihu.kernel.plain import require, writing

EDIT = "relations.channels"
BOOK = "relations.channel"
COLUMNS = ("kind", "name", "place", "keeper", "times", "kept")


def save(channel: Channel, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """Write a channel, new or changed. One that is no longer kept comes round no more; its looks stay."""
    require(by, EDIT, channel.community_id, "您不能维护渠道，请找客服主管。")
    body = [channel.community_id, *(str(getattr(channel, name)) for name in COLUMNS)]
    with writing(BOOK, channel.pk or "new", by=by, key=key, verb="save", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        twins = Channel.objects.filter(community_id=channel.community_id, name=channel.name)
        if twins.exclude(pk=channel.pk).exists():
            raise Refused("已经有同名的渠道，请换一个名称。")
        before = Channel.objects.filter(pk=channel.pk).first() if channel.pk else None
        if before is None:
            channel.save(force_insert=True)
            commanding.note(commanding.book(BOOK, channel.pk), f"{by} 登记渠道“{channel.name}”", step="add")
        else:
            channel.save(update_fields=COLUMNS)
            pairs = {name: [_words(before, name), _words(channel, name)] for name in COLUMNS}
            if changed := {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}:
                commanding.note(book, f"{by} 修改渠道“{channel.name}”", changed, step="change")
        commanding.answer(channel)


def _words(channel: Channel, name: str) -> str:
    return str(channel.get_kind_display()) if name == "kind" else plain(getattr(channel, name))
