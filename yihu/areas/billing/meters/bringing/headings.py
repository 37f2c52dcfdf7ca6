"""The columns of a reading sheet, as offices head them, and the words that readers write beside a figure."""

from __future__ import annotations

import re
from typing import Final

from yihu.kernel.importing.headings import Field, Words, left_out

WORDS: Final = Words(
    (
        Field("room", "房号", "房号 房间号 室号 房屋 单元房号 位置 户号 房间 地址"),
        Field("number", "表号", "表号 表编号 表计编号 电表号 水表号 仪表编号 表具编号"),
        Field("kind", "表类", "表类 表类型 类型 类别 表种 能源类型 仪表类型"),
        Field(
            "previous",
            "上次读数",
            "上次读数 上期读数 上月读数 起码 上月止码 上期止码 期初读数 上次止数 上月表底 上次表底",
        ),
        Field(
            "current",
            "本次读数",
            "本次读数 本期读数 本月读数 止码 本月止码 本期止码 期末读数 本次止数 本月表底 表底 读数",
        ),
        Field("multiplier", "倍率", "倍率 倍数 互感倍率 电流互感倍率"),
        Field("note", "备注", "备注 说明 情况 异常情况"),
        Field("on", "抄表日期", "抄表日期 日期 抄表时间 抄表日"),
        left_out("序号 用量 实用 本次用量 本月用量 单价 金额 业主 业主姓名 姓名 抄表人 抄表员 楼栋 楼号 单元"),
    )
)
KINDS: Final = {
    "水": "water", "冷水": "water", "自来水": "water", "电": "power", "气": "gas", "燃气": "gas", "煤气": "gas", "天然气": "gas",
    "热": "heat", "暖": "heat", "暖气": "heat", "热水": "hot_water", "冷": "cooling", "冷量": "cooling", "空调": "cooling",
}  # fmt: skip
ABSENT: Final = re.compile(r"无人|未抄|锁门|进不去|没人|抄不到|未见表|拒绝|联系不上")
WENT_ROUND: Final = re.compile(r"走.{0,2}圈|翻转|翻表|归零|过零")
SWAPPED: Final = re.compile(r"换表|更换|换新表|换了.{0,2}表")
CLOSING: Final = re.compile(r"(?:旧表|原表|拆下)[^0-9]{0,6}(?P<closing>[0-9]+(?:\.[0-9]+)?)")
OPENING: Final = re.compile(
    r"(?:新表)[^0-9]{0,6}(?:起[数码度]|底数|表底|初始)[^0-9]{0,3}(?P<opening>[0-9]+(?:\.[0-9]+)?)"
)
FRESH_NO: Final = re.compile(r"新表(?:表)?号[:\s]*(?P<number>[0-9A-Za-z\u4e00-\u9fff-]{2,40})")
DAY_IN_TITLE: Final = re.compile(
    r"(?:(?P<year>20\d\d)\s*[年.\-/]\s*)?(?P<month>1[0-2]|0?[1-9])\s*[月.\-/]\s*(?P<day>3[01]|[12]\d|0?[1-9])"
)
MONTH_IN_TITLE: Final = re.compile(r"(?:(?P<year>20\d\d)\s*[年.\-/]\s*)?(?P<month>1[0-2]|0?[1-9])\s*月")
