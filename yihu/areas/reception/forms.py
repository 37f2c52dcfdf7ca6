"""What the desk asks: as little as a ringing telephone allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.reception import joining
from yihu.areas.reception.knowledge import answers_of
from yihu.areas.reception.models import Category, Contact, Matter
from yihu.ground.contact.jobs import job_as
from yihu.ground.estate.standing import standing_as
from yihu.ground.staff.heads import departments
from yihu.kernel import clocks
from yihu.kernel.authority import grants_of, is_system
from yihu.kernel.forms import PersonChoice, PickField, StepForm
from yihu.kernel.procedure import NATURAL, SERVICE, WORKING, Limit

# where nobody promises another time: a complaint within two service hours, a repair within its own day, the rest by the
# end of a day's service
DEFAULT_PROMISE = {Category.COMPLAINT: Limit(SERVICE, minutes=120), Category.REPAIR: Limit(NATURAL, minutes=1440)}
OTHER_PROMISE = Limit(SERVICE, minutes=480)
SLIP_PROMISE = Limit(WORKING, days=2)  # whatever was found in the box (D28)
EARLIEST = timedelta(days=30)  # what was noted on paper is entered within a month
# how somebody of the unit stands to it, as the register says it
RELATION_OF = {
    "owner": Contact.Relation.OWNER,
    "lessee": Contact.Relation.LESSEE,
    "resident": Contact.Relation.FAMILY,
    "agent": Contact.Relation.AGENT,
}


def usual_promise(category: str, form: StepForm, channel: str = "") -> Any:
    """The time that is promised where nobody says another."""
    limit = DEFAULT_PROMISE.get(Category(category), OTHER_PROMISE)
    if channel == Contact.Channel.BOX:
        limit = SLIP_PROMISE
    return clocks.after(limit, form.at or timezone.now(), form.record.community_id)


class ContactForm(StepForm):
    """Opening (F01). The receiver's name and the time are known; they are not asked."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    promised_at = forms.DateTimeField(label="承诺答复时间", help_text="不填则按类别约定")
    about_staff = PersonChoice(label="涉及员工", capability="reception.open", help_text="投诉或表扬到人时选择")
    joins = forms.CharField(label="所答停用", max_length=40, widget=forms.HiddenInput)
    joins_job = forms.CharField(label="并入已有的单", max_length=40, widget=forms.HiddenInput)
    urges = forms.BooleanField(label="来电催办", widget=forms.HiddenInput)
    knowledge = forms.CharField(label="所用答复", max_length=60, widget=forms.HiddenInput)
    # out of a forum or a box: the desk looks at it and hands it over
    unrouted = forms.BooleanField(widget=forms.HiddenInput)
    optional = (
        "joins",
        "joins_job",
        "urges",
        "knowledge",
        "unrouted",
        "unit",
        "party",
        "caller_name",
        "phone",
        "promised_at",
        "about_staff",
        "answered",
        "result",
        "received_at",
    )
    sections = (
        ("谁", ("unit", "caller_name", "phone", "relation", "channel")),
        ("什么事", ("category", "content", "answered", "result", "promised_at", "about_staff")),
    )

    class Meta:
        model = Contact
        fields = [
            "unit", "party", "caller_name", "phone", "relation", "channel", "category", "content", "answered", "result",
            "promised_at", "about_staff", "received_at",
        ]  # fmt: skip
        widgets = {
            "party": forms.HiddenInput,
            "relation": forms.RadioSelect,
            "channel": forms.RadioSelect,
            "category": forms.RadioSelect,
            "content": forms.Textarea(attrs={"rows": 3}),
            "result": forms.Textarea(attrs={"rows": 2}),
            "received_at": forms.HiddenInput,
        }

    def prepare(self) -> None:
        # who may not look at the households takes down whom he has before him, and picks nobody from the roll
        knows = is_system(self.by) or grants_of(self.by).may("estate.see", self.record.community_id)
        people = self.fields["party"].queryset  # type: ignore[attr-defined]
        self.fields["party"].queryset = people.filter(community_id=self.record.community_id) if knows else people.none()  # type: ignore[attr-defined]
        # the telephone rings: where the unit is known, the first thing to say is what it is about
        self.fields["category" if self.initial.get("unit") else "unit"].widget.attrs["autofocus"] = ""
        self._know_caller()
        self._know_answer()
        self._know_standing()
        self._know_job()

    def _know_caller(self) -> None:
        """The person chosen on the household's file stands in the form already."""
        pk = str(self.initial.get("party") or "")
        known = pk.isascii() and pk.isdigit() and len(pk) < 10
        party = self.fields["party"].queryset.filter(pk=pk).first() if known else None  # type: ignore[attr-defined]
        if party is None:
            return
        self.initial["caller_name"] = self.initial.get("caller_name") or party.name
        self.initial["phone"] = self.initial.get("phone") or party.phone
        role = party.occupancies.filter(unit_id=self.initial.get("unit") or None).values_list("role", flat=True).first()
        self.initial["relation"] = RELATION_OF.get(role or "", Contact.Relation.OWNER)

    def _know_answer(self) -> None:
        """An enquiry that starts from an entry of the knowledge list has nothing left to type."""
        asked = str(self.initial.get("knowledge") or "")
        found = answers_of(asked, self.record.community_id).first() if asked else None
        if found is not None:
            known = {"category": Category.OTHER, "content": found.question, "answered": True, "result": found.answer}
            self.initial = {**self.initial, **known, "knowledge": str(found.pk)}

    def _know_standing(self) -> None:
        """A call about what is off just now is answered from there."""
        number = str(self.initial.get("joins") or "")
        found = standing_as(number, self.record.community_id, self.by) if number and not self.is_bound else None
        if found is not None:
            known = {"category": Category.OTHER, "content": found.asked, "answered": True, "result": found.said}
            self.initial = {**self.initial, **known}

    def _know_job(self) -> None:
        """A call about what is being worked on already."""
        number = str(self.initial.get("joins_job") or "")
        found = job_as(number, self.record.community_id, self.by) if number and not self.is_bound else None
        if found is not None:
            self.initial = {**self.initial, "category": found.category}
            self.initial["content"] = self.initial.get("content") or found.what

    def clean_joins_job(self) -> Any:
        """What is still being worked on; finished meanwhile, the call is a report like any other."""
        number = self.cleaned_data["joins_job"]
        return job_as(number, self.record.community_id, self.by) if number else None

    def clean_joins(self) -> Any:
        """What still stands; over meanwhile, the answer was one like any other."""
        number = self.cleaned_data["joins"]
        return standing_as(number, self.record.community_id, self.by) if number else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.history:
            return self._as_it_was(cleaned)
        if not cleaned.get("answered") or cleaned.get("about_staff"):
            cleaned["joins"] = None
        job = cleaned.get("joins_job")
        if job is not None and (cleaned.get("answered") or cleaned.get("category") != job.category):
            cleaned["joins_job"] = job = None
        if job is not None and not cleaned.get("promised_at") and job.promised_at and job.promised_at > self.at:
            cleaned["promised_at"] = job.promised_at  # his promise is the job's
        # the receiver stays responsible (首问责任); what nobody received is the desk's until somebody hands it over
        self.record.handler = None if is_system(self.by) else self.by
        cleaned["received_at"] = cleaned.get("received_at") or self.at
        if cleaned["received_at"] > self.at + timedelta(minutes=5):
            self.add_error("received_at", "接待时间不能晚于现在。")
        elif cleaned["received_at"] < self.at - EARLIEST:
            self.add_error("received_at", "接待时间不能早于三十天前。")
        if cleaned.get("relation") == Contact.Relation.ANONYMOUS:
            cleaned["caller_name"] = ""
        about = cleaned.get("about_staff")
        if cleaned.get("answered"):
            cleaned["promised_at"] = None
            if about and cleaned.get("category") == Category.COMPLAINT and about.pk == self.by.pk:
                self.add_error("answered", "投诉您本人的事不能由您当场答复了结；请不要勾选，保存后自动转主管。")
            if not cleaned.get("result"):
                self.add_error("result", "当场答复的，请写明答复内容。")
        elif cleaned.get("promised_at") is None and cleaned.get("category"):
            cleaned["promised_at"] = usual_promise(cleaned["category"], self, cleaned.get("channel") or "")
        elif cleaned.get("promised_at") and cleaned["promised_at"] <= self.at:
            self.add_error("promised_at", "承诺答复时间要晚于现在。")
        party, unit = cleaned.get("party"), cleaned.get("unit")
        if (
            party is not None
            and not cleaned.get("caller_name")
            and cleaned.get("relation") != Contact.Relation.ANONYMOUS
        ):
            cleaned["caller_name"] = party.name
        if party is not None and unit is not None and not party.occupancies.filter(unit=unit).exists():
            cleaned["party"] = None
        elif party is not None and cleaned.get("relation") != Contact.Relation.ANONYMOUS:
            cleaned["phone"] = cleaned.get("phone") or party.phone
        return cleaned

    def _as_it_was(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """A line of an old register: nobody promises anything any more, and whoever took it down is not asked for it."""
        cleaned["received_at"], cleaned["promised_at"] = self.at, None
        return cleaned


class ProgressForm(StepForm):
    """Told the caller how far it is (DESK-04)."""

    words = forms.CharField(label="告知内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Contact
        fields: list[str] = []


class MatterProgressForm(ProgressForm):
    class Meta:
        model = Matter
        fields: list[str] = []


class ReplyForm(StepForm):
    """The answer that was promised; who belongs to an outage is told what the desk says of it."""

    class Meta:
        model = Contact
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        if not self.record.result and not self.is_bound:
            said = [getattr(row.typed, "said", "") for row in joining.joined(self.record)]
            self.initial["result"] = "\n".join(filter(None, said))


class PromiseForm(StepForm):
    """Another time, agreed with the caller."""

    promised_at = forms.DateTimeField(label="新的答复时间")
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Contact
        fields = ["promised_at"]

    def clean_promised_at(self) -> Any:
        return self.to_come("promised_at")


class VoidForm(StepForm):
    reason = forms.CharField(label="作废原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Contact
        fields: list[str] = []


class RouteForm(StepForm):
    """The desk looks at what a colleague logged: is the category right, and to whom does it go?"""

    class Meta:
        model = Contact
        fields = ["category"]
        widgets = {"category": forms.RadioSelect}


class MatterForm(StepForm):
    """Opening: mostly prefilled from the contact."""

    handler = PersonChoice(label="责任人", capability="reception.matter.work")
    team = forms.ChoiceField(label="或交给部门", help_text="部门主管办完后要回报处理情况")
    promised_at = forms.DateTimeField(label="承诺答复时间")
    optional = ("handler", "team", "subject", "caller_name", "phone", "unit", "party", "promised_at")
    taken_over = ("category", "content", "promised_at", "unit", "party", "caller_name", "phone")
    sections = (("", ("subject", "content", "handler", "team", "promised_at", "caller_name", "phone")),)

    class Meta:
        model = Matter
        fields = [
            "category", "subject", "content", "handler", "team", "promised_at", "unit", "party", "caller_name", "phone",
        ]  # fmt: skip
        widgets = {
            "category": forms.HiddenInput,
            "unit": forms.HiddenInput,
            "party": forms.HiddenInput,
            "subject": forms.RadioSelect,
            "content": forms.Textarea(attrs={"rows": 2}),
        }

    def prepare(self) -> None:
        self.fields["team"].choices = [("", "不指定"), *departments(self.record.community_id)]  # type: ignore[attr-defined]
        if self._category() != Category.OTHER:
            del self.fields["subject"]
        for name in ("unit", "party"):
            self.fields[name].queryset = self.fields[name].queryset.filter(community_id=self.record.community_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("promised_at") is None and cleaned.get("category"):
            cleaned["promised_at"] = usual_promise(cleaned["category"], self)
        if cleaned.get("category") == Category.OTHER:
            cleaned["subject"] = cleaned.get("subject") or Matter.Subject.OTHER
        return cleaned

    def _category(self) -> str:
        typed = self.data.get(self.add_prefix("category")) if self.is_bound else ""
        return str(typed or self.initial.get("category") or "")


class MatterPromiseForm(PromiseForm):
    class Meta(PromiseForm.Meta):
        model = Matter


class ReportForm(StepForm):
    """How the department handled what was routed to it, in the words of its head (DESK-19)."""

    class Meta:
        model = Contact
        fields = ["report"]
        widgets = {"report": forms.Textarea(attrs={"rows": 3})}


class DoneForm(StepForm):
    class Meta:
        model = Matter
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}
