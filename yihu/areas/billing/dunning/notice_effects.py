"""Drawing up a notice, its delivery, and what that does to the case: through reactions, so that each holds its own lock."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.billing.delivering import send, write_down
from yihu.areas.billing.dunning import batches
from yihu.areas.billing.dunning.models import Demand, DunningNotice, DunningRound, NoticeLine
from yihu.areas.billing.dunning.reckon import asked_for, demanded, posted_now, undisputed
from yihu.areas.billing.dunning.standing import arrears_of
from yihu.areas.billing.notices.models.notices import fresh_token
from yihu.basics.money import yuan
from yihu.ground.ledger import ahead
from yihu.kernel.procedure import Branch
from yihu.kernel.reactions import reacts_to

N = DunningNotice.State
OPENS = Branch(lambda act: N.TO_APPROVE if act.record.level > 1 else N.ISSUED, (N.TO_APPROVE, N.ISSUED))


def drawn(act: Any) -> None:
    """The lines as they stand today, with the late fee only where a contract provides it (F83)."""
    notice = act.record
    found = arrears_of(undisputed(notice.case, notice.drawn_on), notice.drawn_on)
    used = ahead.met(notice.community_id, Q(charge__in=[one.charge.pk for one in found]))
    NoticeLine.objects.bulk_create(
        [
            NoticeLine(
                notice=notice, charge=one.charge, amount=one.open, used=used.get(one.charge.pk, 0),
                late_fee=one.late_fee, late_words=one.words[:200],
            )
            for one in found
        ]
    )  # fmt: skip
    notice.late_fee = sum(one.late_fee for one in found)
    if notice.state == N.ISSUED:
        _posted(act)
    else:
        act.tell_post("project_manager", f"{notice.number} {notice.summarise()}，请批。")


def _posted(act: Any) -> None:
    """The notice goes out: what it asks for being late is in the books as it says."""
    notice = act.record
    lines = [line.charge for line in notice.lines.select_related("charge__item")]
    posted_now(notice.case, act.command, lines, notice.drawn_on)


def approved(act: Any) -> None:
    act.record.approved_by, act.record.approved_at = act.by, act.at
    _posted(act)


def delivered(act: Any) -> None:
    """Proof of delivery is what counts: the demand holds from the day on which it is proven (民法典第137条、第195条)."""
    notice = act.record
    write_down(act, notice)
    if notice.way == notice.Way.ELECTRONIC:
        about = f"{notice.drawn_on:%Y年%-m月}催款通知单（{notice.number}，{yuan(notice.asked)} 元，请于 {notice.pay_by:%m-%d} 前缴清）"
        send(act, notice, notice.party, code="please_pay", about=about, unit=notice.unit)
    lines = list(notice.lines.values_list("charge_id", "amount"))
    lines += asked_for(notice.case, [pk for pk, _ in lines], notice.drawn_on)
    words = f"{notice.number} 第 {notice.level} 次，{yuan(notice.asked)} 元，{notice.delivery_words}"
    on = notice.served_on(timezone.localdate(act.at), notice.community_id)
    Demand.objects.filter(record_id=notice.pk).update(words=words[:200], on=on)
    if not Demand.objects.filter(record_id=notice.pk).exists():
        demanded(notice.case, Demand.Kind.NOTICE, words, on, lines, record=notice)


def arrived(act: Any) -> None:
    Demand.objects.filter(record_id=act.record.pk).update(on=act.record.arrived_on)


def given_back(act: Any) -> None:
    act.record.returned_to_finance_at = act.at


def recalled(act: Any) -> None:
    """What was wrong is no proof that we asked: the limitation is reckoned without it (the stricter reading for us)."""
    Demand.objects.filter(record_id=act.record.pk).update(on=None)
    act.tell_post(
        "project_manager", f"{act.record.number} 催款通知单有错（{act.record.get_wrong_display()}），已收回。"
    )


def renewed(act: Any) -> None:
    """The paper went astray: the address behind its code ends, a paper printed from now on carries another. Written past
    the record's columns: the journal repeats no address."""
    DunningNotice.objects.filter(pk=act.record.pk).update(token=fresh_token())


def not_posted(notice: Any, by: Any) -> str:
    return "" if notice.posted else "这张单不是邮寄的。"


def held(notice: Any, by: Any) -> str:
    return "催款通知单不能撤回或合并；没送出的请登记作废，写明原因。"


# -- the batch ------------------------------------------------------------------------------------------------------
R = DunningRound.State
# a month in which nobody is asked for anything leaves nothing to print
DRAWN = Branch(lambda act: R.READY if act.record.notices.exists() else R.DONE, (R.READY, R.DONE))


def round_drawn(act: Any) -> None:
    batch = act.record
    batch.drawn, batch.passed = batch.notices.count(), batch.passes.count()
    if not batch.drawn:
        return
    act.tell_post("accountant", f"{batch.number} {batch.summarise()}，请打印、盖章，交客服送达。")


def handed_out(act: Any) -> None:
    act.tell_post(
        "cs_supervisor", f"{act.record.number} 催款通知单 {act.record.drawn} 张已盖章，请在两个工作日内送达签收。"
    )


def to_be_set(act: Any) -> None:
    """Hundreds of sheets take their time: a job sets them."""
    batches.set_round.enqueue(round_id=act.record.pk, by_id=act.by.pk)


def all_back(act: Any) -> None:
    """The signed list came back as one: so do the notices on it, each by its own step, in a job."""
    batches.give_back.enqueue(round_id=act.record.pk, by_id=act.by.pk)


def round_held(batch: Any, by: Any) -> str:
    return "催款批次不能撤回或合并。"


def waiting_for_approval(batch: Any, by: Any) -> str:
    waits = batch.notices.filter(state=N.TO_APPROVE).count()
    return f"还有 {waits} 张第二次以上的催款单等项目经理批准。" if waits else ""


def not_all_delivered(batch: Any, by: Any) -> str:
    left = batch.notices.filter(state__in=(N.TO_APPROVE, N.ISSUED)).count()
    return f"还有 {left} 张没有送达，送达或作废以后再收齐。" if left else ""


def issued_now(notice: Any) -> bool:
    return bool(notice.state == N.ISSUED)


@reacts_to("dunning.dunningnotice.open", when=issued_now)
@reacts_to("dunning.dunningnotice.approve")
def climbs(notice: Any, commanding: Any) -> None:
    """The case has been dunned once more."""
    if notice.case.closed_at is None:
        commanding.perform(notice.case, "dunned", data={}, files={})


@reacts_to("dunning.dunningnotice.deliver")
@reacts_to("dunning.dunningnotice.arrived")
@reacts_to("dunning.dunningnotice.again")
@reacts_to("dunning.dunningnotice.recall")
def begins_anew(notice: Any, commanding: Any) -> None:
    """The limitation begins anew for what was asked."""
    if notice.case.closed_at is None:
        commanding.perform(notice.case, "look_again", data={}, files={})
