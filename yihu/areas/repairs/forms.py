"""What each step of a repair asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from yihu.areas.repairs import callers, crew
from yihu.areas.repairs.models import Firm, MaterialRequest, PartLine, Screening, StandardFault, WorkOrder
from yihu.basics.money import fen
from yihu.ground.contact.forms import CallBackSheet
from yihu.ground.contact.signing import SigningForm
from yihu.kernel import moments
from yihu.kernel.forms import PersonChoice, PhotosField, PickField, StepForm
from yihu.kernel.models import Record

Level, Trade, System = WorkOrder.Level, WorkOrder.Trade, WorkOrder.System
BASEMENTS, STOREYS = 4, 60
FLOORS = [
    ("", "不限"),
    *((name, name) for name in (f"地下{number}层" for number in range(BASEMENTS, 0, -1))),
    *((name, name) for name in (f"{number}层" for number in range(1, STOREYS + 1))),
    ("屋面", "屋面"),
    ("室外", "室外"),
]
# of what nobody said the system, the trade tells it
SYSTEM_OF = {
    Trade.WATER: System.WATER, Trade.POWER: System.POWER, Trade.LOW_VOLTAGE: System.LOW_VOLTAGE,
    Trade.CARPENTRY: System.STRUCTURE, Trade.MASONRY: System.STRUCTURE, Trade.DOORS: System.STRUCTURE,
}  # fmt: skip
MAX_FEN = 100_000_000


def money_field(label: str, **options: Any) -> forms.CharField:
    """元 on the screen, 分 in ``cleaned_data`` (see ``clean_money``)."""
    return forms.CharField(
        label=label, max_length=14, widget=forms.TextInput(attrs={"inputmode": "decimal", "data-money": ""}), **options
    )


def clean_money(text: str) -> int:
    """Typed 元 as 分; refuses more than two decimals and sums beyond a million."""
    try:
        amount = fen(text or "0")
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error
    if not 0 <= amount <= MAX_FEN:
        raise forms.ValidationError("金额应在 0 至 1,000,000.00 元之间。")
    return amount


class FaultField(PickField):
    """One of the standard faults; picking it fills trade, level and charge, and says what to tell the caller."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("repairs.StandardFault", url="repairs:pick_fault", **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        here = Q(community_id=record.community_id) | Q(community__isnull=True)
        self.queryset = StandardFault.objects.filter(here, shown=True)
        self.widget.choices = self.choices


