"""How timely the repairs were: the formulas, and the page on which each figure opens its orders."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import asked, text_of
from tests.support.doing import at, call_back, finish, log_contact, sign, the_order
from tests.support.timeliness import NOW, done, order_of
from yihu.fronts.reports.periods import PeriodForm, of_month
from yihu.fronts.reports.timeliness import behind, duration, in_words, orders_of, rate, report
from yihu.kernel.doors import perform
from yihu.kernel.models import Barred

pytestmark = pytest.mark.django_db
NOVEMBER = of_month(2026, 11)


def look(cast: Any, by: Any = None, now: Any = NOW) -> list[Any]:
    return orders_of(cast.yunqi, NOVEMBER, by or cast.li, now)


def total(cast: Any, **more: Any) -> dict[str, str]:
    """The first row of the page: each rate with its counts."""
    rates = report(look(cast, **more), NOVEMBER)["total"]["rates"]
    return {one["label"]: f"{one['text']} {one['good']}/{one['every']}" for one in rates}


# -- the formulas ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("REP-12")
def test_in_time_late_and_still_open_each_count_where_they_belong(cast: Any, sign_in: Any) -> None:
    in_time = done(cast, order_of(cast, "2026-11-02 09:00", level="urgent"), "2026-11-02 09:25", "2026-11-02 11:00")
    late = done(cast, order_of(cast, "2026-11-03 09:00", level="urgent"), "2026-11-03 10:30", "2026-11-05 09:00")
    open_late = order_of(cast, "2026-11-04 09:00")
    not_due = order_of(cast, "2026-11-15 11:00")
    gone = the_order(log_contact(cast, when=at("2026-11-05 09:00")))
    perform(gone, "cancel", by=cast.li, data={"reason": "业主自行修好"})
    assert total(cast)["到场及时率"] == "50.0% 1/2"
    assert total(cast)["完成及时率"] == "33.3% 1/3"
    assert total(cast)["完成率"] == "50.0% 2/4"
    found = look(cast)
    assert behind(found, "repaired", "hit", {}) == [in_time.number]
    assert sorted(behind(found, "repaired", "miss", {})) == sorted([late.number, open_late.number])
    assert gone.number not in behind(found, "received", "all", {})
    assert not_due.number in behind(found, "received", "all", {})

    page = sign_in(cast.gong).get(reverse("reports:repairs"), NOVEMBER.query)
    words = text_of(page)
    assert "2026年11月（2026-10-21 至 2026-11-20）" in words
    for address in ("month=2026-11&level=urgent&figure=on_site", "month=2026-11&level=minor&figure=repaired"):
        assert address.replace("&", "&amp;") in page.content.decode()
    listed = sign_in(cast.gong).get(
        reverse("reports:repair_records"), {**NOVEMBER.query, "figure": "on_site", "which": "miss"}
    )
    assert late.number in text_of(listed)
    assert in_time.number not in text_of(listed)


def test_by_class_trade_and_worker(cast: Any) -> None:
    zhou = cast.person("zhou", "周师傅", "technician")
    done(cast, order_of(cast, "2026-11-02 09:00"), "2026-11-02 10:00", "2026-11-02 11:00")
    done(cast, order_of(cast, "2026-11-02 09:00", trade="power", worker=zhou), "2026-11-02 10:00", "2026-11-04 11:00")
    log_contact(cast, when=at("2026-11-06 09:00"))
    tables = {table["first"]: table["rows"] for table in report(look(cast), NOVEMBER)["tables"]}
    repaired = {
        row["label"]: f"{row['rates'][1]['good']}/{row['rates'][1]['every']}"
        for rows in tables.values()
        for row in rows
    }
    assert repaired == {
        "零修": "1/3",
        "水": "1/1",
        "电": "0/1",
        "其它": "0/1",
        "陈维修": "1/1",
        "周师傅": "0/1",
        "未派": "0/1",
    }
    assert [row["label"] for row in tables["维修人"]][-1] == "未派"


def test_a_date_that_the_owner_agreed_to_moves_the_limit_another_does_not(cast: Any) -> None:
    for agreed, reported in (("on", "2026-11-02 09:00"), ("", "2026-11-03 09:00")):
        start = at(reported)
        order = perform(order_of(cast, reported), "accept", by=cast.chen, at=start + timedelta(minutes=10))
        order = perform(order, "arrive", by=cast.chen, at=start + timedelta(minutes=60))
        waiting = {"hold_reason": "owner", "wake_on": (timezone.localdate() + timedelta(days=3)).isoformat(), "told": "电话",
                   "owner_agreed": agreed}  # fmt: skip
        order = perform(order, "hold", by=cast.chen, at=start + timedelta(hours=2), data=waiting)
        order = perform(order, "resume", by=cast.chen, at=start + timedelta(hours=50))
        data = {"labour": "0", "cause": "老化", "work_done": "已更换", "chargeable": "free", "site_clean": "on"}
        perform(order, "finish", by=cast.chen, at=start + timedelta(hours=52), data=data)
    found = look(cast)
    assert [order.repaired for order in sorted(found, key=lambda one: one.number)] == [True, False]
    assert [order.minutes for order in sorted(found, key=lambda one: one.number)] == [4 * 60, 52 * 60]
    assert total(cast)["完成及时率"] == "50.0% 1/2"


def test_work_taken_up_again_counts_to_its_end(cast: Any) -> None:
    """Late once is late: a second start does not give a new first limit."""
    order = done(cast, order_of(cast, "2026-11-02 09:00"), "2026-11-02 10:00", "2026-11-04 09:00")
    order = perform(order, "back_to_work", by=cast.chen, at=at("2026-11-04 09:10"), data={"reason": "客户说还滴水"})
    data = {"labour": "0", "cause": "老化", "work_done": "再次更换", "chargeable": "free", "site_clean": "on"}
    perform(order, "finish", by=cast.chen, at=at("2026-11-04 10:00"), data=data)
    assert total(cast)["完成及时率"] == "0.0% 0/1"


def test_call_backs_are_counted_against_what_was_finished(cast: Any) -> None:
    orders = [
        sign(cast, done(cast, order_of(cast, f"2026-11-0{day} 09:00"), f"2026-11-0{day} 10:00", f"2026-11-0{day} 11:00"),
             at(f"2026-11-0{day} 11:10"))
        for day in (2, 3, 4, 5)
    ]  # fmt: skip
    call_back(cast, orders[0], at("2026-11-03 09:00"))
    call_back(cast, orders[1], at("2026-11-09 09:00"), feedback="C", score="1", words="还是滴水")
    missed = orders[2]
    for hour in (9, 12, 15):
        missed = call_back(cast, missed, at(f"2026-11-05 {hour:02d}:00"), outcome="missed", feedback="", score="")
    assert missed.state == "tried"
    found = total(cast)
    assert found["回访率"] == "50.0% 2/4"
    assert found["回访及时率"] == "50.0% 1/2"
    assert found["回访满意率"] == "50.0% 1/2"
    assert found["返修率"] == "25.0% 1/4"
    assert behind(look(cast), "tried", "all", {}) == [missed.number]


def test_nothing_to_judge_is_a_dash_never_a_nought(cast: Any, sign_in: Any) -> None:
    assert rate([]) == {"text": "—", "good": 0, "every": 0}
    assert rate([None, None])["text"] == "—"
    assert rate([False])["text"] == "0.0%"
    assert duration([])["median"] == "—"
    words = text_of(sign_in(cast.li).get(reverse("reports:repairs"), {"month": "2025-03"}))
    assert "— 0/0" in words
    assert "这段时间没有维修单" in words
    assert "%" not in words


def test_median_and_the_ninetieth_of_a_hundred() -> None:
    times = sorted(range(1, 101))
    assert duration(times) == {"median": "50 分", "p90": "1.5 小时", "count": "100"}
    assert [in_words(minutes) for minutes in (0, 59, 60, 2879, 2880)] == [
        "0 分",
        "59 分",
        "1.0 小时",
        "48.0 小时",
        "2.0 天",
    ]


def test_the_twentieth_at_midnight_is_the_border(cast: Any) -> None:
    last = order_of(cast, "2026-11-20 23:59")
    first = order_of(cast, "2026-11-21 00:00")
    now = at("2026-11-21 00:10")
    assert [one.number for one in orders_of(cast.yunqi, NOVEMBER, cast.li, now) if one.received] == [last.number]
    december = orders_of(cast.yunqi, of_month(2026, 12), cast.li, now)
    assert [one.number for one in december if one.received] == [first.number]


# -- the page ----------------------------------------------------------------------------------------------------------


def test_days_of_ones_own_and_what_is_wrong_with_them(cast: Any, sign_in: Any) -> None:
    client, page = sign_in(cast.li), reverse("reports:repairs")
    chosen = {"month": "days", "first": "2026-11-02", "last": "2026-11-03"}
    order_of(cast, "2026-11-03 23:59")
    order_of(cast, "2026-11-04 00:00")
    assert "2026-11-02 至 2026-11-03" in text_of(client.get(page, chosen))
    form = PeriodForm(chosen, NOW)
    assert [one.received for one in orders_of(cast.yunqi, form.period(), cast.li, NOW)].count(True) == 1
    wrong = {
        "结束日期不能早于开始日期": {"first": "2026-11-03", "last": "2026-11-02"},
        "请填写起止两天": {"first": "2026-11-03", "last": ""},
        "一次最多统计一年": {"first": "2024-11-03", "last": "2026-11-02"},
        "请填写正确的日期": {"first": "2026-13-45", "last": "昨天"},
        "2000 年至 2100 年": {"first": "0001-01-01", "last": "0001-01-02"},
    }
    for sentence, days in wrong.items():
        answer = client.get(page, {"month": "days", **days})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    for month in ("2026-99", "x", "9999-12", "' OR 1=1"):
        assert client.get(page, {"month": month}).status_code == 422
        assert client.get(reverse("reports:register_pdf", args=["contacts"]), {"month": month}).status_code == 200


def test_what_a_strange_address_asks_for_is_not_found(cast: Any, sign_in: Any) -> None:
    client, page = sign_in(cast.li), reverse("reports:repair_records")
    for query in ({}, {"figure": "secret"}, {"figure": "called", "which": "none"}, {"figure": "called", "month": "x"}):
        assert client.get(page, query).status_code == 404
    assert client.get(page, {"figure": "called", "worker": "999999", "from": "999999999999"}).status_code == 200
    assert client.get(reverse("reports:register_pdf", args=["salaries"])).status_code == 404
    assert client.get(reverse("reports:gaps"), {"day": "2026-02-31"}).status_code == 200
    assert client.get(reverse("reports:gaps"), {"day": "99999-01-01"}).status_code == 200


def test_who_may_read_which_report(cast: Any, sign_in: Any) -> None:
    team, shelf = ("reports:repairs", "reports:gaps"), ("reports:overview", "reports:register")
    allowed = {
        name: [
            sign_in(person).get(reverse(name)).status_code == 200
            for person in (cast.li, cast.gong, cast.wang, cast.chen)
        ]
        for name in (*team, *shelf)
    }
    assert {allowed[name] == [True, True, False, False] for name in team} == {True}
    assert {allowed[name] == [True, True, True, False] for name in shelf} == {True}
    assert reverse("reports:overview") in sign_in(cast.wang).get("/").content.decode()
    assert reverse("reports:overview") not in sign_in(cast.chen).get("/").content.decode()


def test_the_other_community_and_the_barred_count_nowhere(cast: Any, sign_in: Any) -> None:
    order = order_of(cast, "2026-11-04 09:00")
    Barred.objects.create(record_id=order.pk, person=cast.li, why="事项涉及本人", at=NOW)
    page = sign_in(cast.li).get(reverse("reports:repairs"), NOVEMBER.query)
    assert look(cast) == []
    assert "另有 1 件不在您可查阅的范围内" in text_of(page)
    assert len(look(cast, by=cast.gong)) == 1
    lead = cast.person("he", "何主管", "cs_supervisor", community=cast.qinghe)
    assert orders_of(cast.qinghe, NOVEMBER, lead, NOW) == []
    assert "另有" not in text_of(sign_in(lead).get(reverse("reports:repairs"), NOVEMBER.query))


def test_the_page_costs_the_same_for_many_orders(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.li)
    url = f"{reverse('reports:repairs')}?month=2026-11"
    finish(cast, order_of(cast, "2026-11-02 09:00"), at("2026-11-02 10:00"))
    few = len(asked(client, url))
    for minute in range(8):
        finish(cast, order_of(cast, f"2026-11-03 09:{minute:02d}"), at("2026-11-03 11:00"))
    assert len(asked(client, url)) <= few


def test_the_records_behind_a_figure_come_in_pages(cast: Any, sign_in: Any) -> None:
    for minute in range(52):
        log_contact(cast, when=at(f"2026-11-03 09:{minute:02d}"))
    client, query = sign_in(cast.li), {"month": "2026-11", "figure": "received"}
    first = client.get(reverse("reports:repair_records"), query).content.decode()
    second = client.get(reverse("reports:repair_records"), {**query, "from": "50"}).content.decode()
    numbers = [set(re.findall(r"YQ-WX-\d{6}-\d{4}", page)) for page in (first, second)]
    assert [len(found) for found in numbers] == [50, 2]
    assert not numbers[0] & numbers[1]
    assert "from=50" in first


# -- weeks and months --------------------------------------------------------------------------------------------------


def test_reports_open_on_the_last_whole_month_until_a_few_days_are_in() -> None:
    for day, month, said in (("2026-11-20 23:59", "2026-11", ""), ("2026-11-21 00:00", "2026-11", "2026年12月刚开始"),
                             ("2026-11-23 23:59", "2026-11", "2026年12月刚开始"), ("2026-11-24 00:00", "2026-12", "")):  # fmt: skip
        form = PeriodForm({}, at(day))
        assert form.period().query["month"] == month
        assert form.note.startswith(said)
        assert bool(form.note) == bool(said)
    asked_for = PeriodForm({"month": "2026-12"}, at("2026-11-21 09:00"))
    assert (asked_for.period().query["month"], asked_for.note) == ("2026-12", "")
