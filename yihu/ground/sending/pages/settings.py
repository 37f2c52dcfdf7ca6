"""消息设置: what is told by itself and by which ways, the hours of rest, how many a day. A change has its day and reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.ground.sending import wording
from yihu.ground.sending.channels import channel_of
from yihu.ground.sending.models import Way
from yihu.ground.sending.rules import NAME, Rules, rules_of
from yihu.kernel import moments
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, coming, set_parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import ChangeForm, time_field

AUTOMATIC = tuple(use for use in wording.USES if use.events)


class RulesForm(ChangeForm):
    begins = time_field("免打扰开始")
    ends = time_field("免打扰结束", help_text="这段时间里不紧急的消息等到结束时再发；两个时间相同表示不设")
    per_day = forms.IntegerField(label="每位客户每天最多几条", min_value=1, max_value=50)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for use in AUTOMATIC:
            self.fields[f"ways_{use.code}"] = forms.MultipleChoiceField(
                label=f"自动发：{use.label}", choices=Way.choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        names = [f"ways_{use.code}" for use in AUTOMATIC]
        self.order_fields([*names, "begins", "ends", "per_day", "in_force_at", "why"])

    def rules(self) -> Rules:
        given = self.cleaned_data
        ways = {use.code: tuple(given[f"ways_{use.code}"]) for use in AUTOMATIC}
        return Rules(given["begins"], given["ends"], given["per_day"], ways)


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def page(request: HttpRequest) -> HttpResponse:
    community, now = request.community, timezone.now()
    current = rules_of(community.pk, now)
    initial: dict[str, Any] = {"begins": current.begins, "ends": current.ends, "per_day": current.per_day}
    initial |= {f"ways_{use.code}": list(current.ways.get(use.code, ())) for use in AUTOMATIC}
    form = RulesForm(request.POST or None, initial=initial)

    def save(key: str) -> None:
        given, rules = form.cleaned_data, form.rules()
        old = in_words(rules_of(community.pk, given["in_force_at"]))
        change = Change(NAME, rules.value(), given["in_force_at"], given["why"], "消息设置", old, in_words(rules))
        set_parameter(change, community, by=request.user, key=key)

    channels = [
        {"label": label, "text": "已接通" if channel_of(way) else "没有接通，只存在发件箱里"}
        for way, label in Way.choices
    ]
    context = {
        "channels": channels,
        "in_force": in_words(current),
        "coming": [
            f"{moments.stamp(row.in_force_at)} 起：{in_words(rules_of(community.pk, row.in_force_at))}"
            for row in coming(NAME, community, now)
        ],
        "journal": journal_of(BOOK, book_id(NAME, community), {"value": "设置"}),
    }
    return saving(
        request, form, save, template="sending/settings.html", title="消息设置", done="改动已记下，到时生效。",
        leave_url=reverse("kernel:settings"), context=context,
    )  # fmt: skip


def in_words(rules: Rules) -> str:
    """报修已派工：短信；免打扰 21:00–08:00；每天最多 5 条"""
    told = [
        f"{use.label}：{'、'.join(Way(way).label for way in rules.ways[use.code])}"
        for use in AUTOMATIC
        if rules.ways.get(use.code)
    ]
    rest = f"免打扰 {rules.begins:%H:%M}–{rules.ends:%H:%M}" if rules.begins != rules.ends else "不设免打扰"
    return "；".join([*(told or ["都不自动发"]), rest, f"每天最多 {rules.per_day} 条"])
