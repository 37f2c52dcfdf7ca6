"""The generic pages of every register."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.kernel import builtin, exports, prints
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.errors import Conflict, Invalid, Refused
from yihu.kernel.facts import plain
from yihu.kernel.policy import policy
from yihu.kernel.requests import Request
from yihu.kernel.screens import listing, page, saved
from yihu.kernel.screens.declare import Screens, screen_or_404


def seen_or_404(screen: Screens, person: Any, number: str) -> Any:
    """The record as its own type; one that is not for these eyes looks like none."""
    rows = screen.model.objects.seen_by(person).select_related(
        "community", "unit", "handler", "opened_by", *screen.related
    )
    record = rows.filter(number=number).first()
    if record is None:
        raise Http404
    return record


@require_GET
@policy(signed_in=True)
def list_page(request: Request, slug: str) -> HttpResponse:
    screen = screen_or_404(slug)
    table = listing.page(screen, request.user, request.community, request.GET.dict())
    table |= {"exported": True, "stays": not screen.leaves}
    if request.htmx and not request.htmx.boosted:
        return render(request, "kernel/_table.html", table)
    may_open = screen.procedure.opened_by.allows(request.user, screen.model(community=request.community))
    may_export = screen.leaves and grants_of(request.user).may(
        "kernel.export", request.community and request.community.pk
    )
    asked = (screen, request.user, request.community, request.GET.dict())
    context = {
        "screen": {
            "slug": slug,
            "title": screen.title,
            "new_url": reverse("kernel:new", args=[slug]) if may_open else None,
            "new_label": f"新{screen.short}",
            "prints": [
                {
                    "label": f"打印{found.title}",
                    "url": f"{reverse('kernel:print_many', args=[slug, found.name])}?{request.GET.urlencode()}",
                }
                for found in screen.procedure.prints
                if found.of_one
            ],
            "nearby": [
                {"label": one.label, "url": reverse(one.name, args=one.args)}
                for one in screen.nearby
                if request.community and grants_of(request.user).may(one.may, request.community.pk)
            ],
            "export_url": f"{reverse('kernel:export', args=[slug])}?{request.GET.urlencode()}" if may_export else None,
        },
        "filters": listing.filter_form(screen, request.GET.dict(), request.community),
        "tabs": listing.tabs(*asked),
        "tab": listing.tab_of(*asked).name,
        "saved": saved.saved_for(screen, request.user, request.GET.dict()),
        **table,
    }
    return render(request, [f"{screen.procedure.area}/list_{slug}.html", "kernel/list.html"], context)


@require_GET
@policy(signed_in=True)
def record_page(request: Request, slug: str, number: str) -> HttpResponse:
    screen = screen_or_404(slug)
    record = seen_or_404(screen, request.user, number)
    context = page.record_context(screen, record, request.user, timezone.now())
    return render(
        request, [f"{screen.procedure.area}/{slug}.html", "kernel/record.html"], {**context, "key": uuid.uuid4().hex}
    )


@require_GET
@policy(signed_in=True)
def history_page(request: Request, slug: str, number: str) -> HttpResponse:
    screen = screen_or_404(slug)
    record = seen_or_404(screen, request.user, number)
    context = {
        "record": record,
        "title": f"{record.number} 办理记录",
        "journal": page.journal(record, None),
        "back_url": record.get_absolute_url(),
    }
    return render(request, "kernel/history.html", context)


@require_http_methods(["GET", "POST"])
@policy(signed_in=True)
def open_page(request: Request, slug: str) -> HttpResponse:
    """Open a record; where the register hands over, the other register's form stands on the same page."""
    screen = screen_or_404(slug)
    procedure = screen.procedure
    record = screen.model(community=request.community)
    if not procedure.opened_by.allows(request.user, record):
        return _refused(
            request,
            f"您不能登记{screen.short}：只有{procedure.opened_by.words}可以登记。",
            403,
            reverse("kernel:list", args=[slug]),
        )
    key, status, refusal = request.POST.get("key") or uuid.uuid4().hex, 200, ""
    form = None
    if request.method == "POST":
        try:
            opened = open_record(record, by=request.user, key=key, data=request.POST, files=request.FILES)
            return _opened(request, screen, opened)
        except Invalid as invalid:
            form, status = invalid.form, invalid.status
        except Refused as refused:
            form, status, refusal = (
                _unvalidated(procedure.opening_form, request, record),
                refused.status,
                refused.sentence,
            )
    if form is None:
        initial = {**page.opening_initial(procedure, request), **request.GET.dict()}
        form = procedure.opening_form(instance=record, initial=initial, by=request.user, at=timezone.now())
    context = {
        "record": None,
        "title": f"新{screen.short}",
        "form": form,
        "hand_over": page.hand_over_part(procedure, form, request),
        "key": key,
        "submit_label": "保存",
        "leave_url": page.back_url(request, reverse("kernel:list", args=[slug])),
        "refusal": refusal,
        "draft": _draft(request, slug),
        "slug": slug,
        "guides": screen.guides(request) if screen.guides else [],
    }
    return render(request, [f"{procedure.area}/new_{slug}.html", "kernel/step.html"], context, status=status)


