"""What is asked when a paper is filed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from yihu.basics.text import clean_line
from yihu.ground.papers.models import DocType, Paper
from yihu.kernel.forms import FilesField, tidy

# sheets that records file by themselves
BY_ITSELF = (Paper.Kind.WORK_SHEET, Paper.Kind.RECEPTION)


class PaperForm(forms.ModelForm):
    """What it is and where it lies; scans may follow later."""

    scans = FilesField(label="扫描件", required=False, help_text="照片、扫描图或 PDF，可以一次选几个")

    class Meta:
        model = Paper
        fields = ["doc", "kind", "title", "pages", "place"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "doc": "档案目录里的哪一项；选了就不用再选类别、写名称",
            "place": "柜号、层号、盒号，例如 3 柜 2 层 15 盒",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [choice for choice in Paper.Kind.choices if choice[0] not in BY_ITSELF]
        listed = DocType.objects.filter(community_id=self.instance.community_id).order_by("position", "pk")
        self.fields["doc"].queryset = listed.filter(Q(shown=True) | Q(pk=self.instance.doc_id))
        self.fields["doc"].empty_label = "不在目录里"
        self.fields["kind"].required = self.fields["title"].required = False
        if self.instance.record_id:
            # a sheet that came of a record keeps its kind and name: they say of which record
            del self.fields["doc"], self.fields["kind"], self.fields["title"]

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"], 80)

    def clean_place(self) -> str:
        return clean_line(self.cleaned_data["place"], 80)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        paper, doc = self.instance, cleaned.get("doc")
        if doc:
            cleaned["kind"], cleaned["title"] = doc.kind, cleaned.get("title") or doc.name
        elif not paper.record_id:
            for name, sentence in (("kind", "请选目录项目，或者选资料类别。"), ("title", "请写资料名称。")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        found_again = cleaned.get("place") or cleaned.get("scans") or paper.record_id
        if not found_again and not self.errors and not (paper.pk and paper.scans.exists()):
            self.add_error("place", "请写存放位置，或者上传扫描件，不然以后找不到。")
        return cleaned
