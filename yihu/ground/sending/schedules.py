"""Each minute: what rang inside and was not looked at goes out to those who wished so; nothing in the outbox is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from yihu.ground.sending import outbox, sender
from yihu.ground.sending.models import Outgoing, StaffWay
from yihu.ground.sending.wording import BELL
from yihu.kernel import messages
from yihu.kernel.authority import authority
from yihu.kernel.jobs import schedule

State = Outgoing.State
LOOK_BACK = timedelta(hours=1)
FORGOTTEN = timedelta(minutes=2)
NO_REPORT, NO_LONGER = timedelta(minutes=15), timedelta(hours=72)
CHUNK = 200


@schedule("sending", every=timedelta(minutes=1))
def sending() -> None:
    now = timezone.now()
    ring_outside(now)
    pick_up(now)
    ask_after(now)


def ring_outside(now: datetime) -> int:
    """The bell outside. It names the record and nothing of its content: that stays in the program (for who may see it)."""
    written = 0
    for row in StaffWay.objects.filter(on_since__isnull=False, account__is_active=True).select_related("account"):
        since = max(row.on_since or now, now - LOOK_BACK)
        rung = messages.for_person(row.account).filter(read_at__isnull=True, at__gte=since)
        told = Outgoing.objects.filter(account=row.account, way=row.way, bell__isnull=False).values("bell_id")
        for bell in rung.exclude(pk__in=told).select_related("record", "community").order_by("pk")[:CHUNK]:
            about = f"（{bell.record.number}）" if bell.record else ""
            outbox.put(
                Outgoing(
                    community_id=bell.community_id, account=row.account, record_id=bell.record_id, bell=bell, way=row.way,
                    code=BELL, text=f"【{bell.community}】您有一条新提醒{about}，请打开一户查看。", written_at=now,
                    written_by=authority().system(), not_before=now, key=f"bell:{bell.pk}:{row.way}",
                )
            )  # fmt: skip
            written += 1
    return written


def pick_up(now: datetime) -> None:
    """Whatever should have been looked at and was not: its task failed for good, or was removed by hand."""
    waiting = Outgoing.objects.filter(state=State.WAITING, not_before__lt=now - FORGOTTEN)
    sending_ = Outgoing.objects.filter(state=State.SENDING, claimed_at__lt=now - FORGOTTEN - sender.settling())
    for rows in (waiting, sending_):
        for pk in rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]:
            sender.send_message.using(key=f"pick:{pk}").enqueue(message_id=pk)


def ask_after(now: datetime) -> None:
    handed = Outgoing.objects.filter(state=State.HANDED, not_before__gte=now - NO_LONGER, handed_at__lt=now - NO_REPORT)
    for message in handed.select_related("record").order_by("handed_at")[:CHUNK]:
        sender.ask_what_became(message, now)
