"""How a roll is recognised: what its headings mean beside each other, and what a sheet as a whole is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yihu.basics.identity import check_id, normal_phone
from yihu.ground.estate.roll import headings, places
from yihu.kernel.importing.recognise import Column, Layout, Shape

_OFFICE: Final = re.compile("写字楼|办公|商务楼|租户台账")
_SHOP: Final = re.compile("商铺|门面|店铺|商业街")


@dataclass(frozen=True)
class About:
    """Cluster, building and kind, as far as the sheet as a whole tells them."""

    cluster: places.ClusterName = places.NO_CLUSTER
    building: str = ""
    kind: str = "home"

    def __str__(self) -> str:
        return self.cluster.name


def _settle(layout: Layout) -> None:
    """单元号 alone is the room; in a list of lessees the plain headings are theirs; a second 电话 is the other number."""
    if not layout.has("room") and len(layout.of("entrance")) == 1 and _looks_like_rooms(layout.of("entrance")[0]):
        layout.of("entrance")[0].field = "room"
    if not layout.has("owner") and layout.has("lessee"):
        for plain, theirs in headings.OF_LESSEE.items():
            if not layout.has(theirs):
                for column in layout.of(plain):
                    column.field = theirs
    twice = layout.of("phone")
    if len(twice) == 2 and not layout.has("phone2"):
        twice[1].field = "phone2"


def _looks_like_rooms(column: Column) -> bool:
    """合计 may stand beneath them."""
    numbers = [sample for sample in column.samples if re.search(r"\d", sample)]
    return bool(numbers) and all(re.search(r"\d{3}", sample) for sample in numbers)


def _about(layout: Layout, titles: Sequence[str], told: str) -> About:
    """From what the sheet and its title are called, or from what a person said of it."""
    called = (layout.sheet.name, *titles)
    cluster, building = places.NO_CLUSTER, ""
    if told:
        cluster = places.cluster_of(told)
    elif not layout.has("cluster"):
        cluster = next((named for title in called if (named := places.cluster_in(title)).code), cluster)
    if not layout.has("building"):
        building = next(filter(None, map(places.building_in, called)), "")
    words = " ".join([*called, *(column.heading for column in layout.columns)])
    kind = "office" if _OFFICE.search(words) else "shop" if _SHOP.search(" ".join(called)) else "home"
    return About(cluster, building, kind)


ROLL: Final = Shape(
    title="名册",
    words=headings.WORDS,
    told_by=frozenset({"room", "entrance", "building"}),
    must=("room",),
    settle=_settle,
    about=_about,
    of_sheet="cluster",
    sheet_help="这张表属于哪个组团，如“A组团”；没有组团或表中有组团列就留空。写“不导入”则跳过这张表。",
    looks=(
        ("phone", lambda text: bool(normal_phone(text)) and len(text) >= 7),
        ("id_no", lambda text: len(text) == 18 and not check_id(text)),
        ("plate", lambda text: bool(re.fullmatch("[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}", text))),
    ),
)
