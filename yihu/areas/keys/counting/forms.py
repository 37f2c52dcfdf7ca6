"""What is asked around a count: its cabinet, the differences, the witness, how a difference ended."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.keys.counting import compare
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import Cabinet
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.forms import PersonChoice, SignatureField, StepForm

WITNESS = "counting.witness"
LOST, UNWRITTEN, OTHER = "lost", "unwritten", "other"


class TurnForm(StepForm):
    """The program opens a count for each turn; a person opens one besides when something is wrong."""

    optional = ("turn", "due_at")

    class Meta:
        model = KeyCount
        fields = ["cabinet", "turn", "due_at"]
        widgets = {"cabinet": forms.RadioSelect}
        help_texts = {"turn": "不填就是“临时核查”", "due_at": "不填就是今天"}

    def prepare(self) -> None:
        field: Any = self.fields["cabinet"]
        field.queryset = Cabinet.objects.filter(community_id=self.record.community_id, shown=True).order_by(
            "position", "pk"
        )
        field.empty_label = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        now = self.at or timezone.now()
        tonight = datetime.combine(timezone.localdate(now), time(23, 59), OFFICE_ZONE)
        cleaned["turn"] = cleaned.get("turn") or f"{timezone.localtime(now):%m-%d} 临时核查"
        cleaned["due_at"] = cleaned.get("due_at") or tonight
        return cleaned


class SignForm(StepForm):
    """The counter signs. Each difference has its reason; none of them can be passed over (KEY-03)."""

    witness = PersonChoice(
        label="见证人", capability=WITNESS, help_text="不能是柜子的保管人，也不能是核查人自己；他登录后签字"
    )
    surplus_seen = forms.ChoiceField(
        label="空挂钩上、柜子里，有没有多出来的钥匙", choices=(("no", "没有"), ("yes", "有")), widget=forms.RadioSelect
    )
    signature = SignatureField(label="核查人签名")
    optional = ("surplus",)
    starred = ("surplus",)
    only_when = {"surplus": "surplus_seen=yes"}
    field_order = ("surplus_seen", "surplus", "witness", "signature")

    class Meta:
        model = KeyCount
        fields = ["witness", "surplus"]
        labels = {"surplus": "多出的是什么、挂在哪里"}

    def prepare(self) -> None:
        self.result = compare.result(self.record)
        for one in self.result.differences:
            for name, field in self._asked(one).items():
                field.starred, field.when = False, ""  # type: ignore[attr-defined]
                self.fields[f"{name}_{one.key.pk}"] = field

    def _asked(self, one: compare.Difference) -> dict[str, forms.Field]:
        ways = [(LOST, "找不到，报遗失"), (UNWRITTEN, "借出没有登记")] if one.missing else [(UNWRITTEN, "收发没有登记")]
        return {
            "why": forms.ChoiceField(label="怎么回事", choices=[*ways, (OTHER, "其它")], widget=forms.RadioSelect),
            "reason": forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2})),
        }

    def field_sections(self) -> list[dict[str, Any]]:
        lines = [
            {
                "legend": f"{one.tick.hook}　{one.key.tag}：{one.words}",
                "fields": [self[f"why_{one.key.pk}"], self[f"reason_{one.key.pk}"]],
            }
            for one in self.result.differences
        ]
        rest = [self[name] for name in ("surplus_seen", "surplus", "witness", "signature")]
        return [*lines, {"legend": "", "fields": rest}]

    def clean_witness(self) -> Any:
        witness = self.cleaned_data["witness"]
        if witness.pk == self.record.cabinet.keeper_id:
            raise forms.ValidationError(f"{witness}是这个柜子的保管人，不能见证，请另请一位同事。")
        if witness.pk == self.by.pk or witness.pk in counters(self.record):
            raise forms.ValidationError(f"{witness}自己核了，不能见证，请另请一位同事。")
        return witness

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.result.unanswered:
            raise forms.ValidationError(f"还有 {len(self.result.unanswered)} 个挂钩没有核，请核完再签字。")
        if cleaned.get("surplus_seen") == "no":
            cleaned["surplus"] = ""
        elif cleaned.get("surplus_seen") == "yes" and not cleaned.get("surplus"):
            self.add_error("surplus", "请写明多出的是什么、挂在哪里。")
        return cleaned


def counters(count: Any) -> set[int]:
    """Everybody who answered for a hook of this count."""
    return set(count.ticks.order_by().values_list("by_id", flat=True).distinct())


class WitnessForm(StepForm):
    signature = SignatureField(label="见证人签名")

    class Meta:
        model = KeyCount
        fields: list[str] = []


class ReasonForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = KeyCount
        fields: list[str] = []


class AnotherForm(SignForm):
    """Another witness, where the one who was named can't come."""

    surplus_seen = None
    signature = None
    optional = ()
    only_when = {}

    class Meta:
        model = KeyCount
        fields = ["witness"]

    def prepare(self) -> None:
        pass

    def field_sections(self) -> list[dict[str, Any]]:
        return [{"legend": "", "fields": [self["witness"]]}]

    def clean(self) -> dict[str, Any]:
        return forms.ModelForm.clean(self) or {}


class ResolveForm(StepForm):
    class Meta:
        model = KeyCount
        fields = ["remedy"]
        widgets = {"remedy": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"remedy": "例如：已换锁，费用由借用人承担；借出已补登"}
