"""Every register of the fees keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.billing.noticing import billing_of
from tests.support.dunning import a_debtor, desk_of, suspension_of, turn_of
from tests.support.paying import counter_of, fresh_charge, refund_of, return_of, void_of
from tests.support.register_contract import RegisterContract
from tests.support.running import flat_source
from tests.support.sharing import Sharers
from tests.support.spending import Spenders
from tests.support.tariffs import late_entry_of
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, DunningRound, Suspension, ToOwner
from yihu.areas.billing.handing.models import ServiceBill
from yihu.areas.billing.meters.models import ReadingRound
from yihu.areas.billing.notices.models import DeliverySheet, NoticeBatch
from yihu.areas.billing.reckoned import SOURCES
from yihu.areas.billing.running.models import BillingRun, MonthTurn
from yihu.areas.billing.sharing.models import PoolMonth, SharePool
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill, SupplierCorrection
from yihu.areas.billing.tariffs.models import Agreement, PayerChange
from yihu.areas.cashier.applying.banked_before import waiting
from yihu.areas.cashier.applying.models import (
    CarryOver,
    DepositReturn,
    FeeArchive,
    RedLetter,
    Refund,
    TillClose,
    Waiver,
)
from yihu.areas.cashier.bookkeeping.models import MonthBook
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.areas.cashier.models import HandCharge
from yihu.areas.services.models import MonthList
from yihu.areas.spending.models import (
    Budget,
    BudgetReview,
    Claim,
    FundVoucher,
    SpendCorrection,
    SpendRequest,
    Statement,
)
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.ledger.models import Books, FeeItem
from yihu.ground.ledger.paying import Part, incur, pay
from yihu.ground.ledger.posting import books
from yihu.ground.ledger.receiving import receive
from yihu.ground.staff.models import Account
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record


class TestAgreements(RegisterContract):
    model = Agreement

    def opener(self, cast: Any) -> Any:
        return cast.li

    def opening(self, cast: Any) -> dict[str, Any]:
        lessee, _ = Party.objects.get_or_create(community=cast.yunqi, name="拾光设计")
        Occupancy.objects.get_or_create(unit=cast.home, party=lessee, role="lessee", from_on=date(2026, 1, 1))
        return {
            "unit": cast.home.pk,
            "what": "payer",
            "party": lessee.pk,
            "from_on": "2026-11-01",
            "ground": "租赁合同第 6 条",
        }


class TestServiceBills(RegisterContract):
    model = ServiceBill

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year = 2026 + MonthList.objects.count()
        said = {"period": f"{year}-11", "due_at": "2026-11-22 17:30"}
        listed = open_record(MonthList(community=cast.yunqi), by=authority().system(), data=said)
        return {"source": listed.pk, "period": "2026-11"}


class TestNoticeBatches(RegisterContract):
    model = NoticeBatch

    def opener(self, cast: Any) -> Any:
        return billing_of(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"period": f"{2026 + NoticeBatch.objects.count()}-11"}


class TestDeliverySheets(RegisterContract):
    model = DeliverySheet

    def opener(self, cast: Any) -> Any:
        return billing_of(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        batch = NoticeBatch.objects.first() or billing_of(cast).batch()
        return {"batch": batch.pk, "handler": billing_of(cast).steward.pk}


class TestHandCharges(RegisterContract):
    model = HandCharge

    def opening(self, cast: Any) -> dict[str, Any]:
        item, _ = FeeItem.objects.get_or_create(community=cast.yunqi, code="KP", name="门禁卡工本费")
        when = {"from_on": "2026-11-01", "to_on": "2026-11-30", "due_on": "2026-11-30"}
        return {
            "unit": cast.home.pk,
            "party": cast.owner.pk,
            "item": item.pk,
            "amount_fen": "40",
            "why": "补办门禁卡 2 张",
            **when,
        }


class TestReadingRounds(RegisterContract):
    model = ReadingRound

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        year, month = divmod(ReadingRound.objects.count(), 12)
        return {"month": f"{2026 + year}-{month + 1:02d}-01", "due_at": "2026-11-23 17:30"}


class _OfTheTill:
    def opener(self, cast: Any) -> Any:
        return counter_of(cast).collector


class TestSharePools(RegisterContract):
    model = SharePool

    def opener(self, cast: Any) -> Any:
        return cast.gao

    def opening(self, cast: Any) -> dict[str, Any]:
        return Sharers(cast).drafting(name=f"照明电{SharePool.objects.count()}")


class TestPoolMonths(RegisterContract):
    model = PoolMonth

    def opener(self, cast: Any) -> Any:
        return Account.objects.filter(username="kuai").first() or Sharers(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"pool": Sharers(cast).pool(name=f"电梯电{SharePool.objects.count()}").pk, "month": "2026-11-01"}


class TestBudgets(RegisterContract):
    model = Budget

    def opener(self, cast: Any) -> Any:
        return Account.objects.filter(username="yushan").first() or Spenders(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"year": 2027, "ground": "按去年实际", f"line_{Spenders(cast).line().pk}": "12000"}


class TestStatements(RegisterContract):
    model = Statement

    def opener(self, cast: Any) -> Any:
        return Account.objects.filter(username="yushan").first() or Spenders(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"book": "office", "from_on": "2026-10-01", "to_on": "2026-10-31"}


class TestFundVouchers(RegisterContract):
    model = FundVoucher

    def opener(self, cast: Any) -> Any:
        return Account.objects.filter(username="yushan").first() or Spenders(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"sort": "paid", "day": "2026-10-01", "words": "交存", "listed": f"{cast.home} 100"}


class TestBudgetReviews(RegisterContract):
    model = BudgetReview

    def opener(self, cast: Any) -> Any:
        return Account.objects.filter(username="yushan").first() or Spenders(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        day = date(2010 + BudgetReview.objects.count(), 3, 1)
        return {"span": "month", "from_on": day.isoformat()}


class TestSpendRequests(RegisterContract):
    model = SpendRequest

    def opening(self, cast: Any) -> dict[str, Any]:
        told = {"line": Spenders(cast).line().pk, "what": "打印纸", "amount_fen": "100", "reason": "用完了"}
        return {**told, "needed_on": "2199-01-01"}


class TestClaims(RegisterContract):
    model = Claim

    def opening(self, cast: Any) -> dict[str, Any]:
        told = {
            "what": "打印纸",
            "repair": "no",
            "amount_fen": "100",
            "payee": "晨光文具",
            "invoice_no": "1",
            "spent_on": "2026-11-01",
        }
        return {**told, "request": Spenders(cast).approved().pk}


class TestSpendCorrections(RegisterContract):
    model = SpendCorrection

    def opener(self, cast: Any) -> Any:
        return Spenders(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        spenders = Spenders(cast)
        return {"paid_claim": spenders.paid(spenders.approved("9"), "9").pk, "way": "cancel", "why": "重复付款"}


class TestMonthBooks(RegisterContract):
    model = MonthBook

    def opener(self, cast: Any) -> Any:
        return counter_of(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"period": f"{2025 - MonthBook.objects.count()}-11"}


class TestSupplierBills(RegisterContract):
    model = SupplierBill

    def opener(self, cast: Any) -> Any:
        return counter_of(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        count = Supplier.objects.count()
        item = counter_of(cast).item(f"DS{count}", f"代收{count}", nature="pass_through")
        works = Supplier.objects.create(
            community=cast.yunqi, name="水厂", kind="water", account_no=f"8{count}", item=item
        )
        return {"supplier": works.pk, "month": "2026-01-01"}

    def put(self, record: Any, state: str) -> Any:
        """From the checking on something is owed, or was."""
        bill = super().put(record, state)
        if (
            state in (SupplierBill.State.TO_PAY, SupplierBill.State.PAID, SupplierBill.State.SETTLED)
            and not bill.payable
        ):
            with command(by=authority().system()) as commanding, books(commanding, bill.community_id) as opened:
                owed = [Part(100, item=bill.supplier.item_id)]
                bill.payable = incur(opened, owed, payee="水厂", words="账单", record=bill)
                if state != SupplierBill.State.TO_PAY:
                    pay(opened, bill.payable, method="bank", day=timezone.localdate(), words="付款")
            SupplierBill.objects.filter(pk=bill.pk).update(payable=bill.payable)
        return bill

    def paid(self, cast: Any) -> Any:
        return self.put(self.make(cast), "paid")


class TestSupplierCorrections(RegisterContract):
    model = SupplierCorrection

    def opener(self, cast: Any) -> Any:
        return counter_of(cast).accountant

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"bill": TestSupplierBills().paid(cast).pk, "way": "unpaid", "why": "银行退回"}


class TestPayerChanges(RegisterContract):
    model = PayerChange

    def opener(self, cast: Any) -> Any:
        return cast.xiang

    def opening(self, cast: Any) -> dict[str, Any]:
        return late_entry_of(cast, counter_of(cast))


class TestWaivers(_OfTheTill, RegisterContract):
    model = Waiver

    def opening(self, cast: Any) -> dict[str, Any]:
        said = {"how": "amount", "amount": "0.50", "why": "rounding", "reason": "抹零"}
        return {"charge": fresh_charge(cast).pk, **said}


class TestRefunds(_OfTheTill, RegisterContract):
    model = Refund

    def opening(self, cast: Any) -> dict[str, Any]:
        return refund_of(counter_of(cast).receive(5000), 5000)


class TestRedLetters(_OfTheTill, RegisterContract):
    model = RedLetter

    def opening(self, cast: Any) -> dict[str, Any]:
        return void_of(counter_of(cast).receive(5000, when=f"{timezone.localtime():%Y-%m-%d %H:%M}"))


class TestDepositReturns(_OfTheTill, RegisterContract):
    model = DepositReturn

    def opening(self, cast: Any) -> dict[str, Any]:
        return return_of(counter_of(cast).held())


class TestCarryOvers(_OfTheTill, RegisterContract):
    model = CarryOver

    def opener(self, cast: Any) -> Any:
        return counter_of(cast).cashier

    def opening(self, cast: Any) -> dict[str, Any]:
        counter = counter_of(cast)
        if not waiting(cast.yunqi):
            facts = {"amount": 5000, "method": "cash", "payer_name": "赵业主", "party": cast.owner}
            counter.does(counter.second, lambda books: receive(books, **facts))
            till = counter.step(counter.close(by=counter.second), "receive", counter.cashier)
            TillClose.objects.filter(pk=till.pk).update(bank_slip="PA-1")  # as an earlier version left it
        return {"reason": "升级以前已经存入银行"}

    def many(self, cast: Any) -> None:
        """One at a time: the last is refused before the next."""
        for _ in range(12):
            last = CarryOver.objects.get(closed_at__isnull=True)
            counter_of(cast).step(last, "refuse", counter_of(cast).head, refusal="重来")
            self.make(cast)


class TestInvoices(_OfTheTill, RegisterContract):
    model = InvoiceRequest

    def opening(self, cast: Any) -> dict[str, Any]:
        counter, charge = counter_of(cast), fresh_charge(cast, 5000)
        receipt = counter.receive(5000)
        counter.settle(receipt, charge)
        return {"receipt": receipt.pk, "invoice_kind": "paper", "title": "赵业主"}


class TestFeeArchives(RegisterContract):
    model = FeeArchive

    def cast_of_all(self, cast: Any) -> Any:
        return [*super().cast_of_all(cast), counter_of(cast).head]  # only who keeps the books sees it

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        Books.objects.update_or_create(community=cast.yunqi, defaults={"closed_through": date(2099, 12, 31)})
        year, month = divmod(FeeArchive.objects.count(), 12)
        return {"period": f"{2026 + year}-{month + 1:02d}"}


class TestTillCloses(RegisterContract):
    model = TillClose

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"collector": counter_of(cast).collector.pk, "day": "2026-11-10", "due_at": "2099-11-10 17:30"}


class TestBillingRuns(RegisterContract):
    model = BillingRun

    @pytest.fixture(autouse=True)
    def source(self) -> Iterator[None]:
        with flat_source():
            yield

    def opener(self, cast: Any) -> Any:
        return Account.objects.filter(username="kuai").first() or cast.person("kuai", "会计", "accountant")

    def opening(self, cast: Any) -> dict[str, Any]:
        item = FeeItem.objects.create(community=cast.yunqi, code=f"T{FeeItem.objects.count()}", name="物业费")
        return {
            "month_on": f"{timezone.localdate():%Y-%m}-01",
            "sources": list(SOURCES),
            "threshold": 30,
            "items": [item.pk],
        }


class TestMonthTurns(RegisterContract):
    model = MonthTurn

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        month = MonthTurn.objects.count() + 1
        return {"period": f"20{30 + month // 12}-{month % 12 + 1:02d}", "due_at": "2099-01-25 17:30"}


class _OfDunning:
    def opener(self, cast: Any) -> Any:
        return desk_of(cast).accountant


class TestDunningCases(_OfDunning, RegisterContract):
    model = DunningCase

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"party": a_debtor(cast).pk}


class TestDunningRounds(RegisterContract):
    model = DunningRound

    def opener(self, cast: Any) -> Any:
        return authority().system()

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"day": "2026-11-16", "due_at": "2026-11-16 17:30"}


class TestDunningNotices(_OfDunning, RegisterContract):
    model = DunningNotice

    def opening(self, cast: Any) -> dict[str, Any]:
        return {"case": desk_of(cast).case(a_debtor(cast)).pk, "pay_by": "2199-01-01"}


class TestSuspensions(_OfDunning, RegisterContract):
    model = Suspension

    def opening(self, cast: Any) -> dict[str, Any]:
        return suspension_of(desk_of(cast))


class TestTurns(_OfDunning, RegisterContract):
    model = ToOwner

    def opening(self, cast: Any) -> dict[str, Any]:
        return turn_of(desk_of(cast))
