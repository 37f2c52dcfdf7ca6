"""The doors of the till: money taken for one payer, and his money in our hands used. Once, whoever clicks how often."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from yihu.areas.cashier import household
from yihu.areas.cashier.closing_rule import refuse_before_closing
from yihu.ground.estate.models import Unit
from yihu.ground.ledger import charging, deposits, earmarking, receiving
from yihu.ground.ledger.models import Charge, FeeItem, Receipt
from yihu.ground.ledger.posting import COLLECT, Books, books
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require

CHANGED = "这位客户的账刚刚有变动（别人刚收过款，或出了新账单），没有收款。请看过下面的新数字再收。"


@dataclass(frozen=True)
class Taking:
    """What the cashier has in hand. ``charges``: those that the payer named, in his order; none: as the law orders; ``late``:
    the bills whose late fees, not posted yet, he named as well: they come first.
    ``ahead``: so much is rent paid in advance, whatever is owed.
    ``agreed``: he said that what is left over is used for his later bills.
    ``seen``: how far the payer's account had come on the screen."""

    party: int
    unit: int | None
    amount: int
    method: str
    payer_name: str
    seen: int
    reference: str = ""
    charges: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    deposit_item: int | None = None
    deposit: int = 0
    deposit_back_on: date | None = None
    ahead_item: int | None = None
    ahead: int = 0
    agreed: bool = False


def take_money(taking: Taking, party: Any, *, by: Any, key: str | None = None, at: datetime | None = None) -> Receipt:
    """One receipt for one taking (FEE-07, FEE-20). The same key again gives the same receipt."""
    require(by, COLLECT, party.community_id, "您不能收款，请找收费员。")
    body = [str(one) for one in astuple(taking)]
    with command(by=by, key=key, at=at, body=body, verb="cashier.take") as commanding:
        if commanding.stored:
            return Receipt.objects.get(pk=commanding.stored.answer_id)
        refuse_before_closing(party.community_id, by, commanding.at)
        with books(commanding, party.community_id) as opened:
            if household.seen_of(party) != taking.seen:
                raise Conflict(CHANGED)
            receipt = receiving.receive(
                opened, amount=taking.amount, method=taking.method, payer_name=taking.payer_name, party=party,
                unit=_unit(taking, party), reference=taking.reference, agreed=taking.agreed,
            )  # fmt: skip
            if taking.deposit:
                item = FeeItem.objects.get(pk=taking.deposit_item, community_id=party.community_id)
                deposits.take_deposit(opened, receipt, item, taking.deposit, due_back_on=taking.deposit_back_on)
            if receipt.left:
                receiving.settle(opened, receipt, _meant(opened, taking, party), keep=taking.ahead)
            if taking.ahead:
                item = FeeItem.objects.get(pk=taking.ahead_item, community_id=party.community_id)
                earmarking.earmark(opened, receipt, item, taking.ahead)
        commanding.answer(receipt)
    return Receipt.objects.get(pk=receipt.pk)


def _unit(taking: Taking, party: Any) -> Any:
    return Unit.objects.get(pk=taking.unit, community_id=party.community_id) if taking.unit else None


def _meant(opened: Books, taking: Taking, party: Any) -> list[Charge] | None:
    """What the payer named, or None where the law orders."""
    if not (taking.charges or taking.late):
        return None
    rows = charging.bring_up(opened, _named(taking.late, party), opened.today)
    return [row for row in rows if row.amount > 0] + _named(taking.charges, party)


def _named(pks: tuple[int, ...], party: Any) -> list[Charge]:
    rows = Charge.objects.filter(pk__in=pks, party=party, community_id=party.community_id, open__gt=0)
    known = {row.pk: row for row in rows.select_related("item")}
    if set(known) != set(pks):
        raise Conflict(CHANGED)
    return [known[pk] for pk in pks]


def use_credit(party: Any, seen: int, *, by: Any, key: str | None = None, at: datetime | None = None) -> int:
    """预收抵缴: the payer's money in our hands goes to what he owes, the oldest money first; gives how much, in 分."""
    require(by, COLLECT, party.community_id, "您不能用预收抵缴，请找收费员。")
    with command(by=by, key=key, at=at, body=[party.pk, seen], verb="cashier.use_credit") as commanding:
        if commanding.stored:
            return 0
        with books(commanding, party.community_id) as opened:
            if household.seen_of(party) != seen:
                raise Conflict(CHANGED)
            used = _use(opened, party)
        if not used:
            raise Refused("没有可以抵缴的：没有预收，或没有欠费。")
    return used


def _use(opened: Books, party: Any) -> int:
    used = 0
    for receipt in household.credits_of(party):
        before = receipt.left
        receiving.settle(opened, receipt)
        used += before - receipt.left
    return used
