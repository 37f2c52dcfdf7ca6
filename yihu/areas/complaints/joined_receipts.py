"""投诉回执 of a household that joined a 集体投诉: its own paper, one by one or all at once, each kept as it went out (CMP-14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max

from yihu.areas.complaints.models import Complaint, Household
from yihu.basics.identity import mask_free_text
from yihu.ground.contact.ringing import in_words
from yihu.kernel.errors import Refused
from yihu.kernel.models import Deadline, PrintRun
from yihu.kernel.moments import stamp
from yihu.kernel.prints import AT_ONCE, issue
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.engine import forget
from yihu.kernel.prints.joining import join

NAME = "joined_receipt"


def joined_receipt(household: Any, by: Any) -> dict[str, Any]:
    """What this household said, when it joined, what it was promised; not a word of the other households."""
    complaint, came = household.complaint, household.came_by
    merged = came is not None and came.kind == complaint.kind
    return {
        "community": complaint.community.name,
        "number": complaint.number,
        "complainant": mask_free_text(household.name or str(household.party or "")),
        "unit": str(household.unit or ""),
        "joined_at": stamp(household.joined_at),
        "place": household_word(_place(household)),
        "category": complaint.get_category_display(),
        "came_word": "原投诉编号" if merged else "接待编号",
        "came": came.number if came is not None else "",
        "received_by": str(came.opened_by) if came is not None else "",
        "said": mask_free_text(household.said),
        "answer": mask_free_text(household.answer),
        "answered_at": stamp(household.answered_at),
        # what the department means to do is a promise only once it was told to those who complain
        "remedy": mask_free_text(complaint.remedy) if complaint.told_at else "",
        "due_on": f"{complaint.due_on:%Y-%m-%d}" if complaint.told_at and complaint.due_on else "",
        "latest": stamp(_latest(household)),
        "ring": in_words(complaint.community),
    }


# a receipt says the numbers of the desk; what was typed freely is masked above
RECEIPT = Print(NAME, "投诉回执", data=joined_receipt, issued=True, says_numbers=True)


def of_complaint(complaint: Complaint) -> Any:
    """The households that have a receipt of their own, in the order in which they joined."""
    return complaint.joined.select_related("complaint__community", "unit", "party", "came_by__opened_by").order_by("pk")


def without_receipt() -> Any:
    """The households that joined, were not taken out, and have no receipt yet or none any more."""
    return Household.objects.filter(withdrawn_at__isnull=True, receipt_at__isnull=True)


def print_one(household: Household, *, by: Any, now: datetime) -> bytes:
    """Counted for this household alone, and kept with its unit and with the complaint."""
    complaint = household.complaint
    return issue(
        RECEIPT, household, by=by, now=now, number=f"{complaint.number} {household_word(_place(household))}",
        community=complaint.community, unit=household.unit, party=household.party, record=complaint,
    )  # fmt: skip


def print_all(households: list[Household], *, by: Any, now: datetime) -> bytes:
    """One PDF of at most as many sheets as a list prints at once."""
    if not households:
        raise Refused("没有并入的住户，不用打印。投诉人自己的回执请在投诉页上点“投诉回执”。")
    pdf = join(print_one(one, by=by, now=now) for one in households)
    forget()
    return pdf


def parts(complaint: Complaint) -> list[list[Household]]:
    """The households in portions of one PDF each."""
    every = list(of_complaint(complaint))
    return [every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)]


def household_word(place: int) -> str:
    """第 2 户: the first is who complained first; a number is not given anew when somebody is taken out."""
    return f"第 {place} 户"


def printed(complaint: Complaint) -> dict[str, int]:
    """How often the receipt of each household left the printer, by its word."""
    runs = PrintRun.objects.filter(record_id=complaint.pk, name=NAME).values_list("subject")
    counted = runs.annotate(copies=Max("copy_no"))
    return {subject.removeprefix(f"{complaint.number} "): copies for subject, copies in counted}


def _place(household: Household) -> int:
    return 1 + Household.objects.filter(complaint_id=household.complaint_id, pk__lte=household.pk).count()


def _latest(household: Household) -> datetime | None:
    """By when the law wants an answer (D10), while it is owed; nothing is promised that was over when the household came."""
    if household.answered_at is not None:
        return None
    rows = Deadline.objects.filter(record_id=household.complaint_id, code="D10", stopped_at__isnull=True)
    due = rows.values_list("due_at", flat=True).order_by("due_at").first()
    return due if due is not None and due > household.joined_at else None
