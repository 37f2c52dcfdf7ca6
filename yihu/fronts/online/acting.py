"""What the reporter may do with his own report: urge it, and say how it was done. Both through the doors of the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.fronts.online.following import matter_of, standing_of
from yihu.fronts.online.models import Report
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused

EACH = timedelta(hours=1)  # one urge; more of them hurry nobody
CALLS = "contact.call_back"


def urge(report: Report, words: str, *, key: str) -> None:
    """催办, the step that every record has: counted, told to whoever has it, climbing with the third."""
    with command(by=authority().system(), key=key, verb="online.urge", body=[report.pk, words]) as commanding:
        if commanding.replayed:
            return
        held = Report.objects.select_for_update(of=("self",)).select_related("contact").get(pk=report.pk)
        if held.urged_at is not None and commanding.at - held.urged_at < EACH:
            raise Refused("一小时内已经催过一次，办的人已经收到提醒。等不及的，请打电话给前台。")
        if not standing_of(held, commanding.at).may_urge:
            raise Refused("这件事已经办完或不再办理，不用催了。")
        said = f"报修人在网上催办{f'：{mask_free_text(words)}' if words else ''}（{held.contact.number}）"
        commanding.perform(matter_of(held), "urge", data={"words": said[:200]}, files={})
        held.urged_at = commanding.at
        held.save(update_fields=["urged_at"])
        commanding.answer(held.contact)


def judge(report: Report, opinion: str, words: str, *, key: str) -> None:
    """What he thinks of it stands on the order and is told to whoever calls him back; it is no call-back itself: that is made by
    telephone or visit, by somebody else than the worker (DESK-13)."""
    with command(
        by=authority().system(), key=key, verb="online.opinion", body=[report.pk, opinion, words]
    ) as commanding:
        if commanding.replayed:
            return
        held = Report.objects.select_for_update(of=("self",)).select_related("contact").get(pk=report.pk)
        if held.opinion:
            raise Refused("您已经评价过了，谢谢。还有话要说，请打电话给前台。")
        if not standing_of(held, commanding.at).may_judge:
            raise Refused("还没有修好，修好以后再评价。")
        held.opinion, held.opinion_words, held.opinion_at = opinion, words, commanding.at
        held.save(update_fields=["opinion", "opinion_words", "opinion_at"])
        order = matter_of(held)
        word = held.get_opinion_display()
        commanding.note(order, f"报修人在网上评价：{word}（{held.contact.number}）", step="online_opinion")
        sentence = f"{order.number} 报修人在网上评价：{word}。" + _what_now(order, opinion)
        commanding.tell(_whom(order, opinion), sentence, community_id=order.community_id, record=order)
        commanding.answer(held.contact)


def _what_now(order: Any, opinion: str) -> str:
    if opinion == Report.Opinion.UNSATISFIED:
        return "请尽快打电话问清原因。"
    return "" if order.closed_at else "请照常回访。"


def _whom(order: Any, opinion: str) -> list[Any]:
    """Whoever calls back; of an unhappy one the supervisor hears too."""
    people = list(authority().people_with(order.community_id, CALLS))
    heads = authority().holders(order.community_id, "cs_supervisor") if opinion == Report.Opinion.UNSATISFIED else []
    return [*people, *heads]