@require_GET
@policy(signed_in=True)
def hand_over_fields(request: Request, slug: str) -> HttpResponse:
    """The part of the page that depends on the chosen category, of an opening or (``?of=``) a routing; asked for by htmx."""
    screen = screen_or_404(slug)
    if number := request.GET.get("of", ""):
        part = page.routed_part(screen.procedure, seen_or_404(screen, request.user, number), request)
        return render(request, "kernel/_hand_over.html", {"hand_over": part})
    record = screen.model(community=request.community)
    if not screen.procedure.opened_by.allows(request.user, record):
        raise Http404
    form = screen.procedure.opening_form(request.GET, instance=record, by=request.user, at=timezone.now())
    return render(
        request, "kernel/_hand_over.html", {"hand_over": page.hand_over_part(screen.procedure, form, request)}
    )


@require_http_methods(["GET", "POST"])
@policy(signed_in=True)
def step_page(request: Request, slug: str, number: str, step: str) -> HttpResponse:
    screen = screen_or_404(slug)
    record = seen_or_404(screen, request.user, number)
    declared = screen.procedure.step(step) or builtin.step(screen.procedure, step)
    if declared is None:
        raise Http404
    key, status, refusal, conflict, form = request.POST.get("key") or uuid.uuid4().hex, 200, "", None, None
    if request.method == "POST":
        try:
            moved = perform(
                record,
                step,
                by=request.user,
                key=key,
                data=request.POST,
                files=request.FILES,
                version=page.version_seen(request, declared),
                at=page.happened_at(request, record, timezone.now()),
            )
            messages.success(request, f"{moved.number}：{declared.label}已保存。", extra_tags=request.path)
            return _moved(request, screen, moved)
        except Invalid as invalid:
            form, status = invalid.form, invalid.status
        except Conflict as found:
            record = seen_or_404(screen, request.user, number)
            status, key = found.status, uuid.uuid4().hex
            conflict = {"sentence": found.sentence, "entries": page.entries(record, found.entries)}
        except Refused as refused:
            if declared.form is None or refused.status in (403, 404):
                return _refused(request, refused.sentence, refused.status, record.get_absolute_url())
            status, refusal = refused.status, refused.sentence
    if not page.is_open(declared, record, request.user):
        sentence = f"该记录现在是“{record.state_word}”，您现在不能{declared.label}。"
        typed = page.typed(declared, request, record) if request.method == "POST" else []
        status = status if conflict else 403
        return _refused(request, sentence, status, record.get_absolute_url(), conflict=conflict, typed=typed)
    if declared.form is not None and form is None:
        form = (
            _unvalidated(declared.form, request, record)
            if request.method == "POST"
            else declared.form(instance=record, initial=request.GET.dict(), by=request.user, at=timezone.now())
        )
    context = {
        "record": record,
        "title": declared.label,
        "subtitle": f"{record.number} {record.summary}",
        "form": form,
        "hand_over": page.step_hand_over(screen.procedure, declared, record, form, request),
        "about": page.fact_panels(screen, record),
        "key": key,
        "version": record.version,
        "submit_label": declared.label,
        "leave_url": record.get_absolute_url(),
        "conflict": conflict,
        "refusal": refusal,
        **screen.beside(record, request.user, step),
    }
    return render(request, [f"{screen.procedure.area}/step_{step}.html", "kernel/step.html"], context, status=status)


