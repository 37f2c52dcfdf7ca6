"""A bank statement comes in: each line once, its running balance followed, and never anything booked by itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.harness.breaking import at_once, die_at
from tests.support.cast import Cast
from tests.support.importing import CommandLine
from tests.support.messy_roll import upload, workbook
from tests.support.statements import HEAD, PAID, long_statement, rows, statement, table
from yihu.areas.cashier.banking.models import BankAccount, BankLine, StatementFile, StatementImport
from yihu.ground.ledger.models import Receipt
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.importing import running
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db
KIND = "banking.statementimport"


class Bank(CommandLine):
    """The command with the one account of the tests."""

    def _told(self, path: Path, content: bytes | None, more: tuple[str, ...], refused: bool) -> dict[str, Any]:
        account = () if "--account" in more else ("--account", "建行基本户")
        return super()._told(path, content, (*account, *more), refused)


bring = Bank("import_bank_statement", "云栖苑")


@pytest.fixture
def file(tmp_path: Path, cast: Cast) -> Path:
    assert cast.yunqi
    return tmp_path / "流水.csv"


def amounts() -> list[int]:
    return list(BankLine.objects.order_by("pk").values_list("amount", flat=True))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_each_line_comes_in_once_in_whatever_encoding(file: Path, encoding: str) -> None:
    told = bring(file, statement(encoding=encoding))
    assert (told["rows"], told["created"], told["refused"]) == (4, 4, 0)
    assert amounts() == [32274, 103133, 11512, 3594100]
    assert BankLine.objects.order_by("pk").last().balance == 81233456 + 32274 + 103133 + 11512 + 3594100
    assert [found["kind"] for found in told["problems"]] == ["missing_payer"]
    assert not Receipt.objects.exists()
    again = bring(file, statement(encoding="utf-8" if encoding == "gb18030" else "gb18030"))
    assert (again["created"], again["unchanged"], BankLine.objects.count()) == (0, 4, 4)


def test_the_same_line_in_another_account_is_another_line(file: Path) -> None:
    bring(file, statement())
    told = bring(file, statement(), "--account", "工行一般户")
    assert (told["created"], BankLine.objects.count(), BankAccount.objects.count()) == (4, 8, 2)


def test_a_dry_run_writes_nothing(file: Path) -> None:
    assert bring(file, statement(), "--dry-run")["created"] == 4
    assert not BankLine.objects.exists()
    assert not StatementImport.objects.exists()
    assert not BankAccount.objects.exists()


def test_files_that_overlap_add_only_what_is_new(file: Path) -> None:
    whole = rows(*PAID, ("2026-11-04", "李多多", "转账", "50.00"))
    bring(file, table(whole[:3]))
    told = bring(file, table(whole[1:]))
    assert (told["created"], told["unchanged"], told["problems"][0]["kind"]) == (2, 2, "missing_payer")
    assert len(told["problems"]) == 1
    assert len(amounts()) == 5


def test_a_gap_in_the_running_balance_is_shown_and_imported(file: Path) -> None:
    whole = rows(*PAID, ("2026-11-04", "李多多", "转账", "50.00"))
    told = bring(file, table([whole[0], whole[2], whole[3], whole[4]]))
    gaps = [(found["row"], found["reason"]) for found in told["problems"] if found["kind"] == "bank_gap"]
    assert gaps == [(3, "余额应为 812,772.42，表中是 813,803.75，差 1,031.33。")]
    assert told["created"] == 4


def test_a_month_that_does_not_join_the_one_before_is_said(file: Path) -> None:
    whole = rows(*PAID, ("2026-11-04", "李多多", "转账", "50.00"))
    bring(file, table(whole[:2]))
    assert [found["kind"] for found in bring(file, table(whole[4:]), "--dry-run")["problems"]] == ["bank_gap_before"]
    assert bring(file, table(whole[2:3]))["problems"] == []


def test_a_repeated_line_is_left_out_and_an_equal_one_that_the_balance_bears_out_stays(file: Path) -> None:
    first, second, *_ = rows()
    told = bring(file, table([first, first, second]))
    assert [(found["kind"], found["row"]) for found in told["problems"]] == [("bank_twice", 3)]
    assert amounts() == [32274, 103133]
    there_and_back = rows(
        ("2026-11-05", "周舟", "转账", "10.00"),
        ("2026-11-05", "周舟", "退回", "-10.00"),
        ("2026-11-05", "周舟", "转账", "10.00"),
        start=81233456 + 32274 + 103133,
    )
    assert bring(file, table(there_and_back))["created"] == 3
    assert bring(file, table(there_and_back))["unchanged"] == 3
    assert amounts()[2:] == [1000, -1000, 1000]


def test_newest_first_with_income_and_expense_columns_in_a_workbook(file: Path) -> None:
    lines = [
        ["中国某银行账户明细", "", "", "", "", ""],
        ["交易时间", "对方户名", "附言", "借方发生额", "贷方发生额", "余额"],
        ["2026-11-03 10:01:02", "市供电公司", "电费", 500.5, "", 699.5],
        ["2026-11-02 09:00:00", "赵业主", "物业费", "", 200, 1200],
        ["合计", "", "", 500.5, 200, ""],
    ]
    told = bring(file.with_suffix(".xlsx"), workbook({"明细": lines}))
    assert (told["created"], told["problems"]) == (2, [])
    assert amounts() == [20000, -50050]


def test_one_column_with_a_mark_and_brackets(file: Path) -> None:
    head = ("日期", "户名", "摘要", "金额", "借贷标志")
    bring(
        file,
        table(
            [("20261102", "赵业主", "物业费", "￥１,２００.５０", "贷"), ("2026.11.3", "电力", "电费", "88", "借")],
            head,
        ),
    )
    assert amounts() == [120050, -8800]
    bring(file, table([("2026-11-05", "手续费", "收费", "(3.20)")], ("日期", "户名", "摘要", "金额")))
    assert amounts()[-1] == -320


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (0, "昨天", "读不出交易日期。"),
        (0, "2099-01-01", "交易日期在今天之后。"),
        (3, "三块", "读不出金额。"),
        (3, "1.005", "读不出金额。"),
        (3, "", "没有写收入或支出金额。"),
        (4, "很多", "读不出金额。"),
    ],
)
def test_an_error_refuses_the_file_with_its_place(file: Path, column: int, cell: str, reason: str) -> None:
    lines = rows()
    bad = tuple(cell if place == column else told for place, told in enumerate(lines[1]))
    told = bring.refused(file, table([lines[0], bad]))
    found = next(found for found in told["problems"] if found["severity"] == "error")
    assert (found["row"], found["column"], found["reason"]) == (3, HEAD[column], reason)
    assert found["remedy"]
    assert not BankLine.objects.exists()


def test_the_cashier_imports_in_the_browser_and_takes_it_back(cast: Cast, sign_in: Any) -> None:
    cashier = cast.person("chu", "楚出纳", "cashier")
    page = sign_in(cashier)
    page.post("/banking/bank-accounts/new/", {"name": "建行基本户", "position": "0", "shown": "on", "key": "k-0"})
    account = BankAccount.objects.get()
    shown = page.get("/bank-statements/new/").content.decode()
    assert f'value="{account.pk}" selected' in shown
    sent = {"account": account.pk, "import_file": upload(statement(), "流水.csv"), "key": "k-1"}
    answer = page.post("/bank-statements/new/", sent)
    assert "新增 4 笔" in page.get(answer.url).content.decode()
    run = StatementImport.objects.get()
    page.post(f"{answer.url}do/go_live/", {"key": "k-2", "version": run.version})
    run_waiting()
    run.refresh_from_db()
    assert (run.state, run.created, BankLine.objects.count()) == ("live", 4, 4)
    assert not StatementFile.objects.exists()
    perform(run, "undo", by=cashier, data={"reason": "传错了账户"})
    assert not BankLine.objects.exists()
    assert sign_in(cast.wang).get("/bank-statements/new/").status_code == 403
    with pytest.raises(NotAllowed):
        fresh = StatementImport(community=cast.yunqi)
        files = {"import_file": upload(statement(), "a.csv")}
        open_record(fresh, by=cast.wang, data={"account": account.pk}, files=files)


def handed_in(cast: Cast, count: int) -> tuple[StatementImport, Any]:
    cashier = cast.person("chu", "楚出纳", "cashier")
    account = BankAccount.objects.create(community=cast.yunqi, name="建行基本户")
    files = {"import_file": upload(long_statement(count), "流水.csv")}
    fresh = StatementImport(community=cast.yunqi)
    run = open_record(fresh, by=cashier, data={"account": account.pk}, files=files)
    return perform(run, "go_live", by=cashier, data={}), cashier


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_and_resumed_each_line_is_there_once(cast: Cast) -> None:
    run, _ = handed_in(cast, 30)
    number = 1
    while die_at(number, lambda: running.make_live.func(KIND, run.pk)):
        number += 1
    assert number > 5
    run.refresh_from_db()
    assert (run.state, BankLine.objects.count()) == ("live", 30)


@pytest.mark.django_db(transaction=True)
def test_made_live_by_two_at_once_each_line_is_there_once(cast: Cast) -> None:
    run, cashier = handed_in(cast, 30)
    fates = at_once(2, lambda _: running.make_live.func(KIND, run.pk))
    assert "done" in fates
    run.refresh_from_db()
    assert (run.state, BankLine.objects.count()) == ("live", 30)
    with pytest.raises((Refused, Invalid)):
        perform(run, "go_live", by=cashier, data={})


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.exam)])
def test_a_long_statement_comes_in_under_a_minute(file: Path, count: int) -> None:
    began = time.monotonic()
    told = bring(file, long_statement(count))
    assert (told["created"], BankLine.objects.count(), told["problems"]) == (count, count, [])
    assert time.monotonic() - began < 60
