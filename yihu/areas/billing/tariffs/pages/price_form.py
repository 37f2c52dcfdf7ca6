"""One new price: the usual answers stand there already, what is seldom asked is folded."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import AREAS, Kind
from yihu.basics.pricing import plain
from yihu.basics.worktime import add_months
from yihu.ground.estate.models import Building, Cluster
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import PickField
from yihu.kernel.plain_pages import RowForm

DAY = {"type": "date"}
KEPT = (
    "kind", "price", "measure", "steps_per", "unit_kind", "use", "cluster", "building", "unit", "cycle", "starts", "per", "prepaid",
    "ahead", "due_months", "due_day", "first_month", "rounding", "vacant_percent", "vacant_ground", "pricing", "authority",
    "document", "document_no",
)  # fmt: skip
STEPPED = (Kind.METER, Kind.SERVICE)  # what is reckoned by area or household has one price
MOST = 10**7
PER_PIECE = (Kind.QUANTITY, Kind.METER, Kind.SHARE, Kind.SERVICE)


class PriceForm(RowForm):
    unit = PickField("estate.Unit", url="estate:pick_unit", label="只用于这一户", required=False)
    ladder = forms.CharField(
        label="阶梯", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行写“到多少 单价”，最后一行只写单价，例如：210 0.4883 / 400 0.5383 / 0.7883。没有阶梯的不填",
    )  # fmt: skip
    sections = (
        ("", ("item", "kind", "price", "measure", "from_on", "document", "document_no", "pricing", "authority")),
        ("只用于一部分房屋", ("unit_kind", "use", "cluster", "building", "unit")),
        ("周期与应缴日期", ("cycle", "starts", "per", "prepaid", "ahead", "due_months", "due_day")),
        ("交房当月、取整、空置、阶梯、截止", ("first_month", "rounding", "vacant_percent", "vacant_ground", "ladder", "steps_per", "to_on")),
    )  # fmt: skip

    class Meta:
        model = Tariff
        fields = ["item", *KEPT, "from_on", "to_on"]
        widgets = {
            **dict.fromkeys(("pricing", "cycle", "per", "first_month", "rounding", "steps_per"), forms.RadioSelect),
            **dict.fromkeys(("from_on", "to_on"), forms.DateInput(attrs=DAY)),
            "price": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        help_texts = {
            "price": "元，可以到四位小数；租金按每户的约定，填 0",
            "measure": "例如 个、吨、度、次；按面积和按户的不用填",
            "from_on": "原来同样范围的价格到前一天自动终止",
            "document": "公示表上写的依据，例如“前期物业服务合同”“物价局批复”",
            "authority": "政府指导价写批准单位",
            "starts": "按季、半年、年收的从几月算起",
            "ahead": "预收的在周期开始前几个月出账",
            "due_day": "31 在小月就是月底",
            "vacant_percent": "空置的按百分之几收；要有依据，还要逐户申请、审批",
            "to_on": "平时不填：以后定了新价自动终止",
        }

    def __init__(self, data: Any = None, *, instance: Tariff, like: Tariff | None = None) -> None:
        super().__init__(data, instance=instance)
        here = {"community_id": instance.community_id}
        fields: dict[str, Any] = self.fields
        fields["item"].queryset = (
            FeeItem.objects.filter(**here, shown=True).exclude(nature=FeeItem.Nature.DEPOSIT).order_by("pk")
        )
        fields["cluster"].queryset = Cluster.objects.filter(**here).order_by("pk")
        fields["building"].queryset = Building.objects.filter(**here).order_by("pk")
        fields["unit"].bind_to(instance, None)
        for name in ("cluster", "building"):
            fields[name].empty_label = "不限"
        for name in ("unit_kind", "use"):
            fields[name].choices = [("", "不限"), *fields[name].choices[1:]]
        for name in ("pricing", "cycle", "per", "first_month", "rounding", "steps_per"):
            fields[name].choices = [choice for choice in fields[name].choices if choice[0] != ""]
        for name, when in (("measure", PER_PIECE), ("ladder", STEPPED), ("steps_per", STEPPED)):
            fields[name].when = f"kind={' '.join(when)}"
        if like is not None:
            kept = {
                name: getattr(like, f"{name}_id" if name in ("cluster", "building", "unit") else name) for name in KEPT
            }
            self.initial |= {
                **kept,
                "item": like.item_id,
                "price": plain(like.price, 2),
                "ladder": steps_as_typed(like.steps),
            }
        self.initial["from_on"] = add_months(timezone.localdate(), 1, anchor_day=1)

    def field_sections(self) -> list[dict[str, Any]]:
        found = []
        for legend, names in self.sections:
            touched = bool(set(names) & set(self.errors)) or any(
                self.initial.get(name) for name in names if name in _TELLING
            )
            found.append(
                {"legend": legend, "fields": [self[name] for name in names], "folded": bool(legend) and not touched}
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last, kind = cleaned.get("from_on"), cleaned.get("to_on"), cleaned.get("kind")
        if first and last and last < first:
            self.add_error("to_on", "截止日期不能早于生效日期。")
        if cleaned.get("price") == 0 and kind not in (Kind.RENT, Kind.SHARE):
            self.add_error("price", "单价要大于零。")
        if kind in PER_PIECE and not cleaned.get("measure") and kind != Kind.SHARE:
            self.add_error("measure", "请填写计量单位。")
        if cleaned.get("pricing") == Tariff.Pricing.GUIDED and not cleaned.get("authority"):
            self.add_error("authority", "政府指导价请写批准单位，公示表上要有。")
        if cleaned.get("vacant_percent") is not None and not cleaned.get("vacant_ground"):
            self.add_error("vacant_ground", "空置减收要写明依据（合同条款或地方规定）。")
        places = [name for name in ("cluster", "building", "unit") if cleaned.get(name)]
        if len(places) > 1 or (cleaned.get("unit") and (cleaned.get("unit_kind") or cleaned.get("use"))):
            self.add_error(places[-1], "组团、楼栋、一户只选一样；只用于一户的不再选类型和使用情况。")
        if cleaned.get("ahead") and not cleaned.get("prepaid"):
            self.add_error("ahead", "提前出账的是预收，请勾选“预收”。")
        if cleaned.get("ladder") and kind not in STEPPED:
            self.add_error("ladder", "只有抄表用量和按次的价分阶梯；其他的只填一个单价。")
        if kind in AREAS:
            cleaned["measure"] = "㎡"
        return cleaned

    def clean_ladder(self) -> str:
        typed = self.cleaned_data["ladder"]
        try:
            self.instance.steps = steps_of(typed)
        except (ValueError, InvalidOperation):
            raise forms.ValidationError(
                "请按“到多少 单价”一行一档填写，一档比一档高，最后一行只写单价，最多四位小数。"
            ) from None
        return str(typed)

    def _post_clean(self) -> None:
        steps = self.instance.steps
        super()._post_clean()  # type: ignore[misc]
        self.instance.steps = steps
        if steps:
            self.instance.price = Decimal(steps[0][1])


_TELLING = ("unit_kind", "use", "cluster", "building", "unit", "vacant_percent", "ladder")


def steps_of(typed: str) -> list[list[str | None]]:
    """Typed lines as (up to, price); the last is open above. Raises ValueError where they do not climb."""
    rows = [line.replace("，", " ").replace(",", " ").split() for line in typed.splitlines() if line.strip()]
    if not rows:
        return []
    *below, last = rows
    if len(below) < 1 or len(last) != 1 or any(len(row) != 2 for row in below):
        raise ValueError
    tops, prices = [Decimal(row[0]) for row in below], [Decimal(row[-1]) for row in rows]
    if sorted(set(tops)) != tops or tops[0] <= 0 or tops[-1] >= MOST or any(not 0 < price < MOST for price in prices):
        raise ValueError
    if any(round(one, 4) != one for one in (*tops, *prices)):
        raise ValueError
    return [[str(top), str(price)] for top, price in zip(tops, prices, strict=False)] + [[None, str(prices[-1])]]


def steps_as_typed(steps: Any) -> str:
    return "\n".join(price if upto is None else f"{upto} {price}" for upto, price in steps or ())


class EndForm(forms.Form):
    last = forms.DateField(label="最后一天", widget=forms.DateInput(attrs=DAY), help_text="到这一天为止，这天还算")
    why = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, tariff: Tariff) -> None:
        super().__init__(data)
        if tariff.from_on > timezone.localdate():
            del self.fields["last"]

    def field_sections(self) -> list[dict[str, Any]]:
        return [{"legend": "", "fields": [self[name] for name in self.fields], "folded": False}]
