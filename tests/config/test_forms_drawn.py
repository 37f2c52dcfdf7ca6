"""How a form looks to a person, to a screen reader and to the browser's own controls."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django import forms
from django.template.loader import render_to_string

from yihu.basics.worktime import OFFICE_ZONE

pytestmark = pytest.mark.once


class Visit(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=[("a", "报修"), ("b", "投诉")], widget=forms.RadioSelect)
    content = forms.CharField(label="内容", widget=forms.Textarea, help_text="写业主的原话")
    day = forms.DateField(label="日期", required=False)
    moment = forms.DateTimeField(label="时间", required=False)
    room = forms.ChoiceField(label="部位", required=False, choices=[("", "---------"), ("k", "厨房")])


def drawn(form: forms.Form) -> str:
    return render_to_string("ui/form.html", {"form": form})


def test_dates_are_written_as_the_browsers_own_controls_read_them() -> None:
    moment = datetime(2026, 11, 2, 9, 12, tzinfo=OFFICE_ZONE)
    page = drawn(Visit(initial={"day": date(2026, 11, 2), "moment": moment}))
    assert '<input type="date" name="day" value="2026-11-02"' in page
    assert '<input type="datetime-local" name="moment" value="2026-11-02T09:12"' in page


@pytest.mark.parametrize("typed", ["2026-11-02T09:12", "2026-11-02 09:12", "2026/11/02 09:12", "2026年11月2日 09:12"])
def test_a_typed_moment_is_office_time_in_every_usual_spelling(typed: str) -> None:
    form = Visit({"kind": "a", "content": "漏水", "moment": typed})
    assert form.is_valid()
    assert form.cleaned_data["moment"].isoformat() == "2026-11-02T09:12:00+08:00"


def test_an_error_is_a_sentence_tied_to_its_field() -> None:
    page = drawn(Visit({"kind": "a", "content": ""}))
    assert 'aria-describedby="id_content_helptext id_content_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<p class="error" id="id_content_error">请填写这一项。</p>' in page


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("kind", "", "请选择一项。"),
        ("kind", "z", "选的这一项现在不能选了，请重新选择。"),
        ("day", "明天", "请按 2026-11-02 的样子填写日期。"),
        ("moment", "9点", "请按 2026-11-02 09:30 的样子填写日期和时间。"),
    ],
)
def test_an_error_says_what_to_do(name: str, typed: str, sentence: str) -> None:
    form = Visit({"kind": "a", "content": "漏水", name: typed})
    assert form.errors[name] == [sentence]


def test_a_choice_is_a_row_of_segments_under_one_name() -> None:
    page = drawn(Visit())
    assert '<legend class="label">类别' in page
    assert page.count('class="segment"') == 2
    assert "---------" not in page


def test_what_is_typed_is_never_markup() -> None:
    page = drawn(Visit({"kind": "a", "content": "</textarea><script>alert(1)</script>"}))
    assert "<script>" not in page
