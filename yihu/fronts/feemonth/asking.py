"""What the month before left: its books, the notice of the 11th working day, who has not paid, what the law leaves (D66–D69)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from yihu.areas.billing.dunning.dates import dunning_day, last_day, lawful_day
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, DunningRound, Suspension
from yihu.areas.billing.notices.limits import closing
from yihu.areas.billing.notices.models import Notice
from yihu.areas.cashier.applying.periods import closed_through
from yihu.basics.worktime import CalendarYearMissing, OfficeCalendar
from yihu.fronts.feemonth.rows import Look, Row, did, link, state_of
from yihu.kernel.authority import grants_of
from yihu.kernel.calendars import office

BOOKS_WITHIN = 5  # working days after the month (D69)
S, N, V = DunningCase.State, DunningNotice.State, Suspension.State
NO_CALENDAR = "还没有录入这一年的节假日，日子推算不出；请管理员在“设置 → 工作日历”录入。"


def early(look: Look) -> list[Row]:
    return [books(look), dunned(look), reached(look)]


def late(look: Look) -> list[Row]:
    return [unpaid(look), paused(look), lawful(look)]


def _on(look: Look, reckon: Callable[[OfficeCalendar], date]) -> date | None:
    """A day by the working calendar; None where nobody has entered the year."""
    try:
        return reckon(office(look.community.pk, look.now))
    except CalendarYearMissing:
        return None


def _end(look: Look, day: date | None) -> datetime | None:
    return closing(look.community.pk, day) if day is not None else None


def _may(look: Look, capability: str) -> bool:
    return grants_of(look.person).may(capability, look.community.pk)


def books(look: Look) -> Row:
    span, title, who, last = (
        f"前 {BOOKS_WITHIN} 个工作日",
        "上月凭证审核、结账",
        "会计、财务主管",
        look.month.before.last,
    )
    on = _on(look, lambda calendar: calendar.working_days_after(last, BOOKS_WITHIN))
    due, closed = _end(look, on), closed_through(look.community)
    done = closed is not None and closed >= last
    url = f"{reverse('applying:books')}?month={last:%Y-%m}" if _may(look, "ledger.books") else ""
    if not done and timezone.localdate(look.now) <= last:
        return Row(span, title, who, "wait", "上个月还没有过完", url, due)
    told = f"已结账至 {closed:%Y-%m-%d}" if done else "等日结交清、凭证审完，结账"
    return Row(span, title, who, state_of(look.now, due, done=done), told, url, due)


def unpaid(look: Look) -> Row:
    """Who has still not paid last month's notice, on the 30th."""
    title, who, before = "核对上月通知单未缴名单", "财务", look.month.before
    day = last_day(look.month.year, look.month.month)
    span = f"{day.day} 日"
    notices = Notice.objects.filter(batch__batch_of=look.community, batch__period=f"{before.first:%Y-%m}").valid()
    total = notices.count()
    left = notices.filter(lines__charge__open__gt=0).distinct().count() if total else 0
    url = reverse("cashier:arrears") if _may(look, "ledger.see") else ""
    if not total:
        return Row(span, title, who, "none", "上月没有通知单", url)
    if not left:
        return Row(span, title, who, "done", f"{total} 张全部缴清", url)
    told = f"{total} 张通知单，还有 {left} 张没有缴清"
    return Row(span, title, who, "busy" if timezone.localdate(look.now) >= day else "wait", told, url)


def _round(look: Look) -> tuple[date | None, DunningRound | None]:
    month = look.month
    day = _on(look, lambda calendar: dunning_day(month.year, month.month, calendar))
    found = DunningRound.objects.filter(community=look.community, day=day).first() if day else None
    return day, found


