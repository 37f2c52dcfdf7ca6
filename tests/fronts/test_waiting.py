"""待办 on 今日: those who sit behind the counter see which of the month's lists wait for them before anything is late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.fronts.looking import asked, section
from tests.ledger.conftest import Office
from yihu.areas.cashier.models import HandCharge
from yihu.kernel.doors import open_record
from yihu.kernel.who import did, may

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


def drafted(office: Office, by: Any, amount: str = "15.00", part: str = "") -> Any:
    today = timezone.localdate().isoformat()
    said = {
        "unit": office.cast.home.pk, "party": office.cast.owner.pk, "item": office.property_fee.pk, "from_on": today, "to_on": today,
        "due_on": today, "amount_fen": amount, "why": "门禁卡工本费", "part": part,
    }  # fmt: skip
    return open_record(HandCharge(community=office.cast.yunqi), by=by, data=said)


def test_what_waits_for_a_post_stands_on_its_first_page_and_leads_to_the_list(office: Office, sign_in: SignIn) -> None:
    drafted(office, office.collector)
    drafted(office, office.collector, part="第二张")
    client = sign_in(office.accountant)
    board = client.get("/")
    assert "手工账单 待审批 2" in section(board, "待办")
    assert 'href="/hand-charges/?tab=to_approve"' in board.content.decode()
    assert section(sign_in(office.collector).get("/"), "待办") == ""


def test_what_he_drew_up_himself_waits_for_another(office: Office, sign_in: SignIn) -> None:
    other = office.cast.person("kuaier", "何会计", "accountant")
    drafted(office, office.accountant)
    assert "待审批" not in section(sign_in(office.accountant).get("/"), "待办")
    assert section(sign_in(other).get("/"), "待办").endswith("待审批 1")
    assert may("ledger.bill").apart is False
    assert (may("ledger.bill") & ~did("open", "起草的人")).apart is True
    assert (may("ledger.bill") & ~may("ledger.tariff")).apart is False  # of no record
    assert (may("ledger.bill") | ~did("open", "起草的人")).apart is False


def test_it_costs_the_same_for_one_and_for_many(office: Office, sign_in: SignIn) -> None:
    client = sign_in(office.accountant)
    drafted(office, office.collector)
    client.get("/")
    one = len(asked(client, "/"))
    for part in ("二", "三", "四"):
        drafted(office, office.collector, part=part)
    assert len(asked(client, "/")) == one
