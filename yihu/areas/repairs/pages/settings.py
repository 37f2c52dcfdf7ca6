"""派工方式: assigned, grabbed or by turn, with a date of force. An order keeps the mode under which it was opened."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.areas.repairs.crew import MODE, mode_of
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, coming, set_parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import ChangeForm
from yihu.kernel.settings_pages.index import offer

offer(CHANGE, "repairs:mode", "派工方式", "维修单由主管指派、师傅抢单，还是按轮次派")
WORDS = dict(WorkOrder.Dispatch.choices)


class ModeForm(ChangeForm):
    mode = forms.ChoiceField(
        label="派工方式",
        choices=WorkOrder.Dispatch.choices,
        widget=forms.RadioSelect,
        help_text="指派：主管选人。抢单：当班的本工种师傅都看到，先抢先得，超时没人抢提醒主管。"
        "轮派：程序按工种、在手多少轮着派。哪一种主管都能自己派。",
    )
    field_order = ("mode", "in_force_at", "why")


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def mode(request: HttpRequest) -> HttpResponse:
    community, now = request.community, timezone.now()
    form = ModeForm(request.POST or None, initial={"mode": mode_of(community.pk, now)})

    def save(key: str) -> None:
        given = form.cleaned_data
        old, new = WORDS[mode_of(community.pk, given["in_force_at"])], WORDS[given["mode"]]
        change = Change(MODE, given["mode"], given["in_force_at"], given["why"], "派工方式", str(old), str(new))
        set_parameter(change, community, by=request.user, key=key)

    return saving(
        request,
        form,
        save,
        template="repairs/mode.html",
        title=f"{community}的派工方式",
        done="派工方式的改动已记下，到时生效。",
        leave_url=reverse("kernel:settings"),
        context={
            "now": WORDS[mode_of(community.pk, now)],
            "coming": [
                {"since": timezone.localtime(row.in_force_at), "words": WORDS.get(row.value, row.value), "why": row.why}
                for row in coming(MODE, community, now)
            ],
            "journal": journal_of(BOOK, book_id(MODE, community), {"value": "派工方式"}),
        },
    )
