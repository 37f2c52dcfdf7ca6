"""Amounts that a company may set: from when a waiver needs the project manager, up to when a refund may be paid in cash."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from yihu.kernel.settings_pages.numbers import Number, declare
from yihu.kernel.settings_pages.times import Times
from yihu.kernel.settings_pages.times import declare as declare_times

_WAIVE: Final = declare(
    Number(
        "applying.waive_limit", "减免限额", "超过这个数的减免，除财务主管外还要项目经理同意", 500, "元", 0, 1_000_000
    )
)
_CASH: Final = declare(
    Number("applying.cash_limit", "现金退款限额", "退款超过这个数只能转账，不付现金", 500, "元", 0, 100_000)
)
TILL: Final = declare_times(
    Times("applying.till", "日结交款的时刻", "当天收过款的人，每天几点开出日结单提醒交款", ("17:00",), "不提醒")
)


_KEEP: Final = declare(
    Number("applying.keep_years", "收费档案保管年限", "月结后的收费台账、收据清单至少保管几年", 30, "年", 10, 100)
)


def keep_years(community_id: int, at: datetime) -> int:
    return _KEEP.at(community_id, at)


def waive_limit(community_id: int, at: datetime) -> int:
    """In 分."""
    return _WAIVE.at(community_id, at) * 100


def cash_limit(community_id: int, at: datetime) -> int:
    """In 分."""
    return _CASH.at(community_id, at) * 100
