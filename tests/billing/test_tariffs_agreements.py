"""收费约定: drafted by one, approved by another; reductions are lines of their own, a lessee pays where it was agreed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.billing.test_tariffs_source import NOVEMBER, oddities, reckon, told
from tests.support.doing import photo
from tests.support.tariffs import area_of, household, item_of, stay_of, tariff_of
from yihu.areas.billing.tariffs import setting
from yihu.areas.billing.tariffs.models import Agreement, Tariff, Term
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy, Unit
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast: Any) -> FeeItem:
    return item_of(cast.yunqi)


@pytest.fixture
def home(cast: Any) -> Unit:
    return household(cast, "0201")


@pytest.fixture
def price(item: Any) -> Tariff:
    return tariff_of(item, vacant_percent=70, vacant_ground="前期物业服务合同第 9 条")


def draft(cast: Any, unit: Any, what: str, item: Any = None, **more: Any) -> Agreement:
    said = {
        "unit": unit.pk, "what": what, "item": item.pk if item else "", "from_on": "2026-11-01", "ground": "补充协议第 2 条",
        **more,
    }  # fmt: skip
    drafted: Agreement = open_record(
        Agreement(community=cast.yunqi), by=cast.li, data=said, files={"evidence": [photo()]}
    )
    return drafted


def agree(cast: Any, unit: Any, what: str, item: Any = None, **more: Any) -> Agreement:
    agreed: Agreement = perform(draft(cast, unit, what, item, **more), "approve", by=cast.xiang)
    return agreed


def test_who_drafts_does_not_approve_and_nothing_holds_before(cast: Any, home: Any, item: Any, price: Any) -> None:
    cast.appoint(cast.li, "project_manager", cast.yunqi)
    drafted = draft(cast, home, "free", item)
    with pytest.raises(NotAllowed):
        perform(drafted, "approve", by=cast.li)
    assert (told(reckon(home)), Term.objects.count()) == ([("孙业主", 1, 30, 35941)], 0)
    perform(drafted, "approve", by=cast.xiang)
    assert [row.amount for row in reckon(home)] == [35941, -35941]


@pytest.mark.parametrize(
    ("what", "more", "less", "words"),
    [
        ("discount", {"percent": "15"}, -5391, "按比例减收 359.41元 × 15% = -53.91元"),
        ("price", {"price": "2.50"}, -3851, "约定单价 2.50元，少收 38.51元"),
        ("free", {}, -35941, "免收 359.41元 × 100% = -359.41元"),
        ("vacant", {}, -10782, "空置减收 359.41元 × 30% = -107.82元"),
    ],
)
def test_a_reduction_is_a_line_of_its_own(
    cast: Any, home: Any, item: Any, price: Any, what: str, more: Any, less: int, words: str
) -> None:
    one = agree(cast, home, what, item, **more)
    full, reduced = reckon(home)
    assert (full.amount, full.words, reduced.amount) == (35941, "128.36㎡ × 2.80元 = 359.41元", less)
    assert reduced.words == f"{words}（{one.number}）"
    assert (reduced.part, reduced.from_on, reduced.to_on) == (one.number, full.from_on, full.to_on)


def test_a_reduction_holds_for_its_days_and_can_be_ended(cast: Any, home: Any, item: Any, price: Any) -> None:
    one = agree(cast, home, "free", item, from_on="2026-11-11", to_on="2026-12-31")
    assert [(row.from_on.day, row.amount) for row in reckon(home)] == [(1, 11980), (11, 23961), (11, -23961)]
    for wrong in ("2026-11-10", "2026-12-31"):
        with pytest.raises(Invalid):
            perform(one, "end", by=cast.xiang, data={"ends_on": wrong, "decision": "业主入住"})
    perform(one, "end", by=cast.xiang, data={"ends_on": "2026-11-20", "decision": "业主入住"})
    assert [(row.from_on.day, row.amount) for row in reckon(home)] == [
        (1, 11980),
        (11, 11981),
        (11, -11981),
        (21, 11980),
    ]
    assert Agreement.objects.get().period == "2026-11-11 起至 2026-11-20"


def test_two_agreements_on_the_same_days_are_refused(cast: Any, home: Any, item: Any, price: Any) -> None:
    agree(cast, home, "free", item, to_on="2026-12-31")
    second = draft(cast, home, "discount", item, percent="5", from_on="2026-12-01")
    with pytest.raises(Refused, match="已经有约定"):
        perform(second, "approve", by=cast.xiang)
    assert Agreement.objects.get(pk=second.pk).state == "pending"


@pytest.mark.parametrize(
    ("what", "more", "field"),
    [
        ("price", {"price": "2.80"}, "price"), ("price", {}, "price"), ("discount", {}, "percent"),
        ("payer", {}, "party"), ("rent", {"price": "3000"}, "party"), ("free", {"item": ""}, "item"),
        ("free", {"to_on": "2026-10-01"}, "to_on"), ("free", {"from_on": "2024-01-01"}, "item"),
    ],
)  # fmt: skip
def test_what_is_wanting_is_said(cast: Any, home: Any, item: Any, price: Any, what: str, more: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        draft(cast, home, what, **({"item": item} | more))
    assert field in refused.value.form.errors


def test_without_a_ground_in_the_price_nothing_is_let_off_for_being_vacant(cast: Any, home: Any, item: Any) -> None:
    tariff_of(item)
    with pytest.raises(Invalid, match="空置"):
        draft(cast, home, "vacant", item)


@pytest.mark.clause("FEE-02", part="约定由租户付的按日期换付款人，业主的连带责任记在账单依据里")
def test_the_lessee_pays_where_it_was_agreed_and_as_long_as_he_is_there(
    cast: Any, home: Any, item: Any, price: Any
) -> None:
    lessee = stay_of(home, "拾光设计", "lessee", date(2026, 1, 1))
    one = agree(cast, home, "payer", from_on="2026-11-16")
    assert one.party == lessee  # nobody was named: it is the lessee of the unit
    rows = reckon(home)
    assert told(rows) == [("孙业主", 1, 15, 17970), ("拾光设计", 16, 30, 17971)]
    owner = rows[0].party
    assert (rows[1].basis["owner"], rows[1].basis["agreed"]) == (owner, one.number)
    assert rows[1].words.endswith("（约定由租户付）")
    Occupancy.objects.filter(party=lessee).update(to_on=date(2026, 11, 20))
    rows = reckon(home)
    assert told(rows)[-1] == ("孙业主", 21, 30, 11980)
    assert oddities(rows) == [("lessee_left", False)]


def test_an_agreement_for_one_item_goes_before_one_for_all(cast: Any, home: Any, item: Any, price: Any) -> None:
    first, second = (stay_of(home, name, "lessee", date(2026, 1, 1)) for name in ("拾光设计", "半山茶舍"))
    agree(cast, home, "payer", party=first.pk)
    agree(cast, home, "payer", item, party=second.pk)
    assert told(reckon(home)) == [("半山茶舍", 1, 30, 35941)]


@pytest.mark.clause("FEE-22", part="租金：免租天数、到日子递增，按天折算")
def test_a_rent_has_its_free_days_and_grows(cast: Any, home: Any) -> None:
    rent = item_of(cast.yunqi, "ZJ", "租金", nature="pass_through", legal_class="optional_paid")
    tariff_of(rent, "0", Kind.RENT)
    stay_of(home, "拾光设计", "lessee", date(2025, 1, 1))
    grows = {"free_days": "30", "grows_on": "2026-11-16", "grows_by": "5", "grows_every": "12"}
    number = agree(cast, home, "rent", rent, price="5000", from_on="2025-11-16", **grows).number
    assert [(row.from_on.day, row.amount, row.words) for row in reckon(home)] == [
        (1, 250000, f"{number} 5000.00元 × 15/30天 = 2,500.00元"), (16, 262500, f"{number} 5250.00元 × 15/30天 = 2,625.00元"),
    ]  # fmt: skip
    tariff_of(item_of(cast.yunqi), "1")
    agree(cast, home, "free", item_of(cast.yunqi))
    assert sum(row.amount for row in reckon(home)) == 512500
    Tariff.objects.filter(kind="area_gross").update(cancelled=True)
    assert [row.from_on for row in reckon(home, month=Month(2025, 12))] == [date(2025, 12, 16)]
    assert reckon(home, month=Month(2025, 11)) == []


def test_the_developer_pays_less_too_where_it_was_agreed(cast: Any, home: Any, item: Any, price: Any) -> None:
    area_of(home, "130", since=NOVEMBER.last)
    agree(cast, home, "free", item)
    assert sum(row.amount for row in reckon(home)) == 0


def test_an_own_price_above_a_price_that_fell_lets_nothing_off(cast: Any, home: Any, item: Any, price: Any) -> None:
    agree(cast, home, "price", item, price="2.50")
    setting.set_prices(
        [
            Tariff(
                community=cast.yunqi,
                item=item,
                kind="area_gross",
                price=2,
                from_on=date(2026, 11, 16),
                document="新合同",
            )
        ],
        by=cast.xiang,
    )
    assert [(row.from_on.day, row.amount) for row in reckon(home)] == [(1, 17970), (1, -1925), (16, 12836)]


def test_returned_drafts_are_put_right_and_refused_ones_end(cast: Any, home: Any, item: Any, price: Any) -> None:
    one = draft(cast, home, "discount", item, percent="15")
    one = perform(one, "return", by=cast.xiang, data={"decision": "比例太高"})
    said = {
        "unit": home.pk,
        "what": "discount",
        "item": item.pk,
        "percent": "5",
        "from_on": "2026-11-01",
        "ground": "补充协议",
    }
    one = perform(one, "amend", by=cast.li, data=said)
    assert perform(one, "refuse", by=cast.xiang, data={"decision": "没有依据"}).state == "refused"
    assert Term.objects.count() == 0


def test_a_rent_grows_only_by_a_percentage_and_its_lessee_lives_there(cast: Any, home: Any) -> None:
    rent = item_of(cast.yunqi, "ZJ", "租金", nature="pass_through", legal_class="optional_paid")
    tariff_of(rent, "0", Kind.RENT)
    stay_of(home, "拾光设计", "lessee", date(2025, 1, 1))
    yearly = {"grows_by": "5", "grows_every": "12"}
    runaway = {
        "grows_on": "2026-12-01",
        "grows_by": "100",
        "grows_every": "1",
    }  # 2^14 × 5000 is more than a hundred million
    for wrong in ({"grows_on": "2027-01-01"}, {"party": cast.owner.pk}, {"grows_on": "2025-01-01", **yearly}, runaway):
        with pytest.raises(Invalid):
            draft(cast, home, "rent", rent, price="5000", **wrong)
    with pytest.raises(Invalid, match="请填写"):
        draft(cast, home, "rent", rent, price="", grows_on="2027-01-01", **yearly)
    one = agree(cast, home, "rent", rent, price="5000")
    assert (one.terms, str(Term.objects.get()), Tariff.objects.get().price_words) == (
        "月租 5000.00元",
        one.number,
        "按租约",
    )
