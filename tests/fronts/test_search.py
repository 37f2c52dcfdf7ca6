"""The one search box: units, people and records in groups, each only for the eyes that may see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.fronts.looking import asked, text_of
from tests.support.doing import assign, log_contact, the_order
from yihu.basics.names import search_words
from yihu.ground.estate.corrections import correct_party
from yihu.ground.estate.models import Party, PartyKey, Vehicle
from yihu.kernel import search

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
BOX = {"HX-Request": "true"}


def found(client: Client, words: str) -> str:
    answer = client.get("/search/", {"q": words}, headers=BOX)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    return text_of(answer)


@pytest.mark.clause("DESK-09")
@pytest.mark.parametrize("words", ["0101", "a1-1-0101", "赵业主", "zyz", "13800138112", "8112"])
def test_a_caller_is_found_by_what_he_says(cast: Any, sign_in: SignIn, wang: Any, owner: Any, words: str) -> None:
    client = sign_in(wang)
    answer = client.get("/search/", {"q": words}, headers=BOX)
    assert f'href="/units/{cast.home.pk}/' in answer.content.decode()
    assert "13800138112" not in answer.content.decode()


@pytest.mark.clause("DESK-09")
@pytest.mark.parametrize("words", ["浙AD12345", "浙a·d12345", "AD12345", "12345", "2345", "浙Ａ D12345"])
def test_a_car_in_the_way_leads_to_its_household(cast: Any, sign_in: SignIn, wang: Any, words: str) -> None:
    Vehicle.objects.bulk_create([Vehicle(community=cast.yunqi, unit=cast.home, plate="浙AD12345")])
    Vehicle.objects.create(
        community=cast.qinghe, party=Party.objects.create(community=cast.qinghe, name="别处"), plate="浙BD12345"
    )
    answer = sign_in(wang).get("/search/", {"q": words}, headers=BOX).content.decode()
    assert f'href="/units/{cast.home.pk}/"' in answer
    assert "浙AD12345" in answer
    assert "浙BD12345" not in answer
    assert "没有找到" in found(sign_in(cast.chen), words)  # who may not see households finds no cars either


def test_a_corrected_plate_is_found_by_its_new_ending(cast: Any, sign_in: SignIn, wang: Any) -> None:
    car = Vehicle.objects.create(community=cast.yunqi, unit=cast.home, plate="浙AD12345")
    car.plate = "浙AD99999"
    car.save()
    assert "浙AD99999" in found(sign_in(wang), "99999")
    assert "浙AD" not in found(sign_in(wang), "12345")


def test_a_record_is_found_by_its_number_and_its_words(cast: Any, sign_in: SignIn, wang: Any) -> None:
    contact = log_contact(cast, category="suggestion", content="大堂加两把长椅")
    client = sign_in(wang)
    assert contact.number in found(client, contact.number)
    assert contact.number in found(client, "长椅")


def test_the_household_stands_before_its_records(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    contact = log_contact(cast, content="赵业主说 0101 厨房漏水")
    client = sign_in(wang)
    for words in ("0101", "赵业主"):
        answer = client.get("/search/", {"q": words}, headers=BOX).content.decode()
        assert 0 < answer.index(f'href="/units/{cast.home.pk}/') < answer.index(contact.number)


def test_a_sole_hit_opens_at_once_where_there_is_no_script(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    client = sign_in(wang)
    assert client.get("/search/", {"q": "赵业主"})["Location"].startswith(f"/units/{cast.home.pk}/?party=")
    page = client.get("/search/", {"q": "没有这个人"})
    assert page.status_code == 200
    assert "没有找到" in text_of(page)
    assert client.get("/search/").status_code == 200


@pytest.mark.clause("DESK-06", part="查找框")
def test_one_who_is_barred_does_not_find_it(cast: Any, sign_in: SignIn, wang: Any, li: Any) -> None:
    xu = cast.person("xu", "许曼", "receptionist")
    contact = log_contact(cast, by=xu, category="complaint", content="前台说话难听", about_staff=wang.pk)
    assert contact.number in found(sign_in(li), contact.number)
    for words in (contact.number, "难听"):
        assert "没有找到" in found(sign_in(wang), words)


def test_neighbours_and_people_without_a_post_find_nothing(
    cast: Any, sign_in: SignIn, lin: Any, passer: Any, owner: Any
) -> None:
    contact = log_contact(cast)
    for person in (lin, passer):
        for words in ("0101", "赵业主", contact.number):
            assert "没有找到" in found(sign_in(person), words)


@pytest.mark.parametrize(
    "words", ["'; DROP TABLE x; --", '"', "*", "AND OR NOT", "%", "<b>", "‮", "赵" * 500, "a" * 5000]
)
def test_whatever_is_typed_is_only_looked_for(sign_in: SignIn, wang: Any, words: str) -> None:
    client = sign_in(wang)
    assert client.get("/search/", {"q": words}, headers=BOX).status_code == 200
    assert client.get("/search/", {"q": words}).status_code == 200


def test_the_box_asks_little_and_no_more_for_many_hits(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    log_contact(cast, content="0101 厨房漏水")
    client = sign_in(wang)
    client.get("/search/?q=0101", headers=BOX)
    few = asked(client, "/search/?q=0101", **BOX)
    for number in range(2, 12):
        cast.unit("0101", entrance=str(number))
        log_contact(cast, content=f"0101 厨房漏水 {number}")
    many = asked(client, "/search/?q=0101", **BOX)
    # two for each group at most: what is meant, and what stands beside it; of the records first, of which registers they are
    assert len(few) == len(many) <= 10, "\n".join(many)


def test_who_was_found_is_who_is_calling(cast: Any, owner: Any, sign_in: Callable[[Any], Client], wang: Any) -> None:
    client = sign_in(wang)
    file = client.get(client.get("/search/", {"q": "赵业主"})["Location"])
    assert f"party={owner.pk}" in file.context["log_url"]
    form = client.get(file.context["log_url"]).content.decode()
    assert 'value="赵业主"' in form
    # a household where he does not live knows nothing of him
    assert "party" not in client.get(f"/units/{cast.home.pk}/?party=999999").context["log_url"]


def test_any_part_of_a_name_is_found_however_it_is_typed(cast: Any, owner: Any, sign_in: SignIn, wang: Any) -> None:
    firm = Party.objects.create(
        community=cast.yunqi, kind=Party.Kind.COMPANY, name="云杉Wood科技有限公司", contact_name="单雄信"
    )
    client = sign_in(wang)
    for words in ("云", "杉w", "WOOD", "科技有限", "ｗｏｏｄ", "雄信", "云杉Wood科技有限公司", "yswkj"):
        assert firm.name in found(client, words), words
    assert firm.name not in found(client, "云杉科技")
    for words in ("业", "主", "赵业", "zhaoye"):
        assert owner.name in found(client, words), words


def test_who_is_renamed_or_gone_is_found_by_his_new_name_only(
    cast: Any, owner: Any, sign_in: SignIn, wang: Any
) -> None:
    client = sign_in(wang)
    correct_party(owner, {"name": "钱新名"}, by=cast.li, key="rename", reason="更名")
    assert "钱新名" in found(client, "新名")
    assert "没有找到" in found(client, "赵业主")
    Party.objects.bulk_update([_called(owner, "孙又名")], ["name", "name_initials"])
    assert "孙又名" in found(client, "又名")
    assert "没有找到" in found(client, "新名")
    gone = Party.objects.bulk_create([_called(Party(community=cast.yunqi), "李过客")])
    assert "李过客" in found(client, "lgk")
    Party.objects.filter(pk=gone[0].pk).delete()
    assert not PartyKey.objects.filter(key__contains="过客").exists()


def test_no_telephone_enters_the_keys(cast: Any) -> None:
    party = Party.objects.create(community=cast.yunqi, name="郑 13800138112", phone="13900139000")
    keys = list(PartyKey.objects.filter(party=party).values_list("key", flat=True))
    assert any(key.startswith("郑") for key in keys)
    assert not [key for key in keys if re.search(r"[0-9]{5}", key)]


@pytest.mark.parametrize("words", ["1-0202", "A1-0202", "0202", "a1-1-02", "A-A1-1-0202", "a1 1 202"])
def test_a_unit_is_found_by_each_way_to_say_it(cast: Any, sign_in: SignIn, wang: Any, words: str) -> None:
    unit = cast.unit("0202")
    assert f'href="/units/{unit.pk}/' in sign_in(wang).get("/search/", {"q": words}, headers=BOX).content.decode()


def test_the_newest_records_stand_first_among_very_many(
    cast: Any, sign_in: SignIn, wang: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 5)
    old = log_contact(cast, content="阳台地漏返味")
    newer = [log_contact(cast, content=f"地漏返味 第{number}次") for number in range(6)]
    client = sign_in(wang)
    shown = found(client, "地漏")
    assert newer[-1].number in shown
    assert old.number not in shown
    assert old.number in found(client, "阳台")


def test_who_may_see_hardly_any_of_the_newest_still_finds_his_own(
    cast: Any, sign_in: SignIn, wang: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 5)
    monkeypatch.setattr(search, "ENOUGH", 3)
    order = the_order(log_contact(cast, content="水箱地漏返味"))
    assign(cast, order)
    for number in range(8):
        log_contact(cast, content=f"地漏返味 第{number}次")
    assert order.number in found(sign_in(cast.chen), "地漏")


def _called(party: Any, name: str) -> Any:
    party.name, party.name_initials = name, search_words(name)
    return party
