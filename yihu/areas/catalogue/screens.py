"""Columns, filters and panels of the department's archive, and its places in the navigation."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.catalogue.models import Contract, Destruction, DestructionLine, ItemLoan, LedgerFiling
from yihu.areas.catalogue.printing import left
from yihu.areas.catalogue.words import CONTRACTS, KEEP, SEE, SEE_CONTRACTS, SEE_TITLES, SIGN_MANAGER, SIGN_SUPERVISOR
from yihu.basics.identity import mask_free_text
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money
from yihu.kernel.screens.places import place
from yihu.kernel.settings_pages.index import offer

TREE = Nearby("总目录", "catalogue:tree", SEE)


@screens
class LoanScreens(Screens):
    model = ItemLoan
    word = "借阅"
    tabs = (Tab("lost", "遗失待处理", (ItemLoan.State.LOST,), may=KEEP),)
    columns = (
        "number",
        "state",
        "item",
        "borrower",
        "department",
        "purpose",
        "next_due_at",
        "opened_at",
        "returned_at",
    )
    filters = ("state",)
    related = ("item",)
    panels = (
        ("借阅", ("item", "borrower", "department", "purpose", "due_at", "opened_by", "opened_at")),
        ("归还", ("returned_at", "condition", "note")),
    )
    nearby = (TREE,)


@screens
class DestructionScreens(Screens):
    model = Destruction
    word = "销毁清单"
    tabs = (
        Tab("to_sign", "待主管签批", (Destruction.State.CHECKED,), may=SIGN_SUPERVISOR),
        Tab("to_approve", "待经理签批", (Destruction.State.SIGNED,), may=SIGN_MANAGER),
    )
    columns = (
        "number",
        "state",
        "lines_text",
        "reason",
        "opened_by",
        "opened_at",
        "supervisor",
        "manager",
        "destroyed_on",
    )
    filters = ("state",)
    related = ("opened_by", "supervisor", "manager")
    panels = (
        ("清单", ("lines_text", "reason", "opened_by", "opened_at", "opinion")),
        ("签批", ("supervisor", "supervisor_at", "manager", "manager_at")),
        ("销毁", ("destroyed_on", "method", "witness", "files_gone")),
    )
    nearby = (Nearby("到期档案", "catalogue:expired", SEE), TREE)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = [
            {
                "number": line.number,
                "title": mask_free_text(line.title),
                "rule": line.rule,
                "expires": f"{line.expires_on}",
                "url": line.item.get_absolute_url(),
            }
            for line in DestructionLine.objects.filter(destruction_id=record.pk).select_related("item").order_by("pk")
        ]
        return [{"title": "列入的条目", "template": "catalogue/_lines.html", "rows": rows}] if rows else []


@screens
class ContractScreens(Screens):
    model = Contract
    word = "合同"
    tabs = (Tab("undecided", "未定去向", (Contract.State.RUNNING,), may=CONTRACTS),)
    columns = (
        "number",
        "state",
        "subject",
        "sort",
        "counterparty",
        "amount",
        "to_on",
        "left",
        "handler",
        "next_due_at",
    )
    filters = ("sort", "state")
    panels = (
        ("合同", ("subject", "sort", "counterparty", "paper_no", "amount", "amount_note", "from_on", "to_on", "left", "handler", "place")),
        ("对方联系人", ("contact_name", "contact_phone")),
        ("去向", ("plan", "plan_note", "ended_on", "end_reason")),
    )  # fmt: skip
    nav = ("合同台账", 56)
    nearby = (Nearby("到期一览", "catalogue:contracts", SEE_CONTRACTS),)

    @money("合同金额")
    def cell_amount(self, contract: Any) -> int | None:
        return contract.amount_fen or None

    def cell_left(self, contract: Any) -> str:
        return "" if contract.closed_at else left(contract.to_on, timezone.localdate())

    cell_left.label = "还剩"  # type: ignore[attr-defined]


@screens
class FilingScreens(Screens):
    model = LedgerFiling
    word = "台账归档"
    columns = ("number", "state", "period", "found", "next_due_at", "filed_at")
    filters = ("state",)
    panels = (("归档", ("period", "due_at", "found", "filed_at")),)
    nav = ("台账归档", 58)
    nearby = (Nearby("归档台账", "catalogue:list_ledgers", SEE), TREE)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        words = {"filed": "已归档", "none": "本月没有", "not_yet": "未归"}
        rows = [
            {
                "name": line["name"],
                "text": words[line["done"]],
                "bad": line["done"] == "not_yet",
                "where": mask_free_text(
                    f"{line['pages']} 页，{line['place']}" if line["done"] == "filed" else line["why"] or ""
                ),
            }
            for line in record.lines or ()
        ]
        return [{"title": "逐本结果", "template": "catalogue/_ledgers.html", "rows": rows}] if rows else []


place(55, "部门档案总目录", "catalogue:tree", SEE)
place(57, "权属清册", "catalogue:titles", SEE_TITLES)
offer("kernel.parameters", "catalogue:expiry_days", "合同到期提醒", "合同到期前多少天提醒，提醒两次")
