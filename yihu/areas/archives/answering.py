"""个人信息请求: what its steps do, and when they must not yet (PIPL 45–50)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.archives.holding import DETAILS, NUMBERS, items_of
from yihu.areas.archives.models import DataRequest
from yihu.areas.archives.reach import Reach, reach_of
from yihu.areas.archives.retention import records_of, term_of
from yihu.ground.estate import corrections
from yihu.ground.estate.locking import set_locked
from yihu.ground.estate.models import Party
from yihu.ground.sending import consents
from yihu.ground.sending.models import ContactWay, Outgoing, Passage
from yihu.kernel import files, search
from yihu.kernel.act import Act
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.erasing import copies_of_others, erase_entries, erase_record, files_elsewhere
from yihu.kernel.errors import Refused
from yihu.kernel.locking_away import GONE, SHUT, Away, blank, put_back
from yihu.kernel.models import Attachment, IssuedCopy, JournalEntry, Record
from yihu.kernel.prints.masking import without

A = DataRequest.Asks
PARTY_BOOK = "estate.party"
NAMELESS = "已删除客户"
BLANK = (f"{GONE}.txt", f"{SHUT}.txt")


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
        put_back(party.pk)
    else:
        _still_so(request, party, chosen, act.at)
        _erase_elsewhere(act, party, chosen)
        if chosen.get("ways") == "erase":
            _erase_ways(act, party)
        if chosen.get("old") == "erase":
            for record in records_of(party, timezone.localdate(act.at))[1]:
                erase_record(act.command, record, why)
        _erase_card(act, party, chosen, why)
        if "lock" in chosen.values():
            set_locked(act.command, party, True, why)
        search.forget_at_once(Record.objects.filter(party=party).values_list("pk", flat=True))
    request.done_by, request.done_at = act.by, act.at


def erase_what_is_over(request: Any, now: Any) -> bool:
    """The time of all that was kept of a locked person is over: his card is emptied by itself, as the answer promised."""
    party, why = request.party, f"个人信息请求 {request.number} 的保存期已满"
    items = items_of(A.ERASE, party, now, request)
    if party.locked_at is None or any("erase" not in item.options for item in items):
        return False
    system = authority().system()
    with command(by=system, key=f"erase-over:{request.pk}", verb="archives.erase_over") as writing:
        if writing.replayed:
            return False
        act = Act(request, system, now, {}, writing, "carry_out")
        chosen = {item.code: item.options[0] for item in items}
        _erase_elsewhere(act, party, chosen)
        for record in records_of(party, timezone.localdate(now))[1]:
            erase_record(writing, record, why)
        _erase_ways(act, party)
        _erase_card(act, party, chosen, why)
        set_locked(writing, party, False, why)
        search.forget_at_once(Record.objects.filter(party=party).values_list("pk", flat=True))
    return True


def _erase_elsewhere(act: Any, party: Party, chosen: dict[str, str]) -> None:
    """Beside his card: messages, scans, words. What must be kept lies sealed until its day; what the handler said is about
    somebody else stays. The request keeps how many of each, for the answer."""
    reach, spared = reach_of(party, act.at, act.record), set(act.data.get("others") or ())
    if not reach.books_kept:
        for copy in IssuedCopy.objects.filter(party=party, record__isnull=True):
            blank(copy, GONE)
    if "erase" in chosen.values():
        away = Away(party_id=party.pk, request=act.record, at=act.at)
        _copies(reach, away)
        _copies_of_others(act, reach, away)
    work = {"messages": _messages, "scans": _scans, "texts": _texts}
    told = {}
    for code, erase in work.items():
        if chosen.get(code) == "erase":
            away = Away(party_id=party.pk, request=act.record, at=act.at)
            erase(reach, away, spared)
            away.done()
            told[code] = "、".join(
                f"{word} {count} 处" for word, count in (("删除", away.erased), ("锁定", away.locked)) if count
            )
    act.record.items = [{**item, "told": told.get(item["code"], item.get("told", ""))} for item in act.record.items]


def _messages(reach: Reach, away: Away, spared: set[str]) -> None:
    for message in reach.messages:
        keep, until = reach.message_term(message)
        Outgoing.objects.filter(pk=message.pk, state=Outgoing.State.WAITING).update(state=Outgoing.State.CANCELLED)
        provider = reach.marks.masked(message.provider_id)
        columns = {"text": SHUT if keep else GONE, "values": {}, "mask": "", "reason": "", "provider_id": provider}
        away.whole(message, columns, keep, until, message.record_id, f"消息 {message.pk}")
        for passage in Passage.objects.filter(message=message):
            Passage.objects.filter(pk=passage.pk).update(words=reach.marks.masked(passage.words))


def _scans(reach: Reach, away: Away, spared: set[str]) -> None:
    for paper in reach.papers:
        if f"paper.{paper.pk}" not in spared:
            keep, until = reach.paper_term(paper)
            for scan in paper.scans.all():
                away.file(scan, keep, until, None, f"{paper.unit} {paper.get_kind_display()}扫描件")


def _copies(reach: Reach, away: Away) -> None:
    """Sheets that were handed to him out of a matter of somebody else, and what he signed there: his receipt of a 集体投诉. Kept
    as long as that matter."""
    rows = IssuedCopy.objects.filter(party=reach.party, record__isnull=False).exclude(record__party=reach.party)
    for copy in rows.exclude(name__in=BLANK).select_related("record", "run").order_by("pk"):
        away.file(copy, *term_of(copy.record, reach.today), copy.record_id, _called(copy))
    for file in files_elsewhere(reach.party).exclude(name__in=BLANK).order_by("pk"):
        away.file(file, *term_of(file.record, reach.today), file.record_id, f"{file.record.number} 本人签收的文件")
    away.done()


def _copies_of_others(act: Any, reach: Reach, away: Away) -> None:
    """What others were handed out of a matter in which he has a part too stays theirs; where it names him, without him. A sheet
    out of which his name cannot be taken for certain goes whole."""
    here = IssuedCopy.objects.filter(Q(record__party=reach.party) | Q(party=reach.party), record__isnull=False)
    for record in Record.objects.filter(pk__in=here.values("record_id")).order_by("pk"):
        theirs = copies_of_others(record).exclude(Q(party__isnull=False) & Q(party=reach.party))
        for copy in theirs.exclude(name__in=BLANK).select_related("run").order_by("pk"):
            sheet = files.read(copy.path)
            left = without(sheet, reach.marks.spans)
            if left != sheet:
                away.file(copy, *term_of(record, reach.today), record.pk, _called(copy), left)
                done = "取下" if left is None else "遮盖别人的姓名、号码，其余没有改动"
                act.command.note(record, f"{act.by} 依法把{_called(copy)}{done}", step="erase")
    away.done()


def _called(copy: IssuedCopy) -> str:
    return f"已发出的{copy.title} {copy.run.subject}"


def _texts(reach: Reach, away: Away, spared: set[str]) -> None:
    for trace in reach.texts:
        if trace.key not in spared:
            away.text(trace, reach.marks, *reach.term(trace.matter, trace.model), reach.where(trace))
    for entry, matter in reach.entries:
        if f"journal.{entry.pk}" not in spared:
            away.entry(entry, *reach.term(matter), reach.where_said(entry, matter))


def _still_so(request: Any, party: Party, chosen: dict[str, str], at: Any) -> None:
    today = {item.code: item for item in items_of(request.asks, party, at, request)}
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
    if chosen.get("card") == "erase":
        Party.objects.filter(pk=party.pk).update(as_rolled={})
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
