"""The household's file, the history of one person, and the few things that are done on these pages."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.basics import text
from yihu.basics.identity import mask_free_text
from yihu.fronts.unitfile import history
from yihu.fronts.unitfile.beside import beside as beside_of
from yihu.fronts.unitfile.file import FORMER, file_of
from yihu.fronts.unitfile.people import units_of
from yihu.ground.estate.locking import OPEN
from yihu.ground.estate.models import Party, Unit
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy

SEE = "estate.see"
REASONS = ("回电联系", "上门前联系", "核对资料", "紧急情况")
PHONES = ("phone", "phone2")


def unit_or_404(request: HttpRequest, pk: int) -> Any:
    """A unit of a community where the person works; any other is as if it were not there."""
    units = Unit.objects.select_related("community", "cluster", "building").prefetch_related("areas")
    return get_object_or_404(units, pk=pk, community_id__in=grants_of(request.user).communities)


def party_or_404(request: HttpRequest, pk: int) -> Any:
    """A person of a community where the houses and their people may be seen."""
    return get_object_or_404(
        Party.objects.select_related("community"), pk=pk, community_id__in=grants_of(request.user).communities_with(SEE)
    )


@require_GET
@policy(signed_in=True)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one unit. Who may not see houses and people gets the label and may log a contact, no more."""
    unit = unit_or_404(request, pk)
    elsewhere = is_elsewhere(request, unit)
    if not grants_of(request.user).may(SEE, unit.community_id):
        return render(request, "unitfile/label.html", {"unit": unit, "title": unit.label, "elsewhere": elsewhere})
    context = file_of(unit, request.user, timezone.now(), caller=request.GET.get("party", ""))
    return render(request, "unitfile/file.html", {**context, "elsewhere": elsewhere, "reasons": REASONS})


def is_elsewhere(request: HttpRequest, unit: Any) -> bool:
    """Whether the person works for another community just now: he may look, and does nothing here."""
    return request.community is None or request.community.pk != unit.community_id


@require_GET
@policy(signed_in=True)
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """Its money, keys, cards and papers, fetched by the file."""
    unit = unit_or_404(request, pk)
    if not grants_of(request.user).may(SEE, unit.community_id):
        raise Http404
    context = {"unit": unit, "title": "费用、钥匙、卡、档案", "elsewhere": is_elsewhere(request, unit)}
    template = "unitfile/_beside.html" if request.htmx else "unitfile/beside.html"
    return render(request, template, context | beside_of(unit, request.user))


@require_GET
@policy(signed_in=True)
def older(request: HttpRequest, pk: int) -> HttpResponse:
    """The next page of a unit's history."""
    unit = unit_or_404(request, pk)
    if not grants_of(request.user).may(SEE, unit.community_id):
        raise Http404
    found = history.history(history.of_unit(unit, request.user), request.GET.get("after", ""), timezone.now())
    template = "unitfile/_history.html" if request.htmx else "unitfile/older.html"
    return render(request, template, {"unit": unit, "title": f"{unit.label} 历史", "history": found})


@require_GET
@policy(signed_in=True)
def party(request: HttpRequest, pk: int) -> HttpResponse:
    """All that one customer ever came for, over every channel and for every unit (DESK-12)."""
    found, now = party_or_404(request, pk), timezone.now()
    rows = history.of_party(found, request.user)
    context = {
        "party": found,
        "title": found.name,
        "units": units_of(found, timezone.localdate(now)),
        "phones": [{"field": name, "mask": str(value)} for name in PHONES if (value := getattr(found, name))],
        "open": history.open_matters(rows, now),
        "history": history.history(rows, request.GET.get("after", ""), now),
        "may_reveal": may_reveal(request.user, found),
        "may_edit": grants_of(request.user).may("estate.edit", found.community_id) and found.locked_at is None,
        "may_agree": grants_of(request.user).may("sending.consent", found.community_id),
        "reasons": REASONS,
    }
    return render(request, "unitfile/party.html", context)


def may_reveal(person: Any, party: Any) -> bool:
    """Numbers of one who has moved away from everywhere are kept, but open only to those who settle old matters."""
    grants, today = grants_of(person), timezone.localdate()
    if party.locked_at is not None:
        return grants.may(OPEN, party.community_id)
    if not grants.may("personal.reveal", party.community_id):
        return False
    if grants.may(FORMER, party.community_id):
        return True
    ends = list(party.occupancies.values_list("to_on", flat=True))
    return not ends or any(end is None or end >= today for end in ends)


@require_POST
@policy(signed_in=True)
def reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Show one telephone number in full; why is asked for, and who looked is journaled (ARC-05)."""
    found = party_or_404(request, pk)
    may = may_reveal(request.user, found)
    if not may or field not in PHONES or not getattr(found, field):
        raise Http404
    reason = text.clean(request.POST.get("reason", "") or request.POST.get("other", ""), 80, cut=True).strip()
    try:
        number = getattr(found, field).reveal(by=request.user, reason=reason)
    except Refused as refused:
        return HttpResponse(refused.sentence, status=422, content_type="text/plain; charset=utf-8")
    return render(request, "unitfile/_revealed.html", {"number": number})


class RemarkForm(forms.ModelForm):
    """The note on the card (卡片备注): what everybody at the desk should know of this house."""

    class Meta:
        model = Unit
        fields = ["remark"]
        widgets = {"remark": forms.Textarea(attrs={"rows": 4, "autofocus": ""})}

    def clean_remark(self) -> str:
        return text.clean(self.cleaned_data["remark"], 500, cut=True).strip()


@require_http_methods(["GET", "POST"])
@policy(signed_in=True)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the note on the card."""
    unit = unit_or_404(request, pk)
    if not grants_of(request.user).may("estate.edit", unit.community_id):
        raise Http404
    before, key = unit.remark, request.POST.get("key") or uuid.uuid4().hex
    form = RemarkForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        after = form.cleaned_data["remark"]
        with command(by=request.user, key=key, body=[unit.pk, after], verb="unit.remark") as writing:
            if not writing.replayed and after != before:
                Unit.objects.filter(pk=unit.pk).update(remark=after)
                changed = {"remark": [mask_free_text(before), mask_free_text(after)]}
                writing.note(writing.book("estate.unit", unit.pk), f"{request.user} 修改卡片备注", changed)
        messages.success(request, f"{unit.label} 的备注已保存。")
        return redirect("unitfile:file", pk=unit.pk)
    context = {"unit": unit, "title": "卡片备注", "form": form, "key": key}
    return render(request, "unitfile/remark.html", context, status=422 if form.errors else 200)
