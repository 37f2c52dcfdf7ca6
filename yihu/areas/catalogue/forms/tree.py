"""Sections and items of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from yihu.areas.catalogue.models import Box, Item, Rule, Section
from yihu.areas.catalogue.models.tree import LEVELS
from yihu.areas.catalogue.tree import cabinet_of
from yihu.areas.catalogue.words import KEEP
from yihu.kernel.authority import authority
from yihu.kernel.forms import FilesField
from yihu.kernel.plain_pages import RowForm

SECTION_FIELDS = ["number", "title", "parent", "cabinet", "rule", "remark", "position", "shown"]
ITEM_FIELDS = [
    "number", "title", "section", "period", "copies", "box", "cabinet", "place", "keeper", "rule", "since", "remark", "position", "shown",
]  # fmt: skip


class SectionForm(RowForm):
    class Meta:
        model = Section
        fields = SECTION_FIELDS
        help_texts = {
            "number": "照总目录上印的写，例如 十、2.3",
            "cabinet": "空着就跟上一级同一个柜",
            "rule": "这一节新条目的默认期限",
            "remark": "例如：尚未移交、另存档",
            "position": "小的排在前面",
            "shown": "不用的取消勾选；下面还有条目的不能停用",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        community = self.instance.community_id
        parents = Section.objects.filter(community_id=community, shown=True, level__lt=LEVELS)
        fields: Any = self.fields
        fields["parent"].queryset = parents.exclude(pk=self.instance.pk).order_by("level", "position", "pk")
        fields["parent"].empty_label = "（最上一级）"
        fields["rule"].queryset = Rule.objects.filter(community_id=community, shown=True).order_by("position")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parent = cleaned.get("parent")
        level = parent.level + 1 if parent else 1
        own = self.instance.pk
        if own and self._depth(own) + level - 1 > LEVELS:
            self.add_error("parent", "目录最多四级（部分、节、小节、条目），移到这里就太深了。")
        elif own and parent and self._below(own, parent):
            self.add_error("parent", "不能移到自己的下级里面。")
        self.instance.level = level
        if own and not cleaned.get("shown"):
            left = (
                Item.objects.filter(section_id=own, shown=True).count()
                + Section.objects.filter(parent_id=own, shown=True).count()
            )
            if left:
                self.add_error("shown", f"这一节下面还有 {left} 项在用，请先移走或停用。")
        return cleaned  # fmt: skip

    def _depth(self, pk: int) -> int:
        children = list(Section.objects.filter(parent_id=pk, shown=True).values_list("pk", flat=True))
        return 1 + max((self._depth(child) for child in children), default=0)

    def _below(self, pk: int, parent: Section | None) -> bool:
        while parent is not None:
            if parent.pk == pk:
                return True
            parent = parent.parent
        return False


class ItemForm(RowForm):
    files = FilesField(label="电子文件", required=False)

    class Meta:
        model = Item
        fields = ITEM_FIELDS
        widgets = {"since": forms.DateInput(attrs={"type": "date"})}
        help_texts = {
            "number": "照总目录上印的写",
            "cabinet": "空着就跟盒或所在的节同一个柜",
            "since": "保管期限从这一天起算，一般是资料所属期间的最后一天；不写就不会到期",
            "position": "小的排在前面",
            "shown": "不用的条目取消勾选",
        }

    field_order = [*ITEM_FIELDS[:12], "files", *ITEM_FIELDS[12:]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        community = self.instance.community_id
        fields: Any = self.fields
        fields["section"].queryset = Section.objects.filter(community_id=community, shown=True).order_by(
            "level", "position", "pk"
        )
        fields["box"].queryset = Box.objects.filter(
            Q(shown=True) | Q(pk=self.instance.box_id), community_id=community
        ).order_by("number")
        fields["rule"].queryset = Rule.objects.filter(community_id=community, shown=True).order_by("position")
        fields["keeper"].queryset = authority().people_with(community, KEEP)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and not cleaned.get("shown") and self.instance.loans.filter(is_out=True).exists():
            self.add_error("shown", "这一件借出未还，先收回再停用。")
        since = cleaned.get("since")
        if since and not 1900 <= since.year <= 2200:
            self.add_error("since", "请核对年份。")
        if cleaned.get("copies"):
            self._in_hand(cleaned)
        return cleaned

    def _in_hand(self, cleaned: dict[str, Any]) -> None:
        """What is held has a holder, a place and a time for which it is kept (ARC-10); what the catalogue only names needs none."""
        if not cleaned.get("keeper"):
            self.add_error("keeper", "手上有的资料要有保管人，请选择。")
        if not cleaned.get("rule"):
            self.add_error("rule", "手上有的资料要写保管期限，请选择。")
        section = cleaned.get("section")
        if section and not cabinet_of(
            Item(section=section, box=cleaned.get("box"), cabinet=cleaned.get("cabinet", ""))
        ):
            self.add_error("cabinet", "这一节没有定档案柜，请写明放在哪个柜，或选一个档案盒。")


class HoldForm(forms.Form):
    hold = forms.CharField(
        label="锁定原因", max_length=100, required=False, help_text="例如：诉讼、审计、理赔未了。写明原因就是锁定，不能销毁；清空就是解除。"
    )  # fmt: skip
