"""What a sheet of the books is asked for: a month or several, an account, whose income and cost, one sub-account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from yihu.basics.months import Month
from yihu.fronts.reports.fees.asking import MonthForm, address
from yihu.fronts.reports.fees.placing import NOWHERE
from yihu.ground.ledger.models import Account
from yihu.ground.ledger.surplus import Whose, lines_of
from yihu.kernel.forms import is_row_number

ALL, BEGINNING = "all", Month(2000, 1)  # no books are older


class BookForm(MonthForm):
    """A month; for the ledger of an account which; for its postings also from which month on, and of whose side."""

    first = forms.ChoiceField(label="自哪个月起", required=False)
    account = forms.ChoiceField(label="科目", required=False, choices=[("", "各科目"), *Account.choices])
    side = forms.ChoiceField(label="收支", required=False, choices=[("", "全部"), *Whose.choices])
    field_order = ("month", "first", "account", "side")
    besides = {"first": (("", "只看这个月"), (ALL, "开账以来"))}

    def __init__(self, *args: Any, keeps: tuple[str, ...] = (), **kwargs: Any) -> None:
        kept = ("month", *keeps)
        self.base_fields = {name: field for name, field in self.base_fields.items() if name in kept}  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        month, first = told["month"], told.get("first") or ""
        first = BEGINNING if first == ALL else Month.read(first)
        return {**told, "first": first if first is not None and first.first < month.first else month}


@dataclass(frozen=True)
class Span:
    """Months of the books, and which lines of them."""

    first: Month
    last: Month
    account: str = ""
    side: str = ""
    item: str = ""
    cost: str = ""

    @property
    def several(self) -> bool:
        return self.first != self.last

    @property
    def words(self) -> str:
        if self.first == BEGINNING:
            return f"开账至{self.last}"
        return f"{self.first}至{self.last}" if self.several else str(self.last)

    @property
    def since_opening(self) -> Span:
        """The same lines from the opening of the books: they add up to the balance at the end."""
        return replace(self, first=BEGINNING)

    @property
    def before(self) -> Span:
        """All that is older: it adds up to the balance at first."""
        return replace(self, first=BEGINNING, last=self.first.before)

    @property
    def narrow(self) -> Q:
        found = Q(account=self.account) if self.account else Q()
        if self.side:
            found &= lines_of(Whose(self.side))
        for name, value in (("item", self.item), ("cost", self.cost)):
            if value == NOWHERE:
                found &= Q(**{f"{name}__isnull": True})
            elif value:
                found &= Q(**{name: int(value)})
        return found

    def address(self, report: str = "detail", **more: Any) -> str:
        """Where these lines stand."""
        asked = {
            "first": ALL if self.first == BEGINNING else self.first.code if self.several else "", "account": self.account, "side": self.side,
            "item": self.item, "cost": self.cost, **more,
        }  # fmt: skip
        return address(
            report, {"month": self.last.code, **{name: value for name, value in asked.items() if value != ""}}
        )


def span_of(community: Any, asked: Mapping[str, str]) -> tuple[Span, BookForm]:
    form = BookForm(asked, community, timezone.localdate(), keeps=("first", "account", "side"))
    told = form.cleaned_data
    subs = [
        one if one == NOWHERE or is_row_number(one) else "" for one in (asked.get("item", ""), asked.get("cost", ""))
    ]
    return Span(told["first"], told["month"], told.get("account") or "", told.get("side") or "", *subs), form
