"""收费日报 (F87): each receipt in one close, the money in another person's hands, yesterday closed before today begins."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support import sheets
from tests.support.doing import at, sentences
from tests.support.paying import Counter, counter_of
from tests.support.sheets import text_of
from yihu.areas.cashier import household
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.applying.periods import close_month, number_runs, open_tills
from yihu.areas.cashier.closing_rule import refuse_before_closing
from yihu.areas.cashier.printing import PAYER_RECEIPT, RECEIPT
from yihu.areas.cashier.till import Taking, take_money
from yihu.basics.money import yuan
from yihu.ground.ledger import carrying
from yihu.ground.ledger.balances import trial_balance
from yihu.ground.ledger.models import Books, Receipt
from yihu.kernel.authority import authority
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Deadline
from yihu.kernel.prints import render
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def stands(counter: Counter) -> dict[str, int]:
    """What the accounts say at the end of the day."""
    return trial_balance(counter.cast.yunqi, date(2026, 11, 10))


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def test_a_day_is_counted_handed_over_and_read_by_three_people(counter: Counter, sign_in: Any) -> None:
    for amount, method in ((10000, "cash"), (2500, "cash"), (30000, "card")):
        counter.receive(amount, method=method, reference="" if method == "cash" else "P-1")
    till = counter.close()
    assert (till.state, till.receipts, till.system, till.difference) == ("handed", 3, 42500, 0)
    assert (till.first_no, till.last_no) == ("YQ-SJ-2026-000001", "YQ-SJ-2026-000003")
    assert [(line.method, line.papers, line.counted) for line in till.lines.order_by("pk")] == [
        ("cash", 2, 12500),
        ("card", 1, 30000),
    ]
    assert Receipt.objects.filter(closed_in=till.pk).count() == 3
    till = counter.step(till, "receive", counter.cashier)
    with pytest.raises(Refused, match="缴存单号"):
        counter.step(till, "read", counter.head)
    assert stands(counter) == {"card": 30000, "cash": 12500, "credit": -42500}
    counter.step(till, "bank", counter.cashier, bank_slip="PA-20261110-01")
    till = counter.step(till, "read", counter.head)
    assert (till.state, till.received_by, till.read_by) == ("read", counter.cashier, counter.head)
    assert stands(counter) == {"card": 30000, "bank": 12500, "credit": -42500}
    answer = sign_in(counter.head).get(f"{till.get_absolute_url()}print/till_close/")
    assert answer.content.startswith(b"%PDF-")


def test_what_was_banked_lies_in_the_bank_and_no_longer_in_the_till(counter: Counter) -> None:
    """Cash and cheques as they were counted, once, whoever puts the slip's number right afterwards."""
    counter.receive(12500)
    counter.receive(8000, method="cheque", reference="ZP-1")
    till = counter.close(cash=12400, why="找零出入")
    till = counter.step(till, "receive", counter.cashier, bank_slip="PA-1")
    told = {"bank": 20400, "over_short": 100, "credit": -20500}
    assert stands(counter) == told
    till = counter.step(till, "bank", counter.cashier, bank_slip="PA-01")
    assert (till.bank_slip, stands(counter)) == ("PA-01", told)
    assert faults() == []


def test_what_needs_no_carrying_is_not_carried(counter: Counter) -> None:
    counter.receive(10000, method="card", reference="P-1")
    till = counter.step(counter.close(), "receive", counter.cashier, bank_slip="PA-1")
    assert stands(counter) == {"card": 10000, "credit": -10000}
    with pytest.raises(Refused, match="大于零"):
        counter.does(counter.cashier, lambda books: carrying.to_the_bank(books, {"cash": 0}, words="", record=till))
    with pytest.raises(NotAllowed, match="出纳"):
        counter.does(counter.accountant, lambda books: carrying.to_the_bank(books, {"cash": 1}, words="", record=till))


