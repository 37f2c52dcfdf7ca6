"""以前缴存补转: asked by the 出纳 with nothing to type, booked by the agreement of the 财务主管."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.cashier.applying import banked_before
from yihu.areas.cashier.applying.effects import ask
from yihu.areas.cashier.applying.models import CarriedTill, CarryOver
from yihu.basics.money import yuan
from yihu.ground.ledger import carrying, posting
from yihu.ground.ledger.models import Receipt
from yihu.kernel.errors import Conflict
from yihu.kernel.forms import StepForm

USUAL = "升级以前已经存入银行，当时程序还不转账"


class CarryOverForm(StepForm):
    class Meta:
        model = CarryOver
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        self.lying = banked_before.waiting(self.record.community_id)
        self.initial["reason"] = self.initial.get("reason") or USUAL
        total = sum(one.total for one in self.lying)
        told = f"{len(self.lying)} 张日结单有缴存单号、账上还没有转到银行存款，合计 {yuan(total)} 元。请先和当时的对账单核对。"
        self.fields["reason"].help_text = told

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = CarryOver.objects.filter(community_id=self.record.community_id, closed_at__isnull=True).first()
        if asked is not None:
            self.add_error(None, f"已有补转申请 {asked.number} 在办。")
        elif not self.lying:
            self.add_error(None, "没有要补转的：登记过缴存单号的日结单都已经转到银行存款。")
        self.record.cash = sum(one.cash for one in self.lying)
        self.record.cheque = sum(one.cheque for one in self.lying)
        return cleaned


def asked(act: Any) -> None:
    """The tills are written down as they were when it was asked."""
    over, lying = act.record, banked_before.waiting(act.record.community_id)
    CarriedTill.objects.bulk_create(
        [CarriedTill(of=over, till=one.till, cash=one.cash, cheque=one.cheque) for one in lying]
    )
    if over.amount != sum(one.total for one in lying):
        raise Conflict("刚刚又有变动，请刷新后再申请。")
    ask("finance_supervisor")(act)


def agreed(act: Any) -> None:
    """Each till by its own voucher, dated today; exactly those that were asked for, unless one was carried meanwhile."""
    over = act.record
    with posting.books(act.command, over.community_id) as books:
        stands = {one.till.pk: (one.cash, one.cheque) for one in banked_before.waiting(over.community_id)}
        for line in over.lines.select_related("till").order_by("till__day", "pk"):
            if stands.get(line.till_id) != (line.cash, line.cheque):
                raise Conflict(f"{line.till.number} 刚刚有变动，请不批准这一张，重新申请。")
            sums = {str(Receipt.Method.CASH): line.cash, str(Receipt.Method.CHEQUE): line.cheque}
            words = f"{line.till.number} 缴存 {line.till.bank_slip}，{over.number} 补转"
            carrying.to_the_bank(books, sums, words=words, record=line.till, may=posting.BOOKS)
            act.command.note(
                line.till, f"缴存 {line.till.bank_slip} 补转到银行存款，{over.number}", step="carried_over"
            )
    over.approved_by, over.approved_at = act.by, act.at
    act.tell([over.opened_by], f"{over.number} 已批准，{yuan(over.amount)} 元已转到银行存款。")
