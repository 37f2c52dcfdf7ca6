"""What the steps of a case do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.delivering import send, write_down
from yihu.areas.billing.dunning.models import Call, Demand, DunningCase, DunningNotice, Instalment, Letter
from yihu.areas.billing.dunning.pausing import S, close_disputes, keep, today_of
from yihu.areas.billing.dunning.reckon import demanded, evening, posted_now, recount, undelivered_letter, undisputed
from yihu.basics.money import yuan
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

DEFECTS = (
    DunningCase.Reason.CONSTRUCTION,
    DunningCase.Reason.DESIGN,
    DunningCase.Reason.THEFT,
    DunningCase.Reason.NEIGHBOURS,
    DunningCase.Reason.SERVICE,
)


def held(case: Any, by: Any) -> str:
    return "催缴不能撤回或合并：缴清了会自己结案，在争议的请登记争议，追不回的走核销。"


# -- the ladder -----------------------------------------------------------------------------------------------------
def _dunned(act: Any) -> str:
    """The first notice is 催款一, a later one 催款二; who is further up the ladder stays there."""
    case = act.record
    case.level = case.notices.exclude(state=DunningNotice.State.VOID).count()
    if case.state not in (S.REMIND, S.FIRST):
        return ""
    return S.FIRST if case.level < 2 else S.SECOND


DUNNED = Branch(_dunned, (S.FIRST, S.SECOND))


def look_again(act: Any) -> None:
    recount(act.record, act.at)


def paid(act: Any) -> None:
    act.record.open_of, act.record.next_part_at = None, None
    recount(act.record, act.at)
    close_disputes(act)
    act.record.instalments.filter(in_force=True).update(in_force=False)


def _talked(act: Any) -> str:
    met = act.data["way"] in (Call.Way.VISIT, Call.Way.OFFICE) and act.data["reached"] == "yes"
    return S.TALK if met and act.record.state == S.SECOND else ""


TALKED = Branch(_talked, (S.TALK,))


def called(act: Any) -> None:
    said = act.data
    Call.objects.create(
        case=act.record, at=act.at, by=act.by, way=said["way"], reached=said["reached"] == "yes", reason=said["reason"] or "",
        said=said["said"], explained=said["explained"], promised_on=said["promised_on"],
    )  # fmt: skip
    if said["reached"] == "yes" and said["reason"] in DEFECTS:
        words = f"{act.record.number} 未缴的原因是{act.record.get_reason_display()}，请转为接待跟进。"
        act.tell_post("cs_supervisor", words)


# -- instalments ----------------------------------------------------------------------------------------------------
def planned(act: Any) -> None:
    """The payer's own promise begins the limitation anew for all that it covers."""
    case, parts, today = act.record, act.data["parts"], today_of(act)
    if act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    keep(act, "agreement")
    charges = undisputed(case, today)
    total = sum(charge.open for charge in charges)
    if total != sum(amount for _, amount in parts):
        raise Refused("这户的欠费刚刚有变动，请刷新后重新排期。")
    case.instalments.filter(in_force=True).update(in_force=False)
    Instalment.objects.bulk_create(
        [Instalment(case=case, agreed_on=today, due_on=day, amount=amount, owed=total) for day, amount in parts]
    )
    words = f"{len(parts)} 期，共 {yuan(total)} 元，付款人签字"
    demanded(case, Demand.Kind.PLAN, words, today, [(charge.pk, charge.open) for charge in charges])
    case.next_part_at = evening(parts[0][0])
    recount(case, act.at)


def next_part(act: Any) -> None:
    """One part was paid in time; the next is waited for."""
    act.record.next_part_at = evening(min(still_to_come(act.record, today_of(act))))
    recount(act.record, act.at)


def still_to_come(case: DunningCase, today: Any) -> list[Any]:
    """The days of the parts of a plan that are not over yet."""
    return list(case.instalments.filter(in_force=True, due_on__gte=today).values_list("due_on", flat=True))


def fulfilled(act: Any) -> None:
    """All of the plan was paid; what fell due since was no part of it, and is asked for again."""
    act.record.next_part_at = None
    recount(act.record, act.at)


def _fallen_back(act: Any) -> str:
    """To where the notices had come before the promise."""
    return S.REMIND if not act.record.level else S.FIRST if act.record.level == 1 else S.SECOND


FALLEN_BACK = Branch(_fallen_back, (S.REMIND, S.FIRST, S.SECOND))


def broken(act: Any) -> None:
    act.record.instalments.filter(in_force=True).update(in_force=False)
    act.record.next_part_at = None
    recount(act.record, act.at)
    act.tell_post("finance_supervisor", f"{act.record.number} 分期没有按期履行，已退回“{act.record.state_word}”。")


# -- letters and the court ------------------------------------------------------------------------------------------
def _lettered(act: Any, kind: str) -> None:
    said, case = act.data, act.record
    posted_now(case, act.command, undisputed(case, today_of(act)), today_of(act))
    charges = undisputed(case, today_of(act))
    words = f"{said['writer']}，要求 {said['pay_by']:%Y-%m-%d} 前缴清"
    made = demanded(case, kind, words, None, [(charge.pk, charge.open) for charge in charges])
    Letter.objects.create(
        case=case, demand=made, writer=said["writer"], on=said["on"], pay_by=said["pay_by"], words=said["words"]
    )
    keep(act, "scan")


def urged(act: Any) -> None:
    _lettered(act, Demand.Kind.CLIENT)


def lawyered(act: Any) -> None:
    _lettered(act, Demand.Kind.LAWYER)


def no_letter(case: Any, by: Any) -> str:
    return "" if undelivered_letter(case) else "没有待送达的函件。"


def letter_delivered(act: Any) -> None:
    letter: Any = undelivered_letter(act.record)  # there is one: see no_letter
    write_down(act, letter)
    if letter.way == letter.Way.ELECTRONIC:
        about = f"{letter.on:%Y年%-m月%-d日}催告函（{letter.writer}，请于 {letter.pay_by:%m-%d} 前缴清）所列费用"
        send(act, letter, act.record.party, code="please_pay", about=about, unit=act.record.unit)
    letter.save()
    letter.demand.on = letter.served_on(today_of(act), act.record.community_id)
    letter.demand.words = f"{letter.demand.words}，{letter.delivery_words}"[:200]
    letter.demand.save(update_fields=["on", "words"])
    recount(act.record, act.at)


def sued(act: Any) -> None:
    case = act.record
    words = f"{case.get_court_way_display()}，{case.court} {case.court_no}"
    posted_now(case, act.command, undisputed(case, case.filed_on), case.filed_on)
    charges = undisputed(case, today_of(act))
    demanded(case, Demand.Kind.COURT, words, case.filed_on, [(charge.pk, charge.open) for charge in charges])
    keep(act, "papers")
    recount(case, act.at)


def judged(act: Any) -> None:
    keep(act, "papers")


def written_off(act: Any) -> None:
    """The debt stays in the books and its limitation runs on; only the asking ends (domain.md §5.7)."""
    act.record.open_of, act.record.next_part_at = None, None
