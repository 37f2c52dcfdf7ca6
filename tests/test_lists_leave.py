"""Every list of the house prints and leaves as a workbook, as it stands on the screen, and that it left is written down (RPT-04).

A new list needs no word of its own: what is drawn by ``kernel/_table.html`` has both, a table of a page's own stands between
``{% leaves %}`` and ``{% endleaves %}``. That no page has neither is a rule of the house (``test_house_rules``).
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.support import sheets
from tests.support.addresses import addresses
from tests.support.doing import log_contact
from yihu.areas.billing.dunning.screens import CaseScreens
from yihu.areas.counter.models import LendItem
from yihu.ground.estate.models import Unit
from yihu.ground.staff.codes import POSTS
from yihu.kernel.models import Book
from yihu.kernel.screens import all_screens, leaving
from yihu.kernel.screens.drawn_tables import Drawn

PAPERS = re.compile("export|print|pdf|paper")  # addresses that make a file themselves
DEBTORS = ("/cashier/arrears/",)  # besides the registers that say so: only on paper
WAYS, PAPER = ("pdf", "xlsx"), "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = "kernel/_table.html"
OWN_DOOR = {"staff:sign_in", "staff:sign_out", "staff:lock", "staff:switch"}  # who goes there is not signed in any more


@pytest.fixture
def everybody(cast: Any) -> Any:
    """One who may open every page."""
    return cast.person("all", "全能员", *(code for code, _ in POSTS))


@pytest.mark.django_db
@pytest.mark.clause("RPT-04")
def test_every_list_of_the_house_prints_and_exports(everybody: Any, sign_in: Any) -> None:
    """Asked of the addresses themselves: each register, and each page without arguments on which a list is drawn."""
    client = sign_in(everybody)
    registers = {reverse("kernel:list", args=[screen.slug]): screen.leaves for screen in all_screens()}
    pages = [
        f"/{pattern.pattern}"
        for name, pattern in addresses()
        if not pattern.pattern.regex.groups and name not in OWN_DOOR and not PAPERS.search(name) and _reads(pattern)
    ]
    lists = [url for url in dict.fromkeys(pages) if url not in registers and _has_its_ways_out(client, url)]
    assert len(lists) > 20
    registers |= dict.fromkeys(DEBTORS, False)
    for place, url in enumerate(dict.fromkeys([*registers, *lists])):
        taken = _asked(client, url, WAYS[place % 2])
        if not registers.get(url, True) and place % 2:
            assert taken.status_code == 403, url
        else:
            assert taken["Content-Type"] == (WORKBOOK if place % 2 else PAPER), url


def _reads(pattern: Any) -> bool:
    policy = getattr(pattern.callback, "policy", None)
    return policy is not None and not policy.public and not policy.token


def _has_its_ways_out(client: Any, url: str) -> bool:
    """Whether a list is drawn there; if so, it says how it is printed and taken out."""
    with transaction.atomic():
        answer = client.get(url)
        transaction.set_rollback(True)
    if answer.status_code != 200 or TABLE not in [one.name for one in answer.templates or ()]:
        return False
    page = answer.content.decode()
    assert "as=pdf" in page, url
    assert "as=xlsx" in page or "/export" in page or url in DEBTORS, url
    return True


def _asked(client: Any, url: str, way: str, **more: str) -> HttpResponse:
    answer: HttpResponse = client.get(url, {"as": way, **more})
    return answer


def cells_of(answer: Any) -> list[list[str]]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]


@pytest.mark.django_db
@pytest.mark.clause("RPT-04")
def test_a_plain_list_leaves_as_it_stands_on_the_screen(cast: Any, sign_in: Any) -> None:
    for place in range(3):
        LendItem.objects.create(community=cast.yunqi, code=f"=S{place}", name="雨伞")
    LendItem.objects.create(community=cast.yunqi, code="T1", name="旧梯子", shown=False)
    client, url = sign_in(cast.li), reverse("counter:list_lend-items")
    page = client.get(url)
    assert "打印本表" in page.content.decode()
    rows = cells_of(_asked(client, url, "xlsx"))
    names = [row[0] for row in rows]
    assert [name for name in names if "雨伞" in name] == [f"'=S{place} 雨伞" for place in range(3)]  # no formula
    assert not [name for name in names if "旧梯子" in name]
    assert any("李主管" in cell for row in rows for cell in row)  # who took it out stands on it
    printed = sheets.text_of(_asked(client, url, "pdf", tab="off").content)
    assert "旧梯子" in printed
    assert "停用" in printed
    sentences = [
        book.journal.get().sentence for book in Book.objects.filter(register__in=("kernel.export", "kernel.print"))
    ]
    assert len(sentences) == 2
    assert all(one.startswith(("李主管 导出", "李主管 打印")) for one in sentences)


@pytest.mark.django_db
@pytest.mark.clause("RPT-04")
def test_a_long_register_is_printed_whole_masked_and_as_it_was_filtered(cast: Any, sign_in: Any) -> None:
    for place in range(35):
        log_contact(cast, content=f"第{place:02d}件 请打 13912345678", category="other")
    hidden = log_contact(cast, content="不该看到的一条", category="complaint", about_staff=cast.li.pk)
    printed = sheets.text_of(_asked(sign_in(cast.li), "/reception/", "pdf", tab="all").content)
    assert all(f"第{place:02d}件" in printed for place in range(35))
    assert "139****5678" in printed
    assert "13912345678" not in printed
    assert hidden.number not in printed
    assert "今天" not in printed  # a moment is said in full
    entry = Book.objects.get(register="kernel.print").journal.get()
    assert entry.sentence == "李主管 打印业主接待记录（全部）"
    assert entry.changed["filter"] == ["", "tab=all"]


@pytest.mark.django_db
@pytest.mark.clause("RPT-04")
def test_the_lists_of_the_households_leave_too(cast: Any, sign_in: Any) -> None:
    for place in range(70):
        cast.unit(f"{place + 1000}")
    client = sign_in(cast.person("all", "全能员", *(code for code, _ in POSTS)))
    for url in (reverse("archives:files"), reverse("estate:units")):
        printed = sheets.text_of(_asked(client, url, "pdf", tab="all" if "archives" in url else "").content)
        labels = [unit.label for unit in Unit.objects.filter(community=cast.yunqi)]
        assert [label for label in labels if label.replace(" ", "") not in printed.replace(" ", "")] == [], url
    assert reverse("archives:files") in client.get(reverse("archives:files")).content.decode()


@pytest.mark.django_db
def test_who_may_not_export_prints_all_the_same_and_debtors_stay_in_the_house(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    assert _asked(client, "/reception/", "xlsx").status_code == 403
    assert _asked(client, "/reception/", "pdf").status_code == 200
    assert "as=xlsx" not in client.get("/reception/").content.decode()
    slug = CaseScreens().slug
    head = sign_in(cast.xiang)
    assert _asked(head, f"/{slug}/", "xlsx").status_code == 403
    assert leaving.STAYS in sheets.text_of(_asked(head, f"/{slug}/", "pdf").content)


@pytest.mark.django_db
def test_a_list_without_end_asks_to_be_narrowed(cast: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "MOST", 20)
    for place in range(61):
        log_contact(cast, content=f"第{place}件", category="other")
    answer = _asked(sign_in(cast.li), "/reception/", "pdf")
    assert answer.status_code == 409
    assert "超过 20 行" in answer.content.decode()


def test_a_drawn_table_is_read_as_it_is_seen() -> None:
    table = Drawn(
        '<table class="table"><caption>名单</caption><thead><tr><th><span class="hush">选</span></th><th>房号</th>'
        '<th class="num">金额</th></tr></thead><tbody><tr><td><input type="checkbox"></td><td><a href="/x">1-0101</a>'
        '<span class="sub">一组团</span></td><td class="num">1,200.00<form><button>冲销</button></form></td></tr>'
        '<tr><td></td><td><time datetime="2026-11-05T09:00:00+08:00">今天 09:00</time></td><td></td></tr></tbody>'
        '<tfoot><tr><td colspan="2">合计</td><td>1,200.00</td></tr></tfoot></table>'
    )
    assert table.heads == [("房号", False), ("金额", True)]
    assert table.rows == [["1-0101（一组团）", "1,200.00"], ["2026-11-05 09:00", ""], ["", "1,200.00"]]
