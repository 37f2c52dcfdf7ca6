"""A cabinet's own paper: the register by hooks (F52), the labels for its tags. Tags only; the rooms are on a keeper's sheet."""

from __future__ import annotations

from typing import Any

from yihu.areas.keys.models import KeySet
from yihu.basics.charts import Drawing
from yihu.kernel.authority import grants_of
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.plain import qr_svg


def door_sheet(cabinet: Any, by: Any) -> dict[str, Any]:
    """What hangs on which hook; hung inside the cabinet's door, so it names no room."""
    return {
        **_head(cabinet),
        "title": "钥匙柜台账",
        "heads": ["挂钩", "标签号", "类别", "数量（把）", "状态"],
        "lines": _lines(cabinet),
    }


def keepers(cabinet: Any, by: Any) -> dict[str, Any]:
    """The same with room and lock, for those who keep the keys; anybody else gets the sheet without."""
    if not grants_of(by).may("keys.keep", cabinet.community_id):
        return door_sheet(cabinet, by)
    heads = ["挂钩", "标签号", "房屋和锁", "类别", "数量（把）", "状态"]
    return {**_head(cabinet), "title": "钥匙台账（保管人用）", "heads": heads, "lines": _lines(cabinet, where=True)}


def labels(cabinet: Any, by: Any) -> dict[str, Any]:
    """One label for each key of the cabinet, with a code to scan; never a room number."""
    rows = KeySet.objects.filter(hook__cabinet=cabinet).select_related("hook").order_by("hook__position")
    tags = [{"tag": key.tag, "hook": key.hook.label, "code": Drawing(qr_svg(key.tag))} for key in rows]
    return {**_head(cabinet), "title": "钥匙标签", "tags": tags}


def _head(cabinet: Any) -> dict[str, Any]:
    return {
        "community": cabinet.community.name,
        "number": "",
        "name": cabinet.name,
        "place": cabinet.place,
        "keeper": str(cabinet.keeper),
    }


def _lines(cabinet: Any, *, where: bool = False) -> list[list[str]]:
    lines = []
    for hook in cabinet.hooks.select_related("keyset__unit").order_by("position"):
        key = getattr(hook, "keyset", None)
        words = (
            [key.tag, *([key.where] if where else []), key.get_kind_display(), str(key.qty), key.get_status_display()]
            if key
            else None
        )
        lines.append([hook.label, *(words or [""] * (5 if where else 4))])
    return lines


SHEETS = {
    "cabinet": Print("cabinet", "钥匙柜台账", data=door_sheet),
    "keepers": Print("cabinet", "钥匙台账（保管人用）", data=keepers),
    "labels": Print("labels", "钥匙标签", data=labels),
}
