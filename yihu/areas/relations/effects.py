"""What the steps of the customer relations do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.relations.models import Merit, Posting, Praise, Promise, Suggestion, Talk
from yihu.areas.relations.times import day_end
from yihu.ground.staff.heads import departments
from yihu.kernel.authority import authority
from yihu.kernel.models import Record

# how a contact reached us, as a praise or a suggestion says it
SOURCES = {"box": "box", "forum": "forum", "letter": "letter", "mail": "letter"}


# -- 表扬 ---------------------------------------------------------------------------------------------------------------


def praise_from(origin: Any) -> dict[str, Any]:
    """What a praise takes over from the contact."""
    facts = origin.facts()
    about = facts.get("about_staff")
    return {
        **{name: facts.get(name) for name in ("content", "promised_at", "unit", "party", "caller_name", "phone")},
        "source": SOURCES.get(str(facts.get("channel")), Praise.Source.DESK),
        "people": [about] if about else None,
    }


def praise_opened(act: Any) -> None:
    _name(act, confirmed=False)
    act.tell_post("cs_supervisor", f"{act.record.number} 收到表扬，请核实。")


def verified_state(act: Any) -> str:
    return Praise.State.CONFIRMED if act.data["outcome"] == "confirmed" else Praise.State.UNCONFIRMED


def verified(act: Any) -> None:
    """Confirmed: a merit of each who is named, and he hears of it. Else nothing stays in anybody's file."""
    praise = act.record
    praise.handler = act.by
    if act.data["outcome"] != "confirmed":
        Merit.objects.filter(praise_id=praise.pk).delete()
        return
    _name(act, confirmed=True)
    people = [row.person for row in Merit.objects.filter(praise_id=praise.pk).select_related("person") if row.person]
    # without the record: whoever is praised may read his merits, not necessarily the customer's matter
    sentence = f"您受到客户表扬，已经核实，记入嘉奖记录：{praise.content[:80]}"
    act.command.tell(people, sentence, community_id=praise.community_id)


def _name(act: Any, *, confirmed: bool) -> None:
    """Put down who is praised; what was put down before is replaced."""
    praise, people, team = act.record, list(act.data.get("people") or []), act.data.get("team") or ""
    Merit.objects.filter(praise_id=praise.pk).delete()
    common = {
        "praise_id": praise.pk,
        "community_id": praise.community_id,
        "confirmed_at": act.at if confirmed else None,
    }
    rows = [Merit(person=person, **common) for person in people]
    rows += [Merit(team=team, **common)] if team else []
    Merit.objects.bulk_create(rows)
    names = [str(person) for person in people]
    names += [dict(departments(praise.community_id)).get(team, team)] if team else []
    praise.whom = "、".join(names)[:200]


def thanked_state(act: Any) -> str:
    return Praise.State.CALL_BACK if act.data.get("call_back") else Praise.State.CLOSED


def thanked(act: Any) -> None:
    act.record.thanked_at = act.at


def praise_regretted(act: Any) -> None:
    act.tell_post("cs_supervisor", f"{act.record.number} 回访时客户不满意：{act.data['words']}")


# -- 建议 ---------------------------------------------------------------------------------------------------------------


def suggestion_from(origin: Any) -> dict[str, Any]:
    facts = origin.facts()
    source = SOURCES.get(str(facts.get("channel")), Suggestion.Source.DESK)
    return {
        **{name: facts.get(name) for name in ("content", "promised_at", "unit", "party", "caller_name", "phone")},
        "source": source if source in Suggestion.Source.values else Suggestion.Source.DESK,
    }


def suggestion_opened(act: Any) -> None:
    act.tell_post("project_manager", f"{act.record.number} {act.record.summarise()[:80]}，请决定。")


def decided(act: Any) -> None:
    """The desk answers the customer; the department hears what it is to carry out."""
    suggestion = act.record
    suggestion.handler = None
    act.tell_post(
        "receptionist", f"{suggestion.number} 项目经理已决定（{suggestion.get_decision_display()}），请答复客户。"
    )
    if suggestion.taken_up:
        by = f"{suggestion.planned_on:%m-%d} 前落实"
        act.command.tell(
            [
                person
                for person in authority().team_people(suggestion.community_id, suggestion.team)
                if person != act.by
            ],
            f"{suggestion.number} 采纳建议，请{by}：{suggestion.content[:80]}",
            community_id=suggestion.community_id,
            record=suggestion,
        )


def answered_state(act: Any) -> str:
    return Suggestion.State.DOING if act.record.taken_up else Suggestion.State.DONE


def answered(act: Any) -> None:
    """From now on the clock is that of the department's work."""
    act.record.answered_at = act.at
    act.record.promised_at = day_end(act.record.planned_on) if act.record.planned_on else act.record.promised_at


# -- 论坛与意见箱 ---------------------------------------------------------------------------------------------------------


def looked(act: Any) -> None:
    """Each find is a slip of its own, in the hands of the channel's person."""
    look = act.record
    look.looked_at, look.found = act.at, len(act.data["items"])
    for photo in act.data.get("photos") or []:
        act.attach(photo)
    for item in act.data["items"]:
        act.open(Posting(community=look.community), {**item, "channel": look.channel_id, "handler": ""})


def posting_opened(act: Any) -> None:
    if act.record.handler_id != act.by.pk and act.record.handler_id:
        act.tell([act.record.handler], f"{act.record.number} {act.record.summarise()[:80]}，请答复。")


def posting_answered(act: Any) -> None:
    act.record.answered_at = act.at
    act.record.handler = act.by


# -- 客户沟通 ------------------------------------------------------------------------------------------------------------


def talk_state(act: Any) -> str:
    return Talk.State.FOLLOWING if act.data["promises"] else Talk.State.FILED


def talk_opened(act: Any) -> None:
    Promise.objects.bulk_create([Promise(talk_id=act.record.pk, **promise) for promise in act.data["promises"]])


def still_followed(talk: Any, by: Any) -> str:
    """A talk is filed when what was promised in it is done and called back."""
    numbers = Record.objects.filter(links_in__origin_id=talk.pk, closed_at__isnull=True).order_by("number")
    words = "、".join(numbers.values_list("number", flat=True))
    return f"{words} 还没有办结，暂不能归档。" if words else ""
