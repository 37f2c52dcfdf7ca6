"""What a look at the forum or the box asks, and the posts and slips that were found."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.relations.forms.shared import TEXT
from yihu.areas.relations.forms.suggestions import AnswerForm
from yihu.areas.relations.models import Channel, Look, Posting
from yihu.kernel.authority import is_system
from yihu.kernel.forms import PersonChoice, PhotosField, StepForm

ITEMS = 6


class PostingAnswerForm(AnswerForm):
    class Meta(AnswerForm.Meta):
        model = Posting


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
