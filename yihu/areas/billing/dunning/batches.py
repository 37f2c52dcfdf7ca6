"""A round of 催款通知单 as one file in the order of the deliverers, their 签收表 (F84), and what a job does for a large one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from yihu.areas.billing.dunning.models import DunningNotice, DunningRound
from yihu.areas.billing.dunning.printing import NOTICE
from yihu.areas.billing.dunning.rounds import in_order
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel import files, moments
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import current_task_id, job
from yihu.kernel.models import Attachment, JournalEntry
from yihu.kernel.models.prints import PrintRun
from yihu.kernel.prints import render_batch
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.issuing import share
from yihu.kernel.prints.joining import join
from yihu.kernel.signatures import drawing

N = DunningNotice.State
CUSTOMERS = ("客户联",)
SLICE = 500


def papers_of(round_: DunningRound) -> list[DunningNotice]:
    """What may go out of a round, one deliverer after the other."""
    rows = round_.notices.filter(state__in=(N.ISSUED, N.DELIVERED, N.DONE))
    return in_order(list(rows.select_related("community", "unit", "party", "approved_by", "case")), round_.community_id)


def set_in_type(round_: DunningRound, by: Any, now: datetime) -> tuple[bytes, list[DunningNotice]]:
    """The customers' copies as one file; the books are open to everybody meanwhile."""
    found = papers_of(round_)
    if not found:
        raise Refused("这批没有可以打印的催款通知单。")
    before = _printed(found)
    made = render_batch(NOTICE, found, by, copies=CUSTOMERS, now=now, reprint=lambda one: before.get(one.number, 0))
    return join(made), found


def _printed(found: Sequence[DunningNotice]) -> dict[str, int]:
    """How often each left the printer by now."""
    rows = PrintRun.objects.filter(name=NOTICE.name, record__in=[one.pk for one in found])
    return dict(rows.values_list("subject").annotate(last=Max("copy_no")).order_by("subject"))


def count_prints(round_: DunningRound, found: Sequence[DunningNotice], file: Any, by: Any, at: datetime) -> None:
    """Each notice was printed once more; the file is the copy that is kept of each (ARC-11), for those who see the round."""
    before, whose = _printed(found), {one.number: one for one in found}
    runs = [
        PrintRun(
            name=NOTICE.name, subject=number, record_id=one.pk, copy_no=before.get(number, 0) + 1, by=by, at=at
        )
        for number, one in whose.items()
    ]  # fmt: skip
    PrintRun.objects.bulk_create(runs, batch_size=SLICE, ignore_conflicts=True)
    made = PrintRun.objects.filter(name=NOTICE.name, record__in=[one.pk for one in found], by=by, at=at)
    of = {"community_id": round_.community_id, "record_id": round_.pk}
    share(
        NOTICE,
        file,
        made,
        lambda run: {**of, "unit_id": whose[run.subject].unit_id, "party_id": whose[run.subject].party_id},
    )


def print_now(round_: DunningRound, by: Any, now: datetime) -> bytes:
    """A small round, while the clerk waits."""
    pdf, found = set_in_type(round_, by, now)
    with transaction.atomic():
        kept = files.store_upload(ContentFile(pdf, name=f"{round_.number}.pdf"), ours=True)
        count_prints(round_, found, kept, by, now)
    return pdf


@job(retries=3)
def set_round(round_id: int, by_id: int) -> None:
    """A large one, kept with the round."""
    round_, by = DunningRound.objects.get(pk=round_id), get_user_model().objects.get(pk=by_id)
    pdf, found = set_in_type(round_, by, timezone.now())
    name = f"{round_.number} 催款通知单.pdf"
    with command(by=authority().system(), key=current_task_id(), verb="dunning.set") as commanding:
        if commanding.replayed:
            return
        kept = commanding.attach(round_, ContentFile(pdf, name=name), Attachment.Purpose.PAPER, ours=True)
        count_prints(round_, found, kept, by, commanding.now)
        commanding.note(round_, f"{len(found)} 张催款通知单已排好版，可以打印", step="paper")
        commanding.tell(
            [by], f"{name} 已排好版，请打印、盖章。", community_id=round_.community_id, record=round_
        )  # fmt: skip


@job(retries=3)
def give_back(round_id: int, by_id: int) -> None:
    """The list is with finance again: each delivered notice of the round with it, in a command of its own."""
    by = get_user_model().objects.get(pk=by_id)
    for notice in DunningNotice.objects.filter(round=round_id, state=N.DELIVERED).order_by("pk"):
        perform(notice, "give_back", by=by, key=f"dunning-back:{notice.pk}")


# -- 签收表 ----------------------------------------------------------------------------------------------------------
def _row(notice: DunningNotice) -> dict[str, Any]:
    signed = next((one for one in notice.proofs.all() if one.purpose == Attachment.Purpose.SIGNATURE), None)
    return {
        "number": notice.number.rsplit("-", 1)[-1],
        "unit": str(notice.unit or "—"),
        "party": mask_free_text(str(notice.party)),
        "due": yuan(notice.asked),
        "how": notice.delivery_words if notice.posted else mask_free_text(notice.delivery_words),
        "signature": drawing(signed) if signed else "",
        "on": moments.short(notice.delivered_at),
    }


def sheet(of: tuple[DunningRound, Any, list[DunningNotice]], by: Any) -> dict[str, Any]:
    """One deliverer's list."""
    round_, handler, found = of
    back = [one.returned_to_finance_at for one in found]
    whole = all(back)
    entries = JournalEntry.objects.filter(record__in=[one.pk for one in found], step="give_back").select_related("by")
    taken = entries.order_by("-pk").first() if whole else None
    return {
        "community": round_.community.name,
        "number": round_.number,
        "period": f"{round_.day:%Y年%-m月}催款",
        "deliverer": str(handler or ""),
        "due": "发出后 2 个工作日内",
        "lines": [_row(one) for one in found],
        "total": str(len(found)),
        "done": str(sum(1 for one in found if one.delivered_at)),
        "handed_at": "",
        "received_by": str(taken.by) if taken else "",
        "received_at": moments.stamp(max(back)) if whole else "",
    }


SHEET = Print(
    "dunning_sheet", "催款通知单签收表", data=sheet, template="notices/prints/delivery_sheet.typ", paper="a4-landscape",
    says_numbers=True, of_one=False,
)  # fmt: skip


def sheets(round_: DunningRound, by: Any, now: datetime) -> bytes:
    """A list for each deliverer, in the order of his round."""
    rows = round_.notices.filter(state__in=(N.ISSUED, N.DELIVERED, N.DONE)).prefetch_related("proofs")
    found = in_order(
        list(rows.select_related("unit", "party", "handler", "witness_1", "witness_2")), round_.community_id
    )
    if not found:
        raise Refused("这批没有要送的催款通知单。")
    piles = sorted(
        found, key=lambda one: (one.handler_id is None, str(one.handler or ""))
    )  # which keeps each one's order
    lists = [(round_, handler, list(some)) for handler, some in groupby(piles, key=lambda one: one.handler)]
    return join(render_batch(SHEET, lists, by, now=now))
