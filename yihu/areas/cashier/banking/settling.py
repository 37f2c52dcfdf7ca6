"""渠道结算: what a channel paid out the day after, payment by payment beside our receipts, and its arrival in the bank."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yihu.areas.cashier.banking import taking
from yihu.areas.cashier.banking.channels import Paid, channel_or_refuse, label_of
from yihu.areas.cashier.banking.counting import hear
from yihu.areas.cashier.banking.models import BankLine, PayOrder, Settlement
from yihu.areas.cashier.banking.tying import BOOK
from yihu.basics.money import yuan
from yihu.ground.ledger import posting, receiving
from yihu.ground.ledger.models import Receipt
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require

IMPORT = "banking.import"


def settle(community: Any, channel: str, day: date, *, by: Any, key: str | None = None) -> Settlement:
    """Fetch the day's settlement, count what we had not heard of, and post it: 线上在途 → 银行存款 and the fee."""
    require(by, IMPORT, community.pk, "您不能取渠道结算单，请找出纳。")
    if day >= timezone.localdate():
        raise Refused("当天的结算单要到第二天才有，请取昨天或更早的。")
    if Settlement.objects.filter(community=community, channel=channel, day=day).exists():
        raise Conflict(f"{label_of(channel)} {day:%Y-%m-%d} 已经结算过了。", [])
    rows = _here(community, channel, channel_or_refuse(channel).settled(day))
    if not rows:
        raise Refused(f"{label_of(channel)} {day:%Y-%m-%d} 没有这个项目的付款。")
    for row in rows:
        hear(channel, row)  # one that was counted before is not counted again
    wrong = differences(community, channel, rows)
    if wrong:
        more = f" 等 {len(wrong)} 处" if len(wrong) > 3 else ""
        raise Refused(f"结算单与账上对不上，先处理再结算：{'；'.join(wrong[:3])}{more}。")
    gross, fee = sum(row.amount for row in rows), sum(row.fee for row in rows)
    with command(by=by, key=key, verb="banking.settle", body=[community.pk, channel, day.isoformat()]) as commanding:
        if commanding.stored:
            return Settlement.objects.get(pk=commanding.stored.answer_id)
        with posting.books(commanding, community.pk) as books:
            words = f"{label_of(channel)} {day:%Y-%m-%d} 结算 {len(rows)} 笔"
            found = Settlement(community=community, channel=channel, day=day, gross=gross, fee=fee)
            found.voucher = receiving.pay_out(books, gross, fee, words=words)
            try:
                with transaction.atomic():
                    found.save(force_insert=True)
            except IntegrityError:
                raise Conflict(f"{label_of(channel)} {day:%Y-%m-%d} 刚刚有人结算过了。", []) from None
            commanding.note(commanding.book("banking.settlement", found.pk), f"{by} {words}", step="settle")
            commanding.answer(found)
    return found


def _here(community: Any, channel: str, rows: list[Paid]) -> list[Paid]:
    """The merchant's account may serve several communities: their orders tell them apart."""
    numbers = [row.number for row in rows]
    known = set(
        PayOrder.objects.filter(community=community, channel=channel, number__in=numbers).values_list(
            "number", flat=True
        )
    )
    return list({row.reference: row for row in rows if row.number in known}.values())


def differences(community: Any, channel: str, rows: list[Paid]) -> list[str]:
    """In sentences: what the channel paid out and our books do not say, or say otherwise."""
    references = [f"{channel}:{row.reference}" for row in rows]
    booked = dict(
        Receipt.objects.filter(
            community=community, method=Receipt.Method.ONLINE, reference__in=references, voided_by__isnull=True
        ).values_list("reference", "amount")
    )
    found = []
    for row, reference in zip(rows, references, strict=True):
        if reference not in booked:
            found.append(f"{row.number} 渠道收 {yuan(row.amount)}，账上没有")
        elif booked[reference] != row.amount:
            found.append(f"{row.number} 渠道收 {yuan(row.amount)}，账上是 {yuan(booked[reference])}")
    return found


def arrived(settlement: Settlement, line: BankLine, *, by: Any, key: str | None = None) -> None:
    """The settled sum stands in the statement: it is this line."""
    with command(by=by, key=key, verb="banking.arrived", body=[settlement.pk, line.pk]) as commanding:
        if commanding.replayed:
            return
        with posting.books(commanding, line.community_id) as books:
            books.require(posting.COLLECT, "您不能核对银行流水，请找收费员。")
            free = line.amount == settlement.net and taking.rest_of(line) == line.amount and not line.aside
            waiting = Settlement.objects.filter(pk=settlement.pk, community_id=line.community_id, line__isnull=True)
            if not free or Settlement.objects.filter(line=line).exists() or not waiting.update(line=line):
                raise Conflict("这笔流水或这天的结算已经对过了，或者金额不等，请刷新看看。", [])
            commanding.note(commanding.book(BOOK, line.pk), f"{by} 对上 {settlement} 的结算", step="banking")
