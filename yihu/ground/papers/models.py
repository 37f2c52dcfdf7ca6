"""Papers held for a unit: a sheet that came of a record, a scan, or a place on the shelf."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from yihu.kernel.models import StoredFile


class Paper(models.Model):
    """档案资料: one document of a household's file (一户一档). Areas file into it; the catalogue and loans are `archives`'."""

    class Kind(models.TextChoices):
        WORK_SHEET = "work_sheet", "维修单"
        WARRANTY_SLIP = "warranty_slip", "返修联系单"
        SERVICE_SHEET = "service_sheet", "有偿服务单"
        COMPLAINT_SHEET = "complaint_sheet", "投诉意见处理表"
        RECEPTION = "reception", "接待记录"
        IDENTITY = "identity", "身份证件"
        CONTRACT = "contract", "合同与协议"
        COMMITMENT = "commitment", "承诺书"
        AUTHORITY = "authority", "委托书"
        KEY_MANDATE = "key_mandate", "钥匙保管委托书"
        KEY_RELEASE = "key_release", "钥匙解除确认函"
        FAMILY = "family", "家庭与单位资料"
        HANDOVER = "handover", "收楼资料"
        RENOVATION = "renovation", "装修资料"
        OTHER = "other", "其它"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    unit = models.ForeignKey("estate.Unit", models.PROTECT, related_name="papers", verbose_name="房号")
    kind = models.CharField("资料类别", max_length=20, choices=Kind.choices)
    title = models.CharField("名称", max_length=80)
    record = models.ForeignKey("kernel.Record", models.PROTECT, null=True, related_name="papers", verbose_name="来源")
    doc = models.ForeignKey(
        "DocType", models.PROTECT, null=True, blank=True, related_name="papers", verbose_name="目录项目"
    )
    pages = models.PositiveSmallIntegerField("页数", null=True, blank=True, validators=[MinValueValidator(1)])
    place = models.CharField("存放位置", max_length=80, blank=True)
    filed_at = models.DateTimeField("归档时间")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="归档人")

    class Meta:
        verbose_name = verbose_name_plural = "档案资料"
        indexes = [models.Index(fields=["community", "unit", "-filed_at"], name="paper_by_unit")]
        constraints = [models.UniqueConstraint(fields=["record", "kind"], name="paper_once_per_record")]

    def __str__(self) -> str:
        return self.title


class DocType(models.Model):
    """目录项目: a document that a household's file must hold, from a moment in the life of the house on (F37, ARC-02)."""

    class Stage(models.TextChoices):
        ANY = "any", "每一户"
        SOLD = "sold", "已有业主"
        HANDED_OVER = "handed_over", "已交房"
        RENOVATION = "renovation", "已办装修"
        MOVED_IN = "moved_in", "已入住"
        LET = "let", "已出租"

    class Of(models.TextChoices):
        ALL = "all", "全部"
        HOME = "home", "住宅"
        OFFICE = "office", "写字楼"
        SHOP = "shop", "商铺"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    name = models.CharField("资料名称", max_length=60)
    kind = models.CharField("资料类别", max_length=20, choices=Paper.Kind.choices)
    stage = models.CharField("从什么时候起要有", max_length=12, choices=Stage.choices, default=Stage.SOLD)
    unit_kind = models.CharField("哪种房屋", max_length=10, choices=Of.choices, default=Of.ALL)
    required = models.BooleanField("必备", default=True)
    since_on = models.DateField("列入目录日期", default=timezone.localdate)
    position = models.PositiveSmallIntegerField("次序", default=0)
    shown = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "档案目录项目"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], name="doc_type_once", violation_error_message="目录里已经有这一项。"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Scan(StoredFile):
    """扫描件: one scanned page or file of a paper. The bytes lie in the storage under their own digest."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="scans", verbose_name="资料")

    class Meta(StoredFile.Meta):
        verbose_name = verbose_name_plural = "扫描件"
