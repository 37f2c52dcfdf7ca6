"""The desk's old register for the tests, as messy as a desk writes it: invented people, missing cells, several spellings."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

HEAD = ("时间", "方式", "房号", "姓名", "电话", "内容", "类别")
LINES = (
    ("2026-10-01 09:17", "电话", "A1-1-0101", "赵业主", "138-0013-8112", "入户门锁打不开", "报修"),
    ("2026/10/1 11:08", "微信", "A1-1-0101", "钱途", "", "想请人通一下抽油烟机", "服务"),
    ("2026年10月2日 21时55分", "来访", "Z9-9-9999", "不愿透露", "13900139223", "垃圾两天没清了,味道很大", "投诉"),
    ("2026-10-03 08:30", "巡查", "", "孙巡", "", "楼道灯不亮", ""),
    ("2026-10-03 08:31", "邮件", "", "", "", "大堂很干净，谢谢", "表扬"),
)


def register(*lines: Sequence[str], head: Sequence[str] = HEAD, encoding: str = "utf-8") -> bytes:
    kept = io.StringIO()
    csv.writer(kept).writerows([head, *(lines or LINES)])
    return kept.getvalue().encode(encoding)


def long_register(lines: int) -> bytes:
    """Many lines, one a minute from the first of October on."""
    told = (
        (f"2025-{10 + at // 43_200:02d}-{1 + at % 43_200 // 1440:02d} {at % 1440 // 60:02d}:{at % 60:02d}", "电话", "A1-1-0101",
         f"赵{at % 97}", f"138{at:08d}", f"第{at}件事：水龙头漏水", "报修")
        for at in range(lines)
    )  # fmt: skip
    return register(*told)
