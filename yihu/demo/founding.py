"""The demo's first minutes: two communities, their rolls through the real import, the staff, the list of answers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.models import Min
from django.utils import timezone

from yihu.areas.reception import guides, knowledge
from yihu.areas.reception.models import Guide, Knowledge
from yihu.areas.repairs.crew import MODE
from yihu.demo import roll
from yihu.demo.fees import make_fees
from yihu.demo.lists import make_lists
from yihu.demo.owing import make_payers
from yihu.demo.people import QH, YQ, make_people
from yihu.demo.services import make_prices
from yihu.demo.stock import desk
from yihu.demo.stock.lists import DEVELOPERS
from yihu.ground.estate.corrections import correct_building
from yihu.ground.estate.models import Building, Community, RollImport
from yihu.ground.staff.models import Account
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.models import Parameter

SEED = 20261
DAYS = 30
PER_DAY = 17
PARAMETER = "demo"  # the row by which a database says that it is a demo, and of which seed and size

COMMUNITIES = (
    (YQ, "云栖苑", "栖霞路 8 号（虚构）"),
    (QH, "青禾创意园", "青禾街 66 号（虚构）"),
)


def demo_here() -> dict[str, Any] | None:
    """The seed and size of the demo in this database, or None where there is none."""
    return Parameter.objects.filter(name=PARAMETER).values_list("value", flat=True).first()


def found(
    *,
    seed: int = SEED,
    days: int = DAYS,
    per_day: int = PER_DAY,
    small: bool = False,
    say: Callable[[str], Any] = print,
) -> None:
    """Make what the month stands on. Called again after it was cut short, it goes on."""
    refuse_unless_empty()
    now = timezone.now()
    settled_in = now - timedelta(days=days + 2)
    size = {"seed": seed, "days": days, "per_day": per_day, "small": small}
    communities = _communities(size, settled_in)
    for community in communities.values():
        if not RollImport.objects.filter(community=community, state=RollImport.State.LIVE).exists():
            import_roll(community, seed, small, timezone.localdate(), say)
        _accept_buildings(community)
    make_people(communities, settled_in)
    make_prices(communities.values(), settled_in)
    make_lists(communities.values())
    make_fees(communities.values(), timezone.localdate())
    make_payers(communities.values())
    _knowledge(communities.values(), timezone.localdate())


def refuse_unless_empty() -> None:
    """A demo never mixes with anybody's own data."""
    if not settings.YIHU_DEMO:
        raise Refused("这里没有打开演示（YIHU_DEMO=0），不建立演示小区。")
    if demo_here() is None and (Community.objects.exists() or Account.objects.people().exists()):
        raise Refused("数据库里已有资料，不建立演示小区。请另用一个空的数据文件夹（YIHU_DATA）。")


def _communities(size: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Both communities and the mark, in one transaction: nothing, or a demo that can be gone on with."""
    system = authority().system()
    with command(by=system, key="demo:communities", at=at, verb="demo.found") as cmd:
        if not cmd.replayed:
            Parameter.objects.create(name=PARAMETER, value=size, in_force_at=at, by=system, why="演示数据")
            for code, name, address in COMMUNITIES:
                made = Community.objects.create(code=code, name=name, address=address)
                cmd.note(cmd.book("estate.community", made.pk), f"建立演示项目 {name}")
                if code == QH:  # in the tower the first who takes an order has it
                    told = {"in_force_at": at, "by": system, "why": "写字楼由师傅抢单"}
                    Parameter.objects.create(name=MODE, community=made, value="grab", **told)
    return {community.code: community for community in Community.objects.filter(code__in=(YQ, QH)).order_by("pk")}


def import_roll(community: Any, seed: int, small: bool, today: date, say: Callable[[str], Any]) -> None:
    """The file as an office would hand it in, by the same way as every other roll."""
    with tempfile.TemporaryDirectory() as folder:
        if community.code == YQ:
            file = Path(folder) / "业主基本情况汇总表.xlsx"
            roll.write_roll(file, seed=seed, clusters=roll.SMALL if small else roll.CLUSTERS)
        else:
            file = Path(folder) / "写字楼租户台账.xlsx"
            roll.write_tower(file, seed=seed, floors=2 if small else 32, today=today)
        say(f"正在导入 {community.name} 的名册……")
        call_command("import_roll", str(file), community=community.name, stdout=_Nowhere())


def _accept_buildings(community: Any) -> None:
    """Each building was accepted some weeks before its first unit was handed over."""
    for building in Building.objects.filter(community=community, completed_on=None).order_by("pk"):
        first = building.units.aggregate(first=Min("handed_over_on"))["first"]
        values = {"completed_on": first and first - timedelta(days=52), "developer": DEVELOPERS[community.code]}
        key = f"demo:accept:{building.pk}"
        correct_building(building, values, by=authority().system(), key=key, reason="按竣工验收备案表登记")


class _Nowhere:
    """Takes the import's own words; the page of the import shows them."""

    def write(self, text: str) -> None:
        return None


def _knowledge(communities: Iterable[Any], today: date) -> None:
    """The supervisor has written down what is asked again and again, and what to say when."""
    li = Account.objects.get(username="li")
    for community in communities:
        for number, (topic, question, answer, asked) in enumerate(desk.KNOWLEDGE):
            entry = Knowledge(
                community=community, topic=topic, question=question, answer=answer, asked=asked, checked_on=today
            )
            knowledge.save(entry, by=li, key=f"demo:knowledge:{community.code}:{number}")
    for position, (when, channel, category, lines) in enumerate(desk.GUIDES, start=1):
        guide = Guide(when=when, channel=channel, category=category, lines=lines, position=position)
        guides.save(guide, by=li, key=f"demo:guide:{position}")
