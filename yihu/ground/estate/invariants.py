"""What must hold of the estate at every moment."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from yihu.ground.estate.models import (
    Occupancy,
    ParkingSpace,
    Party,
    PartyKey,
    RollFile,
    RollImport,
    RollRow,
    Unit,
    Vehicle,
)
from yihu.kernel.invariants import invariant

S = RollImport.State


@invariant("estate.place", "房屋与它的楼栋、组团属于同一项目，楼栋与房屋的组团一致")
def places() -> Iterator[str]:
    strayed = ~Q(building__community=F("community")) | Q(cluster__isnull=False) & ~Q(cluster__community=F("community"))
    apart = ~Q(cluster=F("building__cluster")) & (Q(cluster__isnull=False) | Q(building__cluster__isnull=False))
    for unit in Unit.objects.filter(strayed | apart):
        yield f"{unit} 与楼栋或组团不符"


@invariant("estate.people", "住户、车辆、车位与房屋属于同一项目")
def people() -> Iterator[str]:
    for stay in Occupancy.objects.exclude(party__community=F("unit__community")).select_related("unit", "party"):
        yield f"{stay} 不在同一项目"
    for model in (Vehicle, ParkingSpace):
        for thing in model.objects.filter(unit__isnull=False).exclude(unit__community=F("community")):
            yield f"{thing} 与房屋不在同一项目"


@invariant("estate.found", "每位客户都能按姓名找到，检索的都是本项目的客户")
def found_by_name() -> Iterator[str]:
    for party in Party.objects.filter(~Exists(PartyKey.objects.filter(party=OuterRef("pk"))), name__regex=r"\S"):
        yield f"客户 {party.pk} 按姓名找不到"
    for key in PartyKey.objects.exclude(party__community=F("community")):
        yield f"客户 {key.party_id} 的检索在别的项目"


@invariant("estate.rolls", "已生效的名册每一行都有结果，已了结的名册不留个人信息")
def rolls() -> Iterator[str]:
    for run in RollImport.objects.filter(state=S.LIVE):
        outcomes = dict(RollRow.objects.filter(run=run).values_list("outcome").annotate(count=Count("pk")))
        told = {"created": run.created, "updated": run.updated, "unchanged": run.unchanged}
        if outcomes != {name: count for name, count in told.items() if count}:
            yield f"{run} 的行数与结果不符"
    decided = (S.LIVE, S.UNDONE, S.REFUSED)
    for run in RollImport.objects.filter(pk__in=RollFile.objects.filter(run__state__in=decided).values("run")):
        yield f"{run} 已了结，文件还在"
    for run in RollImport.objects.filter(
        pk__in=RollRow.objects.filter(run__state__in=decided).exclude(sealed="").values("run")
    ):
        yield f"{run} 已了结，个人信息还在"
