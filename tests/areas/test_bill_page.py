"""One bill: how it was reckoned, where it came from, what moved it since (FEE-19)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_cashier_till import take
from tests.ledger.conftest import Office
from tests.support.running import Estate, flat_source
from yihu.areas.cashier.pages.bills import state_of
from yihu.ground.ledger.models import Charge

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def page_of(client: Any, bill: Charge) -> str:
    answer = client.get(reverse("cashier:bill", args=[bill.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.clause("FEE-19")
def test_a_bill_says_how_it_was_reckoned_what_it_was_before_and_who_paid_what(office: Office, sign_in: Any) -> None:
    before = office.charge(35000, 9, words="125.00㎡ × 2.80元 = 350.00元")
    bill = office.charge(35941, 10, words="128.36㎡ × 2.80元 = 359.41元")
    receipt = take(office, 40000, charges=(bill.pk,))
    client = sign_in(office.collector)
    page = page_of(client, bill)
    for said in (
        "128.36㎡ × 2.80元 = 359.41元",
        "125.00㎡ × 2.80元 = 350.00元",
        "本期多 9.41 元",
        "已结清",
        receipt.number,
    ):
        assert said in page, said
    assert reverse("cashier:bill", args=[before.pk]) in page
    assert "没有写明算法" in page_of(client, office.charge(100, 11, item=office.water))
    told = client.get(
        reverse("cashier:statement", args=[office.cast.owner.pk]), {"since": "2026-01-01", "until": "2099-12-31"}
    )
    assert reverse("cashier:bill", args=[bill.pk]) in told.content.decode()
    assert told.content.decode().count("128.36㎡") == 1  # where it was billed, not where it was paid
    assert (
        "125.00㎡ × 2.80元 = 350.00元"
        in client.get(reverse("cashier:desk"), {"unit": office.cast.home.pk}).content.decode()
    )
    assert sign_in(office.cast.wang).get(reverse("cashier:bill", args=[bill.pk])).status_code == 403


def test_it_leads_to_the_run_that_made_it(cast: Any, sign_in: Any) -> None:
    with flat_source() as flat:
        estate = Estate(cast, flat)
        run = estate.post(estate.draw())
    bill = Charge.objects.filter(unit=cast.home).earliest("pk")
    page = page_of(sign_in(estate.accountant), bill)
    assert f'href="{run.get_absolute_url()}"' in page
    assert "收款</a>" not in page  # who draws up bills takes no money
    assert reverse("cashier:desk") in page_of(sign_in(estate.collector), bill)


def test_each_state_has_its_word(office: Office) -> None:
    today = timezone.localdate()
    told = {
        "已冲销": Charge(reversal_id=1), "已结清": Charge(open=0), "退补未用": Charge(open=-5),
        "逾期": Charge(open=5, due_on=date(2020, 1, 1)), "未到期": Charge(open=5, due_on=today),
    }  # fmt: skip
    assert {word: state_of(bill, today)["word"] for word, bill in told.items()} == {word: word for word in told}
