"""The month's vouchers: drawn up from the ledger, checked by another, queried, corrected by postings, answered, signed."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from python_calamine import CalamineWorkbook

from tests.support.doing import at
from tests.support.sheets import text_of
from yihu.areas.cashier.bookkeeping.drawing import corrections_of
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip, SlipLine, SlipQuery
from yihu.ground.ledger import charging, paying, receiving
from yihu.ground.ledger.accounts import balances, movements, turnover
from yihu.ground.ledger.paying import Part
from yihu.ground.ledger.posting import close_period
from yihu.ground.ledger.surplus import EVERY, differences
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Deadline, Message
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
SECOND = "2026-11-02 09:00"


@pytest.fixture
def month(office: Any) -> Any:
    """Two bills of one day, one paid by cash, one receipt taken back the day after, paper bought and paid."""
    office.bill = office.charge(35941, 9, when="2026-10-20 09:00")
    office.charge(9900, 9, office.water, when="2026-10-20 09:30")
    office.paid = office.receive(35941, when="2026-10-21 09:00")
    office.settle(office.paid, office.bill, when="2026-10-21 09:01")
    wrong = office.receive(500, when="2026-10-21 10:00")
    office.does(office.head, lambda books: receiving.reverse_receipt(books, wrong, "重收"), "2026-10-22 09:00")
    office.paper = office.owe(Part(1200, office.cost["Z07"]), when="2026-10-23 09:00")
    office.pay_out(office.paper, "2026-10-23 10:00")
    return office


def opened(office: Any) -> MonthBook:
    (book,) = come_round(at("2026-11-01 00:10"), "month-books")
    return book


def closed(office: Any) -> None:
    office.does(office.accountant, lambda books: close_period(books, OCTOBER[1], "月结"), SECOND)


def step(book: Any, name: str, by: Any, when: str = "2026-11-03 10:00", **data: Any) -> Any:
    return perform(MonthBook.objects.get(pk=book.pk), name, by=by, data=data, at=at(when))


def drawn(office: Any) -> Any:
    closed(office)
    return step(opened(office), "draw", office.accountant)


def faults() -> list[str]:
    names = ("ledger.", "bookkeeping.")
    return [fault for result in check_all() if result.name.startswith(names) for fault in result.faults]


@pytest.mark.clause("FEE-11")
def test_the_months_vouchers_are_drawn_up_checked_queried_corrected_and_signed(month: Any, sign_in: Any) -> None:
    book = opened(month)
    assert come_round(at("2026-11-01 00:20"), "month-books") == []
    clock = Deadline.objects.get(record_id=book.pk, code="D69", stopped_at__isnull=True)
    assert f"{clock.due_at:%Y-%m-%d}" == "2026-11-06"  # five working days after the month
    with pytest.raises(Refused, match="还没有结账"):
        step(book, "draw", month.accountant)
    closed(month)
    book = step(book, "draw", month.accountant)
    found = [
        (str(slip), f"{slip.day:%m-%d}", slip.get_kind_display(), slip.red, slip.total, slip.papers)
        for slip in book.slips.order_by("number")
    ]
    assert found == [
        ("记-0001", "10-20", "账单", False, 45841, 2),
        ("记-0002", "10-21", "收款", False, 36441, 2),
        ("记-0003", "10-21", "缴费", False, 35941, 1),
        ("记-0004", "10-22", "收款", True, -500, 1),
        ("记-0005", "10-23", "支出", False, 1200, 1),
        ("记-0006", "10-23", "付款", False, 1200, 1),
    ]  # fmt: skip
    bills = [(str(line), line.debit, line.credit) for line in SlipLine.objects.filter(slip__book=book, slip__number=1)]
    assert bills == [
        ("应收 物业服务费", 35941, 0), ("应收 代收水费", 9900, 0), ("物业收入 物业服务费", 0, 35941), ("代收代付 代收水费", 0, 9900),
    ]  # fmt: skip
    red = [(str(line), line.debit, line.credit) for line in SlipLine.objects.filter(slip__book=book, slip__number=4)]
    assert red == [("库存现金", -500, 0), ("预收", 0, -500)]

    # the supervisor asks about the office paper; the accountant cannot call it corrected before it is
    slip = book.slips.get(number=5)
    book = step(book, "query", month.head, slip=slip.pk, question="这是维修材料吧？")
    assert (book.state, Message.objects.filter(person=month.accountant, sentence__contains="维修材料吧").exists()) == (
        "queried",
        True,
    )
    with pytest.raises(Conflict):
        step(book, "sign", month.head)
    query = SlipQuery.objects.get()
    answer = {"query": query.pk, "outcome": "corrected", "answer": "已改到维修材料"}
    with pytest.raises(Invalid, match="还没有冲销过"):
        step(book, "answer", month.accountant, **answer)
    month.does(
        month.head, lambda books: paying.recode(books, month.paper, month.cost["Z03"], "应是材料"), "2026-11-04 09:00"
    )
    page = sign_in(month.accountant).get(f"{book.get_absolute_url()}do/answer/").content.decode()
    assert "更正科目：应是材料" in page
    correction = month.paper.lines.filter(voucher__kind="spend").latest("pk").voucher_id
    book = step(book, "answer", month.accountant, "2026-11-04 10:00", correction=correction, **answer)
    assert book.state == "drawn"
    assert [one.debit for one in slip.lines.order_by("place")] == [1200, 0]  # what was written stands
    book = step(book, "sign", month.head, "2026-11-04 11:00")
    assert (book.state, book.signed_by, book.drawn_by) == ("signed", month.head, month.accountant)
    assert not Deadline.objects.filter(record_id=book.pk, stopped_at__isnull=True).exists()
    paper = text_of(render(procedure_of(MonthBook).prints[0], book, month.head, now=at("2026-11-04 12:00")))
    for said in ("科目汇总表", "管理费用", "共6张", "这是维修材料吧", "已改到维修材料", "张会计", "蔡财务"):
        assert said in paper
    assert faults() == []


def test_an_explanation_will_do_and_the_last_answer_sends_it_back_to_be_checked(month: Any) -> None:
    book = drawn(month)
    first, second = book.slips.order_by("number")[:2]
    book = step(book, "query", month.head, slip=first.pk, question="为什么这么多？")
    book = step(book, "query", month.head, slip=second.pk, question="少一张收据？")
    one, two = SlipQuery.objects.order_by("pk")
    book = step(book, "answer", month.accountant, query=one.pk, outcome="explained", answer="两户一起出账")
    assert book.state == "queried"
    with pytest.raises(Invalid):
        step(book, "answer", month.accountant, query=one.pk, outcome="explained", answer="再说一遍")
    book = step(book, "answer", month.accountant, query=two.pk, outcome="explained", answer="收据在附件里")
    assert book.state == "drawn"
    assert faults() == []


def test_a_bill_taken_back_answers_a_question_and_another_posting_does_not(month: Any) -> None:
    book = drawn(month)
    book = step(book, "query", month.head, slip=book.slips.get(number=1).pk, question="价格不对")
    query = SlipQuery.objects.get()
    month.charge(100, 8, when="2026-11-03 11:00")
    month.does(month.head, lambda books: charging.reverse_charge(books, month.bill, "价格录错"), "2026-11-03 12:00")
    month.bill.refresh_from_db()
    found = list(corrections_of(query))
    assert month.bill.reversal in found
    assert all(one.reverses is not None or one == month.bill.reversal for one in found)


def test_what_was_taken_back_before_the_question_does_not_answer_it(month: Any) -> None:
    book = drawn(month)
    month.does(month.head, lambda books: charging.reverse_charge(books, month.bill, "价格录错"), "2026-11-03 09:30")
    step(book, "query", month.head, slip=book.slips.get(number=1).pk, question="价格不对")
    assert list(corrections_of(SlipQuery.objects.get())) == []


def test_who_draws_does_not_check_and_the_cashier_does_neither(month: Any) -> None:
    closed(month)
    book = opened(month)
    month.cast.appoint(month.head, "accountant", month.cast.yunqi)
    month.cast.appoint(month.cashier, "accountant", month.cast.yunqi)
    month.cast.appoint(month.cashier, "finance_supervisor", month.cast.yunqi)
    month.cashier = type(month.head).objects.get(pk=month.cashier.pk)
    for person in (month.collector, month.cashier):
        with pytest.raises((NotAllowed, NotFound)):
            step(book, "draw", person)
    both = type(month.head).objects.get(pk=month.head.pk)  # as he signs in tomorrow, with his second post
    book = step(book, "draw", both)
    for person in (both, month.accountant, month.cashier):
        with pytest.raises(NotAllowed):
            step(book, "sign", person)
    assert "每月只有一本" in procedure_of(MonthBook).held(book, month.accountant)
    with pytest.raises(Invalid, match="已经有月账"):
        open_record(
            MonthBook(community=month.cast.yunqi), by=month.accountant, data={"period": "2026-10"}, at=at(SECOND)
        )
    for period, said in (("2026-11", "还没有过完"), ("十月", "写成 2026-10")):
        with pytest.raises(Invalid, match=said):
            open_record(
                MonthBook(community=month.cast.yunqi), by=month.accountant, data={"period": period}, at=at(SECOND)
            )


def test_the_database_itself_refuses_to_change_a_voucher(month: Any) -> None:
    book = drawn(month)
    for rows in (Slip.objects, SlipLine.objects):
        with pytest.raises(TypeError):
            rows.all().delete()
        row = rows.first()
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            row.save()
    assert book.slip_count == Slip.objects.count()
    assert faults() == []


def test_a_voucher_is_shown_with_its_postings_and_printed(month: Any, sign_in: Any) -> None:
    book, client = drawn(month), sign_in(month.head)
    listed = client.get(book.get_absolute_url()).content.decode()
    slip = book.slips.get(number=3)
    assert f"/cashier/slips/{slip.pk}/" in listed
    page = client.get(f"/cashier/slips/{slip.pk}/").content.decode()
    for said in ("2026-10 记字第 0003 号", "叁佰伍拾玖元肆角壹分", month.paid.number, "上一张", "下一张"):
        assert said in page
    one = text_of(client.get(f"/cashier/slips/{slip.pk}/print/").content)
    for said in (
        "记账凭证",
        "2026-10记字第0003号",
        "应收",
        "物业服务费",
        "359.41",
        "叁佰伍拾玖元肆角壹分",
        "张会计",
    ):
        assert said in one
    whole = text_of(client.get(f"/cashier/month-books/{book.number}/slips/").content)
    for number in range(1, 7):
        assert f"记字第{number:04d}号" in whole
    assert "红字冲销" in whole
    assert sign_in(month.collector).get(f"/cashier/slips/{slip.pk}/").status_code in (403, 404)


def test_a_month_without_postings_has_no_vouchers_and_comes_not_round(office: Any) -> None:
    assert come_round(at("2026-11-01 00:10"), "month-books") == []
    closed(office)
    book = open_record(
        MonthBook(community=office.cast.yunqi), by=office.accountant, data={"period": "2026-10"}, at=at(SECOND)
    )
    assert book.last == OCTOBER[1]
    book = step(book, "draw", office.accountant)
    assert (book.slip_count, book.state) == (0, "drawn")
    assert step(book, "sign", office.head).state == "signed"
    assert faults() == []


def test_the_three_ledgers_of_a_month_agree_with_the_lines(month: Any, sign_in: Any) -> None:
    """科目余额表, 总账, 明细账 on the screen; the months follow each other."""
    drawn(month)
    client = sign_in(month.head)
    trial = client.get("/reports/fees/trial/?month=2026-10").content.decode()
    for said in ("科目余额表", "应收", "458.41", "物业收入", "管理费用", "相等"):
        assert said in trial
    after = client.get("/reports/fees/trial/?month=2026-11").content.decode()
    assert "99.00" in after  # the water is still owed
    general = client.get("/reports/fees/general/?month=2026-10&account=receivable").content.decode()
    for said in ("上期结转", "10-20", "10-21", "458.41", "359.41", "99.00", "本月合计"):
        assert said in general
    detail = client.get("/reports/fees/detail/?month=2026-10&account=cash").content.decode()
    for said in ("记-0002", "记-0004", "-5.00", "359.41"):
        assert said in detail
    lines = client.get(
        "/reports/fees/entries/?month=2026-10&account=cash&day=2026-10-22&kind=receipt&red=1"
    ).content.decode()
    assert "收款（冲销）" in lines
    assert "-5.00" in lines
    for said in ("物业收支差额", "347.41", "不结转"):  # 359.41 of income, 12.00 of cost
        assert said in trial
    paper = text_of(client.get("/reports/fees/trial/print/?month=2026-10").content)
    assert "科目余额表" in paper


def test_what_income_and_cost_come_to_is_shown_and_never_carried(month: Any, sign_in: Any) -> None:
    """Each month of the year, the year, the years before; the owners' own apart (decision 0011)."""
    common = month.item("GG", "电梯广告费", nature="common")
    month.charge(50000, 9, common, when="2025-12-30 09:00")
    advert = month.charge(20000, 10, common, when="2026-09-15 09:00")
    bill = month.charge(3000, 8, when="2026-09-16 09:00")
    month.does(month.head, lambda books: charging.waive(books, bill, 1000, "服务"), "2026-10-24 09:00")
    month.does(month.head, lambda books: charging.waive(books, advert, 500, "少挂三天"), "2026-10-24 09:01")
    culture = month.owe(Part(7000, month.cost["G01"]), when="2026-10-25 09:00")
    assert culture.left == 7000
    client = sign_in(month.head)
    rows = _rows_of(client.get("/reports/fees/surplus/export/?month=2026-10"))
    office, owners = slice(1, 7), slice(7, 11)
    assert (rows["9 月"][office], rows["9 月"][owners]) == ([30.0, 0, 0, 0, 0, 30.0], [200.0, 0, 0, 200.0])
    assert (rows["10 月"][office], rows["10 月"][owners]) == (
        [359.41, -10.0, 0, 0, -12.0, 337.41],
        [0, -5.0, -70.0, -75.0],
    )
    assert (rows["本年累计"][6], rows["以前年度"][10], rows["开账以来"][10]) == (367.41, 500.0, 625.0)
    assert sum(differences(month.cast.yunqi, OCTOBER[1]).values()) == -sum(
        total for (account, _, _), total in balances(month.cast.yunqi, OCTOBER[1]).items() if account in EVERY
    )
    page = client.get("/reports/fees/surplus/?month=2026-10").content.decode()
    assert "/reports/fees/detail/?month=2026-10&amp;account=expense" in page
    book = drawn(month)
    paper = text_of(render(procedure_of(MonthBook).prints[0], book, month.head, now=at("2026-11-04 12:00")))
    for said in ("337.41元", "-75.00元", "不在本账套结转"):
        assert said in paper
    assert text_of(client.get("/reports/fees/surplus/print/?month=2026-10").content).count("公共收益差额")


