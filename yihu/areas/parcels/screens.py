"""Columns, tabs and panels of the parcels."""

from __future__ import annotations

from typing import Any

from yihu.areas.parcels.models import ParcelCustody, Sort
from yihu.basics.identity import mask_name
from yihu.kernel.screens import Gathered, Nearby, Screens, Tab, screens

S = ParcelCustody.State


@screens
class ParcelScreens(Screens):
    model = ParcelCustody
    word = "代收"
    tabs = (
        Tab("untold", "未通知", (S.HELD,), may="parcels.work", step="tell", only={"told_at__isnull": True}),
        Tab("registered", "挂号信", (S.HELD,), only={"sort": Sort.REGISTERED}),
        Tab("to_return", "待退回", (S.TO_RETURN,), step="send_back"),
    )
    columns = ("number", "state", "summary", "unit", "who", "told_at", "next_due_at", "opened_at", "picked_at")
    filters = ("state", "sort", "carrier")
    related = ("party", "opened_by")
    panels = (
        ("邮件", ("carrier", "sort", "tracking_no", "unit", "addressee", "shelf", "opened_by", "opened_at")),
        ("通知", ("told_how", "told_at", "told_times")),
        ("异常", ("fault", "fault_note")),
        ("取件", ("proof", "picked_by", "relation", "id_type", "id_last4", "picked_at")),
        ("退回", ("returned_to", "return_no", "returned_at")),
    )
    nav = ("邮件代收", 24)
    nearby = (Nearby("取件", "parcels:pickup", "parcels.see"), Nearby("各处存放", "parcels:shelves", "parcels.see"))
    gathered = Gathered("快递 {} 件待取", (S.HELD,), "parcels:pickup")

    def cell_who(self, parcel: Any) -> str:
        return mask_name(parcel.addressee)

    cell_who.label = "收件人"  # type: ignore[attr-defined]

    def cell_told_times(self, parcel: Any) -> str:
        return str(parcel.told_times or "")

    cell_told_times.label = "通知次数"  # type: ignore[attr-defined]
