"""What the counter's steps do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.counter.models import DeskCheck, LendItem, Loan, StockCheck
from yihu.kernel.authority import authority
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

# -- messages for absent colleagues ------------------------------------------------------------------------------------


def note_taken(act: Any) -> None:
    note = act.record
    people = authority().with_stand_ins(note.community_id, note.handler)
    act.tell(people, f"{note.number} {note.summarise()[:100]}，请确认收到。")


def note_passed(act: Any) -> None:
    act.record.passed_at = act.at


def note_confirmed(act: Any) -> None:
    act.record.confirmed_at = act.at
    act.record.passed_at = act.record.passed_at or act.at


# -- sheets ------------------------------------------------------------------------------------------------------------


def _bad(lines: list[dict[str, Any]]) -> bool:
    return any(line["ok"] == "not_ok" for line in lines)


def _differs(lines: list[dict[str, Any]]) -> bool:
    return any(line["counted"] != line["expected"] or line["damaged"] for line in lines)


AFTER_CHECK = Branch(
    lambda act: DeskCheck.State.FOLLOW_UP if _bad(act.record.lines) else DeskCheck.State.DONE,
    (DeskCheck.State.FOLLOW_UP, DeskCheck.State.DONE),
)
AFTER_COUNT = Branch(
    lambda act: StockCheck.State.DIFFERS if _differs(act.record.lines) else StockCheck.State.AGREED,
    (StockCheck.State.DIFFERS, StockCheck.State.AGREED),
)


def checked(act: Any) -> None:
    _sign(act)
    for photo in act.data.get("photos") or ():
        act.attach(photo)
    if act.record.state == DeskCheck.State.FOLLOW_UP:
        act.tell([act.record.handler], f"{act.record.number} 前台检查 {act.record.found[:100]}，请整改。")


def counted(act: Any) -> None:
    _sign(act)
    act.record.handler = act.by
    if act.record.state == StockCheck.State.DIFFERS:
        act.tell_post("cs_supervisor", f"{act.record.number} 前台物品清点有差异：{act.record.found[:100]}。")


def _sign(act: Any) -> None:
    act.record.signed_at = act.at
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)


def remedied(act: Any) -> None:
    act.record.remedied_at = act.at


# -- things lent -------------------------------------------------------------------------------------------------------


def take(act: Any) -> str:
    """Lock the thing first: two clerks may lend it at once, one of them hears a sentence."""
    item = LendItem.objects.select_for_update().get(pk=act.record.item_id)
    if Loan.objects.filter(item=item, is_out=True).exists():
        raise Refused(f"{item} 刚刚已经借出，请选别的。")
    return Loan.State.LENT


AFTER_RETURN = Branch(
    lambda act: Loan.State.BACK if act.data["condition"] == Loan.Condition.GOOD else Loan.State.TO_SETTLE,
    (Loan.State.BACK, Loan.State.TO_SETTLE),
)


def given_back(act: Any) -> None:
    act.record.returned_at = act.at
    act.record.is_out = act.record.state != Loan.State.BACK
    if act.record.is_out:
        lost(act)


def lost(act: Any) -> None:
    act.tell_post(
        "cs_supervisor", f"{act.record.number} {act.record.item} 损坏或遗失：{act.record.loss_note[:80]}，待赔偿。"
    )


def settled(act: Any) -> None:
    """What does not come back is not lent any more."""
    act.record.is_out = False
    if not act.data["keep"]:
        LendItem.objects.filter(pk=act.record.item_id).update(shown=False)
