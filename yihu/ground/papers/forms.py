"""What is asked when a paper is filed."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.basics.text import clean_line
from yihu.ground.papers.models import Paper
from yihu.kernel.forms import FilesField, tidy

# sheets that records file by themselves
BY_ITSELF = (Paper.Kind.WORK_SHEET, Paper.Kind.RECEPTION)


class PaperForm(forms.ModelForm):
    """What it is and where it lies; scans may follow later."""

    scans = FilesField(label="扫描件", required=False, help_text="照片、扫描图或 PDF，可以一次选几个")

    class Meta:
        model = Paper
        fields = ["kind", "title", "place"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"place": "柜号、层号、盒号，例如 3 柜 2 层 15 盒"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [choice for choice in Paper.Kind.choices if choice[0] not in BY_ITSELF]
        if self.instance.record_id:
            # a sheet that came of a record keeps its kind and name: they say of which record
            del self.fields["kind"], self.fields["title"]

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"], 80)

    def clean_place(self) -> str:
        return clean_line(self.cleaned_data["place"], 80)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        paper = self.instance
        found_again = cleaned.get("place") or cleaned.get("scans") or paper.record_id
        if not found_again and not self.errors and not (paper.pk and paper.scans.exists()):
            self.add_error("place", "请写存放位置，或者上传扫描件，不然以后找不到。")
        return cleaned
