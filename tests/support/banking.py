"""Lines of a bank statement and a channel, made for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client

from tests.support.messy_roll import upload
from tests.support.statements import statement
from yihu.areas.cashier.banking.models import BankAccount, BankLine, StatementImport
from yihu.areas.cashier.banking.stand_in import StandIn
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


@contextmanager
def paying_firm() -> Iterator[StandIn]:
    """A payment firm on loopback behind both channels."""
    stand_in, before = StandIn(KEY).start(), settings.YIHU_PAY_CHANNELS
    settings.YIHU_PAY_CHANNELS = dict.fromkeys(("wechat", "alipay"), (stand_in.url, KEY))
    try:
        yield stand_in
    finally:
        settings.YIHU_PAY_CHANNELS = before
        stand_in.stop()


def bring(one: tuple[dict[str, str], bytes], channel: str = "wechat") -> int:
    """A channel's call-back, as it stood in ``unsent``."""
    headers, body = one
    kept = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name.startswith("X-")}
    url = f"/pay/notices/{channel}/"
    return Client().post(url, body, content_type="application/json", **kept).status_code
