"""钥匙核查日: on which days of the week the cabinets are counted, with a date of force."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.areas.keys.counting.schedules import DAYS, days_of, said
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, coming, set_parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import WEEKDAYS, ChangeForm
from yihu.kernel.settings_pages.index import offer

offer(CHANGE, "counting:days", "钥匙核查日", "每周哪几天核查钥匙柜")


class DaysForm(ChangeForm):
    days = forms.TypedMultipleChoiceField(
        label="核查日", choices=list(enumerate(WEEKDAYS)), coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text="每周至少两天。当天前台不上班的，顺延到下一个上班日。",
    )  # fmt: skip
    field_order = ("days", "in_force_at", "why")

    def clean_days(self) -> list[int]:
        days: list[int] = sorted(self.cleaned_data["days"])
        if len(days) < 2:
            raise forms.ValidationError("钥匙每周至少核查两次，请选两天或更多。")
        return days


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def days(request: HttpRequest) -> HttpResponse:
    community, now = request.community, timezone.now()  # type: ignore[attr-defined]
    form = DaysForm(request.POST or None, initial={"days": days_of(community.pk, now)})

    def save(key: str) -> None:
        given = form.cleaned_data
        old, new = said(days_of(community.pk, given["in_force_at"])), said(given["days"])
        change = Change(DAYS, given["days"], given["in_force_at"], given["why"], "钥匙核查日", old, new)
        set_parameter(change, community, by=request.user, key=key)

    return saving(
        request,
        form,
        save,
        template="counting/days.html",
        title=f"{community}的钥匙核查日",
        done="钥匙核查日的改动已记下，到时生效。",
        leave_url=reverse("kernel:settings"),
        context={
            "now": said(days_of(community.pk, now)),
            "coming": [
                {"since": timezone.localtime(row.in_force_at), "words": said(row.value), "why": row.why}
                for row in coming(DAYS, community, now)
            ],
            "journal": journal_of(BOOK, book_id(DAYS, community), {"value": "钥匙核查日"}),
        },
    )
