"""The reader's walk, what is missing, what another person agrees to, one meter over time (F81, FEE-25)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.support.doing import at, photo
from tests.support.meters import Readers, meter
from tests.support.sheets import text_of
from tests.support.tariffs import item_of
from yihu.areas.billing.meters.composing import odd_words
from yihu.areas.billing.meters.models import Meter, MeterItem, Reading
from yihu.areas.billing.meters.printing import sheet_of
from yihu.areas.billing.meters.rounds import month_of, open_round
from yihu.areas.billing.meters.schedules import rounds
from yihu.basics.months import Month
from yihu.ground.estate.models import Building

pytestmark = pytest.mark.django_db
D = Decimal


class Today(Readers):
    """The pages know only today; the round is that of today."""

    def __init__(self, cast: Any) -> None:
        super().__init__(cast)
        self.today = timezone.localdate()
        self.month = month_of(self.today)
        self.here = open_round(cast.yunqi.pk, self.month)

    def url(self, page: str, *more: Any) -> str:
        return reverse(f"meters:{page}", args=[self.here.number, *more])

    def used(self, one: Meter, *readings: str) -> None:
        self.months(one, *readings, last=self.month.before)


@pytest.fixture
def place(cast: Any) -> Today:
    return Today(cast)


def test_one_figure_and_one_press_bring_the_next_meter(place: Today, sign_in: Any) -> None:
    client = sign_in(place.clerk)
    power, water = meter(place.cast.home, number="电1", opening="1000"), meter(place.cast.home, "water", "水1", "20")
    far = meter(place.cast.unit("0201"), number="电2", opening="5")
    place.used(power, "1100", "1200", "1300")
    page = client.get(place.url("walk")).content.decode()
    assert "上次 <b" in page
    assert "1,300" in page
    assert '平时用 <b class="num">100' in page
    assert page.index("电表 电1") < page.index("水表 水1") < page.index("电表 电2")
    assert 'inputmode="decimal"' in page
    answer = client.post(place.url("read", power.pk), {"current": "1390", "key": "a"}, follow=True)
    body = answer.content.decode()
    assert answer.redirect_chain
    assert "用量 90" in body
    assert (
        "电表 电1" not in body.split("各楼栋")[0].split("messages")[-1]
        or Reading.objects.filter(meter=power, current=1390).exists()
    )
    for one, figure in ((water, "25"), (far, "6")):
        client.post(place.url("read", one.pk), {"current": figure, "key": figure})
    assert "全部抄完了" in client.get(place.url("walk")).content.decode()


def test_the_same_form_sent_twice_by_a_telephone_counts_once(place: Today, sign_in: Any) -> None:
    one, client = meter(place.cast.home, number="电1", opening="0"), sign_in(place.clerk)
    for _ in range(2):
        assert client.post(place.url("read", one.pk), {"current": "7", "key": "same"}).status_code == 302
    assert Reading.objects.count() == 1


def test_a_lower_figure_is_answered_with_the_kinds_there_are(place: Today, sign_in: Any) -> None:
    one, client = meter(place.cast.home, "gas", "气1", "99985"), sign_in(place.clerk)
    answer = client.post(place.url("read", one.pk), {"current": "37"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "翻转" in body
    assert "要拍照" in body
    assert 'value="37"' in body
    answer = client.post(place.url("read", one.pk), {"current": "37", "kind": "rolled", "photo": photo()})
    assert answer.status_code == 302
    row = Reading.objects.get()
    assert (row.use, row.round_id, row.photo.record_id) == (52, place.here.pk, place.here.pk)


def test_buildings_are_walked_one_after_the_other(place: Today, sign_in: Any) -> None:
    home = place.cast.home
    other = Building.objects.create(community=home.community, cluster=home.cluster, code="A2", name="A2栋")
    meter(home, number="电1", opening="0")
    meter(None, number="总1", opening="0", community=home.community, scope="building", building=other, name="生活水泵")
    meter(None, "water", "全区1", "0", community=home.community, scope="site", name="市政进水")
    client = sign_in(place.clerk)
    first = client.get(place.url("walk")).content.decode()
    assert "还有 3 块" in first
    assert "全区公共" in first
    second = client.get(f"{place.url('walk')}?at={other.pk}").content.decode()
    assert "A2栋 生活水泵" in second
    assert "电表 电1" not in second


def test_what_is_missing_is_estimated_for_a_reason_and_agreed_to_by_another(place: Today, sign_in: Any) -> None:
    one, fresh = (
        meter(place.cast.home, number="电1", opening="1000"),
        meter(place.cast.unit("0202"), number="电2", opening="0"),
    )
    place.used(one, "1100", "1200", "1300")
    client, url = sign_in(place.clerk), place.url("missing")
    assert "电表 电2" in client.get(url).content.decode()
    assert "为什么没有抄到" in client.post(url, {"meter": [one.pk]}).content.decode()
    answer = client.post(url, {"meter": [one.pk, fresh.pk], "why": "家中无人", "key": "k"})
    assert answer.status_code == 422
    assert "估不出来" in answer.content.decode()
    row = Reading.objects.get(meter=one, month=place.month.first)
    assert (row.use, row.why, row.state) == (100, "家中无人", "pending")
    page, check = sign_in(place.cast.gong), place.url("check")
    assert "家中无人" in page.get(check).content.decode()
    assert page.post(check, {"reading": [row.pk], "verdict": "fine"}, follow=True).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.checked_by) == ("stands", place.cast.gong)


def test_the_reader_finds_no_tick_beside_his_own_reading(place: Today, sign_in: Any) -> None:
    home = place.cast.home
    home.use = "vacant"
    home.save()
    row = place.read(meter(home, number="电1", opening="0"), "9", place.today.isoformat(), month=place.month)
    client, url = sign_in(place.clerk), place.url("check")
    body = client.get(url).content.decode()
    assert "空置却有用量" in body
    assert "您自己抄的" in body
    assert 'name="reading"' not in body
    assert client.post(url, {"reading": [row.pk], "verdict": "fine"}).status_code == 409
    back = sign_in(place.cast.gong)
    assert "写明原因" in back.post(url, {"reading": [row.pk], "verdict": "again"}).content.decode()
    back.post(url, {"reading": [row.pk], "verdict": "again", "words": "与照片不符"})
    row.refresh_from_db()
    assert row.state == "refused"


@pytest.mark.clause("FEE-25")
def test_the_record_of_a_meter_stands_on_its_page_and_on_paper(place: Today, sign_in: Any) -> None:
    one = meter(place.cast.home, number="60A", opening="1000", times=40, parent=None)
    place.used(one, "1100", "1200", "1290")
    client = sign_in(place.cast.wang)
    page = client.get(reverse("meters:meter", args=[one.pk])).content.decode()
    for words in ("1,290 − 1,200 = 90 × 40 = 3,600", "每月用量", "data:image/svg+xml", "倍率 40", "文文员 抄"):
        assert words in page
    sheet = client.get(reverse("meters:meter_print", args=[one.pk]))
    told = text_of(sheet.content)
    for words in ("抄表记录", "60A", "1,290", "1,200", "3,600", "文文员"):
        assert words in told
    assert sign_in(place.cast.lin).get(reverse("meters:meter", args=[one.pk])).status_code in (403, 404)


def test_a_sheet_to_carry_is_printed_for_a_building(place: Today, sign_in: Any) -> None:
    meter(place.cast.home, number="电1", opening="0")
    client = sign_in(place.clerk)
    for more in ("", f"?at={place.cast.home.building_id}"):
        assert client.get(place.url("round_sheet") + more).content.startswith(b"%PDF-")


def test_what_was_read_already_stands_on_the_sheet_to_carry(place: Today, sign_in: Any) -> None:
    """Else the same meter would be read twice, with this month's figure as the last one."""
    read, unread = meter(place.cast.home, number="电1", opening="1000"), meter(place.cast.home, "water", "水1", "20")
    place.used(read, "1100", "1200", "1300")
    client = sign_in(place.clerk)
    client.post(place.url("read", read.pk), {"current": "1390", "key": "a"})
    told = text_of(client.get(place.url("round_sheet")).content)
    assert (told.count("已抄"), "1,300" in told, "1,390" in told) == (1, True, True)
    lines = sheet_of(place.here, [read, unread], "全部")["lines"]
    assert [line[3:] for line in lines] == [["1,300", "100", "1,390", "已抄"], ["20", "", "", ""]]


