"""The week's and the month's sheet: figures, trends, what comes again and again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import asked, text_of
from tests.support import sheets
from tests.support.doing import at, call_back, log_contact, sign, signature
from tests.support.timeliness import NOW, done, order_of
from yihu.areas.duties import effects as duties
from yihu.areas.duties.models import MonthSheet, WeekSheet
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.reports import trends
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.models import Barred

pytestmark = pytest.mark.django_db


def a_months_work(cast: Any) -> None:
    """A little of everything in November's business month."""
    for day in (2, 3, 4):
        sign(cast, done(cast, order_of(cast, f"2026-11-{day:02d} 09:00"), f"2026-11-{day:02d} 10:00",
                        f"2026-11-{day:02d} 11:00"), at(f"2026-11-{day:02d} 11:10"))  # fmt: skip
    orders = WorkOrder.objects.order_by("pk")
    call_back(cast, orders[0], at("2026-11-05 09:00"))
    call_back(cast, orders[1], at("2026-11-05 09:10"), feedback="C", score="1", words="还是滴水")
    order_of(cast, "2026-11-05 09:00", level="urgent", trade="power")
    for hour, category in ((8, "complaint"), (9, "suggestion"), (10, "praise"), (11, "service")):
        log_contact(cast, when=at(f"2026-11-06 {hour:02d}:00"), category=category, content="楼道的事情")
    data = {
        "common_area": "地下车库",
        "location": "B1",
        "symptom": "照明不亮一片漆黑",
        "level": "minor",
        "trade": "power",
    }
    open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=data, at=at("2026-11-06 13:00"))


def sheet_of_kind(cast: Any, model: Any) -> Any:
    """Today's moment is before the sheet's own figures are kept: they are worked out anew for each who looks."""
    data = {"monday": "2026-11-02"} if model is WeekSheet else {"period": "2026-11"}
    return open_record(model(community=cast.yunqi), by=authority().system(), at=at("2026-11-21 00:05"),
                       data={**data, "due_at": "2026-11-21 22:00"})  # fmt: skip


@pytest.mark.clause("RPT-02", part="日、周、业务月的汇总，每个数字打开背后的记录")
@pytest.mark.parametrize("model", [WeekSheet, MonthSheet])
def test_every_figure_is_the_count_of_the_records_that_it_opens(cast: Any, sign_in: Any, model: Any) -> None:
    a_months_work(cast)
    sheet = sheet_of_kind(cast, model)
    for person in (cast.wang, cast.li):
        found = duties.figures(sheet, person, timezone.now())
        shown = [
            one
            for name, rows in found.items()
            if isinstance(rows, list) and name not in ("tables", "trends")
            for one in rows
        ]
        shown += [
            cell for table in found["tables"] for row in table["rows"] for cell in row["cells"] if cell.get("key")
        ]
        keys = [one["key"] for one in shown]
        assert len(keys) == len(set(keys))
        for one in shown:
            assert one["value"] == len(found["behind"][one["key"]]), one
        assert sum(one["value"] for one in shown) > 20
        for name, lines in found["lists"].items():
            assert [line["number"] for line in lines] == sorted(
                found["behind"][f"lists.{name}"], key=[line["number"] for line in lines].index
            )
        points = [
            (f"trend.{line['key']}.{point['key']}", line["values"][place], trend["unit"])
            for trend in found["trends"] for line in trend["series"] for place, point in enumerate(trend["points"])
        ]  # fmt: skip
        counted = [(key, value) for key, value, unit in points if unit == "件" and value]
        assert counted
        for key, value in counted:
            _, numbers = trends.behind(sheet, key, person, timezone.now())
            assert len(set(numbers)) == value, key
    client = sign_in(cast.wang)
    for one in shown:
        if one["value"]:
            page = client.get(reverse("reports:day_records", args=[sheet.number, one["key"]]))
            assert f"共 {one['value']} 件" in text_of(page), one


