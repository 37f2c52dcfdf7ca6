"""A roll is handed in, looked at, made live and taken back, at the desk and on a telephone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS
from tests.support.cast import Cast
from tests.support.messy_roll import HEAD, ROW, row, small_roll, table
from yihu.ground.estate.models import Unit
from yihu.kernel.jobs import run_due


def hand_in(page: Page, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.goto("/rolls/new/")
    page.get_by_label("业主名册文件").set_input_files(str(path))
    page.get_by_role("button", name="保存").click()


@pytest.mark.parametrize("width", WIDTHS, indirect=True)
def test_a_roll_goes_live_and_back_in_the_browser(
    cast: Cast, page_of: Callable[[Any], Page], width: str, tmp_path: Path
) -> None:
    page = page_of(cast.li)
    hand_in(page, tmp_path / "名册.xlsx", small_roll())
    expect(page.get_by_text("可以导入：新增 32 户")).to_be_visible()
    page.get_by_role("link", name="确认导入").click()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("正在写入")).to_be_visible()
    run_due(timezone.now())
    page.get_by_role("link", name="查看结果").click()
    expect(page.get_by_role("heading", name="名册.xlsx，32 户")).to_be_visible()
    expect(page.get_by_text("已生效", exact=True)).to_be_visible()

    page.goto("/estate/units/?q=a1 1 101")
    expect(page.get_by_role("link", name="A1-1-0101")).to_be_visible()

    page.goto("/rolls/")
    page.get_by_role("link", name="YQ-MC-").click()
    page.get_by_role("link", name="撤销导入").click()
    page.get_by_label("撤销原因").fill("传错了文件")
    page.get_by_role("button", name="撤销导入").click()
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()
    assert Unit.objects.count() == 0


@pytest.mark.parametrize("width", WIDTHS, indirect=True)
def test_a_person_says_what_an_unknown_column_is(
    cast: Cast, page_of: Callable[[Any], Page], width: str, tmp_path: Path
) -> None:
    page = page_of(cast.li)
    rows = [[*ROW, "13900139223"], [*row(房号="0102"), ""]]
    hand_in(page, tmp_path / "名册.xlsx", table(*rows, head=[*HEAD, "户主二"]))
    expect(page.get_by_text("有 1 处错误，现在不能导入。")).to_be_visible()
    page.get_by_role("link", name="更正列对应").click()
    page.get_by_label("户主二").select_option("备用电话")
    page.get_by_role("button", name="更正列对应").click()
    expect(page.get_by_text("可以导入：新增 2 户")).to_be_visible()
