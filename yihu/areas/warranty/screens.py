"""Columns, filters, tabs and panels of the warranty slips."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.warranty.models import Slip
from yihu.kernel.screens import Screens, Tab, screens

S = Slip.State


@screens
class SlipScreens(Screens):
    model = Slip
    word = "返修单"
    tabs = (
        Tab("chase", "催办", (S.OPENED, *Slip.AT_DEVELOPER), due_in=timedelta(days=1), may="warranty.work"),
        Tab("dispute", "责任争议", (S.DISPUTE,)),
    )
    columns = (
        "number",
        "state",
        "summary",
        "unit",
        "within",
        "promised_on",
        "chases",
        "handler",
        "next_due_at",
        "opened_at",
    )
    filters = ("item", "unit__cluster", "state")
    related = (
        "opened_by",
        "party",
        "unit__cluster",
        "unit__building",
        "building",
        "receiver_signature",
        "owner_signature",
        "checked_by",
    )
    panels = (
        ("返修", ("unit", "common", "location", "item", "defect", "reporter", "phone", "opened_by", "opened_at")),
        ("保修期", ("warranty_from", "accepted_on", "warranty_until", "within", "agreed_until", "out_reason")),
        ("开发商", ("hand_by", "handed_at", "receiver", "receive_refused", "promised_on", "contractor", "plan", "work_done", "finished_on")),
        ("催办", ("chases", "letters", "letter_to", "letter_at", "letter_by")),
        ("责任争议", ("refused_reason", "next_told_at")),
        ("验收", ("checked", "checked_by", "failed_checks", "accepted_at", "accept_refused")),
    )  # fmt: skip
    nav = ("返修", 35)

    def cell_common(self, slip: Any) -> str:
        return str(slip.common_place)

    cell_common.label = "公共部位"  # type: ignore[attr-defined]

    def cell_promised_on(self, slip: Any) -> str:
        return f"{timezone.localdate(slip.promised_at):%m-%d}" if slip.promised_at else ""

    cell_promised_on.label = "约定完成"  # type: ignore[attr-defined]

    def cell_chases(self, slip: Any) -> str:
        return f"{slip.chases} 次" if slip.chases else ""

    cell_chases.label = "催办"  # type: ignore[attr-defined]

    def cell_letters(self, slip: Any) -> str:
        return f"{slip.letters} 次" if slip.letters else ""

    cell_letters.label = "催办函"  # type: ignore[attr-defined]

    def cell_failed_checks(self, slip: Any) -> str:
        return f"{slip.failed_checks} 次" if slip.failed_checks else ""

    cell_failed_checks.label = "复检不合格"  # type: ignore[attr-defined]
