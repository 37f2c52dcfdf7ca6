"""A parcel comes, with the courier at the desk: its number and whose it is; all the rest is known or guessed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.parcels import rules
from yihu.areas.parcels.models import Carrier, ParcelCustody, Sort
from yihu.ground.estate.models import Unit
from yihu.kernel.authority import grants_of, is_system
from yihu.kernel.forms import PhotosField, PickField, StepForm, is_row_number

ANOTHER = "another"  # somebody whose name is not on the roll
AT_ONCE = (ParcelCustody.Fault.DAMAGED, ParcelCustody.Fault.WRONG, ParcelCustody.Fault.REFUSED)


class _LabelForm(StepForm):
    """What stands on the label, and where the parcel is laid."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号", help_text="房号、姓名、拼音或电话尾号")
    whom = forms.ChoiceField(label="收件人", widget=forms.RadioSelect)
    optional: tuple[str, ...] = ("carrier", "tracking_no", "whom", "addressee", "shelf")
    starred = ("tracking_no",)

    class Meta:
        model = ParcelCustody
        fields = ["tracking_no", "carrier", "sort", "unit", "addressee", "shelf"]
        widgets = {"sort": forms.RadioSelect, "carrier": forms.RadioSelect}
        labels = {"addressee": "面单上的姓名"}
        help_texts = {"shelf": "例如 A1；挂号信另放一处"}

    def prepare(self) -> None:
        self.fields["tracking_no"].widget.attrs.update(autofocus="", autocomplete="off")
        self.members = {str(stay.party_id): stay for stay in rules.members(self._unit(), self._today())}
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            *((pk, rules.masked(stay)) for pk, stay in self.members.items()),
            (ANOTHER, "别的人"),
        ]
        self.fields["addressee"].when = f"whom={ANOTHER}" if self.members else ""  # type: ignore[attr-defined]

    def _today(self) -> Any:
        return timezone.localdate(self.at or timezone.now())

    def _unit(self) -> Any:
        """The household that is known already; its people are offered to those who may see them."""
        here = self.record.community_id
        if here is None or not (is_system(self.by) or grants_of(self.by).may("estate.see", here)):
            return None
        given = str(self.data.get(self.add_prefix("unit")) if self.is_bound else self.initial.get("unit") or "")
        return Unit.objects.filter(pk=given, community_id=here).first() if is_row_number(given) else None

    def clean_tracking_no(self) -> str:
        number = rules.folded(self.cleaned_data["tracking_no"])
        if number and (said := rules.fault_of(number)):
            raise forms.ValidationError(said)
        there = rules.held(self.record.community_id).filter(tracking_no=number).exclude(pk=self.record.pk).first()
        if number and there is not None:
            raise forms.ValidationError(f"这个单号已经登记（{there.number}，放在 {there.shelf}），还没有取走。")
        return number

    def clean_shelf(self) -> str:
        shelf = rules.place_of(self.cleaned_data["shelf"])
        return shelf or rules.usual_shelf(self.by, self.record.community_id, self.cleaned_data.get("sort") or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "tracking_no" in cleaned:
            self._guess(cleaned)
        if cleaned.get("shelf"):
            sort = cleaned.get("sort") or Sort.ORDINARY
            if said := rules.others_there(self.record.community_id, cleaned["shelf"], sort, self.record.pk):
                self.add_error("shelf", said)
        elif "shelf" in cleaned:
            self.add_error("shelf", "请写放在哪里，例如 A1；下一件会记得。")
        self._know_addressee(cleaned)
        return cleaned

    def _guess(self, cleaned: dict[str, Any]) -> None:
        last = None if cleaned.get("carrier") else rules.just_now(self.by, self.record.community_id)
        guess = rules.carrier_of(cleaned["tracking_no"]) or (last.carrier if last else Carrier.OTHER)
        cleaned["carrier"] = cleaned.get("carrier") or guess
        if not cleaned["tracking_no"] and cleaned.get("sort") == Sort.REGISTERED:
            self.add_error("tracking_no", "挂号信请填单号。")

    def _know_addressee(self, cleaned: dict[str, Any]) -> None:
        """One of the household, or a name that is not on its roll; nobody said: whoever lives there."""
        unit, whom, name = cleaned.get("unit"), cleaned.get("whom"), cleaned.get("addressee") or ""
        by_name = next((stay for stay in self.members.values() if stay.party.name == name.strip()), None)
        first = next(iter(self.members.values()), None)
        stay = self.members.get(str(whom)) or (by_name if name else first if whom != ANOTHER else None)
        self.record.party = stay.party if stay else None
        cleaned["addressee"] = stay.party.name if stay else name
        if unit is not None and not cleaned["addressee"]:
            self.add_error("addressee", "请填面单上的姓名。")


class TakeForm(_LabelForm):
    """邮件代收登记 (F71). What is wrong already is said now: a misdelivered one need belong to no household."""

    fault = forms.ChoiceField(label="收到时的情况", widget=forms.RadioSelect)
    photos = PhotosField(label="照片", max_files=3)
    optional = (*_LabelForm.optional, "unit", "fault", "fault_note", "photos")
    starred = ("tracking_no", "unit", "shelf")
    sections = (
        ("", ("tracking_no", "unit", "whom", "addressee", "carrier", "sort", "shelf")),
        ("收到时有问题（完好不用填）", ("fault", "fault_note", "photos")),
    )

    class Meta(_LabelForm.Meta):
        fields = [*_LabelForm.Meta.fields, "fault", "fault_note"]

    def prepare(self) -> None:
        super().prepare()
        self._propose()
        choices = [("", "完好"), *((fault.value, fault.label) for fault in AT_ONCE)]
        self.fields["fault"].choices = choices  # type: ignore[attr-defined]

    def _propose(self) -> None:
        """What the number says, and for the rest what this clerk took in last."""
        if self.is_bound:
            return
        given, here = self.initial, self.record.community_id
        number, last = rules.folded(str(given.get("tracking_no") or "")), rules.just_now(self.by, here)
        sort = rules.sort_of(number) if number else given.get("sort") or Sort.ORDINARY
        shelf = rules.place_of(str(given.get("shelf") or ""))
        if not shelf or rules.others_there(here, shelf, sort):
            shelf = rules.usual_shelf(self.by, here, sort)
        carrier = rules.carrier_of(number) or given.get("carrier") or (last.carrier if last else "")
        whom = next(iter(self.members), "") if given.get("whom") not in self.members else given["whom"]
        self.initial = {**given, "carrier": carrier, "sort": sort, "shelf": shelf, "whom": whom}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        fault = cleaned.get("fault")
        if fault and not cleaned.get("fault_note"):
            self.add_error("fault_note", "请写明情况，例如哪里破、谁说拒收。")
        if not cleaned.get("unit") and "unit" not in self.errors and fault != ParcelCustody.Fault.WRONG:
            self.add_error("unit", "请选房号；不是本小区的，在“收到时有问题”里选“错投”。")
        return cleaned


class AmendForm(_LabelForm):
    """What was read wrongly off the label. Another addressee gets another code and is told anew."""

    optional = ("carrier", "tracking_no", "whom", "addressee")

    def prepare(self) -> None:
        if not self.is_bound:
            self.initial["unit"] = self.initial.get("unit") or self.record.unit_id
        super().prepare()
        mine = str(self.record.party_id) if str(self.record.party_id) in self.members else ANOTHER
        self.initial.setdefault("whom", mine)

    def clean(self) -> dict[str, Any]:
        before = ParcelCustody.objects.values_list("unit_id", "party_id", "addressee", "sort").get(pk=self.record.pk)
        cleaned = super().clean()
        unit, party = cleaned.get("unit"), self.record.party_id
        after = (unit.pk if unit else None, party, cleaned.get("addressee"), cleaned.get("sort"))
        cleaned["moved"] = after != before
        return cleaned
