"""收费项目: what may be charged for, whose money it is, and what the law allows when it is not paid (FEE-02, FEE-22)."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.ground.ledger.models import Charge, Deposit, FeeItem
from yihu.ground.ledger.posting import SEE, TARIFF
from yihu.kernel.plain_pages import PlainRegister, RowForm

N, L = FeeItem.Nature, FeeItem.Legal


class ItemForm(RowForm):
    class Meta:
        model = FeeItem
        fields = ["code", "name", "nature", "legal_class", "standing", "lease", "shown"]
        widgets = dict.fromkeys(("nature", "legal_class", "standing"), forms.RadioSelect)
        help_texts = {
            "code": "短的，例如 WY",
            "nature": "决定钱记在哪里；有了账单或押金以后不能再改",
            "legal_class": "必需的和公共服务的，欠费也不能停（民法典第九百四十四条）",
            "standing": "钱不够时先还哪样（民法典第五百六十一条）；平常都是本金",
            "lease": "我们自己出租的房屋、场地、车位的租金：预收当天就要开票（财税〔2016〕36 号附件 1 第四十五条）；替别人代收的不勾",
            "shown": "不再收的取消勾选，不要改成别的项目",
        }

    def clean_nature(self) -> Any:
        nature, row = self.cleaned_data["nature"], self.instance
        was = FeeItem.objects.filter(pk=row.pk).values_list("nature", flat=True).first() if row.pk else nature
        if nature != was and (Charge.objects.filter(item=row).exists() or Deposit.objects.filter(item=row).exists()):
            raise forms.ValidationError("这个项目已经有账，性质不能改；请停用它，另建一个。")
        return nature

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("lease") and told.get("nature") not in (N.INCOME, N.COMMON):
            self.add_error("lease", "只有物业收入、公共收益的项目由我们开票；代收的租金由出租人自己开，不勾这一项。")
        return told


def _first(*rows: tuple[str, str, str, str]) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"code": code, "name": name, "nature": nature, "legal_class": legal} for code, name, nature, legal in rows
    )


FEE_ITEMS = PlainRegister(
    model=FeeItem, name="fee-items", title="收费项目", form=ItemForm, read=SEE, edit=TARIFF, namespace="cashier",
    heads=("项目", "编码", "性质", "法律类别", "清偿次序"), word="一项", order=("pk",),
    cells=lambda row: (row.code, row.get_nature_display(), row.get_legal_class_display(), row.get_standing_display()),
    help="账单、收款、押金都从这里选。", empty="还没有收费项目。可以先用常用的一套，再改成本项目的。",
    starters=(
        *_first(
            ("WY", "物业服务费", N.INCOME, L.COMMON), ("KZ", "空置房物业费", N.INCOME, L.COMMON),
            ("SF", "代收水费", N.PASS_THROUGH, L.ESSENTIAL), ("DF", "代收电费", N.PASS_THROUGH, L.ESSENTIAL),
            ("RQ", "代收燃气费", N.PASS_THROUGH, L.ESSENTIAL), ("RF", "代收供热费", N.PASS_THROUGH, L.ESSENTIAL),
            ("GTS", "公摊水费", N.PASS_THROUGH, L.ESSENTIAL), ("GTD", "公摊电费", N.PASS_THROUGH, L.ESSENTIAL),
            ("KT", "空调费", N.INCOME, L.OPTIONAL), ("ZJ", "租金", N.PASS_THROUGH, L.OPTIONAL),
            ("CW", "车位使用费", N.COMMON, L.OPTIONAL), ("CWG", "车位管理费", N.INCOME, L.COMMON),
            ("LT", "临时停车费", N.COMMON, L.OPTIONAL), ("ZXG", "装修管理费", N.INCOME, L.OPTIONAL),
            ("LJ", "装修垃圾清运费", N.INCOME, L.OPTIONAL), ("YC", "特约服务费", N.INCOME, L.OPTIONAL),
            ("WXF", "有偿维修费", N.INCOME, L.OPTIONAL),
            ("HY", "会议室使用费", N.INCOME, L.OPTIONAL), ("HS", "会所与商务服务费", N.INCOME, L.OPTIONAL),
            ("KP", "门禁卡工本费", N.INCOME, L.ESSENTIAL), ("CRZ", "出入证工本费", N.INCOME, L.ESSENTIAL),
            ("ZS", "房屋租售代理费", N.INCOME, L.OPTIONAL),
            ("GG", "公共部位广告收入", N.COMMON, L.OPTIONAL), ("WXJJ", "专项维修资金", N.FUND, L.COMMON),
            ("ZXYJ", "装修保证金", N.DEPOSIT, L.OPTIONAL), ("CRYJ", "出入证押金", N.DEPOSIT, L.OPTIONAL),
        ),
        {"code": "WYJ", "name": "违约金", "nature": N.INCOME, "legal_class": L.COMMON, "standing": FeeItem.Standing.INTEREST},
        {"code": "ZSF", "name": "追索费用", "nature": N.INCOME, "legal_class": L.COMMON, "standing": FeeItem.Standing.COST},
    ),
)  # fmt: skip
