"""收费台: what is owed, money in, a receipt at once; each exactly once, whoever clicks how often."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.harness.breaking import at_once
from tests.ledger.conftest import Office
from yihu.areas.cashier import household, setting_off, till
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Charge, Deposit, Receipt, Voucher
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Any) -> Office:
    office = Office(cast)
    assert cast.owner
    return office


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def taking(office: Any, amount: int, **more: Any) -> till.Taking:
    party = more.pop("party", office.cast.owner)
    facts = {
        "party": party.pk, "unit": office.cast.home.pk, "amount": amount, "method": "cash", "payer_name": party.name,
        "seen": household.seen_of(party),
    }  # fmt: skip
    return till.Taking(**{**facts, **more})


def take(office: Any, amount: int, key: str | None = None, **more: Any) -> Receipt:
    party = more.get("party", office.cast.owner)
    return till.take_money(taking(office, amount, **more), party, by=office.collector, key=key)


def form_of(page: Any) -> dict[str, Any]:
    """What the browser would send if nothing were touched."""
    context = page.context
    form = context["form"]
    sent = {name: form[name].value() for name in form.fields}
    unit = context["unit"]
    assert page.content.decode().count(f'name="seen" value="{context["seen"]}"') == 1 + bool(context["may_use"])
    more = {
        "key": context["key"],
        "seen": context["seen"],
        "unit": unit.pk if unit else "",
        "party": context["party"].pk,
    }
    return {name: "" if value is None else str(value) for name, value in {**sent, **more}.items()}


@pytest.mark.clause("FEE-07", part="收费台现金、支票、转账、刷卡收款，当场出收据")
def test_from_the_room_number_to_the_printed_receipt_in_four_steps(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    client, desk = sign_in(office.collector), reverse("cashier:desk")
    page = client.get(desk, {"q": "A1-1-0101"}, follow=True)  # 1: the room, Enter
    assert "赵业主" in page.content.decode()
    assert "359.41" in page.content.decode()
    sent = form_of(page)  # 2: cash stands there already
    assert (sent["amount"], sent["method"], sent["payer_name"]) == ("359.41", "cash", "赵业主")
    done = client.post(desk, sent, follow=True)  # 3: Ctrl+Enter
    receipt = Receipt.objects.get()
    assert receipt.number in done.content.decode()
    assert "叁佰伍拾玖元肆角壹分" in done.content.decode()
    assert "没有未缴的账单" in done.content.decode()
    sheet = client.get(reverse("cashier:receipt_print", args=[receipt.number]))  # 4: P
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")
    assert Charge.objects.get().open == 0
    assert faults() == []


def test_a_double_click_and_the_way_back_take_the_money_once(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    client, desk = sign_in(office.collector), reverse("cashier:desk")
    sent = form_of(client.get(desk, {"unit": office.cast.home.pk}))
    sent["charge"] = str(Charge.objects.get().pk)
    first, again = client.post(desk, sent), client.post(desk, sent)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    other = client.post(desk, {**sent, "amount": "100"})  # back, another amount, once more
    assert other.status_code == 409
    assert "已经提交过" in other.content.decode()
    assert Receipt.objects.count() == 1


def test_what_moved_since_the_page_was_opened_is_shown_before_money_is_taken(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    client, desk = sign_in(office.collector), reverse("cashier:desk")
    sent = form_of(client.get(desk, {"unit": office.cast.home.pk}))
    take(office, 35941)  # another cashier, the same bill
    answer = client.post(desk, sent)
    assert answer.status_code == 409
    assert "刚刚有变动" in answer.content.decode()
    assert Receipt.objects.count() == 1
    assert "没有未缴的账单" in answer.content.decode()
    again = form_of(answer)  # he has seen it, and takes the money all the same: it stands at the payer's disposal
    assert client.post(desk, again).status_code == 302
    assert Receipt.objects.latest("pk").left == 35941


def test_his_money_is_not_used_for_what_the_cashier_did_not_see(office: Any, sign_in: Any) -> None:
    receipt = take(office, 5000)
    office.charge(3000, 11)
    client = sign_in(office.collector)
    page = client.get(reverse("cashier:desk"), {"unit": office.cast.home.pk})
    sent = {"key": page.context["credit_key"], "seen": page.context["seen"], "unit": office.cast.home.pk}
    office.charge(4000, 10)  # meanwhile
    answer = client.post(reverse("cashier:credit", args=[office.cast.owner.pk]), sent, follow=True)
    assert "刚刚有变动" in answer.content.decode()
    receipt.refresh_from_db()
    assert receipt.left == 5000


@pytest.mark.parametrize(
    ("typed", "status"), [("1900-01-01", 422), ("2026-02-30", 422), ("2099-05-31", 302), ("", 302)]
)  # fmt: skip
def test_a_deposit_is_not_due_back_before_it_is_taken(office: Any, sign_in: Any, typed: str, status: int) -> None:
    office.charge(1000)
    client, desk = sign_in(office.collector), reverse("cashier:desk")
    sent = form_of(client.get(desk, {"unit": office.cast.home.pk}))
    answer = client.post(desk, {**sent, "amount": "210", "deposit_item": office.deposit.pk, "deposit": "200", "deposit_back_on": typed})  # fmt: skip
    assert answer.status_code == status
    assert Receipt.objects.count() == (status == 302)
    assert ("应退日期已经过了" in answer.content.decode()) == (typed == "1900-01-01")


def test_too_much_stays_at_his_disposal_and_is_used_later(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    receipt = take(office, 40000)
    assert receipt.left == 4059
    office.charge(3000, 11)
    client = sign_in(office.collector)
    page = client.get(reverse("cashier:desk"), {"unit": office.cast.home.pk})
    assert "40.59" in page.content.decode()
    assert "用预收抵缴" in page.content.decode()
    sent = {"key": page.context["credit_key"], "seen": page.context["seen"], "unit": office.cast.home.pk}
    for _ in range(2):
        client.post(reverse("cashier:credit", args=[office.cast.owner.pk]), sent)
    receipt.refresh_from_db()
    assert receipt.left == 1059
    assert not Charge.objects.exclude(open=0).exists()
    assert Receipt.objects.count() == 1
    assert faults() == []


@pytest.mark.clause("FEE-20", part="收款：同一笔只收一次，每分钱可追到账单和收据")
def test_part_of_it_goes_where_the_payer_says_else_where_the_law_says(office: Any) -> None:
    older, newer = office.charge(10000, 9), office.charge(10000, 10)
    take(office, 4000, charges=(newer.pk,))
    take(office, 6000)
    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.open, newer.open) == (4000, 6000)
    assert list(Voucher.objects.filter(kind="allocate").order_by("pk").values_list("rule", flat=True)) == [
        "instruction",
        "law",
    ]
    assert identities(office.cast.yunqi, date.max).hold


def test_a_bill_of_somebody_else_is_not_paid_by_naming_it(office: Any) -> None:
    tenant = Party.objects.create(community=office.cast.yunqi, name="孙租客")
    his = office.charge(10000, 10, party=tenant.pk)
    with pytest.raises(Conflict):
        take(office, 10000, charges=(his.pk,))
    assert not Receipt.objects.exists()


def test_owner_and_lessee_each_see_their_own(office: Any, sign_in: Any) -> None:
    tenant = Party.objects.create(community=office.cast.yunqi, name="孙租客")
    Occupancy.objects.create(unit=office.cast.home, party=tenant, role="lessee", from_on=date(2024, 1, 1))
    office.charge(35941)
    office.charge(12345, 10, office.water, party=tenant.pk)
    client = sign_in(office.collector)
    page = client.get(reverse("cashier:desk"), {"unit": office.cast.home.pk, "party": tenant.pk})
    assert page.context["form"]["amount"].value() == "123.45"
    assert [line["row"].party_id for line in page.context["lines"]] == [tenant.pk]
    assert [tab["count"] for tab in page.context["tabs"]] == ["359.41", "123.45"]


def test_a_third_party_pays_and_a_deposit_comes_along(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    client, desk = sign_in(office.collector), reverse("cashier:desk")
    sent = form_of(client.get(desk, {"unit": office.cast.home.pk}))
    more = {
        "amount": "2,359.41",
        "payer_name": "钱代缴",
        "deposit_item": office.deposit.pk,
        "deposit": "2000",
        "method": "bank",
    }
    wrong = client.post(desk, {**sent, **more})
    assert wrong.status_code == 422
    assert "银行流水号" in wrong.content.decode()
    done = client.post(desk, {**sent, **more, "key": wrong.context["key"], "reference": "B-778"}, follow=True)
    kept, receipt = Deposit.objects.get(), Receipt.objects.get()
    assert (kept.left, kept.party, receipt.left, receipt.payer_name) == (200000, office.cast.owner, 0, "钱代缴")
    assert "代 赵业主 交" in done.content.decode()
    assert Charge.objects.get().open == 0
    again = form_of(client.get(desk, {"unit": office.cast.home.pk}))
    twice = client.post(desk, {**again, "amount": "10", "method": "bank", "reference": "B-778"})
    assert twice.status_code == 409
    assert "已经收过款" in twice.content.decode()
    assert faults() == []


def test_a_deposit_greater_than_the_money_is_a_slip(office: Any, sign_in: Any) -> None:
    client, desk = sign_in(office.collector), reverse("cashier:desk")
    sent = form_of(client.get(desk, {"unit": office.cast.home.pk}))
    said = {"amount": "10", "deposit_item": office.deposit.pk, "deposit": "2000"}
    assert "比实收" in client.post(desk, {**sent, **said}).content.decode()
    assert not Receipt.objects.exists()


def test_only_a_collector_stands_at_the_till(office: Any, sign_in: Any) -> None:
    for person in (office.accountant, office.head, office.cast.wang):
        assert sign_in(person).get(reverse("cashier:desk")).status_code == 403
    with pytest.raises(NotAllowed):
        till.take_money(taking(office, 100), office.cast.owner, by=office.accountant)


def test_several_doors_are_asked_for_and_a_name_is_found(office: Any, sign_in: Any) -> None:
    office.cast.unit("0101", entrance="2")
    client, desk = sign_in(office.collector), reverse("cashier:desk")
    several = client.get(desk, {"q": "0101"})
    assert len(several.context["hits"]) == 2
    assert client.get(desk, {"q": "赵业主"})["Location"].endswith(
        f"unit={office.cast.home.pk}&party={office.cast.owner.pk}"
    )
    assert "没有找到" in client.get(desk, {"q": "查无此人"}).content.decode()


def test_the_page_costs_the_same_however_many_bills_there_are(
    office: Any, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    for month in range(1, 11):
        office.charge(1000 + month, month)
    client = sign_in(office.collector)
    with django_assert_max_num_queries(28):
        client.get(reverse("cashier:desk"), {"unit": office.cast.home.pk})


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("FEE-20", part="收款：同一笔只收一次，每分钱可追到账单和收据")
def test_fifty_cashiers_take_the_money_for_one_bill_once(office: Any) -> None:
    office.charge(35941)
    asked = taking(office, 35941)
    fates = at_once(
        50, lambda number: till.take_money(asked, office.cast.owner, by=office.collector, key=f"till-{number}")
    )
    assert (fates.count("done"), fates.count("Conflict")) == (1, 49), fates
    assert Receipt.objects.count() == 1
    assert Receipt.objects.get().left == 0
    assert Charge.objects.get().open == 0
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_ten_times_at_once_is_one_receipt(office: Any) -> None:
    office.charge(35941)
    asked = taking(office, 35941)
    assert (
        at_once(10, lambda _: till.take_money(asked, office.cast.owner, by=office.collector, key="one"))
        == ["done"] * 10
    )
    assert Receipt.objects.count() == 1


# -- 对冲 --------------------------------------------------------------------------------------------------------------


def test_the_accountant_sets_adjustments_off_on_the_statement_oldest_debt_first(office: Office, sign_in: Any) -> None:
    old, new = office.charge(3000, 8), office.charge(5000, 10)
    favour = office.charge(-4000, 9, part="退补")
    url = reverse("cashier:statement", args=[office.cast.owner.pk])
    assert sign_in(office.collector).get(url).context["pairs"] == []  # no button for who takes money
    page = sign_in(office.accountant).get(url)
    assert [(one["bill"], one["amount"]) for one in page.context["pairs"]] == [(old, "30.00"), (new, "10.00")]
    form = {"key": page.context["key"], "seen": page.context["seen"]}
    for _ in range(2):  # a double click
        answer = sign_in(office.accountant).post(reverse("cashier:set_off", args=[office.cast.owner.pk]), form)
        assert answer.status_code == 302
    assert [Charge.objects.get(pk=one.pk).open for one in (old, new, favour)] == [0, 4000, 0]
    assert identities(office.cast.yunqi, date(2100, 1, 1)).hold
    assert faults() == []


def test_nothing_is_set_off_beside_what_the_accountant_saw_nor_by_another(office: Office) -> None:
    office.charge(3000, 8)
    office.charge(-4000, 9, part="退补")
    seen = household.seen_of(office.cast.owner)
    with pytest.raises(NotAllowed):
        setting_off.set_off(office.cast.owner, seen, by=office.collector)
    office.charge(100, 7)
    with pytest.raises(Conflict, match="没有对冲"):
        setting_off.set_off(office.cast.owner, seen, by=office.accountant)
    assert setting_off.set_off(office.cast.owner, household.seen_of(office.cast.owner), by=office.accountant) == 3100
    with pytest.raises(Refused, match="没有可以对冲"):
        setting_off.set_off(office.cast.owner, household.seen_of(office.cast.owner), by=office.accountant)


@pytest.mark.django_db(transaction=True)
def test_two_accountants_set_off_once(office: Office) -> None:
    bill, favour = office.charge(3000, 8), office.charge(-3000, 9, part="退补")
    seen = household.seen_of(office.cast.owner)
    fates = at_once(
        2, lambda index: setting_off.set_off(office.cast.owner, seen, by=office.accountant, key=f"k{index}")
    )
    assert fates.count("done") == 1
    assert [Charge.objects.get(pk=one.pk).open for one in (bill, favour)] == [0, 0]
    assert faults() == []
