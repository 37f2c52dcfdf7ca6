"""预收抵缴单: each use by itself has its paper, its line on the receipt and its row in the list; whoever pays says once what he wants."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fronts.looking import text_of
from tests.support.paying import Counter, counter_of
from tests.support.sheets import text_of as paper_text
from yihu.areas.billing.running import using
from yihu.areas.cashier.household import seen_of
from yihu.areas.cashier.used import bills_of, left_then, uses_of
from yihu.ground.ledger import charging, earmarking
from yihu.ground.ledger.models import Receipt, Voucher

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(cast: Any) -> Counter:
    found = counter_of(cast)
    found.rent = found.item("FZ", "会所房租", lease=True)
    return found


def ahead_of(counter: Counter, amount: int, bound: int, **more: Any) -> Receipt:
    receipt = counter.receive(amount, unit=counter.cast.home, **more)
    if bound:
        counter.does(counter.collector, lambda books: earmarking.earmark(books, receipt, counter.rent, bound))
    receipt.refresh_from_db()
    return receipt


def swept(counter: Counter) -> int:
    return using.use_all(counter.cast.yunqi.pk)


@pytest.mark.clause("FEE-20", part="每次自动抵缴有一张抵缴单：用了多少、抵哪笔账单、还剩多少")
def test_each_use_has_a_paper_that_says_what_for_which_bill_and_what_is_left(counter: Counter, sign_in: Any) -> None:
    receipt = ahead_of(counter, 60000, 50000, agreed=True)
    counter.charge(20000, 10, counter.rent)
    swept(counter)
    counter.charge(35000, 11, counter.rent)
    fee = counter.charge(4000, 11)
    swept(counter)
    first, second = uses_of([receipt.pk])
    assert (first.number, first.amount, left_then(first)) == (f"{receipt.number}-D01", 20000, (40000, 30000))
    # the rent in advance, then of the free money 50 for the rest of the rent and 40 for the fee
    assert (second.amount, left_then(second), second.why) == (39000, (1000, 0), "定了用途的预收、付款人同意抵缴")
    assert [(one["amount"], one["used"], one["left"]) for one in bills_of(second)] == [
        ("350.00", "350.00", "0.00"), ("40.00", "40.00", "0.00"),
    ]  # fmt: skip
    client = sign_in(counter.accountant)
    url = f"/cashier/used/{first.first.pk}/print/"
    assert url in client.get(f"/cashier/receipts/{receipt.number}/").content.decode()
    paper = paper_text(client.get(url).content)
    for words in (
        first.number,
        "会所房租",
        "200.00",
        "0.00",
        "贰佰元整",
        "400.00元，其中300.00元只抵会所房租",
        "系统",
    ):
        assert words in paper
    assert "补打" in paper_text(client.get(url).content)
    counter.does(counter.head, lambda books: charging.reverse_charge(books, fee, "出错了"))
    assert "没有自动抵缴" in text_of(client.get("/cashier/used/?until=2020-01-01"))
    for asked in ("", "?q=赵业主"):
        page = text_of(client.get(f"/cashier/used/{asked}"))
        for words in (first.number, second.number, "已抵缴", "部分冲回", "550.00"):
            assert words in page
    assert "后来随账单冲回" in paper_text(client.get(f"/cashier/used/{second.first.pk}/print/").content)
    assert second.number not in text_of(client.get("/cashier/used/?q=没有这个人"))
    other = Voucher.objects.filter(kind="receipt").earliest("pk")
    for pk in (other.pk, 10**9):
        assert client.get(f"/cashier/used/{pk}/print/").status_code == 404
    assert sign_in(counter.cast.chen).get(url).status_code in (403, 404)


def test_what_was_taken_back_whole_says_so_on_its_paper(counter: Counter, sign_in: Any) -> None:
    receipt, rent = ahead_of(counter, 30000, 30000), counter.charge(20000, 11, counter.rent)
    swept(counter)
    counter.does(counter.head, lambda books: charging.reverse_charge(books, rent, "租金录错"))
    (use,) = uses_of([receipt.pk])
    client = sign_in(counter.accountant)
    assert "已冲回" in paper_text(client.get(f"/cashier/used/{use.first.pk}/print/").content)
    assert "已冲回" in text_of(client.get("/cashier/used/?since=2020-01-01&until=2099-01-01"))


def test_the_payer_says_at_the_till_that_what_is_left_may_be_used(counter: Counter, sign_in: Any) -> None:
    owner, home = counter.cast.owner, counter.cast.home
    client = sign_in(counter.second)
    assert "同意以后的账单出来自动抵缴" in text_of(client.get(f"/cashier/?unit={home.pk}"))
    said = {
        "key": "a1", "seen": seen_of(owner), "unit": home.pk, "party": owner.pk, "amount": "600", "payer_name": "赵业主",
        "method": "cash", "agreed": "on",
    }  # fmt: skip
    client.post("/cashier/", said)
    receipt = Receipt.objects.get()
    url = f"/cashier/receipts/{receipt.number}/"
    assert receipt.agreed
    assert "付款人同意：以后的账单出来自动抵缴" in paper_text(client.get(f"{url}print/").content)
    assert "收回同意" in text_of(client.get(url))
    counter.charge(20000, 11)
    assert swept(counter) == 20000
    back = client.post(f"{url}withdraw/", {"key": "w1"}, follow=True)
    assert "不再自动抵缴" in text_of(back)
    assert "收回同意" not in text_of(client.get(url)).replace("收回自动抵缴的同意", "")
    again = client.post(f"{url}withdraw/", {"key": "w2"}, follow=True)
    assert "已经收回了" in text_of(again)
    assert client.post(f"{url}withdraw/", {"key": "w1"}).status_code == 302  # the same click twice
    counter.charge(20000, 12)
    assert swept(counter) == 0
    assert "付款人同意" in paper_text(client.get(f"{url}print/").content)  # the paper says what was said
    assert sign_in(counter.accountant).post(f"{url}withdraw/").status_code == 403
