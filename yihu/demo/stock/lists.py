"""The first lists of the demo's two sites, invented: what is checked, counted, lent and told at the desk, and who helps."""

from __future__ import annotations

CHECKS = (
    "台面只放正在用的资料", "票据、单据归夹", "对讲机在位、电量足", "公示栏内容没有过期", "借出的雨伞工具已收回登记", "地面、台面清洁",
)  # fmt: skip

# name, kind, how many, where
THINGS = (
    ("电脑", "equipment", 2, "前台"),
    ("打印机", "equipment", 1, "前台"),
    ("对讲机", "equipment", 3, "充电架"),
    ("手电筒", "equipment", 2, "左抽屉"),
    ("装修须知", "document", 20, "资料架"),
    ("应急预案", "document", 1, "资料架"),
)

# code, name, remark
LENT = (
    ("伞-01", "雨伞", ""),
    ("伞-02", "雨伞", ""),
    ("伞-03", "雨伞", ""),
    ("车-01", "平板手推车", "限重 150 公斤"),
    ("车-02", "平板手推车", "限重 150 公斤"),
    ("梯-01", "人字梯", "两米，须两人使用"),
    ("箱-01", "工具箱", "借出前清点 12 件"),
    ("轮-01", "轮椅", ""),
    ("轮-02", "轮椅", ""),
)

# who built it and pays for what nobody has taken over
DEVELOPERS = {"YQ": "云栖置业有限公司", "QH": "青禾置业有限公司"}
DESK = "客服台"

# group, name, number or fee, hours, remark, where it comes from, on the card
NUMBERS = (
    ("ours", DESK, "前台分机 8000", "8:30–22:00", "", "公司公布", True),
    ("ours", "夜间值班", "前台分机 8009", "22:00–8:30", "秩序岗接听", "公司公布", True),
    ("emergency", "电梯困人", "轿厢内按铃，或前台分机 8000", "全天", "不要扒门", "维保合同", True),
    ("emergency", "燃气泄漏", "先到室外，再打 119", "全天", "不开关电器", "应急预案", True),
    ("utility", "供电抢修", "95598", "全天", "", "供电公司公布", True),
    ("utility", "市民热线", "12345", "全天", "停水、路灯、噪声都可以问", "政府公布", False),
    ("nearby", "快递柜客服", "柜面扫码", "全天", "", "运营方公布", False),
    ("fees", "门禁卡补办", "15 元/张", "", "本人带证件", "公示价目", False),
    ("fees", "临时停车", "首小时免费，之后 3 元/小时，每天最多 24 元", "", "", "停车收费备案", True),
)  # fmt: skip

# kind, name, where, hours
CHANNELS = {
    "YQ": (
        ("forum", "云栖业主论坛", "本地生活网“云栖苑”版", "09:00 13:00 18:00"),
        ("box", "中心花园意见箱", "中心花园东侧", "09:00"),
    ),
    "QH": (("box", "大堂意见箱", "A 座大堂右侧", "09:00"),),
}

# name, trades, contact
FIRMS = (
    ("宏远防水", ("masonry", "water"), "周工"),
    ("安捷电梯维保", ("other",), "吕班长"),
    ("新安门窗", ("doors",), "何经理"),
)

# what each worker does; the head sends nobody to what he does not do
SKILLS = {
    "chen": ("water", "power", "carpentry", "masonry", "doors", "other"),
    "he": ("water", "power", "doors", "air", "low_voltage", "other"),
}
NOT_HIS = {"air": "he", "low_voltage": "he", "masonry": "chen", "carpentry": "chen"}

# name, place, how its hooks begin, how many
KEY_CABINETS = (("一号钥匙柜", "前台里间", "A-", 24),)
PLANT_KEYS = (("S001", "生活水泵房"), ("S002", "地下配电室"), ("S003", "屋面检修门"), ("S004", "消防控制室备用"))
