"""Columns, tabs and panels of dunning. Lists of debtors never leave the house."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.dunning import showing
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, DunningRound, Suspension, ToOwner
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money

S, N, V = DunningCase.State, DunningNotice.State, Suspension.State
HARD = (S.URGED, S.LAWYER, S.COURT, S.ENFORCE)


@screens
class CaseScreens(Screens):
    model = DunningCase
    word = "催缴"
    leaves = False
    tabs = (
        Tab("hard", "难收", HARD),
        Tab("paused", "争议与查账", (S.PAUSED,)),
        Tab("plan", "分期中", (S.PLAN,)),
    )
    columns = ("number", "state", "unit", "party", "owed", "since", "level", "reason", "handler", "next_due_at")
    filters = ("state", "reason")
    related = ("party", "opened_by")
    panels = (
        ("付款人", ("unit", "party", "owed", "since", "level", "reason", "limitation_on")),
        ("暂停", ("pause_why", "pause_words")),
        ("诉讼", ("court_way", "court", "court_no", "filed_on", "outcome")),
    )
    nav = ("催缴", 76.2)
    nearby = (
        Nearby("催款批次", "kernel:list", "dunning.see", ("dunning-rounds",)),
        Nearby("暂停可选服务", "kernel:list", "dunning.see", ("suspensions",)),
        Nearby("转由业主清偿", "kernel:list", "dunning.see", ("dunning-turns",)),
        Nearby("按房屋、楼管", "dunning:by_unit", "dunning.see"),
        Nearby("未缴原因", "dunning:reasons", "dunning.see"),
        Nearby("欠费清单", "cashier:arrears", "ledger.see"),
        Nearby("违约金约定", "dunning:list_late-fees", "dunning.see"),
        Nearby("被拒绝的措辞", "dunning:attempts", "dunning.attempts"),
    )

    @money("欠费")
    def cell_owed(self, case: Any) -> int | None:
        return case.owed_fen

    def cell_level(self, case: Any) -> str:
        return f"{case.level} 次" if case.level else ""

    cell_level.label = "催款单"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return showing.case_panels(record, person)


@screens
class RoundScreens(Screens):
    model = DunningRound
    word = "催款批次"
    leaves = False
    columns = ("number", "state", "summary", "day", "drawn", "passed", "next_due_at")
    panels = (("本批", ("day", "drawn", "passed", "due_at")),)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return showing.round_panels(record, person)


@screens
class NoticeScreens(Screens):
    model = DunningNotice
    word = "催款单"
    leaves = False
    tabs = (
        Tab("approve", "待我批", (N.TO_APPROVE,), may="dunning.approve"),
        Tab("deliver", "待送达", (N.ISSUED,), may="dunning.deliver", step="deliver"),
        Tab("back", "待交回签收表", (N.DELIVERED,), may="dunning.draft"),
    )
    columns = ("number", "state", "unit", "party", "asked", "level", "pay_by", "delivery", "next_due_at")
    filters = ("state", "round")
    related = ("party", "case", "round", "approved_by", "delivered_by", "witness_1", "witness_2", "message")
    panels = (
        ("催款", ("unit", "party", "case", "level", "asked", "pay_by", "words", "round")),
        ("批准", ("approved_by", "approved_at", "wrong", "void_why")),
        (
            "送达",
            ("way", "delivery", "delivered_at", "delivered_by", "arrived_on", "refusal", "returned_to_finance_at"),
        ),
    )
    nav = ("催款通知单", 76.3)
    nearby = (Nearby("催款批次", "kernel:list", "dunning.see", ("dunning-rounds",)),)

    @money("应付")
    def cell_asked(self, notice: Any) -> int | None:
        return notice.asked

    def cell_delivery(self, notice: Any) -> str:
        return notice.delivery_words

    cell_delivery.label = "送达情况"  # type: ignore[attr-defined]

    def cell_case(self, notice: Any) -> str:
        return notice.case.number

    cell_case.label = "催缴"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return showing.notice_panels(record)


@screens
class SuspensionScreens(Screens):
    model = Suspension
    word = "暂停可选服务"
    leaves = False
    tabs = (
        Tab("finance", "待财务主管批", (V.FINANCE,), may="dunning.suspend_finance"),
        Tab("manager", "待项目经理批", (V.MANAGER,), may="dunning.suspend_approve"),
        Tab("in_force", "暂停中", (V.IN_FORCE,)),
    )
    columns = ("number", "state", "unit", "party", "services", "arrears", "pay_by", "ends_on", "next_due_at")
    filters = ("state",)
    related = (
        "party",
        "case",
        "finance_by",
        "manager_by",
        "delivered_by",
        "witness_1",
        "witness_2",
        "opened_by",
        "message",
    )
    panels = (
        ("暂停什么", ("unit", "party", "case", "services", "arrears", "clause", "legal_basis", "ends_on", "words")),
        ("审批", ("opened_by", "legal_opinion", "finance_by", "manager_by", "client_words", "rejection")),
        (
            "送达与期限",
            ("delivery", "delivered_at", "refusal", "arrived_on", "pay_by", "begun_at", "lifted_at", "lift_why"),
        ),
    )

    @money("所欠")
    def cell_arrears(self, paper: Any) -> int | None:
        return paper.arrears

    def cell_services(self, paper: Any) -> str:
        return paper.named

    cell_services.label = "可选服务"  # type: ignore[attr-defined]

    def cell_delivery(self, paper: Any) -> str:
        return paper.delivery_words

    cell_delivery.label = "送达情况"  # type: ignore[attr-defined]

    def cell_case(self, paper: Any) -> str:
        return paper.case.number

    cell_case.label = "催缴"  # type: ignore[attr-defined]


@screens
class ToOwnerScreens(Screens):
    model = ToOwner
    word = "转由业主清偿"
    leaves = False
    tabs = (Tab("approve", "待我批", (ToOwner.State.ASKED,), may="dunning.turn"),)
    columns = ("number", "state", "unit", "party", "owner", "total", "pay_by", "opened_by", "next_due_at")
    filters = ("state",)
    related = ("party", "owner", "case", "opened_by", "approved_by")
    panels = (
        ("转由业主清偿", ("unit", "party", "owner", "total", "pay_by", "ground", "case")),
        ("批准", ("opened_by", "approved_by", "approved_at", "rejection")),
    )
    nearby = (Nearby("催缴", "kernel:list", "dunning.see", ("dunning",)),)

    @money("转出")
    def cell_total(self, turn: Any) -> int | None:
        return turn.total

    def cell_case(self, turn: Any) -> str:
        return turn.case.number

    cell_case.label = "租户的催缴"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return showing.turn_panels(record)
