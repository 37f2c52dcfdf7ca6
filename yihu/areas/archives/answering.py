"""个人信息请求: what its steps do, and when they must not yet (PIPL 45–50)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.archives.holding import DETAILS, NUMBERS, items_of, records_of
from yihu.areas.archives.models import DataRequest
from yihu.ground.estate import corrections
from yihu.ground.estate.locking import set_locked
from yihu.ground.estate.models import Party
from yihu.ground.sending import consents
from yihu.ground.sending.models import ContactWay
from yihu.kernel.erasing import erase_entries, erase_record
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment, JournalEntry

A = DataRequest.Asks
PARTY_BOOK = "estate.party"
NAMELESS = "已删除客户"


def asked(act: Any) -> None:
    """The house to which he belongs, or last belonged, stands on the request; nobody types it."""
    request = act.record
    stays = sorted(
        request.party.occupancies.select_related("unit"), key=lambda stay: (stay.to_on or date.max, -stay.pk)
    )
    request.unit = stays[-1].unit if stays else None
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    for scan in act.data.get("letter") or ():
        act.attach(scan, Attachment.Purpose.PAPER)
    act.tell_post("cs_manager", f"{request.number} {request.summarise()}，请决定，十五天内要答复。")


def decided(act: Any) -> None:
    act.record.decided_by, act.record.decided_at = act.by, act.at
    act.tell([act.record.opened_by], f"{act.record.number} 已决定，请办理并答复本人。")


def not_corrected(request: Any, by: Any) -> str:
    """It is said to be corrected only where the card's own journal says so."""
    if request.decision("correct") != "correct":
        return "没有同意更正，直接答复本人。"
    since = JournalEntry.objects.filter(
        book__register=PARTY_BOOK, book__object_id=str(request.party_id), step="correct", at__gte=request.opened_at
    )
    return "" if since.exists() else "客户资料还没有更正：请先在客户资料里按“更正”改好，再回来说明。"


def corrected(act: Any) -> None:
    act.record.done_by, act.record.done_at = act.by, act.at


def nothing_to_do(request: Any, by: Any) -> str:
    return "" if request.granted else "没有要删除、锁定或解除的，直接答复本人。"


def carry_out(act: Any) -> None:
    """Erase what was decided to be erased, lock what must be kept; what changed meanwhile is decided anew."""
    request, why = act.record, f"个人信息请求 {act.record.number}"
    party = Party.objects.select_for_update().get(pk=request.party_id)
    chosen = {item["code"]: item["decision"] for item in request.items}
    if request.asks == A.UNLOCK:
        set_locked(act.command, party, False, why)
    else:
        _still_so(request, party, chosen, act.at)
        _erase_card(act, party, chosen, why)
        if chosen.get("ways") == "erase":
            _erase_ways(act, party)
        if chosen.get("old") == "erase":
            for record in records_of(party, timezone.localdate(act.at))[1]:
                erase_record(act.command, record, why)
        if "lock" in chosen.values():
            set_locked(act.command, party, True, why)
    request.done_by, request.done_at = act.by, act.at


def _still_so(request: Any, party: Party, chosen: dict[str, str], at: Any) -> None:
    today = {item.code: item for item in items_of(request.asks, party, at)}
    for code, decision in chosen.items():
        if code in today and decision not in today[code].options:
            raise Refused(f"“{today[code].what}”的情况已经变了（{today[code].reason}），请经理重新决定。")


def _erase_card(act: Any, party: Party, chosen: dict[str, str], why: str) -> None:
    values: dict[str, Any] = {}
    if chosen.get("card") == "erase":
        values["name"] = NAMELESS
    for code, names in (("details", DETAILS), ("numbers", NUMBERS)):
        if chosen.get(code) == "erase":
            values |= dict.fromkeys(names, "")
    if not values:
        return
    was_locked = party.locked_at is not None
    if was_locked:
        set_locked(act.command, party, False, why)
    corrections.correct_party(party, values, by=act.by, key=f"{act.command.key}:erase", reason=why)
    entries = JournalEntry.objects.filter(book__register=PARTY_BOOK, book__object_id=str(party.pk))
    erase_entries(entries.exclude(step="lock"), act.command.now)
    act.command.note(act.command.book(PARTY_BOOK, party.pk), f"{act.by} 依法删除个人信息（{why}）", step="erase")
    if was_locked:
        set_locked(act.command, party, True, why)


def _erase_ways(act: Any, party: Party) -> None:
    for row in ContactWay.objects.filter(party=party).select_related("party"):
        if row.in_force:
            consents.withdraw(row, by=act.by, key=f"{act.command.key}:{row.way}")
        ContactWay.objects.filter(pk=row.pk).update(address="")


def not_to_be_answered(request: Any, by: Any) -> str:
    """Nobody is told of what was not done."""
    if not request.granted:
        return ""
    if request.asks == A.COPY:
        printed = request.journal.filter(step="copy").exists()
        return "" if printed else "请先打印《本人信息副本》，和答复一起交给他。"
    if request.done_at is None:
        return "还没有办理：请先更正并说明，或执行删除、锁定，再答复。"
    return ""


def answered(act: Any) -> None:
    act.record.answered_at = act.at
    if act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
