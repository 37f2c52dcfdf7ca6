"""Short words for the course of a complaint."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tests.support.doing import log_contact, photo, signature
from yihu.areas.complaints.models import Complaint
from yihu.kernel.doors import perform
from yihu.kernel.models import Deadline

FOUR = {
    "decided": "yes", "cause": "保洁漏排", "cause_class": "procedure", "remedy": "当天补扫", "prevention": "排班表每周核对",
    "due_on": "2199-01-01",
}  # fmt: skip


def complain(cast: Any, *, by: Any = None, when: Any = None, **typed: Any) -> Complaint:
    """A call about the stairs; ``typed`` with ``to-`` belongs to the complaint's part of the page."""
    data = {
        "to-category": "repair",
        "to-level": "important",
        "to-source": "direct",
        "category": "complaint",
        "content": "报修三次没人来",
    }
    log_contact(cast, by=by, when=when, **{**data, **typed})
    return Complaint.objects.latest("pk")


def issue(cast: Any, complaint: Any, when: Any = None, **typed: Any) -> Any:
    data = {"team": "engineering", "category": complaint.category, "level": complaint.level, **typed}
    if complaint.state == "received":
        complaint = perform(complaint, "draw", by=cast.wang, at=when, data=data)
    return perform(complaint, "confirm", by=cast.gao, at=when, data={**data, "validity": "valid"})


def answer(cast: Any, complaint: Any, when: Any = None, **typed: Any) -> Any:
    return perform(complaint, "reply", by=cast.gong, at=when, data={**FOUR, **typed})


def to_opinion(cast: Any, complaint: Any, **typed: Any) -> Any:
    complaint = answer(cast, issue(cast, complaint))
    return perform(complaint, "tell", by=cast.wang, data={"told": "今天补修，以后每天核对", **typed})


def opinion(cast: Any, complaint: Any, **typed: Any) -> Any:
    data = {"way": "screen", "opinion": "satisfied", "signature": signature(), **typed}
    files = {"scans": [photo("处理表.png")]} if data["way"] == "paper" else {}
    return perform(complaint, "opinion", by=cast.wang, data=data, files=files)


def to_call_back(cast: Any, complaint: Any, caller: Any = None, **typed: Any) -> Any:
    complaint = opinion(cast, to_opinion(cast, complaint), **typed)
    if complaint.about_staff_id:
        complaint = apologise(cast.li, complaint)
    return perform(complaint, "approve", by=cast.xiang, data={"caller": (caller or cast.li).pk})


def apologise(by: Any, complaint: Any, **typed: Any) -> Any:
    said = {"done": "yes", "apology_way": "visit", "apologised_at": timezone.now(), "words": "上门向业主道歉", **typed}
    return perform(complaint, "apologise", by=by, data=said)


def call(complaint: Any, by: Any, **typed: Any) -> Any:
    said = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5", **typed}
    return perform(complaint, "call_back", by=by, data=said)


def running(complaint: Any) -> set[str]:
    rows = Deadline.objects.filter(record_id=complaint.pk, stopped_at__isnull=True)
    return set(rows.values_list("code", flat=True))
