"""What a count sets going: reports of loss, the supervisor told at once, the witness called."""

from __future__ import annotations

from typing import Any

from yihu.areas.keys.counting import compare
from yihu.areas.keys.counting.forms import LOST, OTHER, UNWRITTEN, counters
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import KeySet, LossReport
from yihu.kernel.authority import authority
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

S = KeyCount.State
WHY = {LOST: "报遗失", UNWRITTEN: "收发没有登记", OTHER: "其它"}


def opened(act: Any) -> None:
    keeper = act.record.cabinet.keeper
    act.record.handler = keeper
    act.tell([keeper], f"{act.record.number} {act.record.cabinet} 今天核查，请逐个挂钩核对。")


def not_walked(count: Any, by: Any) -> str:
    left = len(compare.result(count).unanswered)
    return f"还有 {left} 个挂钩没有核，请先逐个核完。" if left else ""


def signed(act: Any) -> None:
    """What was seen is frozen; what is missing is reported; the supervisor hears of it now, not after the witness."""
    count = act.record
    seen = compare.result(count)
    count.counted_by, count.counted_at = act.by, act.at
    count.on_register, count.on_loan, count.found = seen.on_register, seen.on_loan, seen.found
    count.differences = [_line(act, one) for one in seen.differences]
    count.off = len(seen.differences) + bool(count.surplus)
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    _call_witness(act)
    if count.off:
        _report(act)
    for one in seen.differences:
        if act.data[f"why_{one.key.pk}"] == LOST:
            _report_lost(act, one)


def _line(act: Any, one: compare.Difference) -> dict[str, Any]:
    return {
        "key": one.key.pk,
        "hook": one.tick.hook,
        "tag": one.key.tag,
        "answer": one.tick.answer,
        "words": one.words,
        "why": WHY[act.data[f"why_{one.key.pk}"]],
        "reason": act.data[f"reason_{one.key.pk}"],
    }


def _report(act: Any) -> None:
    count = act.record
    said = [f"{line['hook']} {line['words']}" for line in count.differences]
    if count.surplus:
        said.append(f"多出：{count.surplus[:40]}")
    told = act.tell_post(
        "cs_supervisor", f"{count.number} {count.cabinet} 核到 {count.rate}，{'；'.join(said)[:120]}，请立即处理。"
    )
    people = list(authority().holders(count.community_id, "cs_supervisor"))
    count.reported_to = "、".join(str(person) for person in people)[:80]
    count.reported_at = act.at if told or people else None


def _report_lost(act: Any, one: compare.Difference) -> None:
    """A key that was reported meanwhile is not reported twice."""
    key = KeySet.objects.select_for_update().get(pk=one.key.pk)
    if key.status == KeySet.Status.LOST:
        return
    data = {
        "tag": key.tag, "key": key.pk, "what": LossReport.What.LOST, "found_at": one.tick.at, "last_holder": compare.last_holder(key, act.record.cabinet),
        "cause": f"{act.record.number} 核查时 {one.tick.hook} 上没有：{act.data[f'reason_{key.pk}']}"[:300],
    }  # fmt: skip
    act.open(LossReport(community=act.record.community, unit=key.unit), data)


def _call_witness(act: Any) -> None:
    act.record.handler = act.record.witness
    act.tell([act.record.witness], f"{act.record.number} {act.record.cabinet} 已核完，请您见证签字。")


def another(act: Any) -> None:
    _call_witness(act)


AFTER_WITNESS = Branch(lambda act: S.DIFFERS if act.record.off else S.AGREED, (S.DIFFERS, S.AGREED))


def witnessed(act: Any) -> None:
    count = act.record
    count.witnessed_at, count.agreed = act.at, count.state == S.AGREED
    count.handler = count.counted_by
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)


def sent_back(act: Any) -> None:
    """To whoever counted; to the keeper of the cabinet, as at the opening, if nobody had."""
    count = act.record
    count.handler = count.counted_by or count.cabinet.keeper
    count.counted_at = None
    act.tell([count.handler], f"{count.number} 见证人退回重核：{act.data['reason'][:80]}")


def put_right(count: Any, by: Any) -> str:
    left = compare.still_wrong(count)
    return f"还不能了结：{'；'.join(left)}。" if left else ""


def saw_himself(person: Any, count: Any) -> bool:
    return person.pk in counters(count)
