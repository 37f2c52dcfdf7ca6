"""What a record's page and its step pages show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme

from yihu.basics.identity import mask_free_text
from yihu.kernel import builtin, hand_over
from yihu.kernel.masked import Masked
from yihu.kernel.models.deadline import Deadline
from yihu.kernel.models.link import Link
from yihu.kernel.models.prints import IssuedCopy
from yihu.kernel.models.record import Record
from yihu.kernel.procedure import Procedure, Step, procedure_of
from yihu.kernel.requests import Request
from yihu.kernel.screens.cells import cell, changes, due_css, shown, state_cell, when
from yihu.kernel.screens.declare import Screens
from yihu.kernel.screens.guests import guest_links, guest_panels
from yihu.kernel.screens.money_cells import beside

JOURNAL_SHOWN, ISSUED_SHOWN = 50, 20
WAITS_AT_MOST = timedelta(hours=48)


def record_context(screen: Screens, record: Any, person: Any, now: datetime) -> dict[str, Any]:
    procedure = screen.procedure
    steps = [step for step in procedure.open_steps(record.state) if is_open(step, record, person)]
    primary = next((step for step in steps if step.primary), None)
    return {
        "record": record,
        "title": record.number,
        "subtitle": f"{record.unit or '公共区域'} · {record.summary}" if record.summary else str(record.unit or ""),
        "screen": {"slug": screen.slug, "title": screen.title, "list_url": reverse("kernel:list", args=[screen.slug])},
        "state": {"word": record.state_word, "css": state_cell(record)["css"]},
        "clocks": clocks(procedure, record, now),
        "primary": step_link(record, primary) if primary else None,
        "steps": [step_link(record, step) for step in steps if step is not primary],
        "built_in": [
            *(step_link(record, step) for step in builtin.built_in_steps(procedure) if is_open(step, record, person)),
            *guest_links(record, person),
        ],
        "panels": panels(screen, record, person),
        "links": links(record, person),
        "attachments": attachments(record),
        "issued": issued(procedure, record),
        "journal": journal(record, JOURNAL_SHOWN),
        "history_url": reverse("kernel:history", args=[screen.slug, record.number]),
        "prints": [
            {"label": found.title, "url": reverse("kernel:print", args=[screen.slug, record.number, found.name])}
            for found in procedure.prints
        ],
        **screen.beside(record, person),
    }


def is_open(step: Step, record: Any, person: Any) -> bool:
    if record.closed_at is not None and not step.when_closed:
        return False
    return record.state in step.source and step.who.allows(person, record)


def step_link(record: Any, step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "label": step.label,
        "url": reverse("kernel:step", args=[record.procedure.slug, record.number, step.name]),
        "method": "get" if step.form is not None or step.opens else "post",
    }


def clocks(procedure: Procedure, record: Any, now: datetime) -> list[dict[str, Any]]:
    found = []
    for deadline in Deadline.objects.filter(record_id=record.pk).order_by("stopped_at", "due_at"):
        status = _clock_status(deadline, now)
        found.append(
            {
                "code": deadline.code,
                "label": procedure.clock(deadline.code).label,
                "rule": deadline.rule,
                "due_iso": deadline.due_at.isoformat() if status in ("running", "warned", "late") else "",
                "due_text": when(deadline.due_at, now, hour=True),
                "tentative": deadline.tentative,
                "status": status,
                "status_word": {
                    "running": "进行中",
                    "warned": "将到期",
                    "late": "已超时",
                    "paused": "已暂停",
                    "met": "按时",
                    "missed": "超时完成",
                }[status],
                "css": {"late": "late", "missed": "late", "warned": "due-soon", "met": "done"}.get(status, status),
            }
        )
    return found


def _clock_status(deadline: Deadline, now: datetime) -> str:
    if deadline.stopped_at is not None:
        return "met" if deadline.met else "missed"
    if deadline.paused_at is not None:
        return "paused"
    css = due_css(deadline.due_at, now, deadline.warn_at is not None and deadline.warn_at <= now)
    return {"late": "late", "due-soon": "warned"}.get(css, "running")


def panels(screen: Screens, record: Any, person: Any) -> list[dict[str, Any]]:
    return fact_panels(screen, record) + screen.extra_panels(record, person) + guest_panels(record, person)


def fact_panels(screen: Screens, record: Any) -> list[dict[str, Any]]:
    """What is written in the record's own fields, as far as it is."""
    found: list[dict[str, Any]] = []
    for title, names in screen.panels:
        fields = [_field(screen, record, name) for name in names]
        found.append({"title": title, "fields": [field for field in fields if field["text"]]})
    return [panel for panel in found if panel["fields"]]


