"""Trends as pictures: lines over points of time, as SVG text. Knows numbers and words, nothing of what they mean.

The same picture stands on the screen and on paper, so it must be read in black and white: each line has its own dashes
and marks, and its name. All looks are presentation attributes: no style, no script.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 30, 24
FONT = "Noto Sans SC, Noto Serif SC, PingFang SC, Microsoft YaHei, sans-serif"
# (ink, dashes, mark): every two of them differ in more than the ink
LOOKS = (
    ("#1b4f8a", "", "disc"),
    ("#a5480e", "6 3", "square"),
    ("#2c6e49", "2 3", "triangle"),
    ("#5b3a8c", "9 3 2 3", "ring"),
)
MOST = len(LOOKS)

Values = Sequence[float | None]


@dataclass(frozen=True)
class Drawing:
    """What this module drew. No plain text: what is done to words on their way to a page or sheet leaves it alone."""

    svg: str


def lines(labels: Sequence[str], series: Sequence[tuple[str, Values]], *, unit: str = "") -> Drawing:
    """A chart of at most four lines; a value of None leaves a gap. Raises ValueError for more lines, or uneven ones."""
    if len(series) > MOST:
        raise ValueError(f"at most {MOST} lines can be told apart")
    if any(len(values) != len(labels) for _, values in series):
        raise ValueError("each line needs one value for each label")
    top = nice_top(max((value for _, values in series for value in values if value is not None), default=0))
    svg = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", width=str(WIDTH), height=str(HEIGHT)
    )
    SubElement(svg, "rect", width=str(WIDTH), height=str(HEIGHT), fill="#ffffff")
    _scale(svg, top, unit)
    _dates(svg, labels)
    for place, ((name, values), look) in enumerate(zip(series, LOOKS, strict=False)):
        _line(svg, values, top, look)
        _name(svg, place, name, look)
    return Drawing(tostring(svg, encoding="unicode"))


def nice_top(most: float) -> float:
    """The end of the scale: 1, 2 or 5 times a power of ten, or four steps of such, not below the greatest value."""
    if most <= 4:
        return 4
    power = float(10 ** floor(log10(most)))
    step = next(step for step in (0.25, 0.5, 1, 2, 2.5) if power * step * 4 >= most)
    return power * step * 4 if step * power >= 1 else float(4 * ceil(most / 4))


def _x(place: int, count: int) -> float:
    room = WIDTH - LEFT - RIGHT - 16
    return round(LEFT + 8 + (room * place / (count - 1) if count > 1 else room / 2), 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)


def _text(parent: Element, words: str, x: float, y: float, anchor: str, size: int = 9) -> None:
    text = SubElement(parent, "text", {"x": str(x), "y": str(y), "text-anchor": anchor, "font-size": str(size)})
    text.set("font-family", FONT)
    text.set("fill", "#333333")
    text.text = words


def _scale(svg: Element, top: float, unit: str) -> None:
    for quarter in range(5):
        value = top * quarter / 4
        y = str(_y(value, top))
        ink = "#666666" if quarter == 0 else "#d5d5d5"
        SubElement(svg, "line", {"x1": str(LEFT), "x2": str(WIDTH - RIGHT), "y1": y, "y2": y, "stroke": ink})
        _text(svg, f"{value:g}", LEFT - 4, float(y) + 3, "end")
    if unit:
        _text(svg, unit, LEFT - 4, TOP - 9, "end")


def _dates(svg: Element, labels: Sequence[str]) -> None:
    """Every label where there is room, else every second one; the last one always."""
    apart = 2 if len(labels) > 7 else 1
    for place, label in enumerate(labels):
        if (len(labels) - 1 - place) % apart == 0:
            _text(svg, label, _x(place, len(labels)), HEIGHT - BOTTOM + 14, "middle")


def _line(svg: Element, values: Values, top: float, look: tuple[str, str, str]) -> None:
    ink, dashes, mark = look
    for run in _runs(values):
        points = " ".join(f"{_x(place, len(values))},{_y(value, top)}" for place, value in run)
        drawn = SubElement(svg, "polyline", {"points": points, "fill": "none", "stroke": ink, "stroke-width": "1.6"})
        if dashes:
            drawn.set("stroke-dasharray", dashes)
        for place, value in run:
            _mark(svg, mark, ink, _x(place, len(values)), _y(value, top))


def _runs(values: Values) -> list[list[tuple[int, float]]]:
    """What hangs together between the gaps."""
    found: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return [run for run in found if run]


def _mark(svg: Element, mark: str, ink: str, x: float, y: float) -> None:
    if mark == "square":
        SubElement(svg, "rect", x=str(round(x - 2.4, 1)), y=str(round(y - 2.4, 1)), width="4.8", height="4.8", fill=ink)
    elif mark == "triangle":
        points = f"{x},{y - 3.2:.1f} {x + 3:.1f},{y + 2.2:.1f} {x - 3:.1f},{y + 2.2:.1f}"
        SubElement(svg, "polygon", points=points, fill=ink)
    else:
        ring = {"cx": str(x), "cy": str(y), "r": "2.6", "stroke": ink, "fill": "#ffffff" if mark == "ring" else ink}
        SubElement(svg, "circle", ring)


def _name(svg: Element, place: int, name: str, look: tuple[str, str, str]) -> None:
    """Which line is whose, above the drawing."""
    ink, dashes, mark = look
    x, y = LEFT + place * (WIDTH - LEFT - RIGHT) / len(LOOKS), 11
    key = SubElement(svg, "line", {"x1": str(x), "x2": str(x + 22), "y1": str(y), "y2": str(y), "stroke": ink})
    key.set("stroke-width", "1.6")
    if dashes:
        key.set("stroke-dasharray", dashes)
    _mark(svg, mark, ink, x + 11, y)
    _text(svg, name, x + 26, y + 3.4, "start", 10)