def test_a_swap_and_a_move_are_signed_for(place: Today, sign_in: Any) -> None:
    one, client = meter(place.cast.home, number="旧", opening="1000"), sign_in(place.clerk)
    url = reverse("meters:swap", args=[one.pk])
    yesterday = (place.today - timedelta(days=1)).isoformat()
    told = {
        "on": yesterday, "closing_how": "swap", "closing": "1050", "number": "新", "opening": "0", "multiplier": "1", "digits": "6",
        "why": "检定到期", "signed_ours": "文文员", "signed_theirs": "赵业主",
    }  # fmt: skip
    assert client.post(url, {**told, "signed_theirs": ""}).status_code == 422
    assert "读不出" in client.post(url, {**told, "closing": ""}).content.decode()
    assert client.post(url, told).status_code == 302
    move = reverse("meters:move", args=[one.pk])
    given = {
        "occasion": "move_out",
        "on": place.today.isoformat(),
        "current": "3",
        "signed_ours": "文文员",
        "signed_theirs": "赵业主",
    }
    assert client.post(move, given).status_code == 302
    rows = list(Reading.objects.order_by("pk"))
    assert [(row.occasion, row.use, row.signed_theirs) for row in rows] == [
        ("swap", 50, "赵业主"),
        ("move_out", 3, "赵业主"),
    ]
    assert [one.number for one in Meter.objects.all()] == ["新"]
    page = client.get(reverse("meters:meter", args=[one.pk])).content.decode()
    assert "签字：文文员、赵业主" in page


