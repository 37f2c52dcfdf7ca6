"""Dividing a shared cost: every 分 goes somewhere, and anybody may do the sum again (domain.md §5.2)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.areas.billing.sharing.reckon import (
    AREA,
    FIXED,
    HEADS,
    HOUSEHOLD,
    LIFT,
    USAGE,
    CannotShare,
    Member,
    Metered,
    Rule,
    band_of,
    divide,
    floor_of,
    lift_coefficient,
    price_of_one,
)


def homes(*floors: int, **more: object) -> list[Member]:
    return [Member(at, f"{at:03}", f"A1-1-{floor:02}01", floor=floor, **more) for at, floor in enumerate(floors, 1)]  # type: ignore[arg-type]


def amounts(amount: int, members: list[Member], rule: Rule) -> list[int]:
    return [part.amount for part in divide(amount, members, rule)]


@pytest.mark.clause("FEE-13", part="零头按最大余数分，各户之和等于总额")
def test_a_thousand_among_three_equals() -> None:
    assert amounts(100_000, homes(1, 2, 3), Rule(HOUSEHOLD)) == [33_334, 33_333, 33_333]


def test_the_odd_cent_goes_to_the_lower_code_whatever_order_the_units_come_in() -> None:
    parts = divide(100, list(reversed(homes(1, 2, 3))), Rule(HOUSEHOLD))
    assert [(part.unit, part.amount) for part in parts] == [(1, 34), (2, 33), (3, 33)]


def test_floor_five_stands_in_one_band_only() -> None:
    assert [band_of(floor) for floor in (-2, 1, 5, 6, 10, 11)] == [1, 1, 1, 2, 2, 3]
    assert [lift_coefficient(floor) for floor in (5, 6, 11)] == [1, Fraction(6, 5), Fraction(7, 5)]


def test_a_lift_weighs_the_upper_floors_more_and_may_spare_the_first() -> None:
    assert amounts(34_000, homes(1, 6, 11, 16), Rule(LIFT)) == [6538, 7846, 9154, 10462]
    spared = divide(42_000, homes(1, 6, 11, 16), Rule(LIFT, first_floor_free=True))
    assert [(part.label, part.amount) for part in spared] == [
        ("A1-1-0601", 12_000), ("A1-1-1101", 14_000), ("A1-1-1601", 16_000),
    ]  # fmt: skip
    assert spared[0].words == "420.00元 × 6层系数1.2 ÷ 合计4.2份 = 120.00元"


def test_an_empty_unit_weighs_what_the_project_says() -> None:
    lived_in = Member(1, "001", "A1-1-0101", area=Decimal("100.00"))
    empty = Member(2, "002", "A1-1-0102", area=Decimal("100.00"), occupied=False)
    parts = divide(30_000, [lived_in, empty], Rule(AREA, vacant_percent=50))
    assert [part.amount for part in parts] == [20_000, 10_000]
    assert parts[1].words == "300.00元 × 100㎡×空置50% ÷ 合计150㎡ = 100.00元"
    assert amounts(30_000, [lived_in, empty], Rule(AREA)) == [15_000, 15_000]
    assert amounts(30_000, [lived_in, empty], Rule(AREA, vacant_percent=0)) == [30_000]


def test_by_use_by_heads_and_by_agreed_parts() -> None:
    drawn = [
        Member(1, "1", "甲", usage=Decimal("12.5")),
        Member(2, "2", "乙", usage=Decimal(0)),
        Member(3, "3", "丙", usage=Decimal("37.5")),
    ]
    parts = divide(10_000, drawn, Rule(USAGE, measure="吨"))
    assert [(part.label, part.amount) for part in parts] == [("甲", 2500), ("丙", 7500)]
    assert parts[0].words == "100.00元 × 12.5吨 ÷ 合计50吨 = 25.00元"
    assert amounts(700, [Member(1, "1", "甲", heads=3), Member(2, "2", "乙", heads=4)], Rule(HEADS)) == [300, 400]
    agreed = [Member(1, "1", "甲", parts=Decimal("1.5")), Member(2, "2", "乙"), Member(3, "3", "丙", parts=Decimal(1))]
    assert amounts(250, agreed, Rule(FIXED)) == [150, 100]


def test_what_is_missing_is_said_for_all_units_at_once() -> None:
    with pytest.raises(CannotShare) as found:
        divide(100, [Member(1, "1", "甲"), Member(2, "2", "乙"), Member(3, "3", "丙", area=Decimal(9))], Rule(AREA))
    assert [said[:1] for said in found.value.problems] == ["甲", "乙"]
    with pytest.raises(CannotShare, match="看不出楼层"):
        divide(100, [Member(1, "1", "甲")], Rule(LIFT))
    with pytest.raises(CannotShare, match="请先抄表"):
        divide(100, [Member(1, "1", "甲")], Rule(USAGE))
    with pytest.raises(CannotShare, match="没有要分摊的房屋"):
        divide(100, [], Rule(HOUSEHOLD))
    with pytest.raises(CannotShare, match="合计是零"):
        divide(100, [Member(1, "1", "甲")], Rule(HEADS))


def test_the_pool_is_the_master_less_what_is_known_at_the_suppliers_price() -> None:
    pool = Metered(Decimal("1203.4"), Decimal("900"), Decimal("100.2"), Decimal("-3.2"), Decimal("0.92"))
    assert (pool.quantity, pool.amount) == (Decimal("200.0"), 18_400)


def test_a_room_number_tells_its_floor() -> None:
    told = {
        "0101": 1,
        "1203": 12,
        "301": 3,
        "B101": -1,
        "-201": -2,
        "地下101": -1,
        "12A01": None,
        "7": None,
        "001": None,
    }
    assert {room: floor_of(room) for room in told} == told


def test_the_price_of_one_share_stands_on_the_wall() -> None:
    members = [Member(1, "1", "甲", area=Decimal("62.89")), Member(2, "2", "乙", area=Decimal("96.15"))]
    assert price_of_one(15_904, divide(15_904, members, Rule(AREA))) == "1"
    assert price_of_one(0, []) == ""


@given(
    st.integers(1, 10**9),
    st.lists(
        st.tuples(st.decimals("0.01", "999.99", places=2), st.integers(1, 33), st.booleans()), min_size=1, max_size=60
    ),
    st.sampled_from([AREA, HOUSEHOLD, LIFT]),
    st.integers(1, 100),
)
def test_the_parts_add_up_exactly_and_none_is_a_cent_off(
    amount: int, units: list[tuple[Decimal, int, bool]], method: str, vacant: int
) -> None:
    members = [
        Member(at, f"{at:04}", str(at), area=area, floor=floor, occupied=occupied)
        for at, (area, floor, occupied) in enumerate(units)
    ]
    parts = divide(amount, members, Rule(method, vacant_percent=vacant))
    whole = sum(part.weight for part in parts)
    assert sum(part.amount for part in parts) == amount
    assert all(abs(part.amount - amount * part.weight / whole) < 1 for part in parts)
    assert parts == divide(amount, members[::-1], Rule(method, vacant_percent=vacant))
