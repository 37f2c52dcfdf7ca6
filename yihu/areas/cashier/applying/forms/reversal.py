"""红冲申请 and, on the day itself, 当日作废."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.cashier.applying.forms.shared import evidence
from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.applying.voiding import why_not_void
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Receipt
from yihu.ground.ledger.receiving import given_back
from yihu.kernel.forms import PickField, StepForm, is_row_number

Way = RedLetter.Way


class RedLetterForm(StepForm):
    receipt = PickField("ledger.Receipt", url="applying:pick_receipt", label="收据")
    charge = PickField("ledger.Charge", url="applying:pick_charge", label="账单")
    evidence = evidence("银行退票通知、改正前后的依据等；当日作废可以不附")
    optional = ("receipt", "charge", "copies_back", "evidence")
    starred = ("evidence",)
    only_when = {"copies_back": "way=void", "evidence": "way=red"}
    field_order = ("receipt", "charge", "way", "copies_back", "why", "reason", "evidence")

    class Meta:
        model = RedLetter
        fields = ["receipt", "charge", "way", "copies_back", "why", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "way": forms.RadioSelect, "why": forms.RadioSelect}
        help_texts = {"way": "当日作废：收款人当天、日结之前，收回全部各联；其余一律红字冲销，记在今天"}

    def prepare(self) -> None:
        """The page of a receipt or of a bill has said which of the two it is."""
        given = self.data or self.initial
        if given.get("receipt") and not given.get("charge"):
            del self.fields["charge"]
            self._void_first(str(given["receipt"]))
        elif given.get("charge") and not given.get("receipt"):
            for name in ("receipt", "way", "copies_back"):
                del self.fields[name]
            self.fields["evidence"].when = ""  # type: ignore[attr-defined]

    def _void_first(self, pk: str) -> None:
        """What he took himself a moment ago is voided; the page knows that he may."""
        receipt = Receipt.objects.filter(pk=pk).first() if is_row_number(pk) else None
        if receipt is not None and not why_not_void(receipt, self.by, self.at or timezone.now()):
            self.initial["way"] = Way.VOID

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        receipt, charge = cleaned.get("receipt"), cleaned.get("charge")
        if (receipt is None) == (charge is None):
            if not self.errors:
                self.add_error(None, "请选择一张收据或一笔账单，只能选一样。")
            return cleaned
        paper: Any = receipt or charge
        name = "receipt" if receipt else "charge"
        if (receipt.voided_by_id if receipt else charge.reversal_id) is not None:
            self.add_error(name, "这张单据已经作废或冲销过了。")
            return cleaned
        if receipt is not None and (back := given_back(receipt)):
            self.add_error(name, f"这张收据的钱已经退给付款人 {yuan(back)} 元，不能作废、红冲。")
        open_one = RedLetter.objects.filter(**{name: paper}, closed_at__isnull=True).first()
        if open_one is not None:
            self.add_error(name, f"已有申请 {open_one.number} 在办。")
        self._check_way(cleaned, receipt)
        self.record.unit, self.record.party, self.record.amount = paper.unit, paper.party, paper.amount
        return cleaned

    def _check_way(self, cleaned: dict[str, Any], receipt: Any) -> None:
        if receipt is not None and cleaned.get("way") == Way.VOID:
            sentence = why_not_void(receipt, self.by, self.at or timezone.now())
            if sentence:
                self.add_error("way", sentence)
            elif not cleaned.get("copies_back"):
                self.add_error("copies_back", "作废前请收回这张收据的全部各联，并勾选。")
        else:
            if "way" in self.fields and receipt is None:
                cleaned["way"] = Way.RED  # a bill knows no other
            if not cleaned.get("evidence"):
                self.add_error("evidence", "红字冲销请附上凭据（拍照或文件）。")
