"""Defects that the developer answers for: on his desk the same day, chased, re-checked, signed by the owner."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support.doing import at, call_back, log_contact, photo, sentences, signature
from tests.support.sheets import text_of_pages
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.areas.warranty.models import Slip
from yihu.areas.warranty.terms import hand_by, warranty_end
from yihu.fronts.reports.periods import of_month
from yihu.fronts.reports.timeliness import orders_of
from yihu.ground.papers.models import Paper
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, Message
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
REPORTED = at("2026-08-03 09:12")


def accepted_on(cast: Any, day: date | None = date(2025, 9, 30)) -> None:
    """The building's completion was accepted on this day."""
    building = cast.home.building
    building.completed_on, building.developer = day, "云栖置业"
    building.save()


def seepage(cast: Any, when: Any = REPORTED, **typed: Any) -> Slip:
    """A call about a wet bathroom wall, and the slip that came of it."""
    told = {"category": "after_sales", "content": "卫生间渗水", "to-item": "waterproofing", **typed}
    contact = log_contact(cast, when=when, **told)
    found: Slip = Slip.objects.get(links_in__origin_id=contact.pk)
    return found


def do(
    cast: Any, slip: Any, step: str, when: str = "2026-08-03 15:00", *, by: Any = None, files: Any = None, **typed: Any
) -> Any:
    return perform(slip, step, by=by or cast.wang, at=at(when), data=typed, files=files or {})


def handed(cast: Any, slip: Any, when: str = "2026-08-03 15:00", **typed: Any) -> Any:
    return do(cast, slip, "hand", when, receiver="周工", signature=signature(), **typed)


def due(record: Any, code: str) -> Any:
    return Deadline.objects.get(record_id=record.pk, code=code, stopped_at__isnull=True).due_at


@pytest.mark.clause("REP-07")
@pytest.mark.clause("DESK-03", part="售后转返修联系单")
def test_a_defect_goes_to_the_developer_the_same_day_and_comes_back_signed(cast: Any) -> None:
    accepted_on(cast)
    slip = seepage(cast)
    assert (slip.warranty_until, slip.within, slip.unit) == (date(2030, 9, 30), "in", cast.home)
    assert slip.phone == "13800138112"
    assert due(slip, "D13") == at("2026-08-03 17:00")
    slip = handed(cast, slip)
    assert Deadline.objects.get(record_id=slip.pk, code="D13").met is True
    slip = do(cast, slip, "plan", plan="重做防水层", contractor="宏远防水", promised_on="2026-08-12")
    assert due(slip, "D45") == at("2026-08-12 17:30")
    slip = do(cast, slip, "begin", "2026-08-10 09:00")
    slip = do(cast, slip, "finish", "2026-08-11 16:00", work_done="铲除重做", finished_on="2026-08-11")
    slip = do(cast, slip, "failed", "2026-08-12 10:00", checked="闭水一天仍渗", promised_on="2026-08-18")
    assert (slip.state, slip.finished_on, slip.failed_checks) == ("working", None, 1)
    assert due(slip, "D45") == at("2026-08-18 17:30")
    slip = do(cast, slip, "finish", "2026-08-17 16:00", work_done="墙角补做", finished_on="2026-08-17")
    slip = do(cast, slip, "passed", "2026-08-18 10:00", checked="闭水四十八小时不渗", by=cast.gong)
    slip = do(cast, slip, "not_accepted", "2026-08-18 11:00", accept_refused="瓷砖没有复原", promised_on="2026-08-20")
    slip = do(cast, slip, "finish", "2026-08-19 16:00", work_done="瓷砖复原", finished_on="2026-08-19")
    slip = do(cast, slip, "passed", "2026-08-19 17:00", checked="合格")
    slip = do(cast, slip, "accept", "2026-08-19 18:00", signature=signature())
    slip = call_back(cast, slip, at("2026-08-20 10:00"))
    run_waiting()
    assert (slip.state, Contact.objects.get().state) == ("closed", "ready")
    assert not Deadline.objects.filter(record_id=slip.pk, stopped_at__isnull=True).exists()
    assert "李主管" not in "".join(sentences(slip))
    assert "王客服 复检不合格：闭水一天仍渗；开发商 2026-08-18 前重做" in sentences(slip)


