"""What must hold of the runs at every moment."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Sum

from yihu.areas.billing.running.canon import basis_text, chained, line_text
from yihu.areas.billing.running.models import BillingRun
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Charge
from yihu.kernel.invariants import invariant


def digest_of(run: BillingRun) -> str:
    """Over all bills of the run as they stand in the books, unit by unit."""
    rows = Charge.objects.filter(record=run).order_by(F("unit").asc(nulls_last=True), "pk")
    names = ("unit", "item", "from_on", "to_on", "due_on", "amount", "part", "words", "basis")
    lines = (line_text(*row[:-1], basis_text(row[-1])) for row in rows.values_list(*names).iterator(2000))
    return chained("", lines)


@invariant("running.posted", "每批出账记下的行数、金额、校验值与账上的账单一致")
def posted() -> Iterator[str]:
    for run in BillingRun.objects.filter(done__gt=0).order_by("pk"):
        total = Charge.objects.filter(record=run).aggregate(total=Sum("amount"))["total"] or 0
        count = Charge.objects.filter(record=run).count()
        if (count, total) != (run.lines_posted, run.amount_posted):
            yield f"{run.number} 记 {run.lines_posted} 行 {yuan(run.amount_posted)} 元，账上 {count} 行 {yuan(total)} 元"
        elif digest_of(run) != run.digest:
            yield f"{run.number} 的账单与出账时的校验值不符"


@invariant("running.back", "每批记下的冲回行数与账上一致，整批冲回的没有留下账单")
def back() -> Iterator[str]:
    for run in BillingRun.objects.filter(state=BillingRun.State.REVERSED).order_by("pk"):
        if Charge.objects.filter(record=run, reversal__isnull=True).exists():
            yield f"{run.number} 已整批冲回，账上还有没冲的账单"
