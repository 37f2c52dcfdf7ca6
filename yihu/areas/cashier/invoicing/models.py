"""发票申请 (F86): which receipt, on whose name, for which payments, and the invoice that finance wrote for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from yihu.basics.money import round_half_up, yuan
from yihu.kernel.models import Record
from yihu.kernel.personal import PersonalField


class InvoiceRequest(Record):
    """Asked for on a receipt; what it is for and how much, the books say (发票管理办法第19条、第21条: as it was). A receipt whose
    money meets charges later has an invoice for each part."""

    class State(models.TextChoices):
        ASKED = "asked", "待开票"
        ISSUED = "issued", "已开票"
        RED = "red", "已红冲"
        REFUSED = "refused", "不开"

    STANDING = (State.ASKED, State.ISSUED)

    class Kind(models.TextChoices):
        NORMAL = "normal", "普通发票（电子）"
        SPECIAL = "special", "专用发票（电子）"
        PAPER = "paper", "普通发票（纸质）"

    receipt = models.ForeignKey("ledger.Receipt", models.PROTECT, related_name="+", verbose_name="收据")
    invoice_kind = models.CharField("发票种类", max_length=10, choices=Kind.choices, default=Kind.NORMAL)
    title = models.CharField("发票抬头", max_length=100)
    tax_no = models.CharField("纳税人识别号", max_length=20, blank=True)
    mail = PersonalField("电子发票发到", kind="address", blank=True)
    item_names = models.CharField("开票项目", max_length=300, editable=False)
    amount_fen = models.BigIntegerField("开票金额", editable=False)
    invoice_no = models.CharField("发票号码", max_length=20, blank=True)
    issued_on = models.DateField("开票日期", null=True, blank=True)
    issued_at = models.DateTimeField("登记开票时间", null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="开票人", editable=False
    )
    red_no = models.CharField("红字发票号码", max_length=20, blank=True)
    red_on = models.DateField("红字开票日期", null=True, blank=True)
    red_reason = models.CharField("红冲原因", max_length=200, blank=True)
    red_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="again", verbose_name="红冲后重开自", editable=False
    )
    refusal = models.CharField("不开的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发票申请"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="invoice_is_something"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | (~Q(invoice_no="") & Q(issued_on__isnull=False)),
                name="invoice_issued_with_number",
            ),
            models.CheckConstraint(condition=~Q(invoice_kind="special") | ~Q(tax_no=""), name="special_invoice_has_tax_no"),
            models.UniqueConstraint(fields=["invoice_no"], name="invoice_no_once", condition=~Q(invoice_no="")),
            models.UniqueConstraint(fields=["red_no"], name="red_invoice_no_once", condition=~Q(red_no="")),
        ]  # fmt: skip

    @property
    def amount(self) -> str:
        return f"{yuan(self.amount_fen)} 元"

    def summarise(self) -> str:
        return f"{self.get_invoice_kind_display()} {self.amount}，{self.title}"

    def search_words(self) -> str:
        return f"{self.invoice_no} {self.red_no} {self.title} {self.tax_no}"

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "content": self.item_names}


class InvoiceLine(models.Model):
    """开票明细: one payment of one charge, or rent that was paid in advance. ``holds`` is the ledger's line once more while the invoice is asked for or stands: the
    database itself keeps the same payment out of a second one."""

    request = models.ForeignKey(InvoiceRequest, models.PROTECT, related_name="lines", verbose_name="发票申请")
    line = models.ForeignKey("ledger.Line", models.PROTECT, related_name="+", verbose_name="缴费分录")
    holds = models.OneToOneField("ledger.Line", models.PROTECT, null=True, related_name="invoiced", editable=False)
    amount = models.BigIntegerField("金额（分）")
    tax_name = models.CharField("开票名称", max_length=60, blank=True)
    tax_code = models.CharField("税收分类编码", max_length=19, blank=True)
    tax_percent = models.DecimalField("税率（%）", max_digits=4, decimal_places=2, null=True)

    class Meta:
        verbose_name = verbose_name_plural = "开票明细"
        constraints = [
            models.UniqueConstraint(fields=["request", "line"], name="invoice_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_line_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.line.charge or self.line.item} {yuan(self.amount)}"

    @property
    def tax_fen(self) -> int:
        """What of the amount is tax: the price holds it."""
        percent = Fraction(self.tax_percent or 0)
        return round_half_up(self.amount * percent / (100 + percent))


class TaxItem(models.Model):
    """开票税目: under which name, code and rate a fee item is invoiced, from a day on (增值税法第10条、第11条)."""

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    item = models.ForeignKey("ledger.FeeItem", models.PROTECT, related_name="+", verbose_name="收费项目")
    from_on = models.DateField("自何日起")
    name = models.CharField("开票名称", max_length=60, help_text="例如：*企业管理服务*物业管理费")
    code = models.CharField("税收分类编码", max_length=19, help_text="19 位数字，照税务系统里的")
    percent = models.DecimalField(
        "税率、征收率（%）", max_digits=4, decimal_places=2, help_text="一般计税 6，简易计税 3"
    )
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "开票税目"
        constraints = [
            models.UniqueConstraint(fields=["item", "from_on"], name="tax_item_once"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=20), name="tax_rate_sane"),
        ]

    def __str__(self) -> str:
        return str(self.item)
