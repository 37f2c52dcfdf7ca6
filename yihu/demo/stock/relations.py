"""What customers praise and suggest, what is written in forums and put into the box, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Praised:
    """One praise: what is said, who (or which department) is meant, what the supervisor found."""

    says: str
    who: str = ""
    team: str = ""
    found: str = "与当班记录相符，属实"
    only: str = ""


@dataclass(frozen=True)
class Suggested:
    """One suggestion: what the project manager decides and why, who carries it out within how many days, with what result."""

    says: str
    decision: str
    reason: str
    answer: str
    team: str = ""
    days: int = 0
    result: str = ""
    public: str = ""
    only: str = ""


PRAISES = (
    Praised("昨晚停电，陈师傅十分钟就到了，修好还帮忙扫了地，谢谢", who="chen", found="派工单和签字时间相符，属实", only="YQ"),
    Praised("管家小田帮老人提菜送到家门口，点赞", who="tian", found="看过门厅录像，属实", only="YQ"),
    Praised("门岗小伙子捡到我的钱包，一直等到我回来", team="security", found="与交接簿相符，属实"),
    Praised("大堂换了新绿植，看着舒服，辛苦了", team="cleaning", found="绿化班上周更换，属实"),
    Praised("何师傅修空调很细心，讲解得也明白", who="he", found="与维修单相符，属实"),
    Praised("保洁阿姨天天把电梯擦得锃亮，谢谢她", team="cleaning", found="与保洁巡检表相符，属实"),
    Praised("前台小王耐心帮我查了半小时的旧收据，服务好", who="wang", found="问过当事人，接待记录相符，属实"),
    Praised("暴雨那天物业提前堵好车库挡板，车没进水", team="engineering", found="与汛期值班记录相符，属实", only="YQ"),
    Praised("搬迁那天秩序员一直在引导，省了我们很多事", team="security", found="与现场照片相符，属实", only="QH"),
)  # fmt: skip
# who was praised could not be found out
NOT_FOUND = Praised("上个月有位师傅帮我推了车，不知道姓什么", found="问过各班组和录像，找不到是哪一位")

THANKS = ("电话致谢，告知已在晨会通报", "当面致谢，请客户继续监督", "微信致谢，并告知已记入嘉奖")
POSTED = ("大堂公告栏", "员工通道光荣榜")

SUGGESTIONS = (
    Suggested("建议东门外加一个非机动车坡道，推车方便", "adopted", "现场看过，坡度够，费用不高", "采纳，本月内做好坡道", "engineering", 12,
              "坡道已浇筑并贴防滑条", "东门外将增设非机动车坡道，施工期间请从西门推行。", "YQ"),
    Suggested("希望快递柜再加一组，双十一排长队", "partly", "场地只够放半组", "先加半组，年后再看", "cs_dept", 14, "半组快递柜已通电启用",
              "快递柜本月增设半组。"),
    Suggested("建议大堂放两把雨伞借用", "adopted", "花费小，下雨天确实有人问", "采纳，前台登记就能借", "cs_dept", 4, "买了十把伞，已编号放在前台",
              "大堂备有雨伞，到前台登记即可借用。"),
    Suggested("建议在中心花园加两张带靠背的椅子", "adopted", "列入绿化提升，预算已批", "采纳，两周内安装", "cleaning", 13, "两张靠背椅已安装", only="YQ"),
    Suggested("建议晚上十点后广场舞音量调小", "adopted", "噪声确有影响", "已与领队约定九点半结束", "cs_dept", 5, "与领队签了公约，张贴在广场",
              only="YQ"),
    Suggested("建议车库加设充电桩", "declined", "变压器余量不够，须等供电增容", "暂时不能加，增容批下来再公布", public="车库充电桩须待供电增容，有进展再公布。"),
    Suggested("希望业主群每周发一次停水停电汇总", "adopted", "一条消息的事", "采纳，每周五推送", "cs_dept", 6, "已推送第一期"),
    Suggested("建议食堂中午开放给周边租户", "partly", "座位有限，先试行", "十一点半以前开放，试行一个月", "admin_hr", 10, "试行通知已张贴", only="QH"),
    Suggested("建议楼下增加共享自行车停放区", "adopted", "与街道确认可以划线", "采纳，划线后公布位置", "security", 8, "北侧已划线立牌", only="QH"),
    Suggested("建议宠物便袋在每栋楼下都放一个", "adopted", "投诉多，值得做", "采纳，先放六处", "cleaning", 9, "六处投放箱已装好，每周补袋", only="YQ"),
    Suggested("建议电梯内加装扶手，方便老人", "partly", "要维保单位核荷载和规范", "先装两部老人多的梯", "engineering", 14, "两部梯的扶手已装好并验收",
              only="YQ"),
    Suggested("建议大堂播放音乐", "declined", "办公楼租户意见不一", "租户意见不一，暂不播放"),
)  # fmt: skip

# forum posts and slips: what is written, the answer, the words for all to read
POSTS = (
    ("车库入口的减速带松了，过车响得厉害", "谢谢提醒，工程部今天固定", ""),
    ("物业费能不能用电子发票", "可以，缴费时留邮箱，前台当天发送", "物业费可开电子发票，缴费时留下邮箱即可。"),
    ("小区的路灯几点关", "六点半自动关，冬季七点", ""),
    ("充电桩总有油车占位", "已加派巡查并喷涂地面标识", "充电车位请勿停放燃油车，秩序岗会劝离。"),
    ("楼下健身器材该上油了", "已安排本周保养", ""),
    ("能不能把快递架再分高低两层", "场地够，已请运营方改", ""),
)
NICKS = ("松下听风", "四季邻居", "小河弯弯", "早起的人", "东门老张")

# method, what was talked about, what is wanted, what is promised (with the days it may take)
VISITS = (
    ("visit", "上门了解入住情况，介绍报修和缴费渠道", "希望楼道多保洁一次", "", 0),
    ("visit", "回访上月漏水维修后的情况", "", "与工程部核实楼上防水，给出书面答复", 3),
    ("phone", "独居老人问候，身体情况稳定", "有时提不动水", "联系桶装水代送到家", 2),
    ("festival", "节日问候，听取对服务的意见", "停车引导再细一些", "", 0),
    ("visit", "介绍装修规定，留下管家电话", "", "", 0),
    ("meeting", "与企业行政座谈，听取空调和货梯意见", "希望加班空调提前一天申请就行", "与工程部商定加班空调的申请办法", 5),
)  # fmt: skip
PROMISE_KEPT = "已按约定办好，并告知本人"
