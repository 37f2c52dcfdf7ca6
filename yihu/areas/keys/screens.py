"""Columns, filters and panels of the keys' registers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.keys.models import Custody, KeyLoan, LossReport, VacantCheck
from yihu.basics.money import yuan
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.places import place

LEDGER = (Nearby("钥匙台账", "keys:ledger", "keys.see"), Nearby("扫标签", "keys:desk", "keys.see"))


@screens
class LoanScreens(Screens):
    model = KeyLoan
    word = "钥匙使用登记"
    tabs = (
        Tab("to_approve", "待批准", (KeyLoan.State.ASKED,), step="approve"),
        Tab("to_give", "待发放", (KeyLoan.State.APPROVED,), may="keys.keep"),
        Tab("out", "借出", (KeyLoan.State.OUT,), may="keys.see"),
    )
    columns = ("number", "state", "summary", "unit", "next_due_at", "opened_at", "back_at")
    filters = ("state", "act", "borrower_kind")
    related = ("key", "staff", "job", "escort", "opened_by", "approved_by", "given_by", "taken_by")
    panels = (
        ("借用", ("key", "act", "borrower_kind", "borrower", "company", "phone", "id_last4", "job", "reason", "escort", "due_at")),
        ("同意与批准", ("consent_from", "consent_at", "approved_by", "approved_at", "refusal")),
        ("收发", ("out_at", "given_by", "back_at", "returned_by", "taken_by", "condition", "copies", "chased")),
    )  # fmt: skip
    nav = ("钥匙使用登记", 52)
    nearby = LEDGER

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        lose = f"{reverse('kernel:new', args=['key-losses'])}?tag={record.key.tag}" if record.is_out else ""
        return [{"title": "这把钥匙", "template": "keys/_key_of.html", "key": record.key, "lose_url": lose}]


@screens
class CustodyScreens(Screens):
    model = Custody
    word = "钥匙委托"
    columns = ("number", "state", "signer", "unit", "purpose", "opened_at", "released_at")
    filters = ("state", "purpose")
    related = ("kept_by", "released_by", "opened_by", "party")
    panels = (
        ("委托", ("signer", "capacity", "id_type", "id_last4", "phone", "purpose", "purpose_note", "allowed", "from_on", "to_on")),
        ("收下", ("receipt", "signed_at", "kept_by")),
        (
            "解除",
            ("released_at", "released_to", "release_id_type", "release_id_last4", "receipt_returned", "no_receipt_reason", "released_by"),
        ),
    )  # fmt: skip
    nav = ("钥匙委托", 52)
    nearby = LEDGER

    def cell_receipt(self, custody: Any) -> str:
        return str(custody.receipt_no) + ("（已作废）" if custody.released_at else "")

    cell_receipt.label = "回执编号"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = record.keysets.select_related("hook__cabinet").order_by("pk")
        return [{"title": "钥匙", "template": "keys/_keys.html", "rows": list(rows)}]


@screens
class LossScreens(Screens):
    model = LossReport
    word = "遗失损坏报告"
    columns = ("number", "state", "summary", "unit", "next_due_at", "opened_at")
    filters = ("state", "what")
    related = ("key", "told_supervisor", "opened_by", "borrowing")
    panels = (
        ("情况", ("key", "what", "found_at", "cause", "last_holder", "opened_by")),
        ("告知", ("told_supervisor", "told_supervisor_at", "told_owner", "told_owner_at")),
        ("处理", ("remedy", "remedy_note", "cost", "payer", "done_at")),
    )
    nav = ("钥匙遗失损坏", 53)
    nearby = LEDGER

    def cell_cost(self, report: Any) -> str:
        return f"{yuan(report.cost_fen)} 元" if report.cost_fen is not None else ""

    cell_cost.label = "费用"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return [{"title": "这把钥匙", "template": "keys/_key_of.html", "key": record.key, "lose_url": ""}]


@screens
class VacantScreens(Screens):
    model = VacantCheck
    word = "看房后检查"
    columns = ("number", "state", "unit", "handler", "next_due_at", "opened_at", "checked_at")
    filters = ("state",)
    related = ("borrowing",)
    panels = (
        ("检查", ("borrowing", "doors_shut", "utilities_off", "nothing_left", "problem", "checked_at", "remedy")),
    )  # fmt: skip
    nav = ("看房后检查", 53)


place(51, "扫标签", "keys:desk", "keys.see", icon="search")
place(51, "钥匙台账", "keys:ledger", "keys.see")
