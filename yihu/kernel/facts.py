"""A record's columns before and after, and how they read in the journal. Personal values never get in."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.masked import Masked
from yihu.kernel.unspoken import FILLED, UnspokenField, is_unspoken, spoken_of

# moved by the doors themselves, never by a form
MANAGED = {
    "id", "record_ptr", "number", "kind", "community", "state", "closed_as", "summary", "opened_at", "opened_by",
    "next_due_at", "closed_at", "version", "journal_seq", "journal_head",
}  # fmt: skip
LONGEST = 200


def own_fields(record: Any) -> list[Any]:
    return [field for field in record._meta.concrete_fields if field.name not in MANAGED]


def columns(record: Any) -> dict[str, Any]:
    """The values that forms and effects may change."""
    return {field.attname: getattr(record, field.attname) for field in own_fields(record)}


def save_changed(record: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    """Save only the columns that differ from ``before``; gives {column: [old, new]} in words for the journal."""
    changed = [field for field in own_fields(record) if getattr(record, field.attname) != before[field.attname]]
    if changed:
        record.save(update_fields=[field.name for field in changed])
    return {
        field.name: [words(field, before[field.attname], record), words(field, getattr(record, field.attname), record)]
        for field in changed
        if not field.name.endswith(("_index", "_last4"))
    }


def joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Two changes of the same columns as one: the older old value, the newer new one."""
    return {**first, **{name: [first.get(name, pair)[0], pair[1]] for name, pair in second.items()}}


def words(field: Any, value: Any, record: Any = None) -> str:
    """A column's value as the journal says it."""
    if isinstance(value, Masked) or isinstance(field, UnspokenField):
        return FILLED if value else ""
    if value is None or value == "":
        return ""
    if field.get_internal_type() == "JSONField":
        return FILLED if value else ""  # a frozen snapshot is kept in its column; its text tells nobody anything
    if field.is_relation:
        related = (
            getattr(record, field.name) if record is not None and getattr(record, field.attname) == value else None
        )
        return str(spoken_of(related or field.related_model._default_manager.filter(pk=value).first()) or "")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return plain(value)


def plain(value: Any) -> str:
    """Any value in words, free text masked and shortened."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moments.stamp(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    text = mask_free_text(str(spoken_of(value)))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


class _Sentence(string.Formatter):
    """``{by}``, ``{number}`` and the names of fields; nothing else can be reached from a template."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        return kwargs.get(field_name, ""), field_name


def sentence(template: str, by: Any, record: Any, form: Any = None) -> str:
    """Fill a step's ``says``: by, number, unit, handler, and each field of the form as a person would read it."""
    values: dict[str, Any] = {"by": str(by), "number": record.number}
    if "{unit}" in template:
        values["unit"] = str(record.unit or "公共区域")
    if "{handler}" in template:
        values["handler"] = str(record.handler or "")
    for name, value in form.cleaned_data.items() if form is not None else ():
        if f"{{{name}}}" in template:
            values[name] = (
                ""
                if value in (None, "") or is_unspoken(type(record), name)
                else _chosen_words(form.fields.get(name), value)
            )
    return _Sentence().format(template, **values).strip()


def _chosen_words(field: Any, value: Any) -> str:
    """The label of a choice, or the value in words."""
    choices = getattr(field, "choices", None)
    if isinstance(choices, list | tuple):
        return str(dict(choices).get(value, value))
    if choices is not None and not hasattr(choices, "queryset"):
        return str(dict(list(choices)).get(value, value))
    return plain(value)
