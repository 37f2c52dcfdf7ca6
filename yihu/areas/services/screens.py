"""Columns, filters and panels of the service orders, the reversals and the months."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from yihu.areas.services.models import MonthList, Reversal, ServiceOrder
from yihu.areas.services.monthly import openable, replaces, shown
from yihu.basics.money import rmb_capitals, yuan
from yihu.ground.staff.codes import DEPARTMENT_NAMES
from yihu.kernel.procedure import procedure_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens

S = ServiceOrder.State


@screens
class ServiceScreens(Screens):
    model = ServiceOrder
    word = "服务单"
    tabs = (Tab("to_assign", "待派", (S.TO_ASSIGN,), may="services.assign", step="assign"),
            Tab("discounts", "优惠待批", (S.DISCOUNT,), may="services.approve"))  # fmt: skip
    columns = ("number", "state", "summary", "unit", "amount", "handler", "next_due_at", "opened_at")
    filters = ("state", "settle")
    related = ("opened_by", "party")
    panels = (
        ("服务", ("place", "content", "customer", "phone", "appointment_from", "appointment_to", "promised_at")),
        (
            "报价确认",
            ("quoted_at", "discount", "discount_reason", "accepted", "accept_way", "accepted_by", "accepted_at"),
        ),
        ("办理", ("handler", "team", "provider", "assigned_at", "started_at", "finished_at", "result")),
        ("签字结算", ("amount_due", "settle", "invoice", "opinion", "sign_refused", "signed_at")),
    )
    nav = ("特约服务", 37)
    nearby = (
        Nearby("价目表", "services:prices", "services.see_all"),
        Nearby("冲正", "kernel:list", "services.see_all", ("reversals",)),
    )

    def cell_place(self, order: Any) -> str:
        return str(order.place)

    cell_place.label = "地点"  # type: ignore[attr-defined]

    def cell_team(self, order: Any) -> str:
        return DEPARTMENT_NAMES.get(order.team, "")

    cell_team.label = "部门"  # type: ignore[attr-defined]

    def cell_amount(self, order: Any) -> str:
        """What was signed, else what the customer accepted; no question to the lines."""
        amount = order.total_fen if order.signed_at else order.accepted_fen
        return "不收费" if order.free else f"{yuan(amount)} 元" if amount or order.signed_at else ""

    cell_amount.label = "金额"  # type: ignore[attr-defined]

    def cell_discount(self, order: Any) -> str:
        return f"{yuan(order.discount_fen)} 元" if order.discount_fen else ""

    cell_discount.label = "优惠"  # type: ignore[attr-defined]

    def cell_accepted(self, order: Any) -> str:
        return f"{yuan(order.accepted_fen)} 元" if order.accepted_no else ""

    cell_accepted.label = "确认金额"  # type: ignore[attr-defined]

    def cell_amount_due(self, order: Any) -> str:
        return f"{yuan(order.total_fen)} 元（{rmb_capitals(order.total_fen)}）" if order.signed_at else ""

    cell_amount_due.label = "应收金额"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        bill = bill_of(record)
        found = [{"title": "项目与金额", "template": "services/_lines.html", "bill": bill}] if bill["lines"] else []
        reversed_ = any(one.closed_as == "" and one.state != "refused" for one in record.reversals.all())
        asker = Reversal(community=record.community)
        if (
            record.signed_at
            and record.total_fen
            and not reversed_
            and procedure_of(Reversal).opened_by.allows(person, asker)
        ):
            asked = {"number_of": record.number, "back": record.get_absolute_url()}
            url = f"{reverse('kernel:new', args=['reversals'])}?{urlencode(asked)}"
            found.append({"title": "金额有误", "template": "services/_reverse.html", "url": url})
        return found

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        return (
            {"bill": bill_of(record)}
            if step in ("line", "material", "quote", "accept", "finish", "sign", "approve")
            else {}
        )


@screens
class ReversalScreens(Screens):
    model = Reversal
    word = "冲正单"
    columns = ("number", "state", "summary", "unit", "amount", "opened_by", "opened_at")
    filters = ("state",)
    related = ("opened_by", "order")
    panels = (("冲正", ("order", "amount", "reason", "opened_by", "opened_at", "granted_at")),)

    def cell_amount(self, reversal: Any) -> str:
        return f"-{yuan(reversal.amount_fen)} 元"

    cell_amount.label = "冲正金额"  # type: ignore[attr-defined]


@screens
class MonthScreens(Screens):
    model = MonthList
    word = "月结清单"
    columns = ("number", "state", "period", "total", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    related = ("signed_by", "receiver")
    panels = (
        (
            "清单",
            ("period", "edition", "due_at", "signed_by", "signed_at", "receiver", "sent_at", "received_at", "remarks"),
        ),
    )
    nav = ("服务月结", 38)

    def cell_total(self, month: Any) -> str:
        return f"{yuan(month.total_fen)} 元" if month.signed_at else ""

    cell_total.label = "合计"  # type: ignore[attr-defined]

    def cell_edition(self, month: Any) -> str:
        instead = replaces(month) if month.edition > 1 else ""
        return f"第 {month.edition} 次，代替 {instead}" if instead else ""

    cell_edition.label = "开单"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        found = {
            "title": "各户明细" if record.signed_at or record.withdrawn else "各户明细（签字后不再变动）",
            "template": "services/_month_panel.html",
            "month": shown(record, person),
            "export_url": reverse("services:month_export", args=[record.number]),
        }
        again = {"title": "重新开单", "template": "services/_month_again.html", "url": self._again(record, person)}
        known = [found] if record.signed_at or not record.withdrawn else []  # withdrawn unsigned, it held nothing yet
        return [again, *known] if again["url"] else known

    def _again(self, record: Any, person: Any) -> str:
        """Where a withdrawn list is drawn up anew, for whoever may and as long as its month has none."""
        may = record.withdrawn and record.procedure.opened_by.allows(person, record)
        if not may or record.period not in openable(record.community_id):
            return ""
        return f"{reverse('kernel:new', args=['service-months'])}?{urlencode({'period': record.period})}"


def bill_of(order: Any) -> dict[str, Any]:
    """The lines in 元 with the total in words: what was quoted, and what was done as soon as it is."""
    done = order.finished_at is not None
    lines = order.all_lines
    total = order.actual_fen if done else order.quote_fen
    discount = order.accepted_discount_fen if done else order.discount_fen
    return {
        "lines": [
            {
                "item": f"{line.code} {line.item}".strip(),
                "quantity": f"{line.quantity.normalize():f} {line.measure}",
                "actual": f"{line.actual.normalize():f}" if line.actual is not None else "",
                "price": yuan(line.unit_price_fen),
                "amount": yuan(line.actual_fen if done else line.quoted_fen),
                "fresh": order.accepted_no > 0 and line.quote_no > order.accepted_no,
            }
            for line in lines
        ],
        "done": done,
        "discount": yuan(discount) if discount else "",
        "total": yuan(total),
        "words": rmb_capitals(total),
        "accepted": yuan(order.accepted_fen) if order.accepted_no else "",
    }