def _rows_of(answer: Any) -> dict[str, list[Any]]:
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    return {row[0]: row for row in rows}


@pytest.mark.clause("FEE-11", part="全月凭证导出给公司财务部")
def test_the_months_vouchers_go_out_line_by_line_to_the_company(month: Any, sign_in: Any) -> None:
    book = drawn(month)
    client = sign_in(month.accountant)
    assert "导出全月凭证" in client.get(book.get_absolute_url()).content.decode()
    answer = client.get(f"/cashier/month-books/{book.number}/slips.xlsx")
    sheet = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    )
    lines = [row for row in sheet if row[1] == "记"]
    assert len(lines) == SlipLine.objects.count()
    assert [lines[0][at] for at in (2, 3, 6, 7, 8)] == [1, 1, "应收", "物业服务费", 359.41]
    assert sum(row[8] or 0 for row in lines) == pytest.approx(sum(row[9] or 0 for row in lines))
    assert book.journal.filter(step="export").exists()
    assert sign_in(month.collector).get(f"/cashier/month-books/{book.number}/slips.xlsx").status_code in (403, 404)


def test_the_trial_balance_goes_out_as_a_workbook(month: Any, sign_in: Any) -> None:
    answer = sign_in(month.head).get("/reports/fees/trial/export/?month=2026-10")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    found = {row[0]: row[1:] for row in rows}
    assert [found["应收"][at] for at in (2, 3, 4)] == [458.41, 359.41, 99.0]
    assert found["合计"][2] == found["合计"][3]


def test_debit_and_credit_of_a_month_are_equal_whatever_was_taken_back(month: Any) -> None:
    debit, credit = turnover(movements(month.cast.yunqi, *OCTOBER))
    assert debit == credit == 45841 + 36441 + 35941 - 500 + 1200 + 1200
