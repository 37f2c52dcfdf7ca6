"""The columns of a bank statement, as banks head them."""

from __future__ import annotations

from typing import Final

from yihu.kernel.importing.headings import Field, Words, left_out

WORDS: Final = Words(
    (
        Field("on", "交易日期", "交易日期 日期 记账日期 入账日期 交易时间 记账时间 入账时间 发生日期 交易日"),
        Field(
            "payer_name",
            "对方户名",
            "对方户名 对方名称 户名 付款人 付款人名称 付款方 付款方户名 对方单位 对方单位名称 交易对方 对手户名 对方账户名称",
        ),
        Field("summary", "摘要", "摘要 附言 用途 备注 交易摘要 摘要附言 转账附言 说明 交易说明"),
        Field("came", "收入金额", "收入金额 收入 贷方发生额 贷方金额 贷方 转入金额 存入金额 入账金额 贷方发生额收入"),
        Field("went", "支出金额", "支出金额 支出 借方发生额 借方金额 借方 转出金额 支取金额 借方发生额支出"),
        Field("amount", "金额", "金额 交易金额 发生额 发生金额"),
        Field("way", "借贷", "借贷 借贷标志 收支 收支标志 借贷方向 方向 收付标志"),
        Field("balance", "余额", "余额 账户余额 当前余额 交易后余额 账面余额"),
        left_out(
            "序号 流水号 交易流水号 凭证号 账号 对方账号 对方开户行 币种 网点 柜员 交易渠道 渠道 凭证种类 回单编号"
        ),
    )
)
OUT: Final = frozenset(["借", "支", "支出", "付", "转出", "D", "借方", "出"])
IN: Final = frozenset(["贷", "收", "收入", "转入", "C", "贷方", "入"])