@pytest.mark.parametrize(("slip", "left"), [("PA-1", {"bank": 10000, "credit": -10000}), ("", {"cash": 10000, "credit": -10000})])  # fmt: skip
def test_a_cheque_that_comes_back_leaves_the_account_that_it_was_paid_into(
    counter: Counter, slip: str, left: dict[str, int]
) -> None:
    counter.receive(10000)
    cheque = counter.receive(30000, method="cheque", reference="ZP-9")
    counter.step(counter.close(), "receive", counter.cashier, bank_slip=slip)
    letter = counter.red(receipt=cheque.pk, why="bounced", reason="空头支票")
    counter.step(letter, "approve", counter.head)
    assert stands(counter) == left
    counter.receive(100, when=NEXT)
    assert counter.close(when=NEXT).system == 100  # it is no money of the till
    assert faults() == []
    with pytest.raises(NotAllowed, match="财务主管"):
        counter.does(counter.cashier, lambda books: carrying.came_back(books, "cheque", 1, words=""))


NEXT = "2026-11-11 12:00"


def wrongly(counter: Counter, amount: int, counted: int | None = None, **more: Any) -> Receipt:
    """A receipt for the wrong household, counted, carried to the bank, and taken back in red the day after."""
    receipt = counter.receive(amount, **more)
    method = str(receipt.method)
    till = counter.close(**({} if counted is None else {method: counted, "why": "少收"}))
    till = counter.step(till, "receive", counter.cashier, bank_slip="PA-1")
    counter.step(till, "read", counter.head)
    letter = counter.red(receipt=receipt.pk, when=NEXT)
    counter.step(letter, "approve", counter.head, when=NEXT)
    return receipt


def test_what_was_taken_back_in_red_is_counted_with_the_right_receipt(counter: Counter, sign_in: Any) -> None:
    """No money comes in with the second receipt: the close of that day expects none, and no false shortage is booked."""
    wrong = wrongly(counter, 10000)
    counter.receive(10000, when=NEXT)
    counter.receive(300, when=NEXT)
    page = sign_in(counter.collector).get("/till-closes/new/").content.decode()
    assert "2 张，账上 3.00 元（已减红冲 100.00 元）" in page
    till = counter.close(when=NEXT)
    assert (till.system, till.counted, till.difference) == (300, 300, 0)
    assert till.voids == f"{wrong.number}（红冲 -100.00）"
    till = counter.step(till, "send_back", counter.cashier, when=NEXT, words="再点")
    again = counter.count(counter.collector, till)
    till = counter.step(till, "hand_over", counter.collector, when=NEXT, **again)
    counter.step(till, "receive", counter.cashier, when=NEXT, bank_slip="PA-2")
    assert trial_balance(counter.cast.yunqi, date(2026, 11, 11)) == {"bank": 10300, "credit": -10300}
    counter.receive(500, when="2026-11-12 12:00")
    assert counter.close(when="2026-11-12 12:00").system == 500  # once
    assert faults() == []


def test_a_wrong_amount_that_was_short_yesterday_is_found_again_today(counter: Counter) -> None:
    wrongly(counter, 100000, counted=10000)
    assert trial_balance(counter.cast.yunqi, date(2026, 11, 10))["over_short"] == 90000
    counter.receive(10000, when=NEXT)
    till = counter.close(when=NEXT, cash=0, why="昨天多打了一个零")
    counter.step(till, "receive", counter.cashier, when=NEXT)
    assert trial_balance(counter.cast.yunqi, date(2026, 11, 11)) == {"bank": 10000, "credit": -10000}


def test_a_cheque_for_the_wrong_household_is_received_again_under_its_number(counter: Counter) -> None:
    wrongly(counter, 30000, method="cheque", reference="ZP-9")
    counter.receive(30000, method="cheque", reference="ZP-9", when=NEXT)
    with pytest.raises(Refused, match="已经收过款"):
        counter.receive(30000, method="cheque", reference="ZP-9", when=NEXT)
    till = counter.step(counter.close(when=NEXT), "receive", counter.cashier, when=NEXT)
    assert till.counted == 0
    assert trial_balance(counter.cast.yunqi, date(2026, 11, 11)) == {"bank": 30000, "credit": -30000}


