"""Sheets printed in one go from a list: those that its filters show, each counted, none that must not be seen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import log_contact, the_order
from tests.support.sheets import text_of_pages
from yihu.kernel.prints import AT_ONCE

pytestmark = pytest.mark.django_db
SHEETS = "/repairs/print/work_sheet/"


def test_the_sheets_of_a_filtered_list_come_in_one_file_oldest_first(cast: Any, sign_in: Any) -> None:
    first, second = (the_order(log_contact(cast, content=words)) for words in ("水管滴水", "厨房堵塞"))
    other = the_order(log_contact(cast, content="门锁坏了", **{"to-trade": "doors"}))
    clerk = sign_in(cast.wang)
    assert f"{SHEETS}?tab=open&amp;trade=other" in clerk.get("/repairs/?tab=open&trade=other").content.decode()
    pages = text_of_pages(clerk.get(SHEETS, {"tab": "open", "trade": "other"}).content)
    assert len(pages) == 6  # two orders in three copies
    assert [first.number in page for page in pages] == [True] * 3 + [False] * 3
    assert second.number in pages[3]
    again = text_of_pages(clerk.get(SHEETS, {"tab": "open"}).content)
    assert ["补打1" in page for page in again] == [True] * 6 + [False] * 3
    assert other.number in again[8]


def test_nobody_prints_what_he_does_not_see(cast: Any, sign_in: Any) -> None:
    the_order(log_contact(cast))
    answer = sign_in(cast.lin).get(SHEETS, {"tab": "all"})
    assert "没有可打印的记录" in answer.content.decode()


def test_a_register_over_many_records_is_not_printed_once_for_each(cast: Any, sign_in: Any) -> None:
    log_contact(cast)
    assert sign_in(cast.wang).get("/reception/print/month_register/").status_code == 404


def test_more_sheets_than_one_waits_for_are_refused_with_a_way_out(cast: Any, sign_in: Any) -> None:
    for number in range(AT_ONCE + 1):
        log_contact(cast, content=f"第 {number} 处漏水")
    answer = sign_in(cast.wang).get(SHEETS, {"tab": "open"})
    assert answer.status_code == 409
    assert "一次最多打印 100 张" in answer.content.decode()
