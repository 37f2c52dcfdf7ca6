"""The demo's price list of paid services: invented, and only here. In production nobody's prices are made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.areas.services import prices
from yihu.areas.services.models import PriceRow
from yihu.ground.staff.models import Account

# code, name, class, measure, labour in 分, material
PRICES = (
    ("LY-01", "礼仪接待、引导", "courtesy", "人次", 12_000, ""),
    ("HY-01", "会议室租用（20 人）", "meeting", "小时", 15_000, "茶水另计"),
    ("SW-01", "黑白打印复印", "business", "张", 50, "含纸张"),
    ("SW-02", "代收发快递", "business", "件", 200, ""),
    ("YP-01", "桶装水代送", "supplies", "桶", 300, "水费按实"),
    ("BJ-01", "日常保洁", "cleaning", "小时", 6_000, "含常用清洁剂"),
    ("BJ-02", "开荒保洁", "cleaning", "套", 48_000, "含清洁剂"),
    ("BJ-03", "擦玻璃", "cleaning", "平方米", 500, ""),
    ("WX-01", "更换灯具、开关、插座", "repair", "个", 2_500, "材料业主自备或按实"),
    ("WX-02", "安装窗帘杆、挂画", "repair", "处", 3_000, "材料业主自备或按实"),
    ("WX-03", "疏通室内下水道", "repair", "处", 8_000, "含工具"),
    ("BY-01", "搬运家具、纸箱", "moving", "人·小时", 7_000, ""),
    ("QT-01", "代浇花、代喂宠物", "other", "次", 2_000, "用品业主自备"),
)


def make_prices(communities: Iterable[Any], at: datetime) -> None:
    """李主管 drafts them, 高经理 approves them: each once, however often the demo is begun again."""
    people = {account.username: account for account in Account.objects.filter(username__in=("li", "gao"))}
    day = timezone.localdate(at)
    for community in communities:
        for code, name, kind, measure, price_fen, material_rule in PRICES:
            if PriceRow.objects.filter(community=community, code=code, decision=PriceRow.Decision.APPROVED).exists():
                continue
            row = PriceRow.objects.filter(community=community, code=code).first() or PriceRow(
                community=community, code=code, name=name, kind=kind, measure=measure, price_fen=price_fen,
                material_rule=material_rule, valid_from=day, why="首次公布",
            )  # fmt: skip
            if row.pk is None:
                prices.save_draft(row, by=people["li"], at=at)
            prices.approve(row, row.valid_from, by=people["gao"], at=at)
