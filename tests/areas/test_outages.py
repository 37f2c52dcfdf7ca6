"""No water: one entry answers a hundred calls, one step closes it, everybody who called hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.fronts.looking import headings, section, text_of
from tests.support.doing import at, log_contact, sentences
from tests.support.sheets import text_of as text_of_sheet
from yihu.areas.outages.models import Outage
from yihu.areas.outages.schedules import begin_until
from yihu.areas.reception.models import Contact
from yihu.ground.contact.models import CallBack
from yihu.ground.estate.models import Building, Occupancy, Party
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Message
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
NOW = at("2026-11-03 09:00")


def off(cast: Any, when: Any = NOW, **typed: Any) -> Outage:
    """The pipe into the buildings has burst."""
    data = {
        "supply": "water", "sort": "sudden", "side": "own", "scope": "all", "cause": "主管爆裂",
        "begins_at": f"{timezone.localtime(when):%Y-%m-%d %H:%M}", "expected_at": f"{timezone.localtime(when) + timedelta(hours=5):%Y-%m-%d %H:%M}",
        "measures": "关阀抢修", **typed,
    }  # fmt: skip
    opened: Outage = open_record(Outage(community=cast.yunqi), by=cast.wang, data=data, at=when)
    return opened


def do(cast: Any, outage: Any, step: str, when: str = "2026-11-03 10:00", *, by: Any = None, **typed: Any) -> Any:
    return perform(outage, step, by=by or cast.wang, at=at(when), data=typed)


def calls_about(cast: Any, outage: Any, when: Any = NOW, **typed: Any) -> Contact:
    """A caller who is answered with the outage."""
    told = {
        "category": "other",
        "content": "来电询问停水",
        "answered": "on",
        "result": outage.said,
        "joins": outage.number,
    }
    return log_contact(cast, when=when, **{**told, **typed})


def due(record: Any, code: str) -> Any:
    return Deadline.objects.get(record_id=record.pk, code=code, stopped_at__isnull=True).due_at


def fresh(contact: Any) -> str:
    return str(Contact.objects.get(pk=contact.pk).state)


@pytest.mark.clause("REP-11")
@pytest.mark.clause("DESK-05")
def test_one_entry_answers_every_call_and_one_step_closes_it(cast: Any) -> None:
    outage = off(cast)
    callers = [calls_about(cast, outage, unit=cast.unit(room).pk, caller_name="") for room in ("0201", "0301", "0401")]
    assert [fresh(one) for one in callers] == ["in_hand"] * 3
    with pytest.raises(Refused, match="还没有办结"):
        perform(callers[0], "children_done", by=authority().system())
    outage = do(cast, outage, "recover", "2026-11-03 13:00", recovered_at="2026-11-03 12:50", explanation="已更换三通")
    assert outage.state == "calling"
    assert due(outage, "D19").date().isoformat() == "2026-11-04"
    reached = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5"}
    outage = do(cast, outage, "call_back", "2026-11-03 13:10", caller=callers[0].pk, **reached)
    assert outage.state == "calling"
    with pytest.raises(Invalid):
        do(cast, outage, "call_back", "2026-11-03 13:12", caller=callers[0].pk, **reached)
    outage = do(cast, outage, "tell_all", "2026-11-03 13:20", told_how="chat", told_words="已于 12:50 恢复供水")
    run_waiting()
    assert outage.state == "closed"
    assert [fresh(one) for one in callers] == ["struck"] * 3
    assert CallBack.objects.get().record_id == callers[0].pk
    assert not Deadline.objects.filter(
        stopped_at__isnull=True, record_id__in=[outage.pk, *(one.pk for one in callers)]
    ).exists()


def test_the_last_call_closes_it_and_three_misses_are_enough(cast: Any) -> None:
    outage = off(cast)
    first, second = calls_about(cast, outage), calls_about(cast, outage)
    outage = do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已修复")
    outage = do(
        cast,
        outage,
        "call_back",
        caller=first.pk,
        outcome="reached",
        method="phone",
        feedback="B",
        score="3",
    )
    for _ in range(3):
        assert outage.state == "calling"
        outage = do(cast, outage, "call_back", caller=second.pk, outcome="missed", method="phone")
    run_waiting()
    assert (outage.state, fresh(first), fresh(second)) == ("closed", "struck", "struck")


def test_where_nobody_called_recovery_is_the_end(cast: Any) -> None:
    assert do(cast, off(cast), "recover", recovered_at="2026-11-03 09:50", explanation="已修复").state == "closed"


def test_beside_the_form_of_an_affected_unit_it_stands_with_one_button(cast: Any, sign_in: Any) -> None:
    when = timezone.now() - timedelta(minutes=5)
    elsewhere = cast.yunqi.buildings.create(cluster=cast.home.cluster, code="A2")
    outage = off(cast, when, scope="buildings", buildings=[cast.home.building_id])
    client = sign_in(cast.wang)
    page = client.get("/reception/beside/", {"unit": cast.home.pk})
    assert "按停水答复" in text_of(page)
    assert "主管爆裂" in text_of(page)
    assert f'data-standing="{outage.number}"' in page.content.decode()
    other = elsewhere.units.create(community=cast.yunqi, cluster=elsewhere.cluster, entrance="1", room="0101")
    assert "停水" not in text_of(client.get("/reception/beside/", {"unit": other.pk}))
    assert "停水" in text_of(client.get("/reception/beside/"))  # nobody has said yet from where he calls
    assert "停水" not in text_of(sign_in(cast.lin).get("/reception/beside/", {"unit": cast.home.pk}))
    form = client.get("/reception/new/", {"unit": cast.home.pk, "joins": outage.number}).content.decode()
    assert "来电询问停水" in form
    assert outage.number in form
    said = {
        "unit": cast.home.pk,
        "joins": outage.number,
        "category": "other",
        "content": "来电询问停水",
        "answered": "on",
    }
    posted = {**said, "result": "预计下午恢复", "channel": "phone", "relation": "owner", "key": "one"}
    assert client.post("/reception/new/", posted).status_code == 302
    contact = Contact.objects.get()
    assert contact.links_out.get().target_id == outage.pk
    assert contact.number in text_of(client.get(outage.get_absolute_url()))


def test_unit_file_and_today_show_what_is_off(cast: Any, sign_in: Any) -> None:
    outage = off(cast, timezone.now() - timedelta(minutes=5))
    client = sign_in(cast.wang)
    assert "按停水答复" in text_of(client.get(f"/units/{cast.home.pk}/"))
    today = client.get("/")
    assert outage.number in section(today, "停水停电")
    assert headings(today)[0] == "停水停电"
    assert "主管爆裂" in text_of(sign_in(cast.gong).get("/"))


def test_once_it_is_over_a_call_is_answered_like_any_other(cast: Any) -> None:
    outage = off(cast)
    outage = do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="已修复")
    late = calls_about(cast, outage, at("2026-11-03 11:00"))
    assert (late.state, late.links_out.count()) == ("ready", 0)


@pytest.mark.clause("REP-11")
def test_a_municipal_cause_is_taken_up_with_the_utility_first(cast: Any) -> None:
    outage = off(cast, side="municipal", cause="市政管网抢修")
    assert "市政原因：市政管网抢修" in outage.said
    with pytest.raises(Refused, match="联系市政"):
        do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="来水了")
    outage = do(cast, outage, "utility", whom="自来水公司热线", called_at="2026-11-03 09:20", said="抢修到下午两点")
    assert "王客服 联系市政（自来水公司热线，2026-11-03 09:20）：抢修到下午两点" in sentences(outage)
    assert do(cast, outage, "recover", recovered_at="2026-11-03 09:50", explanation="来水了").state == "closed"


def test_another_end_is_said_openly_and_a_missed_one_reaches_the_supervisor(cast: Any) -> None:
    assert cast.li
    outage = off(cast)
    assert due(outage, "D04") == at("2026-11-03 14:00")
    outage = do(cast, outage, "delay", "2026-11-03 13:00", expected_at="2026-11-03 16:00", reason="配件还没到")
    assert "11月3日 16:00" in outage.said
    assert due(outage, "D04") == at("2026-11-03 16:00")
    assert "王客服 改预计恢复时间为 2026-11-03 16:00：配件还没到" in sentences(outage)
    sweep(at("2026-11-03 16:01"))
    assert Message.objects.filter(person=cast.li, record_id=outage.pk, sentence__contains="预计恢复").exists()
    with pytest.raises(Invalid):
        do(cast, outage, "delay", "2026-11-03 17:00", expected_at="2026-11-03 16:30", reason="倒着改")


@pytest.mark.clause("REP-11")
def test_a_planned_one_is_announced_ahead_begins_by_itself_and_may_be_called_off(cast: Any) -> None:
    planned = {
        "sort": "planned",
        "begins_at": "2026-11-20 09:00",
        "expected_at": "2026-11-20 17:00",
        "cause": "水箱清洗",
    }
    outage = off(cast, **planned)
    assert (outage.state, due(outage, "D79")) == ("planned", at("2026-11-19 09:00"))
    power = off(cast, **planned, supply="power")
    assert due(power, "D79") == at("2026-11-13 09:00")
    outage = do(cast, outage, "notify", how=["chat", "notice"])
    assert "王客服 通知业主：微信群、张贴公告" in sentences(outage)
    assert not Deadline.objects.filter(record_id=outage.pk, code="D79", stopped_at__isnull=True).exists()
    outage = do(
        cast, outage, "reschedule", begins_at="2026-11-21 09:00", expected_at="2026-11-21 12:00", reason="配合供电检修"
    )
    assert due(outage, "D79") == at("2026-11-20 09:00")
    caller = calls_about(cast, power)
    power = do(cast, power, "cancel", reason="供电局取消检修")
    assert power.state == "calling"
    power = do(cast, power, "tell_all", told_how="sms", told_words="停电取消")
    run_waiting()
    assert (power.state, fresh(caller)) == ("closed", "struck")
    assert begin_until(at("2026-11-21 08:59")) == 0
    assert begin_until(at("2026-11-21 09:01")) == 1
    assert Outage.objects.get(pk=outage.pk).state == "running"


def test_the_place_names_each_part_of_the_site_once(cast: Any) -> None:
    """Read out at the desk: nobody says the cluster again before every building."""
    home = cast.home
    other = Building.objects.create(community=cast.yunqi, cluster=home.cluster, code="A2", name="A2栋")
    outage = off(cast, scope="buildings", buildings=[home.building_id, other.pk])
    assert outage.place_words == "A组团 A1栋、A2栋"


def test_rooms_are_found_as_they_are_written_and_never_guessed(cast: Any) -> None:
    first, twice = cast.unit("0201"), cast.unit("0301")
    cast.unit("0301", entrance="2")
    outage = off(cast, scope="units", rooms="A1-1-0201、A1-1-0301")
    assert set(outage.places.values_list("unit_id", flat=True)) == {first.pk, twice.pk}
    assert outage.place_words == "A1-1-0201、A1-1-0301"
    with pytest.raises(Invalid) as refused:
        off(cast, scope="units", rooms="0301")
    assert "不止一户" in str(refused.value.form.errors["rooms"])
    with pytest.raises(Invalid) as refused:
        off(cast, scope="units", rooms="Z9-9-9999")
    assert "没有找到" in str(refused.value.form.errors["rooms"])
    with pytest.raises(Invalid):
        off(cast, scope="clusters")


def test_times_that_cannot_be_are_refused(cast: Any) -> None:
    for wrong in (
        {"expected_at": "2026-11-03 08:00"},
        {"sort": "planned"},
        {"begins_at": "2026-11-05 09:00", "expected_at": "2026-11-05 12:00"},
    ):
        with pytest.raises(Invalid):
            off(cast, **wrong)
    with pytest.raises(NotAllowed):
        open_record(Outage(community=cast.yunqi), by=cast.chen, data={})


def test_the_notice_says_what_where_when_and_why(cast: Any) -> None:
    outage = off(cast, side="municipal", responsible="自来水公司抢修队")
    declared = next(one for one in procedure_of(Outage).prints if one.name == "notice")
    words = text_of_sheet(render(declared, outage, cast.wang, now=NOW))
    for said in (
        "停水通知",
        "全项目",
        "11月3日 09:00",
        "11月3日 14:00",
        "市政：主管爆裂",
        "自来水公司抢修队",
        "云栖苑",
    ):
        assert said.replace(" ", "") in words.replace(" ", "").replace("\n", "")


def written(code: str) -> list[tuple[str, str, str]]:
    rows = Outgoing.objects.filter(code=code).order_by("party__name")
    return [(row.party.name, row.way, row.text) for row in rows]


def test_every_household_that_agreed_is_written_to_once_and_told_when_it_is_over(cast: Any) -> None:
    """Two of three who live there agreed; one owns two of the flats."""
    homes = [cast.unit(room) for room in ("0201", "0301")]
    others = [Party.objects.create(community=cast.yunqi, name=name) for name in ("钱先生", "孙女士", "李住户")]
    for unit, party in ((homes[0], others[0]), (homes[1], others[0]), (homes[1], others[1])):
        Occupancy.objects.create(unit=unit, party=party, role="owner")
    for party in (others[0], others[2]):
        ContactWay.objects.create(
            community=cast.yunqi, party=party, way="wechat", address="wx-1", consent_how="desk", consent_at=NOW, consent_by=cast.wang
        )  # fmt: skip
    outage = off(cast, scope="units", rooms="A1-1-0201、A1-1-0301")
    with pytest.raises(Invalid) as nobody:
        do(cast, outage, "send", way="sms")
    assert "没有一户同意" in str(nobody.value.form.errors["way"])
    for _ in range(2):  # a second click writes nothing twice
        do(cast, outage, "send", way="wechat")
        run_waiting()
    [(name, way, text)] = written("outage")
    assert (name, way) == ("钱先生", "wechat")
    assert "因主管爆裂，11月3日 09:00至11月3日 14:00A1-1-0201所在区域停水" in text
    recovered = do(
        cast,
        outage,
        "recover",
        "2026-11-03 12:00",
        recovered_at="2026-11-03 11:50",
        explanation="已换三通",
        send_over="on",
    )
    assert recovered.state == "closed"
    run_waiting()
    assert [name for name, _, text in written("outage_over") if "停水已于 11月3日 11:50 恢复" in text] == ["钱先生"]


def test_who_left_a_number_is_called(cast: Any) -> None:
    outage = off(cast)
    contact = calls_about(cast, outage, phone="13800138112")
    do(cast, outage, "recover", "2026-11-03 13:00", recovered_at="2026-11-03 12:50", explanation="修好")
    with pytest.raises(Invalid) as refused:
        do(
            cast, outage, "call_back", "2026-11-03 13:10", caller=contact.pk, outcome="impossible", method="phone", words="不打了"
        )  # fmt: skip
    assert "outcome" in refused.value.form.errors
