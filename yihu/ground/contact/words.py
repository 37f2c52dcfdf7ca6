"""The words of somebody's coming to us: over which way, and what he is to the household."""

from django.db.models import TextChoices


class Channel(TextChoices):
    PHONE = "phone", "来电"
    VISIT = "visit", "来访"
    CHAT = "chat", "短信/微信"
    MAIL = "mail", "电子信箱"
    LETTER = "letter", "信函"
    BOX = "box", "意见箱"
    FORUM = "forum", "论坛"
    PATROL = "patrol", "巡查中"
    PASSED_ON = "passed_on", "转办"


class Relation(TextChoices):
    OWNER = "owner", "业主"
    LESSEE = "lessee", "租户"
    FAMILY = "family", "家属"
    AGENT = "agent", "代理"
    VISITOR = "visitor", "访客"
    ANONYMOUS = "anonymous", "匿名"
