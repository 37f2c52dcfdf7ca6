"""What the steps of a batch do: draw up, set in type, hand out to the deliverers, replace what is wrong (scenario 25)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Max, Sum
from django.utils import timezone

from yihu.areas.billing.notices import drawing, who
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch
from yihu.areas.billing.notices.printing import PAYMENT_NOTICE, whole_batch
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import current_task_id, job
from yihu.kernel.models import Attachment
from yihu.kernel.models.prints import PrintRun
from yihu.kernel.prints import issuing


def opened(act: Any) -> None:
    _tell(act, who.DRAW, f"{act.record.month} 的缴费通知单可以生成了，26 日前要打印。")


def drawn(act: Any) -> None:
    batch = act.record
    drawing.draw(batch, act.at)
    if not batch.count:
        raise Refused("没有未缴的账单，不用出通知单。请先出账，再来生成。")
    _tell(act, who.CHECK, f"{batch.number} {batch.summarise()}，请核对。")


def sent_back(act: Any) -> None:
    act.record.sealed_at, act.record.sealed_by = None, ""
    _tell(act, who.DRAW, f"{act.record.number} 被退回：{act.data['words'][:80]}，请重新生成。")


def checked(act: Any) -> None:
    _tell(act, who.SEAL, f"{act.record.number} {act.record.summarise()}，已核对，请盖章。")


def sealed(act: Any) -> None:
    act.record.sealed_at, act.record.sealed_by = act.at, str(act.by)
    _tell(act, who.DRAW, f"{act.record.number} 已盖章，可以打印。")


def printed(act: Any) -> None:
    """The file is set by a job: thousands of sheets take their time."""
    act.record.printed_at = act.at
    set_paper.using(key=f"notices:{act.record.pk}").enqueue(batch_id=act.record.pk, by_id=act.by.pk)


@job(retries=3)
def set_paper(batch_id: int, by_id: int) -> None:
    """One PDF for all notices of a batch, kept with the batch."""
    batch = NoticeBatch.objects.select_related("community").get(pk=batch_id)
    name = f"{batch.number} 缴费通知单.pdf"
    pdf = ContentFile(whole_batch(batch, by=batch.sealed_by, now=timezone.now()), name=name)
    with command(by=authority().system(), key=current_task_id(), verb="notices.paper") as commanding:
        if commanding.replayed:
            return
        kept = commanding.attach(batch, pdf, Attachment.Purpose.PAPER, ours=True)
        NoticeBatch.objects.filter(pk=batch.pk).update(paper=kept)
        _count_prints(batch, kept, by_id, commanding.now)
        commanding.note(batch, f"{batch.count} 张通知单已排好版，可以打印", step="paper")
        people = authority().people_with(batch.community_id, who.DRAW)
        commanding.tell(people, f"{name} 已排好版，请打印、盖章。", community_id=batch.community_id, record=batch)


def _count_prints(batch: NoticeBatch, kept: Any, by_id: int, at: Any) -> None:
    """Each notice left the printer once with its batch: printed alone afterwards it says 补打 1. The batch's file is the copy
    that is kept of each (ARC-11); it opens to those who see the batch."""
    name, whose = PAYMENT_NOTICE.name, {}
    for number, unit_id, party_id in batch.notices.valid().values_list("number", "unit_id", "party_id"):
        whose[number] = {
            "unit_id": unit_id,
            "party_id": party_id,
            "record_id": batch.pk,
            "community_id": batch.community_id,
        }
    runs = [PrintRun(name=name, subject=number, copy_no=1, by_id=by_id, at=at) for number in whose]
    PrintRun.objects.bulk_create(runs, batch_size=500, ignore_conflicts=True)
    numbers = list(whose)
    for first in range(0, len(numbers), 500):
        made = PrintRun.objects.filter(name=name, copy_no=1, subject__in=numbers[first : first + 500])
        issuing.share(PAYMENT_NOTICE, kept, made, lambda run: whose[run.subject])


def not_set_yet(record: Any, by: Any) -> str:
    return "" if record.paper_id is not None else "通知单还在排版，排好后打印、盖章，再派发。"


def handed_out(act: Any) -> None:
    """A list for each deliverer with his notices, in the order of his round."""
    ways, rest = act.data["ways"], act.data.get("rest")
    piles: dict[int, list[int]] = {}
    rows = act.record.notices.valid().filter(sheet__isnull=True).order_by("seq")
    for pk, building in rows.values_list("pk", "unit__building"):
        piles.setdefault(ways[building].steward if building in ways else rest.pk, []).append(pk)
    for steward, pks in piles.items():
        _hand(act, steward, pks)


def _hand(act: Any, steward: int, pks: Iterable[int]) -> Any:
    numbers = list(pks)
    sheet = act.open(DeliverySheet(community=act.record.community), {"batch": act.record.pk, "handler": steward})
    Notice.objects.filter(pk__in=numbers).update(sheet=sheet)
    sentence = f"{sheet.number}：{act.record.month} 缴费通知单 {len(numbers)} 张，请在 28 日前送达并请客户签收。"
    act.command.tell([sheet.handler], sentence, community_id=sheet.community_id, record=sheet)
    return sheet


def replaced(act: Any) -> None:
    """The wrong one is called back, what the books say now stands on new ones; the error counts once (FEE-12). Its list is
    held before it, as at the doors: nobody hands it in meanwhile, with a new notice on it that nobody has brought."""
    batch, sheet_id = act.record, act.data["notice"].sheet_id
    sheet = DeliverySheet.objects.select_for_update().filter(pk=sheet_id).first()
    wrong = Notice.objects.select_for_update().get(pk=act.data["notice"].pk)
    found = [one for one in drawing.drafts_of(batch, act.at, [wrong.unit_id]) if not _stands(batch, wrong, one)]
    if any(_same(wrong, one) for one in found):
        raise Refused("账上没有变化，更正出来还是原样。请先把账单红冲、重新出账，再来更正通知单。")
    wrong.recalled_at, wrong.recalled_by = act.at, act.by
    wrong.wrong, wrong.cause = act.data["wrong"], act.data["cause"]
    wrong.save(update_fields=["recalled_at", "recalled_by", "wrong", "cause"])
    first = (batch.notices.aggregate(last=Max("seq"))["last"] or 0) + 1
    fresh = drawing.write(batch, drawing.in_order(batch, found), first=first, replaces=wrong)
    batch.count = batch.notices.valid().count()
    batch.due_fen = batch.notices.valid().aggregate(total=Sum("due_fen"))["total"] or 0
    instead = "、".join(one.number for one in fresh) or "不再另开"
    act.command.note(batch, f"{wrong.number} 作废，{instead}", step="replaced")
    if sheet is not None:
        _take_over(act, wrong, sheet, fresh, instead)


def _take_over(act: Any, wrong: Notice, sheet: Any, fresh: list[Notice], instead: str) -> None:
    """The deliverer fetches the wrong one back and brings the new ones: on his list, or on another if he handed that in."""
    pks = [one.pk for one in fresh]
    if pks and sheet.state == DeliverySheet.State.OUT:
        Notice.objects.filter(pk__in=pks).update(sheet=sheet)
        act.command.note(sheet, f"{wrong.number} 作废收回，改送 {instead}", step="recall")
    elif pks:
        _hand(act, sheet.handler_id, pks)
    sentence = f"{wrong.number} 有错作废，请收回原单" + (f"，改送 {instead}。" if pks else "。")
    act.command.tell([sheet.handler], sentence, community_id=sheet.community_id, record=sheet)


def _stands(batch: Any, wrong: Notice, draft: Any) -> bool:
    """Another payer of the unit has his notice already and keeps it."""
    if (draft.party, draft.unit) == (wrong.party_id, wrong.unit_id):
        return False
    if draft.unit is None:
        return True
    return bool(batch.notices.valid().filter(party_id=draft.party, unit_id=draft.unit).exists())


def _same(wrong: Notice, draft: Any) -> bool:
    if (draft.party, draft.unit) != (wrong.party_id, wrong.unit_id):
        return False
    old = sorted(wrong.lines.values_list("charge_id", "amount"))
    return old == sorted((line.charge, line.amount) for line in draft.lines)


def still_out(record: Any, by: Any) -> str:
    """Why the month cannot be closed yet, or ""."""
    waiting = record.sheets.filter(closed_at__isnull=True).select_related("handler")
    names = "、".join(str(one.handler) for one in waiting)
    return f"签收表还没有全部交回：{names}。" if names else ""


def never(record: Any, by: Any) -> str:
    return "每月只有一批缴费通知单，不撤回；没打印的可以重新生成，打印以后有错的逐张更正。"


def sheet_never(record: Any, by: Any) -> str:
    return "签收表不撤回，上面的通知单要有人送到。要换人送，请转交给别人。"


def _tell(act: Any, capability: str, sentence: str) -> None:
    people = authority().people_with(act.record.community_id, capability)
    act.tell([one for one in people if one != act.by], sentence)
