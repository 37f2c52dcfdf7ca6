"""Lines of a bank statement and a channel, made for the tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.messy_roll import upload
from tests.support.statements import statement
from yihu.areas.cashier.banking.models import BankAccount, BankLine, StatementImport
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record

KEY = "test-merchant-key-of-thirty-two-characters"


def bank_line(
    community: Any, amount: int, payer_name: str = "赵业主", summary: str = "", on: date = date(2026, 11, 9)
) -> BankLine:
    account, _ = BankAccount.objects.get_or_create(community=community, name="建行基本户")
    run = StatementImport.objects.filter(account=account).first()
    if run is None:
        files = {"import_file": upload(statement(), "流水.csv")}
        fresh = StatementImport(community=community)
        run = open_record(fresh, by=authority().system(), data={"account": account.pk}, files=files)
    number = BankLine.objects.count()
    return BankLine.objects.create(
        community=community, account=account, run=run, on=on, amount=amount, payer_name=payer_name, summary=summary, digest=str(number)
    )  # fmt: skip
