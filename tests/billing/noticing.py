"""Short words for what people do with payment notices."""

from __future__ import annotations

from typing import Any

from tests.ledger.conftest import Office
from tests.support.doing import at, signature
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch
from yihu.kernel.doors import open_record, perform
from yihu.kernel.jobs import run_waiting

DRAWN, OUT, DOOR = "2026-11-24 09:00", "2026-11-25 10:00", "2026-11-27 10:00"
PAY = {"pay_by": "2026-12-10", "pay_ways": "收费处现金、刷卡", "hotline": "0571-88886666"}


class Billing(Office):
    """张会计 draws up, 蔡财务 checks, 项经理 seals, 楼管 carries."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.steward = self.cast.person("lou", "楼大姐", "steward")

    def batch(self, when: str = DRAWN, period: str = "2026-11") -> NoticeBatch:
        found: NoticeBatch = open_record(
            NoticeBatch(community=self.cast.yunqi), by=self.accountant, data={"period": period}, at=at(when)
        )
        return found

    def step(self, record: Any, name: str, by: Any, when: str = DRAWN, files: Any = None, **data: Any) -> Any:
        fresh = type(record).objects.get(pk=record.pk)
        return perform(fresh, name, by=by, data=data, files=files or {}, at=at(when))

    def drawn(self, **more: Any) -> Any:
        return self.step(self.batch(), "draw", self.accountant, **{**PAY, **more})

    def printed(self) -> Any:
        batch = self.step(self.drawn(), "check", self.head)
        batch = self.step(batch, "seal", self.cast.xiang)
        batch = self.step(batch, "print", self.accountant, OUT)
        run_waiting()
        return NoticeBatch.objects.get(pk=batch.pk)

    def out(self) -> DeliverySheet:
        """Printed and in the steward's hands."""
        self.step(self.printed(), "hand_out", self.accountant, OUT, rest=self.steward.pk)
        return DeliverySheet.objects.get()

    def deliver(self, notice: Notice, when: str = DOOR, by: Any = None, files: Any = None, **said: Any) -> Any:
        how = said or {"way": "hand", "signer": "赵业主", "capacity": "self", "signature": signature()}
        return self.step(notice.sheet, "deliver", by or self.steward, when, files, notice=notice.pk, **how)


def billing_of(cast: Any) -> Billing:
    """The one of a cast."""
    found: Billing | None = getattr(cast, "_billing", None)
    if found is None:
        found = cast._billing = Billing(cast)
    return found
