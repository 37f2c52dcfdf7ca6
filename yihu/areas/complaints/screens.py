"""Columns, tabs, filters and panels of the complaints."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.complaints import alike as _alike  # noqa: F401  (offers running complaints to whoever takes a call)
from yihu.areas.complaints.joined_receipts import household_word, printed, without_receipt
from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.printing import took
from yihu.ground.staff.codes import DEPARTMENT_NAMES
from yihu.kernel.models import JournalEntry
from yihu.kernel.moments import stamp
from yihu.kernel.prints import AT_ONCE
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.cells import when
from yihu.kernel.screens.page import is_open

S = Complaint.State


@screens
class ComplaintScreens(Screens):
    model = Complaint
    word = "投诉"
    tabs = (
        Tab("to_draw", "待拟表", (S.RECEIVED,), may="complaints.open", step="draw"),
        Tab("to_confirm", "待确认", (S.CHECKING,), may="complaints.confirm", step="confirm"),
        Tab("to_tell", "待告知", (S.REPLIED,), may="complaints.work", step="tell"),
        Tab("to_approve", "待项目经理确认", (S.CONFIRMING,), may="complaints.approve", step="approve"),
        Tab("to_call", "待回访", (S.CALL_BACK,), may="complaints.call_back", step="call_back"),
        Tab("major", "重大", only={"level": "major"}, may="complaints.judge"),
        Tab(
            "no_receipt",
            "未交回执",
            may="complaints.work",
            step="hand_receipt",
            only={"receipt_at__isnull": True, "anonymous": False},
        ),
        Tab(
            "no_joined_receipt",
            "并入户未交回执",
            may="complaints.work",
            step="hand_joined",
            only={"pk__in": without_receipt().values("complaint_id")},
        ),
    )
    nearby = (Nearby("登记表与跟踪表", "complaints:month", "complaints.register"),)
    columns = (
        "number",
        "state",
        "summary",
        "unit",
        "level",
        "validity",
        "department",
        "handler",
        "next_due_at",
        "opened_at",
    )
    filters = ("level", "validity", "category", "team", "state")
    related = (
        "party", "opened_by", "about_staff", "repeat_of", "issued_by", "replied_by", "confirmed_by", "caller", "apology_by", "apology_with",
        "owner_signature", "receipt_by",
    )  # fmt: skip
    panels = (
        (
            "投诉",
            (
                "unit", "complainant", "phone", "relation", "channel", "source", "referred_by", "category", "content", "demand", "about",
                "about_staff", "happened_at", "place", "safety", "apologised", "repeat_of", "opened_by", "opened_at",
            ),
        ),
        ("投诉回执", ("receipt", "receipt_words", "receipt_by", "receipt_at")),
        ("定级与有效性", ("level", "level_reason", "validity", "invalid_reason", "explained_at", "appeal", "appeal_answer")),
        (
            "部门答复",
            (
                "department", "issued_by", "issued_at", "cause", "cause_class", "remedy", "prevention", "due_on", "undecided_reason",
                "replied_by", "replied_at",
            ),
        ),
        ("告知业主", ("first_answer_at", "first_answer", "told_at", "told", "remedied_at")),
        ("业主意见与归档", ("opinion", "opinion_words", "opinion_refused", "witnesses", "opinion_at", "confirmed_by", "confirmed_at", "caller")),
        ("致歉与通报", ("apology_by", "apology_at", "apology_way", "apology_with", "no_apology", "notice", "noticed_at")),
    )  # fmt: skip
    nav = ("投诉", 40)

    def cell_department(self, complaint: Any) -> str:
        return DEPARTMENT_NAMES.get(complaint.team, complaint.team)

    cell_department.label = "责任部门"  # type: ignore[attr-defined]

    def cell_about(self, complaint: Any) -> str:
        named = DEPARTMENT_NAMES.get(complaint.about_dept, complaint.about_dept)
        return f"{named}（整体回避）" if named and complaint.whole_team_out else named

    cell_about.label = "被投诉部门"  # type: ignore[attr-defined]

    def cell_receipt(self, complaint: Any) -> str:
        if complaint.anonymous:
            return "匿名，没有人可交"
        return complaint.get_receipt_way_display() or "还没有交给投诉人"

    cell_receipt.label = "投诉回执"  # type: ignore[attr-defined]

    def beside(self, complaint: Any, person: Any, step: str = "") -> dict[str, Any]:
        """Beside 交回执: the slip itself, or those of the households that joined."""
        if step == "hand_receipt":
            url = reverse("kernel:print", args=[self.slug, complaint.number, "receipt"])
            return {"slips": [{"label": "打印回执", "url": url}]}
        return {"slips": _slips(complaint, complaint.joined.count())} if step == "hand_joined" else {}

    def extra_panels(self, complaint: Any, person: Any) -> list[dict[str, Any]]:
        now = timezone.now()
        found: list[dict[str, Any]] = [_timed(complaint, now)]
        related = ("unit", "answered_by", "receipt_by", "receipt_signed")
        households = list(complaint.households.select_related(*related).order_by("pk"))
        if households:
            copies, hands = printed(complaint), is_open(self.procedure.step("hand_joined"), complaint, person)
            hand_url = reverse("kernel:step", args=[self.slug, complaint.number, "hand_joined"])
            rows = [
                {
                    "who": str(one),
                    "phone": str(one.phone),
                    "said": one.said,
                    "answered": when(one.answered_at, now) if one.answered_at else "",
                    "answer": one.answer,
                    "out": f"{when(one.withdrawn_at, now)} 撤出：{one.withdrawn_why}" if one.withdrawn_at else "",
                    "slip_url": reverse("complaints:joined_receipt", args=[complaint.number, one.pk]),
                    "copies": copies.get(household_word(place), 0),
                    "receipt": _receipt(one, now),
                    "failed": one.receipt_failed_at is not None,
                    "signed_url": reverse("kernel:file", args=[one.receipt_signed_id]) if one.receipt_signed else "",
                    "hand_url": f"{hand_url}?households={one.pk}" if hands and one.receipt_at is None else "",
                }
                for place, one in enumerate(households, 2)
            ]
            title = f"集体投诉：共 {1 + sum(not row['out'] for row in rows)} 户"
            slips = _slips(complaint, sum(not row["out"] for row in rows))
            found.append({"title": title, "template": "complaints/_households.html", "rows": rows, "slips": slips})
        came = [
            {"who": str(one.came), "when": when(one.came_at, now, hour=True), "said": one.said}
            for one in complaint.explanations.select_related("came")
        ]
        if came:
            found.append({"title": "到场解释", "template": "complaints/_explanations.html", "rows": came})
        if complaint.closed_at and self.procedure.opened_by.allows(person, complaint):
            url = f"{reverse('kernel:new', args=[self.slug])}?from={complaint.number}"
            found.append(
                {
                    "title": "还没有解决？",
                    "template": "complaints/_again.html",
                    "url": url,
                    "round": complaint.round + 1,
                }
            )
        return found


def _receipt(household: Any, now: Any) -> str:
    """How this household got its receipt: the way, when, by whom, with what words."""
    if household.receipt_at is None:
        return ""
    parts = (household.get_receipt_way_display(), household.receipt_words, when(household.receipt_at, now))
    return " ".join(part for part in (*parts, str(household.receipt_by or "")) if part)


def _slips(complaint: Any, count: int) -> list[dict[str, str]]:
    """All receipts of those that joined as one PDF; of more than a list prints at once, in portions."""
    url = reverse("complaints:joined_receipts", args=[complaint.number])
    if 0 < count <= AT_ONCE:
        return [{"label": f"打印并入各户的回执（{count} 张）", "url": url}]
    starts = range(0, count, AT_ONCE)
    return [
        {"label": f"打印回执，第 {start + 1}–{min(start + AT_ONCE, count)} 张", "url": f"{url}?part={part}"}
        for part, start in enumerate(starts, 1)
    ]


def _timed(complaint: Any, now: Any) -> dict[str, Any]:
    """Entry and closing with their moments, and the number by which it is followed (CMP-09)."""
    entered = JournalEntry.objects.filter(record_id=complaint.pk, seq=1).values_list("written_at", flat=True).first()
    told = (
        ("查询编号", complaint.number),
        ("受理", stamp(complaint.opened_at)),
        ("录入", f"{stamp(entered)}（受理后 {took(complaint.opened_at, entered)}）" if entered else ""),
        ("关闭", stamp(complaint.closed_at)),
        (
            "历时",
            took(complaint.opened_at, complaint.closed_at or now) + ("" if complaint.closed_at else "，还没有关闭"),
        ),
    )
    fields = [{"label": label, "text": text, "wide": False} for label, text in told if text]
    return {"title": "登记与关闭", "fields": fields}
