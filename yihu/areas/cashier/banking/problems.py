"""What can be wrong with a line of a bank statement."""

from __future__ import annotations

from typing import Final

from yihu.kernel.importing.problems import ERROR, WARNING, Kind, add_kinds, problem

KINDS: Final = {
    "bank_day": Kind(ERROR, "日期读不懂", "读不出交易日期。", "请写成 2026-11-01 这样的年月日。"),
    "bank_no_day": Kind(ERROR, "缺日期", "没有写交易日期。", "请补上日期；不是流水的行请删去。"),
    "bank_to_come": Kind(ERROR, "日期在将来", "交易日期在今天之后。", "请核对日期。"),
    "bank_amount": Kind(ERROR, "金额读不懂", "读不出金额。", "请写成 1,234.50 这样的数字，最多两位小数。"),
    "bank_no_amount": Kind(ERROR, "缺金额", "没有写收入或支出金额。", "请补上金额；不是流水的行请删去。"),
    "bank_two_amounts": Kind(ERROR, "收支都有", "同一行既有收入又有支出。", "请核对，一行只写一个。"),
    "bank_way": Kind(ERROR, "收支不认识", "不认识这种借贷标志。", "可写：借、贷，或收、支。"),
    "bank_twice": Kind(WARNING, "重复的行", "与第 {0} 行是同一笔，只导入一次。", "请核对。"),
    "bank_gap": Kind(WARNING, "余额接不上", "余额应为 {0}，表中是 {1}，差 {2}。", "中间可能缺行，请向银行补打这几天的流水。"),
    "bank_put_in": Kind(ERROR, "夹进来的行", "这里的余额接不上：有一行是夹进来的，或者改过。", "请用银行给的原文件，不要改动。"),
    "bank_gap_before": Kind(WARNING, "与已导入的接不上", "这份流水之前的余额 {0}，在已导入的流水里找不到。", "中间可能缺了一段，请补导。"),
    "bank_again": Kind(WARNING, "已导入过", "{0} 的这一笔已经导入过，文字或列有改动，不再导入。", "请核对；以先导入的为准。"),
    "bank_fork": Kind(ERROR, "与已导入的矛盾", "余额 {0}：与已导入的流水从同一余额接出不同的两笔，其中一份改过。",
                      "请向银行补打这几天的完整流水；先导入的有错，先撤销那一份。"),
    "bank_no_balance": Kind(ERROR, "缺余额", "这个账户以前的流水都有余额，这份没有，会重复入账。", "请连同余额一列导出，再导入。"),
    "missing_payer": Kind(WARNING, "缺户名", "没有写对方户名。", "可以导入，请按摘要和金额认领。"),
}  # fmt: skip
add_kinds(KINDS)

__all__ = ["problem"]
