"""What can be wrong with a line of a reading sheet. What is only doubtful is asked; it never stops the other lines."""

from __future__ import annotations

from typing import Final

from yihu.kernel.importing.problems import ERROR, WARNING, Kind, add_kinds, problem

ASK: Final = "导入后在“存疑的读数”里选一种办理。"
KINDS: Final = {
    "reading_no_room": Kind(ERROR, "缺房号", "没有写房号。", "请补上房号；不是读数的行请删去。"),
    "reading_kind": Kind(ERROR, "表类不认识", "不认识这种表。", "可写：水、电、气、热、热水、空调。"),
    "reading_no_kind": Kind(ERROR, "缺表类", "没有写是什么表。", "请补上：水、电、气、热。"),
    "reading_day": Kind(ERROR, "日期读不懂", "读不出抄表日期。", "请写成 2026-10-20 这样的年月日。"),
    "reading_no_day": Kind(ERROR, "缺抄表日期", "表名、标题和列里都没有抄表日期。", "请把工作表改名为“2026年10月20日抄表”，或加一列抄表日期。"),
    "reading_to_come": Kind(ERROR, "日期在将来", "抄表日期在今天之后。", "请核对日期。"),
    "reading_times": Kind(ERROR, "倍率读不懂", "倍率应是大于零的数。", "没有互感器的写 1。"),
    "reading_figure": Kind(WARNING, "读数读不懂", "读不出这个数。", ASK),
    "reading_unit": Kind(WARNING, "没有这个房号", "房屋资料里没有这个房号，这一行没有导入。", "请先登记房屋或改正房号，再导入同一个文件。"),
    "reading_units": Kind(WARNING, "房号有几处", "这个房号有几处都能对上，这一行没有导入。", "请写全楼栋、单元和房号，再导入同一个文件。"),
    "reading_twice": Kind(WARNING, "重复的行", "与第 {0} 行是同一块表，只看第一行。", "请核对。"),
    "reading_absent": Kind(WARNING, "没有抄到", "没有本次读数{0}。", ASK + "可补抄或估抄。"),
    "reading_less": Kind(WARNING, "读数变小", "本次 {1} 小于上次 {0}，没有说明原因。", ASK + "可重抄、估抄，或更正上次。"),
    "reading_parts": Kind(WARNING, "换表写不全", "备注说换了表，但没有写清旧表止数。", ASK),
    "reading_apart": Kind(WARNING, "上次对不上", "表中上次读数 {0}，系统里是 {1}。", ASK),
    "reading_times_apart": Kind(WARNING, "倍率对不上", "表中倍率 {0}，系统里是 {1}。", ASK),
    "reading_other_meter": Kind(WARNING, "表号对不上", "这户登记的{0}表是 {1}。", "换过表的请先登记换表；写错的请改正后再导入。"),
    "reading_read_already": Kind(WARNING, "本月已经抄过", "本月已有读数 {0}，与表中不同，没有改动。", "抄错了的，请在那块表的页面上更正。"),
    "reading_locked": Kind(WARNING, "已交财务", "{0}的读数已经交给财务，没有导入。", "请财务退回补抄后再导入。"),
    "reading_waits": Kind(WARNING, "上次还在等复核", "{0} 的读数 {1} 还在等人复核，这一行没有导入。", "请先复核，再导入同一个文件。"),
    "reading_taken": Kind(WARNING, "新表表号占用", "新表表号 {0} 已经装在别处。", ASK),
    "reading_refused": Kind(WARNING, "不能照记", "{0}", ASK),
    "reading_went_round": Kind(WARNING, "走过一圈", "按走过一圈算：用量 {0}。", "没有照片，导入后要另一人复核。"),
    "reading_not_round": Kind(WARNING, "没有走圈", "备注写走过一圈，但本次不小于上次，按没有走圈算：用量 {0}。", "导入后要另一人复核。"),
    "reading_swapped": Kind(WARNING, "换表", "按换表算：旧表 {0} + 新表 {1}。{2}", "新表表号没有写的，请在那块表的页面上补登。"),
}  # fmt: skip
add_kinds(KINDS)

__all__ = ["problem"]
