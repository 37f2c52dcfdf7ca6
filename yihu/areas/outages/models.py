"""停水停电停气停梯：一次停用，一张单，答复所有来电。"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.ground.estate.models import Unit
from yihu.kernel.models import Record


class Outage(Record):
    """停用登记 (REP-11): what is off, where, why, until when; whoever calls is answered from here."""

    class State(models.TextChoices):
        PLANNED = "planned", "预告"
        RUNNING = "running", "停用中"
        REMAINS = "remains", "遗留处理"
        CALLING = "calling", "待回访"
        CLOSED = "closed", "已结"
        CANCELLED = "cancelled", "取消"

    STANDING = (State.PLANNED, State.RUNNING)

    class Kind(models.TextChoices):
        WATER = "water", "停水"
        POWER = "power", "停电"
        GAS = "gas", "停气"
        LIFT = "lift", "停梯"
        NETWORK = "network", "断网"
        OTHER = "other", "其它停用"

    class Sort(models.TextChoices):
        SUDDEN = "sudden", "突发"
        PLANNED = "planned", "计划"

    class Side(models.TextChoices):
        OWN = "own", "小区自身"
        MUNICIPAL = "municipal", "市政"

    class Scope(models.TextChoices):
        ALL = "all", "全项目"
        CLUSTERS = "clusters", "组团"
        BUILDINGS = "buildings", "楼栋"
        UNITS = "units", "部分房屋"

    class Told(models.TextChoices):
        SMS = "sms", "短信"
        CHAT = "chat", "微信群"
        NOTICE = "notice", "张贴公告"
        BROADCAST = "broadcast", "广播"

    supply = models.CharField("停用", max_length=10, choices=Kind.choices)
    sort = models.CharField("性质", max_length=10, choices=Sort.choices, default=Sort.SUDDEN)
    side = models.CharField("原因属于", max_length=10, choices=Side.choices, default=Side.OWN)
    cause = models.CharField("原因", max_length=200)
    responsible = models.CharField("处理单位", max_length=60, blank=True)
    measures = models.TextField("措施", max_length=600, blank=True)
    begins_at = models.DateTimeField("开始时间")
    expected_at = models.DateTimeField("预计恢复时间")
    scope = models.CharField("停用范围", max_length=10, choices=Scope.choices, default=Scope.ALL)
    place_words = models.CharField("影响范围", max_length=200, editable=False)
    say = models.TextField("答复口径", max_length=600, blank=True)
    advice = models.TextField("给业主的提示", max_length=600, blank=True)

    notice_by = models.DateTimeField("应通知时间", editable=False)
    notified_at = models.DateTimeField("通知时间", null=True, editable=False)
    utility_at = models.DateTimeField("最近联系市政", null=True, editable=False)
    recovered_at = models.DateTimeField("恢复时间", null=True, blank=True)
    explanation = models.TextField("恢复说明", max_length=600, blank=True)
    told_how = models.CharField("群发方式", max_length=10, choices=Told.choices, blank=True)
    told_words = models.TextField("群发内容", max_length=600, blank=True)
    round_no = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "停用登记"
        indexes = [models.Index(fields=["begins_at"], name="outage_begins")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_at__gt=models.F("begins_at")), name="outage_ends_after_it_begins"
            )
        ]

    def touched(self) -> Any:
        """The units that feel it."""
        units = Unit.objects.filter(community_id=self.community_id)
        column = {self.Scope.CLUSTERS: "cluster", self.Scope.BUILDINGS: "building", self.Scope.UNITS: "pk"}.get(
            self.Scope(self.scope)
        )
        if column is None:
            return units
        name = "unit" if column == "pk" else column
        places = self.places.filter(**{f"{name}__isnull": False})
        return units.filter(**{f"{column}__in": places.values(name)})

    @property
    def to_be_announced(self) -> bool:
        """The owners are told that it is off; of what is left over for a few of them, these few are called."""
        return self.round_no == 1

    def summarise(self) -> str:
        again = f"（第 {self.round_no} 轮）" if self.round_no > 1 else ""
        return f"{self.get_supply_display()}{again}：{self.place_words}，{mask_free_text(self.cause)}"

    def search_words(self) -> str:
        return f"{self.place_words} {self.responsible} {mask_free_text(self.cause)}"

    @property
    def said(self) -> str:
        """What the desk says to whoever calls; its end is always the present one."""
        begins = "起" if self.begins_at <= timezone.now() else "开始"
        known = f"{self.place_words}{clock(self.begins_at)}{begins}{self.get_supply_display()}，{self.get_side_display()}原因：{self.cause}。"
        handled = f"{self.responsible or '工程部'}正在处理" if self.state == self.State.RUNNING else ""
        measures = f"{handled}：{self.measures}。" if handled and self.measures else f"{handled}。" if handled else ""
        return f"{self.say or known + measures}预计 {clock(self.expected_at)} 恢复，恢复后告知您。"


class OutagePlace(models.Model):
    """One cluster, building or unit that an outage touches; none where it is the whole community."""

    outage = models.ForeignKey(Outage, models.CASCADE, related_name="places")
    cluster = models.ForeignKey("estate.Cluster", models.PROTECT, null=True, related_name="+")
    building = models.ForeignKey("estate.Building", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "停用范围"
        constraints = [
            models.CheckConstraint(
                condition=Q(cluster__isnull=False, building__isnull=True, unit__isnull=True)
                | Q(cluster__isnull=True, building__isnull=False, unit__isnull=True)
                | Q(cluster__isnull=True, building__isnull=True, unit__isnull=False),
                name="outage_place_is_one_place",
            )
        ]

    def __str__(self) -> str:
        return str(self.cluster or self.building or self.unit)


def clock(moment: datetime) -> str:
    """11月2日 14:30, as it is said aloud."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def touching(unit: Any) -> Q:
    """The outages that this unit feels; without a unit those of the whole community's desk."""
    if unit is None:
        return Q()
    places = OutagePlace.objects.filter(
        Q(cluster_id=unit.cluster_id, cluster__isnull=False) | Q(building_id=unit.building_id) | Q(unit_id=unit.pk)
    )
    return Q(scope=Outage.Scope.ALL) | Q(pk__in=places.values("outage_id"))
