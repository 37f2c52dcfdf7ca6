"""Every page of the navigation on a telephone: nothing hangs over the edge, nothing speaks English or in codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.support.doing import assign, log_contact, the_order

PageOf = Callable[[Any], Page]
narrow = pytest.mark.parametrize("width", ["390"], indirect=True)

# Names of things that are called so in Chinese as well, and the numbers of records.
KNOWN = re.compile(
    r"script/server|script/manage work|Excel|CSV|PDF|UTF|Ctrl|Esc|\.(?:xlsx?|pdf|png|jpe?g)\b|[A-Z]{2}-[A-Z]{2}-\d+"
)
READ = """() => {
  const told = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const inside = walk.currentNode.parentElement;
    if (!inside.closest("script, style, code, kbd, textarea, svg, .col-username")) told.push(walk.currentNode.textContent);
  }
  return told.join("\\n");
}"""


def _wrong_on(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    told = KNOWN.sub("", page.evaluate(READ))
    found = [f"{over} px too wide"] if over > 0 else []
    return found + sorted(set(re.findall(r"[A-Za-z_]{3,}", told)))


@narrow
def test_the_pages_of_the_navigation_fit_and_speak_chinese(cast: Any, page_of: PageOf, wang: Any, owner: Any) -> None:
    order = the_order(log_contact(cast))
    assign(cast, order)
    log_contact(cast, category="suggestion", content="大堂加座椅")
    wrong: dict[str, list[str]] = {}
    for person in (cast.li, cast.gong, cast.person("admin", "管理员", "sysadmin")):
        page = page_of(person)
        page.goto("/")
        to_see = page.eval_on_selector_all(".side a", "found => found.map(one => one.getAttribute('href'))")
        assert to_see
        seen: set[str] = set()
        while to_see:
            address = to_see.pop(0)
            path = urlsplit(urljoin(page.url, address)).path
            if path in seen:  # the month before, and the one before that, are the same page
                continue
            seen.add(path)
            page.goto(address)
            if found := _wrong_on(page):
                wrong[address] = found
            to_see += page.eval_on_selector_all(
                "main .button-main[href$='/new/'], main .settings a[href^='/settings/'], main .page-head a.button:not([target])"
                ":not([href*='export'])",
                "found => found.map(one => one.href)",
            )
    assert wrong == {}
