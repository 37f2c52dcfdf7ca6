"""The one search box: units, people and records in groups, each only for the eyes that may see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.fronts.looking import asked, text_of
from tests.support.doing import log_contact

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
BOX = {"HX-Request": "true"}


def found(client: Client, words: str) -> str:
    answer = client.get("/search/", {"q": words}, headers=BOX)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    return text_of(answer)


@pytest.mark.clause("DESK-09", part="按房号、姓名、拼音首字母、电话、公司、单号打开一户一档")
@pytest.mark.parametrize("words", ["0101", "a1-1-0101", "赵业主", "zyz", "13800138112", "8112"])
def test_a_caller_is_found_by_what_he_says(cast: Any, sign_in: SignIn, wang: Any, owner: Any, words: str) -> None:
    client = sign_in(wang)
    answer = client.get("/search/", {"q": words}, headers=BOX)
    assert f'href="/units/{cast.home.pk}/' in answer.content.decode()
    assert "13800138112" not in answer.content.decode()


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
    assert len(few) == len(many) <= 6, "\n".join(many)


def test_who_was_found_is_who_is_calling(cast: Any, owner: Any, sign_in: Callable[[Any], Client], wang: Any) -> None:
    client = sign_in(wang)
    file = client.get(client.get("/search/", {"q": "赵业主"})["Location"])
    assert f"party={owner.pk}" in file.context["log_url"]
    form = client.get(file.context["log_url"]).content.decode()
    assert 'value="赵业主"' in form
    # a household where he does not live knows nothing of him
    assert "party" not in client.get(f"/units/{cast.home.pk}/?party=999999").context["log_url"]
