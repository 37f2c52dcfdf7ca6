"""A statement that somebody edited, money matched to a friend's bill, a forged or caught call-back: what the bank's doors do not let pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from tests.areas.test_banking_import import Bank
from tests.ledger.conftest import Office
from tests.support.banking import KEY, bank_line, bring, paying_firm
from tests.support.cast import Cast
from tests.support.messy_roll import upload
from tests.support.statements import HEAD, PAID, rows, table
from yihu.areas.cashier.banking import counting, taking
from yihu.areas.cashier.banking.models import BankAccount, BankLine, Notice, PayOrder, StatementImport
from yihu.areas.cashier.banking.stand_in import StandIn
from yihu.areas.cashier.banking.taking import Part
from yihu.basics.money import fen
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging
from yihu.ground.ledger.models import Charge, Receipt
from yihu.ground.sending.channels import signing
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db
WHOLE = rows(*PAID, ("2026-11-04", "李多多", "转账", "50.00"))
brought = Bank("import_bank_statement", "云栖苑")


@pytest.fixture
def file(tmp_path: Path, cast: Cast) -> Path:
    assert cast.yunqi
    return tmp_path / "流水.csv"


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)


@pytest.fixture
def firm() -> Iterator[StandIn]:
    with paying_firm() as stand_in:
        yield stand_in


# -- a statement that comes a second time, edited ---------------------------------------------------------------------


def kinds(told: dict[str, Any]) -> list[str]:
    return [found["kind"] for found in told["problems"] if found["kind"] != "missing_payer"]


def test_a_line_whose_words_were_changed_is_the_same_line(file: Path) -> None:
    """The balance after it says so; a second one would pay a bill with money that never came."""
    brought(file, table(WHOLE))
    for column, word in ((2, "A1-1-0301物业费"), (1, "朋友")):
        edited = [tuple(word if place == column else cell for place, cell in enumerate(WHOLE[1])), *WHOLE[2:]]
        told = brought(file, table([WHOLE[0], *edited]))
        assert (told["created"], told["unchanged"], BankLine.objects.count()) == (0, 5, 5)
    assert BankLine.objects.filter(payer_name="钱途", summary="").count() == 1


def test_what_is_new_beside_a_changed_line_comes_in(file: Path) -> None:
    brought(file, table(WHOLE[:4]))
    edited = (*WHOLE[3][:2], "三楼物业费", *WHOLE[3][3:])
    told = brought(file, table([WHOLE[2], edited, WHOLE[4]]))
    assert (told["created"], told["unchanged"], kinds(told)) == (1, 2, ["bank_again"])
    assert BankLine.objects.count() == 5


@pytest.mark.parametrize(
    "way", ["put in", "put in anyhow", "put in and reckoned on", "another sum", "moved to another day"]
)
def test_a_line_that_was_put_in_or_made_larger_refuses_the_file(file: Path, way: str) -> None:
    brought(file, table(WHOLE))
    told = list(PAID)
    if way == "another sum":
        edited = [WHOLE[0], (*WHOLE[1][:3], "10,310.33", WHOLE[1][4]), *WHOLE[2:]]
    elif way == "moved to another day":
        told[1] = ("2026-11-01", *PAID[1][1:])
        edited = rows(told[1], told[0], *told[2:])
    else:
        told.insert(1, ("2026-11-02", "朋友", "A1-1-0301物业费", "3,000.00"))
        edited = rows(*told)
        if way.startswith("put in") and way != "put in and reckoned on":
            line = (*edited[1][:4], edited[1][4] if way == "put in" else "77.00")
            edited = [WHOLE[0], line, *WHOLE[1:]]
    refused = brought.refused(file, table(edited))
    assert ("bank_put_in" if way in ("put in", "put in anyhow") else "bank_fork") in kinds(refused)
    assert BankLine.objects.count() == 5


def test_a_statement_without_its_balances_is_not_new_all_over(file: Path) -> None:
    brought(file, table(WHOLE))
    bare = [line[:4] for line in WHOLE]
    told = brought(file, table(bare, HEAD[:4]))
    assert (told["created"], told["unchanged"]) == (0, 5)
    changed = [(*line[:2], "改过的摘要", line[3]) for line in bare]
    refused = brought.refused(file, table(changed, HEAD[:4]))
    assert kinds(refused)[-1] == "bank_no_balance"
    assert BankLine.objects.count() == 5


def test_what_came_without_balances_first_is_known_again_with_them(file: Path) -> None:
    brought(file, table([line[:4] for line in WHOLE], HEAD[:4]))
    told = brought(file, table(WHOLE))
    assert (told["created"], told["unchanged"], BankLine.objects.count()) == (0, 5, 5)


def test_a_file_with_a_contradiction_does_not_go_live_on_the_page(cast: Cast, file: Path, sign_in: Any) -> None:
    brought(file, table(WHOLE))
    account = BankLine.objects.earliest("pk").account
    told = list(PAID)
    told.insert(1, ("2026-11-02", "朋友", "物业费", "3,000.00"))
    page = sign_in(cast.person("chu", "楚出纳", "cashier"))
    file.write_bytes(table(rows(*told)))
    with file.open("rb") as upload:
        answer = page.post(
            "/bank-statements/new/", {"account": account.pk, "import_file": upload, "key": "k"}, follow=True
        )
    shown = answer.content.decode()
    assert "从同一余额接出不同的两笔" in shown
    where = answer.redirect_chain[-1][0]
    refused = page.post(f"{where}do/go_live/", {"key": "k2"})
    assert "处错误，不能导入" in refused.content.decode()
    assert BankLine.objects.count() == 5


def test_two_statements_that_wait_at_once_are_held_against_each_other(cast: Cast, file: Path) -> None:
    """Both were handed in while the account was empty; the edited one contradicts what went live before it."""
    cashier = cast.person("chu", "楚出纳", "cashier")
    account = BankAccount.objects.create(community=cast.yunqi, name="建行基本户")
    told = list(PAID)
    told.insert(1, ("2026-11-02", "朋友", "物业费", "3,000.00"))
    later = rows(("2026-11-09", "周舟", "转账", "9.00"), start=fen(WHOLE[-1][4]))

    def handed_in(lines: Any) -> StatementImport:
        files = {"import_file": upload(table(lines), "流水.csv")}
        made = StatementImport(community=cast.yunqi)
        return open_record(made, by=cashier, data={"account": account.pk}, files=files)  # type: ignore[no-any-return]

    edited, next_one, true = (handed_in(lines) for lines in (rows(*told), later, WHOLE))
    running = perform(true, "go_live", by=cashier, data={})
    with pytest.raises(Refused, match="正在导入另一份"):
        perform(next_one, "go_live", by=cashier, data={})
    run_waiting()
    running.refresh_from_db()
    assert running.state == "live"
    with pytest.raises(Refused, match="与这一份有 1 处矛盾"):
        perform(edited, "go_live", by=cashier, data={})
    perform(next_one, "go_live", by=cashier, data={})
    run_waiting()
    assert list(BankLine.objects.order_by("pk").values_list("amount", flat=True))[-2:] == [5000, 900]
    assert BankLine.objects.count() == 6


# -- money matched to whom it does not belong -------------------------------------------------------------------------


def test_a_strangers_transfer_pays_no_bill_of_a_friend(office: Office, sign_in: Any) -> None:
    """The number of a bill stands in the form that a browser sends."""
    friend = Party.objects.create(community=office.cast.yunqi, name="朋友")
    bill = office.charge(35941, party=friend.pk, unit=office.cast.unit("0909").pk)
    line = bank_line(office.cast.yunqi, 35941)
    who = f"{office.cast.home.pk}-{office.cast.owner.pk}-{bill.pk}"
    page = reverse("banking:act", args=[line.pk])
    said = sign_in(office.collector).post(page, {"do": "take", "who": who, "key": "k"}, follow=True).content.decode()
    assert "不是这张收据的客户的账单" in said
    sign_in(office.collector).post(reverse("banking:confirm"), {"take": f"{line.pk}-{who}", "key": "k2"})
    bill.refresh_from_db()
    assert (bill.open, Receipt.objects.count(), taking.rest_of(line)) == (35941, 0, 35941)


@pytest.mark.parametrize("amounts", [(-100, 36041), (0, 35941), (35941, 1), (10**18,)])
def test_a_line_is_not_shared_out_beyond_itself(office: Office, amounts: tuple[int, ...]) -> None:
    line = bank_line(office.cast.yunqi, 35941)
    parts = [Part(office.cast.home, office.cast.owner, amount) for amount in amounts]
    with pytest.raises(Refused):
        taking.confirm(line, parts, by=office.collector)
    taking.park(line, by=office.collector)
    with pytest.raises(Refused):
        taking.divide(line, Receipt.objects.get(), parts, by=office.collector)
    assert Receipt.objects.get().left == 35941


def test_money_of_one_place_is_given_to_nobody_of_another(office: Office, cast: Any) -> None:
    line = bank_line(cast.yunqi, 1000)
    stranger = Party.objects.create(community=cast.qinghe, name="别处的人")
    with pytest.raises(Refused, match="不是这个项目的"):
        taking.confirm(line, [Part(cast.home, stranger, 1000)], by=office.collector)
    taking.park(line, by=office.collector)
    with pytest.raises(Refused, match="不是这个项目的"):
        taking.identify(line, Receipt.objects.get(), Part(None, stranger, 1000), by=office.collector)
    assert Receipt.objects.get().party is None


# -- the channel --------------------------------------------------------------------------------------------------------


def order_of(office: Office, amount: int, month: int = 10) -> PayOrder:
    office.charge(amount, month)
    return counting.make_order(office.cast.home, office.cast.owner, "wechat", by=office.collector)


def test_a_call_back_that_was_caught_and_altered_is_nothing(office: Office, firm: StandIn) -> None:
    order = order_of(office, 35910)
    firm.pay(order.number)
    headers, body = firm.unsent[0]
    other = order_of(office, 20010, 9)
    told = json.loads(body)
    for change in ({"amount": 1}, {"number": other.number}, {"reference": "SI-2"}, {"fee": 0}):
        assert bring((headers, json.dumps({**told, **change}).encode())) == 403
    for wrong in ({}, {**headers, signing.SIGNATURE: ""}, {**headers, signing.TIME: "9" * 12}):
        assert bring((wrong, body)) == 403
    assert not Receipt.objects.exists()


def test_a_true_call_back_brought_to_another_channel_pays_nothing_there(office: Office, firm: StandIn) -> None:
    """Both channels have one key here: the order knows by which of them it was asked for."""
    order = order_of(office, 35910)
    firm.pay(order.number)
    assert bring(firm.unsent[0], "alipay") == 200
    assert (Notice.objects.get().verdict, Receipt.objects.count()) == ("unknown", 0)
    assert [bring(firm.unsent[0]) for _ in range(2)] == [200, 200]
    assert Receipt.objects.get().amount == 35910


def test_what_is_paid_after_its_bill_was_taken_back_stays_his(office: Office, firm: StandIn) -> None:
    order = order_of(office, 35910)
    bill = Charge.objects.get()
    office.does(office.head, lambda books: charging.reverse_charge(books, bill, "面积错"))
    firm.pay(order.number)
    assert bring(firm.unsent[0]) == 200
    receipt = Receipt.objects.get()
    assert (receipt.left, receipt.party) == (35910, office.cast.owner)


def test_more_than_a_channel_can_tell_of_is_not_ordered(office: Office, firm: StandIn) -> None:
    """Its notice would be refused for ever, and the money counted nowhere."""
    with pytest.raises(Refused, match=r"最多 1,000,000\.00 元"):
        order_of(office, 100_000_001)
    assert not PayOrder.objects.exists()
    assert not firm.orders
    assert settings.YIHU_PAY_CHANNELS["wechat"][1] == KEY
