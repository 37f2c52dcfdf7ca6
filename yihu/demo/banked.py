"""The statement of the bank up to yesterday: a new account, so that its balance and the books come near each other.

What the tills had carried, what the card terminal paid out and what was transferred are told apart and matched; the fee of
the bank is entered; a payment out and some transfers name their room, some only a name, one nobody: these
wait for a person.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management import call_command
from django.db.models import Q, Sum
from django.utils import timezone

from yihu.areas.billing.dunning.models import DunningCase
from yihu.areas.billing.running.models import Draft
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.banking import outgoing, own_money, taking
from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.banking.suggesting import SURE, suggest
from yihu.areas.cashier.banking.taking import Part
from yihu.basics.money import yuan
from yihu.demo.history import days_before
from yihu.demo.owing import developer_of
from yihu.ground.ledger import carrying
from yihu.ground.ledger.models import Charge, Receipt

ACCOUNT = "建行物业费专户"
WAITING, CONFIRMED = 9, 4  # transfers of those who owe from before; so many of them somebody has looked at already
NOBODYS, INTEREST, BANK_FEE, GOODS = 50_000, 4_127, 2_000, 86_000
BY_ONE_TRANSFER = 2_000_000
TERMINAL_PER_MILLE = 6
CASH, CARDS, FEE_WORDS = "现金缴存 ", "POS 结算 ", "账户管理费"


class Row(NamedTuple):
    """One line of the statement; what goes out is negative."""

    day: date
    name: str
    words: str
    amount: int


def bank(run: Any, carried: list[Charge], today: date, people: dict[str, Any]) -> None:
    """唐收费 brings the statement in and matches it; 沈会计 enters the bank's fee."""
    community = run.community
    if not BankLine.objects.filter(community=community).exists():
        rows = sorted(_rows(run, carried, days_before(community, today)), key=lambda row: row.day)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "银行流水.csv"
            _write(file, rows)
            call_command(
                "import_bank_statement", str(file), community=community.name, account=ACCOUNT, stdout=_Nowhere()
            )
    lines = list(BankLine.objects.filter(community=community).order_by("on", "pk"))
    _our_own(lines, people)
    _transfers_seen(lines, people["tang"])
    waiting = [line for line in lines if line.amount > 0 and not line.ties.exists() and not line.aside]
    told = suggest(waiting)
    sure = [(line, told[line.pk][0]) for line in waiting if told.get(line.pk) and told[line.pk][0].level == SURE]
    for line, best in sure[:CONFIRMED]:
        part = Part(best.unit, best.party, line.amount, best.charge)
        taking.confirm(line, [part], by=people["tang"], key=f"demo:bank:{line.pk}")


def developer_paid(run: Any, by: Any) -> None:
    """The developer's transfers are for all that he was billed for; each is a slice of work of its own."""
    builder: Any = developer_of(run.community)
    for line in BankLine.objects.filter(community=run.community, payer_name=builder.name).order_by("pk"):
        taking.confirm(line, [Part(None, builder, line.amount)], by=by, key=f"demo:bank:{line.pk}")


