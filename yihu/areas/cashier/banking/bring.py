"""银行流水: what its lines would add to an account, how they go live once, how they are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from yihu.areas.cashier.banking import check, lines
from yihu.areas.cashier.banking.lines import Line
from yihu.areas.cashier.banking.models import (
    BankAccount,
    BankLine,
    LinePayment,
    LineReceipt,
    Settlement,
    StatementImport,
    StatementRow,
)
from yihu.areas.cashier.banking.overlapping import overlap
from yihu.areas.cashier.banking.problems import problem
from yihu.basics.money import yuan
from yihu.ground.estate import founding
from yihu.kernel.importing.checking import Checked
from yihu.kernel.importing.declare import Import, Plan, importing
from yihu.kernel.importing.recognise import Recognised


@importing
class StatementOfTheBank(Import):
    model = StatementImport
    word = "银行流水"
    unit = "笔"
    file_label = "银行流水文件"
    gaps = "待认领的流水"
    shape = check.STATEMENT
    slice = 500

    def check(self, recognised: Recognised, today: date) -> Checked:
        return check.check(recognised, today)

    def place(self, run: Any) -> BankAccount:
        return run.account  # type: ignore[no-any-return]

    def plan(self, community: Any, rows: Sequence[Line], today: date) -> Plan:
        """``community`` is the account here: the same line may stand in two of them."""
        account, told = community, Plan()
        found = overlap(account, rows)
        told.unchanged = sum(found.known)
        told.created, told.problems = len(rows) - told.unchanged, found.problems
        if rows and _torn(account, rows[0], found.known[0]):
            before = (rows[0].balance or 0) - rows[0].amount
            told.problems.append(problem("bank_gap_before", yuan(before), sheet=rows[0].sheet, row=rows[0].row_no))
        return told

    def to_staged(self, row: Line) -> tuple[dict[str, Any], str]:
        return lines.to_staged(row)

    def from_staged(self, sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Line:
        return lines.from_staged(sheet, row_no, values, secret)

    def write(self, run: Any, staged: Sequence[Any], rows: Sequence[Line], today: date, commanding: Any) -> None:
        added = []
        for row, line, known in zip(staged, rows, overlap(run.account, rows, run).known, strict=True):
            row.outcome, row.sealed = "unchanged", ""
            if not known:
                row.outcome = "created"
                added.append(
                    BankLine(
                        community_id=run.community_id, account=run.account, run=run, on=line.on, amount=line.amount,
                        balance=line.balance, payer_name=line.payer_name, summary=line.summary, digest=line.digest,
                    )
                )  # fmt: skip
        BankLine.objects.bulk_create(added)
        StatementRow.objects.bulk_update(staged, ["outcome", "sealed"])

    def hindrances(self, run: Any) -> list[str]:
        found = []
        if used := LineReceipt.objects.filter(line__run=run).count():
            found.append(f"已经入账的流水 {used} 笔")
        if settled := Settlement.objects.filter(line__run=run).count():
            found.append(f"已经对上的渠道结算 {settled} 笔")
        if paid := LinePayment.objects.filter(line__run=run).count():
            found.append(f"已经对上付款的支出流水 {paid} 笔")
        return found

    def take_back(self, run: Any, commanding: Any) -> None:
        """Lines that nobody has used go away with the file that brought them."""
        BankLine.objects.filter(run=run).delete()

    def named(self, name: str) -> Any:
        return founding.named(name)

    def found(self, name: str) -> Any:
        return founding.found(name, "导入银行流水时")


def _torn(account: Any, first: Line, known: bool) -> bool:
    """Whether the file begins at a balance at which nothing that was brought in before ends."""
    if account.pk is None or first.balance is None or known:
        return False
    before = BankLine.objects.filter(account=account, on__lte=first.on, balance__isnull=False)
    return before.exists() and not before.filter(balance=first.balance - first.amount).exists()
