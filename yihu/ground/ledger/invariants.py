"""What must hold of the books at every moment."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from yihu.basics.money import yuan
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Account, Books, Charge, Deposit, Line, Payable, Receipt, Voucher
from yihu.kernel.invariants import invariant


@invariant("ledger.balanced", "每张凭证借贷相等，分录与凭证同一项目、同一天")
def balanced() -> Iterator[str]:
    for row in Voucher.objects.annotate(total=Coalesce(Sum("lines__amount"), 0)).exclude(total=0):
        yield f"凭证 {row.pk} 借贷差 {yuan(row.total)}"
    for row in Voucher.objects.filter(lines__isnull=True):
        yield f"凭证 {row.pk} 没有分录"
    strayed = ~Q(voucher__community=F("community")) | ~Q(voucher__day=F("day"))
    for line in Line.objects.filter(strayed):
        yield f"分录 {line.pk} 与凭证不是同一项目或同一天"


@invariant("ledger.left", "账单未缴、收据未用、押金结存、应付未付都等于各自分录之和")
def left() -> Iterator[str]:
    of_money = Q(lines__account__in=(Account.CREDIT, Account.UNIDENTIFIED))
    for model, column, lines, sign in (
        (Charge, "open", Q(lines__account=Account.RECEIVABLE), 1),
        (Receipt, "left", of_money, -1),
        (Deposit, "left", Q(lines__account=Account.DEPOSIT), -1),
        (Payable, "left", Q(lines__account=Account.PAYABLE), -1),
    ):
        rows = model._default_manager.annotate(total=Coalesce(Sum("lines__amount", filter=lines), 0))
        for row in rows.exclude(total=sign * F(column)):
            yield f"{model._meta.verbose_name} {row.pk}：记 {yuan(getattr(row, column))}，分录合计 {yuan(sign * row.total)}"
    named = Sum("lines__amount", filter=Q(lines__account=Account.CREDIT, lines__item__isnull=False))
    for row in Receipt.objects.annotate(total=Coalesce(named, 0)).exclude(total=-1 * F("bound")):
        yield f"收据 {row.pk}：定了用途 {yuan(row.bound)}，分录合计 {yuan(-row.total)}"
    for charge in Charge.objects.filter(reversal__isnull=False).exclude(open=0):
        yield f"账单行 {charge.pk} 已冲销，仍有未缴"
    for payable in Payable.objects.filter(voided_by__isnull=False).exclude(left=0):
        yield f"应付款 {payable.pk} 已冲销，仍有未付"


@invariant("ledger.costs", "付款的科目与支出的科目逐笔相符，已冲销的应付款没有支出")
def costs() -> Iterator[str]:
    """What was paid for an item stands under that item: the payment of a bill follows its parts, also after a correction."""
    spent = Sum("amount", filter=Q(voucher__kind=Voucher.Kind.SPEND) & ~Q(account=Account.PAYABLE), default=0)
    paid = Sum("amount", filter=Q(voucher__kind=Voucher.Kind.PAY, account=Account.PAYABLE), default=0)
    rows = Line.objects.filter(payable__isnull=False).filter(Q(cost__isnull=False) | Q(item__isnull=False))
    sums = (
        rows.order_by()
        .values("payable", "payable__left", "payable__voided_by", "cost", "item")
        .annotate(spent=spent, paid=paid)
    )
    for row in sums:
        due = 0 if row["payable__left"] else row["spent"]
        if row["paid"] != due or (row["payable__voided_by"] and row["spent"]):
            yield f"应付款 {row['payable']} 科目 {row['cost'] or row['item']}：支出 {yuan(row['spent'])}，付款 {yuan(row['paid'])}"


@invariant("ledger.identities", "净应收 = 已缴 + 欠费；收款 − 退款 = 已缴 + 预收 + 未认领 + 押金；支出 = 已付 + 应付")
def hold() -> Iterator[str]:
    for books in Books.objects.select_related("community"):
        last = Line.objects.filter(community=books.community_id).order_by("-day").values_list("day", flat=True).first()
        if last is not None and not identities(books.community_id, last).hold:
            yield f"{books.community} 的账不平：{identities(books.community_id, last)}"


@invariant("ledger.numbers", "收据号连续，没有缺号")
def numbers() -> Iterator[str]:
    found: dict[str, set[int]] = defaultdict(set)
    for number in Receipt.objects.values_list("number", flat=True).iterator(2000):
        prefix, _, count = number.rpartition("-")
        found[prefix].add(int(re.sub(r"\D", "", count)))
    for prefix, counts in found.items():
        missing = sorted(set(range(1, max(counts) + 1)) - counts)
        if missing:
            yield f"{prefix} 缺 {len(missing)} 个号，第一个是 {missing[0]}"
