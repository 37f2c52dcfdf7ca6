"""A table's cells as a page gets them: marked up once, and what somebody typed stays words."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from tests.support.doing import at
from yihu.kernel.screens.cells import when
from yihu.kernel.templatetags.cells import cells, due

HOSTILE = "\"><script>alert('1')</script>&"
HARMLESS = "&quot;&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;"


def test_whatever_is_typed_into_any_part_of_a_cell_stays_words() -> None:
    for kind in ("text", "number", "state", "due", "time", "badge", "person"):
        cell = dict.fromkeys(("name", "text", "iso", "css", "sub", "label"), HOSTILE) | {"kind": kind}
        page = cells({"url": HOSTILE, "cells": [cell, cell]})
        assert "<script" not in page
        assert page.count(HARMLESS) == page.count("alert(") >= 8
    assert HARMLESS in due(HOSTILE, HOSTILE, HOSTILE)
    assert "<script" not in due(HOSTILE, HOSTILE, HOSTILE)


def test_what_is_marked_up_already_and_what_is_said_later_stand_as_they_are() -> None:
    def one(text: Any) -> str:
        return cells({"cells": [{"kind": "text", "name": "what", "text": text}]})

    assert one(format_html("<b>{}</b>", "甲&乙")) == '<td class="cell-text col-what"><b>甲&amp;乙</b></td>'
    assert one(gettext_lazy("甲&乙")) == '<td class="cell-text col-what">甲&amp;乙</td>'
    assert one(3) == '<td class="cell-text col-what">3</td>'
    assert one("") == one(None) == '<td class="cell-text col-what"></td>'


def test_the_first_cell_and_the_number_lead_to_the_row() -> None:
    row = [{"kind": "text", "name": "a", "text": "甲"}, {"kind": "text", "name": "b", "text": "乙"}, {"kind": "number", "name": "c", "text": "1"}]  # fmt: skip
    page = cells({"url": "/x/?a=1&b=2", "cells": row})
    assert page.count('<a href="/x/?a=1&amp;b=2">') == 2
    assert "乙</a>" not in page
    assert "<a " not in cells({"cells": row})


@pytest.mark.parametrize(
    ("moment", "said", "whole"),
    [
        ("2026-12-31 09:12", "今天 09:12", "今天 09:12"),
        ("2026-01-05 09:12", "01-05 09:12", "01-05 09:12"),
        ("2027-01-01 00:10", "01-01 00:10", "01-01 00:10"),
        ("2027-07-15 09:12", "2027-07-15", "2027-07-15 09:12"),
        ("2025-11-05 09:12", "2025-11-05", "2025-11-05 09:12"),
    ],
)
def test_a_moment_is_short_and_keeps_its_hour_over_the_turn_of_the_year(moment: str, said: str, whole: str) -> None:
    now = at("2026-12-31 23:40")
    assert (when(at(moment), now), when(at(moment), now, hour=True)) == (said, whole)
