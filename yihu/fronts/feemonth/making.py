"""From the 20th to the 28th: what is to be billed is handed over, billed, printed and brought (D61–D65)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.billing.handing.models import ServiceBill
from yihu.areas.billing.meters import rounds
from yihu.areas.billing.meters.models import Meter, ReadingRound
from yihu.areas.billing.notices import limits
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch
from yihu.areas.billing.running.models import BillingRun, MonthTurn
from yihu.areas.billing.sharing.models import PoolMonth
from yihu.areas.services.models import MonthList
from yihu.basics.worktime import OFFICE_ZONE
from yihu.fronts.feemonth.rows import Look, Row, did, link, state_of

L, R, P = MonthList.State, ReadingRound.State, PoolMonth.State


def rows(look: Look) -> list[Row]:
    batch = NoticeBatch.objects.filter(batch_of=look.community, period=period(look)).first()
    return [
        services(look), service_bill(look), readings(look), readings_checked(look), shares(look), bills(look),
        drawn(look, batch), printed(look, batch), delivered(look, batch), returned(look, batch),
    ]  # fmt: skip


def period(look: Look) -> str:
    return f"{look.month.code}"


def not_yet(look: Look, day: int, otherwise: str) -> tuple[str, str]:
    """Before a day of the month it opens by itself; afterwards there was nothing."""
    opens = datetime.combine(look.month.first.replace(day=day), time(), OFFICE_ZONE)
    return ("wait", f"{day} 日自动列出") if look.now < opens else ("none", otherwise)


def services(look: Look) -> Row:
    span, title, who = "20–22 日", "有偿服务月结清单送财务", "客服"
    found = MonthList.objects.filter(list_of=look.community, period=period(look)).first()
    if found is None:
        return Row(span, title, who, *not_yet(look, 20, "本月没有有偿服务要收"))
    done = found.state in (L.SENT, L.RECEIVED)
    told = {
        L.DUE: "等客服汇总签字", L.SIGNED: f"{did(found, 'sign')} 汇总，等送财务", L.SENT: f"{did(found, 'send')} 送出，等财务接收",
        L.RECEIVED: f"{did(found, 'send')} 送出，{did(found, 'receive')} 接收",
    }[L(found.state)]  # fmt: skip
    return Row(span, title, who, state_of(look.now, found.due_at, done=done), told, link(look, found), found.due_at)


def service_bill(look: Look) -> Row:
    span, title, who = "20–25 日", "有偿服务进账", "会计"
    found = ServiceBill.objects.filter(community=look.community, period=period(look)).order_by("-pk").first()
    if found is None:
        return Row(span, title, who, "wait" if _still(look) else "none", "财务收到月结清单后列出")
    done = found.closed_at is not None
    told = f"{did(found, 'charge', 'refuse')} {found.state_word}" if done else "等会计审批出账"
    return Row(span, title, who, state_of(look.now, None, done=done), told, link(look, found))


def _still(look: Look) -> bool:
    """Whether the month still lasts."""
    return timezone.localdate(look.now) <= look.month.last


def readings(look: Look) -> Row:
    span, title, who = "21–23 日", "抄表读数交财务", "工程部文员"
    found = _round(look)
    if found is None:
        meters = Meter.objects.filter(community=look.community, shown=True).exists()
        return Row(span, title, who, *(not_yet(look, 18, "本月没有抄表") if meters else ("none", "没有要抄的表")))
    done = found.state != R.READING
    left = 0 if done else rounds.missing(found).count()
    words = f"{did(found, 'hand_over')} 移交" if done else (f"还差 {left} 块表没抄" if left else "抄齐了，等移交")
    return Row(span, title, who, state_of(look.now, found.due_at, done=done), words, link(look, found), found.due_at)


def _round(look: Look) -> ReadingRound | None:
    return ReadingRound.objects.filter(community=look.community, month=look.month.first).first()


def readings_checked(look: Look) -> Row:
    span, title, who = "23–25 日", "财务核对读数", "财务"
    found = _round(look)
    if found is None or found.state == R.READING:
        return Row(span, title, who, "wait" if found else "none", "等工程部移交" if found else "没有读数要核对")
    done = found.state == R.CHECKED
    told = f"{did(found, 'check')} 核对" if done else "等财务核对"
    return Row(span, title, who, state_of(look.now, None, done=done), told, link(look, found))


def shares(look: Look) -> Row:
    span, title, who = "20–23 日", "公摊算好、公示", "会计"
    found = list(PoolMonth.objects.filter(community=look.community, month=look.month.first, live=True).order_by("pk"))
    if not found:
        return Row(span, title, who, *not_yet(look, 20, "本月没有公摊"))
    ready = sum(1 for one in found if one.state == P.PUBLISHED)
    due = min((one.due_at for one in found if one.due_at and one.state != P.PUBLISHED), default=found[0].due_at)
    told = f"{len(found)} 项，已公示 {ready} 项"
    url = reverse("kernel:list", args=[found[0].procedure.slug]) if link(look, found[0]) else ""
    return Row(span, title, who, state_of(look.now, due, done=ready == len(found)), told, url, due)


def bills(look: Look) -> Row:
    span, title, who = "21–25 日", "本月账单试算、核对、出账", "会计"
    S = BillingRun.State
    runs = BillingRun.objects.filter(community=look.community, month_on=look.month.first)
    run = runs.exclude(state__in=(S.DROPPED, S.REVERSED)).order_by("-pk").first()
    turn = MonthTurn.objects.filter(turn_of=look.community, period=period(look)).first()
    due = turn.due_at if turn else None
    if turn is not None and turn.state == MonthTurn.State.LEFT_OUT:
        return Row(span, title, who, "none", f"{did(turn, 'leave_out')} 本月不出账：{turn.why}", link(look, turn), due)
    if run is None:
        if turn is None:
            return Row(span, title, who, *not_yet(look, 21, "本月没有出账"))
        return Row(span, title, who, state_of(look.now, due, done=False), "等会计试算", link(look, turn), due)
    done = run.state == S.POSTED
    told = f"{did(run, 'check')} 核对，{did(run, 'post', 'resume')} 出账" if done else f"{run.number} {run.state_word}"
    return Row(span, title, who, state_of(look.now, due, done=done), told, link(look, run), due)


B = NoticeBatch.State
AFTER_CHECK = (B.CHECKED, B.SEALED, B.PRINTED, B.OUT, B.CLOSED)


def drawn(look: Look, batch: NoticeBatch | None) -> Row:
    span, title, who = "23–26 日", "缴费通知单生成、核对", "会计、财务主管"
    if batch is None:
        return Row(span, title, who, *not_yet(look, limits.DRAWN_FROM, "本月没有未缴的账单"))
    done = batch.state in AFTER_CHECK
    told = {B.DUE: "等会计生成", B.DRAWN: f"{did(batch, 'draw')} 生成 {batch.count} 张，等另一人核对"}.get(
        B(batch.state)
    )
    told = told or f"{batch.count} 张，{did(batch, 'check')} 核对"
    return Row(span, title, who, state_of(look.now, batch.print_by, done=done), told, link(look, batch), batch.print_by)


def printed(look: Look, batch: NoticeBatch | None) -> Row:
    span, title, who = "26 日前", "通知单盖章、打印", "项目经理、会计"
    if batch is None or batch.state in (B.DUE, B.DRAWN):
        return Row(span, title, who, *_after(look, batch, "等核对"), due=batch.print_by if batch else None)
    done = batch.printed_at is not None
    told = f"{did(batch, 'seal')} 同意盖章，{did(batch, 'print')} 打印" if done else _sealing(batch)
    return Row(span, title, who, state_of(look.now, batch.print_by, done=done), told, link(look, batch), batch.print_by)


def _sealing(batch: NoticeBatch) -> str:
    return f"{did(batch, 'seal')} 同意盖章，等打印" if batch.state == B.SEALED else "等项目经理同意盖章"


def _after(look: Look, batch: NoticeBatch | None, words: str) -> tuple[str, str]:
    """What comes after a step that is not done waits for it; the step itself says that it is late."""
    return not_yet(look, limits.DRAWN_FROM, "本月没有通知单") if batch is None else ("wait", words)


def delivered(look: Look, batch: NoticeBatch | None) -> Row:
    span, title, who = "28 日前", "逐户送达、签收", "客服、楼管"
    due = limits.deliver_by(look.community.pk, look.month)
    if batch is None or batch.printed_at is None:
        return Row(span, title, who, *_after(look, batch, "等打印、派发"), due=due)
    notices = Notice.objects.filter(batch=batch).valid()
    total, left = notices.count(), notices.undelivered().count()
    refused = notices.exclude(refusal="").count()
    told = f"{total} 张，已送达 {total - left} 张" + (f"（拒签 {refused} 张）" if refused else "")
    url = f"{reverse('notices:listing')}?batch={batch.pk}&state=undelivered" if link(look, batch) else ""
    return Row(span, title, who, state_of(look.now, due, done=not left), told, url, due)


def returned(look: Look, batch: NoticeBatch | None) -> Row:
    span, title, who = "28 日前", "签收表交回财务", "客服、会计"
    due = limits.deliver_by(look.community.pk, look.month)
    sheets: list[Any] = list(batch.sheets.all()) if batch is not None else []
    if not sheets:
        return Row(span, title, who, *_after(look, batch, "等派发"), due=due)
    back = sum(1 for one in sheets if one.state == DeliverySheet.State.RETURNED)
    told = f"{len(sheets)} 张签收表，财务已收 {back} 张"
    url = reverse("kernel:list", args=[sheets[0].procedure.slug]) if link(look, sheets[0]) else ""
    return Row(span, title, who, state_of(look.now, due, done=back == len(sheets)), told, url, due)