def test_a_correction_is_asked_for_on_the_meter_s_page(place: Today, sign_in: Any) -> None:
    row = place.read(
        meter(place.cast.home, number="电1", opening="0"), "90", place.today.isoformat(), month=place.month
    )
    client = sign_in(place.clerk)
    url = reverse("meters:correct", args=[row.pk])
    assert url in client.get(reverse("meters:meter", args=[row.meter_id])).content.decode()
    assert "原来：90 − 0 = 90" in client.get(url).content.decode()
    assert client.post(url, {"current": "9", "why": ""}).status_code == 422
    assert client.post(url, {"current": "9", "why": "看错"}).status_code == 302
    assert Reading.objects.get(supersedes=row).state == "pending"


def test_a_meter_is_entered_changed_and_hung_under_another(place: Today, sign_in: Any) -> None:
    home, client = place.cast.home, sign_in(place.clerk)
    new = reverse("meters:new_meter")
    base = {"multiplier": "1", "digits": "5", "opening": "12.5", "since": "2026-01-01"}
    told = {"kind": "power", "number": "总1", "scope": "building", "building": home.building_id, "name": "电梯", **base}
    assert "请选房号" in client.post(new, {**told, "scope": "unit"}).content.decode()
    assert client.post(new, told).status_code == 302
    assert "已经登记过" in client.post(new, told).content.decode()
    master = Meter.objects.get()
    assert (
        client.post(
            new, {**base, "kind": "power", "number": "分1", "scope": "unit", "unit": home.pk, "parent": master.pk}
        ).status_code
        == 302
    )
    sub = Meter.objects.get(number="分1")
    assert (sub.parent, sub.installations.get().opening) == (master, D("12.5"))
    assert (
        "同一类"
        in client.post(
            new, {**base, "kind": "water", "number": "水", "scope": "unit", "unit": home.pk, "parent": master.pk}
        ).content.decode()
    )
    listed = client.get(reverse("meters:meters"), {"q": "电梯"}).content.decode()
    assert "总1" in listed
    assert "分1" not in listed
    edit = reverse("meters:edit_meter", args=[sub.pk])
    answer = client.post(
        edit,
        {
            "scope": "unit",
            "unit": home.pk,
            "place": "3 层管井",
            "verified_until": "2027-05-01",
            "shown": "on",
            "version": "1",
        },
    )
    assert answer.status_code == 302
    sub.refresh_from_db()
    assert (sub.place, sub.parent, sub.installations.get().verified_until) == ("3 层管井", None, date(2027, 5, 1))
    assert client.post(edit, {"scope": "unit", "unit": home.pk, "shown": "on", "version": "1"}).status_code == 409


def test_water_is_never_billed_as_income(place: Today, sign_in: Any) -> None:
    income = item_of(place.cast.yunqi, "WY", "物业服务费")
    passed = item_of(place.cast.yunqi, "SF", "代收水费", nature="pass_through")
    client = sign_in(place.cast.xiang)
    url = reverse("meters:new_meter-items")
    assert "不得加价" in client.post(url, {"kind": "water", "item": income.pk, "shown": "on"}).content.decode()
    assert client.post(url, {"kind": "water", "item": passed.pk, "shown": "on"}).status_code == 302
    assert MeterItem.objects.get().item == passed
    assert sign_in(place.clerk).post(url, {"kind": "power", "item": passed.pk}).status_code == 403


