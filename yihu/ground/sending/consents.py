"""A customer agrees to a way, names another address, or takes his consent back. The journal keeps who and when, never where to."""

from __future__ import annotations

from typing import Any

from yihu.ground.sending import losing
from yihu.ground.sending.models import ContactWay, Outgoing, Passage
from yihu.ground.sending.outbox import CONSENT
from yihu.kernel.errors import Refused
from yihu.kernel.plain import require, writing

BOOK = "sending.contactway"


def book_id(party: Any) -> str:
    return str(party.pk)


def agree(row: ContactWay, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """Write a consent down, new or renewed, with the address if it is not the telephone on the card."""
    require(by, CONSENT, row.community_id, "您不能登记客户的同意，请找前台。")
    body = [row.way, row.consent_how, row.consent_at, row.address_index]
    with writing(BOOK, book_id(row.party), by=by, key=key, verb="agree", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        before = ContactWay.objects.filter(party=row.party, way=row.way).first()
        if before is not None:
            row.pk = before.pk
            row.address = row.address or before.address
        row.consent_by, row.withdrawn_at = by, None
        row.save(force_insert=before is None, force_update=before is not None)
        commanding.note(
            book,
            f"{by} 登记{row.party.journal_name}同意接收{row.get_way_display()}（{row.get_consent_how_display()}）",
            step="agree",
        )


def withdraw(row: ContactWay, *, by: Any, key: str | None = None) -> None:
    """From now on nothing goes this way; what waits is cancelled at once."""
    require(by, CONSENT, row.community_id, "您不能登记客户的撤回，请找前台。")
    with writing(BOOK, book_id(row.party), by=by, key=key, verb="withdraw", body=[row.way]) as opened:
        if opened is None:
            return
        commanding, book = opened
        if not ContactWay.objects.filter(pk=row.pk, withdrawn_at__isnull=True).update(withdrawn_at=commanding.now):
            raise Refused("这项同意已经撤回了。")
        commanding.note(book, f"{by} 登记{row.party.journal_name}撤回{row.get_way_display()}的同意", step="withdraw")
        waiting = Outgoing.objects.filter(party_id=row.party_id, way=row.way, state=Outgoing.State.WAITING)
        for message in waiting.select_for_update(of=("self",)).select_related("record"):
            lost = losing.is_lost(message, Outgoing.State.CANCELLED)
            Outgoing.objects.filter(pk=message.pk).update(
                state=Outgoing.State.CANCELLED, reason="客户撤回同意", lost_at=commanding.now if lost else None
            )
            Passage.objects.create(message=message, at=commanding.now, words="客户撤回同意，取消", by=by)
            if lost:
                losing.tell(message, commanding.now)
