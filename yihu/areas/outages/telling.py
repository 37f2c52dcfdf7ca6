"""One message to every household that feels an outage and agreed to be written to; in the background, nobody twice."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count
from django.utils import timezone

from yihu.areas.outages.models import Outage, clock
from yihu.ground.sending import outbox, wording
from yihu.ground.sending.models import Outgoing, Way
from yihu.kernel.jobs import in_chunks, job

OFF, OVER = "outage", "outage_over"


def send_to_all(act: Any) -> None:
    """From a step: the worker writes to them once this has committed."""
    outage = act.record
    _begin(act, act.data["way"], OFF if outage.state in Outage.STANDING else OVER)


def tell_who_was_told(act: Any) -> None:
    """It is over: whoever was written to that it is off hears that, too, by the way that he knows."""
    if not act.data.get("send_over"):
        return
    ways = Outgoing.objects.filter(record_id=act.record.pk, code=OFF).values_list("way", flat=True).distinct()
    for way in sorted(ways):
        _begin(act, way, OVER)


def was_sent(outage: Any) -> bool:
    return Outgoing.objects.filter(record_id=outage.pk, code=OFF).exists()


def how_many(outage: Any, way: str, day: Any) -> tuple[int, int]:
    """Households that feel it, and those of them that can be written to."""
    units = outage.touched()
    return units.count(), outbox.agreed(units, way, day).values("unit_id").distinct().count()


def course(outage: Any) -> str:
    """待发 3，已送达 40"""
    rows = Outgoing.objects.filter(record_id=outage.pk, code__in=(OFF, OVER)).values_list("state")
    counted = dict(rows.annotate(count=Count("pk")).order_by())
    return "，".join(f"{state.label} {counted[state]}" for state in Outgoing.State if counted.get(state))


def _begin(act: Any, way: str, code: str) -> None:
    # the same words are sent to a person once, whoever clicks again; a new end is another message
    about = f"{act.record.expected_at:%m%d%H%M}" if code == OFF else ""
    write_to_all.using(key=f"outage:{act.record.pk}:{code}:{way}:{about}").enqueue(
        outage_id=act.record.pk, way=way, code=code, about=about, by_id=act.by.pk
    )


@job(retries=8)
def write_to_all(*, outage_id: int, way: str, code: str, about: str, by_id: int) -> None:
    """Each customer one message, however many units of his are touched."""
    outage = Outage.objects.select_related("community").get(pk=outage_id)
    now = timezone.now()
    by = get_user_model().objects.get(pk=by_id)
    stays = outbox.agreed(outage.touched(), way, timezone.localdate(now)).order_by("party_id", "unit__sort_key")
    first: dict[int, int] = {}
    for party_id, pk in stays.values_list("party_id", "pk"):
        first.setdefault(party_id, pk)

    def write(some: Any) -> None:
        for stay in stays.filter(pk__in=some).select_related("party__community", "unit"):
            known = wording.values_of(community=outage.community, party=stay.party, unit=stay.unit)
            outbox.write(
                code=code, party=stay.party, way=way, values={**known, **_said(outage, code)}, by=by, at=now, record=outage,
                key=f"outage:{outage.pk}:{code}:{way}:{about}:{stay.party_id}",
            )  # fmt: skip

    in_chunks(list(first.values()), write, sentence=f"给{Way(way).label}写通知")


def _said(outage: Any, code: str) -> dict[str, str]:
    what = outage.get_supply_display()
    if code == OFF:
        return {"事由": outage.cause, "停用": what, "时间": f"{clock(outage.begins_at)}至{clock(outage.expected_at)}"}
    over = f"已于 {clock(outage.recovered_at)} 恢复" if outage.recovered_at else "已取消"
    return {"事由": f"{what}{over}"}
