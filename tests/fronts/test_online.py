"""网上报修与网上投诉: the card in a home, the page behind it, and the private address of each report (REP-01, CMP-09)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support import sheets
from tests.support.cast import Cast
from tests.support.complaining import answer, call, issue, opinion
from tests.support.doing import assign, at, call_back, finish, log_contact, photo, sentences, sign, the_order
from tests.support.online import card_of, code, fault, hall, reported, send, words
from yihu.areas.complaints.models import Complaint
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.online import cards, codes, knocking
from yihu.fronts.online.models import Card, Report
from yihu.ground.contact.models import CallBack
from yihu.ground.estate import tenure
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel import rates
from yihu.kernel.calendars import forget
from yihu.kernel.doors import command, perform
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Attachment, Deadline, Message, Parameter, Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Cast:
    """Everybody whom those need who work at once, before they start."""
    cast = Cast()
    assert all((cast.home, cast.wang, cast.gong))
    return cast


# -- the card -----------------------------------------------------------------------------------------------------------


def test_the_desk_prints_a_building_and_cards_that_stand_keep_their_code(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    first, other = cast.home, cast.unit("0102")
    before = card_of(cast, first)
    client = sign_in(cast.wang)
    page = client.get("/online/cards/").content.decode()
    assert "A1-1-0102" in page
    with override_settings(YIHU_SITE="https://wuye.example.com"):
        pdf = client.post("/online/cards/print/", {"building": first.building_id, "key": "b"})
        again = client.post("/online/cards/print/", {"building": first.building_id, "key": "b"})
    assert (pdf["Content-Type"], again.status_code, pdf["Cache-Control"]) == ("application/pdf", 200, "no-store")
    text = sheets.text_of(pdf.content)
    assert "A1-1-0101" in text
    assert "A1-1-0102" in text
    assert "赵" not in text
    assert "138" not in text
    assert {card.unit for card in Card.objects.filter(revoked_at=None)} == {first, other}
    assert Client().get(f"/fix/{before}/").status_code == 200  # the one that hangs there already


def test_of_a_code_the_database_knows_a_digest_only(cast: Any) -> None:
    secret = card_of(cast)
    _, address = reported(secret)
    token = address.rstrip("/").rsplit("/", 1)[-1]
    kept = [str(value) for row in (*Card.objects.values_list(), *Report.objects.values_list()) for value in row]
    assert not [value for value in kept if secret in value or token in value]
    assert secret != card_of(cast, cast.unit("0102"))


def test_nothing_of_the_household_stands_behind_its_card(cast: Any) -> None:
    assert cast.owner
    earlier = log_contact(cast, content="卫生间漏水", party=cast.owner.pk)
    for page in (words(f"/fix/{card_of(cast)}/"), words(f"/fix/{card_of(cast)}/complaint/")):
        for secret in ("赵业主", "138", "8112", "漏水了", "卫生间漏水", earlier.number, "欠"):
            assert secret not in page
        assert "A1-1-0101" in page


def test_a_card_is_void_when_the_home_changes_hands_and_when_the_desk_says_so(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    secret, other = card_of(cast), card_of(cast, cast.unit("0102"))
    report, address = reported(secret)
    heir = Party.objects.create(community=cast.yunqi, name="孙新主")
    with command(by=cast.li) as writing:
        tenure.pass_title(writing, cast.home, [(heir, None)], timezone.localdate(), "买卖")
    assert Client().get(f"/fix/{secret}/").status_code == 404
    assert send(secret, "k2").status_code == 404
    assert "住户已变" in sign_in(cast.wang).get("/online/cards/").content.decode()
    assert Client().get(address).status_code == 200  # his own report goes on
    fresh = card_of(cast)
    assert fresh != secret
    assert Client().get(f"/fix/{fresh}/").status_code == 200
    assert Client().get(f"/fix/{secret}/").status_code == 404
    card = Card.objects.get(digest=codes.digest(other))
    sign_in(cast.wang).post(f"/online/cards/{card.pk}/revoke/", {"key": "r", "why": "丢了"})
    assert Client().get(f"/fix/{other}/").status_code == 404
    assert report.contact.closed_at is None


def test_a_lease_that_ends_or_begins_voids_the_card_and_a_renewed_one_does_not(cast: Any) -> None:
    today = timezone.localdate()
    lessee = Party.objects.create(community=cast.yunqi, name="周租户")
    Occupancy.objects.create(unit=cast.home, party=lessee, role="lessee", from_on=date(2026, 1, 1), to_on=today)
    secret = card_of(cast)
    Occupancy.objects.filter(party=lessee).update(to_on=today + timedelta(days=365))
    assert Client().get(f"/fix/{secret}/").status_code == 200
    Occupancy.objects.filter(party=lessee).update(to_on=today - timedelta(days=1))
    assert Client().get(f"/fix/{secret}/").status_code == 404


def test_only_the_desk_prints_and_only_its_own_homes(cast: Any, sign_in: Any) -> None:
    assert cast.home
    for person in (cast.chen, cast.gong, cast.passer):
        assert sign_in(person).get("/online/cards/").status_code == 403
        assert sign_in(person).post("/online/cards/print/", {"unit": cast.home.pk, "key": "x"}).status_code == 403
    card_of(cast)
    card = Card.objects.get()
    stranger = sign_in(cast.lin)
    assert stranger.post("/online/cards/print/", {"unit": cast.home.pk, "key": "x"}).status_code == 409
    assert stranger.post(f"/online/cards/{card.pk}/revoke/", {"key": "x"}).status_code == 404
    assert "A1-1-0101" not in stranger.get("/online/cards/").content.decode()
    assert Card.objects.get().revoked_at is None


# -- reporting ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("REP-01")
@pytest.mark.clause("DESK-12", part="网上报修按电话认出本户的人，与他的来电来访是一份历史")
def test_a_report_over_the_card_is_an_entry_and_a_classified_order_at_once(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    assert all((cast.wang, cast.gong))
    report, address = reported(
        card_of(cast),
        fault=fault("水管爆裂").pk,
        phone="138 0013 8112",
        relation="owner",
        wish="",
        photos=[photo(), photo("二.png")],
    )
    contact, order = Contact.objects.get(), WorkOrder.objects.get()
    assert (report.contact, report.matter_id) == (contact, order.pk)
    assert (contact.state, contact.channel, contact.category, contact.handler) == ("in_hand", "chat", "repair", None)
    assert (contact.unit, contact.party, contact.caller_name, contact.phone) == (
        cast.home,
        cast.owner,
        "钱女士",
        "13800138112",
    )
    assert contact.promised_at is not None
    assert (order.state, order.level, order.trade, order.unit, order.location) == (
        "to_assign",
        "urgent",
        "water",
        cast.home,
        "厨房",
    )
    assert (order.reporter, order.phone, order.fault) == ("钱女士", "13800138112", fault("水管爆裂"))
    assert Attachment.objects.filter(record_id=order.pk, purpose="before").count() == 2
    running = Deadline.objects.filter(stopped_at=None)
    assert set(running.filter(record_id=order.pk).values_list("code", flat=True)) == {"D14", "D16"}
    assert set(running.filter(record_id=contact.pk).values_list("code", flat=True)) == {"D04"}
    assert Message.objects.filter(person=cast.gong, sentence__contains=order.number).exists()
    assert Message.objects.filter(person=cast.wang, sentence__contains="网上报修").exists()
    page = words(address)
    for said in (contact.number, "已收到，正在派师傅", "派出师傅"):
        assert said in page
    for secret in ("钱女士", "赵业主", "138", "8112"):
        assert secret not in page
    assert order.number in sign_in(cast.gong).get(reverse("repairs:board")).content.decode()
    assert contact.number in sign_in(cast.wang).get("/reception/").content.decode()


@pytest.mark.clause("REP-01")
@pytest.mark.parametrize("channel", ["phone", "visit", "patrol"])
def test_by_telephone_at_the_counter_and_on_patrol_it_becomes_an_order_just_the_same(cast: Any, channel: str) -> None:
    assert cast.gong
    order = the_order(log_contact(cast, channel=channel))
    assert (order.state, order.level) == ("to_assign", "minor")
    assert Message.objects.filter(person=cast.gong, sentence__contains=order.number).exists()


def test_it_is_given_out_as_a_typed_one_is(cast: Any) -> None:
    """By turn the first worker has it without anybody at the desk."""
    assert all((cast.chen, cast.gong, cast.wang))
    _, address = reported(card_of(cast))
    assert "正在派师傅" in words(address)
    Parameter.objects.create(
        community=cast.yunqi,
        name="repairs.dispatch",
        value="turn",
        in_force_at=at("2026-01-01 00:00"),
        by=cast.xiang,
        why="试行",
    )
    forget()
    report, address = reported(card_of(cast), "k2")
    run_waiting()
    assert WorkOrder.objects.get(pk=report.matter_id).handler == cast.chen
    assert "已派师傅" in words(address)
    assert "陈维修" not in words(address)


def test_what_is_everybodys_is_no_households_repair(cast: Any) -> None:
    report, _ = reported(card_of(cast), fault=fault("楼道灯不亮").pk, place="common", where="3 层电梯口")
    order = WorkOrder.objects.get(pk=report.matter_id)
    assert (order.unit, order.building, order.common_area, report.contact.unit) == (
        None,
        cast.home.building,
        "3 层电梯口",
        cast.home,
    )
    report, address = reported(hall(cast), where="门禁旁", words="灯不亮")
    order = WorkOrder.objects.get(pk=report.matter_id)
    assert (order.unit, order.common_place, order.location, report.contact.unit) == (
        None,
        "A1栋 1 单元大堂",
        "门禁旁",
        None,
    )
    assert (order.level, order.trade) == ("minor", "other")  # nobody chose a fault: to be judged
    assert Message.objects.filter(person=cast.wang, sentence__contains="请核定").exists()
    assert send(card_of(cast), "k3", place="common", where="").status_code == 422
    assert "1 单元大堂" in words(address)


def test_a_double_click_is_one_report(cast: Any) -> None:
    secret = card_of(cast)
    first, again = (send(secret, photos=[photo()])["Location"] for _ in range(2))
    assert first == again
    assert (Contact.objects.count(), WorkOrder.objects.count(), Report.objects.count()) == (1, 1, 1)
    assert send(secret, words="另一件事").status_code == 409  # the same form with other words


@pytest.mark.django_db(transaction=True)
def test_many_at_once_with_one_key_are_one_report(desk: Cast) -> None:
    secret = card_of(desk)
    places: set[str] = set()

    def click(index: int) -> None:
        places.add(send(secret)["Location"])

    assert set(at_once(5, click)) == {"done"}
    assert len(places) == 1
    assert (Contact.objects.count(), WorkOrder.objects.count()) == (1, 1)


def test_what_may_be_the_same_is_offered_to_be_merged_and_the_reporter_is_told_of_nothing(
    cast: Any, sign_in: Any
) -> None:
    assert cast.gong
    first = the_order(log_contact(cast, content="厨房水龙头漏水"))
    report, address = reported(card_of(cast))
    assert Message.objects.filter(person=cast.wang, sentence__contains="可能与正在修的是同一处").exists()
    assert first.number not in words(address)
    order = WorkOrder.objects.get(pk=report.matter_id)
    page = sign_in(cast.gong).get(order.get_absolute_url()).content.decode()
    assert "可能是同一处" in page
    assert f"into={first.number}" in page
    assert (
        f"into={first.number}" not in sign_in(cast.wang).get(order.get_absolute_url()).content.decode()
    )  # may not merge
    perform(order, "merge", by=cast.gong, data={"into": first.number, "reason": "同一处"})
    first = assign(cast, WorkOrder.objects.get(pk=first.pk))
    page = words(address)
    assert "并在一起修" in page
    assert "已派师傅" in page
    assert first.number not in page
    urged = Client().post(f"{address}urge/", {"words": "", "key": "u"})
    assert urged.status_code == 302
    assert WorkOrder.objects.get(pk=first.pk).times_urged == 1


# -- following ----------------------------------------------------------------------------------------------------------


def test_he_follows_it_to_the_end_and_his_opinion_is_no_call_back(cast: Any, sign_in: Any) -> None:
    report, address = reported(card_of(cast))
    order = assign(cast, WorkOrder.objects.get(pk=report.matter_id))
    agreed = {
        "appointment_from": "2099-12-01 14:00",
        "appointment_to": "2099-12-01 16:00",
        "reason": "住户有事",
        "told": "电话约定",
    }
    order = perform(order, "reschedule", by=cast.chen, data=agreed)
    page = words(address)
    assert "已派师傅" in page
    assert "14:00 至 16:00" in page
    assert "陈维修" not in page
    assert Client().post(f"{address}opinion/", {"opinion": "A", "key": "o"}).status_code == 409  # nothing is done yet
    order = sign(cast, finish(cast, order))
    assert "修得怎么样" in words(address)
    said = {"opinion": "C", "words": "<b>还在滴</b>", "key": "o"}
    assert [Client().post(f"{address}opinion/", said).status_code for _ in range(2)] == [302, 302]
    assert Client().post(f"{address}opinion/", {**said, "opinion": "A", "key": "o2"}).status_code == 409
    assert not CallBack.objects.exists()
    assert "报修人在网上评价：不满意" in sentences(order)[-1]
    page = sign_in(cast.wang).get(order.get_absolute_url()).content.decode()
    assert "&lt;b&gt;还在滴&lt;/b&gt;" in page
    assert "不算回访" in page
    assert Message.objects.filter(person=cast.wang, sentence__contains="请尽快打电话").exists()
    call_back(cast, WorkOrder.objects.get(pk=order.pk), feedback="C", score="2", words="还在滴")
    assert "正在派师傅" in words(address)  # the second repair is his as well


def test_urging_is_the_urge_of_every_record_and_once_an_hour(cast: Any) -> None:
    assert all((cast.wang, cast.gong))
    report, address = reported(card_of(cast))
    said = {"words": "家里有老人，电话13800138112", "key": "u"}
    assert [Client().post(f"{address}urge/", said).status_code for _ in range(2)] == [302, 302]
    order = WorkOrder.objects.get(pk=report.matter_id)
    assert order.times_urged == 1
    assert "报修人在网上催办：家里有老人" in sentences(order)[-1]
    assert "13800138112" not in sentences(order)[-1]
    assert Message.objects.filter(person=cast.gong, sentence__contains="被催办").exists()
    again = Client().post(f"{address}urge/", {**said, "key": "u2"})
    assert (again.status_code, "已经催过" in again.content.decode()) == (409, True)
    Report.objects.update(urged_at=timezone.now() - timedelta(hours=2))
    assert Client().post(f"{address}urge/", {**said, "key": "u3"}).status_code == 302
    perform(WorkOrder.objects.get(pk=order.pk), "cancel", by=cast.wang, data={"reason": "业主不要了"})
    Report.objects.update(urged_at=None)
    assert Client().post(f"{address}urge/", {**said, "key": "u4"}).status_code == 409


def test_a_limit_that_has_passed_is_said_and_an_old_address_opens_nothing(cast: Any) -> None:
    report, address = reported(card_of(cast))
    Deadline.objects.filter(record_id=report.matter_id).update(due_at=at("2026-01-05 09:00"))
    assert "已经过了时限" in words(address)
    Contact.objects.filter(pk=report.contact_id).update(closed_at=timezone.now() - timedelta(days=59))
    assert Client().get(address).status_code == 200
    Contact.objects.filter(pk=report.contact_id).update(closed_at=timezone.now() - timedelta(days=61))
    assert Client().get(address).status_code == 404


def test_an_order_that_was_taken_back_is_said_to_be_arranged_anew(cast: Any) -> None:
    report, address = reported(card_of(cast))
    perform(WorkOrder.objects.get(pk=report.matter_id), "withdraw", by=cast.li, data={"reason": "应走保修"})
    page = words(address)
    assert "前台正在重新安排" in page
    assert "催一下" not in page


# -- who means us ill ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("SEC-04", part="持别户的卡、猜号、作废的卡，读不到也改不了别人的事")
def test_neither_a_foreign_card_nor_a_guess_opens_anybodys_report(cast: Any) -> None:
    mine, theirs = card_of(cast), card_of(cast, cast.unit("0102"))
    report, address = reported(mine, unit=cast.unit("0103").pk, community="999", party="1")
    assert report.contact.unit == cast.home  # only the card says which home
    token = address.rstrip("/").rsplit("/", 1)[-1]
    for wrong in (
        f"/fix/my/{mine}/",
        f"/fix/my/{theirs}/",
        f"/fix/{token}/",
        "/fix/my/x/",
        "/fix/%00/",
        f"/fix/{mine[:-1]}/",
        "/fix/my/",
    ):
        assert Client().get(wrong).status_code == 404, wrong
        assert Client().post(wrong, {"key": "k"}).status_code in (404, 405), wrong
    for what in ("urge/", "opinion/"):
        assert Client().post(f"/fix/my/{theirs}/{what}", {"opinion": "A", "key": "x"}).status_code == 404
    assert send(theirs).status_code == 302  # the same key at another card is another form
    assert Report.objects.count() == 2


def test_who_guesses_codes_is_stopped(cast: Any) -> None:
    secret = card_of(cast)
    for _ in range(knocking.WRONG.most):
        Client().get("/fix/AAAAAAAAAAAAAAAAAAAAAAAA/")
    assert (
        Client().get(f"/fix/{secret}/").status_code == 404
    )  # from there nothing is heard for a while, not even what is right
    assert Client(REMOTE_ADDR="203.0.113.9").get(f"/fix/{secret}/").status_code == 200


def test_a_thousand_posts_a_minute_open_six_entries_at_most(cast: Any) -> None:
    secret = card_of(cast)
    answers = [send(secret, f"k{place}").status_code for place in range(25)]
    assert answers.count(302) == 6
    assert answers[6:20] == [409] * 14
    assert set(answers[20:]) == {429}
    assert Contact.objects.count() == WorkOrder.objects.count() == 6
    card = Card.objects.get()
    rates.count(knocking.SENT, str(card.pk))
    assert Tally.objects.get(what=knocking.SENT.what, whose=str(card.pk)).count == 26
    assert send(card_of(cast, cast.unit("0102"))).status_code == 302  # the neighbour is not silenced with him


def test_what_is_typed_stays_text_and_what_is_no_photograph_is_refused(cast: Any, sign_in: Any) -> None:
    secret = card_of(cast)
    report, address = reported(secret, words="<script>alert(1)</script>\x00\u202e漏", name="<img src=x>", where="<i>")
    order = WorkOrder.objects.get(pk=report.matter_id)
    for page in (words(address), sign_in(cast.wang).get(order.get_absolute_url()).content.decode()):
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
    assert "\u202e" not in order.symptom
    script = SimpleUploadedFile("a.png", b"<script>alert(1)</script>" * 50, content_type="image/png")
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x %%EOF", content_type="application/pdf")
    heic = SimpleUploadedFile("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64, content_type="image/heic")
    for place, wrong in enumerate((script, paper, heic)):
        answer = send(secret, f"w{place}", photos=[wrong])
        assert (answer.status_code, "照片" in answer.content.decode()) == (422, True), wrong.name
    assert send(secret, "many", photos=[photo(f"{place}.png") for place in range(4)]).status_code == 422
    wrongs: tuple[dict[str, str], ...] = (
        {"words": ""}, {"words": "长" * 501}, {"name": ""}, {"phone": ""}, {"phone": "12"}, {"fault": "999999"}, {"relation": "boss"},
        {"wish": "昨天上午"}, {"place": "roof"},
    )  # fmt: skip
    for place, bad in enumerate(wrongs):
        assert send(secret, f"b{place}", **bad).status_code == 422, bad
    assert Report.objects.count() == 1


@override_settings(YIHU_FILE_MB=1)
def test_a_photograph_that_is_too_big_is_refused_before_it_is_read(cast: Any) -> None:
    secret = card_of(cast)
    big = SimpleUploadedFile("大.png", photo().read() + b"\x00" * 1_200_000, content_type="image/png")
    answer = send(secret, photos=[big])
    assert (answer.status_code, "太大" in answer.content.decode()) == (422, True)
    huge = [SimpleUploadedFile(f"{place}.png", b"\x00" * 1_500_000, content_type="image/png") for place in range(3)]
    answer = send(secret, "k2", photos=huge)
    assert (answer.status_code, "照片太大，没有提交" in answer.content.decode()) == (409, True)
    assert not Tally.objects.filter(what=knocking.SENT.what, count__gt=1).exists()  # the second was not even counted
    assert not Contact.objects.exists()


def test_the_page_works_without_scripts_cookies_and_caches(cast: Any) -> None:
    answer = Client(enforce_csrf_checks=True).get(f"/fix/{card_of(cast)}/")
    page = answer.content.decode()
    assert "<script" not in page
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    sent = send(card_of(cast), client=Client(enforce_csrf_checks=True))
    assert sent.status_code == 302


def test_a_card_that_is_revoked_while_he_types_takes_nothing(cast: Any) -> None:
    secret = card_of(cast)
    card = Card.objects.get()
    cards.revoke(cast.yunqi, card.pk, "丢了", by=cast.wang, key="r", now=timezone.now())
    assert send(secret).status_code == 404
    assert not Contact.objects.exists()
    assert code(card) == secret  # and printing anew gives another
    assert card_of(cast) != secret


# -- complaining --------------------------------------------------------------------------------------------------------

COMPLAINS = {"kind": "attitude", "words": "门口态度很差", "where": "南门", "about": ""}


@pytest.mark.clause("CMP-09")
def test_an_owner_files_and_follows_his_own_complaint(cast: Any) -> None:
    assert all((cast.gao, cast.wang, cast.li, cast.xiang, cast.gong))
    report, address = reported(card_of(cast), to="complaint/", **COMPLAINS)
    contact, complaint = Contact.objects.get(), Complaint.objects.get()
    assert (report.matter_id, contact.category, complaint.category, complaint.place) == (
        complaint.pk,
        "complaint",
        "attitude",
        "南门",
    )
    assert (complaint.complainant, complaint.unit, complaint.state) == ("钱女士", cast.home, "received")
    assert "D06" in Deadline.objects.filter(record_id=complaint.pk).values_list("code", flat=True)
    assert Message.objects.filter(person=cast.wang, sentence__contains=complaint.number).exists()
    page = words(address)
    assert "已受理" in page
    assert "先答复您" in page
    complaint = issue(cast, complaint)
    page = words(address)
    assert "责任部门正在办" in page
    for name in ("李主管", "高经理", "王客服", "钱女士", "工程部", "龚工"):
        assert name not in page
    assert Client().post(f"{address}urge/", {"words": "", "key": "u"}).status_code == 302
    assert "在网上催办" in sentences(complaint)[-1]
    complaint = answer(cast, Complaint.objects.get(pk=complaint.pk))
    assert "责任部门有了答复" in words(address)
    complaint = perform(complaint, "tell", by=cast.wang, data={"told": "已换岗，以后每天巡查"})
    complaint = opinion(cast, complaint)
    complaint = call(perform(complaint, "approve", by=cast.xiang, data={"caller": cast.li.pk}), cast.li)
    assert complaint.closed_at is not None
    page = words(address)
    for said in (
        "已办结",
        f"{timezone.localtime(complaint.closed_at):%H:%M}",
        f"{timezone.localtime(report.sent_at):%H:%M}",
    ):
        assert said in page  # entry and closing, each with its moment
    assert "催一下" not in page


@pytest.mark.clause("DESK-06", part="网上投诉到人的，写明姓名即回避")
def test_who_is_named_in_it_never_sees_it(cast: Any, sign_in: Any) -> None:
    assert all((cast.gao, cast.wang, cast.li))
    sun = cast.person("sun", "孙前台", "receptionist")
    reported(card_of(cast), to="complaint/", **{**COMPLAINS, "about": "孙前台"})
    contact, complaint = Contact.objects.get(), Complaint.objects.get()
    assert complaint.about_staff == sun
    for row in (contact, complaint):
        assert sign_in(sun).get(row.get_absolute_url()).status_code == 404
        assert sign_in(cast.li).get(row.get_absolute_url()).status_code == 200
    assert not Message.objects.filter(person=sun, sentence__contains=complaint.number).exists()
    reported(card_of(cast), "k2", to="complaint/", **{**COMPLAINS, "about": "不认得的人"})
    assert "涉及：不认得的人" in Contact.objects.latest("pk").content
