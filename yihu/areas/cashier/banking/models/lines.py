"""Bank accounts, the lines of their statements, and which receipt came of which line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yihu.kernel.unspoken import UnspokenField


class BankAccount(models.Model):
    """银行账户, by the name the office gives it. Its number stands with the bank, not here."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    name = models.CharField("账户名称", max_length=40)
    position = models.PositiveIntegerField("次序", default=0)
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "银行账户"
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="bank_account_once")]

    def __str__(self) -> str:
        return self.name


class BankLine(models.Model):
    """流水行. Money in is positive, in 分. The same line, in whatever file it comes again, is the same row."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines", verbose_name="银行账户")
    run = models.ForeignKey("banking.StatementImport", models.PROTECT, related_name="lines", verbose_name="导入")
    on = models.DateField("交易日期")
    amount = models.BigIntegerField("金额（分）")
    balance = models.BigIntegerField("余额（分）", null=True)
    payer_name = UnspokenField("对方户名", max_length=80, blank=True)
    summary = models.CharField("摘要", max_length=200, blank=True)
    aside = models.CharField("不是客户缴款", max_length=60, blank=True)
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "流水行"
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="bank_line_is_something"),
        ]
        indexes = [
            models.Index(fields=["community", "on"], name="bank_line_by_day"),
            models.Index(fields=["community", "payer_name"], name="bank_line_by_payer"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.payer_name or '（无户名）'}"


class LineReceipt(models.Model):
    """Which receipt the money of a line became: one line may pay for several households."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="ties", verbose_name="流水行")
    receipt = models.OneToOneField("ledger.Receipt", models.PROTECT, related_name="bank_tie", verbose_name="收据")

    class Meta:
        verbose_name = verbose_name_plural = "流水与收据"

    def __str__(self) -> str:
        return f"{self.line} {self.receipt}"
