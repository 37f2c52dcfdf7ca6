"""What the approval of a hand-entered charge does: the books are charged, by the one who approves."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.doubled import billed_already
from yihu.ground.ledger import charging
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.posting import books
from yihu.kernel.authority import authority

BILL = "ledger.bill"


def opened(act: Any) -> None:
    people = authority().people_with(act.record.community_id, BILL)
    act.tell(
        [one for one in people if one != act.by], f"{act.record.number} {act.record.summarise()[:60]}，请审批出账。"
    )


def billed_meanwhile(one: Any, by: Any) -> str:
    """What was free when it was drafted may be billed by now, by a run or by another draft."""
    return billed_already(one.item, one.unit, one.party, one.from_on, one.to_on, one.part)


def charged(act: Any) -> None:
    """The charge stands in the books; a second one for the same place, item and time is refused there (FEE-20)."""
    one = act.record
    owed = Owed(
        party=one.party_id, unit=one.unit_id, item=one.item, from_on=one.from_on, to_on=one.to_on, due_on=one.due_on,
        amount=one.amount_fen, part=one.part, words=one.why, basis={"kind": "hand", "why": one.why}, record=one,
    )  # fmt: skip
    with books(act.command, one.community_id) as opened_books:
        one.charge = charging.charge(opened_books, owed, words=f"{one.number} {one.item}")
    act.tell([one.opened_by], f"{one.number} 已出账：{one.amount}。")


def sent_back(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 没有通过：{act.record.decision[:80]}")
