"""钥匙柜: the list that the keeper keeps; its hooks come with it."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.keys.models import Cabinet, KeySet
from yihu.kernel.authority import authority
from yihu.kernel.plain_pages import PlainRegister, RowForm

MOST_HOOKS = 500


class CabinetForm(RowForm):
    """A cabinet, where it stands, who keeps it, how many hooks it has."""

    kinds = forms.MultipleChoiceField(
        label="放哪几类钥匙",
        choices=KeySet.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾的，挂不进这个柜",
    )

    class Meta:
        model = Cabinet
        fields = ["name", "place", "keeper", "kinds", "hook_prefix", "hook_count", "position", "shown"]
        help_texts = {
            "hook_prefix": "例如 A-：挂钩就是 A-01、A-02……",
            "hook_count": "以后加挂钩改大就行；已经挂着钥匙的不会少",
            "position": "小的排在前面",
            "shown": "不再用的取消勾选",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = authority().people_with(self.instance.community_id, "keys.keep")
        keeper: Any = self.fields["keeper"]
        keeper.queryset = people

    def clean_kinds(self) -> list[str]:
        kinds = list(self.cleaned_data["kinds"])
        hanging = KeySet.objects.filter(hook__cabinet=self.instance) if self.instance.pk else KeySet.objects.none()
        other = hanging.exclude(kind__in=kinds).first()
        if other is not None:
            raise forms.ValidationError(f"柜里还挂着{other.get_kind_display()}钥匙 {other}，请先改挂到别的柜。")
        return kinds

    def clean_hook_count(self) -> int:
        count = int(self.cleaned_data["hook_count"])
        if not 1 <= count <= MOST_HOOKS:
            raise forms.ValidationError(f"挂钩数应在 1 至 {MOST_HOOKS} 之间。")
        if self.instance.pk and count < self.instance.hooks.count():
            raise forms.ValidationError(f"这个柜已有 {self.instance.hooks.count()} 个挂钩，只能加，不能减。")
        return count

    def clean_shown(self) -> bool:
        shown = bool(self.cleaned_data["shown"])
        if not shown and self.instance.pk and KeySet.objects.filter(hook__cabinet=self.instance).exists():
            raise forms.ValidationError("柜里还挂着钥匙，请先把钥匙改挂到别的柜。")
        return shown


def kinds_words(row: Cabinet) -> str:
    return (
        "各类"
        if set(row.kinds) >= set(KeySet.Kind.values)
        else "、".join(str(KeySet.Kind(one).label) for one in row.kinds)
    )


CABINETS = PlainRegister(
    model=Cabinet, name="cabinets", title="钥匙柜", form=CabinetForm, read="keys.see", edit="keys.lists", namespace="keys",
    heads=("钥匙柜", "放在哪里", "保管人", "放哪几类", "挂钩"),
    cells=lambda row: (row.place, str(row.keeper), kinds_words(row), f"{KeySet.objects.filter(hook__cabinet=row).count()} / {row.hook_count}"),
    word="一个柜", help="上锁的钥匙柜，一个柜一位保管人；挂钩编号随柜生成。", empty="还没有钥匙柜。先写上柜和保管人，收钥匙时就有挂钩可选。",
)  # fmt: skip
