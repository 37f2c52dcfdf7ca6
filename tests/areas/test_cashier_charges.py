"""手工账单, fee items, receipts, statements, arrears, and what other pages tell of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_cashier_till import faults, take
from tests.ledger.conftest import Office
from yihu.areas.cashier import household, till
from yihu.areas.cashier.models import HandCharge
from yihu.areas.cashier.printing import RECEIPT, receipt
from yihu.ground.ledger import receiving
from yihu.ground.ledger.models import Charge, FeeItem, Voucher
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.prints import reprints

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Any) -> Office:
    office = Office(cast)
    assert cast.owner
    return office


def draft(office: Any, by: Any = None, **more: Any) -> HandCharge:
    said = {
        "unit": office.cast.home.pk, "item": office.property_fee.pk, "amount_fen": "40", "from_on": "2026-11-01",
        "to_on": "2026-11-30", "due_on": "2026-11-30", "why": "补办门禁卡 2 张", **more,
    }  # fmt: skip
    drafted: HandCharge = open_record(HandCharge(community=office.cast.yunqi), by=by or office.cast.wang, data=said)
    return drafted


@pytest.mark.clause("FEE-20", part="手工账单：起草与审批分开，重复的不入账")
def test_one_drafts_another_enters_it_into_the_books(office: Any) -> None:
    drafted, again = draft(office), draft(office)
    assert drafted.party == office.cast.owner  # nobody was named: it is the owner's
    assert not Charge.objects.exists()
    with pytest.raises(NotAllowed):
        perform(drafted, "approve", by=office.collector)
    entered = perform(drafted, "approve", by=office.accountant)
    bill = Charge.objects.get()
    assert (entered.state, entered.charge, bill.amount, bill.record_id) == ("charged", bill, 4000, drafted.pk)
    assert bill.words == "补办门禁卡 2 张"
    with pytest.raises(Refused, match="已经出过"):
        perform(again, "approve", by=office.accountant)
    again.refresh_from_db()
    assert (again.state, Charge.objects.count()) == ("pending", 1)
    perform(again, "refuse", by=office.accountant, data={"decision": "这个月已经收过了"})
    for days in ({}, {"from_on": "2026-11-10", "to_on": "2026-12-09"}, {"from_on": "2026-10-01"}):
        with pytest.raises(Invalid, match=r"2026-11-01 至 2026-11-30 已经出过 40\.00 元"):
            draft(office, **days)  # not a day of it twice, however it is cut
    perform(draft(office, part="第二次补办"), "approve", by=office.accountant)
    assert Charge.objects.count() == 2
    assert faults() == []


def test_who_drafted_it_does_not_approve_it_even_if_he_might(office: Any) -> None:
    drafted = draft(office, by=office.accountant)
    with pytest.raises(NotAllowed):
        perform(drafted, "approve", by=office.accountant)
    second = office.cast.person("qian", "钱会计", "accountant")
    assert perform(drafted, "approve", by=second).state == "charged"


def test_what_was_sent_back_is_put_right_and_handed_in_again(office: Any) -> None:
    drafted = perform(draft(office), "return", by=office.accountant, data={"decision": "金额不对，应为 20 元"})
    said = {
        "unit": office.cast.home.pk, "item": office.property_fee.pk, "amount_fen": "20", "from_on": "2026-11-01",
        "to_on": "2026-11-30", "due_on": "2026-11-30", "why": "补办门禁卡 1 张",
    }  # fmt: skip
    drafted = perform(drafted, "amend", by=office.cast.wang, data=said)
    perform(drafted, "approve", by=office.accountant)
    assert Charge.objects.get().amount == 2000


def test_what_cannot_be_a_charge_is_said_in_a_sentence(office: Any) -> None:
    for wrong, sentence in (
        ({"amount_fen": "0"}, "大于零"),
        ({"to_on": "2026-10-01"}, "不能早于起"),
        ({"item": office.deposit.pk}, "收费项目"),
        ({"unit": ""}, "请选房号"),
        ({"unit": office.cast.unit("0909").pk}, "没有登记业主"),
    ):
        with pytest.raises(Invalid) as refused:
            draft(office, **wrong)
        assert sentence in refused.value.sentence


def test_the_first_list_of_fee_items_is_one_press_away_and_its_nature_stays(office: Any, sign_in: Any) -> None:
    FeeItem.objects.all().delete()
    head = sign_in(office.cast.xiang)
    page, start = reverse("cashier:list_fee-items"), reverse("cashier:start_fee-items")
    assert start in head.get(page).content.decode()
    head.post(start, {"key": "first"})
    items = {item.code: item for item in FeeItem.objects.all()}
    assert (items["SF"].nature, items["SF"].legal_class) == ("pass_through", "essential")
    assert (items["ZXYJ"].nature, items["WYJ"].standing) == ("deposit", "2")
    office.charge(100, 10, items["WY"])
    said = {"code": "WY", "name": "物业费", "nature": "common", "legal_class": "common", "standing": "3", "shown": "on"}
    edit = reverse("cashier:edit_fee-items", args=[items["WY"].pk])
    assert "性质不能改" in head.post(edit, said).content.decode()
    assert head.post(edit, {**said, "nature": "income"}).status_code == 302
    assert "物业费" in sign_in(office.collector).get(page).content.decode()
    assert sign_in(office.collector).get(edit).status_code == 403


@pytest.mark.clause("FEE-07", part="收费台现金、支票、转账、刷卡收款，当场出收据")
def test_a_receipt_says_the_same_for_ever_and_counts_its_copies(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    one = take(office, 40000, method="card", reference="P-1")
    told = receipt(one, office.collector)
    assert told["number"].endswith("-000001")
    assert (told["capitals"], told["total"], told["method"]) == ("肆佰元整", "400.00", "刷卡（P-1）")
    assert [line[0] for line in told["lines"]] == ["物业服务费", "预收款"]
    assert told["lines"][0][2] == "2026-10-01 至 2026-10-28"
    office.charge(3000, 11)
    owner = office.cast.owner
    assert till.use_credit(owner, household.seen_of(owner), by=office.collector) == 3000
    assert receipt(one, office.collector) == told  # what was handed out does not change
    client = sign_in(office.collector)
    for _ in range(3):
        client.get(reverse("cashier:receipt_print", args=[one.number]))
    assert reprints(RECEIPT.name, one.number) == 2
    page = client.get(reverse("cashier:receipt", args=[one.number])).content.decode()
    assert "补打过 2 次" in page
    assert "10.59" in page
    assert take(office, 100).number.endswith("-000002")


def test_a_voided_receipt_says_so(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    one = take(office, 35941)
    office.does(office.head, lambda books: receiving.reverse_receipt(books, one, "支票退票"))
    client = sign_in(office.collector)
    assert "已作废" in client.get(reverse("cashier:receipt", args=[one.number])).content.decode()
    assert receipt(one, office.collector)["void"]
    listed = client.get(reverse("cashier:receipts"))
    assert "已作废" in listed.content.decode()
    assert listed.context["sum"] == "0.00"


def test_the_list_of_a_day_adds_up_by_method(office: Any, sign_in: Any) -> None:
    take(office, 10000)
    take(office, 5000)
    take(office, 2500, method="cheque", reference="Z-9", payer_name="钱代缴")
    client, url = sign_in(office.head), reverse("cashier:receipts")
    page = client.get(url)
    assert {one["word"]: (one["count"], one["sum"]) for one in page.context["sums"]} == {
        "现金": (2, "150.00"), "支票": (1, "25.00"),
    }  # fmt: skip
    assert len(client.get(url, {"q": "钱代缴"}).context["rows"]) == 1
    assert len(client.get(url, {"method": "cash"}).context["rows"]) == 2
    assert len(client.get(url, {"whose": "mine"}).context["rows"]) == 0
    assert client.get(url, {"since": "2020-01-01", "until": "2020-01-02"}).context["rows"] == []
    for since, until, count in (("0001-01-01", "9999-12-31", 3), ("9999-12-31", "", 0), ("", "0001-01-01", 0)):
        assert len(client.get(url, {"since": since, "until": until}).context["rows"]) == count


def test_a_statement_begins_with_what_stood_before_and_ends_with_what_stands(office: Any, sign_in: Any) -> None:
    office.charge(10000, 9, when="2026-10-05 09:00")
    office.charge(20000, 10, when="2026-11-05 09:00")
    office.settle(office.receive(12000))
    client = sign_in(office.head)
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    told = client.get(reverse("cashier:statement", args=[office.cast.owner.pk]), period).context["told"]
    assert (told["before"], told["charged"], told["paid"], told["after"]) == ("100.00", "200.00", "120.00", "180.00")
    assert [line["balance"] for line in told["lines"]] == ["300.00", "180.00"]
    assert told["capitals"] == "壹佰捌拾元整"
    sheet = client.get(reverse("cashier:statement_print", args=[office.cast.owner.pk]), period)
    assert sheet.content.startswith(b"%PDF")


@pytest.mark.clause("FEE-10", part="欠费按账龄、按户列出、筛选、打印")
def test_arrears_stand_unit_by_unit_by_age_and_nothing_that_is_not_due(office: Any, sign_in: Any) -> None:
    today = timezone.localdate()

    def owed(days: int, amount: int, **more: Any) -> Charge:
        due = today - timedelta(days=days)
        return office.charge(amount, from_on=due, to_on=due, due_on=due, **more)

    owed(0, 100)  # due today: not late yet
    owed(1, 1000)
    owed(30, 2000)
    owed(31, 4000)
    owed(400, 8000)
    other = office.cast.unit("0202")
    owed(10, 500000, unit=other.pk)
    client, url = sign_in(office.head), reverse("cashier:arrears")
    page = client.get(url)
    texts = [[cell["text"] for cell in row["cells"]] for row in page.context["rows"]]
    assert texts[0][0] == other.label  # the greatest first
    assert texts[1][3:] == ["30.00", "40.00", "", "", "80.00", "", "150.00"]
    assert page.context["sum"] == "5,150.00"
    assert [row["cells"][0]["text"] for row in client.get(url, {"age": "365"}).context["rows"]] == [
        office.cast.home.label
    ]
    assert len(client.get(url, {"q": "0202"}).context["rows"]) == 1
    assert client.get(url, {"item": office.water.pk}).context["rows"] == []
    assert client.get(reverse("cashier:arrears_print")).content.startswith(b"%PDF")
    manager = sign_in(office.cast.xiang)  # who may export everything else
    assert "as=xlsx" not in manager.get(url).content.decode()
    refused = manager.get(url, {"as": "xlsx"})
    assert refused.status_code == 403
    assert "欠费名单不导出" in refused.content.decode()
    assert manager.get(url, {"as": "pdf"}).content.startswith(b"%PDF")


@pytest.mark.clause("DESK-09")
def test_the_desk_knows_that_something_is_owed_and_the_books_how_much(office: Any, sign_in: Any) -> None:
    home = office.cast.home
    bill = office.charge(35941)
    Charge.objects.filter(pk=bill.pk).update(due_on=date(2026, 1, 1))
    file, beside = reverse("unitfile:beside", args=[home.pk]), reverse("reception:beside")
    for url, asked in ((file, {}), (beside, {"unit": home.pk})):
        told = sign_in(office.cast.wang).get(url, asked).content.decode()
        assert "有欠费" in told
        assert "359.41" not in told
        told = sign_in(office.cast.gao).get(url, asked).content.decode()
        assert "359.41" in told
    take(office, 40000)
    assert "有欠费" not in sign_in(office.cast.wang).get(file).content.decode()
    told = sign_in(office.collector).get(file).content.decode()
    assert "没有欠费" in told
    assert "预收 40.59 元" in told


def test_the_archive_sees_who_lives_there_and_nothing_of_what_they_owe(office: Any, sign_in: Any) -> None:
    """Neither the sum nor the word: the archivist answers no telephone (domain.md §6.3)."""
    Charge.objects.filter(pk=office.charge(35941).pk).update(due_on=date(2026, 1, 1))
    client = sign_in(office.cast.person("dang", "党档案", "archivist"))
    told = client.get(reverse("reception:beside"), {"unit": office.cast.home.pk}).content.decode()
    assert "赵业主" in told
    for owed in ("欠费", "未缴", "359.41"):
        assert owed not in told


def test_the_vouchers_of_a_receipt_are_all_there(office: Any, sign_in: Any) -> None:
    office.charge(35941)
    one = take(office, 40000)
    page = sign_in(office.accountant).get(reverse("cashier:receipt", args=[one.number]))
    assert len(page.context["vouchers"]) == Voucher.objects.filter(kind__in=("receipt", "allocate")).count() == 2