def _field(screen: Screens, record: Any, name: str) -> dict[str, Any]:
    text = screen.cell(record, name)
    if text is None:
        text = shown(record, name)
    target, field = personal_value(screen, record, name)
    revealable = target is not None and bool(getattr(target, field))
    label, text = beside(screen, name, text) or (screen.label(name), text)
    return {
        "label": label,
        "text": text,
        "wide": len(text) > 30 or "\n" in text,
        "reveal_url": reverse("kernel:reveal", args=[screen.slug, record.number, name]) if revealable else "",
    }


def personal_value(screen: Screens, record: Any, name: str) -> tuple[Any, str]:
    """Whose personal field a panel shows under this name, or (None, "")."""
    if not any(name in names for _, names in screen.panels):
        return None, ""
    return (record, name) if isinstance(getattr(record, name, None), Masked) else (None, "")


def links(record: Any, person: Any) -> list[dict[str, Any]]:
    """Records tied to this one that the person may see."""
    outward = list(Link.objects.filter(origin_id=record.pk).values_list("target_id", "why"))
    inward = list(Link.objects.filter(target_id=record.pk).values_list("origin_id", "why"))
    seen = {row.pk: row for row in Record.objects.seen_by(person).filter(pk__in=[pk for pk, _ in outward + inward])}
    words = {
        Link.Why.CAME_OF: ("由此产生", "来自"),
        Link.Why.REWORK: ("返工单", "返工自"),
        Link.Why.MERGED: ("并入", "并入本条"),
        Link.Why.SEE: ("参见", "参见"),
        Link.Why.BASIS: ("据此", "依据"),
    }
    found = []
    for pairs, side in ((outward, 0), (inward, 1)):
        for pk, why in pairs:
            if pk in seen:
                row = seen[pk]
                state = state_cell(row)
                found.append(
                    {
                        "label": row.summary or row.number,
                        "url": row.get_absolute_url(),
                        "number": row.number,
                        "kind": row.procedure.title,
                        "state": state["text"],
                        "state_css": state["css"],
                        "why": words[Link.Why(why)][side],
                    }
                )
    return found


def attachments(record: Any) -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "name": row.name,
            "purpose": row.get_purpose_display(),
            "url": reverse("kernel:file", args=[row.pk]),
            "thumb_url": reverse("kernel:thumb", args=[row.pk]) if row.mime.startswith("image/") else "",
            "size": f"{max(row.size // 1024, 1)} KB",
            "when": when(row.at, now, hour=True),
            "by": str(row.by),
        }
        for row in record.attachments.select_related("by").order_by("at", "pk")
    ]


def issued(procedure: Procedure, record: Any) -> list[dict[str, Any]]:
    """What was handed out of this record, each time as it was then."""
    if not any(found.issued for found in procedure.prints):
        return []
    rows = IssuedCopy.objects.filter(record_id=record.pk).select_related("run", "by").order_by("-at", "-pk")
    return issued_rows(rows[:ISSUED_SHOWN])


def issued_rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "title": row.title,
            "subject": row.run.subject,
            "again": f"补打 {row.run.copy_no - 1}" if row.run.copy_no > 1 else "",
            "url": reverse("kernel:issued", args=[row.pk]),
            "when": when(row.at, now, hour=True),
            "by": str(row.by),
        }
        for row in rows
    ]


def journal(record: Any, limit: int | None) -> list[dict[str, Any]]:
    rows = record.journal.select_related("by").order_by("-seq")
    return entries(record, rows[:limit] if limit else rows)


def entries(record: Any, rows: Iterable[Any]) -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "when": when(row.at, now, hour=True),
            "iso": row.at.isoformat(),
            "by": str(row.by),
            "step": row.step,
            "sentence": row.sentence,
            "changes": changes(record, row.changed),
            "erased": row.erased_at is not None,
        }
        for row in rows
    ]


def opening_initial(procedure: Procedure, request: Request) -> dict[str, Any]:
    """What the opening form may take over from the record named by ``?from=`` (only if the person sees it)."""
    number = request.GET.get("from", "")
    origin = Record.objects.seen_by(request.user).filter(number=number).first() if number else None
    return hand_over.opening_initial(procedure, origin.typed) if origin else {}


def hand_over_part(procedure: Procedure, form: Any, request: Request) -> dict[str, Any] | None:
    """The second form on the opening page: of the register to which the chosen category hands over."""
    if procedure.route is None:
        return None
    routed = procedure.route.field
    _ask_again(form, routed, reverse("kernel:hand_over", args=[procedure.slug]))
    existing = getattr(form, "hand_over_form", None)
    if existing is not None:
        existing.ask_once()
        return {"title": procedure_of(existing.instance).title, "form": existing, "prefix": hand_over.HAND_OVER_PREFIX}
    if form.is_bound:
        form.is_valid()
        given = {**form.data.dict(), **getattr(form, "cleaned_data", {})} if hasattr(form.data, "dict") else form.data
    else:
        given = form.initial
    if procedure.route.unless(given):
        return None
    return _target_form(procedure.route.kind_for(str(given.get(routed) or "")), form.instance, form, request)


