"""抄表 at its edges: what cannot be entered, read, checked, swapped or corrected, and what is somebody else's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.billing.test_meters_pages import Today
from tests.support.doing import at, signature
from tests.support.meters import Readers, meter, noon
from yihu.areas.billing.meters import recording
from yihu.areas.billing.meters.composing import Entry
from yihu.areas.billing.meters.models import Installation, Reading, ReadingRound
from yihu.areas.billing.meters.recording import Device
from yihu.areas.billing.meters.rounds import round_for
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place(cast: Any) -> Today:
    return Today(cast)


@pytest.fixture
def office(cast: Any) -> Readers:
    return Readers(cast)


def test_where_a_meter_hangs_is_asked_for(place: Today, sign_in: Any) -> None:
    client, new = sign_in(place.clerk), reverse("meters:new_meter")
    base = {"kind": "power", "number": "总1", "multiplier": "1", "digits": "5", "opening": "0"}
    entrance = {**base, "scope": "entrance", "building": place.cast.home.building_id, "since": "2026-01-01"}
    assert "请填是哪个单元" in client.post(new, entrance).content.decode()
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "不能在今天以后" in client.post(new, {**entrance, "entrance": "1", "since": later}).content.decode()
    for _ in range(2):  # sent twice it is entered once
        sent = {**entrance, "entrance": "1", "since": "2026-01-01", "key": "once"}
        assert client.post(new, sent).status_code == 302
    assert str(Installation.objects.get()) == "总1"
    for asked, shown in (
        ({"kind": "power"}, True),
        ({"kind": "water"}, False),
        ({"scope": "unit"}, False),
        ({"scope": "building"}, True),
    ):
        assert ("总1" in client.get(reverse("meters:meters"), asked).content.decode()) is shown


def test_a_meter_is_not_hung_under_its_own_sub_meter(place: Today, sign_in: Any) -> None:
    client, at_ = sign_in(place.clerk), {"scope": "building", "building": place.cast.home.building}
    top = meter(None, number="总1", opening="0", community=place.cast.yunqi, **at_)
    below = meter(None, number="总2", opening="0", community=place.cast.yunqi, parent=top, **at_)
    edit = reverse("meters:edit_meter", args=[top.pk])
    told = {"scope": "building", "building": place.cast.home.building_id, "shown": "on", "version": "0"}
    answer = client.post(edit, {**told, "parent": below.pk, "key": "a"})
    assert "自己下面的表" in answer.content.decode()
    for _ in range(2):
        assert client.post(edit, {**told, "key": "b"}).status_code == 302  # nothing changed, nothing told
    Installation.objects.filter(meter=top).delete()
    edited = client.get(edit).content.decode()
    assert "总1" in edited


def test_without_a_device_nothing_is_read_or_swapped(place: Today, sign_in: Any) -> None:
    one, client = meter(place.cast.home, number="电1", opening="0"), sign_in(place.clerk)
    shared = meter(
        None, number="总1", opening="0", community=place.cast.yunqi, scope="building", building=place.cast.home.building
    )
    Installation.objects.filter(meter=one).update(removed_on=date(2026, 7, 1))
    with pytest.raises(Refused, match="现在没有装表"):
        place.read(one, "5")
    assert client.get(reverse("meters:swap", args=[one.pk])).status_code == 404
    assert client.get(reverse("meters:move", args=[shared.pk])).status_code == 404
    assert client.get(reverse("meters:correct", args=[99])).status_code == 404
    for page in ("walk", "missing", "check"):
        assert client.get(reverse(f"meters:{page}", args=["YQ-CB-299901-0001"])).status_code == 404
    assert client.get(reverse("meters:questions", args=["YQ-CI-299901-0001"])).status_code == 404


def test_a_reading_without_a_figure_is_asked_for_one(office: Readers) -> None:
    with pytest.raises(Refused, match="请填本次读数"):
        office.read(meter(office.cast.home, opening="0"), None)


def test_what_is_checked_must_be_there_and_be_somebody_else_s(office: Readers) -> None:
    with pytest.raises(Refused, match="没有选中"):
        recording.check([], True, by=office.cast.gong)
    one = meter(office.cast.home, opening="1000", since=date(2025, 6, 1))
    office.months(one, "1100", "1200", "1300")
    row = office.read(one, "1990")
    assert row.state == "pending"
    for _ in range(2):  # sent twice it counts once
        assert recording.check([row], True, by=office.cast.gong, at=noon(row.on), key="once") == 1
    assert Reading.objects.get(pk=row.pk).checked_by == office.cast.gong
    assert str(row).endswith("2026-10-20")


def test_a_swap_is_not_corrected_nor_entered_for_tomorrow(office: Readers) -> None:
    one = meter(office.cast.home, opening="1000", since=date(2025, 6, 1))
    tomorrow = timezone.localdate() + timedelta(days=1)
    fresh, said = Device("新", D(0), D(1), 6), {"signed_ours": "文文员", "signed_theirs": "赵业主", "why": "检定到期"}
    with pytest.raises(Refused, match="不能在今天以后"):
        recording.swap(one, Entry(tomorrow, D(1050), "swap", **said), fresh, by=office.clerk)
    swapped = [
        recording.swap(
            one,
            Entry(date(2026, 10, 5), D(1050), "swap", **said),
            fresh,
            by=office.clerk,
            at=at("2026-10-05 12:00"),
            key="k",
        )
        for _ in range(2)
    ]
    assert swapped[0] == swapped[1]
    with pytest.raises(Refused, match="双方签字"):
        recording.correct(swapped[0], D(1049), "看错", by=office.clerk)


def test_a_correction_of_the_second_reading_starts_from_the_first(office: Readers) -> None:
    one = meter(office.cast.home, opening="1000", since=date(2025, 6, 1))
    office.months(one, "1100")
    second = office.read(one, "1190")
    better = recording.correct(second, D(1180), "看错", by=office.clerk, at=noon(second.on))
    assert (better.previous, better.use, better.state) == (1100, 80, "pending")


def test_a_month_that_went_to_finance_sends_the_reader_home(place: Today, sign_in: Any) -> None:
    perform(place.here, "hand_over", by=place.clerk, data={"signature": signature()})
    client = sign_in(place.clerk)
    assert "已经交给财务" in client.get(place.url("walk"), follow=True).content.decode()
    assert round_for(place.cast.yunqi.pk, place.today).of_month == place.month.after
    client.get(place.here.get_absolute_url())


def test_a_round_is_opened_once_a_month(office: Readers) -> None:
    by = authority().system()
    said = {"month": "2026-10-01", "due_at": "2026-10-23T18:00"}
    for wrong in ("2026-10-15", "", "x"):
        with pytest.raises(Invalid):
            open_record(ReadingRound(community=office.cast.yunqi), by=by, data={**said, "month": wrong})
    open_record(ReadingRound(community=office.cast.yunqi), by=by, data=said)
    with pytest.raises(Invalid, match="已经开了"):
        open_record(ReadingRound(community=office.cast.yunqi), by=by, data=said)


def test_only_ticks_are_estimated_and_an_old_figure_is_shown_as_such(place: Today, sign_in: Any) -> None:
    one, client = meter(place.cast.home, number="电1", opening="1000"), sign_in(place.clerk)
    place.used(one, "1100", "1200", "1300")
    url = place.url("missing")
    assert "请先勾选" in client.post(url, {"why": "家中无人", "key": "k0"}).content.decode()
    assert client.post(url, {"meter": [one.pk], "why": "家中无人", "key": "k1"}).status_code == 302
    row = Reading.objects.get(month=place.month.first)
    old = reverse("meters:correct", args=[row.pk])
    assert client.get(old).status_code == 302  # it waits for another person yet
    assert client.get(place.url("read", one.pk)).status_code == 200
    assert client.post(place.url("read", one.pk), {"current": "不是数", "key": "z"}).status_code == 422
    assert client.get(reverse("meters:meter_print", args=[one.pk])).content.startswith(b"%PDF")
