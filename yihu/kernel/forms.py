"""What a step asks for. A StepForm asks only for what it lists, and each listed field is required unless it says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Model
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from yihu.basics import text
from yihu.kernel.authority import authority

MAX_TEXT = 5000
FAR_BEYOND = 50_000


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    """The form of an opening or a step. Knows the record, who fills it and when it happened.

    ``optional`` names fields that may stay empty. Fields that are not columns of the model are only handed to the
    step's effect. Control characters, direction marks and over-long texts never get further than this.
    ``taken_over`` names fields that a hand-over fills from the first record; on that record's own page they are not
    asked a second time. ``history``: what is told happened before the program came and is over; nothing is promised now.
    ``starred`` names optional fields that the usual answer asks for; ``only_when`` shows a field
    only beside one answer ({"score": "outcome=reached"}).
    """

    optional: tuple[str, ...] = ()
    taken_over: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
    only_when: Mapping[str, str] = {}
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __init__(
        self, data: Any = None, files: Any = None, *, by: Any = None, at: datetime | None = None, **kwargs: Any
    ) -> None:
        self.by, self.at, self.history = by, at, False
        super().__init__(data, files, **kwargs)
        self.record = self.instance
        for name, field in self.fields.items():
            field.required = name not in self.optional
            field.starred, field.when = name in self.starred, self.only_when.get(name, "")  # type: ignore[attr-defined]
            prepare(field, self.record, by)
        self.prepare()

    def prepare(self) -> None:
        """A place for a form to narrow choices or to preset values."""

    def to_come(self, name: str) -> datetime:
        """The moment that was entered there, which must be later than when this happens."""
        moment: datetime = self.cleaned_data[name]
        if moment <= (self.at or timezone.now()):
            raise forms.ValidationError(f"{self.fields[name].label}要晚于现在。")
        return moment

    def not_to_come(self, name: str) -> Any:
        """The day or moment that was entered there, which must not lie ahead of when this happens; None where none was."""
        return not_ahead(self, name, self.at)

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()  # type: ignore[misc]

    def _get_validation_exclusions(self) -> set[str]:
        """What was picked from the rows of a choice is there: the model need not ask for it a second time."""
        picked = {name for name, field in self.fields.items() if isinstance(field, forms.ModelChoiceField)}
        return super()._get_validation_exclusions() | picked  # type: ignore[misc,no-any-return]

    def field_sections(self) -> list[dict[str, Any]]:
        """The fields in their groups, for the page."""
        if not self.sections:
            return [{"legend": "", "fields": [self[name] for name in self.fields if not self[name].is_hidden]}]
        sections = (
            self._section(legend, [name for name in names if name in self.fields]) for legend, names in self.sections
        )
        return [section for section in sections if section["fields"]]

    def _section(self, legend: str, names: list[str]) -> dict[str, Any]:
        """A named group that may stay empty is folded, unless there is something to say about it."""
        may_wait = bool(legend) and set(names) <= set(self.optional) and not set(names) & set(self.errors)
        return {"legend": legend, "fields": [self[name] for name in names], "folded": may_wait}

    def ask_once(self) -> None:
        """Leave out what the first record's page asks already, unless there is something to say about it."""
        for name in self.taken_over:
            if name in self.fields and name not in self.errors:
                del self.fields[name]


def not_ahead(form: forms.BaseForm, name: str, at: datetime | None = None) -> Any:
    """``StepForm.not_to_come`` for a form that is no step's."""
    entered, now = form.cleaned_data.get(name), at or timezone.now()
    exact = isinstance(entered, datetime)
    if entered is not None and entered > (now if exact else timezone.localdate(now)):
        raise forms.ValidationError(f"{form.fields[name].label}不能晚于{'现在' if exact else '今天'}。")
    return entered


def asking(model: Any, *fields: str, optional: tuple[str, ...] = ()) -> type[StepForm]:
    """The form that asks for these columns and nothing else; for a register that needs no more than that."""
    meta = type("Meta", (), {"model": model, "fields": [*fields, *optional]})
    return type(f"{model.__name__}Form", (StepForm,), {"Meta": meta, "optional": optional})


def tidy(data: Mapping[str, Any]) -> dict[str, Any]:
    """Typed text without control characters and direction marks; a QueryDict keeps its lists."""
    tidied: Any = data.copy()  # type: ignore[attr-defined]
    for key in list(tidied):
        if hasattr(tidied, "setlist"):
            tidied.setlist(key, [_tidy(value) for value in tidied.getlist(key)])
        else:
            tidied[key] = _tidy(tidied[key])
    return tidied  # type: ignore[no-any-return]


def _tidy(value: Any) -> Any:
    # what is far beyond any field's limit is refused by that limit; no time is spent on it here
    return text.clean(value, FAR_BEYOND, cut=True) if isinstance(value, str) and len(value) < FAR_BEYOND else value


