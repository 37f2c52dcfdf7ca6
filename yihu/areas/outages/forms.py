"""What each step of an outage asks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone

from yihu.areas.outages import telling
from yihu.areas.outages.callers import waiting
from yihu.areas.outages.models import Outage, clock
from yihu.ground.contact.forms import CallerSheet
from yihu.ground.estate.finding import find_units
from yihu.ground.estate.models import Building, Cluster, Unit
from yihu.ground.sending.models import Way
from yihu.kernel.forms import PersonChoice, RowsField, StepForm

Kind, Scope, Sort = Outage.Kind, Outage.Scope, Outage.Sort
# how long before a planned outage the owners know of it; a sudden one is made known at once
AHEAD = {Kind.POWER: timedelta(days=7)}
USUALLY_AHEAD, AT_ONCE = timedelta(days=1), timedelta(minutes=30)
MOST_UNITS = 200
SHOWN = 6


class _Places(RowsField):
    def __init__(self, label: str, model: type[Model]) -> None:
        super().__init__(label=label, queryset=model._default_manager.none(), widget=forms.CheckboxSelectMultiple)


class BuildingsField(_Places):
    def label_from_instance(self, obj: Any) -> str:
        cluster = obj.cluster.name if obj.cluster else ""
        return f"{cluster} {obj}".strip()


class OutageForm(StepForm):
    """Opening: what, where, why, until when. What the desk says and what the notice says follow from it."""

    handler = PersonChoice(label="负责人", capability="outages.work")
    begins_at = forms.DateTimeField(label="开始时间")
    expected_at = forms.DateTimeField(label="预计恢复时间")
    clusters = _Places("哪些组团", Cluster)
    buildings = BuildingsField("哪些楼栋", Building)
    rooms = forms.CharField(
        label="哪些房屋",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个房号，或用顿号隔开",
    )
    optional = ("clusters", "buildings", "rooms", "responsible", "measures", "say", "advice", "handler")
    only_when = {"clusters": "scope=clusters", "buildings": "scope=buildings", "rooms": "scope=units"}
    sections = (
        ("", ("supply", "sort", "scope", "clusters", "buildings", "rooms")),
        ("", ("side", "cause", "begins_at", "expected_at", "responsible", "measures")),
        ("负责人、口径、提示（可不填，按上面的内容自动写好）", ("handler", "say", "advice")),
    )

    class Meta:
        model = Outage
        fields = [
            "supply", "sort", "scope", "side", "cause", "begins_at", "expected_at", "responsible", "measures", "say", "advice", "handler",
        ]  # fmt: skip
        widgets = {
            "supply": forms.RadioSelect,
            "sort": forms.RadioSelect,
            "scope": forms.RadioSelect,
            "side": forms.RadioSelect,
            "measures": forms.Textarea(attrs={"rows": 2}),
            "say": forms.Textarea(attrs={"rows": 2}),
            "advice": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"say": "前台照着念；预计恢复时间自动接在后面", "responsible": "例如：自来水公司抢修队"}

    def prepare(self) -> None:
        here = self.record.community_id
        self.fields["clusters"].queryset = Cluster.objects.filter(community_id=here).order_by("code")  # type: ignore[attr-defined]
        buildings = Building.objects.filter(community_id=here).select_related("cluster").order_by("cluster__code", "pk")
        self.fields["buildings"].queryset = buildings  # type: ignore[attr-defined]
        self.initial["begins_at"] = self.initial.get("begins_at") or self.at

    def clean_rooms(self) -> list[Unit]:
        """Each room as it was written; one that fits several units is asked back, never guessed."""
        typed = [word for word in re.split(r"[\s、，,;；]+", self.cleaned_data["rooms"]) if word]
        if len(typed) > MOST_UNITS:
            raise forms.ValidationError(f"一次最多 {MOST_UNITS} 个房号；更多的请按楼栋选择。")
        found: dict[int, Unit] = {}
        for word in typed:
            fits = find_units(word, [self.record.community_id], 3)
            exact = [unit for unit in fits if unit.label == word] or [unit for unit in fits if unit.rank == 0] or fits
            if not exact:
                raise forms.ValidationError(f"没有找到房号“{word}”，请核对。")
            if len(exact) > 1:
                several = "、".join(str(unit) for unit in exact)
                raise forms.ValidationError(f"“{word}”不止一户（{several}），请写全房号。")
            found[exact[0].pk] = exact[0]
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outage = self.record
        cleaned["places"] = self._places(cleaned)
        outage.place_words = place_words(cleaned.get("scope", ""), cleaned["places"])
        cleaned["handler"] = cleaned.get("handler") or self.by
        begins = check_span(self, cleaned)
        if begins:
            planned = cleaned.get("sort") == Sort.PLANNED
            if planned and begins <= self.at:
                self.add_error("begins_at", "计划停用的开始时间要晚于现在；已经停了的选“突发”。")
            if not planned and begins > self.at + timedelta(minutes=5):
                self.add_error("begins_at", "还没有停的，性质请选“计划”。")
            outage.notice_by = notice_by(cleaned.get("supply", ""), begins, self.at, planned=planned)
        return cleaned

    def _places(self, cleaned: dict[str, Any]) -> list[Any]:
        name = {Scope.CLUSTERS: "clusters", Scope.BUILDINGS: "buildings", Scope.UNITS: "rooms"}.get(
            cleaned.get("scope", "")
        )
        places = list(cleaned.get(name) or []) if name else []
        if name and not places and name not in self.errors:
            self.add_error(name, "请选择停用的范围。")
        return places


def place_words(scope: str, places: list[Any]) -> str:
    """A组团 A1栋、A2栋 等 9 处"""
    if scope == Scope.ALL:
        return "全项目"
    names: list[str] = []
    said = ""
    for one in places[:SHOWN]:
        cluster = one.cluster.name if isinstance(one, Building) and one.cluster else ""
        names.append(f"{cluster} {one}" if cluster != said and cluster else str(one))
        said = cluster
    more = f" 等 {len(places)} 处" if len(places) > SHOWN else ""
    return f"{'、'.join(names)}{more}"[:200]


def check_span(form: StepForm, cleaned: dict[str, Any]) -> datetime | None:
    """The beginning, if the end lies behind it and ahead of us."""
    begins, ends = cleaned.get("begins_at") or form.record.begins_at, cleaned.get("expected_at")
    if begins and ends and ends <= begins:
        form.add_error("expected_at", "预计恢复时间要晚于开始时间。")
    elif ends and form.at and ends <= form.at:
        form.add_error("expected_at", "预计恢复时间要晚于现在。")
    return begins


def notice_by(kind: str, begins: datetime, at: datetime, *, planned: bool) -> datetime:
    """By when the owners must know."""
    soonest = at + AT_ONCE
    return max(begins - AHEAD.get(Kind(kind), USUALLY_AHEAD), soonest) if planned and kind else soonest


class SecondForm(StepForm):
    """The opening of a second round, filled in by the program: what is left over for callers who are not content."""

    handler = PersonChoice(label="负责人", capability="outages.work")
    begins_at = forms.DateTimeField(label="开始时间")
    expected_at = forms.DateTimeField(label="约定办完时间")
    optional = ("responsible", "handler")
    first: Any = None
    unit: Any = None

    class Meta:
        model = Outage
        fields = ["supply", "sort", "side", "cause", "responsible", "begins_at", "expected_at", "scope", "handler"]

    def clean(self) -> dict[str, Any]:
        """Where: the unit of whoever was called, else wherever the first one was."""
        cleaned = super().clean() or {}
        outage = self.record
        if self.unit is not None:
            cleaned["places"] = [self.unit]
            outage.place_words = place_words(Scope.UNITS, [self.unit])
        else:
            rows = self.first.places.select_related("cluster", "building", "unit")
            cleaned["places"] = [place.cluster or place.building or place.unit for place in rows]
            outage.place_words = self.first.place_words
        cleaned["handler"] = cleaned.get("handler") or self.by
        outage.notice_by = cleaned.get("expected_at") or self.at
        return cleaned


class PlainForm(StepForm):
    class Meta:
        model = Outage
        fields: list[str] = []


class NotifyForm(PlainForm):
    how = forms.MultipleChoiceField(label="通知方式", choices=Outage.Told.choices, widget=forms.CheckboxSelectMultiple)

    def clean_how(self) -> str:
        return "、".join(Outage.Told(one).label for one in self.cleaned_data["how"])


class SendForm(PlainForm):
    """By which way the households are written to; how many can be is said beside each."""

    way = forms.ChoiceField(label="用什么发", choices=(), widget=forms.RadioSelect)

    def prepare(self) -> None:
        today = timezone.localdate(self.at)
        choices, total = [], 0
        for way in (Way.SMS, Way.WECHAT, Way.WECOM, Way.MAIL):
            total, able = telling.how_many(self.record, way, today)
            choices.append((way.value, f"{way.label}（{able} 户同意接收）"))
        self.fields["way"].choices = choices  # type: ignore[attr-defined]
        self.fields["way"].help_text = f"受影响 {total} 户。没有同意的不会收到，请张贴通知或上门告知。"

    def clean_way(self) -> str:
        way = str(self.cleaned_data["way"])
        if not telling.how_many(self.record, way, timezone.localdate(self.at))[1]:
            raise forms.ValidationError("没有一户同意这样接收，请换一种，或张贴通知。")
        return way


class ReasonForm(PlainForm):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class UtilityForm(PlainForm):
    """Who was called at the utility, when, and what he said."""

    whom = forms.CharField(label="联系了谁", max_length=60, help_text="例如：自来水公司热线，工号 12")
    called_at = forms.DateTimeField(label="什么时候")
    said = forms.CharField(label="对方怎么说", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        self.initial.setdefault("called_at", self.at)

    def clean_called_at(self) -> datetime:
        moment: datetime = self.cleaned_data["called_at"]
        if self.at and moment > self.at + timedelta(minutes=5):
            raise forms.ValidationError("联系时间不能晚于现在。")
        return moment


class ProgressForm(StepForm):
    class Meta:
        model = Outage
        fields = ["measures", "responsible"]
        widgets = {"measures": forms.Textarea(attrs={"rows": 3})}

    optional = ("responsible",)


class DelayForm(StepForm):
    """Another end, said openly."""

    reason = forms.CharField(label="改时间的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    expected_at = forms.DateTimeField(label="新的预计恢复时间")

    class Meta:
        model = Outage
        fields = ["expected_at"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_span(self, cleaned)
        return cleaned


class RescheduleForm(DelayForm):
    """A planned outage is moved; the owners must be told again."""

    begins_at = forms.DateTimeField(label="新的开始时间")
    field_order = ("begins_at", "expected_at", "reason")

    class Meta:
        model = Outage
        fields = ["begins_at", "expected_at"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins = cleaned.get("begins_at")
        if begins and begins <= self.at:
            self.add_error("begins_at", "新的开始时间要晚于现在。")
        elif begins:
            self.record.notice_by = notice_by(self.record.supply, begins, self.at, planned=True)
            self.record.notified_at = None
        return cleaned


class RecoverForm(StepForm):
    recovered_at = forms.DateTimeField(label="恢复时间")
    send_over = forms.BooleanField(label="给收到停用通知的住户发恢复通知", initial=True)
    optional = ("send_over",)

    class Meta:
        model = Outage
        fields = ["recovered_at", "explanation"]
        widgets = {"explanation": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        self.initial["recovered_at"] = self.record.recovered_at or self.at
        if not telling.was_sent(self.record):
            del self.fields["send_over"]

    def clean_recovered_at(self) -> datetime:
        moment: datetime = self.cleaned_data["recovered_at"]
        if moment < self.record.begins_at:
            raise forms.ValidationError("恢复时间不能早于开始时间。")
        if self.at and moment > self.at + timedelta(minutes=5):
            raise forms.ValidationError("恢复时间不能晚于现在。")
        return moment


class CallForm(CallerSheet):
    """One of those who called hears that it is over."""

    class Meta:
        model = Outage
        fields: list[str] = []

    def waiting(self) -> list[int]:
        return waiting(self.record)


class SettleForm(StepForm):
    """What was done about what was left over."""

    class Meta:
        model = Outage
        fields = ["explanation"]
        widgets = {"explanation": forms.Textarea(attrs={"rows": 3})}
        labels = {"explanation": "处理情况"}

    def prepare(self) -> None:
        if not self.is_bound:
            self.initial["explanation"] = ""


class TellAllForm(StepForm):
    """All who called are told by one message that somebody sent."""

    class Meta:
        model = Outage
        fields = ["told_how", "told_words"]
        widgets = {"told_how": forms.RadioSelect, "told_words": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        outage = self.record
        over = f"已于 {clock(outage.recovered_at)} 恢复" if outage.recovered_at else "已取消"
        explained = f"{outage.explanation}。" if outage.explanation else ""
        self.initial["told_words"] = (
            f"{outage.place_words}{outage.get_supply_display()}{over}。{explained}给您带来不便，请谅解。"
        )
