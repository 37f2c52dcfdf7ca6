"""《暂停服务通知书》 (F85), which the law leaves for optional paid services only (domain.md §6.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yihu.areas.billing.delivering import Delivered
from yihu.areas.billing.dunning.models.cases import DunningCase
from yihu.basics.money import yuan
from yihu.kernel.models import Record

OPTIONAL = "optional_paid"


class Suspension(Record, Delivered):
    """暂停可选服务: drafted, looked at by the law, agreed to by two and by the client, delivered, and only then, seven days
    later, in force; lifted by itself when paid."""

    class State(models.TextChoices):
        LEGAL = "legal", "待法务审查"
        FINANCE = "finance", "待财务主管批"
        MANAGER = "manager", "待项目经理批"
        CLIENT = "client", "待委托方批准"
        TO_DELIVER = "to_deliver", "待送达"
        WAITING = "waiting", "七日内缴清"
        IN_FORCE = "in_force", "暂停中"
        LIFTED = "lifted", "已恢复"
        REFUSED = "refused", "不同意"
        PAID = "paid", "已缴，不暂停"

    case = models.ForeignKey(DunningCase, models.PROTECT, related_name="suspensions", verbose_name="催缴")
    clause = models.CharField(
        "合同条款", max_length=160, help_text="写明可以暂停这项可选服务的条款，例如：《加时空调服务协议》第六条"
    )
    legal_basis = models.CharField("法律依据", max_length=80, default="民法典第525条、第526条", editable=False)
    arrears = models.BigIntegerField("所欠可选服务费", editable=False)
    named = models.CharField("可选服务", max_length=200, blank=True, editable=False)
    words = models.CharField("另外说明", max_length=200, blank=True)
    legal_opinion = models.CharField("法务意见", max_length=300, blank=True)
    client_words = models.CharField("委托方批复", max_length=200, blank=True)
    finance_by = models.ForeignKey(
        "staff.Account", models.PROTECT, null=True, related_name="+", verbose_name="财务主管", editable=False
    )
    manager_by = models.ForeignKey(
        "staff.Account", models.PROTECT, null=True, related_name="+", verbose_name="项目经理", editable=False
    )
    pay_by = models.DateField("缴清期限", null=True, editable=False)
    pay_by_at = models.DateTimeField("缴清时限", null=True, editable=False)
    ends_on = models.DateField("最迟恢复日期", help_text="到这一天不管缴没缴都恢复，要再停须重新审批")
    begun_at = models.DateTimeField("开始暂停", null=True, editable=False)
    lifted_at = models.DateTimeField("恢复时间", null=True, editable=False)
    lift_why = models.CharField("恢复原因", max_length=120, blank=True)
    rejection = models.CharField("不同意的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "暂停可选服务"
        constraints = [
            *Delivered.Meta.constraints,
            models.CheckConstraint(condition=Q(arrears__gt=0), name="suspension_for_a_debt"),
            models.CheckConstraint(
                condition=Q(finance_by__isnull=True) | Q(manager_by__isnull=True) | ~Q(finance_by=F("manager_by")),
                name="suspension_two_approvers",
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True)
                | Q(
                    finance_by__isnull=False, manager_by__isnull=False, delivered_at__isnull=False, pay_by__isnull=False
                ),
                name="suspension_only_when_agreed_and_delivered",
            ),
        ]

    def summarise(self) -> str:
        return f"{self.unit or self.party.journal_name} 暂停可选服务，欠 {yuan(self.arrears)} 元"


class SuspendedService(models.Model):
    """One optional service. The database refuses any other class, whoever asks (a check here, a trigger on the item)."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="services")
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="+", verbose_name="服务")
    legal_class = models.CharField(
        "法律类别", max_length=20, choices=[(OPTIONAL, "可选有偿服务")], default=OPTIONAL, editable=False
    )
    arrears = models.BigIntegerField("所欠（分）")

    class Meta:
        verbose_name = verbose_name_plural = "暂停的服务"
        constraints = [
            models.CheckConstraint(condition=Q(legal_class=OPTIONAL), name="only_optional_services_are_suspended"),
            models.CheckConstraint(condition=Q(arrears__gt=0), name="suspended_for_its_own_debt"),
            models.UniqueConstraint(fields=["suspension", "item"], name="suspended_service_once"),
        ]

    def __str__(self) -> str:
        return str(self.item)
