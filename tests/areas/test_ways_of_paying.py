"""FEE-07 as a whole: by whatever way money comes, its receipt is there at once; finance checks and only then writes the invoice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.areas.test_banking_channels import bring, firm
from tests.areas.test_cashier_till import take
from tests.areas.test_invoicing import NUMBER, ask
from tests.support.banking import bank_line
from tests.support.paying import counter_of
from yihu.areas.cashier.banking import counting, taking
from yihu.areas.cashier.banking.stand_in import StandIn
from yihu.areas.cashier.banking.taking import Part
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
assert firm  # the channel's stand-in


@pytest.mark.clause("FEE-07")
def test_cash_cheque_transfer_and_online_each_have_a_receipt_at_once_and_finance_writes_the_invoice(
    cast: Any, firm: StandIn
) -> None:
    counter = counter_of(cast)
    for month, (method, reference) in enumerate((("cash", ""), ("cheque", "ZP-77"), ("bank", "WY-5")), start=7):
        counter.charge(35941, month)
        one = take(counter, 35941, method=method, reference=reference)
        assert (one.method, one.left, one.voided_by) == (method, 0, None)
    counter.charge(35941, 10)  # a transfer that is found on the bank's statement
    taking.confirm(bank_line(cast.yunqi, 35941), [Part(cast.home, cast.owner, 35941)], by=counter.collector)
    counter.charge(35910, 11)
    order = counting.make_order(cast.home, cast.owner, "wechat", by=counter.collector)
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == [200]
    numbers = list(Receipt.objects.order_by("pk").values_list("number", flat=True))
    assert [number.rpartition("-")[2] for number in numbers] == [f"{place:06d}" for place in range(1, 6)]
    assert not Charge.objects.filter(open__gt=0).exists()
    # the payer asks; whoever took the money writes no invoice, finance checks it against the books and does
    for receipt in Receipt.objects.order_by("pk"):
        request = ask(cast, receipt)
        said = {"invoice_no": f"{int(NUMBER) + receipt.pk:020d}", "issued_on": "2026-11-10"}
        with pytest.raises(NotAllowed):
            counter.step(request, "issue", counter.collector, **said)
        request = counter.step(request, "issue", counter.accountant, **said)
        assert (request.state, request.amount_fen, request.issued_by) == ("issued", receipt.amount, counter.accountant)
        with pytest.raises(Invalid, match="已有发票申请"):
            ask(cast, receipt)
    assert InvoiceRequest.objects.filter(state="issued").count() == 5
