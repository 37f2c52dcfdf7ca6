"""What the page behind a card asks: as little as a telephone call would, in the words of somebody at home."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from yihu.areas.complaints.words import Category as About
from yihu.areas.reception.models import Category, Contact
from yihu.areas.repairs.models import StandardFault, WorkOrder
from yihu.basics.text import clean, clean_line
from yihu.fronts.online.models import Card, Report
from yihu.fronts.online.pages.shared import PHOTOS
from yihu.fronts.online.reporting import Told
from yihu.kernel.errors import Refused
from yihu.kernel.files import max_bytes
from yihu.kernel.forms import FilesField, tidy
from yihu.kernel.personal_forms import PersonalFormField
from yihu.kernel.personal_kinds import KINDS
from yihu.kernel.sniffing import IMAGES, sniff

Relation, Trade = Contact.Relation, WorkOrder.Trade
WHO = ((Relation.OWNER, "业主"), (Relation.LESSEE, "租户"), (Relation.FAMILY, "家人"), (Relation.VISITOR, "访客"))
HOME, COMMON = "home", "common"
# the trades as somebody says who does not know our words
PLAIN = {
    Trade.WATER: "水管、马桶、下水", Trade.POWER: "电、灯、插座", Trade.DOORS: "门、窗、锁", Trade.CARPENTRY: "地板、柜子",
    Trade.MASONRY: "墙、瓷砖", Trade.AIR: "空调", Trade.LOW_VOLTAGE: "对讲、网络、道闸", Trade.OTHER: "电梯、燃气和其他",
}  # fmt: skip
HALVES = (("上午", 12), ("下午", 18), ("晚上", 20))
AHEAD = 5
DAYS = ("今天", "明天", "后天")


class PersonForm(forms.Form):
    """Who it is, and how he is reached: what the desk would ask on the telephone."""

    name = forms.CharField(label="怎么称呼您", max_length=40)
    phone = PersonalFormField(kind=KINDS["phone"], label="电话", help_text="只有办事的人看得到，用来联系您")
    relation = forms.ChoiceField(label="您是", choices=WHO, initial=Relation.OWNER, widget=forms.RadioSelect)

    def __init__(self, *args: Any, card: Card, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card, self.now = card, now

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()  # type: ignore[misc]

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 40)

    def line(self, name: str, longest: int) -> str:
        return clean_line(self.cleaned_data.get(name) or "", longest)


class RepairForm(PersonForm):
    """What is broken, where, when somebody may come."""

    fault = forms.ChoiceField(label="什么坏了", required=False)
    words = forms.CharField(
        label="说得详细些", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="上面没有合适的，请在这里写清楚；不要写身份证号、银行卡号",
    )  # fmt: skip
    place = forms.ChoiceField(
        label="在哪里",
        choices=((HOME, "家里"), (COMMON, "楼道、电梯、院子等公共部位")),
        initial=HOME,
        widget=forms.RadioSelect,
    )
    where = forms.CharField(
        label="具体位置", max_length=60, required=False, help_text="例如：厨房、主卧卫生间、3 层电梯口"
    )
    wish = forms.ChoiceField(label="希望什么时候来", required=False, help_text="尽量照办，定下时间师傅会打电话")
    photos = FilesField(label="照片", required=False, max_files=PHOTOS, help_text=f"可不拍；最多 {PHOTOS} 张")
    field_order = ("fault", "words", "place", "where", "photos", "wish", "name", "phone", "relation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        card, asked = self.card, self.fields
        self.faults = {str(one.pk): one for one in faults_of(card.community_id)}
        any_field: Any = asked["fault"]
        any_field.choices = [("", "下面没有，我自己写"), *_grouped(self.faults.values())]
        wish: Any = asked["wish"]
        wish.choices = [("", "尽快"), *((said, said) for said in wishes(self.now))]
        asked["photos"].widget.attrs.update(accept="image/jpeg,image/png,image/webp")
        if card.unit_id is None:
            del asked["place"]

    def clean_words(self) -> str:
        return clean(self.cleaned_data["words"], 500)

    def clean_photos(self) -> list[Any]:
        for one in self.cleaned_data["photos"]:
            if one.size > max_bytes():
                raise forms.ValidationError(f"照片“{one.name[:20]}”太大，每张不超过 {max_bytes() // 1024 // 1024} MB。")
            try:
                picture = sniff(one, one.name) in IMAGES
            except Refused as refused:
                raise forms.ValidationError(refused.sentence) from refused
            if not picture:
                raise forms.ValidationError("这里只收照片（JPG、PNG、WebP）。")
        return list(self.cleaned_data["photos"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("fault") and not cleaned.get("words") and not {"fault", "words"} & set(self.errors):
            self.add_error("words", "请选一种故障，或写明什么坏了。")
        if cleaned.get("place") == COMMON and not self.line("where", 60):
            self.add_error("where", "公共部位请写明具体在哪里，例如：3 层电梯口。")
        return cleaned

    def told(self) -> Told:
        said = self.cleaned_data
        return Told(
            Category.REPAIR, said["words"], fault=self.faults.get(said["fault"]), common=said.get("place") == COMMON,
            where=self.line("where", 60), name=said["name"], phone=said["phone"], relation=said["relation"],
            wish=said["wish"], photos=said["photos"],
        )  # fmt: skip


class ComplaintForm(PersonForm):
    """What he complains of, in his own words, and whether it is about one of us."""

    kind = forms.ChoiceField(label="投诉什么", choices=About.choices, initial=About.OTHER, widget=forms.RadioSelect)
    words = forms.CharField(
        label="请说明",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="什么时候、什么地方、什么事，您希望怎么办",
    )
    where = forms.CharField(label="地点", max_length=60, required=False)
    about = forms.CharField(
        label="涉及哪位员工",
        max_length=40,
        required=False,
        help_text="知道姓名就写上，本人从此看不到这件投诉；不知道可以不填",
    )
    field_order = ("kind", "words", "where", "about", "name", "phone", "relation")

    def clean_words(self) -> str:
        return clean(self.cleaned_data["words"], 1000)

    def told(self) -> Told:
        said = self.cleaned_data
        return Told(
            Category.COMPLAINT, said["words"], where=self.line("where", 60), name=said["name"], phone=said["phone"],
            relation=said["relation"], about=self.line("about", 40), kind=said["kind"],
        )  # fmt: skip


class UrgeForm(forms.Form):
    words = forms.CharField(label="要补充的话", max_length=100, required=False)

    def clean_words(self) -> str:
        return clean_line(self.cleaned_data["words"], 100)


class OpinionForm(forms.Form):
    opinion = forms.ChoiceField(label="修得怎么样", choices=Report.Opinion.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="想说的话",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不满意的，请写明哪里不好",
    )

    def clean_words(self) -> str:
        return clean(self.cleaned_data["words"], 200)


def faults_of(community_id: int) -> list[StandardFault]:
    here = Q(community_id=community_id) | Q(community__isnull=True)
    order = {str(trade): place for place, trade in enumerate(PLAIN)}
    rows = StandardFault.objects.filter(here, shown=True).order_by("pk")
    return sorted(rows, key=lambda one: order.get(one.trade, len(order)))


def _grouped(faults: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    groups = groupby(faults, key=lambda one: one.trade)
    return [(PLAIN[Trade(trade)], [(str(one.pk), one.name) for one in rows]) for trade, rows in groups]


def wishes(now: datetime) -> list[str]:
    """明天（11-24）上午, and so on: the half days of the next days that have not ended yet."""
    here = timezone.localtime(now)
    found = []
    for ahead in range(AHEAD):
        day = here + timedelta(days=ahead)
        name = DAYS[ahead] if ahead < len(DAYS) else f"周{'一二三四五六日'[day.weekday()]}"
        found += [f"{name}（{day:%m-%d}）{half}" for half, until in HALVES if ahead or here.hour < until - 1]
    return found
