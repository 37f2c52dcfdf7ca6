"""返修：开发商保修范围内的工程遗留问题，一张《物业返修联系单》一件。"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from yihu.basics.identity import mask_free_text
from yihu.ground.estate.models import Building
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.unspoken import UnspokenField


class Slip(Record):
    """物业返修联系单 (F05): a defect that the developer left behind, from the desk to the owner's signature."""

    class State(models.TextChoices):
        OPENED = "opened", "待签收"
        RECEIVED = "received", "已签收"
        PLANNED = "planned", "已定方案"
        WORKING = "working", "施工中"
        RECHECK = "recheck", "完工待复检"
        TO_ACCEPT = "to_accept", "待业主确认"
        CALL_BACK = "call_back", "待回访"
        CLOSED = "closed", "关闭"
        TRIED = "tried", "已尝试"
        DISPUTE = "dispute", "责任争议"
        NOT_COVERED = "not_covered", "不属保修"

    AT_DEVELOPER = (State.RECEIVED, State.PLANNED, State.WORKING)

    class Item(models.TextChoices):
        WATERPROOFING = "waterproofing", "防水"
        HEATING = "heating", "供热供冷"
        FITTINGS = "fittings", "电气、给排水、设备、装修"
        STRUCTURE = "structure", "主体结构"
        OTHER = "other", "其它"

    class Within(models.TextChoices):
        IN = "in", "保修期内"
        OUT = "out", "已过保修期"
        UNKNOWN = "unknown", "无法计算"

    class Way(models.TextChoices):
        PHONE = "phone", "电话"
        VISIT = "visit", "当面"
        CHAT = "chat", "短信/微信"
        MAIL = "mail", "邮件"
        LETTER = "letter", "书面"

    item = models.CharField("项目类别", max_length=14, choices=Item.choices)
    defect = models.TextField("返修内容", max_length=2000)
    # a part of the site that is nobody's own: of one building, or of none (a gate, the ring road)
    building = models.ForeignKey(
        "estate.Building", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="楼栋"
    )
    common_area = models.CharField("公共部位", max_length=60, blank=True)
    accepted_on = models.DateField("部位竣工验收日期", null=True, blank=True)
    location = models.CharField("具体位置", max_length=60, blank=True)
    reporter = UnspokenField("报修人", max_length=40, blank=True)
    phone = PersonalField("联系电话", kind="phone", blank=True)
    agreed_until = models.DateField("约定保修期至", null=True, blank=True)
    # as it was reckoned on the day of the report; what is corrected on the building later does not change a slip
    warranty_from = models.DateField("竣工验收日期", null=True, editable=False)
    warranty_until = models.DateField("保修期至", null=True, editable=False)
    within = models.CharField("是否在保", max_length=8, choices=Within.choices, editable=False)
    out_reason = models.CharField("过保仍开单的原因", max_length=200, blank=True)

    hand_by = models.DateTimeField("应交开发商时间", editable=False)
    handed_at = models.DateTimeField("交开发商时间", null=True, editable=False)
    receiver = UnspokenField("开发商签收人", max_length=40, blank=True)
    receiver_signature = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="签收签名"
    )
    receive_refused = models.CharField("拒签收原因", max_length=200, blank=True)
    promised_at = models.DateTimeField("约定完成日期", null=True, editable=False)

    contractor = models.CharField("施工单位", max_length=60, blank=True)
    plan = models.TextField("维修方案", max_length=1000, blank=True)
    work_done = models.TextField("施工内容", max_length=1000, blank=True)
    finished_on = models.DateField("完工日期", null=True, blank=True)
    checked = models.TextField("复检意见", max_length=400, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="复检人"
    )
    failed_checks = models.PositiveSmallIntegerField("复检不合格次数", default=0, editable=False)
    owner_signature = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="业主签名"
    )
    accepted_at = models.DateTimeField("业主确认时间", null=True, editable=False)
    accept_refused = models.CharField("业主未签或不认可的原因", max_length=200, blank=True)

    refused_reason = models.CharField("开发商拒保理由", max_length=400, blank=True)
    next_told_at = models.DateTimeField("下次告知业主时间", null=True, blank=True)

    chases = models.PositiveSmallIntegerField("催办次数", default=0, editable=False)
    letters = models.PositiveSmallIntegerField("催办函次数", default=0, editable=False)
    letter_to = models.CharField("催办函致", max_length=60, blank=True)
    letter_at = models.DateTimeField("发函时间", null=True, editable=False)
    letter_by = models.DateField("要求答复日期", null=True, blank=True)
    letter_words = models.TextField("函中要求", max_length=400, blank=True)
    round_no = models.PositiveSmallIntegerField("第几次返修", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "物业返修联系单"
        indexes = [models.Index(fields=["item"], name="slip_item")]

    @property
    def common_place(self) -> str:
        """A part of the site that is nobody's own: A1栋 屋面."""
        return " ".join(part for part in (str(self.building or ""), self.common_area) if part)

    @property
    def place(self) -> str:
        """Where the defect is, as the developer reads it."""
        return str(self.unit) if self.unit_id else self.common_place

    @property
    def developer(self) -> str:
        """Who built it; of what belongs to no building, whoever built the site, if that was one."""
        building = self.unit.building if self.unit_id else self.building
        if building is not None:
            return str(building.developer)
        named = Building.objects.filter(community_id=self.community_id).exclude(developer="")
        found = set(named.values_list("developer", flat=True))
        return found.pop() if len(found) == 1 else ""

    @property
    def pledge(self) -> str:
        """Whether the developer has named a day; until then he is silent."""
        return "promised" if self.promised_at else "silent"

    def summarise(self) -> str:
        again = f"（第 {self.round_no} 次返修）" if self.round_no > 1 else ""
        parts = (self.common_place, self.location)
        where = "".join(f"{part} " for part in parts if part)
        return f"{self.get_item_display()}{again}：{where}{mask_free_text(self.defect)}"

    def search_words(self) -> str:
        cluster = self.unit.cluster if self.unit else ""
        return f"{self.unit or self.common_place} {cluster or ''} {self.reporter} {self.contractor} {mask_free_text(self.defect)}"

    def facts(self) -> dict[str, Any]:
        return {
            **super().facts(),
            "content": self.defect,
            "caller_name": self.reporter,
            "phone": self.phone,
            "category": "after_sales",
        }
