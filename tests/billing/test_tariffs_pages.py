"""Prices on the screen and on the wall: set, replaced, ended, taken back, shown with an example."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.billing.test_tariffs_agreements import agree
from tests.ledger.conftest import Office
from tests.support.tariffs import household, item_of, stay_of, tariff_of
from yihu.areas.billing.tariffs import setting, showing
from yihu.areas.billing.tariffs.models import Board, Developer, Holding, Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.billing.tariffs.pages.price_form import steps_of
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.errors import Conflict, NotAllowed, Refused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
NEXT_MONTH = date(2099, 1, 1)


def typed(item: FeeItem, **more: Any) -> dict[str, Any]:
    return {
        "item": item.pk, "kind": "area_gross", "price": "2.80", "from_on": TODAY().isoformat(), "document": "前期物业服务合同", "pricing": "contract",
        "cycle": "1", "starts": "1", "per": "month", "ahead": "0", "due_months": "1", "due_day": "10", "first_month": "daily",
        "rounding": "half_up", "steps_per": "month", "key": "once", **more,
    }  # fmt: skip


def fresh(item: FeeItem, price: str, since: date, **more: Any) -> Tariff:
    facts = {"kind": "area_gross", "document": "合同", **more}
    return Tariff(community=item.community, item=item, price=Decimal(price), from_on=since, **facts)


def test_a_price_is_set_once_and_a_new_one_ends_it(cast: Any, sign_in: Any) -> None:
    item, browser = item_of(cast.yunqi), sign_in(cast.xiang)
    for _ in range(2):
        assert browser.post(reverse("tariffs:new"), typed(item)).status_code == 302
    first = Tariff.objects.get()
    later = TODAY() + timedelta(days=40)
    shown = browser.get(reverse("tariffs:new"), {"of": first.pk}).content.decode()
    assert 'value="2.80"' in shown
    assert browser.post(reverse("tariffs:new"), typed(item, price="3", from_on=later, key="two")).status_code == 302
    first.refresh_from_db()
    assert first.to_on == later - timedelta(days=1)
    page = browser.get(reverse("tariffs:item", args=[item.pk])).content.decode()
    assert "3.00元/㎡·月" in page
    assert "项经理 定价" in page


@pytest.mark.parametrize("name", ["new", "start", "board_head", "new_developer"])
def test_who_bills_sets_no_prices(cast: Any, sign_in: Any, name: str) -> None:
    office = Office(cast)
    item = item_of(cast.yunqi)
    assert sign_in(office.accountant).get(reverse(f"tariffs:{name}")).status_code == 403
    with pytest.raises(NotAllowed):
        setting.set_prices([fresh(item, "3", TODAY())], by=office.accountant)


def test_a_price_by_which_was_billed_does_not_end_before_its_bills(cast: Any) -> None:
    office = Office(cast)
    price = tariff_of(office.property_fee)
    office.charge(35941, month=10, basis={"tariff": price.pk})  # until the 28th
    with pytest.raises(Refused, match="已经出账到 2026-10-28"):
        setting.set_prices([fresh(office.property_fee, "3", date(2026, 10, 28))], by=cast.xiang)
    with pytest.raises(Refused, match="已经出账到"):
        setting.end_price(price, date(2026, 10, 27), "停收", by=cast.xiang)
    setting.set_prices([fresh(office.property_fee, "3", date(2026, 10, 29))], by=cast.xiang)
    price.refresh_from_db()
    assert price.to_on == date(2026, 10, 28)


def test_no_nearer_price_begins_on_days_that_were_billed(cast: Any) -> None:
    """A price of one building, or of one unit, would leave the posted bills standing by a price that holds there no more."""
    office = Office(cast)
    price = tariff_of(office.property_fee)
    office.charge(35941, month=10, basis={"tariff": price.pk})  # until the 28th
    for place in (
        {"building": cast.home.building},
        {"cluster": cast.home.cluster},
        {"unit_kind": "home"},
        {"unit": cast.home},
    ):
        with pytest.raises(Refused, match=r"按 全部 2.80元/㎡·月 出到 2026-10-28 的账单，新价请从 2026-10-29 起"):
            setting.set_prices([fresh(office.property_fee, "2", date(2026, 10, 28), **place)], by=cast.xiang)
    until = {"to_on": date(2026, 9, 30)}
    setting.set_prices([fresh(office.property_fee, "3", date(2026, 1, 1), unit=cast.home, **until)], by=cast.xiang)
    setting.set_prices([fresh(office.property_fee, "3", date(2026, 10, 29), unit=cast.home)], by=cast.xiang)
    assert Tariff.objects.filter(unit=cast.home).count() == 2


def test_a_price_that_changes_no_bill_may_begin_earlier(cast: Any) -> None:
    """One for other units, one that is farther than what was billed by, one of meters, one that is paid once."""
    office, early = Office(cast), date(2026, 10, 1)
    price = tariff_of(office.property_fee, building=cast.home.building)
    office.charge(35941, month=10, basis={"tariff": price.pk})
    other = cast.unit("0909")
    for more in ({}, {"unit": other}, {"unit_kind": "shop"}, {"kind": "meter", "measure": "吨", "unit": cast.home}):
        setting.set_prices([fresh(office.property_fee, "3", early, **more)], by=cast.xiang)
    near = {"building": cast.home.building, "unit_kind": "home"}
    setting.set_prices([fresh(office.property_fee, "3", early, kind="fixed", cycle=0, **near)], by=cast.xiang)
    assert Tariff.objects.count() == 6


def test_what_is_not_in_force_yet_is_taken_back_and_the_old_price_goes_on(cast: Any, sign_in: Any) -> None:
    item = item_of(cast.yunqi)
    old = tariff_of(item)
    new = fresh(item, "3", NEXT_MONTH)
    setting.set_prices([new], by=cast.xiang)
    with pytest.raises(Refused, match="不能撤回"):
        setting.withdraw_price(old, "写错", by=cast.xiang)
    browser = sign_in(cast.xiang)
    assert browser.post(reverse("tariffs:end", args=[new.pk]), {"why": "业委会不同意", "key": "x"}).status_code == 302
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.to_on, new.cancelled) == (None, True)
    last = TODAY().isoformat()
    assert (
        browser.post(reverse("tariffs:end", args=[old.pk]), {"why": "停收", "last": last, "key": "y"}).status_code
        == 302
    )
    with pytest.raises(Conflict):
        setting.end_price(old, TODAY(), "停收", by=cast.xiang)
    with pytest.raises(Refused, match="不能早于"):
        setting.end_price(tariff_of(item, from_on=NEXT_MONTH), TODAY(), "停收", by=cast.xiang)


def test_before_a_later_price_another_must_say_until_when(cast: Any) -> None:
    item = item_of(cast.yunqi)
    tariff_of(item, from_on=NEXT_MONTH)
    with pytest.raises(Refused, match="先撤回"):
        setting.set_prices([fresh(item, "3", TODAY())], by=cast.xiang)
    setting.set_prices([fresh(item, "3", TODAY(), to_on=date(2098, 12, 31))], by=cast.xiang)
    assert Tariff.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"price": "0"}, "大于零"), ({"pricing": "guided"}, "批准单位"), ({"to_on": "2020-01-01"}, "不能早于"), ({"kind": "quantity"}, "计量单位"),
        ({"vacant_percent": "70"}, "依据"), ({"ahead": "1"}, "预收"), ({"ladder": "210 0.4883"}, "一行一档"),
        ({"ladder": "400 0.5\n210 0.6\n0.7"}, "一行一档"), ({"ladder": "很多"}, "一行一档"), ({"document": ""}, "必填"),
        ({"kind": "meter", "measure": "度", "ladder": "Infinity 0.5\n0.7"}, "一行一档"),
        ({"kind": "meter", "measure": "度", "ladder": "210 0.48831\n0.7"}, "四位小数"),
        ({"ladder": "210 0.4883\n0.7"}, "只填一个单价"), ({"from_on": "0206-01-01"}, "核对年份"), ({"to_on": "2999-12-31"}, "核对年份"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_price_is_said(cast: Any, sign_in: Any, more: Any, said: str) -> None:
    answer = sign_in(cast.xiang).post(reverse("tariffs:new"), typed(item_of(cast.yunqi), **more))
    assert (answer.status_code, Tariff.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_price_steps_are_typed_line_by_line(cast: Any, sign_in: Any) -> None:
    item = item_of(cast.yunqi, "DF", "代收电费")
    ladder = "210 0.4883\n400，0.5383\n0.7883"
    answer = sign_in(cast.xiang).post(
        reverse("tariffs:new"), typed(item, kind="meter", measure="度", price="1", ladder=ladder)
    )
    assert answer.status_code == 302
    price = Tariff.objects.get()
    assert (price.price, price.steps_words) == (
        Decimal("0.4883"),
        ["0–210 度 0.4883 元", "210–400 度 0.5383 元", "400 度以上 0.7883 元"],
    )
    assert steps_of("") == []


@pytest.mark.clause("FEE-01")
@pytest.mark.clause("FEE-13", part="公摊、代收的单价和计费方式在公示表上")
def test_the_price_list_on_the_wall_says_item_basis_price_authority_period_and_whom_to_ring(
    cast: Any, sign_in: Any
) -> None:
    item = item_of(cast.yunqi)
    guided = {"pricing": "guided", "authority": "市发改委", "document": "收费批复", "document_no": "发改价〔2024〕9 号"}
    tariff_of(item, vacant_percent=70, vacant_ground="合同第 9 条", **guided)
    tariff_of(item, "1", unit=household(cast, "0201"))  # agreed with one household alone: not on the wall
    tariff_of(
        item_of(cast.yunqi, "SF", "代收水费"), "3.10", Kind.METER, measure="吨", pricing="cost", document="供水合同"
    )
    lift = item_of(cast.yunqi, "GTD", "公摊电费")
    tariff_of(lift, "0.62", Kind.SHARE, measure="度", pricing="cost", document="业主大会决议")
    manager, desk = sign_in(cast.xiang), sign_in(cast.wang)
    assert (
        manager.post(
            reverse("tariffs:board_head"),
            {"company": "云栖物业", "hotline": "0571-1234567", "oversight": "12315", "key": "k"},
        ).status_code
        == 302
    )
    told = showing.public_list(cast.yunqi, TODAY())
    fee, water, shared = told["lines"]
    assert (fee["item"], fee["way"], fee["price"]) == ("物业服务费", "建筑面积 × 单价，每月收", "2.80元/㎡·月")
    assert fee["ground"] == "政府指导价：收费批复（发改价〔2024〕9 号），市发改委"
    assert (fee["period"], fee["more"]) == ("2025-01-01 起", "空置按 70% 收（合同第 9 条）")
    assert (water["price"], water["pass_through"]) == ("3.10元/吨", True)
    assert (shared["way"], shared["price"], shared["ground"]) == (
        "公摊",
        "0.62元/度",
        "按供应单位价格代收：业主大会决议",
    )
    page = desk.get(reverse("tariffs:board")).content.decode()
    assert "0571-1234567" in page
    for paper in ("a4", "a3"):
        assert desk.get(reverse("tariffs:board_paper", args=[paper])).content.startswith(b"%PDF")
    assert desk.get(reverse("tariffs:board_paper", args=["a0"])).status_code == 404
    assert Board.objects.get().company == "云栖物业"


def test_a_price_that_is_decided_hangs_beneath_the_one_that_it_follows(cast: Any, sign_in: Any) -> None:
    fee, parking = item_of(cast.yunqi), item_of(cast.yunqi, "CW", "车位使用费")
    tariff_of(fee)
    tariff_of(parking, "300", Kind.FIXED)
    later, manager, desk = NEXT_MONTH, sign_in(cast.xiang), sign_in(cast.wang)
    said = typed(fee, price="3.10", from_on=later.isoformat())
    assert manager.post(reverse("tariffs:new"), said).status_code == 302
    tariff_of(fee, "1", unit=household(cast, "0201"), from_on=later)  # agreed with one household alone
    tariff_of(parking, "500", Kind.FIXED, from_on=later, cancelled=True)  # taken back before its day
    lines = showing.public_list(cast.yunqi, TODAY())["lines"]
    assert [(line["item"], line["price"], line["coming"], line["period"]) for line in lines] == [
        ("物业服务费", "2.80元/㎡·月", False, "2025-01-01 起，至 2098-12-31"),
        ("", "3.10元/㎡·月", True, "2099-01-01 起"),
        ("车位使用费", "300.00元/户·月", False, "2025-01-01 起"),
    ]
    assert desk.get(reverse("tariffs:board")).content.decode().count("将执行</span>") == 1
    assert desk.get(reverse("tariffs:board_paper", args=["a4"])).content.startswith(b"%PDF")


def test_the_usual_items_are_priced_in_one_go(cast: Any, sign_in: Any) -> None:
    fee, parking = item_of(cast.yunqi), item_of(cast.yunqi, "CW", "车位使用费")
    item_of(cast.yunqi, "KP", "门禁卡工本费")
    browser = sign_in(cast.xiang)
    assert "一次填好" in browser.get(reverse("tariffs:prices")).content.decode()
    said = {"from_on": "2026-11-01", "document": "合同", "key": "k"}
    assert browser.post(reverse("tariffs:start"), said).status_code == 422
    assert (
        browser.post(
            reverse("tariffs:start"), {**said, f"price_{fee.pk}": "2.8", f"price_{parking.pk}": "300"}
        ).status_code
        == 302
    )
    assert {(one.item_id, one.price_words) for one in Tariff.objects.all()} == {
        (fee.pk, "2.80元/㎡·月"),
        (parking.pk, "300.00元/个·月"),
    }


def test_the_page_of_an_item_shows_what_a_unit_would_pay(cast: Any, sign_in: Any) -> None:
    item = item_of(cast.yunqi)
    url, browser = reverse("tariffs:item", args=[item.pk]), sign_in(cast.wang)
    assert browser.get(url).status_code == 200  # neither a unit nor a price
    home = household(cast, "0201")
    tariff_of(item, cycle=12, prepaid=True)
    assert "128.36㎡ × 2.80元 × 12个月 = 4,312.90元" in browser.get(url, {"unit": home.pk}).content.decode()
    home.areas.all().delete()
    assert "没有登记面积" in browser.get(url, {"unit": home.pk}).content.decode()


def test_what_a_unit_has_is_entered_and_ended(cast: Any, sign_in: Any) -> None:
    parking, home = item_of(cast.yunqi, "CW", "车位使用费"), household(cast, "0201")
    tariff_of(parking, "300", Kind.QUANTITY, measure="个")
    browser = sign_in(cast.li)
    said = {"unit": home.pk, "item": parking.pk, "what": "A-012", "quantity": "1", "from_on": "2026-11-01", "key": "k"}
    assert browser.post(reverse("tariffs:new_holding"), said).status_code == 302
    again = browser.post(reverse("tariffs:new_holding"), {**said, "key": "k2"})
    assert "已经登记过" in again.content.decode()
    one = Holding.objects.get()
    edit = reverse("tariffs:edit_holding", args=[one.pk])
    assert browser.post(edit, {"to_on": "2026-10-01", "key": "e"}).status_code == 422
    assert browser.post(edit, {"to_on": "2026-12-31", "quantity": "9", "key": "e2"}).status_code == 302
    one.refresh_from_db()
    assert (one.to_on, one.quantity) == (date(2026, 12, 31), 1)
    assert "A-012" in browser.get(reverse("tariffs:holdings")).content.decode()
    assert sign_in(cast.wang).get(edit).status_code == 403


def test_who_pays_for_what_is_not_handed_over_is_entered(cast: Any, sign_in: Any) -> None:
    builder, browser = stay_of(cast.home, "云栖置业", "emergency"), sign_in(cast.xiang)
    said = {"party": builder.pk, "from_on": "2026-01-01", "key": "k"}
    assert browser.post(reverse("tariffs:new_developer"), said).status_code == 302
    one = Developer.objects.get()
    assert (
        browser.post(reverse("tariffs:edit_developer", args=[one.pk]), {"to_on": "2026-12-31", "key": "e"}).status_code
        == 302
    )
    assert "云栖置业" in browser.get(reverse("tariffs:developers")).content.decode()


def test_who_approves_finds_what_was_drafted(cast: Any, sign_in: Any) -> None:
    home, item = household(cast, "0201"), item_of(cast.yunqi)
    tariff_of(item)
    one = agree(cast, home, "discount", item, percent="15")
    page = sign_in(cast.xiang).get(reverse("kernel:list", args=["agreements"]), {"tab": "agreed"}).content.decode()
    assert one.number in page
    assert "减收 15%" in page
