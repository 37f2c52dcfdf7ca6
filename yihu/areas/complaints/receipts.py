"""投诉回执 (CMP-14): the complainant's written record with its number, given, sent, or said to be missing."""

from __future__ import annotations

from typing import Any

from yihu.areas.complaints.words import Receipt
from yihu.ground.sending import outbox, wording
from yihu.ground.sending.outbox import agreed_way

CODE = "complaint_receipt"


def send_by_itself(act: Any) -> None:
    """At the opening, to one who agreed to messages: he has his number before he hangs up."""
    complaint = act.record
    if not act.history and not complaint.anonymous and send(act, complaint, complaint.party):
        _given(act, Receipt.MESSAGE)


def given(act: Any) -> None:
    complaint = act.record
    if complaint.receipt_way == Receipt.MESSAGE:
        send(act, complaint, complaint.party)
    _given(act, complaint.receipt_way)


def _given(act: Any, way: str) -> None:
    act.record.receipt_way, act.record.receipt_at, act.record.receipt_by = way, act.at, act.by


def send(act: Any, complaint: Any, party: Any) -> bool:
    """The number by a way to which the customer agreed; False where he agreed to none."""
    way = agreed_way(party) if party is not None else ""
    if not way:
        return False
    values = wording.values_of(community=complaint.community, party=party, unit=complaint.unit, record=complaint)
    outbox.write(
        code=CODE, party=party, way=way, values=values, by=act.by, at=act.at, record=complaint,
        key=f"{CODE}:{complaint.pk}:{party.pk}:{complaint.version}",
    )  # fmt: skip
    return True


def did_not_arrive(act: Any) -> None:
    """The message failed: the receipt is missing again, and stands in the list of those."""
    complaint = act.record
    complaint.receipt_way, complaint.receipt_words = "", ""
    complaint.receipt_at = complaint.receipt_by = None
    act.tell([complaint.opened_by], f"{complaint.number} 的回执消息没有送到，请打印回执交给投诉人。")
