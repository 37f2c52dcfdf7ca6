"""What is left at the desk for colleagues, what is borrowed, what is asked for in passing."""

from __future__ import annotations

# who is asked for, what is left for him
NOTES = (
    ("gao", "消防维保公司约下周一上午检测，请回电定时间"),
    ("xiang", "居委会通知周四下午开安全例会，请准时参加"),
    ("gong", "电梯维保送来配件两箱，放在前台，请来签收"),
    ("qian", "上月对账单有一笔对不上，请回电核对"),
    ("wen", "业主来问产权证复印件何时能取，请回电"),
    ("gong", "供热站提醒明早八点半试压，请派人到换热站"),
    ("gao", "花卉公司问元旦摆花的数量，请回个话"),
    ("li", "昨天投诉噪声的业主想再约一次面谈"),
)

BORROWERS = ("林", "何", "丁", "陆", "白", "秦")
DEPOSITS = ("", "", "押金 50 元", "押身份证")
DAMAGED = ("伞骨断了一根", "轮子掉了一个")
SETTLED = ("按进价赔 20 元，已开收据", "主管同意免赔，已送修")

# register, type, what is asked, which department, how it went, within how many hours
NEEDS = (
    ("commissioned", "errand", "外出一周，请帮忙代收快递", "cs_dept", "已代收三件并送到家", (20, 90)),
    ("commissioned", "cleaning", "请联系做一次地毯清洗", "cleaning", "已联系保洁公司，周末上门", (10, 40)),
    ("commissioned", "moving", "周六上午搬家，请预留货梯", "security", "货梯已预留，秩序员现场引导", (18, 60)),
    ("commissioned", "business", "请帮忙打印并装订一份材料", "cs_dept", "已装订好，本人取走", (1, 5)),
    ("public", "cleaning", "大堂地垫卷边，容易绊脚", "cleaning", "已更换地垫并压边", (2, 20)),
    ("public", "repair", "非机动车棚灯箱不亮", "engineering", "已更换灯条", (3, 26)),
    ("public", "other", "公告栏玻璃松动", "engineering", "已加固并打胶", (2, 22)),
    ("other", "parking", "朋友周末来住两天，请帮忙登记车位", "security", "已登记访客车位两天", (2, 10)),
    ("other", "meeting", "想借活动室开一次邻里读书会", "cs_dept", "已排在周五晚上，钥匙由管家开", (5, 30)),
    ("other", "enquiry", "请帮忙问一下社区老年大学报名时间", "cs_dept", "已问到，电话告知", (2, 9)),
)  # fmt: skip
PLACES = ("2 号楼大堂", "地下车库东侧", "北门岗亭旁", "中心花园")
RETURNS = ("没有写清在哪一处，请补上", "客户姓名不全，请补全", "完成时间太紧，请与客户另约")
