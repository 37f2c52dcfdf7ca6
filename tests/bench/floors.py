"""The floors: what plain Django takes for the same rows or the same bytes, behind the same middleware, for the same person."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_tasks_db.models import DBTaskResult

from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.estate.models import Unit
from yihu.kernel.models import Command, Deadline, JournalEntry, Link, Message, SearchEntry, Sequence
from yihu.kernel.policy import policy

ORDERS_CLOCKS = ("D14", "D16")
FOLLOWS = 1  # a job that another area has asked for: which department the order went to
GRAMS = "维修 修厨 厨房 房水 水龙 龙头 头漏 漏水 a1 1 0101 赵业 业主"


@require_GET
@policy(signed_in=True)
def page(request: HttpRequest, pk: int, size: int) -> HttpResponse:
    """One indexed query, and as many bytes as the page that is measured."""
    Unit.objects.get(pk=pk)
    return HttpResponse(b"." * size)


@require_POST
@policy(signed_in=True)
def log_contact(request: HttpRequest) -> HttpResponse:
    """The rows of a contact with its repair, one ``create()`` each; nothing is checked, reckoned or looked up."""
    typed, now = request.POST, timezone.now()
    due, digest = now + timedelta(hours=8), hashlib.sha256(b"").hexdigest()
    common: dict[str, Any] = {
        "community": request.community, "unit_id": int(typed["unit"]), "opened_at": now, "opened_by": request.user, "version": 1,
        "journal_seq": 1, "journal_head": digest, "next_due_at": due,
    }  # fmt: skip
    with transaction.atomic():
        command = Command.objects.create(
            by=request.user, key=typed["key"], verb="open", fingerprint=digest, written_at=now
        )
        contact = Contact.objects.create(
            **common, number=f"F-{uuid.uuid4().hex[:24]}", kind="reception.contact", state="in_hand", handler=request.user,
            summary=typed["content"], channel="phone", received_at=now, caller_name=typed["caller_name"], phone=typed["phone"],
            relation="owner", category="repair", content=typed["content"], promised_at=due,
        )  # fmt: skip
        order = WorkOrder.objects.create(
            **common, number=f"F-{uuid.uuid4().hex[:24]}", kind="repairs.workorder", state="to_assign", team="engineering",
            summary=typed["content"], symptom=typed["content"], reporter=typed["caller_name"], phone=typed["phone"],
            level="minor", trade="water",
        )  # fmt: skip
        for record, codes in ((contact, ("D04",)), (order, ORDERS_CLOCKS)):
            Sequence.objects.filter(key=f"floor-{record.kind}").update(last=F("last") + 1)
            JournalEntry.objects.create(
                record_id=record.pk, seq=1, at=now, written_at=now, by=request.user, step="open",
                sentence=f"{request.user} 登记", salt=digest[:32], digest=digest, chained=digest,
            )  # fmt: skip
            for code in codes:
                Deadline.objects.create(
                    record_id=record.pk, community=request.community, code=code, calendar="S", rule="8 小时", starts_at=now,
                    due_at=due, ring_at=due,
                )  # fmt: skip
            SearchEntry.objects.create(
                kind="record", object_id=record.pk, community=request.community, title=record.number, subtitle=record.summary,
                grams=GRAMS,
            )  # fmt: skip
        Link.objects.create(origin_id=contact.pk, target_id=order.pk, at=now)
        Message.objects.create(
            person=request.user, community=request.community, record_id=order.pk, sentence="新维修单，请派工。", at=now
        )
        for _ in range(FOLLOWS):
            DBTaskResult.objects.create(
                args_kwargs={"args": [], "kwargs": {"entry_id": 1, "record_id": order.pk, "reaction": "floor"}}, task_path="floor.follow",
                queue_name="default", backend_name="default", run_after=now,
            )  # fmt: skip
        command.answer_kind, command.answer_id = "reception.contact", contact.pk
        command.save(update_fields=["answer_kind", "answer_id"])
    return redirect("kernel:list", "reception")
