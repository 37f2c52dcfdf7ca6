"""What can be wrong with a file that is brought in, in sentences a clerk understands: the reason, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

ERROR: Final = "error"
WARNING: Final = "warning"


class Kind(NamedTuple):
    severity: str
    title: str
    reason: str
    remedy: str


# An error refuses the file. A warning is imported and stands in the list of gaps.
KINDS: Final[dict[str, Kind]] = {
    "unreadable_file": Kind(ERROR, "文件读不了", "{0}", "{1}"),
    "nothing_found": Kind(ERROR, "没有内容", "文件里没有找到一行{0}资料。", "请检查选对了文件，表头中要有“{1}”一列。"),
    "no_heading": Kind(ERROR, "没认出表头", "这张工作表没有认出表头。", "请说明各列是什么；不需要的工作表选“不导入”。"),
    "unknown_column": Kind(ERROR, "不认识的列", "不认识这一列。", "请说明这一列是什么；不需要的列选“不导入”。"),
    "two_columns": Kind(ERROR, "两列相同", "有两列都像是“{0}”。", "请说明哪一列是{0}，另一列是什么。"),
    "unknown_target": Kind(ERROR, "对应不上", "没有“{0}”这样一项资料。", "可用的有：{1}。"),
    "column_not_there": Kind(ERROR, "没有这一列", "文件里没有这一列或这张工作表。", "请核对列名，与表头写得一样。"),
    "no_value": Kind(ERROR, "单元格没有值", "{0}。", "请在 Excel 中改好这一格，保存后重新上传。"),
    "too_long": Kind(ERROR, "内容过长", "最多 {0} 个字。", "请缩短这一格的内容。"),
    "missing_phone": Kind(WARNING, "缺电话", "没有联系电话。", "可以导入，请在导入后补登。"),
    "doubtful_phone": Kind(WARNING, "电话待核", "不像电话号码。", "可以导入，请在导入后核对。"),
    "hidden_sheet": Kind(WARNING, "隐藏的工作表", "隐藏的工作表没有导入。", "如需导入，请在 Excel 中取消隐藏。"),
    "sheet_left_out": Kind(WARNING, "未导入的工作表", "这张工作表不像{0}，没有导入。", "如需导入，请检查表头。"),
}  # fmt: skip


def add_kinds(kinds: Mapping[str, Kind]) -> None:
    """What else can be wrong with one sort of file. A name stands for one sentence only."""
    for name, kind in kinds.items():
        if KINDS.setdefault(name, kind) != kind:
            raise ValueError(f"the kind {name!r} of problem is declared twice")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where. ``value`` holds no personal value in the clear."""

    kind: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    reason: str = ""
    remedy: str = ""
    part: str = ""  # of the file, by which problems are counted

    @property
    def severity(self) -> str:
        return KINDS[self.kind].severity

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        return {"severity": self.severity, **told}


def problem(kind: str, *words: Any, **place: Any) -> Problem:
    """A problem of a known kind; ``words`` fill its sentences."""
    known = KINDS[kind]
    filled = {"reason": known.reason.format(*words), "remedy": known.remedy.format(*words)}
    place["value"] = " ".join(str(place.get("value", "")).split())[:60]
    return Problem(kind, **{**place, **filled})