@pytest.mark.parametrize(
    ("item", "completed", "ends"),
    [
        ("waterproofing", date(2025, 9, 30), date(2030, 9, 30)),
        ("fittings", date(2025, 9, 30), date(2027, 9, 30)),
        ("fittings", date(2024, 2, 29), date(2026, 2, 28)),
        ("structure", date(2025, 9, 30), date(2075, 9, 30)),
        # accepted in autumn: two whole winters end in March 2027, two whole summers in September 2027
        ("heating", date(2025, 9, 30), date(2027, 9, 30)),
        # accepted in January: that winter does not count, the third ends in March 2028
        ("heating", date(2026, 1, 10), date(2028, 3, 15)),
    ],
)
def test_the_end_follows_class_and_completion(item: str, completed: date, ends: date) -> None:
    assert warranty_end(item, completed, 50) == ends


@pytest.mark.parametrize(
    ("reported", "by"),
    [
        ("2026-08-03 09:12", "2026-08-03 17:00"),
        ("2026-08-03 16:59", "2026-08-03 17:00"),
        ("2026-08-03 17:00", "2026-08-04 10:00"),
        ("2026-08-31 22:30", "2026-09-01 10:00"),
    ],
)
def test_what_comes_late_is_handed_over_next_morning(reported: str, by: str) -> None:
    assert hand_by(at(reported)) == at(by)


def test_past_its_warranty_it_is_a_repair_unless_somebody_says_why(cast: Any) -> None:
    accepted_on(cast, date(2019, 5, 1))
    with pytest.raises(Invalid) as refused:
        seepage(cast)
    said = str(refused.value.form.hand_over_form.errors["out_reason"])
    assert "2024-05-01" in said
    assert "报修" in said
    assert not Contact.objects.exists()
    slip = seepage(cast, **{"to-out_reason": "开发商书面承诺延长"})
    assert (slip.within, slip.out_reason) == ("out", "开发商书面承诺延长")


def test_without_a_completion_date_the_clerk_is_told_where_it_is_entered(cast: Any, sign_in: Any) -> None:
    slip = seepage(cast)
    assert (slip.within, slip.warranty_until) == ("unknown", None)
    client = sign_in(cast.wang)
    assert "没有登记竣工验收日期" in text_of(
        client.get("/warranty/term/", {"unit": cast.home.pk, "to-item": "structure"})
    )
    page = client.get("/estate/buildings/")
    assert "A1栋" in text_of(page)
    assert "未登记" in text_of(page)
    edit = f"/estate/buildings/{cast.home.building_id}/edit/"
    given = {
        "completed_on": "2025-09-30",
        "design_years": "50",
        "developer": "云栖置业",
        "reason": "按竣工验收备案表",
        "key": "k",
    }
    assert client.post(edit, given).status_code == 302
    assert "2025-09-30" in text_of(client.get("/estate/buildings/"))
    shown = text_of(client.get("/warranty/term/", {"unit": cast.home.pk, "to-item": "waterproofing"}))
    assert "保修期至 2030-09-30，在保修期内" in shown
    assert text_of(
        sign_in(cast.lin).get("/warranty/term/", {"unit": cast.home.pk, "to-item": "waterproofing"})
    ).startswith("选了房号")
    assert sign_in(cast.lin).get(edit).status_code == 404
    assert sign_in(cast.xiang).get(edit).status_code == 403


def test_the_term_stands_on_the_form_of_the_contact(cast: Any, sign_in: Any) -> None:
    page = sign_in(cast.wang).get("/reception/new/", {"unit": cast.home.pk, "category": "after_sales"})
    assert 'hx-get="/warranty/term/"' in page.content.decode()


def test_who_opens_no_slips_still_logs_the_call_and_the_desk_routes_it(cast: Any) -> None:
    accepted_on(cast)
    contact = log_contact(cast, by=cast.chen, when=REPORTED, category="after_sales", content="卫生间渗水")
    assert contact.state == "registered"
    assert not Slip.objects.exists()
    perform(contact, "route", by=cast.wang, at=REPORTED, data={"category": "after_sales", "to-item": "waterproofing"})
    assert Slip.objects.get().defect == "卫生间渗水"


