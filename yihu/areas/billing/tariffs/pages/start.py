"""The prices of the usual items typed in one go: what is left empty is not charged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.areas.billing.tariffs import setting
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.usual import unpriced
from yihu.ground.ledger.posting import TARIFF
from yihu.kernel.plain_pages import saving
from yihu.kernel.policy import policy


class StartForm(forms.Form):
    from_on = forms.DateField(label="自何日起", widget=forms.DateInput(attrs={"type": "date"}))
    document = forms.CharField(
        label="依据文件",
        max_length=80,
        initial="前期物业服务合同",
        help_text="公示表上写的依据；个别不同的以后另定新价",
    )

    def __init__(self, data: Any, community: Any) -> None:
        self.usual = unpriced(community)
        super().__init__(data, initial={"from_on": timezone.localdate().replace(day=1)})
        for item, tariff in self.usual:
            self.fields[f"price_{item.pk}"] = forms.DecimalField(
                label=f"{item.name}（元{_unit(tariff)}）", required=False, min_value=Decimal("0.0001"), max_digits=12, decimal_places=4,
                help_text=tariff.way, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip

    def field_sections(self) -> list[dict[str, Any]]:
        prices = [self[f"price_{item.pk}"] for item, _ in self.usual]
        return [
            {"legend": "", "fields": [self["from_on"], self["document"]], "folded": False},
            {"legend": "价格（不收的空着）", "fields": prices, "folded": False},
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.tariffs():
            raise forms.ValidationError("请至少填写一个价格。")
        return cleaned

    def tariffs(self) -> list[Tariff]:
        told, found = self.cleaned_data, []
        for item, tariff in self.usual:
            price = told.get(f"price_{item.pk}")
            if price:
                tariff.price, tariff.from_on, tariff.document = price, told["from_on"], told["document"]
                found.append(tariff)
        return found


def _unit(tariff: Tariff) -> str:
    return Tariff(
        **{name: getattr(tariff, name) for name in ("kind", "measure", "cycle", "per")}, price=Decimal(0)
    ).price_words.partition("元")[2]


@require_http_methods(["GET", "POST"])
@policy(may=TARIFF)
def start(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST or None, request.community)

    def save(key: str, seen: int | None) -> None:
        setting.set_prices(form.tariffs(), by=request.user, key=key)

    return saving(
        request, form, save, register=setting.BOOK, row_id=None, labels={}, template="kernel/step.html", title="一次填好常用项目的价格",
        done="已保存。", leave_url=lambda: reverse("tariffs:prices"), help="算法、周期已按通常的填好；要改的以后逐项定新价。",
    )  # fmt: skip
