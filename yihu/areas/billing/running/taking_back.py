"""冲回: bills of a run are taken back slice by slice, dated today; what was paid on them stands at the payer's disposal."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db.models import Count

from yihu.areas.billing.running.models import BillingRun
from yihu.areas.billing.running.pace import Overtaken, Pace
from yihu.areas.billing.running.posting import at_work, claimed
from yihu.ground.ledger import many
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.posting import books
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import job

LINES = 500  # bills taken back in one transaction
PAID = 10  # of those, the paid ones cost some questions each

S = BillingRun.State


def bills(run: BillingRun) -> Any:
    """What of the run is to be taken back and still stands."""
    rows = Charge.objects.filter(record=run, reversal__isnull=True)
    return rows.filter(unit__in=run.back_units) if run.back_units else rows


def count_back(run: BillingRun) -> tuple[int, int]:
    """Bills, and units among them."""
    found = bills(run).aggregate(lines=Count("pk"), units=Count("unit", distinct=True))
    return int(found["lines"]), int(found["units"])


@job(retries=5)
def take_back(run_id: int) -> None:
    pace = Pace()
    while (run := at_work(run_id, S.REVERSING)) is not None:
        try:
            with pace.slice():
                _one_slice(run)
        except Refused as refused:
            _give_up(run, refused.sentence)
            return


def _next(run: BillingRun) -> list[Charge]:
    """As many as a short transaction takes: those that were paid cost more."""
    found: list[Charge] = []
    paid = 0
    for one in bills(run).filter(pk__gt=run.back_to).select_related("item", "record").order_by("pk")[:LINES]:
        paid += one.open != one.amount
        if paid > PAID:
            break
        found.append(one)
    return found


def _one_slice(run: BillingRun) -> None:
    key = f"running.back:{run.pk}:{run.version}:{run.back_to}"
    if not bills(run).filter(pk__gt=run.back_to).exists():
        with command(by=authority().system(), key=f"{key}:over", verb="running.backed") as commanding:
            if not commanding.replayed and claimed(run, S.REVERSING, back_to=run.back_to):
                commanding.perform(run, "backed", data={}, files={})
        return
    with command(by=run.back_approver, key=key, verb="running.back") as commanding:
        if commanding.replayed:
            return
        claimed(run, S.REVERSING, back_to=run.back_to)
        with books(commanding, run.community_id) as opened:
            some = _next(run)
            many.take_back(opened, some, f"冲回 {run.number}：{run.back_why}", record=run)
        BillingRun.objects.filter(pk=run.pk).update(
            back_to=some[-1].pk if some else run.back_to, lines_back=run.lines_back + len(some),
            amount_back=run.amount_back + sum(one.amount for one in some),
        )  # fmt: skip


def _give_up(run: BillingRun, sentence: str) -> None:
    with suppress(Overtaken), command(by=authority().system(), verb="running.halt") as commanding:
        claimed(run, S.REVERSING)
        BillingRun.objects.filter(pk=run.pk).update(trouble=sentence[:200])
        commanding.perform(run, "halt_back", data={}, files={})
