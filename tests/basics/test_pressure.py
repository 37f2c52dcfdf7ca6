"""No paper that asks for money threatens with what Civil Code 944 forbids, however it is written."""

from __future__ import annotations

import pytest

from yihu.basics.pressure import pressing_words, why_not

FORBIDDEN = (
    "停电", "停水", "停气", "停暖", "断电", "断水", "限电", "禁止出入", "不予放行", "停 电", "停　水", "断-电", "停\u200b电",
    "将停止供电", "暂停您的用水及停止供水", "切断电源", "拉闸", "停用门禁", "限制进出小区", "不让进", "停空调", "暂停供暖", "不予维修",
    "禁 止 出 入", "断*水", "停供", "断气", "限水", "停止供应天然气",
)  # fmt: skip
ALLOWED = (
    "请在十五日内缴清物业服务费 1,286.40 元",
    "逾期将依法申请支付令或提起诉讼",
    "代收水费、电费 2026 年 9 月",
    "暂停加时会议室预订服务",
    "您可以到服务中心停车后办理",
    "水电费合计 300 元",
    "",
)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_threat_is_found_with_blanks_marks_and_variants(text: str) -> None:
    assert pressing_words(f"如再不缴费，{text}。")
    assert "民法典第944条" in why_not(text)


@pytest.mark.parametrize("text", ALLOWED)
def test_an_honest_demand_passes(text: str) -> None:
    assert why_not(text) == ""