@require_POST
@policy(signed_in=True)
def reveal(request: Request, slug: str, number: str, field: str) -> HttpResponse:
    """Show one masked value of an open record; the record is the reason, and its journal says who looked (ARC-05)."""
    screen = screen_or_404(slug)
    record = seen_or_404(screen, request.user, number)
    target, name = page.personal_value(screen, record, field)
    if target is None:
        raise Http404
    value = getattr(target, name).reveal(by=request.user, reason=f"办理 {record.number}", record=record)
    kind = target._meta.get_field(name).kind.name
    return render(request, "kernel/_revealed.html", {"value": value, "telephone": kind == "phone"})


@require_GET
@policy(signed_in=True)
def print_page(request: Request, slug: str, number: str, name: str) -> HttpResponse:
    screen = screen_or_404(slug)
    record = seen_or_404(screen, request.user, number)
    declared = next((found for found in screen.procedure.prints if found.name == name), None)
    if declared is None:
        raise Http404
    pdf = prints.print_record(declared, record, by=request.user)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{record.number}-{name}.pdf"'
    return response


@require_GET
@policy(signed_in=True)
def print_many(request: Request, slug: str, name: str) -> HttpResponse:
    """One sheet for each record of the list as it is filtered, oldest first."""
    screen = screen_or_404(slug)
    declared = next((found for found in screen.procedure.prints if found.name == name and found.of_one), None)
    if declared is None:
        raise Http404
    rows = listing.filtered(screen, request.user, request.community, request.GET.dict()).reverse()
    rows = rows.select_related("community", "unit", "handler", "opened_by", *screen.related)
    records = list(rows[: prints.AT_ONCE + 1])
    pdf = prints.print_many(declared, records, by=request.user, now=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slug}-{name}.pdf"'
    return response


@require_GET
@policy(may="kernel.export")
def export(request: Request, slug: str) -> FileResponse:
    """The list as it is filtered, through the one writer; the export itself is journaled (RPT-04)."""
    screen = screen_or_404(slug)
    if not screen.leaves:
        raise Http404
    now = timezone.now()
    rows = listing.filtered(screen, request.user, request.community, request.GET.dict())
    rows = rows.select_related("unit", "handler", *screen.related)[: exports.MAX_ROWS + 1]
    columns, cells = page.export_cells(screen, rows)
    content = exports.write_xlsx(screen.title, columns, cells, by=request.user, now=now)
    with command(by=request.user, verb="export") as writing:
        writing.note(
            writing.book("kernel.export", slug),
            f"{request.user} 导出{screen.title}",
            {"filter": ["", plain("，".join(f"{name}={value}" for name, value in request.GET.items()))]},
            step="export",
        )
    return FileResponse(content, as_attachment=True, filename=f"{screen.title}-{timezone.localdate():%Y%m%d}.xlsx")


def _opened(request: Request, screen: Screens, opened: Any) -> HttpResponse:
    """To the new record; one who is barred from it at once (a complaint about himself) gets its number and no more."""
    draft = _draft(request, screen.slug)
    if opened.bars.exists() and not screen.model.objects.seen_by(request.user).filter(pk=opened.pk).exists():
        messages.success(request, f"{screen.short} {opened.number} 已登记，已转主管处理。", extra_tags=draft)
        return redirect("kernel:list", screen.slug)
    messages.success(request, f"{screen.short} {opened.number} 已登记。", extra_tags=draft)
    return _next(request, opened)


def _moved(request: Request, screen: Screens, moved: Any) -> HttpResponse:
    """Who has just given a record out of his hands may no longer see it; he goes on with his list."""
    if screen.model.objects.seen_by(request.user).filter(pk=moved.pk).exists():
        return _next(request, moved)
    return redirect(page.back_url(request, reverse("kernel:list", args=[screen.slug]), posted=True))


def _draft(request: Request, slug: str) -> str:
    """What was half typed for one household must never turn up in another's form."""
    return ":".join(part for part in (slug, "new", request.GET.get("unit", "")[:12]) if part)


def _next(request: Request, record: Any) -> HttpResponse:
    """Where to go after saving: back to where the person came from if the page said so, else to the record."""
    return redirect(page.back_url(request, record.get_absolute_url(), posted=True))


def _unvalidated(form_class: Any, request: Request, record: Any) -> Any:
    """The typed form again, after a refusal that was not its fault."""
    return form_class(request.POST, request.FILES, instance=record, by=request.user, at=timezone.now())


def _refused(request: Request, sentence: str, status: int, back: str, **more: Any) -> HttpResponse:
    return render(request, "kernel/refused.html", {"sentence": sentence, "back_url": back, **more}, status=status)