def test_the_barred_are_told_how_many_more_there_are(cast: Any, sign_in: Any) -> None:
    a_months_work(cast)
    sheet = sheet_of_kind(cast, WeekSheet)
    hidden = WorkOrder.objects.get(state="assigned")
    Barred.objects.create(record_id=hidden.pk, person=cast.li, why="事项涉及本人", at=NOW)
    own, other = sign_in(cast.li), sign_in(cast.wang)
    assert "另有 1 件不在您可查阅的范围内" in text_of(own.get(sheet.get_absolute_url()))
    assert "另有" not in text_of(other.get(sheet.get_absolute_url()))
    trend = reverse("reports:day_records", args=[sheet.number, "trend.received.2026-11-02"])
    assert "共 5 件" in text_of(own.get(trend))
    assert "共 6 件" in text_of(other.get(trend))
    sheet = perform(
        sheet, "sign", by=cast.wang, at=at("2026-11-21 10:00"), data={"remarks": "正常", "signature": signature()}
    )
    listed = text_of(own.get(reverse("reports:day_records", args=[sheet.number, "repairs.received"])))
    assert hidden.number not in listed
    assert "共 5 件，另有 1 件不在您可查阅的范围内" in listed


def test_a_point_of_a_trend_that_is_none_is_not_found(cast: Any, sign_in: Any) -> None:
    sheet, client = sheet_of_kind(cast, WeekSheet), sign_in(cast.wang)
    for figure in ("trend.received.2026-11-03", "trend.secret.2026-11-02", "trend.", "trend..", "repairs.secret"):
        assert client.get(reverse("reports:day_records", args=[sheet.number, figure])).status_code == 404
    assert (
        sign_in(cast.chen).get(reverse("reports:day_records", args=[sheet.number, "repairs.received"])).status_code
        == 404
    )


@pytest.mark.parametrize("model", [WeekSheet, MonthSheet])
def test_the_sheets_cost_the_same_for_many_records(cast: Any, sign_in: Any, model: Any) -> None:
    a_months_work(cast)
    sheet, client = sheet_of_kind(cast, model), sign_in(cast.li)
    few = len(asked(client, sheet.get_absolute_url()))
    for minute in range(8):
        done(cast, order_of(cast, f"2026-11-03 12:{minute:02d}"), "2026-11-03 13:00", "2026-11-03 14:00")
    assert len(asked(client, sheet.get_absolute_url())) <= few


@pytest.mark.clause("REP-06")
def test_the_re_repair_rate_stands_on_the_weeks_sheet(cast: Any) -> None:
    a_months_work(cast)
    found = duties.figures(sheet_of_kind(cast, WeekSheet), cast.li, timezone.now())
    rates = {one["label"]: one["text"] for one in found["rates"]}
    assert rates["返修率"] == "33.3% 1/3"
    assert rates["回访满意率"] == "50.0% 1/2"
    calls = {one["label"]: one.get("text", one["value"]) for one in found["call_backs"]}
    assert (calls["应回访"], calls["已回访"], calls["还要回访"], calls["回访率（目标 100%）"]) == (3, 2, 1, "66.7% 2/3")
    assert len(found["lists"]["to_call"]) == 1


@pytest.mark.clause("RPT-05")
def test_what_comes_again_and_again_is_named(cast: Any) -> None:
    a_months_work(cast)
    found = duties.figures(sheet_of_kind(cast, MonthSheet), cast.li, timezone.now())
    tables = {
        table["name"]: {row["label"]: row["cells"][0]["value"] for row in table["rows"]} for table in found["tables"]
    }
    assert tables["cause"] == {"老化": 3}
    assert next(iter(tables["spot"].values())) >= 3
    assert all("水" in label for label in tables["spot"])


@pytest.mark.clause("REP-13")
def test_damage_of_the_common_facilities_is_compiled_for_engineering(cast: Any, sign_in: Any) -> None:
    a_months_work(cast)
    client = sign_in(cast.gong)
    page = client.get(reverse("reports:damage"), {"month": "2026-11"})
    assert "公共设施报修 1 件" in text_of(page)
    order = WorkOrder.objects.get(unit__isnull=True)
    query = {"month": "2026-11", "figure": "damage.public.received"}
    assert order.number in text_of(client.get(reverse("reports:damage_records"), query))
    assert client.get(reverse("reports:damage_records"), {**query, "figure": "x"}).status_code == 404
    printed = sheets.text_of(client.get(reverse("reports:register_pdf", args=["damage"]), {"month": "2026-11"}).content)
    assert "公共设施损坏统计表" in printed
    assert order.number in printed
    assert sign_in(cast.chen).get(reverse("reports:damage")).status_code == 403