@pytest.mark.clause("REP-07")
def test_a_silent_developer_is_chased_then_reported_then_written_to(cast: Any, sign_in: Any) -> None:
    assert cast.li
    assert cast.xiang
    accepted_on(cast)
    slip = handed(cast, seepage(cast))
    assert timezone.localdate(due(slip, "D45")) == date(2026, 8, 10)
    sweep(at("2026-08-11 09:00"))
    assert Message.objects.filter(person=cast.li, record_id=slip.pk).exists()
    assert not Message.objects.filter(person=cast.xiang, record_id=slip.pk).exists()
    sweep(at("2026-08-15 09:00"))
    assert Message.objects.filter(person=cast.xiang, record_id=slip.pk).exists()
    listed = text_of(sign_in(cast.wang).get("/warranty/?tab=chase"))
    assert slip.number in listed
    slip = do(cast, slip, "chase", "2026-08-15 10:00", way="phone", whom="周工", answer="说等领导批")
    with pytest.raises(NotAllowed):
        do(cast, slip, "letter", "2026-08-15 10:30", letter_to="云栖置业", letter_by="2026-08-20")
    slip = do(cast, slip, "letter", "2026-08-15 11:00", letter_to="云栖置业", letter_by="2026-08-20", by=cast.li)
    words = "".join(text_of_pages(render(printed("chase_letter"), slip, cast.li, now=at("2026-08-15 11:05"))))
    for said in ("云栖置业", "卫生间渗水", "说等领导批", "2030-09-30", "2026-08-20", slip.number):
        assert said in words
    slip = do(
        cast,
        slip,
        "chase",
        "2026-08-16 10:00",
        way="visit",
        whom="周工",
        answer="二十五日前做完",
        promised_on="2026-08-25",
    )
    assert due(slip, "D45") == at("2026-08-25 17:30")
    assert (slip.chases, slip.letters) == (2, 1)
    assert "王客服 催办开发商（当面，周工）：二十五日前做完 2026-08-25" in sentences(slip)


@pytest.mark.clause("REP-07")
def test_a_disputed_defect_stays_open_with_photographs_and_the_owner_hears_of_it(cast: Any) -> None:
    accepted_on(cast)
    slip = handed(cast, seepage(cast))
    told = {
        "refused_reason": "业主在楼板上打孔",
        "told": "电话告知业主，约三方到场看",
        "next_told_at": "2026-08-06 10:00",
    }
    with pytest.raises(Invalid):
        do(cast, slip, "refuse", **told)
    slip = do(cast, slip, "refuse", **told, files={"photos": [photo()]})
    assert (slip.state, slip.state_word, slip.closed_at) == ("dispute", "责任争议", None)
    assert slip.attachments.filter(purpose="photo").count() == 1
    assert due(slip, "D04") == at("2026-08-06 10:00")
    assert not Deadline.objects.filter(record_id=slip.pk, code="D45", stopped_at__isnull=True).exists()
    slip = do(cast, slip, "inform", "2026-08-06 09:30", told="三方已看，等检测", next_told_at="2026-08-10 10:00")
    assert due(slip, "D04") == at("2026-08-10 10:00")
    with pytest.raises(NotAllowed):
        do(cast, slip, "settle", "2026-08-09 09:00", outcome="检测为施工缺陷", promised_on="2026-08-20")
    slip = do(cast, slip, "settle", "2026-08-09 09:00", outcome="检测为施工缺陷", promised_on="2026-08-20", by=cast.li)
    assert (slip.state, due(slip, "D45")) == ("received", at("2026-08-20 17:30"))
    slip = do(
        cast,
        slip,
        "refuse",
        "2026-08-10 09:00",
        **{**told, "next_told_at": "2026-08-12 10:00"},
        files={"photos": [photo()]},
    )
    slip = do(cast, slip, "not_covered", "2026-08-12 09:00", reason="检测为打孔所致", told="书面告知", by=cast.li)
    assert slip.closed_at is not None