def _ask_again(form: Any, field: str, url: str) -> None:
    """Another choice there, another second form."""
    asks = {"hx-get": url, "hx-target": "#hand-over", "hx-trigger": "change", "hx-include": "closest form"}
    form.fields[field].widget.attrs.update(asks)


def step_hand_over(procedure: Procedure, step: Step, record: Any, form: Any, request: Request) -> dict[str, Any] | None:
    route = procedure.route
    if step.opens == "route" and route is not None and form is not None and route.field in form.fields:
        _ask_again(form, route.field, f"{reverse('kernel:hand_over', args=[procedure.slug])}?of={record.number}")
    existing = getattr(form, "hand_over_form", None)
    if existing is not None:
        return {"title": procedure_of(existing.instance).title, "form": existing, "prefix": hand_over.HAND_OVER_PREFIX}
    kind = hand_over.step_opens(procedure, step, record)
    return _target_form(kind, record, None, request)


def routed_part(procedure: Procedure, record: Any, request: Request) -> dict[str, Any] | None:
    """The second form for a record that is being routed, as of the choice that stands in the first."""
    if procedure.route is None:
        return None
    chosen = request.GET.get(procedure.route.field, "")
    return _target_form(procedure.route.kind_for(chosen), record, None, request)


def _target_form(kind: str, origin: Any, form: Any, request: Request) -> dict[str, Any] | None:
    target = hand_over.hand_over_target(kind, origin, request.user)
    if target is None:
        return None
    procedure = procedure_of(kind)
    prefix = hand_over.HAND_OVER_PREFIX
    initial = hand_over.opening_initial(procedure, origin)
    posted = request.POST if request.method == "POST" else request.GET
    if any(name.startswith(f"{prefix}-") for name in posted):
        initial.update(
            {
                name[len(prefix) + 1 :]: value
                for name, value in posted.items()
                if name.startswith(f"{prefix}-") and value
            }
        )
    made = procedure.opening_form(instance=target, initial=initial, by=request.user, at=timezone.now(), prefix=prefix)
    if form is not None:
        made.ask_once()
    return {"title": procedure.title, "form": made, "prefix": prefix}


def typed(step: Step, request: Request, record: Any) -> list[dict[str, Any]]:
    """What the person had typed into a step that is no longer open, so that he can carry it elsewhere."""
    if step.form is None:
        return []
    form = step.form(request.POST, instance=record, by=request.user, at=timezone.now())
    shown_fields = [field for field in form if not field.is_hidden and isinstance(field.data, str) and field.data]
    return [
        {"label": field.label, "text": field.data, "wide": True} for field in shown_fields if len(field.data) < 5000
    ]


def export_cells(screen: Screens, rows: Iterable[Any]) -> tuple[list[str], Iterable[list[Any]]]:
    now = timezone.now()

    def lines() -> Iterable[list[Any]]:
        for record in rows.iterator(chunk_size=500) if hasattr(rows, "iterator") else rows:
            yield [_exported(screen, record, name, now) for name in screen.columns]

    return [screen.label(name) for name in screen.columns], lines()


def _exported(screen: Screens, record: Any, name: str, now: datetime) -> str:
    if name in ("state", "next_due_at"):
        text = cell(screen, record, name, now)["text"]
        return str(text)
    text = screen.cell(record, name)
    return mask_free_text(text if text is not None else shown(record, name))


def back_url(request: Request, default: str, *, posted: bool = False) -> str:
    """The local page named by ``back``, else ``default``."""
    given = request.POST.get("back") if posted else request.GET.get("back")
    # anything else would be taken for the name of a page
    safe = (
        given
        and given.startswith("/")
        and url_has_allowed_host_and_scheme(
            given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    )
    return str(given) if safe else default


def waited(request: Request) -> bool:
    """The form lay in the device's outbox until there was a network. (Sent at once, a script says 0.)"""
    return request.headers.get("X-Outbox") == "1"


def happened_at(request: Request, record: Any, now: datetime) -> datetime | None:
    """When the person filled a form that waited, if that can be true; None = now.

    Not before anything that is already written down about the record, not in the future, at most two days ago.
    """
    at = _moment(request.POST.get("at", "")) if waited(request) else None
    if at is None or not now - WAITS_AT_MOST <= at <= now:
        return None
    last = record.journal.aggregate(last=Max("at"))["last"] or record.opened_at
    return at if at >= max(record.opened_at, last) else None


def _moment(words: str) -> datetime | None:
    try:
        found = parse_datetime(words)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def version_seen(request: Request, step: Step) -> int | None:
    """The version that the person had before him, for the door to compare.

    A form that waited was filled in before the person's own earlier forms had arrived; it comes without one, and the
    record's state decides. Only a step that rewrites columns and moves nothing (更正) is compared all the same.
    """
    rewrites = step.target is None and step.form is not None and bool(step.form._meta.fields)
    if waited(request) and not rewrites:
        return None
    return number_or_none(request.POST.get("version"))


def number_or_none(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
