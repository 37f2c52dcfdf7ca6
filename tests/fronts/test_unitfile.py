"""一户一档: everything about a household on one page, for those who may see it, at a cost that does not grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.fronts.looking import asked, headings, section, text_of
from tests.support.doing import assign, call_back, finish, log_contact, sign, the_order
from yihu.ground.estate.models import Occupancy, ParkingSpace, Party, Unit, UnitArea, Vehicle
from yihu.ground.papers.models import Paper
from yihu.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def page_of(unit: Any) -> str:
    return f"/units/{unit.pk}/"


@pytest.mark.clause("DESK-09")
def test_the_file_shows_the_household(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    home = cast.home
    UnitArea.objects.create(unit=home, gross_area="89.52")
    Unit.objects.filter(pk=home.pk).update(handed_over_on=date(2023, 6, 18), remark="家有老人，先打电话", use="own")
    tenant = Party.objects.create(community=cast.yunqi, name="孙租客", phone="13711112222")
    Occupancy.objects.create(unit=home, party=tenant, role="lessee", to_on=date(2099, 5, 31))
    gone = Party.objects.create(community=cast.yunqi, name="前房主")
    Occupancy.objects.create(unit=home, party=gone, role="owner", to_on=date(2021, 3, 1))
    Occupancy.objects.filter(party=owner).update(share="0.6")
    Vehicle.objects.create(community=cast.yunqi, unit=home, plate="浙AD1234")
    ParkingSpace.objects.create(community=cast.yunqi, unit=home, code="B2-118", kind="sold")
    contact = log_contact(cast, category="suggestion", content="大堂加两把长椅")
    order = the_order(log_contact(cast, content="厨房水龙头漏水"))
    call_back(cast, sign(cast, finish(cast, assign(cast, order))))

    page = sign_in(wang).get(page_of(home))
    words = text_of(page)
    for known in ("A1-1-0101", "89.52 ㎡", "2023-06-18 交房", "自住", "家有老人，先打电话", "浙AD1234", "B2-118"):
        assert known in words
    people = section(page, "住户")
    assert people.index("赵业主") < people.index("孙租客") < people.index("前房主")
    assert "60%" in people
    assert "至 2099-05-31" in people
    assert "已于 2021-03-01 迁出" in people
    assert "138****8112" in people
    assert "13800138112" not in page.content.decode()
    opened = section(page, "未结事项")
    assert contact.number in opened
    assert "承诺答复" in opened
    assert order.number not in opened
    assert "满意" in section(page, "历史")
    beside = sign_in(wang).get(f"{page_of(home)}beside/")
    assert f"维修单 {order.number}" in section(beside, "档案")


@pytest.mark.clause("DESK-12")
def test_all_channels_of_a_customer_are_one_history(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    other = cast.unit("0102")
    Occupancy.objects.create(unit=other, party=owner, role="resident")
    log_contact(cast, channel="phone", party=owner.pk, category="suggestion", content="电话里说的")
    log_contact(cast, channel="visit", party=owner.pk, unit=other.pk, category="other", content="到前台来说的")
    log_contact(cast, channel="chat", unit="", phone="13800138112", category="other", content="微信里说的")
    log_contact(cast, channel="letter", unit=other.pk, phone="13699990000", category="other", content="别人写信说的")
    page = sign_in(wang).get(f"/parties/{owner.pk}/")
    history = section(page, "历次往来")
    for words in ("电话里说的", "到前台来说的", "微信里说的"):
        assert words in history
    assert "别人写信说的" not in history
    assert [unit in section(page, "房屋") for unit in ("A1-1-0101", "A1-1-0102")] == [True, True]


@pytest.mark.clause("DESK-06", part="一户一档与客户往来")
def test_one_who_is_barred_reads_a_file_without_any_trace(
    cast: Any, sign_in: SignIn, wang: Any, li: Any, owner: Any
) -> None:
    client = sign_in(wang)
    pages = (page_of(cast.home), f"{page_of(cast.home)}beside/", f"/parties/{owner.pk}/")
    before = [text_of(client.get(page)) for page in pages]
    xu = cast.person("xu", "许曼", "receptionist")
    contact = log_contact(
        cast, by=xu, party=owner.pk, category="complaint", content="前台说话难听", about_staff=wang.pk
    )
    Paper.objects.create(
        community=cast.yunqi, unit=cast.home, kind="reception", title="投诉函", record=contact,
        filed_at=timezone.now(), filed_by=xu,
    )  # fmt: skip
    assert [text_of(client.get(page)) for page in pages] == before
    hers = "".join(text_of(sign_in(li).get(page)) for page in pages)
    assert "前台说话难听" in hers
    assert "投诉函" in hers


def test_outside_the_desk_a_unit_is_only_a_label(cast: Any, sign_in: SignIn, chen: Any, owner: Any) -> None:
    Unit.objects.filter(pk=cast.home.pk).update(remark="家有老人，先打电话")
    log_contact(cast, content="厨房水龙头漏水")
    client = sign_in(chen)
    words = text_of(client.get(page_of(cast.home)))
    assert "A1-1-0101" in words
    for hidden in ("赵业主", "8112", "先打电话", "漏水"):
        assert hidden not in words
    assert client.get(f"/parties/{owner.pk}/").status_code == 404
    assert client.get(f"{page_of(cast.home)}history/").status_code == 404
    assert client.get(f"{page_of(cast.home)}beside/").status_code == 404
    beside = client.get("/reception/beside/", {"unit": cast.home.pk})
    assert "赵业主" not in text_of(beside)


def test_a_unit_of_another_community_is_not_there(
    cast: Any, sign_in: SignIn, lin: Any, passer: Any, owner: Any
) -> None:
    for person in (lin, passer):
        client = sign_in(person)
        for path in (
            page_of(cast.home),
            f"{page_of(cast.home)}history/",
            f"{page_of(cast.home)}beside/",
            f"{page_of(cast.home)}remark/",
            f"/parties/{owner.pk}/",
        ):
            assert client.get(path).status_code == 404
        assert client.post(f"/parties/{owner.pk}/reveal/phone/", {"reason": "回电联系"}).status_code == 404
        assert text_of(client.get("/reception/beside/", {"unit": cast.home.pk})) == ""


def test_a_number_is_shown_only_for_a_reason_and_the_journal_keeps_it(
    cast: Any, sign_in: SignIn, wang: Any, xiang: Any, owner: Any
) -> None:
    client, url = sign_in(wang), f"/parties/{owner.pk}/reveal/phone/"
    assert client.get(url).status_code == 405
    refused = client.post(url, {"reason": "  "})
    assert refused.status_code == 422
    assert "13800138112" not in refused.content.decode()
    assert "13800138112" in client.post(url, {"reason": "回电联系"}).content.decode()
    entry = JournalEntry.objects.latest("pk")
    assert (entry.by, "回电联系" in entry.sentence) == (wang, True)
    assert "13800138112" not in entry.sentence
    assert client.post(f"/parties/{owner.pk}/reveal/id_no/", {"reason": "回电联系"}).status_code == 404
    assert client.post(f"/parties/{owner.pk}/reveal/phone2/", {"reason": "回电联系"}).status_code == 404
    manager = sign_in(xiang)
    assert "显示" not in section(manager.get(page_of(cast.home)), "住户")
    assert manager.post(url, {"reason": "回电联系"}).status_code == 404


def test_the_note_on_the_card_is_journaled_once(cast: Any, sign_in: SignIn, wang: Any, xiang: Any) -> None:
    client, url = sign_in(wang), f"{page_of(cast.home)}remark/"
    for _ in range(2):
        answer = client.post(url, {"key": "k1", "remark": "家有老人，先打 13800138112"})
        assert answer["Location"] == page_of(cast.home)
    assert "家有老人" in text_of(client.get(page_of(cast.home)))
    written = JournalEntry.objects.filter(sentence="王客服 修改卡片备注")
    assert written.count() == 1
    assert "13800138112" not in str(written.get().changed)
    assert client.post(url, {"key": "k2", "remark": "长" * 501}).status_code == 422
    assert sign_in(xiang).get(url).status_code == 404


def test_the_history_goes_on_page_by_page(cast: Any, sign_in: SignIn, wang: Any) -> None:
    start = timezone.now() - timedelta(days=60)
    for number in range(40):
        log_contact(
            cast,
            category="other",
            answered="on",
            result="已答",
            content=f"第{number:02d}次",
            when=start + timedelta(days=number),
        )
    client = sign_in(wang)
    page = client.get(page_of(cast.home))
    first = section(page, "历史")
    more = page.context["history"]["next"]
    rest = text_of(client.get(f"{page_of(cast.home)}history/?after={more}", headers={"HX-Request": "true"}))
    assert [sum(f"第{number:02d}次" in part for number in range(40)) for part in (first, rest)] == [30, 10]
    assert "另有 28 件" in section(page, "未结事项")


def test_the_file_costs_the_same_for_one_record_and_for_sixty(
    cast: Any, sign_in: SignIn, wang: Any, owner: Any
) -> None:
    def happens() -> None:
        log_contact(cast, category="suggestion", party=owner.pk)
        call_back(cast, sign(cast, finish(cast, assign(cast, the_order(log_contact(cast))))))

    happens()
    client = sign_in(wang)
    pages = {page_of(cast.home): 14, f"{page_of(cast.home)}beside/": 10, f"/parties/{owner.pk}/": 12}
    for path, most in pages.items():
        client.get(path)
        assert len(asked(client, path)) <= most
    few = [len(asked(client, path)) for path in pages]
    for number in range(15):
        happens()
        party = Party.objects.create(community=cast.yunqi, name=f"住户{number}", phone=f"1390000{number:04d}")
        Occupancy.objects.create(unit=cast.home, party=party, role="resident")
    assert [len(asked(client, path)) for path in pages] == few


def test_in_another_community_one_is_asked_to_change_over_first(cast: Any, sign_in: SignIn, lin: Any) -> None:
    cast.appoint(lin, "receptionist", cast.yunqi)
    client = sign_in(lin)
    page = client.get(page_of(cast.home))
    here = client.get("/").context["community"]
    if here.pk != cast.yunqi.pk:
        assert "切换到云栖苑" in text_of(page)
        client.post("/community/", {"community": "YQ", "next": page_of(cast.home)})
        page = client.get(page_of(cast.home))
    assert "新接待" in text_of(page)
    client.post("/community/", {"community": "QH", "next": page_of(cast.home)})
    elsewhere = client.get(page_of(cast.home))
    assert "切换到云栖苑" in text_of(elsewhere)
    assert "/reception/new/?unit=" not in elsewhere.content.decode()
    assert "未结事项" in headings(elsewhere)
