"""What the law leaves: an optional paid service of two households is on its way to be suspended, and nothing else (FEE-09)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.billing.dunning.forms.suspensions import owed_for, why_not_yet
from yihu.areas.billing.dunning.models import DunningCase, Suspension
from yihu.areas.billing.dunning.suspension_effects import why_not_now
from yihu.basics.months import Month
from yihu.demo import pictures
from yihu.demo.dunned import last_dunning_day
from yihu.demo.history import moment
from yihu.ground.ledger import charging
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import FeeItem
from yihu.ground.ledger.posting import books
from yihu.kernel.doors import command, open_record, perform

CLEANING, OWED = "YC", 36_000
CLAUSE = "《入户保洁服务协议》（虚构）第五条"
WHO = (8, 18, 28)  # of the households whose old bills came over
V, S = Suspension.State, DunningCase.State


def carry_cleaning(run: Any, carried: list[Any], accountant: Any) -> None:
    """Some of those who owe have the weekly cleaning of their flat as well, and owe that too."""
    month = Month.of(run.month_on).before
    item = FeeItem.objects.get(community_id=run.community_id, code=CLEANING)
    owed = [
        Owed(
            party=one.party_id, unit=one.unit_id, item=item, from_on=month.first, to_on=month.last,
            due_on=run.month_on.replace(day=10), amount=OWED, words="旧系统转入：每周入户保洁，4 次 × 90.00 元",
        )
        for place, one in enumerate(carried) if place in WHO
    ]  # fmt: skip
    key, at = f"demo:cleaning:{run.community_id}", moment(run.month_on, 10, 20)
    with command(by=accountant, key=key, at=at, verb="demo.carried") as commanding:
        if not commanding.replayed and owed:
            with books(commanding, run.community_id) as opened:
                charging.charge_many(opened, owed, words=f"{month} 旧系统转入的入户保洁费")


def suspend(community: Any, today: date, people: dict[str, Any]) -> None:
    """The first goes as far as its time allows; the second waits for 蔡财务."""
    day = last_dunning_day(community, today)
    if day is None:
        return
    begins = moment(day + timedelta(days=1), 10)
    for place, case in enumerate(list(_fit(community, begins))[:2]):
        _draft(case, begins + timedelta(minutes=20 * place), people, whole=not place)


def _fit(community: Any, at: datetime) -> Iterable[Any]:
    day = timezone.localdate(at)
    going = DunningCase.objects.filter(community=community, closed_at__isnull=True)
    for case in going.exclude(state__in=(S.PLAN, S.PAUSED)).order_by("pk"):
        there = case.suspensions.exists()
        if there or (owed_for(case, day) and not why_not_yet(case, day)):
            yield case


def _draft(case: Any, at: datetime, people: dict[str, Any], *, whole: bool) -> None:
    now = timezone.now()
    if at > now:
        return
    key, ends = f"demo:suspend:{case.pk}", timezone.localdate(at) + timedelta(days=90)
    there: Any = case.suspensions.order_by("pk").first()
    services = [row.item_id for row in there.services.all()] if there else list(owed_for(case, timezone.localdate(at)))
    said = {"case": case.pk, "services": services, "clause": CLAUSE, "ends_on": ends.isoformat()}
    sheet = open_record(Suspension(community=case.community), by=people["shen"], key=key, data=said, at=at, origin=case)
    for step in _steps(sheet, at, people) if whole else _steps(sheet, at, people)[:1]:
        sheet = Suspension.objects.get(pk=sheet.pk)
        if step["at"] > now or sheet.state != step.pop("state"):
            return
        perform(sheet, step.pop("step"), key=f"{key}:{step['at']:%d%H}", **step)
    _begin(sheet.pk, key, people["xiang"], now)


def _steps(sheet: Any, at: datetime, people: dict[str, Any]) -> list[dict[str, Any]]:
    hour = timedelta(hours=1)
    opinion = {"legal_opinion": "保洁另有协议、单独计价，属可选服务；可以暂停，不得影响其他服务"}
    client = {"client_words": "业主方园区管理处书面同意"}
    brought = {"way": "hand", "signer": sheet.party.name, "capacity": "self", "signature": pictures.signature(11)}
    return [
        {"step": "review", "state": V.LEGAL, "by": people["gao"], "at": at + hour, "data": opinion,
         "files": {"review": [pictures.page(1, "法务意见")]}},
        {"step": "finance", "state": V.FINANCE, "by": people["cai"], "at": at + 3 * hour},
        {"step": "manager", "state": V.MANAGER, "by": people["xiang"], "at": at + 5 * hour},
        {"step": "client", "state": V.CLIENT, "by": people["shen"], "at": at + 24 * hour, "data": client,
         "files": {"approval": [pictures.page(2, "批复")]}},
        {"step": "deliver", "state": V.TO_DELIVER, "by": people["su"], "at": at + 30 * hour, "data": brought},
    ]  # fmt: skip


def _begin(pk: int, key: str, by: Any, now: datetime) -> None:
    sheet: Any = Suspension.objects.get(pk=pk)
    if sheet.state == V.WAITING and sheet.pay_by is not None:
        at = moment(sheet.pay_by + timedelta(days=1), 9)
        if at <= now and not why_not_now(sheet, at):  # his money may lie among the unclaimed
            perform(sheet, "begin", by=by, key=f"{key}:begin", at=at)
