"""日结: receipts come into exactly one close, the difference into the books, the money to another person."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.applying.counting import till_of
from yihu.areas.cashier.applying.models import RedLetter, TillClose, TillLine
from yihu.areas.cashier.applying.models.till import CASH_LIKE
from yihu.areas.cashier.applying.who import counted_for as counted_by_another
from yihu.basics.money import yuan
from yihu.ground.ledger import carrying, correcting, posting
from yihu.ground.ledger.models import Receipt
from yihu.kernel.errors import Conflict
from yihu.kernel.procedure import Branch

S = TillClose.State
OPENS = Branch(lambda act: S.HANDED if act.data.get("shown") else S.DUE, (S.HANDED, S.DUE))


def opened(act: Any) -> None:
    if act.record.state == S.HANDED:
        handed(act)
    else:
        act.tell([act.record.collector], f"{act.record.number} {act.record.summarise()}：请点算、交款。")


def handed(act: Any) -> None:
    """The books are held meanwhile: no receipt is written beside the closing. What the page showed must still hold."""
    till = act.record
    with posting.books(act.command, till.community_id):
        found = till_of(till.community_id, till.collector, till)
        if found.token != act.data["shown"]:
            sentence = f"您打开这一页之后账上有了变动，现在是 {len(found.receipts)} 张、{yuan(found.total)} 元。请重新打开，再点算一遍。"
            raise Conflict(sentence)
        rows = Receipt.objects.filter(pk__in=[one.pk for one in found.receipts])
        held = rows.filter(closed_in_id=till.pk).count()
        if held + rows.filter(closed_in__isnull=True).update(closed_in=till.pk) != len(found.receipts):
            raise Conflict("其中有收据刚刚进了另一张日结单，请刷新后再看。")
        RedLetter.objects.filter(pk__in=[one.pk for one in found.reds]).update(counted_in=till)
    numbers = [one.number for one in found.receipts]
    till.first_no, till.last_no, till.voids = numbers[0], numbers[-1], "、".join([*found.voids, *found.taken_back])
    till.receipts, till.handed_at = len(numbers), act.at
    till.lines.all().delete()
    counted = act.data["counted"]
    lines = [
        TillLine(till=till, method=method, papers=papers, system=system, counted=counted[method])
        for method, _, papers, system in found.methods()
    ]
    TillLine.objects.bulk_create(lines)
    till.system, till.counted = sum(one.system for one in lines), sum(one.counted for one in lines)
    act.tell_post("cashier", f"{till.number} {till.summarise()}，请点收。")


def counted_for(act: Any) -> None:
    """The collector is told what was counted in his place; the project manager reads the sheet, not who counted."""
    handed(act)
    till = act.record
    act.tell(
        [till.collector],
        f"{till.number} {till.summarise()}：{act.by} 已在您不在时代为点算，见证人 {act.data['witness']}。",
    )


def received(act: Any) -> None:
    """The difference is booked with its reason; cash that is not at the bank yet must get there by the next working day."""
    till = act.record
    till.received_by, till.received_at = act.by, act.at
    with posting.books(act.command, till.community_id) as books:
        for line in till.lines.order_by("pk"):
            if over := line.counted - line.system:
                correcting.over_short(books, line.method, over, f"{till.number} {till.why}", record=till)
        _carry(books, till)
    if till.to_bank() > 0 and not till.bank_slip:
        act.start("D94")
    reader = "project_manager" if counted_by_another(till) else "finance_supervisor"
    act.tell_post(reader, f"{till.number} {till.summarise()}，请审阅。")


def banked(act: Any) -> None:
    with posting.books(act.command, act.record.community_id) as books:
        _carry(books, act.record)


def _carry(books: Any, till: TillClose) -> None:
    """What was counted lies in the bank from now on, once: a slip's number that is put right moves nothing."""
    if till.bank_slip and till.to_bank() > 0 and carrying.carried(till) is None:
        sums = {line.method: line.counted for line in till.lines.order_by("pk") if line.method in CASH_LIKE}
        carrying.to_the_bank(books, sums, words=f"{till.number} 缴存 {till.bank_slip}", record=till)


def sent_back(act: Any) -> None:
    act.tell([act.record.collector], f"{act.record.number} 出纳点收不符，退回重点：{act.data['words'][:80]}")


def read(act: Any) -> None:
    act.record.read_by, act.record.read_at = act.by, act.at


def not_at_the_bank(till: Any, by: Any) -> str:
    if till.to_bank() > 0 and not till.bank_slip:
        return "现金、支票还没有登记缴存单号，请出纳存入银行后补登，再审阅。"
    return ""


def handed_over(till: Any, by: Any) -> str:
    return "这张日结单里的收据已经点算，不能撤回；点错的请出纳退回重点。" if till.handed_at is not None else ""
