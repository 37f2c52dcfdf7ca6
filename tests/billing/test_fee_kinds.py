"""Every kind of fee of the two manuals goes its whole way: from its price or paper to a bill or deposit, to the books and reports."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.test_handing import DAY, received
from tests.support.doing import at, photo
from tests.support.meters import OCTOBER, Readers, meter
from tests.support.running import Estate, Flat
from tests.support.services import price as service_price
from tests.support.services import signed as signed_order
from tests.support.tariffs import START, area_of, stay_of, tariff_of
from yihu.areas.billing.handing.models import ServiceBill
from yihu.areas.billing.meters.models import MeterItem
from yihu.areas.billing.tariffs.models import Agreement, Holding
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.cashier import household, till
from yihu.areas.cashier.models import HandCharge
from yihu.fronts.reports.fees import ledger, years
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Charge, Deposit, FeeItem
from yihu.kernel.doors import open_record, perform
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db


class Kinds:
    """One home whose month has every kind of fee."""

    def __init__(self, cast: Any) -> None:
        self.cast, self.estate = cast, Estate(cast, Flat(), homes=1)
        self.home, self.readers = cast.home, Readers(cast)
        Unit.objects.filter(pk=self.home.pk).update(handed_over_on=START)
        area_of(self.home)

    def item(self, code: str, name: str, **more: Any) -> FeeItem:
        return self.estate.item(code, name, **more)

    def metered(
        self, kind: str, code: str, name: str, price: str, nature: str = "pass_through", **more: Any
    ) -> FeeItem:
        item = self.item(code, name, nature=nature)
        tariff_of(item, price, "meter", **({"pricing": "cost"} if nature == "pass_through" else {}), **more)
        MeterItem.objects.create(community=self.cast.yunqi, kind=kind, item=item)
        one = meter(self.home, kind, code, "0", since=date(2026, 9, 21))
        reading = self.readers.read(one, "100")
        if reading.state == "pending":
            self.readers.agree(reading)
        return item

    def by_hand(self, item: FeeItem, amount: str, why: str, **more: Any) -> Charge:
        """Drafted by the desk from its paper, entered by the accountant."""
        said = {
            "unit": self.home.pk, "item": item.pk, "amount_fen": amount, "from_on": "2026-10-12", "to_on": "2026-10-12",
            "due_on": "2026-11-10", "why": why, **more,
        }  # fmt: skip
        drafted = open_record(HandCharge(community=self.cast.yunqi), by=self.cast.wang, data=said)
        entered: Charge = perform(drafted, "approve", by=self.estate.accountant).charge
        return entered

    def run(self) -> None:
        self.readers.checked()
        self.estate.post(self.estate.draw(month=OCTOBER.first.isoformat()))

    def billed(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, amount in Charge.objects.filter(reversal__isnull=True).values_list("item__name", "amount"):
            found[name] = found.get(name, 0) + amount
        return found


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


@pytest.mark.clause("FEE-02")
def test_area_fee_services_utilities_parking_rooms_clubs_and_renovation(cast: Any) -> None:
    kinds = Kinds(cast)
    estate, home = kinds.estate, kinds.home
    tariff_of(estate.property_fee)
    parking = kinds.item("CW", "车位使用费", nature="common", legal_class="optional_paid")
    tariff_of(parking, "300", Kind.QUANTITY, measure="个")
    Holding.objects.create(unit=home, item=parking, what="A-012", from_on=START)
    kinds.metered("water", "DSF", "代收水费", "3.00", measure="吨")
    kinds.metered("power", "DDF", "代收电费", "0.92", measure="度")
    kinds.run()
    service_price(cast)
    signed_order(cast, "2026-11-02 10:00", party=cast.owner.pk)
    received(cast)
    service = kinds.item("TY", "特约服务费", legal_class="optional_paid")
    perform(
        ServiceBill.objects.get(),
        "charge",
        by=estate.accountant,
        data={"item": service.pk, "due_on": "2026-12-10"},
        at=at(DAY),
    )
    kinds.by_hand(
        kinds.item("HYS", "会议室使用费", legal_class="optional_paid"),
        "240",
        "10-12 会议室 3 小时 × 80 元，预订单 HY-0031",
    )
    kinds.by_hand(kinds.item("HS", "会所费", legal_class="optional_paid"), "60", "10-12 羽毛球 2 小时 × 30 元")
    kinds.by_hand(kinds.item("LJ", "装修垃圾清运费"), "385.08", "128.36 ㎡ × 3 元，装修许可 ZX-031")
    assert kinds.billed() == {
        "物业服务费": 35941, "车位使用费": 30000, "代收水费": 30000, "代收电费": 9200, "特约服务费": 18000, "会议室使用费": 24000,
        "会所费": 6000, "装修垃圾清运费": 38508,
    }  # fmt: skip
    # each line tells the payer how it came about
    assert all(words for words in Charge.objects.values_list("words", flat=True))
    total = sum(kinds.billed().values())
    owner = cast.owner
    taking = till.Taking(
        party=owner.pk, unit=home.pk, amount=total + 200000, method="card", payer_name=owner.name, seen=household.seen_of(owner),
        reference="POS-1", deposit_item=estate.deposit.pk, deposit=200000,
    )  # fmt: skip
    till.take_money(taking, owner, by=estate.collector)
    held = Deposit.objects.get()
    assert (held.item.name, held.left, held.party) == ("装修押金", 200000, owner)
    stands = trial_balance(cast.yunqi, date(2099, 1, 1))
    assert (stands["card"], stands["deposit"], stands["pass_through"]) == (total + 200000, -200000, -39200)
    assert "receivable" not in stands  # all of it paid, the deposit is nobody's income
    assert faults() == []


@pytest.mark.clause("FEE-22")
def test_rent_passes_renovation_management_power_and_cooling_with_their_month_and_year(cast: Any) -> None:
    kinds = Kinds(cast)
    home = kinds.home
    rent = kinds.item("ZJ", "租金", nature="pass_through", legal_class="optional_paid")
    tariff_of(rent, "0", Kind.RENT)
    lessee = stay_of(home, "拾光设计", "lessee", date(2025, 1, 1))
    said = {
        "unit": home.pk, "what": "rent", "item": rent.pk, "from_on": "2026-10-01", "ground": "租赁合同第 3 条", "price": "5000",
        "free_days": "0", "grows_on": "2027-10-01", "grows_by": "5", "grows_every": "12",
    }  # fmt: skip
    drafted = open_record(Agreement(community=cast.yunqi), by=cast.li, data=said, files={"evidence": [photo()]})
    perform(drafted, "approve", by=cast.xiang)
    kinds.metered("power", "DDF", "代收电费", "0.92", measure="度")
    kinds.metered("cooling", "ZYKT", "中央空调费", "0.65", nature="income", measure="kWh")
    kinds.run()
    for code, name, amount, why in (
        ("CRZ", "出入证工本费", "30", "出入证 3 张 × 10 元"),
        ("ZXGL", "装修管理费", "256.72", "128.36 ㎡ × 2 元，装修许可 ZX-031"),
    ):
        kinds.by_hand(kinds.item(code, name), amount, why)
    billed = {"租金": 500000, "代收电费": 9200, "中央空调费": 6500, "出入证工本费": 3000, "装修管理费": 25672}
    assert kinds.billed() == billed
    assert Charge.objects.get(item=rent).party == lessee
    assert Charge.objects.get(item__name="中央空调费").words == "100 − 0 = 100 × 0.65元 = 65.00元"
    year = years.build(cast.yunqi, {"year": "2026", "show": "base"}, 0).blocks[0]
    assert {row.label: (row.cells[9].value, row.cells[12].value) for row in year.rows} == {
        name: (amount, amount) for name, amount in billed.items()
    }
    month = ledger.build(cast.yunqi, {"month": f"{Charge.objects.first().lines.first().day:%Y-%m}"}, 0)
    assert month.blocks[0].total.cells[1].value == sum(billed.values())
    assert month.figures[4]["text"] == "相符"
    assert faults() == []
