"""The people who plan, ask, check and pay, and what they do with money that is to be spent."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.support.doing import at, photo
from yihu.areas.spending.models import Budget, BudgetLine, Claim, SpendRequest
from yihu.kernel.doors import open_record, perform

NOON = "2026-11-10 12:00"


class Spenders:
    def __init__(self, cast: Any) -> None:
        self.cast = cast

    def _one(self, username: str, name: str, post: str) -> Any:
        return self.cast.person(username, name, post)

    @cached_property
    def accountant(self) -> Any:
        return self._one("yushan", "余会计", "accountant")

    @cached_property
    def head(self) -> Any:
        return self._one("yucai", "俞财务", "finance_supervisor")

    @cached_property
    def cashier(self) -> Any:
        return self._one("yuna", "于出纳", "cashier")

    @cached_property
    def auditor(self) -> Any:
        return self._one("yushen", "喻审核", "cost_auditor")

    def line(self, name: str = "办公", **more: Any) -> BudgetLine:
        told = {"code": name[:6], "kind": "cost", **more}
        return BudgetLine.objects.get_or_create(community=self.cast.yunqi, name=name, defaults=told)[0]

    def budget(self, year: int = 2026, **yearly: str) -> Budget:
        """Each line's amount for the year, by name; approved by the project manager."""
        lines = {f"line_{self.line(name).pk}": amount for name, amount in yearly.items()}
        data = {"year": year, "ground": "按去年实际", **lines}
        fresh = open_record(Budget(community=self.cast.yunqi), by=self.accountant, data=data, at=at(NOON))
        return self.step(fresh, "approve", self.cast.xiang)

    def request(self, amount: str = "1000", line: Any = None, by: Any = None, **more: Any) -> SpendRequest:
        data = {
            "line": (line or self.line()).pk,
            "what": "打印纸",
            "amount_fen": amount,
            "needed_on": "2026-11-12",
            "reason": "用完了",
            **more,
        }
        found: SpendRequest = open_record(
            SpendRequest(community=self.cast.yunqi), by=by or self.cast.wang, data=data, at=at(NOON)
        )
        return found

    def approved(self, *args: Any, **more: Any) -> SpendRequest:
        return self.step(self.request(*args, **more), "approve", self.cast.xiang)

    def claim(self, request: Any = None, amount: str = "1000", when: str = "2026-11-12 12:00", **more: Any) -> Claim:
        data = {
            "request": request.pk if request else "",
            "what": "打印纸 20 箱",
            "amount_fen": amount,
            "payee": "晨光文具",
            "repair": "no",
        }
        typed = {
            **data,
            "spent_on": "2026-11-12",
            "invoice_no": f"FP-{Claim.objects.count() + 1}",
            "last": "on",
            **more,
        }
        found: Claim = open_record(
            Claim(community=self.cast.yunqi), by=self.cast.wang, data=typed, files={"invoice": [photo()]}, at=at(when)
        )
        return found

    def paid(self, request: Any, amount: str = "1000", day: str = "2026-11-13", **more: Any) -> Claim:
        claim = self.step(self.claim(request, amount, **more), "review", self.head)
        data = {"method": "bank", "paid_reference": f"W{claim.pk}", "paid_on": day}
        return self.step(claim, "pay", self.cashier, when=f"{day} 15:00", **data)

    def step(self, record: Any, name: str, by: Any, when: str = "2026-11-12 13:00", **data: Any) -> Any:
        return perform(type(record).objects.get(pk=record.pk), name, by=by, data=data, at=at(when))
