"""Sheets that only the tests print: a form in three copies, a long register across, a small slip."""

from yihu.kernel.prints import Print

WORK = {
    "community": "云栖苑物业服务中心",
    "number": "YQ-WO-202611-0007",
    "unit": "A1-1-0101",
    "reporter": "赵业主",
    "phone": "138****8112",
    "location": "厨房水槽下方",
    "symptom": "水槽下方软管接头渗水，地柜底板已经泡胀。\n业主昨晚十点左右发现，已自行关闭角阀。",
    "level": "急修",
    "trade": "水",
    "chargeable": "有偿",
    "worker": "陈维修",
    "assigned_at": "2026-11-21 09:12",
    "appointment": "11-21 14:00 至 11-21 16:00",
    "cause": "软管老化开裂",
    "work_done": "更换不锈钢编织软管一根，试水三十分钟无渗漏。",
    "lines": [
        {"item": "不锈钢编织软管 40cm", "quantity": 1, "price": "18.00", "amount": "18.00"},
        {"item": "生料带", "quantity": 1, "price": "2.50", "amount": "2.50"},
    ],
    "labour": "30.00",
    "total": "50.50",
    "total_words": "伍拾元伍角整",
    "opinion": "满意",
    "signature": b"",
}
LINE = (
    "11-21 09:12",
    "来电",
    "A1-1-0101",
    "赵业主",
    "138****8112",
    "报修",
    "软管接头渗水，请尽快派人上门。",
    "已更换。",
    "王客服",
)


def work(record, by):
    return WORK


def register(record, by):
    lines = [(f"YQ-JD-202611-{n:04d}", *LINE) for n in range(1, 61)]
    return {"community": "云栖苑物业服务中心", "month": "2026年11月", "lines": lines}


def slip(record, by):
    return {**WORK, "title": "来访回执"}


FORM = Print("work", "维修派工单", data=work, copies=("存根联", "派工联", "客户联"))
REGISTER = Print("register", "业主接待记录表", data=register, paper="a4-landscape")
SLIP = Print("slip", "回执", data=slip, paper="a5-landscape")