def prepare(field: forms.Field, record: Any, by: Any) -> None:
    """Tell a field for which record and person it is shown; limit what may be typed into it."""
    bind = getattr(field, "bind_to", None)
    if bind is not None:
        bind(record, by)
    if isinstance(field, forms.CharField) and field.max_length is None and not isinstance(field, SignatureField):
        field.max_length = MAX_TEXT
        field.validators.append(MaxLengthValidator(MAX_TEXT))
    if isinstance(field, forms.DateField | forms.DateTimeField):
        field.validators.append(in_our_time)
    if isinstance(field.widget, forms.RadioSelect) and not isinstance(field, forms.ModelChoiceField):
        # a select needs an empty choice, buttons don't
        chosen_field: Any = field
        chosen_field.choices = [choice for choice in chosen_field.choices if choice[0] != ""]


def in_our_time(value: Any) -> None:
    """A year that nobody means is a slip of the finger; the first and the last of all break the reckoning."""
    if not 1900 <= value.year <= 2200:
        raise forms.ValidationError("请核对年份。")


class _WhenAsked(ModelChoiceIterator):
    """Choices whose question to the database is not even put together before somebody looks at them."""

    def __init__(self, field: Any) -> None:
        self.field = field

    @property
    def queryset(self) -> Any:  # type: ignore[override]
        return self.field.queryset


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the people who have a capability in the record's community today."""

    iterator = _WhenAsked

    def __init__(self, *, capability: str, **kwargs: Any) -> None:
        self.capability, self.community_id = capability, None
        super().__init__(queryset=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        self.community_id, self._queryset = record.community_id, None
        self.widget.choices = self.choices

    def _get_queryset(self) -> Any:
        if self._queryset is None and self.community_id is not None:
            self._queryset = authority().people_with(self.community_id, self.capability)
        return self._queryset

    queryset = property(_get_queryset, forms.ModelChoiceField._set_queryset)  # type: ignore[attr-defined]

    def label_from_instance(self, obj: Model) -> str:
        return str(obj)


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some of the rows that are offered. What cannot be the number of a row never gets as far as the database."""

    def _check_values(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else ():
            if not isinstance(one, Model) and not is_row_number(str(one)):
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": str(one)[:40]})
        return super()._check_values(value)  # type: ignore[misc]


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the rows that are offered, as ``RowsField`` is several: for rows whose number no column of its own guards (a
    record's is its parent's)."""

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not isinstance(value, Model) and not is_row_number(str(value)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


def is_row_number(words: str) -> bool:
    """Digits as a keyboard types them, and no more of them than a row number has: ² and ٣ are digits to Python, too."""
    return words.isascii() and words.isdigit() and len(words) < 19


class PickerInput(forms.Select):
    """A searchable picker; renders the one chosen option only and asks ``url`` for others."""

    template_name = "ui/widgets/picker.html"

    def __init__(self, url: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url = url

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = None
        queryset = getattr(self.choices, "queryset", None)
        if queryset is not None and is_row_number(str(value)):
            chosen = queryset.filter(pk=value).first()
        context["widget"].update(
            url=self.url, chosen_label=str(chosen) if chosen else "", value=chosen.pk if chosen else ""
        )
        return context


class PickField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row of the record's community (a unit, a party), found by typing. ``url`` is a URL name that answers the typing."""

    def __init__(self, model: str, *, url: str, **kwargs: Any) -> None:
        self.model_name, self.url_name, self.held = model, url, None
        super().__init__(queryset=None, widget=PickerInput(url), **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        from django.apps import apps  # the model is named by a string: the kernel knows no noun of the ground

        model = apps.get_model(self.model_name)
        self.queryset = model._default_manager.filter(community_id=record.community_id)
        self.widget.choices = self.choices
        fields = [field for field in record._meta.concrete_fields if field.related_model is model]
        rows = [getattr(record, field.name) for field in fields if field.is_cached(record)]
        self.held = next((row for row in rows if row and row.community_id == record.community_id), None)

    def to_python(self, value: Any) -> Any:
        """What the record holds already (the unit of a contact that is handed over) is not fetched once more."""
        if self.held is not None and str(value) == str(self.held.pk):
            return self.held
        return super().to_python(value)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "ui/widgets/files.html"


class FilesField(forms.FileField):
    """Several files at once; each is sniffed and stored by the effect ``act.attach``."""

    widget = FilesInput

    def __init__(self, *, max_files: int = 9, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given: Iterable[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given]
        if not files and self.required:
            raise forms.ValidationError("请至少选择一个文件。")
        if len(files) > self.max_files:
            raise forms.ValidationError(f"一次最多上传 {self.max_files} 个文件，请分次上传。")
        return files


class PhotosField(FilesField):
    """Photographs taken on the spot."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update(accept="image/*", capture="environment", **{"data-photos": ""})


class SignatureInput(forms.HiddenInput):
    input_type = "hidden"
    template_name = "ui/widgets/signature.html"

    @property
    def is_hidden(self) -> bool:
        return False


class SignatureField(forms.CharField):
    """A signature drawn on the screen, as a PNG data URL."""

    widget = SignatureInput

    def clean(self, value: Any) -> str:
        drawn = str(super().clean(value))
        if drawn and not drawn.startswith("data:image/png;base64,"):
            raise forms.ValidationError("没有读到签名，请重新签一次。")
        if len(drawn) > 400_000:
            raise forms.ValidationError("签名图片过大，请清除后重新签一次。")
        return drawn
