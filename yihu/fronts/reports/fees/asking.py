"""What a fee report is asked for: which months of service, as of which day, which part of the estate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import timezone

from yihu.areas.billing.notices.models import Round
from yihu.basics.months import Month
from yihu.fronts.reports.fees.measures import Choice
from yihu.fronts.reports.fees.placing import placed
from yihu.ground.estate.models import Building, Cluster
from yihu.ground.ledger.models import FeeItem

MONTHS_BACK, MONTHS_AHEAD = 60, 1
BILLED_BY = 26  # the notices of a month are printed by then (FEE-05)


def usual(today: date) -> Month:
    """This month once its notices are out, the one before until then."""
    here = Month.of(today)
    return here if today.day >= BILLED_BY else here.before


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def months(today: date) -> list[tuple[str, str]]:
    here = Month.of(today)
    for _ in range(MONTHS_AHEAD):
        here = here.after
    found = []
    for _ in range(MONTHS_BACK):
        found.append((here.code, str(here)))
        here = here.before
    return found


def years() -> list[tuple[str, str]]:
    this = timezone.localdate().year
    return [(str(year), f"{year} 年") for year in range(this + 1, this - 10, -1)]


class _Form(forms.Form):
    """Wrong choices fall back to the usual ones: a report always shows something, and says what.

    ``besides``: what may be chosen of a field before its months."""

    besides: Mapping[str, tuple[tuple[str, str], ...]] = {}

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
                asked = Month.read(given.get(name, ""))
                known = months(today)
                if asked and asked.code not in dict(known):
                    known.append((asked.code, str(asked)))
                self.fields[name].choices = [*self.besides.get(name, ()), *known]  # type: ignore[attr-defined]
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
        month = usual(today).code
        return {"first": month, "last": month, "day": today.isoformat()}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = (Month.read(told.get(name) or "") or usual(self.today) for name in ("first", "last"))
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
        return {"month": Month.of(today).code}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        return {**told, "month": Month.read(told.get("month") or "") or Month.of(self.today)}


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


def choice_of(asked: Mapping[str, str], community: Any, today: date | None = None) -> tuple[Choice, SpanForm]:
    """The same words in the address of a report and of what stands behind its figures."""
    form = SpanForm(asked, community, today or timezone.localdate())
    told = form.cleaned_data
    return Choice(community, told["first"], told["last"], told["day"], placed(asked)), form


def query_of(choice: Choice, **more: Any) -> dict[str, Any]:
    return {
        "first": choice.first.code,
        "last": choice.last.code,
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


def stewards(community: Any, rows: Iterable[dict[str, Any]]) -> dict[Any, str]:
    """Who looks after each row's building as 送达分工 says today (FEE-10); their names. Nothing where nobody is named."""
    rounds = Round.objects.filter(community=community, shown=True).select_related("steward").order_by("steward", "pk")
    ways = {one.building_id: one.steward for one in rounds}
    for row in rows:
        steward = ways.get(row["unit__building_id"])
        row["steward"] = steward.pk if steward else None
    return {one.pk: str(one) for one in ways.values()}


def items(community: Any) -> dict[Any, str]:
    return {row.pk: row.name for row in FeeItem.objects.filter(community=community).order_by("pk")}