def dunned(look: Look) -> Row:
    title, who = "催款通知单", "会计、项目经理"
    day, found = _round(look)
    span = f"{day.day} 日，第 11 个工作日" if day else "第 11 个工作日"
    if day is None:
        return Row(span, title, who, "late", NO_CALENDAR)
    due = _end(look, day)
    if found is None:
        waits = timezone.localdate(look.now) <= day
        return Row(span, title, who, "wait" if waits else "none", "到日自动生成" if waits else "没有要催的", due=due)
    done = found.state in (DunningRound.State.OUT, DunningRound.State.DONE)
    passed = f"，{found.passed} 户不发" if found.passed else ""
    if done and not found.drawn:
        return Row(span, title, who, "none", f"没有要催的{passed}", link(look, found))
    told = f"{found.drawn} 张{passed}" + (
        f"，{did(found, 'hand_out')} 打印盖章交客服" if done else f"，{found.state_word}"
    )
    return Row(span, title, who, state_of(look.now, found.due_at, done=done), told, link(look, found), found.due_at)


def reached(look: Look) -> Row:
    span, title, who = "发出后 2 个工作日", "催款单送达、签收表交回", "客服、楼管"
    _, found = _round(look)
    if found is None:
        return Row(span, title, who, "wait" if _still_to_come(look) else "none", "等催款通知单")
    counted = dict(found.notices.exclude(state=N.VOID).values_list("state").order_by().annotate(Count("pk")))
    total, there = sum(counted.values()), counted.get(N.DELIVERED, 0) + counted.get(N.DONE, 0)
    if not total:
        return Row(span, title, who, "none", "没有发出催款单")
    late = found.notices.filter(state=N.ISSUED, next_due_at__lt=look.now).exists()
    told = f"{total} 张，已送达 {there} 张，签收表已收 {counted.get(N.DONE, 0)} 张"
    state = "done" if counted.get(N.DONE, 0) == total else "late" if late else "busy"
    return Row(span, title, who, state, told, link(look, found))


def _still_to_come(look: Look) -> bool:
    return timezone.localdate(look.now) <= look.month.last


def paused(look: Look) -> Row:
    """暂停服务通知书: seven days, and only for optional paid services (domain.md §6.2)."""
    title, who, month = "暂停可选服务通知，七日内缴清", "会计、项目经理", look.month
    day = _on(look, lambda calendar: lawful_day(month.year, month.month, calendar))
    span = f"{day.month} 月 {day.day} 日起" if day else "30 日以后"
    url = reverse("kernel:list", args=["suspensions"]) if _may(look, "dunning.see") else ""
    if day is None or timezone.localdate(look.now) < day:
        return Row(span, title, who, "wait", "到日仍未缴的才可以；水、电、气、暖和公共服务不能停", url)
    until = month.after.last
    papers = Suspension.objects.filter(community=look.community, opened_at__date__gte=day, opened_at__date__lte=until)
    counted = dict(papers.values_list("state").order_by().annotate(Count("pk")))
    if not counted:
        return Row(span, title, who, "none", "没有发出；水、电、气、暖和公共服务不能停", url)
    going = sum(count for state, count in counted.items() if state not in (V.LIFTED, V.REFUSED, V.PAID))
    told = (
        f"{sum(counted.values())} 份，七日内待缴 {counted.get(V.WAITING, 0)} 份，暂停中 {counted.get(V.IN_FORCE, 0)} 份"
    )
    return Row(span, title, who, "busy" if going else "done", told, url)


def lawful(look: Look) -> Row:
    """Cases that are still open, whatever month they began in."""
    span, title, who = "随时", "上门沟通、分期、律师函、支付令、诉讼", "财务、客服"
    cases = DunningCase.objects.filter(community=look.community, closed_at__isnull=True)
    counted = dict(cases.values_list("state").order_by().annotate(Count("pk")))
    url = reverse("kernel:list", args=["dunning"]) if _may(look, "dunning.see") else ""
    if not counted:
        return Row(span, title, who, "none", "没有在催的户", url)
    named = "，".join(f"{S(state).label} {counted[state]} 户" for state in S.values if state in counted)
    late = cases.filter(next_due_at__lt=look.now).exists()
    return Row(span, title, who, "late" if late else "busy", named, url)
