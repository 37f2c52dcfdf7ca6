"""What a company sets itself: limits, hours, holidays; and the work in the background, tried again by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.kernel import job_samples as samples
from tests.support.doing import assign, at, log_contact, the_order
from yihu.kernel import calendars, holidays
from yihu.kernel.holidays import ask_for_years
from yihu.kernel.jobs import dead_letters, run_waiting
from yihu.kernel.journal import verify
from yihu.kernel.models import Book, CalendarDay, CalendarYear, Deadline, Message, Parameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhou(cast: Any) -> Any:
    return cast.person("zhou", "周管理", "sysadmin")


@pytest.fixture
def office(zhou: Any, sign_in: Any) -> Client:
    """周管理 at his desk."""
    client: Client = sign_in(zhou)
    return client


def tomorrow() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def typed(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def change(office: Client, address: str, since: datetime, **values: Any) -> Any:
    return office.post(address, {"in_force_at": typed(since), "why": "冬季人手少", **values})


def sentences(register: str, object_id: Any) -> list[str]:
    book = Book.objects.get(register=register, object_id=str(object_id))
    assert verify(book) == []
    return list(book.journal.order_by("seq").values_list("sentence", flat=True))


def deadline(record: Any, code: str) -> Deadline:
    return Deadline.objects.get(record_id=record.pk, code=code, stopped_at__isnull=True)


# Limits --------------------------------------------------------------------------------------------------------------
def test_every_declared_clock_stands_on_the_page_in_words(office: Client) -> None:
    page = office.get("/settings/clocks/").content.decode()
    for words in (
        "D14 派工",
        "服务时间 15 分钟",
        "超过服务时间 15 分钟：客服主管",
        "D16 修复",
        "急修",
        "3 个工作日",
        "按单上写的时间",
    ):
        assert words in page
    assert "engineering_head" not in page


@pytest.mark.clause("REV-02", part="时限参数：登记时有效的时限一直管到底，改动只管以后登记的")
def test_a_new_limit_holds_for_what_begins_after_it_and_for_nothing_before(cast: Any, office: Client) -> None:
    since = tomorrow()
    urgent = {"level": "urgent"}
    old = the_order(log_contact(cast, when=since - timedelta(minutes=1)))
    assert change(office, "/settings/clocks/D14/first/", since, amount=40).status_code == 302
    assert change(office, "/settings/clocks/D15/urgent/", since, amount=60).status_code == 302
    assert "40 分钟" in office.get("/settings/clocks/").content.decode()
    new = the_order(log_contact(cast, when=since + timedelta(minutes=1)))
    assert (deadline(old, "D14").rule, deadline(new, "D14").rule) == ("服务时间 15 分钟", "服务时间 40 分钟")
    assert deadline(new, "D14").due_at == since + timedelta(hours=9, minutes=10)
    # a clock that only starts now still runs by the rule under which the matter began
    assert deadline(assign(cast, old, since + timedelta(hours=10), **urgent), "D15").rule == "30 分钟"
    assert deadline(assign(cast, new, since + timedelta(hours=10), **urgent), "D15").rule == "1 小时"


def test_a_change_succeeds_the_one_before_and_never_rewrites_it(office: Client, yunqi: Any) -> None:
    since = tomorrow()
    change(office, "/settings/clocks/D14/first/", since, amount=40)
    first = Parameter.objects.values().get()
    again = change(office, "/settings/clocks/D14/first/", since, amount=50)
    assert again.status_code == 409
    assert "已经有一次改动，不能覆盖" in again.content.decode()
    assert change(office, "/settings/clocks/D14/first/", since + timedelta(days=1), amount=20).status_code == 302
    assert Parameter.objects.values().get(pk=first["id"]) == first
    page = office.get("/settings/clocks/D14/first/").content.decode()
    assert page.index("服务时间 20 分钟") < page.index("服务时间 40 分钟") < page.index("程序原定")
    lines = sentences("kernel.parameter", f"{yunqi.pk}/clock.D14.first")
    assert lines[0].startswith("周管理 改时限 D14 派工，自 ")
    assert lines[0].endswith("原因：冬季人手少")
    assert len(lines) == 2


def test_a_change_comes_into_force_a_minute_ahead_at_the_earliest(office: Client) -> None:
    now = timezone.now()
    for since in (now - timedelta(days=1), now):
        refused = change(office, "/settings/clocks/D14/first/", since, amount=40)
        assert refused.status_code == 409
        assert "至少要在一分钟以后" in refused.content.decode()
    for amount in ("0", "-5", "1.5", "99999999", "many", ""):
        assert change(office, "/settings/clocks/D14/first/", tomorrow(), amount=amount).status_code == 422
    assert change(office, "/settings/clocks/D14/first/", tomorrow(), amount=40, why=" ").status_code == 422
    assert not Parameter.objects.exists()


def test_the_same_form_sent_twice_changes_once(office: Client) -> None:
    for _ in range(2):
        sent = change(office, "/settings/clocks/D14/first/", tomorrow(), amount=40, key="once")
        assert sent.status_code == 302
    assert Parameter.objects.count() == 1


def test_what_is_agreed_with_the_caller_has_no_number_to_set(office: Client) -> None:
    page = office.get("/settings/clocks/D04/")
    assert "这里没有数字可改" in page.content.decode()
    change(office, "/settings/clocks/D04/", tomorrow(), amount=40)
    assert not Parameter.objects.exists()
    assert office.get("/settings/clocks/D00/").status_code == 404
    assert office.get("/settings/clocks/D14/again/").status_code == 404


def test_who_may_set_one_thing_sees_that_one_alone(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.li)
    assert 'href="/settings/"' in client.get("/").content.decode()
    page = client.get("/settings/").content.decode()
    assert "大屏" in page
    assert "后台任务" not in page
    assert client.get("/settings/clocks/").status_code == 403


@pytest.mark.parametrize("who", ["wang", "chen", "gao"])
def test_others_set_nothing(cast: Any, sign_in: Any, who: str) -> None:
    client = sign_in(getattr(cast, who))
    for address in (
        "",
        "clocks/",
        "clocks/D14/first/",
        "hours/",
        "hours/service/",
        "calendar/",
        "calendar/2027/enter/",
        "jobs/",
    ):
        assert client.get(f"/settings/{address}").status_code == 403
    assert change(client, "/settings/clocks/D14/first/", tomorrow(), amount=40).status_code == 403
    assert 'href="/settings/"' not in client.get("/").content.decode()


def test_the_way_to_the_settings_stands_in_the_menu(office: Client) -> None:
    assert 'href="/settings/"' in office.get("/").content.decode()
    page = office.get("/settings/").content.decode()
    for label in ("时限", "工作时间", "工作日历", "后台任务"):
        assert label in page


# Hours ---------------------------------------------------------------------------------------------------------------
def week(**other: Any) -> dict[str, Any]:
    days = {f"open_{day}": "on" for day in range(7)}
    days |= {f"from_{day}": "09:00" for day in range(7)} | {f"to_{day}": "18:00" for day in range(7)}
    return {name: value for name, value in {**days, **other}.items() if value is not None}


def test_a_day_without_service_stops_the_service_clocks(cast: Any, office: Client) -> None:
    since = tomorrow()
    sunday = since + timedelta(days=(6 - since.weekday()) % 7 or 7)
    assert change(office, "/settings/hours/service/", since, **week(open_6=None)).status_code == 302
    order = the_order(log_contact(cast, when=sunday + timedelta(hours=10)))
    assert deadline(order, "D14").due_at == sunday + timedelta(days=1, hours=9, minutes=15)
    page = office.get("/settings/hours/").content.decode()
    assert "星期一至星期六 09:00–18:00；星期日 不服务" in page
    assert "周管理 改服务时间" in sentences("kernel.parameter", f"{cast.yunqi.pk}/service_hours")[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"to_2": "08:00"}, "结束要晚于开始"),
        ({"from_2": ""}, "请填写时间，或取消这一天"),
        ({f"open_{day}": None for day in range(7)}, "一周内至少要有一天是服务日"),
    ],
)
def test_hours_that_cannot_be_are_refused(office: Client, wrong: dict[str, Any], sentence: str) -> None:
    answer = change(office, "/settings/hours/service/", tomorrow(), **week(**wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Parameter.objects.exists()


def test_open_until_midnight(office: Client, yunqi: Any) -> None:
    since = tomorrow()
    assert change(office, "/settings/hours/service/", since, **week(to_4="00:00")).status_code == 302
    window = calendars.office(yunqi.pk, since).hours[4]
    assert window is not None
    assert f"{window[1]:%H:%M}" == "00:00"
    assert "09:00–24:00" in office.get("/settings/hours/").content.decode()


def test_the_companys_hours_are_set_by_who_manages_all_communities(cast: Any, office: Client, sign_in: Any) -> None:
    since = tomorrow()
    assert change(office, "/settings/hours/office/", since, opens="09:00", closes="18:00").status_code == 302
    assert calendars.office(cast.qinghe.pk, since).office_hours[1].hour == 18
    cast.person("sun", "孙管理", "sysadmin", community=cast.qinghe)
    refused = change(office, "/settings/hours/office/", since + timedelta(days=1), opens="08:00", closes="17:00")
    assert refused.status_code == 403
    assert "只能由管理所有项目的系统管理员修改" in refused.content.decode()
    assert Parameter.objects.count() == 1


# Holidays ------------------------------------------------------------------------------------------------------------
def weekday_in(year: int, month: int, *, worked: bool = True) -> date:
    """The first weekday of a month, or its first Sunday."""
    day = date(year, month, 1)
    while (day.weekday() < 5) is not worked:
        day += timedelta(days=1)
    return day if worked else day + timedelta(days=6 - day.weekday())


@pytest.fixture
def year(cast: Any) -> int:
    """Next year, about which nobody knows anything yet; this year is known."""
    today = timezone.localdate()
    CalendarYear.objects.get_or_create(year=today.year, defaults={"source": "通知"})
    CalendarYear.objects.filter(year__gt=today.year).delete()
    CalendarDay.objects.filter(day__year__gt=today.year).delete()
    calendars.forget()
    return today.year + 1


def enter(office: Client, year: int, text: str, act: str = "look", **more: Any) -> Any:
    return office.post(f"/settings/calendar/{year}/enter/", {"text": text, "source": "放假通知", "act": act, **more})


def test_a_year_is_read_looked_at_and_saved(cast: Any, office: Client, year: int) -> None:
    off, worked = weekday_in(year, 1), weekday_in(year, 2, worked=False)
    when = datetime(year - 1, 12, 30, 9, 0, tzinfo=at("2026-01-01 00:00").tzinfo)
    order = assign(cast, the_order(log_contact(cast, when=when)), when, level="major")
    assert deadline(order, "D16").tentative
    text = f"{off} 休 元旦\n{worked} 班 春节调休"
    seen = enter(office, year, text).content.decode()
    assert "核对无误，保存" in seen
    assert seen.count("<caption>") >= 12
    assert not CalendarYear.objects.filter(year=year).exists()
    assert enter(office, year, text, "save", key="k").status_code == 302
    assert enter(office, year, text, "save", key="k").status_code == 302
    assert dict(CalendarDay.objects.filter(day__year=year).values_list("day", "working")) == {off: False, worked: True}
    assert sentences("kernel.calendar", year) == [
        f"周管理 录入 {year} 年放假安排：放假 1 天，调休上班 1 天，依据：放假通知"
    ]
    run_waiting()
    assert not deadline(order, "D16").tentative
    page = office.get(f"/settings/calendar/{year}/").content.decode()
    assert 'title="元旦"' in page
    assert "放假通知" in page


def test_festivals_may_be_filled_in_as_the_notice_says_them(office: Client, year: int) -> None:
    worked = weekday_in(year, 9, worked=False)
    festival = {
        "name_6": "国庆节",
        "first_6": f"{year}-10-01",
        "last_6": f"{year}-10-07",
        "worked_6": f"{worked.month}-{worked.day}",
    }
    assert enter(office, year, "", "save", **festival).status_code == 302
    rows = dict(CalendarDay.objects.filter(day__year=year).values_list("day", "working"))
    assert {day for day, working in rows.items() if not working} == {
        date(year, 10, day) for day in range(1, 8) if date(year, 10, day).weekday() < 5
    }
    assert rows[worked] is True


def test_what_cannot_be_is_named_line_by_line_and_nothing_is_saved(office: Client, year: int) -> None:
    weekday = weekday_in(year, 3)
    lines = [
        f"{weekday} 班 调休",
        f"{year - 1}-12-31 休 元旦",
        f"{year}-02-30 休 春节",
        "明天放假",
        f"{year}-10-01 休 国庆节",
        f"{year}-10-01 休 中秋节",
        f"{year}-05-05 至 {year}-05-01 休 劳动节",
    ]
    answer = enter(office, year, "\n".join(lines), "save")
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in (
        "第 1 行", "本来就上班", "第 2 行", f"不在 {year} 年", "第 3 行", "日期不存在", "第 4 行", "看不懂", "第 6 行", "已经在第 5 行写过",
        "第 7 行", "起止日期不对",
    ):  # fmt: skip
        assert words in page
    assert "明天放假" in page  # what was typed is still there
    assert not CalendarYear.objects.filter(year=year).exists()


def test_full_width_and_other_spellings_are_read(year: int) -> None:
    off = weekday_in(year, 6)
    notice = holidays.read(
        f"{off.year}年{off.month}月{off.day}日　放假　端午节\r\n\r\n{weekday_in(year, 7, worked=False)} 上班", year
    )
    assert notice.problems == []
    assert notice.days[off] == (False, "端午节")
    assert sum(working for working, _ in notice.days.values()) == 1
    assert "略去" in holidays.read(f"{weekday_in(year, 7, worked=False)} 休 周末", year).notes[0]


def test_a_year_is_corrected_with_what_changed_and_two_editors_see_each_other(office: Client, year: int) -> None:
    first, other = weekday_in(year, 1), weekday_in(year, 4)
    enter(office, year, f"{first} 休 元旦", "save")
    page = office.get(f"/settings/calendar/{year}/enter/").content.decode()
    assert f"{first} 休 元旦" in page
    assert enter(office, year, f"{other} 休 清明节", "save", seen=1).status_code == 302
    late = enter(office, year, f"{first} 休 元旦", "save", seen=1)
    assert late.status_code == 409
    assert "别人已经改过" in late.content.decode()
    assert list(CalendarDay.objects.filter(day__year=year).values_list("day", flat=True)) == [other]


def test_a_year_that_is_over_is_not_rewritten(office: Client, year: int) -> None:
    CalendarYear.objects.get_or_create(year=year - 2, defaults={"source": "通知"})
    for past in (year - 2, year + 1, 1900):
        assert enter(office, past, f"{past}-01-01 休 元旦", "save").status_code == 404


def test_from_november_on_a_missing_year_is_asked_for_once_a_week(cast: Any, zhou: Any) -> None:
    assert cast.xiang
    CalendarYear.objects.filter(year__gte=2027).delete()
    for day in range(2024, 2027):
        CalendarYear.objects.get_or_create(year=day, defaults={"source": "通知"})
    moments = [
        "2026-10-31 08:40",
        "2026-11-01 08:40",
        "2026-11-02 08:40",
        "2026-11-07 08:40",
        "2026-11-08 08:40",
        "2026-11-09 08:40",
    ]
    told = []
    for moment in moments:
        ask_for_years(at(moment))
        told.append(sorted(Message.objects.values_list("person__name", flat=True)))
        Message.objects.all().delete()
    both = ["周管理", "项经理"]
    assert told == [[], both, [], [], both, []]
    CalendarYear.objects.create(year=2027, source="通知")
    assert ask_for_years(at("2026-11-20 08:40")) == 0


def test_a_missing_year_stands_on_the_settings(office: Client, year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holidays, "ASKED_FROM", (1, 1))
    words = f"{year} 年的放假安排还没有录入"
    assert words in office.get("/settings/").content.decode()
    assert words in office.get("/settings/calendar/").content.decode()
    enter(office, year, f"{weekday_in(year, 1)} 休 元旦", "save")
    assert words not in office.get("/settings/").content.decode()


# Work in the background ----------------------------------------------------------------------------------------------
@pytest.mark.logs_errors
def test_a_failed_task_is_tried_again_by_hand_and_the_journal_says_by_whom(office: Client) -> None:
    task = samples.fail_over.enqueue(contact="13800138112x")
    for hour in range(4):
        run_waiting(now=timezone.now() + timedelta(hours=2 * hour), raising=False)
    assert [str(row.pk) for row in dead_letters()] == [str(task.id)]
    page = office.get("/settings/jobs/").content.decode()
    assert "LookupError" in page
    assert "13800138112" not in page
    assert "没有工作进程在运行" in page
    for _ in range(2):
        assert office.post(f"/settings/jobs/{task.id}/retry/", {"key": "again"}).status_code == 302
    assert not dead_letters().exists()
    assert sentences("kernel.job", task.id) == ["周管理 重试后台任务：fail_over"]
    assert "周管理 重试后台任务" in office.get("/settings/jobs/").content.decode()
