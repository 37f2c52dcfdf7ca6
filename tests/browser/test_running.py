"""出账 in a browser: what a checker sees in one look, and a run that shows how far it has come."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import WIDTHS
from tests.support.running import Estate, Flat, flat_source
from yihu.areas.billing.reckoned import Oddity
from yihu.ground.ledger.models import Charge
from yihu.kernel.jobs import run_waiting


@pytest.fixture
def flat() -> Iterator[Flat]:
    with flat_source() as found:
        yield found


def seen(page: Any, name: str) -> None:
    """A page is never wider than the screen; for whoever looks at it, a picture."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("width", WIDTHS, indirect=True)
def test_drawn_up_checked_posted_and_looked_at(cast: Any, page_of: Any, flat: Flat) -> None:
    estate = Estate(cast, flat, 4)
    estate.post(estate.draw(month="2026-10-01"))
    flat.prices[estate.units[1].pk][1] = (estate.water.pk, 30000)
    flat.odd = [
        Oddity(estate.units[0].pk, "没有面积", "没有登记收费面积，请先补登", stops=True),
        Oddity(estate.units[2].pk, "估抄", "连续第二次估抄"),
    ]
    page = page_of(estate.accountant)
    page.goto("/billing-runs/new/")
    seen(page, "run-new")
    page.get_by_role("button", name="保存").first.click()
    page.wait_for_url("**/billing-runs/YQ-ZD-*/")
    page.get_by_text("正在试算").first.wait_for()
    run_waiting()
    page = page_of(estate.checker)
    page.goto("/billing-runs/")
    seen(page, "run-list")
    page.get_by_text("2026年11月").first.click()
    page.get_by_text("有 1 户不出账").wait_for()
    seen(page, "run-check")
    page.get_by_role("link", name="各户账单").click()
    seen(page, "run-bills")
    page.get_by_role("link", name=str(estate.units[1])).click()
    page.get_by_text("每月 300.00 元").first.wait_for()
    seen(page, "run-bill")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="核对无误").click()
    seen(page, "run-step")
    page.get_by_role("button", name="核对无误").click()
    page.wait_for_url("**/billing-runs/YQ-ZD-202611-0002/")  # the other one looks only when this is written down
    page = page_of(estate.accountant)
    page.goto("/billing-runs/YQ-ZD-202611-0002/")
    page.get_by_role("button", name="出账").first.click()
    page.get_by_text("正在出账").first.wait_for()
    page.wait_for_timeout(1200)
    seen(page, "run-posting")
    run_waiting()
    page.goto("/billing-runs/YQ-ZD-202611-0002/")
    page.get_by_text("已出账").first.wait_for()
    seen(page, "run-posted")
    assert Charge.objects.filter(from_on="2026-11-01").count() == 6
    page.goto("/running/consents/")
    seen(page, "consents")
