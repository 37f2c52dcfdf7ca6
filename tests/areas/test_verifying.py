"""资料核对: each month the units that nobody has verified for long are gone through, and somebody sees what is left (D39)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.doing import at, from_seven
from yihu.areas.households.models import VerifyRound
from yihu.ground.estate.models import Unit
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid
from yihu.kernel.models import Deadline, JournalEntry, Parameter
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
URL = "/households/verify/"


def now_round(cast: Any) -> VerifyRound:
    assert cast.home
    come_round(from_seven(), "household-round")
    return VerifyRound.objects.get(community=cast.yunqi)


def verified(unit: Any, day: date | None) -> None:
    Unit.objects.filter(pk=unit.pk).update(verified_on=day)


def listed(answer: Any) -> list[str]:
    return [row["unit"].label for row in answer.context["rows"]]


@pytest.mark.clause("ARC-06")
def test_a_round_opens_each_month_and_is_due_on_its_last_day(cast: Any) -> None:
    assert cast.home
    come_round(at("2026-11-01 07:05"), "household-round")
    come_round(at("2026-11-09 09:00"), "household-round")
    record = VerifyRound.objects.get()
    assert Deadline.objects.get(record_id=record.pk, code="D39").due_at == at("2026-11-30 17:30")
    come_round(at("2026-12-01 07:05"), "household-round")
    assert VerifyRound.objects.count() == 2


@pytest.mark.clause("ARC-06")
def test_the_list_is_worked_off_with_a_tick_and_a_button(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    today = timezone.localdate()
    long_ago, lately = cast.unit("0201"), cast.unit("0301")
    verified(long_ago, today - timedelta(days=500))
    verified(lately, today - timedelta(days=40))
    record = now_round(cast)
    assert (record.units, record.listed) == (3, 2)
    client = sign_in(cast.wang)
    first = client.get(URL)
    assert listed(first) == [cast.home.label, long_ago.label]
    assert "13800138112" not in first.content.decode()
    client.post(URL, {"unit": [cast.home.pk], "way": "phone", "key": "k"})
    assert listed(client.get(URL)) == [long_ago.label]
    cast.home.refresh_from_db()
    assert cast.home.verified_on == today
    assert JournalEntry.objects.filter(sentence="王客服 核对资料（电话），无变动").count() == 1
    client.post(URL, {"unit": [cast.home.pk], "way": "phone", "key": "k"})
    assert JournalEntry.objects.filter(step="verify").count() == 1
    shown = sign_in(cast.li).get(record.get_absolute_url()).content.decode()
    assert "33.33%" in shown, "one unit of three this month"
    assert f"{today:%Y-%m-%d} 核对" in client.get(f"/units/{cast.home.pk}/").content.decode()


def test_a_correction_verifies_too_where_it_says_so(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    client = sign_in(cast.wang)
    answer = client.post(
        f"/estate/units/{cast.home.pk}/edit/",
        {"kind": "home", "use": "own", "checked": "on", "reason": "电话核对", "key": "k"},
    )
    assert answer.status_code == 302
    assert listed(client.get(URL)) == []


def test_what_is_left_is_explained_when_the_round_ends(cast: Any) -> None:
    record = now_round(cast)
    with pytest.raises(Invalid) as caught:
        perform(record, "shut", by=cast.li, data={})
    assert "还有 1 户没有核对" in str(caught.value.form.errors)
    record = perform(record, "shut", by=cast.li, data={"words": "业主在国外，下月再联系"})
    assert (record.state, record.done, record.left, record.rate) == ("shut", 0, 1, "0.00%")


def test_how_long_is_too_long_is_the_companys_to_say(cast: Any, sign_in: Any) -> None:
    verified(cast.home, timezone.localdate() - timedelta(days=100))
    client = sign_in(cast.wang)
    assert listed(client.get(URL)) == []
    Parameter.objects.create(
        community=cast.yunqi, name="households.stale_months", value=3, by=cast.li, why="每季核对",
        in_force_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    assert listed(client.get(URL)) == [cast.home.label]


def test_nothing_ticked_or_no_way_chosen_changes_nothing(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    for data in ({"way": "phone"}, {"unit": [cast.home.pk], "way": "guess"}, {"unit": ["x"], "way": "phone"}):
        client.post(URL, data)
    assert Unit.objects.get().verified_on is None
    other = sign_in(cast.lin)
    other.post(URL, {"unit": [cast.home.pk], "way": "phone"})
    assert Unit.objects.get().verified_on is None
    assert sign_in(cast.chen).get(URL).status_code == 403


def test_the_list_costs_the_same_however_long_it_is(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    client = sign_in(cast.wang)
    client.get(URL)  # what a person asks once a day is asked here
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(40):
        cast.unit(f"{number + 10:02d}02")
    with CaptureQueriesContext(connection) as many:
        first = client.get(URL)
    assert len(many) == len(few)
    second = client.get(f"{URL}{first.context['next_url']}")
    assert len(set(listed(first) + listed(second))) == 41


def test_a_bare_figure_says_of_what_it_is_where_a_narrow_screen_has_no_headings(cast: Any, sign_in: Any) -> None:
    now_round(cast)
    shown = sign_in(cast.li).get("/rounds/").content.decode()
    assert 'data-label="列入核对"' in shown
    assert 'data-label="编号"' not in shown
