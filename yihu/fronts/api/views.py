"""The addresses of the interface. Reading goes through the register's sight, writing through the two doors."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from yihu.fronts.api import describing, reading, scopes
from yihu.fronts.api.door import Caller, Forbidden, Wrong, endpoint
from yihu.fronts.api.openapi import document
from yihu.fronts.api.showing import address, listed, plain, whole
from yihu.ground.estate.finding import find_parties, find_units, units_of
from yihu.kernel import files, hand_over
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment, record_seen_by
from yihu.kernel.personal import shut
from yihu.kernel.procedure import Procedure, Step, procedure_of, procedures
from yihu.kernel.screens import Screens, listing, page
from yihu.kernel.screens.declare import screen_or_404, screens_of
from yihu.kernel.screens.views import seen_or_404

NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
LISTED = ("tab", "q", "after", "community")
FOUND_AT_MOST = 20


def answer(data: Any, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


# Reading --------------------------------------------------------------------------------------------------------------
def openapi(request: HttpRequest, caller: Caller) -> HttpResponse:
    return answer(document())


def registers(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The registers that the token was issued for."""
    mine = [one for one in procedures() if any(caller.may(name) for name in scopes.of_register(one))]
    return answer({"items": [describing.register_in_short(screens_of(one.kind), caller) for one in mine]})


