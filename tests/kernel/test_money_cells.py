"""A sum says its unit once: in a list's heading, behind the figure on a record's page."""

from __future__ import annotations

from types import SimpleNamespace

from yihu.kernel.screens.money_cells import beside, is_money, money


class Sheet:
    @money("应缴")
    def cell_due(self, row: SimpleNamespace) -> int | None:
        return row.fen  # type: ignore[no-any-return]

    def cell_words(self, row: SimpleNamespace) -> str:
        return "12.00"


def test_a_sum_says_its_unit_once() -> None:
    sheet = Sheet()
    owed, nothing = SimpleNamespace(fen=123456), SimpleNamespace(fen=None)
    assert (sheet.cell_due(owed), sheet.cell_due(nothing)) == ("1,234.56", "")
    assert Sheet.cell_due.label == "应缴（元）"  # type: ignore[attr-defined]
    assert beside(sheet, "due", "1,234.56") == ("应缴", "1,234.56 元")
    assert beside(sheet, "due", "") == ("应缴", "")
    assert (is_money(sheet, "due"), is_money(sheet, "words"), is_money(sheet, "absent")) == (True, False, False)
    assert beside(sheet, "words", "12.00") is None
