"""What is asked when a receipt is given (CMP-14): to the complainant, or to households that joined him."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from yihu.areas.complaints.models import Complaint, Household
from yihu.areas.complaints.words import Receipt
from yihu.ground.contact.words import Channel
from yihu.ground.sending.outbox import agreed_way
from yihu.kernel.forms import FilesField, RowsField, StepForm

HELP = "例如邮件号、代收的人；电话告知的，写明告诉了谁、什么时候"
ON_PAPER = (Receipt.HAND, Receipt.DOOR, Receipt.POST)
UNSENT = [one for one in Receipt.choices if one[0] != Receipt.MESSAGE]


class _HandingForm(StepForm):
    """On paper with what was signed for it, by telephone with who was told and when, by a message to one who agreed to them."""

    scans = FilesField(label="签收的回执（扫描或拍照）", help_text="有人签收的附上，没有可不附")
    way_name: ClassVar[str] = "receipt_way"
    words_name: ClassVar[str] = "receipt_words"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way = cleaned.get(self.way_name)
        if way == Receipt.PHONE and not cleaned.get(self.words_name) and self.words_name not in self.errors:
            self.add_error(self.words_name, "电话告知的，请写明告诉了谁、什么时候。")
        if way not in ON_PAPER:
            cleaned["scans"] = []
        return cleaned


class ReceiptForm(_HandingForm):
    """交回执: how the complainant gets his written record."""

    optional = ("receipt_words", "scans")
    only_when = {"scans": "receipt_way=hand door post"}
    field_order = ("receipt_way", "receipt_words", "scans")

    class Meta:
        model = Complaint
        fields = ["receipt_way", "receipt_words"]
        widgets = {"receipt_way": forms.RadioSelect}
        labels = {"receipt_way": "怎样交的"}
        help_texts = {"receipt_words": HELP}

    def prepare(self) -> None:
        complaint = self.record
        sends = complaint.party_id is not None and bool(agreed_way(complaint.party))
        if not sends:
            self.fields["receipt_way"].choices = UNSENT  # type: ignore[attr-defined]
        at_the_desk = complaint.channel == Channel.VISIT
        usual = Receipt.HAND if at_the_desk else Receipt.MESSAGE if sends else Receipt.DOOR
        self.initial["receipt_way"] = complaint.receipt_way or usual


class JoinedReceiptForm(_HandingForm):
    """交各户回执: which households that joined got theirs, and how; what was signed is one household's own."""

    households = RowsField(label="交给哪几户", queryset=None, widget=forms.CheckboxSelectMultiple)
    way = forms.ChoiceField(label="怎样交的", choices=Receipt.choices, widget=forms.RadioSelect)
    words = forms.CharField(label="回执说明", max_length=100, help_text=HELP)
    optional = ("words", "scans")
    only_when = {"scans": "way=hand door post"}
    field_order = ("households", "way", "words", "scans")
    way_name, words_name = "way", "words"

    class Meta:
        model = Complaint
        fields: list[str] = []

    def prepare(self) -> None:
        """Ticked: those that have none; by a message only where nothing has failed yet."""
        rows = self.record.joined.select_related("unit", "party").order_by("pk")
        self.fields["households"].queryset = rows  # type: ignore[attr-defined]
        if self.is_bound:
            return
        waiting = [one for one in rows if one.receipt_at is None]
        asked = str(self.initial.get("households", ""))
        chosen = [one for one in rows if str(one.pk) == asked] or waiting
        self.initial["households"] = [one.pk for one in chosen]
        reached = [one for one in chosen if one.receipt_failed_at is None and sends(one)]
        self.initial.setdefault("way", Receipt.MESSAGE if chosen and reached == chosen else Receipt.DOOR)
        if not any(sends(one) for one in rows):
            self.fields["way"].choices = UNSENT  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = list(cleaned.get("households") or ())
        cleaned["whom"] = "、".join(one.journal_name for one in chosen)
        if cleaned.get("scans") and len(chosen) > 1:
            self.add_error("scans", "签收的回执是哪一户的，请只选那一户；其余的另交一次。")
        unreached = [str(one) for one in chosen if not sends(one)] if cleaned.get("way") == Receipt.MESSAGE else []
        if unreached:
            self.add_error("way", f"{'、'.join(unreached)}没有同意收消息，请改用别的方式，或不选这几户。")
        return cleaned


class FailedForm(StepForm):
    """Of which households the message came to nothing; asked of the program."""

    households = RowsField(label="没有送到的各户", queryset=None)

    class Meta:
        model = Complaint
        fields: list[str] = []

    def prepare(self) -> None:
        sent = self.record.joined.filter(receipt_way=Receipt.MESSAGE).select_related("unit", "receipt_by")
        self.fields["households"].queryset = sent  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["whom"] = "、".join(one.journal_name for one in cleaned.get("households") or ())
        return cleaned


def sends(household: Household) -> bool:
    return household.party_id is not None and bool(agreed_way(household.party))
