"""What the steps of a run do beyond changing its state: they put the long work into the queue and say who did what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from yihu.areas.billing.running import drawing, posting, taking_back
from yihu.areas.billing.running.models import BillingRun
from yihu.areas.billing.running.staleness import prices_changed, prices_held, prices_of
from yihu.areas.billing.running.who import CHECK
from yihu.basics.money import yuan
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.models import Charge
from yihu.kernel.authority import authority
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import follow
from yihu.kernel.models.jobs import Progress
from yihu.kernel.procedure import Branch

S = BillingRun.State


# -- drawing up ------------------------------------------------------------------------------------------------------
def opened(act: Any) -> None:
    _note(act.record, under_way=act.record.scope)
    draw(act)


def draw(act: Any) -> None:
    """Reckon from the first unit on, with the prices and readings of now."""
    run, round_ = act.record, act.record.round + 1
    run.drawn_at = run.checker = run.checked_at = None
    count = Unit.objects.filter(community=run.community_id).count()
    _note(run, round=round_, drawn_to=0, units_drawn=0, units_total=count, slices=0, figures={
        "prices": prices_of(run), "on": f"{timezone.localdate(act.at)}",
        "upto": Charge.objects.order_by("pk").values_list("pk", flat=True).last() or 0,
    })  # fmt: skip
    _followed(run, drawing.draw.using(key=f"running-draw:{run.pk}:{round_}").enqueue(run.pk, round_).id, count)


def drawn(act: Any) -> None:
    act.record.drawn_at = act.at
    if act.record.lines:
        others = [one for one in authority().people_with(act.record.community_id, CHECK) if one != act.record.opened_by]
        act.tell(others, f"{act.record.number} {act.record.month}账单已试算，{yuan(act.record.amount)} 元，请核对。")


# -- checking --------------------------------------------------------------------------------------------------------
def not_to_be_checked(run: Any, by: Any) -> str:
    if run.figures.get("stop_all"):
        return "有影响整个项目的问题还没有解决，请先处理，再重新试算。"
    if not run.lines:
        return "没有要出的账单。请先处理列出的问题，再重新试算；不用出的请作废。"
    return prices_changed(run)


def checked(act: Any) -> None:
    act.record.checker, act.record.checked_at = act.by, act.at
    act.tell([act.record.opened_by], f"{act.record.number} 已由 {act.by} 核对，可以出账。")


def returned(act: Any) -> None:
    act.record.checker = act.record.checked_at = None
    act.tell([act.record.opened_by], f"{act.record.number} 被退回：{act.record.check_note[:80]}")


# -- posting ---------------------------------------------------------------------------------------------------------
def post(act: Any) -> None:
    run = act.record
    if act.step == "post" and (said := prices_held(run)):
        raise Refused(said)
    run.poster = act.by
    _note(run, trouble="")
    task = posting.post.using(key=f"running-post:{run.pk}").enqueue(run.pk)
    _followed(run, task.id, run.slices)


def halted(act: Any) -> None:
    people = [one for one in (act.record.poster, act.record.opened_by) if one is not None]
    act.command.note(act.record, f"停下的原因：{act.record.trouble}", step="trouble")
    act.tell(people, f"{act.record.number} 已暂停：{act.record.trouble[:100]}")


def finished(act: Any) -> None:
    run = act.record
    run.posted_at = act.at
    _note(run, under_way=None)
    skipped = f"，跳过已出过的 {run.lines_skipped} 行" if run.lines_skipped else ""
    words = f"出账 {run.lines_posted} 行 {yuan(run.amount_posted)} 元{skipped}"
    act.command.note(run, words, step="posted")
    act.tell([run.poster, run.opened_by], f"{run.number} 已{words}。")


def something_posted(run: Any, by: Any) -> str:
    if run.lines_posted > run.lines_back:
        return "已经有账单入账，不能作废。请继续出账，或者申请冲回。"
    return ""


def dropped(act: Any) -> None:
    _note(act.record, under_way=None)


# -- taking back -----------------------------------------------------------------------------------------------------
def nothing_posted(run: Any, by: Any) -> str:
    return "" if taking_back.count_back(run)[0] or run.back_units else "本批没有可以冲回的账单。"


def asked_back(act: Any) -> None:
    run = act.record
    run.back_asker = act.by
    lines, units = taking_back.count_back(run)
    _note(run, back_to=0, back_total=lines)
    act.tell_post("finance_supervisor", f"{run.number} 申请冲回 {units} 户 {lines} 行账单，请审批。")


def back_refused(act: Any) -> None:
    act.record.back_units = []
    act.tell([act.record.back_asker], f"{act.record.number} 冲回未获批准：{act.data['reason'][:80]}")


def approved_back(act: Any) -> None:
    run = act.record
    run.back_approver = act.by
    lines, _ = taking_back.count_back(run)
    _note(run, back_to=0, back_total=lines, trouble="")
    _followed(run, taking_back.take_back.using(key=f"running-back:{run.pk}").enqueue(run.pk).id, lines)


def taken_back(act: Any) -> None:
    run = act.record
    run.back_units = []
    if act.record.state == S.REVERSED:
        _note(run, under_way=None)
    words = f"冲回共 {run.lines_back} 行 {yuan(run.amount_back)} 元"
    act.command.note(run, words, step="taken_back")
    act.tell([run.back_asker, run.back_approver], f"{run.number} {words}。")


def _as_before(act: Any) -> str:
    """Where a run stands from which nothing, or only a part, was taken back."""
    return S.POSTED if act.record.posted_at is not None else S.STOPPED


def _after_back(act: Any) -> str:
    run = act.record
    left = run.lines_posted > run.lines_back
    return _as_before(act) if left else S.REVERSED


AS_BEFORE = Branch(_as_before, (S.POSTED, S.STOPPED))
AFTER_BACK = Branch(_after_back, (S.REVERSED, S.POSTED, S.STOPPED))


def _note(run: Any, **columns: Any) -> None:
    """What only the program reads: it stands in no journal."""
    BillingRun.objects.filter(pk=run.pk).update(**columns)


def _followed(run: Any, task_id: str, total: int) -> None:
    """A task that waits already, for somebody asked before, is followed as it is."""
    if not Progress.objects.filter(pk=task_id).exists():
        follow(task_id, total=total)
    _note(run, task_id=UUID(task_id))
