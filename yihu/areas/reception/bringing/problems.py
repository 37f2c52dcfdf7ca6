"""What can be wrong with a line of the desk's register."""

from __future__ import annotations

from typing import Final

from yihu.kernel.importing.problems import ERROR, WARNING, Kind, add_kinds, problem

KINDS: Final = {
    "bad_time": Kind(ERROR, "时间读不懂", "读不出时间。", "请写成 2026-10-21 09:17 这样的年月日和时分。"),
    "no_time": Kind(ERROR, "缺时间", "没有写什么时候。", "请补上日期和时间；不是接待的行请删去。"),
    "time_to_come": Kind(ERROR, "时间在将来", "时间在现在之后。", "请核对时间；还没有发生的请在当天登记。"),
    "no_content": Kind(ERROR, "缺内容", "没有写是什么事。", "请补上内容；不是接待的行请删去。"),
    "unknown_channel": Kind(ERROR, "来访方式不认识", "不认识这种来访方式。", "可写：电话、来访、微信、邮件、信函、意见箱、论坛、巡查、转办。"),
    "unknown_category": Kind(ERROR, "类别不认识", "不认识这种类别。", "可写：报修、投诉、服务、售后、表扬、建议、其它。"),
    "only_a_day": Kind(WARNING, "没有时分", "只写了日期，按当天零点导入。", "请核对。"),
    "missing_channel": Kind(WARNING, "缺来访方式", "没有写来访方式，按来电导入。", "请导入后更正。"),
    "missing_category": Kind(WARNING, "缺类别", "没有写类别，按其它导入。", "请导入后核对。"),
    "missing_caller": Kind(WARNING, "缺来访人", "没有写来访人。", "可以导入，请在导入后补登。"),
    "unknown_relation": Kind(WARNING, "身份不认识", "不认识这种身份，按房屋资料判断。", "可写：业主、租户、家属、代理、访客、匿名。"),
    "unknown_room": Kind(WARNING, "查无此房", "项目里没有这个房号，只记在内容里。", "请核对房号，导入后更正。"),
    "which_room": Kind(WARNING, "房号不止一处", "有几套房屋都可能是这个房号，只记在内容里。", "请写明楼栋和单元，导入后更正。"),
    "unfinished": Kind(WARNING, "原登记未办完", "登记表上写着还没有办完，按历史导入，不再催办。", "仍要跟进的，请另登记一条接待。"),
    "line_twice": Kind(WARNING, "两行相同", "与第 {0} 行完全相同，按两次接待导入。", "请核对是否重复登记。"),
}  # fmt: skip
add_kinds(KINDS)

__all__ = ["problem"]
