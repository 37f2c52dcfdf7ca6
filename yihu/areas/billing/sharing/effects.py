"""What the steps of a pool and of its month do beyond changing state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yihu.areas.billing.sharing import shares
from yihu.areas.billing.sharing.models import PoolMonth, SharePool
from yihu.areas.billing.sharing.models.terms import why_no_shares
from yihu.kernel.authority import authority
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.models import Attachment
from yihu.kernel.reactions import reacts_to

S = PoolMonth.State


# -- pools -----------------------------------------------------------------------------------------------------------
def drafted(act: Any) -> None:
    act.tell_post("project_manager", f"{act.record.number} 公摊方案“{act.record.summarise()[:60]}”，请审批。")


def approved(act: Any) -> None:
    """From its month on it holds; what had the same name before holds through the month before."""
    pool: SharePool = act.record
    if sentence := why_no_shares(pool.community_id, pool.from_on):
        raise Refused(sentence)
    others = SharePool.objects.select_for_update().filter(
        community_id=pool.community_id, name=pool.name, state=SharePool.State.IN_FORCE, closed_as="", to_on__isnull=True
    )
    for before in others.exclude(pk=pool.pk).order_by("pk"):
        if before.from_on >= pool.from_on:
            raise Refused(f"同名的方案 {before.number} 从 {before.from_on:%Y年%m月} 起在用，新方案要晚于那个月。")
        used = before.months.filter(live=True, month__gte=pool.from_on).exclude(state=S.DUE).first()
        if used is not None:
            raise Refused(f"{used.number} 已经按原方案算了 {used.month_word}，新方案请从以后的月份起。")
        act.perform(before, "end", {"to_on": pool.from_on - timedelta(days=1)})
    act.tell([pool.opened_by], f"{pool.number} {pool.name} 已批准，从 {pool.from_on:%Y年%m月} 起用。")


def sent_back(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} {act.record.summarise()[:60]}：{act.record.opinion[:80]}")


def pool_held(pool: Any, by: Any) -> str:
    if pool.state == SharePool.State.DRAFT:
        return ""
    return "方案已经批准，不能撤回；不再用的请“停用”，要改的另起草一份。"


# -- months ----------------------------------------------------------------------------------------------------------
def filled(act: Any) -> None:
    """The parts are kept as they were reckoned with the figures just typed."""
    month = act.record
    shares.keep(month, act.data["reckoned"])
    for upload in act.data.get("scan") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    act.tell_post("finance_supervisor", f"{month.number} {month.summarise()[:80]}，请审核。")


def checked(act: Any) -> None:
    """Once more from the beginning: what has changed meanwhile goes back to who typed it in."""
    month = act.record
    if sentence := why_no_shares(month.community_id, month.month):
        raise Refused(sentence)
    kept = {row.unit_id: row.amount for row in month.shares.all()}
    again = shares.reckon(month)
    if {part.unit: part.amount for part in again.parts} != kept or again.amount != month.amount_fen:
        raise Conflict("算好以后，房屋资料或用量有了变动，结果不一样了。请退回，重新计算一次。", [])
    month.approved_by, month.approved_at = act.by, act.at
    act.tell_post("accountant", f"{month.number} {month.month_word} {month.pool.name} 已审核，请打印公示。")


def taken_out(act: Any) -> None:
    act.record.live = False


def put_in(act: Any) -> None:
    act.record.live = True


def is_correction(month: Any) -> bool:
    return month.corrects_id is not None


@reacts_to("sharing.poolmonth.publish", when=is_correction)
def takes_its_place(month: PoolMonth, commanding: Any) -> None:
    """The corrected sheet hangs: it counts from now on in place of the one before, and the next run bills the difference."""
    was = PoolMonth.objects.get(pk=month.corrects_id)
    commanding.perform(was, "corrected", data={}, files={})
    commanding.perform(month, "takes_place", data={}, files={})
    words = f"{month.number} {month.month_word} {month.pool.name} 已更正公示，差额进下一次出账。"
    people = authority().holders(month.community_id, "accountant")
    commanding.tell(people, words, community_id=month.community_id, record=month)


def unchecked(act: Any) -> None:
    act.record.approved_by = act.record.approved_at = None
    _to_accountant(act)


def voided(act: Any) -> None:
    act.record.live = False
    _to_accountant(act)


def _to_accountant(act: Any) -> None:
    act.tell_post("accountant", f"{act.record.number} {act.record.summarise()[:60]}：{act.record.opinion[:80]}")


def month_held(month: Any, by: Any) -> str:
    return "公摊账不能撤回；不要这个月的，请按“作废”办理并写明原因。"