def _rows(run: Any, carried: list[Charge], days: list[date]) -> Iterator[Row]:
    """What the tills of all days but the last have brought is there on the next working day."""
    after = dict(pairwise(days))
    for till in TillClose.objects.filter(community=run.community, day__in=list(after)).order_by("day"):
        next_day = after[till.day]
        if till.to_bank() > 0 and till.bank_slip:
            yield Row(next_day, "", CASH + till.bank_slip, till.to_bank())
        if gross := _by_card(till):
            yield Row(next_day, "", f"{CARDS}{till.day:%m%d}", gross - _fee(gross))
    for receipt in _transfers(run.community):
        yield Row(timezone.localdate(receipt.received_at), receipt.payer_name, f"{receipt.unit} 物业费", receipt.amount)
    owing = Charge.objects.filter(pk__in=[one.pk for one in carried], open__gt=0).select_related("party", "unit")
    otherwise = DunningCase.objects.filter(Q(state=DunningCase.State.PLAN) | Q(disputes__isnull=False))
    owing = owing.exclude(party__in=otherwise.values("party"))  # pays in parts, or says that the bill is wrong
    unpaid = list(owing.order_by("unit", "pk")[:WAITING])
    for place, charge in enumerate(unpaid):
        words = f"{charge.unit} 物业费" if place % 3 != 2 else "物业费"
        yield Row(days[-3:][place * 3 // len(unpaid)], charge.party.name, words, charge.open)
    builder: Any = developer_of(run.community)
    due = Draft.objects.filter(run=run, party=builder.pk).aggregate(total=Sum("amount"))["total"] or 0
    for part, paid in enumerate(range(0, due, BY_ONE_TRANSFER), start=1):
        words = f"{run.month} 未交付房屋物业费（{part}）"
        yield Row(days[-1], builder.name, words, min(due - paid, BY_ONE_TRANSFER))
    yield Row(days[-1], "", "转账存入", NOBODYS)
    yield Row(days[-1], "建设银行", "结息", INTEREST)
    yield Row(days[-1], "建设银行", FEE_WORDS, -BANK_FEE)
    yield Row(days[-1], "云栖保洁", "垃圾袋、清洁剂", -GOODS)


def _transfers(community: Any) -> list[Receipt]:
    """What the till wrote down as come by the bank, and no line of the statement is yet."""
    rows = Receipt.objects.filter(community=community, method=Receipt.Method.BANK, bank_tie__isnull=True)
    return list(rows.select_related("unit").order_by("pk"))


def _by_card(till: Any) -> int:
    return sum(line.counted for line in till.lines.filter(method=Receipt.Method.CARD))


def _fee(gross: int) -> int:
    return (gross * TERMINAL_PER_MILLE + 500) // 1000


def _our_own(lines: list[BankLine], people: dict[str, Any]) -> None:
    """The tills' money, the terminal's, the bank's own."""
    by, tills = people["tang"], list(TillClose.objects.filter(community=lines[0].community_id))
    for line in lines:
        key = f"demo:bank:{line.pk}"
        if line.summary.startswith(CASH):
            till = next(one for one in tills if line.summary == CASH + one.bank_slip)
            voucher: Any = carrying.carried(till)
            own_money.arrived(line, [voucher.pk], by=by, key=key)
        elif line.summary.startswith(CARDS):
            till = next(one for one in tills if line.summary == f"{CARDS}{one.day:%m%d}")
            own_money.terminal(line, _by_card(till) - line.amount, by=by, key=key)
        elif line.summary == FEE_WORDS:
            outgoing.charged(line, by=people["shen"], key=key)
        elif line.summary == "结息":
            taking.set_aside(line, "利息", by=by, key=key)
        elif not line.payer_name and line.amount > 0:
            taking.park(line, by=by, key=key)
    for line in lines:
        line.refresh_from_db()


def _transfers_seen(lines: list[BankLine], by: Any) -> None:
    there = {
        (one.payer_name, one.amount, timezone.localdate(one.received_at)): one
        for one in _transfers(lines[0].community_id)
    }
    for line in lines:
        receipt = there.pop((line.payer_name, line.amount, line.on), None)
        if receipt is not None:
            taking.tie(line, receipt, by=by, key=f"demo:bank:{line.pk}")


def _write(file: Path, rows: list[Row]) -> None:
    balance = 0
    with file.open("w", encoding="utf-8", newline="") as handle:
        sheet = csv.writer(handle)
        sheet.writerow(("交易日期", "对方户名", "摘要", "收入金额", "支出金额", "余额"))
        for row in rows:
            balance += row.amount
            came, went = (_plain(max(sign * row.amount, 0)) for sign in (1, -1))
            sheet.writerow((f"{row.day:%Y-%m-%d}", row.name, row.words, came, went, _plain(balance)))


def _plain(fen: int) -> str:
    return yuan(fen).replace(",", "") if fen else ""


class _Nowhere:
    """Takes the import's own words; the page of the import shows them."""

    def write(self, text: str) -> None:
        return None
