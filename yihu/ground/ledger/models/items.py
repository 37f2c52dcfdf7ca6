"""What may be charged for, and whose money it is."""

from __future__ import annotations

from django.db import models

from yihu.ground.ledger.models.postings import Account


class FeeItem(models.Model):
    """收费项目. Its nature decides on which account the money stands; ``lease``: rent of real
    estate, which is taxed on the day on which it comes in, also in advance (``earmarking``); its class what the law allows when it is not paid
    (民法典第944条: essential and common services go on)."""

    class Nature(models.TextChoices):
        INCOME = "income", "物业收入"
        PASS_THROUGH = "pass_through", "代收代付"
        COMMON = "common", "公共收益"
        FUND = "fund", "维修资金"
        DEPOSIT = "deposit", "押金"

    class Legal(models.TextChoices):
        ESSENTIAL = "essential", "必需（水电气暖、通行）"
        COMMON = "common", "公共服务"
        OPTIONAL = "optional_paid", "可选有偿服务"

    class Standing(models.TextChoices):
        """In which order money goes to debts of one day (民法典第561条)."""

        COST = "1", "追索费用"
        INTEREST = "2", "违约金"
        PRINCIPAL = "3", "本金"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    code = models.CharField("编码", max_length=20)
    name = models.CharField("名称", max_length=40)
    nature = models.CharField("性质", max_length=20, choices=Nature.choices, default=Nature.INCOME)
    legal_class = models.CharField("法律类别", max_length=20, choices=Legal.choices, default=Legal.COMMON)
    standing = models.CharField("清偿次序", max_length=1, choices=Standing.choices, default=Standing.PRINCIPAL)
    lease = models.BooleanField("不动产租赁", default=False, db_default=False)
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "收费项目"
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="fee_item_code_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def account(self) -> str:
        """Where a charge of this item stands on the other side."""
        return {
            self.Nature.INCOME: Account.INCOME, self.Nature.PASS_THROUGH: Account.PASS_THROUGH,
            self.Nature.COMMON: Account.COMMON, self.Nature.FUND: Account.FUND, self.Nature.DEPOSIT: Account.DEPOSIT,
        }[self.Nature(self.nature)]  # fmt: skip
