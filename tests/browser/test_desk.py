"""The telephone rings: from the search box to a contact with its work order, by keyboard, without leaving the household's file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from tests.support.doing import assign, log_contact, the_order
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.doors import open_record

PageOf = Callable[[Any], Page]
both = pytest.mark.parametrize("width", WIDTHS, indirect=True)


def assert_for_everybody(page: Page) -> None:
    """Nothing hides from a screen reader, and nothing hangs over the edge of a telephone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.clause("DESK-01")
def test_a_repair_is_logged_by_keyboard_while_the_telephone_rings(
    cast: Any, page_of: PageOf, wang: Any, owner: Any
) -> None:
    home = cast.home
    log_contact(cast, category="suggestion", content="0101 建议加一把长椅")
    before = Contact.objects.get()
    page = page_of(wang)
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("0101")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/units/{home.pk}/")
    expect(page.get_by_text("没有发过卡。")).to_be_visible()  # what stands beside the file has followed
    page.keyboard.press("n")
    expect(page.get_by_role("radio", name="报修")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("同时开出：维修单")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_label("内容")).to_be_focused()
    page.keyboard.type("厨房水龙头漏水")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#open-title")).to_be_visible()
    expect(page.get_by_text("已登记").first).to_be_attached()
    assert page.url.endswith(f"/units/{home.pk}/")
    contact, order = Contact.objects.exclude(pk=before.pk).get(), WorkOrder.objects.get()
    assert (contact.unit, contact.content, contact.category) == (home, "厨房水龙头漏水", "repair")
    assert (order.unit, order.symptom) == (home, "厨房水龙头漏水")
    expect(page.locator(".board-row", has_text=order.number)).to_be_visible()
    # nothing of the saved form comes back for the next caller
    page.keyboard.press("n")
    expect(page.get_by_label("内容")).to_have_value("")


def test_a_click_on_a_person_takes_him_into_the_form_and_loses_nothing_typed(
    cast: Any, page_of: PageOf, wang: Any, owner: Any
) -> None:
    tenant = Party.objects.create(community=cast.yunqi, name="孙租客", phone="13711112222")
    Occupancy.objects.create(unit=cast.home, party=tenant, role="lessee")
    page = page_of(wang)
    page.goto(f"/units/{cast.home.pk}/")
    page.get_by_role("link", name="赵业主").first.click()
    expect(page.get_by_label("来访人")).to_have_value("赵业主")
    page.get_by_label("内容").fill("问停车费")
    page.get_by_role("link", name="孙租客").first.click()
    expect(page.get_by_label("来访人")).to_have_value("孙租客")
    expect(page.get_by_label("内容")).to_have_value("问停车费")
    page.get_by_role("radio", name="其它").first.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已登记").first).to_be_attached()
    contact = Contact.objects.get()
    assert (contact.party, contact.relation, contact.phone) == (tenant, "lessee", "13711112222")


def test_a_mistake_keeps_what_was_typed_and_the_way_back(cast: Any, page_of: PageOf, wang: Any) -> None:
    page = page_of(wang)
    page.goto(f"/units/{cast.home.pk}/")
    page.keyboard.press("n")
    expect(page.get_by_role("radio", name="报修")).to_be_focused()
    page.get_by_label("来访人").fill("赵业主")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("还有内容需要补正")).to_be_visible()
    expect(page.get_by_label("来访人")).to_have_value("赵业主")
    page.get_by_role("radio", name="报修").check()
    page.get_by_label("内容").fill("厨房水龙头漏水")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/units/{cast.home.pk}/")
    expect(page.get_by_text("已登记").first).to_be_attached()
    assert WorkOrder.objects.count() == Contact.objects.count() == 1


def test_the_household_appears_beside_the_form_once_the_unit_is_chosen(
    cast: Any, page_of: PageOf, wang: Any, owner: Any
) -> None:
    page = page_of(wang)
    page.goto("/reception/new/")
    expect(page.get_by_label("房号")).to_be_focused()
    page.keyboard.type("0101")
    expect(page.get_by_role("option", name="A1-1-0101")).to_be_visible()
    page.keyboard.press("Enter")
    page.locator("#beside").get_by_role("button", name="赵业主").click()
    expect(page.get_by_label("来访人")).to_have_value("赵业主")


def test_a_number_is_shown_on_the_spot_for_a_reason(cast: Any, page_of: PageOf, wang: Any, owner: Any) -> None:
    page = page_of(wang)
    page.goto(f"/units/{cast.home.pk}/")
    page.locator(".people summary").first.click()
    page.get_by_role("button", name="回电联系").click()
    expect(page.get_by_role("link", name="13800138112")).to_be_visible()


def test_the_board_renews_itself_under_the_eyes_and_keeps_the_focus(cast: Any, page_of: PageOf, wang: Any) -> None:
    first = log_contact(cast, by=cast.chen, category="other", content="单元门关不严")
    page = page_of(wang)
    page.goto("/")
    page.locator(f"#to_route-{first.pk}").focus()
    log_contact(cast, by=cast.chen, category="other", content="刚刚登记的一件")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('yihu:tick'))")
    expect(page.get_by_role("link", name="刚刚登记的一件").first).to_be_visible()
    expect(page.locator(f"#to_route-{first.pk}")).to_be_focused()


def test_a_worker_takes_his_order_with_one_touch(cast: Any, page_of: PageOf, chen: Any) -> None:
    order = assign(cast, the_order(log_contact(cast)))
    page = page_of(chen)
    page.goto("/")
    page.get_by_role("button", name="接单").click()
    expect(page.get_by_role("button", name="到场")).to_be_visible()
    order.refresh_from_db()
    assert order.state == "accepted"


@both
def test_the_pages_of_the_desk_are_for_everybody(cast: Any, page_of: PageOf, wang: Any, li: Any, owner: Any) -> None:
    log_contact(cast, by=cast.chen, category="other", content="单元门关不严", phone="")
    log_contact(cast, category="suggestion", content="加一把长椅")
    open_record(
        Contact(community=cast.yunqi),
        by=wang,
        data={"unit": cast.home.pk, "channel": "phone", "relation": "owner", "category": "other", "content": "问费用",
              "answered": "on", "result": "已说明"},
    )  # fmt: skip
    assign(cast, the_order(log_contact(cast, party=owner.pk)))
    for person, paths in (
        (
            wang,
            (
                "/",
                f"/units/{cast.home.pk}/",
                f"/parties/{owner.pk}/",
                f"/reception/new/?unit={cast.home.pk}",
                "/search/?q=A1",
            ),
        ),
        (li, ("/", "/messages/", "/today/gaps/", "/today/mine/")),
        (cast.chen, ("/", f"/units/{cast.home.pk}/", "/messages/")),
    ):
        page = page_of(person)
        for path in paths:
            page.goto(path)
            assert_for_everybody(page)