def test_the_round_comes_round_on_the_18th(place: Today) -> None:
    meter(place.cast.home, number="电1", opening="0")
    yunqi = place.cast.yunqi
    assert list(rounds(yunqi, at("2026-10-17 23:00"))) == []
    (turn,) = rounds(yunqi, at("2026-10-18 00:05"))
    assert (turn.name, turn.data) == ("2026-10", {"month": "2026-10-01", "due_at": "2026-10-23 17:30"})
    assert list(rounds(place.cast.qinghe, at("2026-10-18 00:05"))) == []


def test_the_round_s_page_leads_to_what_is_to_be_done(place: Today, sign_in: Any) -> None:
    meter(place.cast.home, number="电1", opening="0")
    page = sign_in(place.clerk).get(place.here.get_absolute_url()).content.decode()
    assert "去抄表（还有 1 块）" in page
    assert place.url("check") in page
    assert place.url("missing") in page
    assert str(Month.of(place.here.month)) in page


def test_a_refusal_keeps_the_ticks_and_the_words_and_a_slip_of_the_eye_is_not_ticked_beforehand(
    place: Today, sign_in: Any
) -> None:
    fine, slip = (
        meter(place.cast.home, number="电1", opening="0"),
        meter(place.cast.unit("0202"), number="电2", opening="0"),
    )
    for one in (fine, slip):
        place.used(one, "100", "200", "300")
    twice = place.read(fine, "500", place.today.isoformat(), month=place.month)
    absurd = place.read(slip, "39900", place.today.isoformat(), month=place.month)
    odd = place.read(
        meter(place.cast.unit("0302"), number="电3", opening="0"), "1", place.today.isoformat(), month=place.month
    )
    assert (twice.state, absurd.state, odd.state) == ("pending", "pending", "stands")
    client, url = sign_in(place.cast.gong), place.url("check")
    page = client.get(url).content.decode()
    assert f'value="{twice.pk}" checked' in page
    assert f'value="{absurd.pk}" checked' not in page
    assert "比近三个月平均多 100%" in page
    assert "是近三个月平均的一百倍以上，像是看错了" in page
    again = client.post(url, {"reading": [absurd.pk], "verdict": "again"}).content.decode()
    assert "请写明原因" in again
    assert f'value="{absurd.pk}" checked' in again
    assert f'value="{twice.pk}" checked' not in again
    client.post(url, {"reading": [absurd.pk], "verdict": "again", "words": "少了小数点"})
    for reading, state in ((twice, "pending"), (absurd, "refused")):
        reading.refresh_from_db()
        assert reading.state == state
    reader = sign_in(place.clerk)
    for page_of in ("walk", "missing"):
        assert "少了小数点" in reader.get(place.url(page_of)).content.decode()
    assert f'value="{slip.pk}" checked' in reader.post(place.url("missing"), {"meter": [slip.pk]}).content.decode()


def test_a_use_of_several_times_the_usual_is_said_in_times(place: Today) -> None:
    one = meter(place.cast.home, number="电1", opening="0")
    place.used(one, "10", "20", "30")
    row = place.read(one, "110", place.today.isoformat(), month=place.month)
    assert odd_words(row) == "是近三个月平均的 8 倍多，像是看错了"


def test_whoever_checks_the_month_sees_what_is_odd_and_every_reading(cast: Any, sign_in: Any) -> None:
    office = Readers(cast)
    plain, far = meter(cast.home, number="电1", opening="0"), meter(cast.unit("0202"), number="电2", opening="0")
    for one, last in ((plain, "400"), (far, "460")):
        office.months(one, "100", "200", "300")
        row = office.read(one, last)
        if row.state == "pending":
            office.agree(row)
    round_ = office.checked()
    page = sign_in(office.accountant).get(round_.get_absolute_url()).content.decode()
    assert "抄表册，每块表的读数" in page
    assert "300 → 460，用量 160" in page
    assert "比近三个月平均多 60%（龚工 复核）" in page
    assert "300 → 400" not in page
    assert "还没有抄" not in page
