"""我的通知: by which ways the bell rings outside the program, and when it must not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yihu.ground.sending import mine
from yihu.ground.sending.addresses import NOUN, wrong
from yihu.ground.sending.channels import channel_of
from yihu.ground.sending.models import StaffQuiet, StaffWay, Way
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import TidyForm, time_field

OFFERED = (Way.MAIL, Way.SMS, Way.WECOM, Way.PUSH)


class MineForm(TidyForm):
    """One switch and one address for each way; one's own hours of rest if one wants others than the community's."""

    begins = time_field("免打扰开始", required=False)
    ends = time_field("免打扰结束", required=False, help_text="不填就按项目的免打扰时间")

    def __init__(self, *args: Any, known: dict[str, StaffWay], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        for way in OFFERED:
            row = known.get(way) or StaffWay(way=way)
            address = StaffWay._meta.get_field("address").formfield(label=NOUN[way], required=False, max_length=80)
            address.initial = row.address
            note = "" if channel_of(way) else "这条通道还没有接通，打开也不会发出"
            self.fields[f"on_{way}"] = forms.BooleanField(
                label=f"{way.label}通知我", required=False, initial=row.on_since is not None, help_text=note
            )
            self.fields[f"to_{way}"] = address
        self.order_fields([*(name for way in OFFERED for name in (f"on_{way}", f"to_{way}")), "begins", "ends"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for way in OFFERED:
            name = f"to_{way}"
            known = self.known.get(way)
            needed = bool(cleaned.get(f"on_{way}")) and not (known and known.address)
            if name not in self.errors and (sentence := wrong(way, cleaned.get(name), needed=needed)):
                self.add_error(name, sentence)
        if (cleaned.get("begins") is None) != (cleaned.get("ends") is None):
            self.add_error("ends", "免打扰的开始和结束要一起填，或者都不填。")
        return cleaned


@require_http_methods(["GET", "POST"])
@policy(signed_in=True)
def page(request: HttpRequest) -> HttpResponse:
    person = request.user
    known = {row.way: row for row in StaffWay.objects.filter(account=person)}
    quiet = StaffQuiet.objects.filter(account=person).first()
    initial = {"begins": quiet.begins, "ends": quiet.ends} if quiet else {}
    form = MineForm(request.POST or None, known=known, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            ways = {way.value: (bool(given[f"on_{way}"]), given[f"to_{way}"] or "") for way in OFFERED}
            rest = (given["begins"], given["ends"]) if given["begins"] is not None else None
            mine.choose(person, ways, rest, key=key_of(request))
            messages.success(request, "已保存。", extra_tags=request.path)
            return redirect(request.path)
    context = {
        "title": "我的通知",
        "form": form,
        "key": key_of(request),
        "submit_label": "保存",
        "leave_url": "/",
        "help": "程序里的提醒一直都有。这里选的是：一分钟内没在程序里看的提醒，另外从哪里叫您。外面的通知只写单号，不写内容。",
        "journal": journal_of(mine.BOOK, person.pk),
    }
    return render(request, "sending/mine.html", context, status=status)
