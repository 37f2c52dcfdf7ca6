"""What a fee report is asked for: which months of service, as of which day, which part of the estate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yihu.basics.months import Month
from yihu.fronts.reports.fees.measures import Choice
from yihu.ground.estate.models import Building, Cluster
from yihu.ground.ledger.models import Account, FeeItem
from yihu.kernel.forms import is_row_number

MONTHS_BACK, MONTHS_AHEAD = 60, 1
BILLED_BY = 26  # the notices of a month are printed by then (FEE-05)
NOWHERE = "none"
PLACES = {"cluster": "unit__cluster", "building": "unit__building", "unit": "unit", "item": "item", "party": "party"}


def usual(today: date) -> Month:
    """This month once its notices are out, the one before until then."""
    here = Month.of(today)
    return here if today.day >= BILLED_BY else here.before


def written(month: Month) -> str:
    return f"{month.year}-{month.month:02d}"


def read(text: str) -> Month | None:
    year, _, month = str(text).partition("-")
    if year.isdecimal() and month.isdecimal() and 2000 <= int(year) <= 2100 and 1 <= int(month) <= 12:
        return Month(int(year), int(month))
    return None


def months(today: date) -> list[tuple[str, str]]:
    here = Month.of(today)
    for _ in range(MONTHS_AHEAD):
        here = here.after
    found = []
    for _ in range(MONTHS_BACK):
        found.append((written(here), str(here)))
        here = here.before
    return found


def years() -> list[tuple[str, str]]:
    this = timezone.localdate().year
    return [(str(year), f"{year} 年") for year in range(this + 1, this - 10, -1)]


class _Form(forms.Form):
    """Wrong choices fall back to the usual ones: a report always shows something, and says what."""

    def __init__(self, data: Mapping[str, Any], community: Any, today: date) -> None:
        self.community, self.today = community, today
        given = {name: value for name, value in data.items() if value}
        super().__init__({**self.usual(today), **given})
        for name, queryset in (
            ("building", Building.objects.filter(community=community).order_by("pk")),
            ("item", FeeItem.objects.filter(community=community).exclude(nature=FeeItem.Nature.DEPOSIT).order_by("pk")),
        ):
            if name in self.fields:
                self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        for name in ("first", "last", "month"):
            if name in self.fields:
                asked = read(given.get(name, ""))
                known = months(today)
                if asked and written(asked) not in dict(known):
                    known.append((written(asked), str(asked)))
                self.fields[name].choices = known  # type: ignore[attr-defined]
        self.is_valid()

    def usual(self, today: date) -> dict[str, str]:
        return {}

    def told(self, name: str) -> Any:
        return self.cleaned_data.get(name)


def _month(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


def _building() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Building.objects.none(), label="楼栋", required=False, empty_label="各楼栋")


def _item(empty: str | None = "各项目") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(FeeItem.objects.none(), label="收费项目", required=empty is None, empty_label=empty)


def _day() -> forms.DateField:
    return forms.DateField(label="截至", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class SpanForm(_Form):
    """Months of service from … to …, as of a day."""

    first = _month("账期自")
    last = _month("至")
    day = _day()
    building = _building()
    item = _item()

    def usual(self, today: date) -> dict[str, str]:
        month = written(usual(today))
        return {"first": month, "last": month, "day": today.isoformat()}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = (read(told.get(name) or "") or usual(self.today) for name in ("first", "last"))
        day = told.get("day") or self.today
        if not 2000 <= day.year <= 2100:
            day = self.today
        return {**told, "first": min(first, last, key=lambda one: one.first), "last": last if last.first >= first.first else first, "day": day}  # fmt: skip


class DayForm(_Form):
    """As of a day."""

    day = _day()
    building = _building()
    item = _item()

    def usual(self, today: date) -> dict[str, str]:
        return {"day": today.isoformat()}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        day = told.get("day") or self.today
        return {**told, "day": day if 2000 <= day.year <= 2100 else self.today}


class MonthForm(_Form):
    """A calendar month of the books."""

    month = _month("月份")
    building = _building()
    item = _item()

    def usual(self, today: date) -> dict[str, str]:
        return {"month": written(Month.of(today))}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        return {**told, "month": read(told.get("month") or "") or Month.of(self.today)}


class BookForm(MonthForm):
    """A month, and for a ledger of one account which."""

    account = forms.ChoiceField(label="科目", required=False, choices=[("", "各科目"), *Account.choices])
    field_order = ("month", "account")

    def __init__(self, *args: Any, account: bool = True, **kwargs: Any) -> None:
        self.base_fields = {name: field for name, field in self.base_fields.items() if name not in ("building", "item")}  # type: ignore[misc]
        if not account:
            del self.base_fields["account"]
        super().__init__(*args, **kwargs)


class YearForm(_Form):
    """A year of service months, of one fee item."""

    year = forms.ChoiceField(label="年度", required=False, choices=years)
    item = _item("各项目")
    building = _building()
    show = forms.ChoiceField(
        label="列出", required=False, choices=[("paid", "已收"), ("base", "应收"), ("left", "欠费"), ("waived", "减免")]
    )

    def usual(self, today: date) -> dict[str, str]:
        return {"year": str(today.year), "show": "paid"}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        return {**told, "year": int(told.get("year") or self.today.year), "show": told.get("show") or "paid"}


def narrowed(told: Mapping[str, Any]) -> Q:
    """Chosen in a form: a building, an item."""
    found = Q()
    for name in ("building", "item"):
        if told.get(name):
            found &= Q(**{PLACES[name]: told[name]})
    return found


def placed(asked: Mapping[str, str]) -> Q:
    """Named in the address of a figure: a cluster, a building, a household, an item, a payer; or what has none."""
    found = Q()
    for name, column in PLACES.items():
        value = asked.get(name, "")
        if value == NOWHERE:
            found &= Q(**{f"{column}__isnull": True})
        elif is_row_number(value):
            found &= Q(**{column: int(value)})
    return found


def choice_of(asked: Mapping[str, str], community: Any, today: date | None = None) -> tuple[Choice, SpanForm]:
    """The same words in the address of a report and of what stands behind its figures."""
    form = SpanForm(asked, community, today or timezone.localdate())
    told = form.cleaned_data
    return Choice(community, told["first"], told["last"], told["day"], placed(asked)), form


def query_of(choice: Choice, **more: Any) -> dict[str, Any]:
    return {
        "first": written(choice.first),
        "last": written(choice.last),
        "day": choice.day.isoformat(),
        **{name: value for name, value in more.items() if value not in ("", None)},
    }


def address(report: str, query: Mapping[str, Any]) -> str:
    return f"{reverse('reports:fees', args=[report])}?{urlencode(query)}"


def clusters(community: Any) -> dict[Any, str]:
    return {row.pk: row.name for row in Cluster.objects.filter(community=community).order_by("pk")}


def buildings(community: Any) -> dict[Any, str]:
    rows = Building.objects.filter(community=community).select_related("cluster").order_by("cluster__pk", "pk")
    return {row.pk: f"{row.cluster.name} {row}" if row.cluster else str(row) for row in rows}


def items(community: Any) -> dict[Any, str]:
    return {row.pk: row.name for row in FeeItem.objects.filter(community=community).order_by("pk")}