def register(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    """One register: states, tabs, filters, and what its opening asks in this community, with the choices of today."""
    screen = screen_or_404(slug)
    if not any(caller.may(name) for name in scopes.of_register(screen.procedure)):
        raise Forbidden(f"这个接口不能用{screen.title}。")
    return answer(describing.register(screen, caller, caller.community(request.GET.get("community"))))


def list_records(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    screen = screen_or_404(slug)
    require(caller, screen.procedure, scopes.READ)
    if not screen.leaves:
        raise Forbidden(f"{screen.title}的名单不离开本系统，接口不列出；已知单号的可以按单号读取。")
    asked = request.GET.dict()
    community = caller.community(asked.get("community"))
    _check_question(screen, caller, community, asked)
    found, last = listing.keyset(screen, caller.account, community, asked)
    now = timezone.now()
    return answer({"items": [listed(screen, record, now) for record in found], "after": last or None})


def _check_question(screen: Screens, caller: Caller, community: Any, asked: dict[str, str]) -> None:
    """A page may shrug at a filter that it does not know; a program would take the answer for what it asked."""
    problems = {name[:60]: "没有这个条件" for name in asked if name not in (*LISTED, *screen.filters)}
    form = listing.filter_form(screen, asked, community)
    problems |= dict.fromkeys(form.errors, "不是可选的值")
    tabs = [tab.name for tab in listing.tabs_for(screen, caller.account, community)]
    if asked.get("tab", tabs[0]) not in tabs:
        problems["tab"] = "可选：" + "、".join(tabs)
    if asked.get("after") and not listing.is_position(asked["after"]):
        problems["after"] = "请用上一页回答里的 after"
    if problems:
        raise Wrong(problems)


def show_record(request: HttpRequest, caller: Caller, slug: str, number: str) -> HttpResponse:
    screen = screen_or_404(slug)
    require(caller, screen.procedure, scopes.READ)
    return answer(whole(screen, seen(screen, caller, number), caller))


def show_step(request: HttpRequest, caller: Caller, slug: str, number: str, step: str) -> HttpResponse:
    """What the step asks of this record just now, with the choices of today."""
    screen, record = screen_or_404(slug), None
    declared = step_or_404(screen, step)
    require(caller, screen.procedure, step)
    record = seen(screen, caller, number)
    return answer(describing.step(screen, record, declared, caller))


def download(request: HttpRequest, caller: Caller, pk: int) -> HttpResponse:
    row = Attachment.objects.filter(record_seen_by(caller.account), pk=min(pk, 2**62)).select_related("record").first()
    if row is None or not caller.may(scopes.scope(procedure_of(row.record.kind), scopes.READ)):
        raise Http404
    if sentence := shut(caller.account, row.record):
        raise Refused(sentence)
    return files.download(row)


def units(request: HttpRequest, caller: Caller) -> HttpResponse:
    caller.require(scopes.UNITS, "这个接口不能查房号。")
    community, text = _looked_for(request, caller)
    found = find_units(text, [community.pk], FOUND_AT_MOST)
    return answer({"items": [{"id": unit.pk, "text": unit.label} for unit in found]})


def parties(request: HttpRequest, caller: Caller) -> HttpResponse:
    caller.require(scopes.PARTIES, "这个接口不能查业户。")
    community, text = _looked_for(request, caller)
    found = find_parties(text, [community.pk], FOUND_AT_MOST)
    stays = units_of(found)
    items = [
        {
            "id": one.pk,
            "text": plain(one.name),
            "kind": one.kind,
            "phone": str(one.phone),
            "units": [{"id": stay.unit_id, "text": stay.unit.label} for stay in stays[one.pk]],
        }
        for one in found
    ]
    return answer({"items": items})


def _looked_for(request: HttpRequest, caller: Caller) -> tuple[Any, str]:
    text = request.GET.get("q", "")
    if not text.strip() or len(text) > 60:
        raise Wrong({"q": "请写要查的房号、姓名或电话，最多 60 个字"})
    return caller.community(request.GET.get("community")), text.replace("\x00", "")


# Writing --------------------------------------------------------------------------------------------------------------
def open_one(request: HttpRequest, caller: Caller, slug: str) -> HttpResponse:
    screen = screen_or_404(slug)
    procedure = screen.procedure
    require(caller, procedure, scopes.OPEN)
    key, sent = reading.key_of(request), reading.sent_in(request)
    if sent.version is not None:
        raise Wrong({"version": "登记时没有版本号"})
    record = screen.model(community=caller.community(sent.community))
    form = procedure.opening_form
    blank = form(instance=record, by=caller.account, at=timezone.now())
    kind = ""
    if procedure.route is not None:
        chosen = {**blank.initial, **sent.fields}
        value = chosen.get(procedure.route.field)
        kind = "" if procedure.route.unless(chosen) else procedure.route.kind_for(str(value or ""))
    below = procedure_of(kind).opening_form if kind else None
    data = reading.completed(form, blank, sent, below)
    opened = open_record(record, by=caller.account, key=key, data=data, files=sent.files, told=sent.told)
    response = outcome(screen, opened, caller, 201)
    response["Location"] = address(slug, opened.number)
    return response


def take_step(request: HttpRequest, caller: Caller, slug: str, number: str, step: str) -> HttpResponse:
    screen = screen_or_404(slug)
    declared = step_or_404(screen, step)
    require(caller, screen.procedure, step)
    key, sent = reading.key_of(request), reading.sent_in(request)
    record = seen(screen, caller, number)
    if sent.version is None or sent.community:
        raise Wrong({"community": "办理时不写项目"} if sent.community else {"version": "请写读到的版本号"})
    data: Any = {}
    below = hand_over.step_opens(screen.procedure, declared, record)
    if declared.form is not None:
        blank = declared.form(instance=record, by=caller.account, at=timezone.now())
        data = reading.completed(declared.form, blank, sent, procedure_of(below).opening_form if below else None)
    elif sent.fields or sent.files or (sent.hand_over and not below):
        raise Wrong({"fields": "这一步没有要填的内容"})
    elif below:
        data = reading.completed(None, _NoForm, sent, procedure_of(below).opening_form)
    moved = perform(
        record, step, by=caller.account, key=key, data=data, files=sent.files, version=sent.version, told=sent.told
    )
    return outcome(screen, moved, caller, 200)


class _NoForm:
    fields: dict[str, Any] = {}


def outcome(screen: Screens, record: Any, caller: Caller, status: int) -> HttpResponse:
    """The record as it now is; its number alone where the integration may not (or no longer) read it."""
    may_read = caller.may(scopes.scope(screen.procedure, scopes.READ))
    found = screen.model.objects.seen_by(caller.account).filter(pk=record.pk).exists() if may_read else False
    if not found:
        return answer({"number": record.number}, status)
    return answer(whole(screen, seen(screen, caller, record.number), caller), status)


def reveal(request: HttpRequest, caller: Caller, slug: str, number: str, field: str) -> HttpResponse:
    """One personal value in the clear, for a reason that is written into the record's journal."""
    screen = screen_or_404(slug)
    require(caller, screen.procedure, scopes.READ)
    caller.require(scopes.REVEAL, "这个接口不能查看完整的个人信息。")
    reading.key_of(request)
    body = reading.body_of(request)
    reason = body.get("reason")
    if set(body) != {"reason"} or not isinstance(reason, str) or not reason.strip() or len(reason) > 80:
        raise Wrong({"reason": "请写查看的原因，最多 80 个字"})
    record = seen(screen, caller, number)
    target, name = page.personal_value(screen, record, field)
    if target is None:
        raise Http404
    return answer({"value": getattr(target, name).reveal(by=caller.account, reason=reason, record=record)})


# Together -------------------------------------------------------------------------------------------------------------
def require(caller: Caller, procedure: Procedure, what: str) -> None:
    name = scopes.scope(procedure, what)
    words = scopes.of_register(procedure).get(name, ("登记", frozenset()))[0]
    caller.require(name, f"这个接口没有“{procedure.title}：{words}”的权限。")


def seen(screen: Screens, caller: Caller, number: str) -> Any:
    """The record, if its number can be one and this account sees it; else 404 as for one that is not there."""
    if not NUMBER.fullmatch(number):
        raise Http404
    return seen_or_404(screen, caller.account, number)


def step_or_404(screen: Screens, name: str) -> Step:
    found = next((step for step in scopes.every_step(screen.procedure) if step.name == name), None)
    if found is None:
        raise Http404
    return found


def nothing(request: HttpRequest, caller: Caller, rest: str = "") -> HttpResponse:
    raise Http404


endpoints = {
    "openapi": endpoint(GET=openapi),
    "registers": endpoint(GET=registers),
    "register": endpoint(GET=register),
    "records": endpoint(GET=list_records, POST=open_one),
    "record": endpoint(GET=show_record),
    "step": endpoint(GET=show_step, POST=take_step),
    "reveal": endpoint(POST=reveal),
    "attachment": endpoint(GET=download),
    "units": endpoint(GET=units),
    "parties": endpoint(GET=parties),
    "nothing": endpoint(GET=nothing, POST=nothing, PUT=nothing, PATCH=nothing, DELETE=nothing),
}
