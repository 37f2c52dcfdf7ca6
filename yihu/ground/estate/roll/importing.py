"""业主名册 and 租户台账: what the rows of a roll are, what they would change, how they go live and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from yihu.ground.estate import founding
from yihu.ground.estate.models import RollImport, RollRow
from yihu.ground.estate.roll import back, headings, merge, rows
from yihu.ground.estate.roll.check import Roll, check, figures
from yihu.ground.estate.roll.live import Writer
from yihu.ground.estate.roll.rows import Row
from yihu.ground.estate.roll.shape import ROLL
from yihu.kernel.importing.declare import Import, Plan, importing
from yihu.kernel.importing.recognise import Recognised

# The column of a kept value, where its heading names one person and the change concerns them all.
_SEVERAL = {"owner": "owners", "lessee": "lessees", "emergency_name": "emergency"}


@importing
class RollOfUnits(Import):
    model = RollImport
    word = "名册"
    unit = "户"
    file_label = "业主名册文件或租户台账"
    gaps = "房屋的待补资料"
    shape = ROLL
    in_one_breath = 3_000
    slice = 1_000

    def check(self, recognised: Recognised, today: date) -> Roll:
        return check(recognised, today)

    def plan(self, community: Any, rows: Sequence[Row], today: date) -> Plan:
        return merge.plan(community, rows, today)

    def to_staged(self, row: Row) -> tuple[dict[str, Any], str]:
        return rows.to_staged(row)

    def from_staged(self, sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Row:
        return rows.from_staged(sheet, row_no, values, secret)

    def write(self, run: Any, staged: Sequence[Any], rows: Sequence[Row], today: date, commanding: Any) -> None:
        names = {told["code"]: told["name"] for told in run.clusters}
        for unit, labels in Writer(run, staged, rows, today, names).write():
            sentence = f"名册导入 {run.number} 更新{'、'.join(labels)}"
            commanding.note(commanding.book("estate.unit", unit.pk), sentence, step="import")

    def hindrances(self, run: Any) -> list[str]:
        return back.hindrances(run)

    def take_back(self, run: Any, commanding: Any) -> None:
        back.take_back(run, commanding)

    def beside(self, checked: Any) -> dict[str, Any]:
        return {"clusters": clusters(checked)}

    def told(self, checked: Any) -> dict[str, Any]:
        return {"clusters": clusters(checked)}

    def tick(self, run: Any, ticked: Mapping[tuple[str, int | None], Iterable[str]]) -> None:
        for row in RollRow.objects.filter(run=run, row_no__in=[row_no for _, row_no in ticked]):
            if columns := ticked.get((row.sheet, row.row_no)):
                RollRow.objects.filter(pk=row.pk).update(ticked=[_field_of(column) for column in columns])

    def named(self, name: str) -> Any:
        return founding.named(name)

    def found(self, name: str) -> Any:
        return founding.found(name, "导入名册时")


def _field_of(label: str) -> str:
    """The field behind the column's label in a note that a person's value was kept."""
    name = headings.WORDS.said(label)
    return _SEVERAL.get(name, name)


def clusters(checked: Any) -> list[dict[str, Any]]:
    """Per cluster: units, handed over, renovation ever begun, moved in."""
    if not isinstance(checked, Roll):
        return []
    counts = figures(checked.rows)
    return [{"code": code, "name": name or "（不分组团）", **counts[code]} for code, name in checked.clusters.items()]
