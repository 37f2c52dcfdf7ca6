"""What an administrator says about an integration: where, until when, and each thing it may do."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from yihu.basics.text import clean_line
from yihu.fronts.api.models import Integration
from yihu.fronts.api.scopes import BESIDE, of_register
from yihu.kernel.procedure import procedures

GROUP = "may_"
GONE = "没有这个选项，请刷新页面后重新勾选。"


class IntegrationForm(forms.ModelForm):
    """One box of ticks for each register."""

    until = forms.DateField(label="有效期至", help_text="最后一天；最长两年")

    class Meta:
        model = Integration
        fields = ["name", "communities", "per_minute"]
        widgets = {"communities": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, communities: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["communities"]
        places.queryset = places.queryset.filter(pk__in=[one.pk for one in communities]).order_by("pk")
        places.error_messages |= dict.fromkeys(("invalid_choice", "invalid_pk_value"), GONE)
        if self.instance.pk:
            self.initial["until"] = timezone.localdate(self.instance.expires_at)
        elif len(communities) == 1:
            self.initial["communities"] = communities
        beside = {name: words for name, (words, _) in BESIDE.items()}
        self.fields[f"{GROUP}beside"] = self._ticks("查询与个人信息", beside)
        for procedure in procedures():
            ticks = {name: words for name, (words, _) in of_register(procedure).items()}
            self.fields[f"{GROUP}{procedure.slug}"] = self._ticks(procedure.title, ticks)

    def _ticks(self, title: str, ticks: dict[str, str]) -> forms.Field:
        field = forms.MultipleChoiceField(
            label=title, required=False, choices=list(ticks.items()), widget=forms.CheckboxSelectMultiple
        )
        field.error_messages["invalid_choice"] = GONE
        field.initial = [name for name in self.instance.scopes if name in ticks]
        return field

    def sections(self) -> list[dict[str, Any]]:
        """The registers lie folded, but for those of which something is ticked."""
        first = [self[name] for name in ("name", "communities", "until", "per_minute", f"{GROUP}beside")]
        found: list[dict[str, Any]] = [{"legend": "", "fields": first, "folded": False}]
        for procedure in procedures():
            field = self[f"{GROUP}{procedure.slug}"]
            found.append({"legend": procedure.title, "fields": [field], "folded": not field.value()})
        return found

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 30)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        scopes = sorted(one for name, ticked in cleaned.items() if name.startswith(GROUP) for one in ticked)
        if not scopes and not self.errors:
            raise forms.ValidationError("请至少勾选一件准许的事。")
        self.instance.scopes = scopes
        if until := cleaned.get("until"):
            if not 2000 < until.year < 2200:
                self.add_error("until", "请核对年份。")
            else:
                self.instance.expires_at = timezone.make_aware(datetime.combine(until, time(23, 59, 59)))
        return cleaned