def test_who_counts_neither_receives_nor_reads_and_who_receives_does_not_read(counter: Counter) -> None:
    cast = counter.cast
    cast.appoint(counter.collector, "cashier", cast.yunqi)
    cast.appoint(counter.collector, "finance_supervisor", cast.yunqi)
    cast.appoint(counter.cashier, "finance_supervisor", cast.yunqi)
    counter.receive(10000, method="card", reference="P-1")
    till = counter.close()
    for step in ("receive", "send_back"):
        with pytest.raises(NotAllowed):
            counter.step(till, step, counter.collector, words="x")
    with pytest.raises(NotAllowed):
        counter.step(till, "receive", counter.accountant)
    till = counter.step(till, "receive", counter.cashier)
    for person in (counter.collector, counter.cashier):
        with pytest.raises(NotAllowed):
            counter.step(till, "read", person)
    assert counter.step(till, "read", counter.head).state == "read"


@pytest.mark.parametrize(("counted", "told"), [(12000, {"cash": 12000, "over_short": 500}), (12600, {"cash": 12600, "over_short": -100})])  # fmt: skip
def test_over_and_short_are_booked_with_their_reason_when_the_money_is_received(
    counter: Counter, counted: int, told: dict[str, int]
) -> None:
    counter.receive(12500)
    with pytest.raises(Invalid, match="写明原因"):
        counter.close(cash=counted)
    till = counter.close(cash=counted, why="找零出入")
    assert trial_balance(counter.cast.yunqi, date(2026, 11, 10))["cash"] == 12500
    counter.step(till, "receive", counter.cashier)
    found = trial_balance(counter.cast.yunqi, date(2026, 11, 10))
    assert {name: found[name] for name in told} == told
    assert faults() == []


def test_what_does_not_agree_is_sent_back_and_counted_anew(counter: Counter) -> None:
    counter.receive(12500)
    till = counter.close()
    till = counter.step(till, "send_back", counter.cashier, words="少一百元")
    assert till.state == "due"
    with pytest.raises(Refused, match="不能撤回"):
        counter.step(till, "withdraw", counter.head, reason="重来")
    counter.receive(700)  # comes into the next close, not into this one
    till = counter.step(
        till, "hand_over", counter.collector, **counter.count(counter.collector, till, cash=12400, why="少收一百")
    )
    assert (till.state, till.receipts, till.difference) == ("handed", 1, -100)
    with pytest.raises(Invalid, match="请先把它办完"):
        counter.close()
    counter.step(till, "receive", counter.cashier)
    assert counter.close().receipts == 1
    assert "退回重点：少一百元" in " ".join(sentences(till))


def test_a_receipt_that_was_voided_stands_on_the_list_of_voids(counter: Counter) -> None:
    counter.receive(10000)
    wrong = counter.receive(9900)
    counter.step(counter.void(wrong), "approve", counter.head)
    till = counter.close()
    assert (till.receipts, till.system, till.voids) == (2, 10000, wrong.number)


def test_yesterday_is_closed_before_today_begins(counter: Counter) -> None:
    """domain.md §5.7: the next shift cannot open before the last is closed."""
    counter.receive(10000, when="2026-11-09 16:00")
    here = counter.cast.yunqi.pk
    refuse_before_closing(here, counter.collector, at("2026-11-09 17:00"))
    with pytest.raises(Refused, match="2026-11-09 的收款还没有日结"):
        refuse_before_closing(here, counter.collector, at("2026-11-10 08:30"))
    refuse_before_closing(here, counter.second, at("2026-11-10 08:30"))  # another's till is not his
    till = counter.close(when="2026-11-10 08:35")
    assert till.day == date(2026, 11, 9)
    refuse_before_closing(here, counter.collector, at("2026-11-10 08:40"))


