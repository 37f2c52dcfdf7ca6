"""收费约定: what is agreed with one household, by whom and on what ground."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.tariffs import known
from yihu.areas.billing.tariffs.fitting import fitting
from yihu.areas.billing.tariffs.models import Agreement, Tariff
from yihu.areas.billing.tariffs.models.agreements import LESS, What
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.basics.pricing import Rent, plain
from yihu.basics.worktime import add_months
from yihu.ground.estate.models import Occupancy
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import FilesField, PickField, StepForm

DAY = {"type": "date"}
THIRTY_YEARS, MOST_RENT = 360, 10**8
WITH_LESSEE = (What.PAYER, What.RENT)
RENT_ONLY = ("free_days", "grows_on", "grows_by", "grows_every")
TO_REDUCE = tuple(kind for kind in Kind.values if kind not in (Kind.METER, Kind.SHARE, Kind.SERVICE, Kind.RENT))


class AgreementForm(StepForm):
    """Only what the chosen kind needs is shown; the lessee of the unit and today's month stand in the form already."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    party = PickField(
        "estate.Party",
        url="estate:pick_party",
        label="租户",
        help_text="不填就是这户登记的租户；业主负连带责任（条例第四十一条）",
    )
    evidence = FilesField(label="凭据", help_text="协议、申请、批复的照片或文件")
    optional = ("party", "item", "price", "percent", "to_on", *RENT_ONLY, "evidence")
    starred = ("price", "percent")
    only_when = {
        "price": "what=price rent",
        "percent": "what=discount",
        "party": "what=payer rent",
        **dict.fromkeys(RENT_ONLY, "what=rent"),
    }
    field_order = (
        "unit", "what", "item", "price", "percent", "party", "from_on", "to_on", *RENT_ONLY, "ground", "evidence",
    )  # fmt: skip

    class Meta:
        model = Agreement
        fields = [
            "unit", "what", "item", "price", "percent", "party", "from_on", "to_on", *RENT_ONLY, "ground",
        ]  # fmt: skip
        widgets = {"what": forms.RadioSelect, "ground": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "item": "“由租户付”不选项目就是全部项目；其他约定都要选一项",
            "price": "租金填每月的租金；单独价格不能高于公示的价格",
            "to_on": "没有约定结束日期的不填",
            "free_days": "从起始日算起",
            "grows_every": "12 就是每年一次；0 是只递增一次",
            "ground": "写明合同或文件的名称、条款，例如“租赁合同第 6 条：物业费由乙方承担”",
        }

    def prepare(self) -> None:
        items = FeeItem.objects.filter(community_id=self.record.community_id, shown=True)
        self.fields["item"].queryset = items.exclude(nature=FeeItem.Nature.DEPOSIT).order_by("pk")  # type: ignore[attr-defined]
        if self.record.pk is None:
            today = timezone.localdate(self.at or timezone.now())
            self.initial["what"] = self.initial.get("what") or What.PAYER
            self.initial["from_on"] = self.initial.get("from_on") or today.replace(day=1)
        else:
            del self.fields["evidence"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        what, first, last = cleaned.get("what"), cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "结束日期不能早于起始日期。")
        if what != What.PAYER and not cleaned.get("item") and "item" not in self.errors:
            self.add_error("item", "请选是哪个收费项目。")
        for name in ("price", "percent"):
            asked = what in (self.only_when[name].partition("=")[2]).split()
            if asked and cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, f"请填写{self.fields[name].label}。")
            if not asked:
                cleaned[name] = None
        if what != What.RENT:
            cleaned |= {"free_days": 0, "grows_on": None, "grows_by": None, "grows_every": 0}
        elif (cleaned.get("grows_on") is None) != (cleaned.get("grows_by") is None):
            self.add_error("grows_on", "递增要同时填写首次递增日和百分之几。")
        elif not self.errors:
            self._check_growth(cleaned)
        cleaned["free_days"], cleaned["grows_every"] = cleaned.get("free_days") or 0, cleaned.get("grows_every") or 0
        self._check_party(cleaned, what)
        if what in LESS and not self.errors:
            self._check_price(cleaned, what)
        return cleaned

    def _check_growth(self, cleaned: dict[str, Any]) -> None:
        """A rent grows after its first day, and to something that somebody could pay."""
        first, last, grows = cleaned["from_on"], cleaned.get("to_on"), cleaned.get("grows_on")
        if grows is None:
            return
        if grows <= first:
            self.add_error("grows_on", f"首次递增日要在 {first:%Y-%m-%d} 以后；从那天起就是这个租金。")
            return
        rent = Rent(cleaned["price"], first, 0, grows, cleaned["grows_by"], cleaned.get("grows_every") or 0)
        until = last or add_months(max(first, timezone.localdate(self.at or timezone.now())), THIRTY_YEARS)
        if any(rate >= MOST_RENT for _, rate in rent.changes(until)):
            self.add_error("grows_by", f"照这样递增，{until:%Y} 年以前月租就超过一亿元，请核对百分之几和几个月一次。")

    def _check_party(self, cleaned: dict[str, Any], what: Any) -> None:
        unit, first = cleaned.get("unit"), cleaned.get("from_on")
        if what not in WITH_LESSEE:
            cleaned["party"] = None
            return
        if unit is None or first is None or "party" in self.errors:
            return
        stays = Occupancy.objects.filter(unit=unit, role=Occupancy.Role.LESSEE).on(first).select_related("party")
        lessees = [stay.party for stay in stays.order_by("place", "pk")]
        if cleaned.get("party") is None and len(lessees) == 1:
            cleaned["party"] = lessees[0]
        if cleaned.get("party") is None:
            said = "请选是哪一位租户。" if lessees else f"{first:%Y-%m-%d} 这户没有登记租户，请先登记租户。"
            self.add_error("party", said)
        elif cleaned["party"] not in lessees:
            self.add_error("party", f"{first:%Y-%m-%d} 他不是这户登记的租户，请先登记租户。")

    def _check_price(self, cleaned: dict[str, Any], what: Any) -> None:
        """A reduction is measured against the public price of that day; without one there is nothing to reduce."""
        unit, item, first = cleaned["unit"], cleaned["item"], cleaned["from_on"]
        tariffs = [one for one in known.prices_of(unit.community_id, TO_REDUCE, first, first) if one.item_id == item.pk]
        profile = known.profiles(unit.community_id, [unit.pk])[unit.pk]
        fits = fitting(tariffs, unit.pk, profile, first, first)
        tariff: Tariff | None = fits[0].tariff if fits else None
        if tariff is None:
            self.add_error("item", f"{first:%Y-%m-%d} 这户的{item}没有公示的价格，请先定价。")
        elif what == What.PRICE and cleaned["price"] >= tariff.price:
            self.add_error("price", f"公示的价格是 {plain(tariff.price, 2)} 元，约定的要低于它；高的另定一个收费标准。")
        elif what == What.VACANT and tariff.vacant_percent is None:
            self.add_error("what", f"{item}的收费标准里没有空置减收的比例和依据，请先在收费标准里写明。")


class DecisionForm(StepForm):
    class Meta:
        model = Agreement
        fields = ["decision"]
        widgets = {"decision": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"decision": "写明为什么、要改什么，起草人照此办理"}


class EndForm(StepForm):
    class Meta:
        model = Agreement
        fields = ["ends_on", "decision"]
        widgets = {"decision": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"ends_on": "约定到这一天为止，这天还算", "decision": "为什么提前终止"}

    def clean_ends_on(self) -> Any:
        last, one = self.cleaned_data["ends_on"], self.record
        if last < one.from_on:
            raise forms.ValidationError(f"不能早于约定开始的 {one.from_on:%Y-%m-%d}。")
        if one.to_on and last >= one.to_on:
            raise forms.ValidationError(f"约定本来就到 {one.to_on:%Y-%m-%d} 为止。")
        return last