def test_a_refused_signature_needs_two_witnesses_and_a_photograph(cast: Any) -> None:
    slip = seepage(cast)
    with pytest.raises(Invalid):
        do(cast, slip, "hand", receiver="周工")
    refusal = {"receiver": "周工", "refused": "on", "receive_refused": "说不归他管", "witness_1": cast.wang.pk}
    with pytest.raises(Invalid):
        do(cast, slip, "hand", **refusal, witness_2=cast.wang.pk, files={"photos": [photo()]})
    slip = do(cast, slip, "hand", **refusal, witness_2=cast.li.pk, files={"photos": [photo()]})
    assert slip.state == "received"
    assert "开发商拒签，见证人：王客服、李主管" in sentences(slip)


def test_a_slip_is_not_counted_among_our_own_repairs(cast: Any) -> None:
    accepted_on(cast)
    seepage(cast, at("2026-10-25 09:00"))
    assert not WorkOrder.objects.exists()
    assert orders_of(cast.yunqi, of_month(2026, 11), cast.li, at("2026-11-02 09:00")) == []


def test_an_unhappy_owner_sends_it_back_as_a_second_slip(cast: Any) -> None:
    accepted_on(cast)
    slip = handed(cast, seepage(cast), promised_on="2026-08-12")
    slip = do(cast, slip, "finish", "2026-08-11 16:00", work_done="重做", finished_on="2026-08-11")
    slip = do(cast, slip, "passed", "2026-08-12 10:00", checked="合格")
    slip = do(cast, slip, "accept", "2026-08-12 11:00", signature=signature())
    call_back(cast, slip, at("2026-08-13 10:00"), feedback="C", score="1", words="又渗了")
    second = Slip.objects.get(round_no=2)
    assert (second.state, second.item, second.phone) == ("opened", "waterproofing", "13800138112")
    assert second.links_in.get().origin_id == slip.pk


def test_the_slip_prints_in_two_copies(cast: Any) -> None:
    accepted_on(cast)
    slip = handed(cast, seepage(cast), promised_on="2026-08-12")
    pages = text_of_pages(render(printed("slip"), slip, cast.wang, now=at("2026-08-03 16:00")))
    assert len(pages) == 2
    for said in ("卫生间渗水", "2030-09-30", "2026-08-12", "云栖置业", "138****8112", slip.number):
        assert all(said in page for page in pages)


def test_the_list_narrows_by_class_and_cluster(cast: Any, sign_in: Any) -> None:
    slip = seepage(cast)
    client, here = sign_in(cast.wang), cast.home.cluster_id
    assert slip.number in text_of(client.get(f"/warranty/?tab=open&item=waterproofing&unit__cluster={here}"))
    assert slip.number not in text_of(client.get("/warranty/?tab=open&item=structure"))
    cluster = cast.yunqi.clusters.create(code="B", name="B组团")
    assert slip.number not in text_of(client.get(f"/warranty/?tab=open&unit__cluster={cluster.pk}"))


