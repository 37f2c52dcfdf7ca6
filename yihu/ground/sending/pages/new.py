"""发消息给业主: from a record or a unit; the clerk sees the words before they go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.basics.text import clean_line
from yihu.ground.estate.models import Unit
from yihu.ground.sending import outbox, wording
from yihu.ground.sending.models import ContactWay, Way
from yihu.ground.sending.outbox import SEND
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.forms import tidy
from yihu.kernel.models import Record
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none


class NewForm(forms.Form):
    """To whom, by which way, in which words; only what those words need is asked for besides."""

    threat = ""
    party = forms.ChoiceField(label="发给", widget=forms.RadioSelect)
    code = forms.ChoiceField(label="用途", widget=forms.RadioSelect)
    way = forms.ChoiceField(label="方式", widget=forms.RadioSelect, choices=Way.choices, initial=Way.SMS)
    when = forms.CharField(label="时间", required=False, max_length=60, help_text="例如 11月5日 14:00–16:00")
    what = forms.CharField(label="事由", required=False, max_length=60, help_text="例如 二次供水水箱清洗、三季度物业费")

    def __init__(self, data: Any, *, parties: list[Any], place: Any, record: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.parties, self.place, self.record = {str(one.pk): one for one in parties}, place, record
        self.fields["party"].choices = [(str(one.pk), one.name) for one in parties]
        uses = [use for use in wording.USES if use.by_hand and (record is not None or "单号" not in use.places)]
        self.fields["code"].choices = [(use.code, use.label) for use in uses]
        for name, word in (("when", "时间"), ("what", "事由")):
            asking = [use.code for use in uses if word in wording.PLACE.findall(self._text(use.code))]
            self.fields[name].when = f"code={' '.join(asking)}"  # shown only beside the uses that need it

    def _text(self, code: str) -> str:
        return wording.in_force(code, self.place.community_id).text

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def typed(self) -> dict[str, str]:
        given = {"时间": self.cleaned_data.get("when", ""), "事由": self.cleaned_data.get("what", "")}
        asked = wording.PLACE.findall(self._text(self.cleaned_data["code"]))
        return {name: clean_line(text, 60) for name, text in given.items() if text and name in asked}

    def values(self) -> dict[str, str]:
        party = self.parties[self.cleaned_data["party"]]
        known = wording.values_of(
            community=self.place.community,
            party=party,
            unit=self.place.unit if self.record else self.place,
            record=self.record,
        )
        return {**known, **self.typed()}

    def text(self) -> str:
        return wording.fill(self._text(self.cleaned_data["code"]), self.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        names = {"时间": "when", "事由": "what"}
        for gap in wording.missing(self._text(cleaned["code"]), self.values()):
            if gap in names:
                self.add_error(names[gap], f"请填写{gap}。")
            else:
                self.add_error("code", f"这张单上还没有“{gap}”，请先在单上办好，或选别的用途。")
        reason = outbox.no_consent(self.parties[cleaned["party"]], cleaned["way"])
        if reason:
            self.add_error("way", reason)
        elif sentence := wording.refusal(wording.BY_CODE[cleaned["code"]], self.record, self.text()):
            self.add_error("what", sentence)
            self.threat = self.text()
        return cleaned


@require_http_methods(["GET", "POST"])
@policy(may=SEND)
def page(request: HttpRequest) -> HttpResponse:
    unit, record = _about(request)
    place = record or unit
    parties = outbox.recipients(unit=unit, record=record, day=timezone.localdate())
    leave = record.get_absolute_url() if record else unit.get_absolute_url()
    initial = {"party": request.GET.get("party") or (str(parties[0].pk) if parties else "")}
    if record is not None:
        # the record knows the time; it may be written otherwise
        initial["when"] = wording.values_of(
            community=record.community, party=parties[0], unit=record.unit, record=record
        )["时间"] if parties else ""  # fmt: skip
    form = NewForm(request.POST or None, parties=parties, place=place, record=record, initial=initial)
    status, refusal, preview = 200, "", ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if request.POST.get("act") != "send":
                status, preview = 200, "" if request.POST.get("act") == "back" else form.text()
            else:
                try:
                    made = _send(request, form, unit, record)
                except Refused as refused:
                    status, refusal = refused.status, refused.sentence
                else:
                    messages.success(request, "已写入发件箱，马上发出。")
                    return redirect(made or leave)
        elif form.threat:
            where = f"发消息 {record.number if record else unit.label}"
            wording.put_down(place.community_id, request.user, where, form.threat)
    context = {
        "title": "发消息给业主",
        "subtitle": str(record.number if record else unit.label),
        "record": place,
        "form": form,
        "key": key_of(request),
        "refusal": refusal,
        "preview": preview,
        "parties": [
            {
                "name": one.name,
                "url": f"{reverse('sending:consents', args=[one.pk])}?back={leave}",
                "agreed": _agreed(one),
            }
            for one in parties
        ],
        "submit_label": "看一看再发",
        "leave_url": leave,
    }
    return render(request, "sending/look.html" if preview else "sending/new.html", context, status=status)


def _send(request: HttpRequest, form: NewForm, unit: Any, record: Any) -> Any:
    given = form.cleaned_data
    return outbox.send_by_hand(
        party=form.parties[given["party"]], way=given["way"], code=given["code"], typed=form.typed(), by=request.user,
        key=key_of(request), unit=unit or record.unit, record=record,
    )  # fmt: skip


def _agreed(party: Any) -> str:
    rows = ContactWay.objects.filter(party=party, withdrawn_at__isnull=True).order_by("way")
    ways = "、".join(row.get_way_display() for row in rows)
    return f"同意：{ways}" if ways else "还没有同意任何方式，点这里登记"


def _about(request: HttpRequest) -> tuple[Any, Any]:
    """The unit, or the record, that the message is about; only where the person may send."""
    places = grants_of(request.user).communities_with(SEND)
    if number := request.GET.get("record", ""):
        rows = Record.objects.seen_by(request.user).filter(number=number, community_id__in=places)
        row = rows.select_related("community", "unit").first()
        if row is None:
            raise Http404
        return None, row.typed
    units = Unit.objects.select_related("community", "cluster", "building").filter(community_id__in=places)
    return get_object_or_404(units, pk=number_or_none(request.GET.get("unit"))), None
