"""The faults that are reported everywhere come with the program; a company changes them, adds its own, puts them out of use."""

from __future__ import annotations

from typing import Any

from django.db import connections

from yihu.areas.repairs.models import StandardFault, WorkOrder

T, L, C = WorkOrder.Trade, WorkOrder.Level, WorkOrder.Chargeable

# name, trade, level, minutes, charge, what to say and ask
FAULTS = (
    ("水龙头漏水", T.WATER, L.MINOR, 40, C.PAID, "先请业主关水龙头下面的角阀；问清厨房还是卫生间、冷水还是热水。"),
    ("水管爆裂", T.WATER, L.URGENT, 90, C.UNDECIDED, "马上请业主关入户总阀，切断低处插座的电；问楼下有没有渗水。"),
    ("马桶堵塞", T.WATER, L.MINOR, 40, C.PAID, "请业主先不要再冲水；问是一个马桶还是几处一起不下水。"),
    ("地漏返水", T.WATER, L.URGENT, 60, C.UNDECIDED, "请业主停止用水，收起地上的东西；问楼上是否正在用水，可能是主管道堵。"),
    ("下水道堵塞", T.WATER, L.MINOR, 60, C.PAID, "问是单个还是几个排水口都慢；近期有没有装修。"),
    ("天花板渗水", T.WATER, L.URGENT, 60, C.UNDECIDED, "记下楼上房号，请业主拍照；灯具附近渗水的，先关这一路电。"),
    ("水压不足", T.WATER, L.MINOR, 40, C.UNDECIDED, "问全屋还是一处、热水还是冷水；邻居是否也一样。"),
    ("水表漏水", T.WATER, L.URGENT, 40, C.FREE, "请业主先关表前阀；问表在户内还是管道井。"),
    ("跳闸", T.POWER, L.URGENT, 40, C.UNDECIDED, "提醒不要反复合闸；问跳的是哪一路，当时开着什么电器，有没有焦味。"),
    ("全屋停电", T.POWER, L.URGENT, 40, C.UNDECIDED, "先问邻居、楼道有没有电，电卡有没有余额；家里有病人设备的优先。"),
    ("插座没电", T.POWER, L.MINOR, 40, C.PAID, "问是一个还是一排；提醒先不要插大功率电器。"),
    ("灯不亮", T.POWER, L.MINOR, 30, C.PAID, "问是换灯泡还是整盏灯；灯具离地多高，要不要带梯子。"),
    ("楼道灯不亮", T.POWER, L.MINOR, 30, C.FREE, "问清楼栋、楼层、哪一盏；夜里全黑的请秩序员先放照明。"),
    ("插座冒火花", T.POWER, L.URGENT, 40, C.UNDECIDED, "请业主马上断开总闸，不要碰插座，人离开；有明火先打 119。"),
    ("门锁打不开", T.DOORS, L.URGENT, 40, C.PAID, "核对报修人是不是这一户的人；屋里有老人小孩或在烧东西的，要说明。"),
    ("窗户关不上", T.DOORS, L.MINOR, 40, C.PAID, "大风大雨天按急修派；提醒业主先不要用力推，当心坠落。"),
    ("单元门坏", T.DOORS, L.MINOR, 60, C.FREE, "问是打不开、关不上还是刷卡没反应；关不上的请秩序员先看着。"),
    ("柜门松脱", T.CARPENTRY, L.MINOR, 40, C.PAID, "问是铰链、滑轨还是门板；请业主先取下来放好。"),
    ("地板起拱", T.CARPENTRY, L.MAJOR, 180, C.UNDECIDED, "问有没有漏过水；新交付的房子先查保修期。"),
    ("墙面开裂", T.MASONRY, L.MAJOR, 180, C.UNDECIDED, "请业主拍照，记下部位和长度；新交付的房子先查保修期。"),
    ("瓷砖脱落", T.MASONRY, L.MINOR, 120, C.UNDECIDED, "外墙脱落的按急修，先请秩序员围挡；室内的问几块、有没有旧砖。"),
    ("空调不制冷", T.AIR, L.MINOR, 60, C.PAID, "问是中央空调还是自装分体；自装的请联系厂家售后。"),
    ("空调漏水", T.AIR, L.MINOR, 60, C.PAID, "请业主先关机、用盆接水；问是室内机还是外机。"),
    ("可视对讲没声音", T.LOW_VOLTAGE, L.MINOR, 40, C.FREE, "问室内机还是门口机；邻居是否也一样。"),
    ("网络不通", T.LOW_VOLTAGE, L.MINOR, 40, C.UNDECIDED, "问运营商和弱电箱指示灯；运营商的线路请业主报运营商。"),
    ("道闸不抬杆", T.LOW_VOLTAGE, L.URGENT, 40, C.FREE, "通知岗亭先人工放行；记下是进口还是出口。"),
    ("电梯困人", T.OTHER, L.URGENT, 30, C.FREE, "马上通知维保单位和值班工程师；问清楼栋、电梯、几个人、有没有老人孕妇，请他们不要扒门，保持通话安抚。"),
    ("电梯异响", T.OTHER, L.URGENT, 60, C.FREE, "问哪一部、在几层、有没有抖动；先停用，再报维保单位。"),
    ("燃气味", T.OTHER, L.URGENT, 30, C.UNDECIDED, "请业主不开关任何电器、关表前阀、开窗、人到室外；同时报燃气公司抢修。"),
    ("井盖缺损", T.OTHER, L.URGENT, 60, C.FREE, "先请秩序员围挡看守；记下具体位置。"),
)  # fmt: skip


def enter_standard_faults(using: str = "default", **_: Any) -> None:
    """Runs after each migrate; a list that somebody has begun is left as it is."""
    if StandardFault._meta.db_table not in connections[using].introspection.table_names():
        return
    if StandardFault.objects.exists():
        return
    for name, trade, level, minutes, charge, guidance in FAULTS:
        StandardFault(name=name, trade=trade, level=level, minutes=minutes, chargeable=charge, guidance=guidance).save()