def test_by_hand_a_slip_needs_its_unit_and_a_day_that_lies_ahead(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        open_record(Slip(community=cast.yunqi), by=cast.wang, data={"item": "other", "defect": "外墙掉漆"})
    assert "unit" in refused.value.form.errors
    slip = seepage(cast)
    with pytest.raises(Invalid):
        handed(cast, slip, promised_on="2026-08-01")
    with pytest.raises((Conflict, Refused)):
        do(cast, slip, "passed", checked="合格")


# -- common parts ------------------------------------------------------------------------------------------------------


def roof(cast: Any, when: Any = REPORTED, **typed: Any) -> Slip:
    """A neighbour calls about water that comes through the roof of the building."""
    place = {"to-building": cast.home.building_id, "to-common_area": "屋面", "content": "屋面渗水到顶楼走廊"}
    return seepage(cast, when, **{**place, **typed})


@pytest.mark.clause("REP-07")
def test_a_defect_of_a_common_part_goes_to_the_developer_with_its_place(cast: Any, sign_in: Any) -> None:
    accepted_on(cast)
    slip = roof(cast)
    assert (slip.unit, slip.place, slip.party) == (None, "A1栋 屋面", None)
    assert (slip.warranty_from, slip.warranty_until, slip.within) == (date(2025, 9, 30), date(2030, 9, 30), "in")
    assert due(slip, "D13") == at("2026-08-03 17:00")
    assert "A1栋 屋面" in text_of(sign_in(cast.wang).get(slip.get_absolute_url()))
    words = text_of_pages(render(printed("slip"), slip, cast.wang, now=at("2026-08-03 16:00")))[1].replace(" ", "")
    for said in ("公共部位A1栋屋面", "云栖置业", "2030-09-30", "业主代表确认", "138****8112"):
        assert said in words
    assert "房号" not in words
    slip = handed(cast, slip)
    sweep(at("2026-08-11 09:00"))
    slip = do(
        cast, slip, "chase", "2026-08-11 10:00", way="phone", whom="周工", answer="排不出人", promised_on="2026-08-20"
    )
    slip = do(cast, slip, "letter", "2026-08-11 11:00", letter_to=slip.developer, letter_by="2026-08-15", by=cast.li)
    letter = "".join(text_of_pages(render(printed("chase_letter"), slip, cast.li, now=at("2026-08-11 11:05"))))
    assert "A1栋屋面于2026-08-03报修" in letter
    slip = do(cast, slip, "finish", "2026-08-19 16:00", work_done="重做防水", finished_on="2026-08-19")
    slip = do(cast, slip, "failed", "2026-08-20 09:00", checked="雨后仍渗", promised_on="2026-08-25")
    slip = do(cast, slip, "finish", "2026-08-24 16:00", work_done="补做", finished_on="2026-08-24")
    slip = do(cast, slip, "passed", "2026-08-25 09:00", checked="淋水两小时不渗", by=cast.gong)
    with pytest.raises(Invalid, match="业主代表"):
        do(cast, slip, "accept", "2026-08-25 10:00")
    slip = do(cast, slip, "accept", "2026-08-25 10:00", signature=signature())
    assert not Paper.objects.exists()  # nobody's own, so in nobody's file
    call_back(cast, slip, at("2026-08-26 10:00"), feedback="C", score="1", words="又渗了")
    second = Slip.objects.get(round_no=2)
    assert (second.place, second.warranty_until, second.state) == ("A1栋 屋面", date(2030, 9, 30), "opened")


def test_a_part_of_no_building_runs_from_its_own_acceptance(cast: Any, sign_in: Any) -> None:
    accepted_on(cast)
    gate = {"to-building": "", "to-common_area": "东大门围墙", "to-item": "structure"}
    slip = roof(cast, **gate)
    assert (slip.within, slip.place, slip.developer) == ("unknown", "东大门围墙", "云栖置业")
    slip = roof(cast, **gate, **{"to-accepted_on": "2024-05-01"})
    assert (slip.warranty_from, slip.warranty_until) == (date(2024, 5, 1), date(2074, 5, 1))
    old = {**gate, "to-item": "fittings", "to-accepted_on": "2024-05-01"}
    with pytest.raises(Invalid) as refused:
        roof(cast, **old)
    assert "公共部位由物业安排维修" in str(refused.value.form.hand_over_form.errors["out_reason"])
    with pytest.raises(Invalid) as refused:
        roof(cast, **{"to-common_area": ""})
    assert "请写明是哪个部位" in str(refused.value.form.hand_over_form.errors["common_area"])
    asked = {
        "unit": cast.home.pk,
        "to-common_area": "东大门围墙",
        "to-item": "fittings",
        "to-accepted_on": "2024-05-01",
    }
    assert "保修期已于 2026-05-01 届满" in text_of(sign_in(cast.wang).get("/warranty/term/", asked))
    by_building = {"to-building": cast.home.building_id, "to-item": "waterproofing"}
    assert "不动用维修资金" in text_of(sign_in(cast.wang).get("/warranty/term/", by_building))


def test_what_a_patrol_finds_needs_no_household(cast: Any) -> None:
    accepted_on(cast)
    place = {"building": cast.home.building_id, "common_area": "电梯厅", "item": "fittings", "defect": "吊顶开裂"}
    slip = open_record(Slip(community=cast.yunqi), by=cast.wang, at=REPORTED, data=place)
    assert (slip.place, slip.warranty_until, slip.within) == ("A1栋 电梯厅", date(2027, 9, 30), "in")
    assert "A1栋 电梯厅" in slip.summary


def printed(name: str) -> Any:
    return next(one for one in procedure_of(Slip).prints if one.name == name)
