"""What the steps of an outage do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.outages.forms import SecondForm, place_words
from yihu.areas.outages.models import Outage, OutagePlace
from yihu.ground.contact.calling import keep_sheet
from yihu.ground.contact.models import CallBack
from yihu.kernel import clocks
from yihu.kernel.authority import authority
from yihu.kernel.errors import Invalid
from yihu.kernel.models import Link
from yihu.kernel.procedure import SERVICE, Limit


def where_it_starts(act: Any) -> str:
    if act.record.round_no > 1:
        return Outage.State.REMAINS
    planned = act.record.sort == Outage.Sort.PLANNED and act.record.begins_at > act.at
    return Outage.State.PLANNED if planned else Outage.State.RUNNING


def opened(act: Any) -> None:
    """Keep where it is; the whole desk and engineering hear of it."""
    scope = act.record.scope
    column = {Outage.Scope.CLUSTERS: "cluster", Outage.Scope.BUILDINGS: "building", Outage.Scope.UNITS: "unit"}.get(
        scope
    )
    if column:
        OutagePlace.objects.bulk_create([OutagePlace(outage=act.record, **{column: one}) for one in act.data["places"]])
    for post in ("receptionist", "cs_supervisor", "engineering_head"):
        act.tell_post(post, f"{act.record.number} {act.record.summarise()[:100]}")


def notified(act: Any) -> None:
    act.record.notified_at = act.at


def asked_the_utility(act: Any) -> None:
    act.record.utility_at = act.data["called_at"]


def not_taken_up(outage: Any, by: Any) -> str:
    """A municipal cause is taken up with the utility before it is put away (REP-11)."""
    if outage.side == Outage.Side.MUNICIPAL and outage.utility_at is None:
        return "市政原因的停用，请先点“联系市政”，写明联系了谁、对方怎么说。"
    return ""


def settled(act: Any) -> None:
    act.record.recovered_at = act.at


def one_by_one(outage: Any, by: Any) -> str:
    """Who was not satisfied is spoken to, not written to with the others."""
    return "第一次回访不满意的客户，请逐个回访，不用群发。" if outage.round_no > 1 else ""


def called(act: Any) -> None:
    """The sheet belongs to the caller's own contact; an unhappy one opens the second round (DESK-14)."""
    caller = act.data["caller"]
    sheet = keep_sheet(caller, act)
    if sheet.feedback == CallBack.Feedback.UNSATISFIED:
        second = again(act, caller)
        sentence = f"{act.record.number} 回访 {caller} 不满意，第 {second.round_no} 轮 {second.number}：{sheet.words}"
        act.tell_post("cs_supervisor", sentence)


def again(act: Any, caller: Any) -> Any:
    """What is left over for those who are not content is taken up once more, tied to the first; it holds them alone."""
    first = act.record
    rounds = Outage.objects.filter(links_in__origin_id=first.pk, links_in__why=Link.Why.REWORK)
    second = rounds.filter(state=Outage.State.REMAINS, closed_at__isnull=True).first()
    if second is None:
        blank = Outage(community=first.community, round_no=first.round_no + 1)
        form = SecondForm(second_from(act, caller), instance=blank, by=act.by, at=act.at)
        form.first, form.unit = first, caller.unit
        if not form.is_valid():
            raise Invalid(form)
        second = act.command.open(blank, data={}, files={}, origin=first, why=Link.Why.REWORK, form=form)
    else:
        if caller.unit_id and second.scope == Outage.Scope.UNITS:
            OutagePlace.objects.get_or_create(outage=second, unit=caller.unit)
            units = [place.unit for place in second.places.select_related("unit").order_by("unit__sort_key")]
            second.place_words = place_words(second.scope, units)
            Outage.objects.filter(pk=second.pk).update(place_words=second.place_words, summary=second.summarise()[:120])
        act.command.note(second, f"{caller.number} 回访也不满意：{act.data['words']}", step="unhappy")
    act.command.link(caller, second)
    return second


def second_from(act: Any, caller: Any) -> dict[str, Any]:
    """What the second round takes over: the same supply, what he said, and a working day to put it right."""
    first = act.record
    able = authority().people_with(first.community_id, "outages.work").filter(pk=first.handler_id).exists()
    until = clocks.after(Limit(SERVICE, minutes=480), act.at, first.community_id)
    return {
        "supply": first.supply, "sort": Outage.Sort.SUDDEN, "side": first.side,
        "cause": f"回访不满意：{act.data['words']}"[:200], "responsible": first.responsible,
        "begins_at": act.at, "expected_at": until,
        "scope": Outage.Scope.UNITS if caller.unit_id else first.scope,
        "handler": first.handler_id if able else "",
    }  # fmt: skip