def test_the_desk_takes_nothing_before_yesterday_is_closed(counter: Counter) -> None:
    owner = counter.cast.owner
    counter.receive(10000, when="2026-11-09 16:00")

    def take() -> Receipt:
        taking = Taking(owner.pk, None, 500, "cash", "赵业主", household.seen_of(owner))
        return take_money(taking, owner, by=counter.collector, at=at("2026-11-10 08:40"))

    with pytest.raises(Refused, match="请先在“收费日报”里日结"):
        take()
    counter.close(when="2026-11-10 08:35")
    assert take().closed_in is None


def test_an_empty_till_is_not_closed_and_what_came_meanwhile_is_counted(counter: Counter) -> None:
    with pytest.raises(Invalid, match="没有等待日结的收款"):
        counter.close()
    counter.receive(10000)
    counted = counter.count(counter.collector)
    counter.receive(500)
    with pytest.raises(Invalid, match="现在是 2 张"):
        counter.ask(TillClose, **counted)
    assert not Receipt.objects.filter(closed_in__isnull=False).exists()


def test_in_the_evening_the_program_asks_for_what_is_still_open(counter: Counter) -> None:
    counter.receive(10000, when="2026-11-10 11:00")
    assert come_round(at("2026-11-10 16:55"), only="till-close") == []
    (till,) = come_round(at("2026-11-10 17:05"), only="till-close")
    assert (till.state, till.collector, till.day) == ("due", counter.collector, date(2026, 11, 10))
    assert Deadline.objects.get(record_id=till.pk).code == "D93"
    assert come_round(at("2026-11-10 17:10"), only="till-close") == []
    with pytest.raises(NotAllowed):
        counter.step(till, "hand_over", counter.second)
    till = counter.step(till, "hand_over", counter.collector, **counter.count(counter.collector, till))
    assert (till.state, till.receipts) == ("handed", 1)
    assert come_round(at("2026-11-10 18:00"), only="till-close") == []


def test_the_page_asks_only_for_what_must_be_counted(counter: Counter, sign_in: Any) -> None:
    counter.receive(10000)
    counter.receive(30000, method="card", reference="P-1")
    page = sign_in(counter.collector).get("/till-closes/new/").content.decode()
    assert "现金实点（元）" in page
    assert "1 张，账上 100.00 元" in page
    assert 'name="counted_card" value="300.00"' in page
    assert 'name="counted_cash" value' not in page
    assert "counted_cheque" not in page


