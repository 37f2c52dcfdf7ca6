"""What the praises, suggestions, looks, slips and talks ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.relations.models import Channel, Look, Merit, Posting, Praise, Suggestion, Talk
from yihu.areas.relations.times import day_end
from yihu.ground.staff.heads import departments
from yihu.kernel import clocks
from yihu.kernel.authority import authority, is_system
from yihu.kernel.forms import PersonChoice, PhotosField, PickField, RowsField, StepForm
from yihu.kernel.procedure import SERVICE, Limit

ANSWER = Limit(SERVICE, minutes=480)  # by when somebody hears of it where nothing else was promised
ITEMS, PROMISES = 6, 4
TEXT = {"rows": 3}


class PeopleField(RowsField):
    """Some of the people who work in the record's community today."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, capability: str, **kwargs: Any) -> None:
        self.capability = capability
        super().__init__(queryset=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        self.queryset = authority().people_with(record.community_id, self.capability)

    def clean(self, value: Any) -> Any:
        """A hand-over gives the one person whom the contact is about."""
        return super().clean(value if isinstance(value, list | tuple) or not value else [value])


def team_field(label: str, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, **kwargs)


def offer_departments(form: StepForm, empty: str) -> None:
    form.fields["team"].choices = [("", empty), *departments(form.record.community_id)]  # type: ignore[attr-defined]


class WhomForm(StepForm):
    """Who is praised: people, or a whole department."""

    people = PeopleField(label="受表扬员工", capability="reception.open", help_text="可以选几位")
    team = team_field("或整个部门")
    optional: tuple[str, ...] = ("people", "team")

    class Meta:
        model = Praise
        fields: list[str] = []

    def prepare(self) -> None:
        offer_departments(self, "不是整个部门")


class PraiseForm(WhomForm):
    """Opening: mostly known from the contact. Who cannot be named yet is found out by whoever verifies."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    promised_at = forms.DateTimeField(label="承诺答复时间", help_text="不填则八个服务小时")
    optional = ("people", "team", "unit", "party", "caller_name", "phone", "promised_at")
    taken_over = ("source", "content", "unit", "party", "caller_name", "phone", "promised_at")
    sections = (
        ("", ("people", "team", "content", "source")),
        ("谁表扬的", ("unit", "caller_name", "phone", "promised_at")),
    )

    class Meta:
        model = Praise
        fields = ["source", "content", "unit", "party", "caller_name", "phone", "promised_at"]
        widgets = {
            "source": forms.RadioSelect, "party": forms.HiddenInput, "content": forms.Textarea(attrs=TEXT),
        }  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        here_only(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["promised_at"] = cleaned.get("promised_at") or usually(self)
        return cleaned


class VerifyForm(WhomForm):
    """Did it happen, and was it they? Nobody verifies a praise of himself."""

    outcome = forms.ChoiceField(
        label="结论", choices=[("confirmed", "属实"), ("unconfirmed", "未能核实")], widget=forms.RadioSelect
    )
    optional = ("people", "team")
    only_when = {"people": "outcome=confirmed", "team": "outcome=confirmed"}
    sections = (("", ("outcome", "people", "team", "finding")),)

    class Meta:
        model = Praise
        fields = ["finding"]
        widgets = {"finding": forms.Textarea(attrs=TEXT)}
        help_texts = {"finding": "怎么核实的；未能核实的写明原因"}

    def prepare(self) -> None:
        super().prepare()
        named = Merit.objects.filter(praise_id=self.record.pk)
        self.initial.setdefault("people", [row.person_id for row in named if row.person_id])
        self.initial.setdefault("team", next((row.team for row in named if row.team), ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        people, confirmed = list(cleaned.get("people") or []), cleaned.get("outcome") == "confirmed"
        if confirmed and not people and not cleaned.get("team"):
            self.add_error("people", "属实的，请选受表扬的员工或部门。")
        if confirmed and self.by in people:
            self.add_error("people", "表扬的是您本人，请交另一位主管核实。")
        return cleaned


class PostForm(StepForm):
    """Put up on a board, where and since when."""

    class Meta:
        model = Praise
        fields = ["posted_at", "posted_on"]
        widgets = {"posted_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def prepare(self) -> None:
        self.initial["posted_on"] = self.record.posted_on or timezone.localdate(self.at)

    def clean_posted_on(self) -> Any:
        return not_to_come(self.cleaned_data["posted_on"], self.at)


class ThankForm(StepForm):
    """The customer was thanked; a call-back afterwards only where somebody wants one."""

    call_back = forms.BooleanField(label="还要回访")
    optional = ("call_back",)

    class Meta:
        model = Praise
        fields = ["thanks"]
        widgets = {"thanks": forms.Textarea(attrs=TEXT)}
        help_texts = {"thanks": "怎么向客户致谢的；匿名的写明如何公开致谢"}


class SuggestionForm(StepForm):
    """Opening: from a contact everything is known; it goes to the project manager."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    promised_at = forms.DateTimeField(label="承诺答复时间", help_text="不填则八个服务小时；意见箱的两个工作日")
    optional = ("unit", "party", "caller_name", "phone", "promised_at")
    taken_over = ("content", "source", "unit", "party", "caller_name", "phone", "promised_at")
    sections = (("", ("content", "source")), ("谁提的", ("unit", "caller_name", "phone", "promised_at")))

    class Meta:
        model = Suggestion
        fields = ["content", "source", "unit", "party", "caller_name", "phone", "promised_at"]
        widgets = {
            "source": forms.RadioSelect, "party": forms.HiddenInput, "content": forms.Textarea(attrs=TEXT),
        }  # fmt: skip

    def prepare(self) -> None:
        here_only(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        from_box = cleaned.get("source") == Suggestion.Source.BOX
        cleaned["promised_at"] = None if from_box else cleaned.get("promised_at") or usually(self)  # a slip has D28
        self.record.handler = next(iter(authority().holders(self.record.community_id, "project_manager")), None)
        return cleaned


class DecideForm(StepForm):
    """Taken up, in part, or not, and why; what is taken up has a department and a day."""

    team = team_field("落实部门")
    optional = ("team", "planned_on")
    starred = ("team", "planned_on")
    only_when = dict.fromkeys(("team", "planned_on"), "decision=adopted partly")
    sections = (("", ("decision", "reason", "team", "planned_on")),)

    class Meta:
        model = Suggestion
        fields = ["decision", "reason", "team", "planned_on"]
        widgets = {
            "decision": forms.RadioSelect,
            "reason": forms.Textarea(attrs=TEXT),
            "planned_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def prepare(self) -> None:
        offer_departments(self, "请选择")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == Suggestion.Decision.DECLINED:
            return cleaned | {"team": "", "planned_on": None}
        if cleaned.get("decision"):
            if not cleaned.get("team"):
                self.add_error("team", "采纳的，请选由哪个部门落实。")
            if not cleaned.get("planned_on"):
                self.add_error("planned_on", "采纳的，请填写落实期限。")
            elif cleaned["planned_on"] < timezone.localdate(self.at):
                self.add_error("planned_on", "落实期限不能早于今天。")
        return cleaned


class AnswerForm(StepForm):
    """What the customer was told; what many ask is answered for all to read."""

    optional = ("public_answer",)

    class Meta:
        model = Suggestion
        fields = ["answer", "public_answer"]
        widgets = {"answer": forms.Textarea(attrs=TEXT), "public_answer": forms.Textarea(attrs=TEXT)}
        help_texts = {"public_answer": "常见的意见，写一段可以张贴的答复；不要写姓名、房号、电话。不公开就留空"}


class PostingAnswerForm(AnswerForm):
    class Meta(AnswerForm.Meta):
        model = Posting


class ResultForm(StepForm):
    class Meta:
        model = Suggestion
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs=TEXT)}


class LookForm(StepForm):
    """Opening by the system: which channel, when, and by when at the latest."""

    class Meta:
        model = Look
        fields = ["channel", "slot", "due_at"]

    def prepare(self) -> None:
        self.fields["channel"].queryset = Channel.objects.filter(community_id=self.record.community_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("channel"):
            self.record.handler = cleaned["channel"].keeper
        return cleaned


def _items() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for at in range(1, ITEMS + 1):
        found[f"content_{at}"] = forms.CharField(
            label="内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
        )
        found[f"author_{at}"] = forms.CharField(label="发帖人昵称", max_length=40)
        found[f"link_{at}"] = forms.CharField(label="链接", max_length=300)
    return found


class Looked(StepForm):
    """Nothing new, or what was found, one line each, with a photograph or a screenshot of it."""

    found = forms.ChoiceField(
        label="查看结果", choices=[("nothing", "没有新内容"), ("some", "有新内容")], widget=forms.RadioSelect
    )
    photos = PhotosField(label="照片或截图", help_text="有新内容的必须附；没有的也可以附一张为证")

    class Meta:
        model = Look
        fields: list[str] = []

    optional = ("photos", *_items())
    starred = ("content_1",)
    only_when = dict.fromkeys(_items(), "found=some")
    sections = (
        ("", ("found", "content_1", "author_1", "link_1", "photos")),
        *((f"第 {at} 条", (f"content_{at}", f"author_{at}", f"link_{at}")) for at in range(2, ITEMS + 1)),
    )

    def prepare(self) -> None:
        if not self.record.of_forum:
            for at in range(1, ITEMS + 1):
                del self.fields[f"link_{at}"]
                self.fields[f"author_{at}"].label = "署名"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        items = [] if cleaned.get("found") == "nothing" else self._rows(cleaned)
        if cleaned.get("found") == "some":
            if not items:
                self.add_error("content_1", "有新内容的，请至少写一条。")
            if not cleaned.get("photos") and "photos" not in self.errors:
                self.add_error("photos", "有新内容的，请附截图或照片。")
        return {**cleaned, "items": items}

    def _rows(self, cleaned: dict[str, Any]) -> list[dict[str, str]]:
        rows = [
            {part: cleaned.get(f"{part}_{at}") or "" for part in ("content", "author", "link")}
            for at in range(1, ITEMS + 1)
        ]
        for at, row in enumerate(rows, start=1):
            if not row["content"] and (row["author"] or row["link"]):
                self.add_error(f"content_{at}", "请写明内容。")
        return [row for row in rows if row["content"]]


LookedForm = type("LookedForm", (Looked,), _items())


class MissedForm(StepForm):
    class Meta:
        model = Look
        fields = ["why"]
        widgets = {"why": forms.Textarea(attrs={"rows": 2})}


class PostingForm(StepForm):
    """One more post or slip, outside a look; the channel's person answers it unless another is named."""

    handler = PersonChoice(label="答复人", capability="relations.look", help_text="不选则由渠道负责人答复")
    optional = ("author", "link", "handler")
    sections = (("", ("channel", "content", "author", "link", "handler")),)

    class Meta:
        model = Posting
        fields = ["channel", "content", "author", "link", "handler"]
        widgets = {"content": forms.Textarea(attrs=TEXT)}

    def prepare(self) -> None:
        here = Channel.objects.filter(community_id=self.record.community_id)
        self.fields["channel"].queryset = here if is_system(self.by) else here.filter(kept=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("channel"):
            self.record.source = cleaned["channel"].kind
            cleaned["handler"] = cleaned.get("handler") or cleaned["channel"].keeper
        return cleaned


def _promises() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for at in range(1, PROMISES + 1):
        found[f"what_{at}"] = forms.CharField(label="承诺事项", max_length=200)
        found[f"due_{at}"] = forms.DateField(label="完成日期", widget=forms.DateInput(attrs={"type": "date"}))
        found[f"handler_{at}"] = PersonChoice(
            label="责任人", capability="reception.matter.work", help_text="不选就是登记人自己"
        )
    return found


class TalkOpening(StepForm):
    """Opening (F11). Each promise becomes a matter with a limit, in the hands of the one who is named."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")

    class Meta:
        model = Talk
        fields = ["unit", "party", "interviewee", "phone", "talked_on", "method", "topics", "needs"]
        widgets = {
            "party": forms.HiddenInput,
            "talked_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "method": forms.RadioSelect,
            "topics": forms.Textarea(attrs=TEXT),
            "needs": forms.Textarea(attrs={"rows": 2}),
        }

    optional = ("unit", "party", "phone", "needs", *_promises())
    sections = (
        ("", ("unit", "interviewee", "phone", "talked_on", "method", "topics", "needs")),
        *((f"承诺事项 {at}", (f"what_{at}", f"due_{at}", f"handler_{at}")) for at in range(1, PROMISES + 1)),
    )

    def prepare(self) -> None:
        here_only(self)
        self.initial["talked_on"] = self.initial.get("talked_on") or timezone.localdate(self.at)

    def clean_talked_on(self) -> Any:
        return not_to_come(self.cleaned_data["talked_on"], self.at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.record.handler = self.by
        promises = []
        for at in range(1, PROMISES + 1):
            what, due = cleaned.get(f"what_{at}"), cleaned.get(f"due_{at}")
            if what and due is None and f"due_{at}" not in self.errors:
                self.add_error(f"due_{at}", "请填写答应什么时候办好。")
            elif due and not what:
                self.add_error(f"what_{at}", "请写明答应了什么。")
            elif due and due < timezone.localdate(self.at):
                self.add_error(f"due_{at}", "完成日期不能早于今天。")
            elif what and due:
                promises.append(
                    {"what": what, "due_at": day_end(due), "handler": cleaned.get(f"handler_{at}") or self.by}
                )
        return {**cleaned, "promises": promises}


TalkForm = type("TalkForm", (TalkOpening,), _promises())


def here_only(form: StepForm) -> None:
    """A household's people only out of the record's own community."""
    form.fields["party"].queryset = form.fields["party"].queryset.filter(community_id=form.record.community_id)  # type: ignore[attr-defined]


def usually(form: StepForm) -> datetime:
    return clocks.after(ANSWER, form.at or timezone.now(), form.record.community_id)


def not_to_come(day: Any, at: datetime | None) -> Any:
    if day > timezone.localdate(at):
        raise forms.ValidationError("日期不能晚于今天。")
    return day
