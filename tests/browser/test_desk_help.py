"""Beside the form of a contact: an enquiry is answered with one press, and the guides follow what is chosen."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from yihu.areas.reception import guides, knowledge
from yihu.areas.reception.models import Contact, Guide, Knowledge

both = pytest.mark.parametrize("width", WIDTHS, indirect=True)
ANSWER = "固定车位每月 300 元，临停每小时 5 元。"


@pytest.fixture
def desk(page_of: Callable[[Any], Page], cast: Any) -> Page:
    for question, answer in (("地下车位每月多少钱", ANSWER), ("装修要办什么手续", "带身份证和图纸到前台。")):
        row = Knowledge(community=cast.yunqi, question=question, answer=answer, checked_on=date(2026, 1, 5))
        knowledge.save(row, by=cast.li)
    for when, channel, category in (
        ("电话铃响", "phone", ""),
        ("电话里投诉", "phone", "complaint"),
        ("当面投诉", "visit", "complaint"),
    ):
        guides.save(
            Guide(community=cast.yunqi, when=when, channel=channel, category=category, lines=f"{when}的做法"),
            by=cast.li,
        )
    return page_of(cast.wang)


@both
def test_an_enquiry_is_logged_and_answered_with_one_press(desk: Page) -> None:
    desk.goto("/reception/new/")
    expect(desk.get_by_role("button", name="用此答复")).to_have_count(2)
    desk.get_by_label("查知识库").fill("车位")
    expect(desk.get_by_role("button", name="用此答复")).to_have_count(1)
    desk.get_by_role("button", name="用此答复").click()
    expect(desk.get_by_label("内容")).to_have_value("地下车位每月多少钱")
    expect(desk.get_by_label("处理结果")).to_have_value(ANSWER)
    expect(desk.get_by_label("其它", exact=True)).to_be_checked()
    desk.get_by_label("匿名", exact=True).check()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="地下车位每月多少钱")).to_be_visible()
    assert Contact.objects.get().state == "ready"
    assert list(Knowledge.objects.order_by("pk").values_list("asked", flat=True)) == [1, 0]


def test_enter_takes_the_first_answer_and_what_was_typed_stays(desk: Page) -> None:
    desk.goto("/reception/new/")
    desk.get_by_label("服务", exact=True).check()
    desk.get_by_label("内容").fill("想租一个车位")
    desk.get_by_label("查知识库").fill("车位")
    expect(desk.get_by_role("button", name="用此答复")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("内容")).to_have_value("想租一个车位")
    expect(desk.get_by_label("服务", exact=True)).to_be_checked()
    expect(desk.get_by_label("处理结果")).to_have_value(ANSWER)
    assert not Contact.objects.exists()


@both
def test_the_guides_follow_channel_and_category(desk: Page) -> None:
    desk.goto("/reception/new/")
    expect(desk.get_by_text("电话铃响的做法")).to_be_visible()
    expect(desk.get_by_text("电话里投诉", exact=True)).to_be_hidden()
    desk.get_by_label("投诉", exact=True).check()
    expect(desk.get_by_text("电话里投诉的做法")).to_be_visible()
    desk.get_by_label("来访", exact=True).check()
    expect(desk.get_by_text("当面投诉的做法")).to_be_visible()
    expect(desk.get_by_text("电话里投诉", exact=True)).to_be_hidden()
