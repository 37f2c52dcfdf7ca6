"""script/manage import_bank_statement FILE --community NAME --account NAME [--map COLUMN=FIELD …] [--dry-run] --json"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from yihu.areas.cashier.banking.models import BankAccount
from yihu.kernel.authority import authority
from yihu.kernel.importing.line import ImportCommand
from yihu.kernel.plain import save_row


class Command(ImportCommand):
    help = "导入银行流水：每笔只导入一次，余额接不上就提醒；入账要有人逐笔确认，导入本身不动账。"
    kind = "banking.statementimport"
    account = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--account", required=True, metavar="NAME", help="银行账户的名称；没有就新建")

    def handle(self, *args: Any, **options: Any) -> None:
        self.account = options["account"].strip()
        if not 0 < len(self.account) <= 40:
            raise CommandError("账户名称应为 1 至 40 个字，请用 --account 写明。")
        super().handle(*args, **options)

    def named(self, name: str) -> BankAccount:
        community = self.importing.named(name)
        known = BankAccount.objects.filter(community=community, name=self.account).first() if community.pk else None
        return known or BankAccount(community=community, name=self.account)

    def found(self, name: str) -> BankAccount:
        community = self.importing.found(name)
        account = BankAccount.objects.filter(community=community, name=self.account).first()
        if account is None:
            account = BankAccount(community=community, name=self.account)
            save_row(account, ("name", "position", "shown"), may="banking.lists", by=authority().system())
        return account

    def columns(self, place: Any) -> dict[str, Any]:
        return {"community": place.community, "account": place}
