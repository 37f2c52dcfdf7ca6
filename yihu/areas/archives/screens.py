"""Columns, filters and panels of the archives' registers; their places in the navigation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.archives.holding import WORDS
from yihu.areas.archives.models import DataRequest, Disclosure, Reading, RoomEntry, ShelfCheck
from yihu.areas.archives.pages import locked
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.places import place


@screens
class ShelfCheckScreens(Screens):
    model = ShelfCheck
    word = "核对"
    tabs = (Tab("differs", "有差异", (ShelfCheck.State.DIFFERS,)),)
    columns = ("number", "state", "unit", "summary", "opened_by", "opened_at")
    filters = ("state",)
    related = ("opened_by",)
    panels = (("核对", ("unit", "opened_by", "opened_at", "absent_count", "extra", "remedy")),)
    nearby = (Nearby("业主档案", "archives:files", "papers.see"),)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = record.lines or []
        return [{"title": "逐份结果", "template": "archives/_check.html", "rows": rows}] if rows else []


@screens
class RoomEntryScreens(Screens):
    model = RoomEntry
    word = "出入登记"
    columns = ("number", "state", "summary", "handler", "opened_at", "next_due_at", "left_at", "locked_by")
    filters = ("state",)
    related = ("locked_by", "opened_by")
    panels = (("出入", ("room", "purpose", "others", "opened_by", "opened_at", "left_at", "locked_by")),)
    nav = ("档案室出入", 56)


@screens
class ReadingScreens(Screens):
    model = Reading
    word = "查阅申请"
    tabs = (
        Tab("asked", "待批准", (Reading.State.ASKED,), may="archives.allow", step="allow"),
        Tab("reading", "查阅中", (Reading.State.READING,)),
    )
    columns = ("number", "state", "unit", "summary", "escort", "next_due_at", "opened_at")
    filters = ("state",)
    related = ("escort", "opened_by", "allowed_by")
    panels = (
        ("申请", ("unit", "reader", "dept", "reason", "opened_by", "opened_at")),
        ("批准与查阅", ("from_at", "until_at", "escort", "allowed_by", "refusal", "out_at", "back_at", "copies")),
    )
    nav = ("档案查阅", 55)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """The reader finds the papers here, while they are open to him; everybody else their names at most."""
        now, open_here = timezone.now(), record.is_open_to(person, timezone.now())
        may_see = grants_of(person).may("papers.see", record.community_id)
        papers = record.allowed_papers.order_by("kind", "pk").prefetch_related("scans") if open_here or may_see else []
        rows = [
            {
                "title": paper.title,
                "kind": paper.get_kind_display(),
                "place": paper.place if may_see else "",
                "scans": [
                    {"name": scan.name, "url": reverse("archives:reading_scan", args=[record.number, scan.pk])}
                    for scan in (paper.scans.all() if open_here else [])
                ],
            }
            for paper in papers
        ]
        context = {
            "template": "archives/_reading.html",
            "rows": rows,
            "open": open_here,
            "wanted": record.wanted_words(),
        }
        return [{"title": "查阅的资料", **context, "mark": f"{person} {moments.stamp(now)}" if open_here else ""}]


@screens
class DisclosureScreens(Screens):
    model = Disclosure
    word = "提供申请"
    tabs = (
        Tab("asked", "待批准", (Disclosure.State.ASKED,), may="archives.allow", step="allow"),
        Tab("allowed", "待提供", (Disclosure.State.ALLOWED,), may="archives.disclose"),
    )
    columns = ("number", "state", "unit", "summary", "opened_by", "opened_at", "allowed_by", "given_at")
    filters = ("state", "ground")
    related = ("opened_by", "allowed_by")
    panels = (
        ("提供", ("unit", "party", "to_whom", "kinds_shown", "what", "purpose", "opened_by", "opened_at")),
        ("依据", ("ground", "law", "letter_no", "official_1", "badge_1", "official_2", "badge_2")),
        ("批准与签收", ("allowed_by", "allowed_at", "refusal", "way", "given_by", "given_at", "receiver")),
    )
    nav = ("个人信息提供", 55)

    def cell_kinds_shown(self, record: Any) -> str:
        return str(record.kinds_words())

    cell_kinds_shown.label = "提供哪些"  # type: ignore[attr-defined]


@screens
class DataRequestScreens(Screens):
    model = DataRequest
    word = "个人信息请求"
    tabs = (
        Tab("asked", "待决定", (DataRequest.State.ASKED,), may="archives.answer", step="decide"),
        Tab("decided", "待办理答复", (DataRequest.State.DECIDED,), may="archives.request"),
    )
    columns = ("number", "state", "party", "unit", "summary", "next_due_at", "opened_by", "opened_at")
    filters = ("asks", "state")
    related = ("party", "opened_by")
    panels = (
        ("请求", ("party", "unit", "asks", "said", "also_called", "opened_by", "opened_at")),
        ("来人", ("asker", "asker_name", "id_type", "id_last4")),
        (
            "办理与答复",
            ("decided_by", "decided_at", "outcome", "done_by", "done_at", "delivery", "received_by", "answered_at"),
        ),
    )
    nav = ("个人信息请求", 55)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = [{**item, "word": WORDS[item["decision"]]} for item in record.items]
        edit = (
            record.asks == DataRequest.Asks.CORRECT and record.decision("correct") == "correct" and not record.done_at
        )
        url = (
            reverse("estate:edit_party", args=[record.party_id])
            if edit and grants_of(person).may("estate.edit", record.community_id)
            else ""
        )
        if not rows:
            return []
        shut = locked.link(record, person)
        return [
            {"title": "逐项决定", "template": "archives/_items.html", "rows": rows, "edit_url": url, "locked_url": shut}
        ]


place(55, "谁看过个人信息", "archives:looks", "archives.looks", icon="info")
place(54, "业主档案", "archives:files", "papers.see", icon="units")
