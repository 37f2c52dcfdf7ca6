"""档案销毁."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.catalogue.forms import preset
from yihu.areas.catalogue.models import Destruction, DestructionLine, Item
from yihu.areas.catalogue.tree import full_number, items_of
from yihu.areas.catalogue.words import BORROW
from yihu.kernel.forms import PersonChoice, PhotosField, RowsField, SignatureField, StepForm

MOST = 300


class ItemsChoice(RowsField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{full_number(obj)} {obj}，{obj.expires_on} 到期"


class ProposeForm(StepForm):
    """Only what is past its time, not locked, not lent, on no other list."""

    items = ItemsChoice(
        queryset=Item.objects.none(), label="列入清单的条目", widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "有一件没有到期、已锁定、借出或已在别的清单上，请刷新再选。"},
    )  # fmt: skip

    class Meta:
        model = Destruction
        fields = ["reason"]

    field_order = ("items", "reason")

    def prepare(self) -> None:
        today = timezone.localdate(self.at)
        rows = items_of(self.record.community_id).filter(shown=True, status=Item.Status.KEPT, hold="")
        due = rows.filter(expires_on__lt=today, out=False, listed=False)
        field: Any = self.fields["items"]
        field.queryset = due
        if not self.is_bound:
            field.initial = [item.pk for item in due[:MOST]]
        if not due:
            field.help_text = "现在没有可以销毁的：到期、未锁定、未借出的条目会列在这里。"
        preset(self, reason="保管期满，无继续保存的必要")

    def clean_items(self) -> Any:
        items = self.cleaned_data["items"]
        if len(items) > MOST:
            raise forms.ValidationError(f"一张清单最多 {MOST} 件，请分几张。")
        return items


class CheckForm(StepForm):
    """What the checker leaves on the list."""

    keep = RowsField(
        queryset=DestructionLine.objects.none(), label="逐件核对，同意销毁的保留勾选", widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    optional = ("opinion",)

    class Meta:
        model = Destruction
        fields = ["opinion"]

    field_order = ("keep", "opinion")

    def prepare(self) -> None:
        field: Any = self.fields["keep"]
        field.queryset = DestructionLine.objects.filter(destruction_id=self.record.pk, waits=True).order_by("pk")
        if not self.is_bound:
            field.initial = [line.pk for line in field.queryset]


class SignForm(StepForm):
    signature = SignatureField(label="签名")

    class Meta:
        model = Destruction
        fields: list[str] = []


class RefuseForm(StepForm):
    reason_refused = forms.CharField(label="不批准的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Destruction
        fields: list[str] = []


class DestroyForm(StepForm):
    """Done by one, watched by another."""

    witness = PersonChoice(label="监销人", capability=BORROW)
    photos = PhotosField(label="现场照片")
    optional = ("photos",)

    class Meta:
        model = Destruction
        fields = ["method", "destroyed_on", "witness"]
        widgets = {"method": forms.RadioSelect}

    def prepare(self) -> None:
        preset(self, method=Destruction.Method.SHRED, destroyed_on=timezone.localdate(self.at))

    def clean_witness(self) -> Any:
        if self.cleaned_data["witness"] == self.by:
            raise forms.ValidationError("监销人要是另一个人。")
        return self.cleaned_data["witness"]

    def clean_destroyed_on(self) -> Any:
        day = self.not_to_come("destroyed_on")
        if self.record.manager_at and day < timezone.localdate(self.record.manager_at):
            raise forms.ValidationError("销毁日期不能早于经理签批的那天。")
        return day
