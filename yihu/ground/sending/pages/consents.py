"""联系方式与同意: which ways a customer agreed to, since when and how; agreeing, renewing, taking it back."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yihu.ground.estate.models import Party
from yihu.ground.sending import consents
from yihu.ground.sending.addresses import wrong
from yihu.ground.sending.models import ContactWay, Way
from yihu.ground.sending.outbox import CONSENT
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.forms import not_ahead, tidy
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import back_url


class ConsentForm(forms.ModelForm):
    """What the customer agreed to, when and how; the address only where the card does not hold it."""

    class Meta:
        model = ContactWay
        fields = ["way", "address", "consent_how", "consent_at"]
        widgets = {
            "way": forms.RadioSelect,
            "consent_how": forms.RadioSelect,
            "consent_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("way", "consent_how"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        address = ContactWay._meta.get_field("address").formfield(max_length=80, required=False)
        address.help_text = "短信不填就用客户档案上的电话"
        self.fields["address"] = address

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def clean_consent_at(self) -> Any:
        return not_ahead(self, "consent_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        way, address = cleaned.get("way"), cleaned.get("address")
        if way and "address" not in self.errors:
            known = ContactWay.objects.filter(party=self.instance.party, way=way).exclude(address="").exists()
            on_card = way == Way.SMS and self.instance.party.phone
            if sentence := wrong(way, address, needed=not (known or on_card)):
                self.add_error("address", sentence)
        return cleaned


@require_http_methods(["GET", "POST"])
@policy(may=CONSENT)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    party = party_or_404(request, pk)
    row = ContactWay(party=party, community_id=party.community_id)
    form = ConsentForm(request.POST or None, instance=row, initial={"consent_at": timezone.localtime(), "way": Way.SMS})
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                consents.agree(form.instance, by=request.user, key=key_of(request))
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
            else:
                messages.success(request, "已登记同意。", extra_tags=request.path)
                return redirect(request.get_full_path())
    context = {
        "title": "联系方式与同意",
        "subtitle": party.name,
        "record": party,
        "form": form,
        "key": key_of(request),
        "fresh_key": uuid.uuid4().hex,
        "refusal": refusal,
        "ways": [_shown(one) for one in party.contact_ways.select_related("party", "consent_by").order_by("way")],
        "submit_label": "登记同意",
        "leave_url": back_url(request, party.get_absolute_url()),
        "journal": journal_of(consents.BOOK, consents.book_id(party)),
    }
    return render(request, "sending/consents.html", context, status=status)


def _shown(row: ContactWay) -> dict[str, Any]:
    address = str(row.address) or (f"{row.party.phone}（档案电话）" if row.way == Way.SMS else "")
    return {
        "pk": row.pk,
        "label": row.get_way_display(),
        "address": address,
        "in_force": row.in_force,
        "words": f"{moments.day(row.consent_at)} {row.get_consent_how_display()}，{row.consent_by}登记"
        + (f"；{moments.day(row.withdrawn_at)} 撤回" if row.withdrawn_at else ""),
    }


@require_POST
@policy(may=CONSENT)
def withdraw(request: HttpRequest, pk: int, way_pk: int) -> HttpResponse:
    party = party_or_404(request, pk)
    row = get_object_or_404(ContactWay.objects.select_related("party"), pk=way_pk, party=party)
    try:
        consents.withdraw(row, by=request.user, key=key_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "已登记撤回，从现在起不再发。")
    return redirect("sending:consents", pk=party.pk)


def party_or_404(request: HttpRequest, pk: int) -> Any:
    places = grants_of(request.user).communities_with(CONSENT)
    return get_object_or_404(Party.objects.select_related("community"), pk=pk, community_id__in=places)
