"""Prices at their edges: forms sent twice, prices that came and went, units without people, words for lists."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.billing.test_tariffs_agreements import agree, draft
from tests.billing.test_tariffs_pages import fresh, typed
from tests.ledger.conftest import Office
from tests.support.tariffs import household, item_of, stay_of, tariff_of
from yihu.areas.billing.tariffs import setting
from yihu.areas.billing.tariffs.models import Board, Tariff
from yihu.basics.late_fees import Terms, late_fee
from yihu.basics.periods import FirstMonth, billed_in, share_of_first_month
from yihu.basics.pricing import Rent, Step, stepped
from yihu.kernel.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
NEXT_YEAR = date(2099, 1, 1)


def test_what_is_sent_twice_is_done_once(cast: Any) -> None:
    item = item_of(cast.yunqi)
    old = tariff_of(item)
    for _ in range(2):
        setting.set_prices([fresh(item, "3", NEXT_YEAR)], by=cast.xiang, key="set")
    new = Tariff.objects.get(from_on=NEXT_YEAR)
    for _ in range(2):
        setting.withdraw_price(new, "业委会不同意", by=cast.xiang, key="back")
    for _ in range(2):
        setting.end_price(old, TODAY(), "停收", by=cast.xiang, key="end")
    assert [(one.cancelled, one.to_on) for one in Tariff.objects.order_by("from_on")] == [
        (False, TODAY()),
        (True, None),
    ]


def test_the_same_scope_twice_in_one_paper_is_refused(cast: Any) -> None:
    item = item_of(cast.yunqi)
    with pytest.raises((Conflict, Refused)):
        setting.set_prices([fresh(item, "3", TODAY()), fresh(item, "4", TODAY())], by=cast.xiang)
    assert not Tariff.objects.exists()


def test_a_price_by_which_was_billed_ahead_is_not_taken_back(cast: Any) -> None:
    office = Office(cast)
    price = tariff_of(office.property_fee, from_on=NEXT_YEAR, prepaid=True)
    days = {"from_on": NEXT_YEAR, "to_on": date(2099, 1, 31), "due_on": NEXT_YEAR}
    office.charge(35941, month=1, basis={"tariff": price.pk}, **days)
    with pytest.raises(Refused, match="请先冲销那些账单"):
        setting.withdraw_price(price, "写错", by=cast.xiang)


def test_a_new_price_begins_like_the_one_before(cast: Any, sign_in: Any) -> None:
    item, browser = item_of(cast.yunqi), sign_in(cast.xiang)
    new = reverse("tariffs:new")
    page = browser.get(new, {"item": item.pk}).content.decode()
    assert f'value="{item.pk}" selected' in page
    price = tariff_of(item, "2.65", cycle=3, per="cycle")
    assert "·季" in str(price)
    assert 'value="2.65"' in browser.get(new, {"item": item.pk}).content.decode()
    once = tariff_of(item_of(cast.yunqi, "KP", "门禁卡"), "20", "fixed", cycle=0)
    assert "·" not in once.price_words
    assert browser.get(reverse("tariffs:prices")).status_code == 200


def test_one_place_at_a_time(cast: Any, sign_in: Any) -> None:
    said = typed(item_of(cast.yunqi), building=cast.home.building_id, unit=cast.home.pk)
    answer = sign_in(cast.xiang).post(reverse("tariffs:new"), said)
    assert (answer.status_code, Tariff.objects.count()) == (422, 0)
    assert "只选一样" in answer.content.decode()


def test_an_item_says_which_of_its_prices_are_gone_and_which_will_come(cast: Any, sign_in: Any) -> None:
    item = item_of(cast.yunqi)
    gone = tariff_of(item, to_on=TODAY() - timedelta(days=1))
    tariff_of(item, "3", from_on=NEXT_YEAR)
    tariff_of(item, "4", from_on=date(2098, 1, 1), cancelled=True)
    page = sign_in(cast.xiang).get(reverse("tariffs:item", args=[item.pk]), {"unit": cast.home.pk}).content.decode()
    for word in ("已撤回", "2099-01-01 起", "已终止"):
        assert word in page
    browser = sign_in(cast.xiang)
    coming = Tariff.objects.get(from_on=NEXT_YEAR)
    assert 'name="last"' not in browser.get(reverse("tariffs:end", args=[coming.pk])).content.decode()
    assert 'name="last"' in browser.get(reverse("tariffs:end", args=[gone.pk])).content.decode()
    assert browser.get(reverse("tariffs:board_head")).status_code == 200
    board = Board.objects.create(community=cast.yunqi, company="云栖物业")
    assert str(board) == f"{cast.yunqi} 收费公示表"


def test_an_agreement_says_its_ground_and_asks_for_its_unit(cast: Any, sign_in: Any) -> None:
    home, item = household(cast, "0201"), item_of(cast.yunqi)
    tariff_of(item)
    one = agree(cast, home, "discount", item, percent="15")
    assert one.facts()["content"] == one.ground
    lessee = stay_of(home, "拾光设计", "lessee", since=date(2026, 1, 1))
    for more in ({"from_on": ""}, {"party": "x"}):
        with pytest.raises(Invalid):
            draft(cast, home, "payer", item, **{"party": lessee, **more})


# Plain reckoning


def test_the_month_of_handing_over_by_each_rule() -> None:
    tenth, twentieth = date(2026, 11, 10), date(2026, 11, 20)
    assert share_of_first_month(tenth, FirstMonth.FULL) == 1
    assert share_of_first_month(tenth, FirstMonth.NEXT_MONTH) == 0
    assert [share_of_first_month(day, FirstMonth.HALF_MONTH) * 2 for day in (tenth, twentieth)] == [2, 1]
    assert billed_in(2026, 11, span=3) is None
    assert billed_in(2026, 12, span=3) == (date(2026, 10, 1), date(2026, 12, 31))


def test_steps_must_be_open_above_and_rents_grow_once_or_again() -> None:
    with pytest.raises(ValueError, match="open above"):
        stepped(Decimal(11), [Step(Decimal(10), Decimal(1))])
    rent = Rent(Decimal(3000), date(2026, 1, 1), free_days=10, grows_on=date(2027, 1, 1), percent=Decimal(5), every=12)
    assert rent.within(date(2026, 1, 1), date(2026, 12, 31)) == [(date(2026, 1, 11), date(2026, 12, 31), Decimal(3000))]
    assert [rate for _, rate in rent.changes(date(2028, 6, 1))] == [
        Decimal(3000),
        Decimal("3150.00"),
        Decimal("3307.50"),
    ]
    once = Rent(Decimal(3000), date(2026, 1, 1), grows_on=date(2027, 1, 1), percent=Decimal(5))
    assert len(list(once.changes(date(2030, 1, 1)))) == 2


def test_the_cap_is_of_what_is_owed_after_a_cheque_bounced() -> None:
    from fractions import Fraction

    from yihu.basics.late_fees import Movement

    due, rates = date(2026, 10, 1), [(date(2025, 5, 20), Fraction(3, 100))]
    moves = [Movement(date(2026, 9, 20), -10_000), Movement(date(2026, 10, 10), 10_000)]
    terms = Terms(Fraction(1, 100), cap=Fraction(1, 10))
    found = late_fee(terms, 10_000, due, date(2026, 10, 15), movements=moves, rates=rates)
    assert (found.claim, found.days, found.capped) == (500, 5, False)
    found = late_fee(terms, 10_000, due, date(2026, 11, 15), movements=moves, rates=rates)
    assert (found.claim, found.capped) == (1000, True)
    twice = [
        Movement(date(2026, 9, 20), -10_000),
        Movement(date(2026, 9, 25), -10_000),
        Movement(date(2026, 10, 10), 10_000),
    ]
    found = late_fee(terms, 10_000, due, date(2026, 11, 15), movements=twice, rates=rates)
    # paid twice for a time: nothing is owed, and nothing given
    assert (found.claim, found.court, found.capped) == (0, 0, False)
