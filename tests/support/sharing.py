"""A building with three homes, a contract that lets energy be shared, and the people who share it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from tests.support.doing import at, photo
from yihu.areas.billing.sharing.models import PoolMonth, SharePool, Term
from yihu.ground.estate.models import UnitArea
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.doors import open_record, perform

NOON = "2026-11-21 12:00"


class Sharers:
    """张会计, 蔡财务, 高经理 and 项经理, and what they do with pools."""

    def __init__(self, cast: Any, energy: str = "shared") -> None:
        self.cast = cast
        Term.objects.get_or_create(
            community=cast.yunqi, from_on=date(2020, 1, 1), defaults={"energy": energy, "clause": "合同第十二条"}
        )

    @cached_property
    def accountant(self) -> Any:
        return self.cast.person("kuai", "孔会计", "accountant")

    @cached_property
    def head(self) -> Any:
        return self.cast.person("caiwu", "柴财务", "finance_supervisor")

    @cached_property
    def item(self) -> FeeItem:
        return FeeItem.objects.get_or_create(
            community=self.cast.yunqi, code="GTD", defaults={"name": "公摊电费", "nature": "pass_through", "legal_class": "essential"}
        )[0]  # fmt: skip

    @cached_property
    def homes(self) -> list[Any]:
        """Three flats of 100 ㎡: handed over and lived in since long ago."""
        cast = self.cast
        assert cast.owner
        units = [cast.home, cast.unit("0601"), cast.unit("1101")]
        for unit in units:
            UnitArea.objects.create(unit=unit, gross_area="100.00")
            type(unit).objects.filter(pk=unit.pk).update(
                handed_over_on=date(2020, 1, 1), renovation_begun_on=date(2020, 2, 1), use="own"
            )
        return units

    def drafting(self, **more: Any) -> dict[str, Any]:
        said = {
            "name": "A1栋楼道照明电",
            "item": self.item.pk,
            "origin": "invoice",
            "measure": "度",
            "scope": "building",
        }
        how = {
            "building": self.cast.home.building_id,
            "method": "household",
            "clause": "合同第十二条",
            "from_on": "2026-11-01",
        }
        return {**said, **how, "due_months": 1, "due_day": 10, **more}

    def draft(self, by: Any = None, when: str = NOON, **more: Any) -> SharePool:
        fresh = SharePool(community=self.cast.yunqi)
        found: SharePool = open_record(fresh, by=by or self.cast.gao, data=self.drafting(**more), at=at(when))
        return found

    def pool(self, **more: Any) -> SharePool:
        return self.step(self.draft(**more), "agree", self.cast.xiang)

    def month(self, pool: Any, month: str = "2026-11-01", **more: Any) -> PoolMonth:
        data = {"pool": pool.pk, "month": month, **more}
        found: PoolMonth = open_record(PoolMonth(community=self.cast.yunqi), by=self.accountant, data=data, at=at(NOON))
        return found

    def fill(self, month: Any, by: Any = None, **figures: Any) -> Any:
        typed = {
            "from_on": "2026-11-01",
            "to_on": "2026-11-30",
            "invoice_fen": "1000.00",
            "invoice_no": "D-1",
            **figures,
        }
        files = {} if "price" in figures else {"scan": [photo("账单.png")]}
        return self.step(month, "fill", by or self.accountant, files=files, **typed)

    def published(self, month: Any) -> Any:
        return self.step(self.step(month, "check", self.head), "publish", self.accountant, posted_where="公告栏",
                          posted_from="2026-11-21", posted_to="2026-12-06")  # fmt: skip

    def step(self, record: Any, name: str, by: Any, files: Any = None, when: str = NOON, **data: Any) -> Any:
        fresh = type(record).objects.get(pk=record.pk)
        return perform(fresh, name, by=by, data=data, files=files or {}, at=at(when))
