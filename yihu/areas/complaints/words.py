"""The words of a complaint: where it came from, how grave it is, what it is about, what caused it."""

from django.db.models import TextChoices


class Source(TextChoices):
    DIRECT = "direct", "本人"
    LETTER = "letter", "信函"
    MEDIA = "media", "媒体"
    AUTHORITY = "authority", "主管部门"
    THIRD = "third", "其他转来"


class Level(TextChoices):
    MAJOR = "major", "重大"
    IMPORTANT = "important", "重要"
    MINOR = "minor", "轻微"


class Validity(TextChoices):
    PENDING = "pending", "待判"
    VALID = "valid", "有效"
    INVALID = "invalid", "无效"


class Category(TextChoices):
    """What it is about, as F20 has it."""

    ATTITUDE = "attitude", "服务态度"
    REPAIR = "repair", "维修"
    HYGIENE = "hygiene", "环境"
    ORDER = "order", "秩序"
    CHARGES = "charges", "收费"
    FACILITIES = "facilities", "设施"
    FITTING_OUT = "fitting_out", "装修扰民"
    NEIGHBOURS = "neighbours", "邻里"
    MUNICIPAL = "municipal", "市政"
    DEVELOPER = "developer", "开发遗留"
    OTHER = "other", "其它"


class Cause(TextChoices):
    """Why it came about, as the month's figures count it."""

    ATTITUDE = "attitude", "态度"
    SKILL = "skill", "技能"
    PROCEDURE = "procedure", "流程"
    EQUIPMENT = "equipment", "设备"
    STAFFING = "staffing", "人手"
    SUPPLIER = "supplier", "供方"
    TALKING = "talking", "沟通"
    OTHER = "other", "其它"


class Receipt(TextChoices):
    """How the complainant got his written record (CMP-14)."""

    HAND = "hand", "当面交给"
    DOOR = "door", "送到家或投信箱"
    POST = "post", "邮寄"
    MESSAGE = "message", "发消息"
    PHONE = "phone", "电话告知编号"
    DECLINED = "declined", "本人不要"


class Apology(TextChoices):
    """How the supervisor apologised for a colleague (CMP-07)."""

    VISIT = "visit", "上门"
    HERE = "here", "请到服务中心当面"
    PHONE = "phone", "电话"
    LETTER = "letter", "书面"


class Opinion(TextChoices):
    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"
    REFUSED = "refused", "拒签"


# which department a complaint is usually for; the desk may say another
USUAL_DEPARTMENT = {
    Category.ATTITUDE: "cs_dept",
    Category.REPAIR: "engineering",
    Category.HYGIENE: "cleaning",
    Category.ORDER: "security",
    Category.CHARGES: "finance",
    Category.FACILITIES: "engineering",
    Category.FITTING_OUT: "cs_dept",
    Category.NEIGHBOURS: "cs_dept",
    Category.MUNICIPAL: "cs_dept",
    Category.DEVELOPER: "engineering",
}
