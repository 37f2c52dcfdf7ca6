"""Answers that clerks look up, and what to say and do, beside the form of a contact."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.support.doing import log_contact
from yihu.areas.reception import guides, knowledge
from yihu.areas.reception.models import Contact, Guide, Knowledge
from yihu.kernel.doors import perform
from yihu.kernel.errors import NotAllowed
from yihu.kernel.journal import verify
from yihu.kernel.models import Book
from yihu.kernel.search import find

pytestmark = pytest.mark.django_db

PARKING = {"question": "地下车位每月多少钱", "answer": "固定车位每月 300 元，临停每小时 5 元。", "topic": "fees"}


@pytest.fixture
def desk(wang: Any, sign_in: Any) -> Client:
    client: Client = sign_in(wang)
    return client


@pytest.fixture
def supervisor(li: Any, sign_in: Any) -> Client:
    client: Client = sign_in(li)
    return client


def write(client: Client, address: str = "/knowledge/new/", **other: Any) -> Any:
    return client.post(address, {**PARKING, "checked_on": "2026-01-05", "shown": "on", **other})


def entry(cast: Any, **other: Any) -> Knowledge:
    row = Knowledge(community=cast.yunqi, checked_on=date(2026, 1, 5), **{**PARKING, **other})
    knowledge.save(row, by=cast.li)
    return row


def sentences(register: str, pk: int) -> list[str]:
    book = Book.objects.get(register=register, object_id=str(pk))
    assert verify(book) == []
    return list(book.journal.order_by("seq").values_list("sentence", flat=True))


def titles(text: str, person: Any) -> list[str]:
    return [hit.title for group in find(text, person) if group.label == "知识库" for hit in group.hits]


@pytest.mark.clause("DESK-11")
def test_an_enquiry_is_answered_from_the_list_logged_and_counted(cast: Any, desk: Client, supervisor: Client) -> None:
    # nobody knows yet: the clerk asks, answers, and logs it
    log_contact(cast, category="other", content="地下车位多少钱一个月", answered="on", result="固定车位每月 300 元")
    first = Contact.objects.get()
    assert "加入知识库" not in desk.get(first.get_absolute_url()).content.decode()
    page = supervisor.get(first.get_absolute_url()).content.decode()
    address = re.search(r'href="(/knowledge/new/\?from=[^"]+)"', page)
    assert address is not None
    form = supervisor.get(address[1]).content.decode()
    assert "地下车位多少钱一个月" in form
    assert "固定车位每月 300 元" in form
    written = write(supervisor)
    row = Knowledge.objects.get()
    assert written["Location"] == row.get_absolute_url()
    assert sentences("reception.knowledge", row.pk) == ["李主管 写入知识库"]

    # the next one asks: it stands under the search box, on the list, and beside the form
    assert titles("车位", cast.wang) == [PARKING["question"]]
    assert PARKING["answer"] in desk.get("/knowledge/?q=车位").content.decode()
    beside = desk.get("/knowledge/beside/?q=车位").content.decode()
    assert f'data-answer="{row.pk}"' in beside
    assert 'hx-get="/knowledge/beside/"' in desk.get("/reception/new/").content.decode()

    # one press fills it in; saving logs and counts it
    taken = {
        "category": "other",
        "content": row.question,
        "answered": "on",
        "result": row.answer,
        "knowledge": str(row.pk),
    }
    saved = desk.post("/reception/new/", {"channel": "phone", "relation": "anonymous", "key": "call-1", **taken})
    assert saved.status_code == 302
    desk.post("/reception/new/", {"channel": "phone", "relation": "anonymous", "key": "call-1", **taken})
    row.refresh_from_db()
    assert row.asked == 1
    enquiry = Contact.objects.latest("pk")
    assert (enquiry.state, enquiry.result, Contact.objects.count()) == ("ready", PARKING["answer"], 2)
    assert perform(enquiry, "strike_off", by=cast.wang).state == "struck"
    assert "问过 1 次" in desk.get("/knowledge/beside/").content.decode()


def test_an_enquiry_that_starts_from_the_answer_has_nothing_left_to_type(cast: Any, desk: Client) -> None:
    row = entry(cast)
    page = desk.get(row.get_absolute_url()).content.decode()
    assert f"/reception/new/?knowledge={row.pk}" in page
    form = desk.get(f"/reception/new/?knowledge={row.pk}").context["form"]
    values = {name: form[name].value() for name in ("category", "content", "answered", "result", "knowledge")}
    assert values == {
        "category": "other", "content": row.question, "answered": True, "result": row.answer, "knowledge": str(row.pk),
    }  # fmt: skip


def test_several_answers_in_one_call_and_strange_numbers(cast: Any) -> None:
    rows = [entry(cast), entry(cast, question="装修押金几时退")]
    other = Knowledge.objects.create(community=cast.qinghe, question="车位", answer="没有", checked_on=date(2026, 1, 5))
    numbers = ",".join(str(one.pk) for one in [*rows, other]) + ",x,-1,99999999999999"
    log_contact(cast, category="other", content="两件事", answered="on", result="都答了", knowledge=numbers[:60])
    log_contact(cast, category="suggestion", content="没有当场答", knowledge=str(rows[0].pk))
    assert list(Knowledge.objects.order_by("pk").values_list("asked", flat=True)) == [1, 1, 0]


def test_who_may_write_and_who_may_read(cast: Any, desk: Client, supervisor: Client, sign_in: Any) -> None:
    row = entry(cast)
    for address in ("/knowledge/new/", f"/knowledge/{row.pk}/edit/", "/guides/new/"):
        assert desk.get(address).status_code == 403
        assert desk.post(address, {**PARKING, "when": "x", "lines": "x"}).status_code == 403
    with pytest.raises(NotAllowed):
        knowledge.save(row, by=cast.wang)
    assert "写一条" not in desk.get("/knowledge/").content.decode()
    assert sign_in(cast.chen).get(row.get_absolute_url()).status_code == 200
    stranger = sign_in(cast.lin)
    assert stranger.get(row.get_absolute_url()).status_code == 404
    assert "多少钱" not in stranger.get("/knowledge/").content.decode()
    assert titles("车位", cast.lin) == []


def test_a_change_is_journaled_and_what_is_out_of_use_is_not_found(cast: Any, supervisor: Client, desk: Client) -> None:
    row = entry(cast)
    changed = write(supervisor, f"/knowledge/{row.pk}/edit/", answer="每月 350 元。", version=1)
    assert changed.status_code == 302
    assert "<del>固定车位每月 300 元" in supervisor.get(row.get_absolute_url()).content.decode()
    late = write(supervisor, f"/knowledge/{row.pk}/edit/", answer="每月 280 元。", version=1)
    assert late.status_code == 409
    assert "每月 350 元" in late.content.decode()
    assert "每月 280 元" in late.content.decode()
    write(supervisor, f"/knowledge/{row.pk}/edit/", answer="每月 350 元。", version=2, shown="")
    assert titles("车位", cast.wang) == []
    assert PARKING["question"] not in desk.get("/knowledge/beside/?q=车位").content.decode()
    assert PARKING["question"] in supervisor.get("/knowledge/?tab=off").content.decode()
    assert PARKING["question"] not in desk.get("/knowledge/?tab=off").content.decode()


def test_a_question_stands_in_the_list_once(cast: Any, supervisor: Client) -> None:
    entry(cast)
    again = write(supervisor)
    assert again.status_code == 409
    assert "知识库里已经有同样的问题" in again.content.decode()
    assert write(supervisor, question="　").status_code == 422
    assert write(supervisor, question="别的", checked_on="2999-01-01").status_code == 422
    assert Knowledge.objects.count() == 1


def test_hostile_words_are_only_words(cast: Any, supervisor: Client, desk: Client) -> None:
    words = "<script>alert(1)</script>\u202e'; DROP TABLE x; -- \x07😀"
    assert write(supervisor, question=words, answer=words * 5).status_code == 302
    row = Knowledge.objects.get()
    assert "\u202e" not in row.question
    for address in (
        row.get_absolute_url(),
        "/knowledge/?q=alert",
        "/knowledge/beside/?q=%3Cscript%3E",
        "/knowledge/?from=9e9&topic=x",
    ):
        page = desk.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


def test_an_empty_list_says_what_it_is_for(desk: Client) -> None:
    assert "知识库还是空的" in desk.get("/knowledge/").content.decode()
    assert "知识库还是空的" in desk.get("/knowledge/beside/").content.decode()
    assert "还没有接待指引" in desk.get("/guides/").content.decode()
    assert "还没有接待指引" in desk.get("/reception/new/").content.decode()


# Guides --------------------------------------------------------------------------------------------------------------
def guide(client: Client, address: str = "/guides/new/", **other: Any) -> Any:
    typed = {
        "when": "电话里投诉",
        "channel": "phone",
        "category": "complaint",
        "lines": "先听完。\n说明几点答复。",
        "position": "1",
    }
    return client.post(address, {**typed, **other})


@pytest.mark.clause("DESK-10")
def test_what_to_say_stands_beside_the_form_for_its_channel_and_category(
    cast: Any, desk: Client, supervisor: Client
) -> None:
    assert guide(supervisor).status_code == 302
    assert (
        guide(supervisor, when="说不清楚", channel="", category="", lines="请他说房号。", position="2").status_code
        == 302
    )
    page = desk.get("/reception/new/").content.decode()
    assert re.search(r'data-guide data-channel="phone" data-category="complaint">\s*<summary>电话里投诉', page)
    assert re.search(r'data-guide data-channel="" data-category="">\s*<summary>说不清楚', page)
    assert "<li>说明几点答复。</li>" in page
    row = Guide.objects.get(when="电话里投诉")
    assert guide(supervisor, f"/guides/{row.pk}/", lines="先听完，不打断。", version=1).status_code == 302
    assert "先听完，不打断。" in desk.get("/reception/new/").content.decode()
    assert supervisor.post(f"/guides/{row.pk}/remove/", {"key": "r"}).status_code == 302
    assert supervisor.post(f"/guides/{row.pk}/remove/", {"key": "r"}).status_code == 302
    assert "电话里投诉" not in desk.get("/reception/new/").content.decode()
    assert sentences("reception.guide", row.pk) == [
        "李主管 写下接待指引“电话里投诉”",
        "李主管 修改接待指引“电话里投诉”",
        "李主管 删去接待指引“电话里投诉”",
    ]


def test_the_companys_guides_hold_everywhere_and_are_not_changed_from_one_community(cast: Any, sign_in: Any) -> None:
    assert guide(sign_in(cast.li), everywhere="on").status_code == 302
    row = Guide.objects.get()
    assert row.community_id is None
    assert "电话里投诉" in sign_in(cast.lin).get("/reception/new/").content.decode()
    there = cast.person("he", "何主管", "cs_supervisor", community=cast.qinghe)
    assert sign_in(there).get(f"/guides/{row.pk}/").status_code == 404
    assert sign_in(cast.li).get(f"/guides/{row.pk}/").status_code == 404  # now there are two supervisors
    with pytest.raises(NotAllowed):
        guides.save(row, by=there)
    guide(sign_in(there), when="只在这里", everywhere="on")
    assert Guide.objects.get(when="只在这里").community == cast.qinghe
    assert "只在这里" not in sign_in(cast.wang).get("/reception/new/").content.decode()
