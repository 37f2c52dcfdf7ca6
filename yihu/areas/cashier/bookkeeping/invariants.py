"""What must hold of the drawn books at every moment."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max, Sum

from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip, SlipLine
from yihu.basics.money import yuan
from yihu.ground.ledger.accounts import movements, turnover
from yihu.kernel.invariants import invariant


@invariant("bookkeeping.slips", "每月凭证号从 1 连续，逐张借贷相等，逐科目与账上当月发生额一致")
def slips() -> Iterator[str]:
    for row in Slip.objects.order_by().values("book").annotate(count=Count("pk"), last=Max("number")):
        if row["count"] != row["last"]:
            yield f"月账 {row['book']} 凭证 {row['count']} 张，最大号 {row['last']}"
    sums = SlipLine.objects.order_by().values("slip", "slip__total").annotate(debit=Sum("debit"), credit=Sum("credit"))
    for row in sums:
        if not row["debit"] == row["credit"] == row["slip__total"]:
            yield f"凭证 {row['slip']} 借 {yuan(row['debit'])} 贷 {yuan(row['credit'])} 合计 {yuan(row['slip__total'])}"
    for book in MonthBook.objects.filter(drawn_at__isnull=False).order_by("pk"):
        moved: dict[str, list[object]] = {}
        for one in movements(book.community_id, book.first, book.last):
            moved.setdefault(one.account, []).append(one)
        on_slips = SlipLine.objects.filter(slip__book=book).order_by().values_list("account")
        found = {
            account: (debit, credit) for account, debit, credit in on_slips.annotate(d=Sum("debit"), c=Sum("credit"))
        }
        if found != {account: turnover(rows) for account, rows in moved.items()}:
            yield f"{book.number} 的凭证与账上 {book.period} 的发生额不一致"