@pytest.mark.django_db(transaction=True)
def test_two_clicks_close_a_till_once_and_no_receipt_slips_through(counter: Counter) -> None:
    for _ in range(3):
        counter.receive(1000)
    counted = counter.count(counter.collector)
    fates = at_once(4, lambda index: counter.ask(TillClose, **counted))
    assert fates.count("done") == 1
    till = TillClose.objects.get()
    assert (till.receipts, Receipt.objects.filter(closed_in=till.pk).count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_a_receipt_written_while_the_till_closes_is_in_it_or_stays_open(counter: Counter) -> None:
    counter.receive(1000)
    counted = counter.count(counter.collector)

    def go(index: int) -> None:
        if index == 0:
            counter.ask(TillClose, **counted)
        else:
            counter.receive(100 + index)

    fates = at_once(4, go)
    assert fates[1:] == ["done"] * 3
    till = TillClose.objects.first()
    closed = Receipt.objects.filter(closed_in__isnull=False)
    assert [one.amount for one in closed] == ([1000] if till else [])
    assert faults() == []


def test_a_month_is_closed_when_its_tills_are_and_never_changes(counter: Counter, sign_in: Any) -> None:
    here, through = counter.cast.yunqi, date(2026, 10, 31)
    counter.receive(10000, when="2026-10-30 16:00")
    page = sign_in(counter.head).get("/cashier/books/?month=2026-10").content.decode()
    assert "寿收费 2026-10-30：1 张收据没有日结" in page
    assert "结账至 2026-10-31</button>" not in page
    with pytest.raises(Refused, match="还有 1 项收款没有交清"):
        close_month(here, through, by=counter.head, key="1")
    till = counter.close(when="2026-11-10 09:00")
    assert len(open_tills(here, through)) == 1  # counted, not received yet
    counter.step(till, "receive", counter.cashier)
    unlooked = sign_in(counter.head).post("/cashier/books/", {"month": "2026-10", "key": "at once"})
    assert "请看过试算平衡，勾选“试算平衡和恒等式已经核对”，再结账。" in unlooked.content.decode()
    assert Books.objects.get().closed_through is None
    answer = sign_in(counter.head).post("/cashier/books/", {"month": "2026-10", "sure": "1", "key": "once"})
    assert answer.status_code == 302
    sign_in(counter.head).post("/cashier/books/", {"month": "2026-10", "sure": "1", "key": "once"})
    assert Books.objects.get().closed_through == through
    with pytest.raises(Refused, match="已经结账"):
        counter.receive(100, when="2026-10-31 10:00")
    shown = sign_in(counter.head).get("/cashier/books/?month=2026-10").content.decode()
    assert "本月已经结账" in shown
    assert "蔡财务 结账至 2026-10-31" in shown
    assert "借贷相等" in shown
    with pytest.raises(NotAllowed):
        close_month(here, date(2026, 11, 9), by=counter.collector, key="2")
    assert sign_in(counter.collector).get("/cashier/books/").status_code == 403


def test_the_list_of_receipt_numbers_shows_gaps_and_voids(counter: Counter, sign_in: Any) -> None:
    rows = [counter.receive(100) for _ in range(3)]
    counter.step(counter.void(rows[2]), "approve", counter.head)
    (run,) = number_runs(counter.cast.yunqi)
    assert (run.count, run.missing, run.voids) == (3, [], [rows[2].number])
    Receipt.objects.filter(pk=rows[1].pk).update(number="YQ-SJ-2026-000009")
    (run,) = number_runs(counter.cast.yunqi)
    assert run.missing[:2] == ["YQ-SJ-2026-000002", "YQ-SJ-2026-000004"]
    assert "有缺号" in sign_in(counter.head).get("/cashier/numbers/").content.decode()


def test_today_of_the_office_is_the_day_of_the_till(counter: Counter) -> None:
    counter.receive(100, when="2026-11-10 23:59")
    assert counter.close(when="2026-11-11 00:01").day == date(2026, 11, 10)
    assert timezone.localtime(at("2026-11-10 23:59")).date() == date(2026, 11, 10)


def test_a_till_is_opened_only_for_somebody_who_works_here(counter: Counter) -> None:
    stranger = counter.cast.person("yuan", "远收费", "fee_collector", community=counter.cast.qinghe)
    said = {"day": "2026-11-10", "due_at": "2099-11-10 17:30"}
    with pytest.raises(Invalid) as refusal:
        counter.ask(TillClose, by=authority().system(), collector=stranger.pk, **said)
    assert "collector" in refusal.value.form.errors
    assert counter.ask(TillClose, by=authority().system(), collector=counter.second.pk, **said).state == "due"


def test_the_supervisor_counts_for_an_absent_collector_and_another_reads(counter: Counter, sign_in: Any) -> None:
    counter.receive(10000)
    said = {"collector": counter.collector.pk, "day": "2026-11-10", "due_at": "2099-11-10 17:30"}
    till = counter.ask(TillClose, by=authority().system(), **said)
    typed = {**counter.count(counter.collector, till), "absence": "病假", "witness": "李出纳"}
    for person in (counter.second, counter.cashier):
        with pytest.raises(NotAllowed):
            counter.step(till, "count_for", person, **typed)
    with pytest.raises(Invalid, match="另外一个人"):
        counter.step(till, "count_for", counter.head, **{**typed, "witness": str(counter.head)})
    till = counter.step(till, "count_for", counter.head, **typed)
    assert (till.state, till.system) == ("handed", 10000)
    assert "病假" in sentences(till)[-1]
    till = counter.step(till, "receive", counter.cashier, bank_slip="PA-1")
    with pytest.raises(NotAllowed):
        counter.step(till, "read", counter.head)
    till = counter.step(till, "read", counter.cast.xiang)
    assert till.state == "read"
    paper = sheets.text_of(sign_in(counter.head).get(f"{till.get_absolute_url()}print/till_close/").content)
    assert "见证人李出纳" in paper
    counter.receive(500, when="2026-11-11 09:00")  # an ordinary sheet is still the supervisor's to read, and only his
    plain = counter.close(when="2026-11-11 12:00")
    plain = counter.step(plain, "receive", counter.cashier, when="2026-11-11 13:00", bank_slip="PA-2")
    with pytest.raises(NotAllowed):
        counter.step(plain, "read", counter.cast.xiang)
    assert counter.step(plain, "read", counter.head).state == "read"


def test_a_receipt_says_the_whole_number_by_which_its_money_is_found(counter: Counter) -> None:
    number = "4200002026112200001234567890"
    receipt = counter.receive(2500, method="card", reference=number)
    assert number in text_of(render(RECEIPT, receipt, counter.head))
    assert number not in text_of(render(PAYER_RECEIPT, receipt, counter.head))  # whoever has the paper needs it not


@pytest.mark.clause("RPT-02", part="收费日报：每种方式的张数、账上金额点开就是那些收据，红冲的减去")
def test_each_figure_of_a_daily_close_opens_the_receipts_that_it_adds_up(counter: Counter, sign_in: Any) -> None:
    """Yesterday 100.00 in cash; today 130.00 in cash, 70.00 by card, 5.00 voided, and yesterday's is taken back in red."""
    first = counter.receive(10000, when="2026-11-10 09:00")
    counter.step(
        counter.close(when="2026-11-10 17:00"), "receive", counter.cashier, when="2026-11-10 17:30", bank_slip="HC1"
    )
    counter.step(
        counter.red(receipt=first.pk, when="2026-11-11 09:00"), "approve", counter.head, when="2026-11-11 09:30"
    )
    counter.receive(13000, when="2026-11-11 10:00")
    counter.receive(7000, method="card", reference="K1", when="2026-11-11 10:10")
    void = counter.receive(500, when="2026-11-11 10:20")
    counter.step(counter.void(void, when="2026-11-11 10:30"), "approve", counter.head, when="2026-11-11 10:40")
    close = counter.close(when="2026-11-11 17:00")
    client = sign_in(counter.head)
    page = client.get(close.get_absolute_url()).content.decode()
    for line in [*close.lines.all(), None]:
        url = f"/cashier/closes/{close.number}/{line.method if line else 'all'}/"
        assert url in page
        told = client.get(url).context
        assert told["total"] == yuan(line.system if line else close.system)
        assert sum(row["fen"] for row in told["rows"]) == (line.system if line else close.system)
    every = client.get(f"/cashier/closes/{close.number}/all/")
    assert [row["amount"] for row in every.context["rows"]] == ["130.00", "70.00", "-100.00"]
    assert void.number not in every.content.decode()
    assert client.get(every.context["rows"][0]["url"]).status_code == 200
    assert sheets.text_of(client.get(f"/cashier/closes/{close.number}/all/?as=pdf").content).count("-100.00") == 1
    assert client.get(f"/cashier/closes/{close.number}/gold/").status_code == 404
    assert client.get("/cashier/closes/X-1/all/").status_code == 404
    assert sign_in(counter.cast.wang).get(f"/cashier/closes/{close.number}/all/").status_code == 403
