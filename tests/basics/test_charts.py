"""Trends drawn as SVG: told apart without colour, gaps left open, no style and no script, whatever the words are."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yihu.basics import charts
from yihu.basics.charts import HEIGHT, MOST, WIDTH, nice_top


def lines(labels: Any, series: Any, unit: str = "") -> str:
    return charts.lines(labels, series, unit=unit).svg


NAME = "{http://www.w3.org/2000/svg}"


def test_lines_are_told_apart_without_their_colours() -> None:
    drawn = fromstring(
        lines(["1月", "2月"], [(name, [1, 2]) for name in ("受理", "完工", "未完工", "返修")], unit="件")
    )
    dashes = [line.get("stroke-dasharray") for line in drawn.iter(f"{NAME}polyline")]
    assert len(set(dashes)) == MOST
    assert {text.text for text in drawn.iter(f"{NAME}text")} >= {"受理", "完工", "未完工", "返修", "1月", "2月", "件"}


def test_what_was_not_judged_is_a_gap_and_not_a_nought() -> None:
    drawn = fromstring(lines(["a", "b", "c", "d"], [("满意率", [90, None, 80, 70])]))
    assert [len(line.get("points", "").split()) for line in drawn.iter(f"{NAME}polyline")] == [1, 2]


def test_too_many_lines_or_uneven_ones_are_refused() -> None:
    with pytest.raises(ValueError, match="told apart"):
        lines(["a"], [(str(place), [1]) for place in range(MOST + 1)])
    with pytest.raises(ValueError, match="one value for each label"):
        lines(["a", "b"], [("受理", [1])])


@given(some.lists(some.one_of(some.none(), some.floats(0, 1e6)), max_size=14), some.text(max_size=12))
def test_everything_stays_on_the_picture(values: list[float | None], name: str) -> None:
    picture = lines(["期"] * len(values), [("线", values)], unit="件")
    for line in fromstring(picture).iter(f"{NAME}polyline"):
        for point in line.get("points", "").split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT
    assert "style" not in picture
    assert "<script" not in lines([], [(f"<script>{''.join(filter(str.isprintable, name))}", [])])


@given(some.floats(0, 1e9))
def test_the_scale_holds_the_greatest_value(most: float) -> None:
    assert nice_top(most) >= most
