"""Columns, tabs and panels of the registers of households."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.households.models import LeaseFiling, Roster, Tidying, Transfer, VerifyRound
from yihu.areas.households.printing import percent
from yihu.areas.households.standing import due_soon
from yihu.areas.households.verifying import progress
from yihu.ground.estate.models import Occupancy
from yihu.ground.estate.pages.summary import stands_beside
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens

F = LeaseFiling.State


@screens
class TransferScreens(Screens):
    model = Transfer
    word = "过户"
    tabs = (Tab("planned", "待生效", (Transfer.State.PLANNED,)),)
    columns = ("number", "state", "summary", "unit", "how", "on", "opened_by", "opened_at")
    filters = ("how", "unit__cluster", "state")
    related = ("opened_by", "unit__cluster")
    panels = (
        ("过户", ("unit", "how", "on", "proof", "proof_no", "old_owners", "new_owners", "arrears_note")),
        ("登记", ("opened_by", "opened_at")),
    )
    nav = ("过户", 50)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        stays = Occupancy.objects.filter(pk__in=record.begun).select_related("party").order_by("place")
        rows = [
            {"name": stay.party.name, "phone": str(stay.party.phone), "share": percent(stay.share) or "共同共有"}
            for stay in stays
        ]
        url = reverse("households:titles", args=[record.unit_id]) if record.unit_id else ""
        return [{"title": "新业主", "template": "households/_heirs.html", "rows": rows, "url": url}]


@screens
class FilingScreens(Screens):
    model = LeaseFiling
    word = "租户登记"
    tabs = (Tab("expired", "到期待办", (F.EXPIRED,), may="households.file"),)
    columns = ("number", "state", "unit", "lessee", "use", "lease_to", "missing", "owner", "opened_at")
    filters = ("use", "payer", "unit__cluster", "state")
    related = ("party", "opened_by", "unit__cluster", "stay")
    panels = (
        (
            "租户",
            ("unit", "owner", "lessee", "phone_shown", "contact_name", "licence_no", "use", "business", "persons"),
        ),
        ("租约", ("lease_from", "lease_to", "ends_in", "payer", "renewals", "left_on")),
        (
            "证件与备案",
            ("missing", "owner_consent", "id_seen", "police_on", "fit_out", "filed_on", "opened_by", "remark"),
        ),
    )
    nearby = (Nearby("出租未登记", "households:unfiled", "households.see"),)
    nav = ("租户商住", 50)

    def cell_missing(self, filing: Any) -> str:
        return "、".join(filing.gaps()) if filing.closed_at is None else ""

    cell_missing.label = "缺项"  # type: ignore[attr-defined]

    def cell_phone_shown(self, filing: Any) -> str:
        return str(filing.party.phone) if filing.party else ""

    cell_phone_shown.label = "联系电话"  # type: ignore[attr-defined]

    def cell_ends_in(self, filing: Any) -> str:
        return due_soon(filing)

    cell_ends_in.label = "距到期"  # type: ignore[attr-defined]


@screens
class RoundScreens(Screens):
    model = VerifyRound
    word = "资料核对"
    columns = ("number", "state", "summary", "listed", "done", "left", "next_due_at")
    panels = (("资料核对", ("first_on", "due_at", "listed", "words")),)
    nearby = (Nearby("核对名单", "households:verify", "estate.edit"),)
    nav = ("资料核对", 50)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        found = progress(record)
        told = (("本月已核对", "done"), ("总户数", "units"), ("更新率", "rate"), ("还没核对", "left"))
        fields = [{"label": label, "text": str(found[name]), "wide": False, "reveal_url": ""} for label, name in told]
        return [{"title": "进度", "fields": fields}]

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        return {"verify_url": reverse("households:verify")}


@screens
class TidyingScreens(Screens):
    model = Tidying
    word = "资料整理"
    columns = ("number", "state", "summary", "found", "settled", "next_due_at")
    panels = (("资料整理", ("first_on", "due_at", "found", "settled", "words")),)
    nav = ("资料整理", 50)

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        may = grants_of(person).may("households.tidy", record.community_id)
        return {"findings_url": reverse("households:findings", args=[record.number]) if may else ""}


@screens
class RosterScreens(Screens):
    model = Roster
    word = "完整导出申请"
    tabs = (Tab("asked", "待批准", (Roster.State.ASKED,), may="households.allow"),)
    columns = ("number", "state", "summary", "opened_by", "allowed_by", "opened_at")
    related = ("opened_by", "allowed_by")
    panels = (
        ("申请", ("units", "why", "goes_to", "opened_by", "opened_at")),
        ("批准", ("allowed_by", "allowed_until", "refused_why")),
    )
    nav = ("完整导出", 50)

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        own = record.state == Roster.State.ALLOWED and record.opened_by_id == person.pk
        return {"take_url": reverse("households:take", args=[record.number]) if own else ""}


stands_beside("kernel.export", "申请完整导出", "kernel:new", "rosters")
