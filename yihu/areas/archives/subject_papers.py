"""个人信息请求's paper: the copy of all that is held on a person, and the answer to him (PIPL 45, 50)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.archives.holding import WORDS
from yihu.areas.archives.models import DataRequest
from yihu.basics.identity import mask_free_text
from yihu.ground.estate.models import Vehicle
from yihu.ground.papers.models import Paper
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.bars import without
from yihu.kernel.doors import command
from yihu.kernel.models import Record

MOST_LINES = 1000
HIDDEN = ("archives.disclosure",)  # what the law's officials asked for is told by them, or not at all


def copy_of(request: Any, by: Any) -> dict[str, Any]:
    """《本人信息副本》: in the clear once the manager allowed it; each printing is a look, and stands in the journal."""
    party, open_now = request.party, _may_be_printed(request, by)
    if open_now:
        with command(by=by, verb="copy") as writing:
            writing.note(request, f"{by} 打印本人信息副本", step="copy")
    sheet: dict[str, Any] = {
        "community": request.community.name, "number": request.number, "open": open_now, "party": str(party), "stays": [], "records": [],
        "papers": [], "messages": [], "ways": [], "vehicles": [], "card": [],
    }  # fmt: skip
    return sheet | _held(request, party, by) if open_now else sheet


def _may_be_printed(request: Any, by: Any) -> bool:
    granted = request.asks == DataRequest.Asks.COPY and request.decision("copy") == "give"
    here = request.state == DataRequest.State.DECIDED
    return bool(granted and here and grants_of(by).may("archives.request", request.community_id))


def _held(request: Any, party: Any, by: Any) -> dict[str, Any]:
    """His own data and nothing of anybody else: records by title, day and state only."""
    stays = list(party.occupancies.select_related("unit").order_by("from_on", "pk"))
    rows = without(Record.objects.filter(party=party), by).exclude(kind__in=HIDDEN).exclude(pk=request.pk)
    records = list(rows.select_related("unit").order_by("opened_at", "pk")[:MOST_LINES])
    known = [record.pk for record in records]
    papers = Paper.objects.filter(record_id__in=known).select_related("unit").order_by("filed_at", "pk")
    messages = Outgoing.objects.filter(party=party).order_by("written_at", "pk")[:MOST_LINES]
    told = {name: getattr(party, name).reveal(by=by, record=request) for name in ("phone", "phone2", "id_no")}
    ways = [
        [row.get_way_display(), row.address.reveal(by=by, record=request) if row.address else "同联系电话", row.get_consent_how_display(),
         moments.day(row.consent_at), moments.day(row.withdrawn_at) if row.withdrawn_at else "有效"]
        for row in ContactWay.objects.filter(party=party).order_by("way")
    ]  # fmt: skip
    return {
        "card": [
            ["姓名", party.name], ["类型", party.get_kind_display()], ["联系人", party.contact_name], ["联系电话", told["phone"]],
            ["备用电话", told["phone2"]], ["证件号码", told["id_no"]], ["通讯地址", party.mailing_address], ["备注", party.remark],
        ],
        "stays": [[str(stay.unit), stay.get_role_display(), _day(stay.from_on), _day(stay.to_on) or "至今"] for stay in stays],
        "vehicles": [row.plate for row in Vehicle.objects.filter(party=party).order_by("plate")],
        "records": [
            [record.number, record.procedure.title, str(record.unit or ""), moments.day(record.opened_at), record.state_word,
             moments.day(record.closed_at) if record.closed_at else ""]
            for record in records
        ],
        "papers": [[str(row.unit), row.get_kind_display(), moments.day(row.filed_at)] for row in papers],
        "messages": [
            [moments.stamp(row.written_at), row.get_way_display(), str(row.mask), row.get_state_display()] for row in messages
        ],
        "ways": ways,
    }  # fmt: skip


def answer(request: Any, by: Any) -> dict[str, Any]:
    """《个人信息请求答复》: item by item what was decided, why, what was done; and where he may turn."""
    said = request.get_asker_display().partition("（")[0]
    return {
        "community": request.community.name,
        "number": request.number,
        "unit": str(request.unit or ""),
        "party": str(request.party or ""),
        "asker": f"{request.asker_name}（{said}）" if request.asker_name else said,
        "asks": request.get_asks_display(),
        "asked_on": moments.day(request.opened_at),
        "said": mask_free_text(request.said),
        "decided": bool(request.items),
        "lines": [
            [str(item["what"]), WORDS[item["decision"]], mask_free_text(str(item["reason"])), _done(request, item)]
            for item in request.items
        ],
        "outcome": mask_free_text(request.outcome),
        "erased": request.asks == DataRequest.Asks.ERASE and request.granted,
        "locked": any(item["decision"] == "lock" for item in request.items),
        "by": f"{request.decided_by or ''}",
        "on": moments.day(request.decided_at) if request.decided_at else _day(timezone.localdate()),
    }


def _done(request: Any, item: dict[str, str]) -> str:
    """What became of one item, as of this print."""
    decision = item["decision"]
    if decision in ("keep", "refuse"):
        return "不变" if decision == "keep" else "—"
    if request.asks == DataRequest.Asks.COPY:
        return "副本随附"
    if not request.done_at:
        return "待办理"
    done = f"{moments.day(request.done_at)} 已"
    return f"{done}办\n{item['told']}" if item.get("told") else f"{done}{WORDS[decision]}"


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
