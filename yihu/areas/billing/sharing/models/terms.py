"""What the service contract says about energy: the guard before every share bill (domain.md §5.2)."""

from __future__ import annotations

from datetime import date

from django.db import models


class Term(models.Model):
    """合同约定: from a day on. Under 包干制 with energy included nobody is billed a share."""

    class Basis(models.TextChoices):
        LUMP = "lump", "包干制"
        FEE = "fee", "酬金制"

    class Energy(models.TextChoices):
        INCLUDED = "included", "已含在物业费里，不另分摊"
        SHARED = "shared", "另行分摊"

    community = models.ForeignKey("estate.Community", models.PROTECT, related_name="+", verbose_name="管理项目")
    from_on = models.DateField("自何日起")
    basis = models.CharField("收费方式", max_length=10, choices=Basis.choices, default=Basis.LUMP)
    energy = models.CharField("公共能耗", max_length=10, choices=Energy.choices, default=Energy.INCLUDED)
    clause = models.CharField("合同条款", max_length=120)
    shown = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "公共能耗的合同约定"
        constraints = [models.UniqueConstraint(fields=["community", "from_on"], name="term_once_a_day")]

    def __str__(self) -> str:
        return f"{self.from_on:%Y-%m-%d} 起"


def term_on(community_id: int, day: date) -> Term | None:
    rows = Term.objects.filter(community_id=community_id, from_on__lte=day, shown=True)
    return rows.order_by("-from_on").first()


def why_no_shares(community_id: int, day: date) -> str:
    """Why no share may be billed for that day, as a sentence; "" where it may."""
    term = term_on(community_id, day)
    if term is None:
        return "还没有登记物业服务合同对公共能耗的约定，请项目经理先在“公摊方案 → 合同约定”里登记。"
    if term.energy == Term.Energy.INCLUDED:
        return f"{term.clause}：{term.get_basis_display()}，公共能耗{term.get_energy_display()}。不能再出公摊账单。"
    return ""
