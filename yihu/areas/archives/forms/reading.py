"""What a reading asks: who, which papers, why; then when, with whom; then that they are back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.archives.models import Reading
from yihu.ground.papers.models import Paper
from yihu.ground.staff.codes import POST_TITLES
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import PersonChoice, PickField, RowsField, StepForm

LONGEST = timedelta(days=3)


class AskForm(StepForm):
    """A colleague asks for himself; for somebody from outside the centre writes it down."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="哪一户")
    wanted = forms.MultipleChoiceField(
        label="查阅哪些资料", choices=Paper.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    optional = ("outside", "reader", "dept")
    starred = ("reader", "dept")
    only_when = {"reader": "outside=on", "dept": "outside=on"}
    sections = (("", ("unit", "wanted", "reason", "outside", "reader", "dept")),)

    class Meta:
        model = Reading
        fields = ["unit", "reason", "outside", "reader", "dept"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"reason": "为办什么事，要看什么"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        grants, here = grants_of(self.by), self.record.community_id
        inside = grants.may("papers.see", here)
        if cleaned.get("outside"):
            if not inside:
                self.add_error("outside", "外单位的人查阅，请到服务中心由客服登记。")
            for name, sentence in (("reader", "请写查阅人姓名。"), ("dept", "请写查阅人的单位。")):
                if not cleaned.get(name):
                    self.add_error(name, sentence)
        else:
            if inside:
                raise forms.ValidationError(
                    "您本来就能查看业主档案，不用申请；外单位的人查阅，请勾选“查阅人是外单位的”。"
                )
            posts = "、".join(title for code, title in POST_TITLES.items() if code in grants.posts(here))
            cleaned["reader"], cleaned["dept"] = str(self.by), posts
        self.record.wanted = cleaned.get("wanted") or []
        return cleaned


class AllowForm(StepForm):
    """Which papers exactly, from when to when, and who stays beside the reader."""

    chosen = RowsField(label="同意查阅的资料", queryset=Paper.objects.none(), widget=forms.CheckboxSelectMultiple)
    escort = PersonChoice(label="陪同人", capability="papers.see")

    class Meta:
        model = Reading
        fields = ["from_at", "until_at", "escort"]

    def prepare(self) -> None:
        asked = Paper.objects.filter(unit_id=self.record.unit_id, community_id=self.record.community_id)
        rows = asked.filter(kind__in=self.record.wanted or []).order_by("kind", "pk")
        chosen, now = self.fields["chosen"], (self.at or timezone.now()).replace(second=0, microsecond=0)
        chosen.queryset, chosen.initial = rows, [paper.pk for paper in rows]
        self.initial = {
            **self.initial,
            "from_at": self.record.from_at or now,
            "until_at": self.record.until_at or now + timedelta(hours=2),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end, escort = cleaned.get("from_at"), cleaned.get("until_at"), cleaned.get("escort")
        if begin and end and begin >= end:
            self.add_error("until_at", "结束时间要晚于开始时间。")
        elif begin and end and end - begin > LONGEST:
            self.add_error("until_at", f"一次最多开放 {LONGEST.days} 天，不够再申请。")
        elif end and end <= (self.at or timezone.now()):
            self.add_error("until_at", "结束时间已经过了，请改晚一些。")
        if escort and escort.pk == self.record.opened_by_id and not self.record.outside:
            self.add_error("escort", "陪同人不能是查阅人自己。")
        return cleaned


class RefuseForm(StepForm):
    class Meta:
        model = Reading
        fields = ["refusal"]


class BeginForm(StepForm):
    present = forms.BooleanField(label="本人在场陪同，已核对查阅人身份")

    class Meta:
        model = Reading
        fields: list[str] = []


class EndForm(StepForm):
    returned = forms.BooleanField(label="资料已全部放回")
    optional = ("copied", "copies")
    only_when = {"copies": "copied=on"}

    class Meta:
        model = Reading
        fields = ["copied", "copies"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("copied") and not cleaned.get("copies"):
            self.add_error("copies", "请写明复印了哪些。")
        return cleaned
