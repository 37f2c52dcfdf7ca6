"""What rests and why: bills that are contested until somebody has decided, cases whose payer says that he has paid."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.billing.dunning.models import Dispute, DunningCase
from yihu.areas.billing.dunning.reckon import posted_now, recount, undisputed
from yihu.areas.billing.dunning.standing import overdue
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

S = DunningCase.State
ASKING = (S.REMIND, S.FIRST, S.SECOND, S.TALK, S.URGED)
GOING = (*ASKING, S.PLAN, S.LAWYER, S.COURT, S.ENFORCE)


def today_of(act: Any) -> Any:
    return timezone.localdate(act.at)


def keep(act: Any, *names: str) -> None:
    for name in names:
        for upload in act.data.get(name) or ():
            act.attach(upload, Attachment.Purpose.PAPER)


def _pausing(act: Any) -> str:
    """Where it goes on afterwards is kept with it."""
    act.record.before = act.record.state
    return S.PAUSED


PAUSING = Branch(_pausing, (S.PAUSED,))


def _all_contested(act: Any) -> str:
    chosen = {one.pk for one in act.data["charges"]}
    left = [one for one in undisputed(act.record, today_of(act)) if not {one.pk, one.principal_id} & chosen]
    return "" if left or act.record.state == S.PAUSED else _pausing(act)


CONTESTED = Branch(_all_contested, (S.PAUSED,))


def disputed(act: Any) -> None:
    case, words = act.record, act.data["words"]
    for charge in act.data["charges"]:
        Dispute.objects.create(case=case, charge=charge, from_on=today_of(act), words=words)
    if case.state == S.PAUSED and not case.pause_why:
        case.pause_why, case.pause_words = DunningCase.Pause.DISPUTE, words
    keep(act, "evidence")


def paused(act: Any) -> None:
    act.record.pause_why = DunningCase.Pause.CHECKING


GO_ON = Branch(lambda act: act.record.before, GOING)
# what was paused for another reason stays paused
GO_ON_SETTLED = Branch(lambda act: _settled_to(act), GOING)


def _settled_to(act: Any) -> str:
    """As long as everything that is late is still contested, the case rests."""
    case, chosen = act.record, {one.pk for one in act.data["charges"]}
    if case.state != S.PAUSED or case.pause_why != DunningCase.Pause.DISPUTE:
        return ""
    left = set(case.disputes.filter(to_on__isnull=True).exclude(charge__in=chosen).values_list("charge", flat=True))
    late = overdue(case.community_id, today_of(act), party=case.party_id)
    asked = [one for one in late if not {one.pk, one.principal_id} & left]
    return "" if left and not asked else str(case.before)


def settled(act: Any) -> None:
    """Decided: the bills are asked for again, and late fees run on from here; whether the days between count, the outcome says.
    Who has paid meanwhile is asked no more: what his lateness cost is posted now."""
    said, case = act.data, act.record
    rows = case.disputes.filter(to_on__isnull=True, charge__in=said["charges"])
    _decide(act, rows, said["outcome"], said["words"])
    keep(act, "evidence")
    posted_now(case, act.command, [one for one in said["charges"] if not one.open], today_of(act))
    if case.pause_why == DunningCase.Pause.DISPUTE and case.state != S.PAUSED:
        case.pause_why, case.pause_words = "", ""
    recount(case, act.at)


def resumed(act: Any) -> None:
    _unpause(act)


def _decide(act: Any, rows: Any, outcome: str, words: str) -> None:
    rows.update(to_on=today_of(act), outcome=outcome, decided_by=act.by, decided_at=act.at, decision=words)


def close_disputes(act: Any) -> None:
    """What is left when a case ends: nobody is asked for anything, and no money depends on a decision."""
    left = Dispute.objects.filter(case=act.record, to_on__isnull=True)
    gone = list(left.filter(charge__reversal__isnull=False).values_list("pk", flat=True))
    _decide(act, Dispute.objects.filter(pk__in=gone), Dispute.Outcome.UPHELD, "账单已经冲销")
    _decide(act, left, Dispute.Outcome.MOOT, act.record.state_word)


def _undecided(act: Any) -> str:
    """Paid, but whether the contested days cost something is for a person to say."""
    return "" if act.record.state == S.PAUSED else _pausing(act)


UNDECIDED = Branch(_undecided, (S.PAUSED,))


def paid_undecided(act: Any) -> None:
    case = act.record
    if not case.pause_why:
        case.pause_why, case.pause_words = DunningCase.Pause.DISPUTE, "账单已经缴清，争议还没有认定"
    case.instalments.filter(in_force=True).update(in_force=False)
    case.next_part_at = None
    if case.before == S.PLAN:  # which was fulfilled
        case.before = (S.REMIND, S.FIRST, S.SECOND)[min(case.level, 2)]
    recount(case, act.at)
    words = f"{case.number} 的账单已经缴清，争议还没有认定：请登记“认定争议”，定下争议期间的违约金计不计。"
    for post in ("finance_supervisor", "cs_manager"):
        act.tell_post(post, words)


def _unpause(act: Any) -> None:
    act.record.pause_why, act.record.pause_words = "", ""
    recount(act.record, act.at)


def has_dispute(case: Any, by: Any) -> str:
    if case.pause_why == DunningCase.Pause.DISPUTE and not no_dispute(case, by):
        return "是因争议暂停的：请登记“认定争议”，争议已解决的也在那里写明。"
    return ""


def no_dispute(case: Any, by: Any) -> str:
    return "" if case.disputes.filter(to_on__isnull=True).exists() else "没有在争议的账单。"
