"""投诉回执 (CMP-14): the written record with its number, of the complainant and of each household that joined him: given, sent,
or said to be missing."""

from __future__ import annotations

from typing import Any

from yihu.areas.complaints.words import Receipt
from yihu.ground.sending import outbox, wording
from yihu.ground.sending.models import Outgoing
from yihu.ground.sending.outbox import agreed_way
from yihu.kernel.models import Attachment

CODE = "complaint_receipt"


def send_by_itself(act: Any) -> None:
    """At the opening, to one who agreed to messages: he has his number before he hangs up."""
    complaint = act.record
    if not act.history and not complaint.anonymous and _send(act, complaint, complaint.party, complaint.unit):
        _given(act, complaint, Receipt.MESSAGE)


def send_to_joined(act: Any, household: Any) -> None:
    """The same to a household whose call joined."""
    household.receipt_message = _send(act, household.complaint, household.party, household.unit, f":{household.pk}")
    if household.receipt_message is not None:
        _given(act, household, Receipt.MESSAGE)
    household.save()


def given(act: Any) -> None:
    complaint = act.record
    if complaint.receipt_way == Receipt.MESSAGE:
        _send(act, complaint, complaint.party, complaint.unit)
    _given(act, complaint, complaint.receipt_way)
    _keep_signed(act)


def given_to_joined(act: Any) -> None:
    """Each household's is put down by itself: its way, its words, what it signed."""
    signed = _keep_signed(act)
    for household in act.data["households"]:
        household.complaint = act.record
        household.receipt_words, household.receipt_signed, household.receipt_message = act.data["words"], signed, None
        household.receipt_failed_at = None
        if act.data["way"] == Receipt.MESSAGE:
            send_to_joined(act, household)
            continue
        _given(act, household, act.data["way"])
        household.save()


def _given(act: Any, to: Any, way: str) -> None:
    to.receipt_way, to.receipt_at, to.receipt_by = way, act.at, act.by


def _keep_signed(act: Any) -> Attachment | None:
    kept = [act.attach(scan, Attachment.Purpose.PAPER) for scan in act.data["scans"]]
    return kept[0] if kept else None


def _send(act: Any, complaint: Any, party: Any, unit: Any, of: str = "") -> Outgoing | None:
    """The number by a way to which the customer agreed, with his own home; None where he agreed to none."""
    way = agreed_way(party) if party is not None else ""
    if not way:
        return None
    values = wording.values_of(community=complaint.community, party=party, unit=unit, record=complaint)
    return outbox.write(
        code=CODE, party=party, way=way, values=values, by=act.by, at=act.at, record=complaint,
        key=f"{CODE}:{complaint.pk}:{party.pk}:{complaint.version}{of}",
    )  # fmt: skip


def sent_of(complaint: Any) -> Outgoing | None:
    """The message by which the complainant has his number."""
    if complaint.receipt_way != Receipt.MESSAGE:
        return None
    rows = Outgoing.objects.filter(record_id=complaint.pk, party_id=complaint.party_id, code=CODE)
    return rows.order_by("pk").last()


def did_not_arrive(act: Any) -> None:
    """The message failed: the receipt is missing again, and stands in the list of those."""
    complaint = act.record
    _missing(complaint)
    act.tell([complaint.opened_by], f"{complaint.number} 的回执消息没有送到，请打印回执交给投诉人。")


def did_not_reach_joined(act: Any) -> None:
    """The same for households that joined; told to whoever opened the complaint and to whoever sent theirs."""
    complaint, lost = act.record, list(act.data["households"])
    senders = [one.receipt_by for one in lost]
    for household in lost:
        _missing(household)
        household.receipt_message, household.receipt_failed_at = None, act.at
        household.save()
    whom = "、".join(one.journal_name for one in lost)
    act.tell(
        [complaint.opened_by, *senders],
        f"{complaint.number} 并入的 {whom} 的回执消息没有送到，请打印那一户的回执交去，或打电话告知编号，再办“交各户回执”。",
    )


def _missing(of: Any) -> None:
    of.receipt_way, of.receipt_words = "", ""
    of.receipt_at = of.receipt_by = None
