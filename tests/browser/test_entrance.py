"""The way in, as a person with a keyboard, a telephone or a screen reader meets it."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from tests.support.cast import PASSWORD

both = pytest.mark.parametrize("width", WIDTHS, indirect=True)


def assert_for_everybody(page: Page) -> None:
    """Nothing hides from a screen reader, and nothing hangs over the edge of a telephone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@both
def test_a_clerk_signs_in_with_the_keyboard_alone(page: Page, wang: Any) -> None:
    page.goto("/")
    expect(page.locator("h1")).to_be_visible()
    assert_for_everybody(page)
    expect(page.locator(":focus")).to_have_attribute("name", "username")
    page.keyboard.type("wang")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    expect(page.get_by_text("王客服").first).to_be_attached()
    assert_for_everybody(page)


@both
def test_a_lost_clerk_finds_the_way_back(page_of: Callable[[Any], Page], wang: Any) -> None:
    page = page_of(wang)
    page.goto("/no/such/page/at/all/")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    assert_for_everybody(page)
    page.get_by_role("link", name="回到首页").click()
    page.wait_for_url("**/")


@pytest.mark.clause("SEC-02")
def test_a_desk_that_nobody_sits_at_locks_itself_in_every_window_and_keeps_what_was_typed(
    page_of: Callable[[Any], Page], cast: Any, wang: Any
) -> None:
    page = page_of(wang)
    page.clock.install()
    page.goto(f"/reception/new/?unit={cast.home.pk}")
    page.get_by_label("内容").fill("楼上滴水")
    other = page.context.new_page()
    other.goto("/")
    page.clock.fast_forward("09:00")
    page.mouse.move(200, 200)  # somebody is still here
    page.clock.fast_forward("09:00")
    expect(page.get_by_label("内容")).to_have_value("楼上滴水")
    page.clock.fast_forward("02:00")
    expect(page.get_by_text("屏幕已锁")).to_be_visible()
    other.wait_for_url("**/sign-in/**")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/reception/new/**")
    expect(page.get_by_label("内容")).to_have_value("楼上滴水")
