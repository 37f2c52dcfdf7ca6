"""Who answers for a lessee's bill together with him, whether he is in default, and what turning to the owner does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, ToOwner, TurnedCharge
from yihu.areas.billing.dunning.reckon import to_decide, undisputed
from yihu.areas.billing.dunning.standing import TURNED, late_on
from yihu.areas.billing.tariffs import prices as pricing
from yihu.basics.money import yuan
from yihu.ground.ledger import charging, posting
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.pay_days import PAY_BY
from yihu.kernel.errors import Refused
from yihu.kernel.reactions import reacts_to


def liable(case: DunningCase, day: date) -> dict[int, list[Any]]:
    """By owner: the late, uncontested bills of this payer that he pays as a lessee in the owner's stead. A late fee is the
    lessee's own fault and stays with him."""
    found: dict[int, list[Any]] = {}
    rows = [charge for charge in undisputed(case, day) if charge.unit_id is not None and charge.principal_id is None]
    for charge in rows:
        owner = _owner_of(charge)
        if owner is not None and owner != charge.party_id:
            found.setdefault(owner, []).append(charge)
    return found


def _owner_of(charge: Any) -> int | None:
    """As the price lines say it; else as it was agreed for the time of service (物业管理条例第41条)."""
    if (told := (charge.basis or {}).get("owner")) is not None:
        return int(told)
    people = pricing.households(charge.community_id, [charge.unit_id], charge.from_on, charge.to_on)
    payers = people[charge.unit_id].payers(charge.item_id, charge.from_on, charge.to_on)
    owners = {one.owner for one in payers if one.party == charge.party_id}
    return owners.pop() if len(owners) == 1 else None


def agreed_in(charges: Iterable[Any]) -> str:
    """The agreements by which the lessee pays."""
    return "、".join(sorted({(one.basis or {}).get("agreed") or "" for one in charges} - {""}))


def why_not_yet(case: DunningCase, day: date) -> str:
    """The lessee must be in default: asked in writing, provably reached, and his time is over."""
    for notice in DunningNotice.objects.filter(case=case, delivered_at__isnull=False).exclude(state="void"):
        on = notice.served_on(day, case.community_id)
        if on is not None and on <= day and notice.pay_by < day:
            return ""
    return "租户还没有违约：要有一张催款通知单证明送达他，并且缴清期限已过，才能转向业主。"


def drafted(act: Any) -> None:
    turn = act.record
    TurnedCharge.objects.bulk_create(
        [TurnedCharge(turn=turn, was=charge, amount=charge.open) for charge in act.data["charges"]]
    )
    act.tell_post("finance_supervisor", f"{turn.number} {turn.summarise()}，请批。")


def approved(act: Any) -> None:
    """Openly, in the books: what is open of each bill moves to the owner by a posting that both statements tell."""
    turn, today = act.record, timezone.localdate(act.at)
    if why := why_not_yet(turn.case, today):
        raise Refused(why)
    standing = {charge.pk for charge in liable(turn.case, today).get(turn.owner_id, [])}
    lines = list(turn.lines.select_related("was__item").order_by("pk"))
    for line in lines:
        if line.was_id not in standing or line.was.open != line.amount:
            raise Refused(f"{line.was} 在起草以后有变动（已缴、有争议或已冲销），请不同意这一张，重新起草。")
    words = f"承租人未缴，转由业主清偿（{turn.number}）"
    with posting.books(act.command, turn.community_id) as opened:
        charging.bring_up(opened, [line.was for line in lines], today)
        for line in lines:
            line.now = charging.transfer(
                opened, line.was, turn.owner_id, words=words, basis=basis_of(turn, line.was), record=turn
            )
            line.save(update_fields=["now"])
    turn.approved_by, turn.approved_at = act.by, act.at
    act.tell([turn.opened_by], f"{turn.number} 已批准：{yuan(turn.total)} 元转由业主清偿，已开始向业主催缴。")


def basis_of(turn: ToOwner, was: Charge) -> dict[str, Any]:
    return {"kind": TURNED, "of": was.pk, "turn": turn.number, PAY_BY: turn.pay_by.isoformat(), "was": was.basis}


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 没有同意：{act.record.rejection[:80]}")


def turn_held(turn: Any, by: Any) -> str:
    return "已经转到业主名下，不能撤回；转错了的，请财务主管红冲转过去的账单。" if turn.approved_at else ""


def all_turned(case: DunningCase) -> bool:
    """Whether a case ends because the owner was turned to."""
    return case.turns.filter(state=ToOwner.State.DONE).exists()


@reacts_to("dunning.toowner.approve")
def goes_to_the_owner(turn: ToOwner, commanding: Any) -> None:
    """The lessee's case ends where nothing of it is left; the owner is asked from the beginning."""
    today = timezone.localdate(commanding.at)
    case = DunningCase.objects.get(pk=turn.case_id)
    if case.closed_at is None:
        step = "look_again" if owed_in(case, today) or to_decide(case, today) else "turned"
        commanding.perform(case, step, data={}, files={})
    theirs = DunningCase.objects.filter(
        open_of=turn.owner_id, community=turn.community_id, closed_at__isnull=True
    ).first()
    if theirs is not None:
        commanding.perform(theirs, "look_again", data={}, files={})
        return
    if Charge.objects.filter(pk__in=turn.lines.values("now"), open__gt=0, reversal__isnull=True).exists():
        fresh = DunningCase(community=turn.community)
        commanding.open(fresh, data={"party": turn.owner_id}, files={}, origin=turn)


def owed_in(case: DunningCase, day: date) -> Sequence[Any]:
    return list(Charge.objects.filter(late_on(day), community_id=case.community_id, party=case.party_id))