class OrderForm(StepForm):
    """Opening; where it comes of a contact, all but level and trade is there already."""

    fault = FaultField(label="常见故障")
    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    appointment_from = forms.DateTimeField(label="预约开始")
    appointment_to = forms.DateTimeField(label="预约结束")
    floor = forms.ChoiceField(label="楼层", choices=FLOORS)
    photos = PhotosField(label="现场照片")
    optional = (
        "unit", "party", "common_area", "location", "reporter", "phone", "appointment_from", "appointment_to", "photos",
        "chargeable", "responsibility", "fault", "ability", "building", "floor", "system",
    )  # fmt: skip
    taken_over = ("symptom", "unit", "party", "reporter", "phone")
    sections = (
        ("", ("fault", "symptom", "level", "trade", "unit", "location")),
        ("公共部位（不是哪一户的，在这里选）", ("building", "floor", "system", "common_area")),
        (
            "预约、收费、照片（可不填）",
            (
                "appointment_from",
                "appointment_to",
                "reporter",
                "phone",
                "chargeable",
                "responsibility",
                "ability",
                "photos",
            ),
        ),
    )

    class Meta:
        model = WorkOrder
        fields = [
            "fault", "symptom", "level", "trade", "unit", "party", "building", "floor", "system", "common_area",
            "location", "reporter", "phone", "appointment_from", "appointment_to", "chargeable", "responsibility", "ability",
        ]  # fmt: skip
        widgets = {
            "symptom": forms.Textarea(attrs={"rows": 2}),
            "level": forms.RadioSelect,
            "trade": forms.RadioSelect,
            "chargeable": forms.RadioSelect,
            "responsibility": forms.RadioSelect,
            "ability": forms.RadioSelect,
            "system": forms.RadioSelect,
            "party": forms.HiddenInput,
        }
        labels = {"building": "楼栋", "common_area": "具体部位"}
        help_texts = {"common_area": "例如：电梯厅、中庭喷泉", "system": "不选的按工种归类"}

    def prepare(self) -> None:
        for name in ("party", "building"):
            self.fields[name].queryset = self.fields[name].queryset.filter(community_id=self.record.community_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.record.team = "engineering"
        fault = cleaned.get("fault")
        usual = fault.chargeable if fault else WorkOrder.Chargeable.UNDECIDED
        if cleaned.get("chargeable") in (None, "", WorkOrder.Chargeable.UNDECIDED):
            cleaned["chargeable"] = usual
        cleaned["responsibility"] = cleaned.get("responsibility") or WorkOrder.Responsibility.OWN
        if any(cleaned.get(name) for name in ("building", "floor", "common_area")):
            cleaned["unit"] = None  # no household's repair, whoever reported it; its sheet goes into nobody's file
            cleaned["system"] = cleaned.get("system") or SYSTEM_OF.get(cleaned.get("trade", ""), System.OTHER)
        elif not cleaned.get("unit"):
            self.add_error("unit", "请选择房号；公共部位的报修请填写公共部位。")
        first, last = cleaned.get("appointment_from"), cleaned.get("appointment_to")
        if first and last and last < first:
            self.add_error("appointment_to", "预约结束不能早于预约开始。")
        if first and not last:
            cleaned["appointment_to"] = first
        return cleaned


class _Ranked(ModelChoiceIterator):  # type: ignore[type-arg]
    """The candidates in their order, reckoned only where somebody looks at them."""

    def __init__(self, field: Any) -> None:
        self.field = field

    @property
    def queryset(self) -> Any:
        return self.field.queryset

    def __iter__(self) -> Any:
        return ((hand.person.pk, self.field.words(hand)) for hand in self.field.ranked())


class WorkerChoice(PersonChoice):
    """Somebody who goes out today: the best candidate first, with his trades, what he has in hand, and a clash of times."""

    iterator = _Ranked

    def __init__(self, *, others_than_handler: bool = False, **kwargs: Any) -> None:
        self.others, self.order = others_than_handler, None
        super().__init__(capability=crew.WORK, widget=forms.RadioSelect, empty_label=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        self.order = record
        super().bind_to(record, by)

    def ranked(self) -> list[crew.Hand]:
        hands = crew.ranked(crew.crew_of(self.order.community_id, timezone.now()), self.order.trade, self.order)
        return [one for one in hands if not (self.others and one.person.pk == self.order.handler_id)]

    def words(self, one: crew.Hand) -> str:
        parts = [str(one.person), f"在手 {one.in_hand}"]
        if not one.does(self.order.trade):
            parts.append("非本工种")
        if other := one.clash(self.order):
            parts.append(f"预约重叠 {other.number}")
        elif today := crew.of_day(one.appointments, timezone.localdate()):
            parts.append(f"今日约 {len(today)}")
        return " · ".join(parts)


class AssignForm(StepForm):
    """The engineering head looks at level and trade and names the worker."""

    handler = WorkerChoice(label="维修人员")
    optional = ("ability",)

    class Meta:
        model = WorkOrder
        fields = ["handler", "level", "trade", "ability"]
        widgets = {"level": forms.RadioSelect, "trade": forms.RadioSelect, "ability": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ability") == WorkOrder.Ability.OUTSIDE:
            self.add_error("ability", "须外委的单，请点“离开”，再点“外委”选单位。")
        return cleaned


class TurnForm(StepForm):
    """The program names the next one."""

    handler = WorkerChoice(label="维修人员")

    class Meta:
        model = WorkOrder
        fields = ["handler"]


class JudgeForm(StepForm):
    """Before anybody is sent: can we do it, have we got the parts (REP-03)?"""

    class Meta:
        model = WorkOrder
        fields = ["ability"]
        widgets = {"ability": forms.RadioSelect}


class ReasonForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = WorkOrder
        fields: list[str] = []


class ReassignForm(ReasonForm):
    handler = WorkerChoice(label="改派给", others_than_handler=True)

    class Meta:
        model = WorkOrder
        fields = ["handler"]


class PassForm(ReasonForm):
    to = WorkerChoice(label="转给谁", others_than_handler=True)
    field_order = ("to", "reason")

    def clean_to(self) -> Any:
        if self.cleaned_data["to"].pk == self.record.handler_id:
            raise forms.ValidationError("这张单已经在他手上，请选别人。")
        return self.cleaned_data["to"]


class WindowForm(StepForm):
    """A time agreed with the owner."""

    appointment_from = forms.DateTimeField(label="预约开始")
    appointment_to = forms.DateTimeField(label="预约结束")

    class Meta:
        model = WorkOrder
        fields = ["appointment_from", "appointment_to"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("appointment_from"), cleaned.get("appointment_to")
        if first and last and last < first:
            self.add_error("appointment_to", "预约结束不能早于预约开始。")
        if last and self.at and last <= self.at:
            self.add_error("appointment_to", "这个时间已经过去了，请填还没到的时间。")
        return cleaned


class RescheduleForm(WindowForm):
    """改约: the new time, why, and with whom it was agreed."""

    reason = forms.CharField(label="改约原因", max_length=200)
    told = forms.CharField(label="与谁约定、怎样约定", max_length=200)
    owner_agreed = forms.BooleanField(
        label="业主同意修复时限顺延", help_text="到新的预约开始为止不计时；没有同意的，修复时限照常计算。"
    )
    optional = ("owner_agreed",)

    class Meta:
        model = WorkOrder
        fields = ["appointment_from", "appointment_to"]


class FirmChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An outside firm in use here; those of the trade first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, widget=forms.RadioSelect, empty_label=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        self.queryset = Firm.objects.filter(community_id=record.community_id, shown=True).order_by("name")
        rows = sorted(self.queryset, key=lambda firm: record.trade not in firm.trades)
        self.choices = [(firm.pk, f"{firm.name}（{firm.trades_text or '工种未填'}）") for firm in rows]


class SendOutForm(WindowForm):
    """外委: which firm, when it comes, what the owner was told."""

    firm = FirmChoice(label="外委单位")
    told = forms.CharField(label="如何告知业主", max_length=200)

    class Meta:
        model = WorkOrder
        fields = ["firm", "appointment_from", "appointment_to"]


class AskStoreForm(StepForm):
    """What is asked of the store."""

    item = forms.CharField(label="材料", max_length=60)
    quantity = forms.DecimalField(
        label="数量",
        min_value=0.01,
        max_digits=9,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )

    class Meta:
        model = WorkOrder
        fields: list[str] = []


class RequestForm(StepForm):
    """One line that the store has to say something about."""

    request = forms.ModelChoiceField(
        label="材料", queryset=MaterialRequest.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def lines(self) -> Any:
        return MaterialRequest.objects.filter(answer=MaterialRequest.Answer.COMING, arrived_at__isnull=True)

    def prepare(self) -> None:
        rows = self.lines().filter(order_id=self.record.pk).order_by("pk")
        self.fields["request"].queryset = rows  # type: ignore[attr-defined]
        if not self.is_bound:
            self.fields["request"].initial = rows.first()


class AnswerStoreForm(RequestForm):
    """有货、无货等到货、采购不到."""

    answer = forms.ChoiceField(label="仓库答复", choices=MaterialRequest.Answer.choices, widget=forms.RadioSelect)
    arrives_on = forms.DateField(label="预计到货", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    optional = ("arrives_on",)
    starred = ("arrives_on",)
    only_when = {"arrives_on": "answer=coming"}

    def lines(self) -> Any:
        return MaterialRequest.objects.filter(answer="")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") != MaterialRequest.Answer.COMING:
            cleaned["arrives_on"] = None
        elif not cleaned.get("arrives_on"):
            self.add_error("arrives_on", "无货的请填预计到货日期；买不到的请选“采购不到”。")
        elif self.at and cleaned["arrives_on"] <= timezone.localdate(self.at):
            self.add_error("arrives_on", "到货日期要晚于今天；今天就有的请选“有货”。")
        return cleaned


class DeclineForm(ReasonForm):
    """We can't do it: the owner has been told plainly, and how (REP-03)."""

    told = forms.CharField(label="如何告知业主", max_length=200)


class HoldForm(StepForm):
    """On hold needs a reason and the day on which it wakes; the owner is told."""

    told = forms.CharField(label="如何告知业主", max_length=200)
    optional = ("owner_agreed",)

    class Meta:
        model = WorkOrder
        fields = ["hold_reason", "wake_on", "owner_agreed"]
        widgets = {
            "hold_reason": forms.RadioSelect,
            "wake_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"owner_agreed": "业主同意改到恢复日期的，修复时限暂停；否则照常计算。"}

    def clean_wake_on(self) -> Any:
        wake_on = self.cleaned_data["wake_on"]
        if self.at and wake_on <= timezone.localdate(self.at):
            raise forms.ValidationError("恢复日期要晚于今天。")
        return wake_on


class TellOwnerForm(StepForm):
    """The owner hears in detail why it can't be done now, and until when he must wait (D17)."""

    told = forms.CharField(label="告知了谁、怎样说的", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = WorkOrder
        fields: list[str] = []


class ScreenForm(StepForm):
    """筛选: can it be done by now?"""

    result = forms.ChoiceField(label="结果", choices=Screening.Result.choices, widget=forms.RadioSelect)
    words = forms.CharField(label="情况", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = WorkOrder
        fields: list[str] = []


class DecideForm(ReasonForm):
    """What the supervisor decides about a repair that nobody can do."""

    decision = forms.ChoiceField(
        label="决定",
        choices=[("wait", "继续等"), ("resume", "恢复维修"), ("outside", "外委"), ("decline", "不能承接")],
        widget=forms.RadioSelect,
    )
    wake_on = forms.DateField(label="等到哪一天", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    told = forms.CharField(label="如何告知业主", max_length=200)
    field_order = ("decision", "wake_on", "reason", "told")
    optional = ("wake_on", "told")
    starred = ("wake_on", "told")
    only_when = {"wake_on": "decision=wait", "told": "decision=wait decline"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        decision, wake_on = cleaned.get("decision"), cleaned.get("wake_on")
        if decision == "wait" and not wake_on:
            self.add_error("wake_on", "继续等的，请填等到哪一天。")
        elif decision == "wait" and self.at and wake_on <= timezone.localdate(self.at):
            self.add_error("wake_on", "恢复日期要晚于今天。")
        if decision in ("wait", "decline") and not cleaned.get("told"):
            self.add_error("told", "请写明怎样告知业主。")
        return cleaned


class PartForm(StepForm):
    item = forms.CharField(label="材料", max_length=60)
    quantity = forms.DecimalField(
        label="数量",
        min_value=0.01,
        max_digits=9,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    unit_price = money_field("单价（元）")

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def clean_unit_price(self) -> int:
        return clean_money(self.cleaned_data["unit_price"])


class DropPartForm(StepForm):
    part = forms.ModelChoiceField(
        label="哪一行", queryset=PartLine.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def prepare(self) -> None:
        self.fields["part"].queryset = PartLine.objects.filter(order_id=self.record.pk)  # type: ignore[attr-defined]


class FinishForm(StepForm):
    """The worker's report: cause, what was done, labour, photographs of the result, site left clean."""

    labour = money_field("人工费（元）", initial="0")
    photos = PhotosField(label="完工照片")
    site_clean = forms.BooleanField(label="现场已清理")
    optional = ("labour", "photos")

    class Meta:
        model = WorkOrder
        fields = ["cause", "work_done", "chargeable"]
        widgets = {"work_done": forms.Textarea(attrs={"rows": 3}), "chargeable": forms.RadioSelect}

    def prepare(self) -> None:
        self.fields["chargeable"].choices = [  # type: ignore[attr-defined]
            choice for choice in WorkOrder.Chargeable.choices if choice[0] != WorkOrder.Chargeable.UNDECIDED
        ]

    def clean_labour(self) -> int:
        return clean_money(self.cleaned_data["labour"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("chargeable") == WorkOrder.Chargeable.FREE and cleaned.get("labour"):
            self.add_error("labour", "无偿维修不收人工费；请改为有偿，或把人工费改为 0。")
        return cleaned


class FirmDoneForm(FinishForm):
    """What the outside firm did, written down by the head or the desk."""

    labour = money_field("费用（元）", initial="0")


class CallerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unit or '未登记房号'} · {obj.number} · {moments.short(obj.opened_at)}"


class CallerForm(CallBackSheet):
    """One of the others who reported the same fault hears that it is repaired."""

    caller = CallerChoice(label="回访谁", queryset=Record.objects.none(), widget=forms.RadioSelect, empty_label=None)
    sections = (("", ("caller",)), *CallBackSheet.sections)

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def prepare(self) -> None:
        rows = Record.objects.filter(pk__in=callers.waiting(self.record)).select_related("unit")
        self.fields["caller"].queryset = rows.order_by("opened_at", "pk")  # type: ignore[attr-defined]


class TellAllForm(StepForm):
    """All the others are told by one message that somebody sent."""

    how = forms.ChoiceField(label="方式", choices=callers.HOW, widget=forms.RadioSelect)
    words = forms.CharField(label="告知内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def prepare(self) -> None:
        order = self.record
        when = moments.short(order.finished_at)
        place = order.common_place or "您报修的问题"
        self.initial.setdefault("words", f"{place}已于 {when} 修好：{order.work_done}。给您带来不便，请谅解。"[:400])


class SignForm(SigningForm):
    """The customer signs what was done and what it costs, or will not."""

    starred = ("opinion", "signature")
    optional = ("opinion",)
    sections = (
        ("", ("opinion", "signature")),
        ("客户拒签时填写", ("refused", "sign_refused", "witness_1", "witness_2", "photos")),
    )

    class Meta:
        model = WorkOrder
        fields = ["opinion", "sign_refused"]
        widgets = {"opinion": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("refused") and not cleaned.get("opinion"):
            self.add_error("opinion", "请选择客户的意见。")
        return cleaned
