"""消息模板: what stands in each message, what it will look like, who approved it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.basics.text import clean_line
from yihu.ground.sending import drafts, wording
from yihu.ground.sending.models import Wording
from yihu.ground.sending.outbox import APPROVE, DRAFT, SEE
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.forms import tidy
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy

State = Wording.State
TONES = {State.DRAFT: "state-check", State.APPROVED: "state-done", State.REFUSED: "state-void"}


class DraftForm(forms.ModelForm):
    class Meta:
        model = Wording
        fields = ["text", "urgent", "from_on"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "from_on": forms.DateInput(attrs={"type": "date"})}
        help_texts = {
            "urgent": "紧急的消息不受免打扰时间和每天条数的限制，例如停水",
            "from_on": "批准以后，从这一天起用",
        }

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def clean_text(self) -> str:
        text = clean_line(self.cleaned_data["text"], 300)
        if sentence := wording.problem(wording.BY_CODE[self.instance.code], text):
            raise forms.ValidationError(sentence)
        return text

    def clean_from_on(self) -> date:
        day: date = self.cleaned_data["from_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("启用日期不能早于今天：已经发出的消息按当时的模板。")
        return day


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    pending = set(Wording.objects.filter(community=request.community, state=State.DRAFT).values_list("code", flat=True))
    uses = [
        {
            "label": use.label,
            "url": reverse("sending:template", args=[use.code]),
            "text": wording.in_force(use.code, request.community.pk).text,
            "pending": use.code in pending,
        }
        for use in wording.USES
    ]
    return render(request, "sending/templates.html", {"title": "消息模板", "uses": uses})


@require_http_methods(["GET", "POST"])
@policy(may=SEE)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """The words in force with a preview, what was drafted, and a place to draft."""
    use, community = wording.BY_CODE.get(code), request.community
    if use is None:
        raise Http404
    grants, words = grants_of(request.user), wording.in_force(code, community.pk)
    may_draft = grants.may(DRAFT, community.pk)
    if request.method == "POST" and not may_draft:
        raise Http404
    initial = {"text": words.text, "urgent": words.urgent, "from_on": timezone.localdate()}
    row = Wording(community=community, code=code)
    form, status, refusal = DraftForm(request.POST or None, instance=row, initial=initial), 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                drafts.draft(form.instance, by=request.user, key=key_of(request))
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
            else:
                messages.success(request, "已起草，请另一位主管批准后起用。", extra_tags=request.path)
                return redirect(request.path)
    may_approve = grants.may(APPROVE, community.pk)
    rows = Wording.objects.filter(community=community, code=code).select_related("drafted_by", "decided_by")
    context = {
        "title": use.label,
        "form": form if may_draft else None,
        "key": key_of(request),
        "fresh_key": uuid.uuid4().hex,
        "refusal": refusal,
        "now": words.text,
        "preview": wording.fill(words.text, wording.SAMPLE),
        "urgent": words.urgent,
        "own": words.row is not None,
        "places": [{"label": f"{{{name}}}", "text": wording.MEANING[name]} for name in use.allowed()],
        "rows": [_shown(one, request.user, may_approve) for one in rows.order_by("-pk")[:20]],
        "submit_label": "起草",
        "leave_url": reverse("sending:templates"),
        "journal": journal_of(drafts.BOOK, drafts.book_id(community.pk, code)),
    }
    return render(request, "sending/template.html", context, status=status)


def _shown(row: Wording, person: Any, may_approve: bool) -> dict[str, Any]:
    return {
        "text": row.text,
        "preview": wording.fill(row.text, wording.SAMPLE),
        "urgent": row.urgent,
        "state": {"word": row.get_state_display(), "css": TONES[State(row.state)]},
        "words": f"{row.from_on} 起用 · {row.drafted_by}起草" + (f" · {row.decided_by}处理" if row.decided_by else ""),
        "decide_url": reverse("sending:decide", args=[row.pk])
        if may_approve and row.state == State.DRAFT and row.drafted_by_id != person.pk
        else "",
    }


@require_POST
@policy(may=APPROVE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    places = grants_of(request.user).communities_with(APPROVE)
    row = get_object_or_404(Wording.objects.select_related("drafted_by"), pk=pk, community_id__in=places)
    approved = request.POST.get("decision") == "approve"
    try:
        drafts.decide(row, approved, by=request.user, key=key_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "已批准，到日子就用。" if approved else "已退回，现行的模板不变。")
    return redirect("sending:template", code=row.code)
