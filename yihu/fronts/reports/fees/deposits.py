"""押金台账 (F91): each deposit as it stood on a day: whose, of what receipt, when it is due back, what became of it; and
the lines behind its figures. Those that are due back and not asked for stand by themselves (domain.md §5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.fronts.reports.fees.asking import DayForm, address
from yihu.fronts.reports.fees.placing import narrowed, placed_words
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.models import Account, Deposit, FeeItem, Line, Voucher
from yihu.kernel.forms import is_row_number
from yihu.kernel.moments import stamp

Kind = Voucher.Kind
MOST = 500
HEADS = (
    Head("付款人", "text"), Head("押金种类", "text"), Head("收据", "text"), Head("收取日期", "text"), Head("应退日期", "text"),
    Head("收取"), Head("抵扣"), Head("退还"), Head("结存"),
)  # fmt: skip
LINE_HEADS = (
    Head("类别", "text"), Head("房屋", "text"), Head("付款人", "text"), Head("押金种类", "text"), Head("摘要", "text"),
    Head("经办人", "text"), Head("金额"),
)  # fmt: skip
# of a deposit's lines: which, and on which side they count
COLUMNS: dict[str, tuple[str, Q, int]] = {
    "taken": ("收取", Q(voucher__kind=Kind.DEPOSIT), -1),
    "deducted": ("抵扣", Q(voucher__kind=Kind.DEDUCT), 1),
    "returned": ("退还", Q(voucher__kind=Kind.RETURN), 1),
    "left": ("结存", Q(), -1),
}
SHOWS = (("held", "还有结存的"), ("due", "到期还没有退的"), ("all", "全部"))


class DepositForm(DayForm):
    """As of a day: which deposits."""

    item = forms.ModelChoiceField(FeeItem.objects.none(), label="押金种类", required=False, empty_label="各种押金")
    show = forms.ChoiceField(label="列出", required=False, choices=SHOWS)

    def __init__(self, data: Mapping[str, Any], community: Any, today: date) -> None:
        super().__init__(data, community, today)
        self.fields["item"].queryset = FeeItem.objects.filter(  # type: ignore[attr-defined]
            community=community, nature=FeeItem.Nature.DEPOSIT
        ).order_by("pk")
        self.full_clean()

    def usual(self, today: date) -> dict[str, str]:
        return {**super().usual(today), "show": "held"}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        return {**told, "show": told.get("show") or "held"}


def _asked(community: Any, asked: Mapping[str, str]) -> tuple[DepositForm, QuerySet[Deposit]]:
    """The deposits that are asked for, each with its figures at the end of the day, in 分."""
    form = DepositForm(asked, community, timezone.localdate())
    told = form.cleaned_data
    until = Q(lines__account=Account.DEPOSIT, lines__day__lte=told["day"])
    sums = {
        name: Sum("lines__amount", filter=until & _of_lines(which), default=0) * side
        for name, (_, which, side) in COLUMNS.items()
    }
    sums["remains"] = sums.pop("left")
    rows = Deposit.objects.filter(narrowed(told), community=community).annotate(**sums).exclude(taken=0)
    if told["show"] != "all":
        rows = rows.filter(remains__gt=0)
    if told["show"] == "due":
        rows = rows.filter(due_back_on__lt=told["day"])
    return form, rows.select_related("party", "unit", "item", "receipt").order_by(F("due_back_on").asc(nulls_last=True), "pk")  # fmt: skip


def _place(told: Mapping[str, Any]) -> dict[str, str]:
    """What was really chosen: a kind of deposit, a building."""
    return {name: str(told[name].pk) for name in ("item", "building") if told.get(name)}


def _of_lines(which: Q) -> Q:
    return Q(*((f"lines__{name}", value) for name, value in which.children))


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    form, rows = _asked(community, asked)
    told, most = form.cleaned_data, whole or MOST
    sheet = Sheet(
        "deposits",
        "押金台账",
        f"截至 {told['day']:%Y-%m-%d}，{dict(SHOWS)[told['show']]}{placed_words(_place(told), community)}",
        HEADS,
        form=form,
    )
    query = {"day": told["day"].isoformat(), "show": told["show"], **_place(told)}
    found = list(rows)
    block = Block("押金", "房屋", [], counted=f"共 {len(found)} 笔", empty="没有押金。")
    names = ("taken", "deducted", "returned", "remains")
    for one in found[:most]:
        of_it = [address("deposit-lines", {"day": query["day"], "deposit": one.pk, "column": name}) for name in COLUMNS]
        late = one.due_back_on is not None and one.due_back_on < told["day"] and one.remains
        values = (
            mask_free_text(one.receipt.payer_name), str(one.item), one.receipt.number, f"{timezone.localdate(one.receipt.received_at):%Y-%m-%d}",
            f"{one.due_back_on:%Y-%m-%d}{'（已到期）' if late else ''}" if one.due_back_on else "—",
            *(getattr(one, name) for name in names),
        )  # fmt: skip
        urls = ("", "", reverse("cashier:receipt", args=[one.receipt.number]), "", "", *of_it)
        block.rows.append(Row(str(one.unit or "—"), sheet.cells(values, urls)))
    totals = [sum(getattr(one, name) for one in found) for name in names]
    of_all = [address("deposit-lines", {**query, "column": name}) for name in COLUMNS]
    block.total = Row("合计", sheet.cells(("", "", "", "", "", *totals), ("", "", "", "", "", *of_all)))
    sheet.blocks, sheet.left_off = [block], max(0, len(found) - most)
    sheet.notes = ("押金是替付款人保管的钱，不是收入，不抵欠费；付款人书面同意的才抵扣。",)
    return sheet


def lines(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """What a figure of the ledger of deposits adds up."""
    form, deposits = _asked(community, asked)
    told = form.cleaned_data
    name, which, side = COLUMNS.get(asked.get("column", ""), COLUMNS["left"])
    rows = Line.objects.filter(which, community=community, account=Account.DEPOSIT, day__lte=told["day"])
    one = asked.get("deposit", "")
    rows = (
        rows.filter(deposit_id=int(one))
        if is_row_number(one)
        else rows.filter(deposit__in=[row.pk for row in deposits])
    )
    sheet = Sheet(
        "deposit-lines",
        "押金分录",
        f"{name}，截至 {told['day']:%Y-%m-%d}{placed_words(_place(told), community)}",
        LINE_HEADS,
    )
    kept = {key: value for key, value in asked.items() if value and key not in ("deposit", "column")}
    sheet.back = (address("deposits", kept), "押金台账")
    found = list(rows.select_related("voucher__by", "unit", "party", "item").order_by("pk"))
    most = whole or MOST
    block = Block("分录", "日期", [_line(sheet, line, side) for line in found[:most]], counted=f"共 {len(found)} 条")
    block.total = Row("合计", sheet.cells(("", "", "", "", "", "", side * sum(line.amount for line in found))))
    sheet.blocks, sheet.left_off = [block], max(0, len(found) - most)
    return sheet


def _line(sheet: Sheet, line: Line, side: int) -> Row:
    voucher = line.voucher
    values = (
        voucher.get_kind_display() + ("（冲销）" if voucher.reverses_id else ""), str(line.unit or "—"),
        mask_free_text(str(line.party or "")), str(line.item), mask_free_text(voucher.words), str(voucher.by), side * line.amount,
    )  # fmt: skip
    return Row(f"{line.day:%Y-%m-%d}", sheet.cells(values), sub=stamp(voucher.at)[-5:])
