"""整理清单: what a look found, line by line, each with its result; two cards of one person are merged here (ARC-18)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.areas.households.forms.tidyings import MergeForm
from yihu.areas.households.models import Finding, Tidying
from yihu.basics.text import clean_line
from yihu.ground.estate.finding import units_of
from yihu.ground.estate.merging import merge_parties
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.forms import is_row_number
from yihu.kernel.models import Record
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy

TIDY = "households.tidy"
PAGE = 40
R = Finding.Result


def _finding(request: HttpRequest, pk: int) -> Finding:
    seen = Tidying.objects.seen_by(request.user).filter(community=request.community)
    rows = Finding.objects.filter(tidying__in=seen).select_related("tidying", "party", "other", "unit")
    return get_object_or_404(rows, pk=pk)


@require_GET
@policy(may=TIDY)
def findings(request: HttpRequest, number: str) -> HttpResponse:
    record = get_object_or_404(Tidying.objects.seen_by(request.user), number=number, community=request.community)
    kind, after = request.GET.get("kind", ""), request.GET.get("after", "")
    rows = record.findings.select_related("party", "other", "unit", "by").order_by("pk")
    if kind in Finding.Kind.values:
        rows = rows.filter(kind=kind)
    if is_row_number(after):
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: PAGE + 1])
    counts = _counts(record)
    context = {
        "title": "整理清单",
        "record": record,
        "rows": [_row(one) for one in found[:PAGE]],
        "tabs": [
            {
                "label": label,
                "url": f"?kind={value}" if value else "?",
                "current": value == kind,
                "count": counts.get(value, 0),
            }
            for value, label in (("", "全部"), *Finding.Kind.choices)
        ],
        "open": record.closed_at is None,
        "next_url": f"?kind={kind}&after={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "key": key_of(request),
    }
    return render(request, "households/findings.html", context)


def _counts(record: Tidying) -> dict[str, int]:
    counts: dict[str, int] = {"": 0}
    for kind in record.findings.filter(result=R.OPEN).values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
        counts[""] += 1
    return counts


def _row(one: Finding) -> dict[str, Any]:
    where = one.unit or one.party
    pair = one.kind == Finding.Kind.TWIN
    edit = reverse("estate:edit_party", args=[one.party_id]) if one.party_id else ""
    if one.kind == Finding.Kind.NO_OWNER and one.unit_id:
        edit = reverse("estate:add_person", args=[one.unit_id])
    return {
        "one": one,
        "where_url": where.get_absolute_url() if where else "",
        "pair": pair and one.other_id,
        "edit_url": "" if pair else edit,
    }


@require_POST
@policy(may=TIDY)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Written down: not the same person, put right, or not to be had for now."""
    finding, result = _finding(request, pk), request.POST.get("result", "")
    if result not in (R.DIFFERENT, R.FIXED, R.KEPT):
        raise Refused("请选一个处理结果。")
    words = clean_line(request.POST.get("words", ""), 200)
    with command(by=request.user, key=key_of(request), body=[pk, result, words], verb="households.settle") as writing:
        if not writing.replayed:
            _settle(writing, finding, result, words)
    messages.success(request, f"{finding.named}：{R(result).label}。")
    return redirect("households:findings", finding.tidying.number)


def _settle(writing: Any, finding: Finding, result: str, words: str) -> None:
    """One of two who settle it at once is told that the other was faster."""
    if Record.objects.filter(pk=finding.tidying_id, closed_at__isnull=False).exists():
        raise Conflict("这次整理已经结束。")
    fresh = {"result": result, "words": words, "by": writing.by, "at": writing.at}
    if not Finding.objects.filter(pk=finding.pk, result=R.OPEN).update(**fresh):
        raise Conflict("这一条刚刚被别人处理过，请刷新看看。")
    writing.note(
        finding.tidying, f"{writing.by} {finding.get_kind_display()}：{R(result).label} {words}".strip(), step="settle"
    )


@require_http_methods(["GET", "POST"])
@policy(may=TIDY)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Both cards side by side; one stays."""
    finding, status, refusal = _finding(request, pk), 200, ""
    back = reverse("households:findings", args=[finding.tidying.number])
    if finding.party is None or finding.other is None or finding.result != R.OPEN:
        messages.warning(request, "这一条已经处理过了。")
        return redirect(back)
    pair = [finding.party, finding.other]
    form = MergeForm(request.POST or None, finding=finding)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            keep = next(one for one in pair if str(one.pk) == form.cleaned_data["keep"])
            lose = next(one for one in pair if one is not keep)
            try:
                with command(
                    by=request.user, key=key_of(request), body=[pk, keep.pk], verb="households.merge"
                ) as writing:
                    if not writing.replayed:
                        _settle(writing, finding, R.MERGED, form.cleaned_data["why"])
                        merge_parties(writing, keep, lose, form.cleaned_data["why"])
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
            else:
                messages.success(request, f"{keep.name} 的两条资料已合成一条。")
                return redirect(back)
    stays, today = units_of(pair), timezone.localdate()
    context = {
        "title": "合并客户资料", "subtitle": finding.tidying.number, "record": None, "form": form, "key": key_of(request), "refusal": refusal,
        "leave_url": back, "submit_label": "合并", "help": "房屋、来往记录、车辆、同意等都归到保留的那一条；合并后不能拆开。",
        "cards": [_card(one, stays[one.pk], today) for one in pair],
    }  # fmt: skip
    return render(request, "households/merge.html", context, status=status)


def _card(party: Any, stays: list[Any], today: Any) -> dict[str, Any]:
    facts = [
        ("证件号码", str(party.id_no)),
        ("联系电话", str(party.phone)),
        ("备用电话", str(party.phone2)),
        ("联系人", party.contact_name),
    ]
    facts.append(
        (
            "房屋",
            "；".join(
                f"{stay.unit.label} {stay.get_role_display()}{'（已迁出）' if stay.to_on and stay.to_on < today else ''}"
                for stay in stays
            ),
        )
    )
    facts.append(("来往记录", f"{party.records.count()} 件"))
    fields = [{"label": label, "text": text or "—", "wide": False, "reveal_url": ""} for label, text in facts]
    return {"title": f"{party.name}（{party.pk} 号）", "fields": fields}
