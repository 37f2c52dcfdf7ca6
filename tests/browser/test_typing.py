"""Nothing typed is lost, and nothing is saved twice: by leaving, by an error, by a double click, without a network."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from yihu.areas.reception.models import Contact

both = pytest.mark.parametrize("width", WIDTHS, indirect=True)
WORDS = "电梯里的灯一闪一闪"


@pytest.fixture
def desk(page_of: Callable[[Any], Page], wang: Any) -> Page:
    return page_of(wang)


def write_down(page: Page, words: str = WORDS) -> None:
    """A suggestion of somebody who does not give a name."""
    page.goto("/reception/new/")
    page.get_by_label("匿名", exact=True).check()
    with page.expect_response(lambda answer: "hand-over" in answer.url):
        page.get_by_role("radio", name="建议", exact=True).check()
    page.get_by_label("内容").fill(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()


def logged() -> list[str]:
    return list(Contact.objects.order_by("pk").values_list("content", flat=True))


@both
def test_what_was_typed_waits_for_the_clerk_who_was_called_away(desk: Page) -> None:
    write_down(desk)
    desk.goto("/")
    desk.goto("/reception/new/")
    expect(desk.get_by_label("内容")).to_have_value(WORDS)
    expect(desk.get_by_role("radio", name="建议", exact=True)).to_be_checked()
    expect(desk.get_by_text("已恢复上次没有提交的内容")).to_be_visible()
    save(desk)
    expect(desk.get_by_role("heading", name=WORDS)).to_be_visible()
    desk.goto("/reception/new/")
    expect(desk.get_by_label("内容")).to_have_value("")
    assert logged() == [WORDS]


def test_an_error_keeps_everything_and_shows_the_place(desk: Page) -> None:
    write_down(desk, "")
    desk.get_by_label("来访人").fill("赵业主")
    desk.get_by_label("业主", exact=True).check()
    save(desk)
    expect(desk.get_by_text("还有内容需要补正")).to_be_visible()
    expect(desk.locator(":focus")).to_have_attribute("name", "content")
    expect(desk.get_by_label("来访人")).to_have_value("赵业主")
    desk.keyboard.type(WORDS)
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name=WORDS)).to_be_visible()
    assert logged() == [WORDS]


def test_a_double_click_saves_once(desk: Page) -> None:
    write_down(desk)
    desk.get_by_role("button", name="保存").dblclick()
    expect(desk.get_by_role("heading", name=WORDS)).to_be_visible()
    assert logged() == [WORDS]


@both
def test_without_a_network_it_waits_in_the_telephone_and_is_sent_once(desk: Page) -> None:
    write_down(desk)
    desk.context.set_offline(True)
    save(desk)
    expect(desk.get_by_text("内容和照片已存在本机")).to_be_visible()
    expect(desk.get_by_text("待发送 1")).to_be_visible()
    assert logged() == []
    desk.context.set_offline(False)
    expect(desk.get_by_text("已发送")).to_be_visible()
    expect(desk.get_by_text("待发送 1")).to_be_hidden()
    desk.goto("/reception/new/")
    expect(desk.get_by_label("内容")).to_have_value("")
    assert logged() == [WORDS]


def test_an_answer_that_got_lost_does_not_make_a_second_contact(desk: Page) -> None:
    write_down(desk)
    lost: list[int] = []

    def swallow(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)  # it arrived, but the clerk never hears of it
            route.abort()
        else:
            route.continue_()

    desk.route("**/reception/new/", swallow)
    save(desk)
    expect(desk.get_by_text("待发送 1")).to_be_visible()
    desk.get_by_role("button", name="待发送 1").click()
    desk.get_by_role("button", name="立即发送").click()
    expect(desk.get_by_text("已发送")).to_be_visible()
    assert len(lost) == 1
    assert logged() == [WORDS]


def test_the_keyboard_reaches_everything(desk: Page) -> None:
    desk.goto("/")
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_contain_text("查找房屋、住户、单据")
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    desk.wait_for_url("**/reception/new/")
    expect(desk.get_by_label("房号")).to_be_focused()
    desk.get_by_label("内容").focus()
    desk.keyboard.type("n/?")
    expect(desk.get_by_label("内容")).to_have_value("n/?")
    desk.keyboard.press("Escape")
    desk.wait_for_url("**/reception/")
    desk.keyboard.press("/")
    expect(desk.get_by_role("combobox", name="查找房屋、住户或单据")).to_be_focused()
