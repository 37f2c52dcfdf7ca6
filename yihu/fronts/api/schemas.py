"""What a form asks and what a column holds, as JSON Schema; and whether a value that came is of that kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from yihu.kernel.forms import MAX_TEXT, PickField, SignatureField
from yihu.kernel.money_forms import MoneyField
from yihu.kernel.personal import PersonalField
from yihu.kernel.personal_forms import PersonalFormField

MOST = 2**53 - 1  # what every reader of JSON can hold
ID = {"type": "integer", "minimum": 1, "maximum": MOST}
WORDS = {
    "string": "应为文字",
    "integer": "应为整数",
    "number": "应为数字",
    "boolean": "应为 true 或 false",
    "array": "应为列表",
}
HINTS = {
    MoneyField: "金额，单位元，写成文字，例如 89.50",
    PersonalFormField: "个人信息；留空不改，写“无”清除；读出时只有掩码",
    SignatureField: "手写签名：PNG 图片的 data URL",
}


def is_file(field: forms.Field) -> bool:
    return isinstance(field, forms.FileField)


def of_field(field: forms.Field, *, optional: bool = False) -> dict[str, Any]:
    """One field of a form. What may stay empty may be null."""
    schema: dict[str, Any] = {**_kind(field)}
    if field.label:
        schema["title"] = str(field.label)
    hints = [str(field.help_text)] if field.help_text else []
    hints += [words for kind, words in HINTS.items() if isinstance(field, kind)]
    if isinstance(field, PickField):
        hints.append("编号（id）；房屋用 /api/v1/units 查，业户用 /api/v1/parties 查")
    if hints:
        schema["description"] = "；".join(hints)
    if optional and not is_file(field):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], "", None]
    return schema


def _kind(field: forms.Field) -> dict[str, Any]:
    if is_file(field):
        return {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
    if isinstance(field, forms.ModelMultipleChoiceField):
        return {"type": "array", "items": ID, "maxItems": 200}
    if isinstance(field, forms.ModelChoiceField):
        return {"type": "string", "maxLength": 60} if field.to_field_name else {**ID}
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": {"type": "string", **_enum(field)}, "maxItems": 200}
    if isinstance(field, forms.ChoiceField):
        return {"type": "string", **_enum(field)}
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.DecimalField):
        return {"type": "string", "maxLength": 30}
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", **_limits(field)}
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    return {"type": "string", "maxLength": getattr(field, "max_length", None) or _longest(field)}


def _longest(field: forms.Field) -> int:
    return 400_000 if isinstance(field, SignatureField) else MAX_TEXT


def _enum(field: Any) -> dict[str, Any]:
    """The choices, where they are written in the program; those of a community's own rows are told by its form."""
    choices = field.choices if isinstance(field.choices, list | tuple) else list(_written(field))
    flat = [(str(value), str(label)) for value, label in choices if not isinstance(label, list | tuple) and value != ""]
    return {"enum": [value for value, _ in flat], "x-words": dict(flat)} if flat else {}


def _written(field: Any) -> Any:
    return field.choices if type(field.choices).__name__ in ("BlankChoiceIterator", "FlattenChoiceIterator") else ()


def _limits(field: Any) -> dict[str, int]:
    least = field.min_value if field.min_value is not None else -MOST
    most = field.max_value if field.max_value is not None else MOST
    for validator in field.validators:  # those of the column
        limit = validator.limit_value if isinstance(validator, MinValueValidator | MaxValueValidator) else None
        if isinstance(validator, MinValueValidator) and isinstance(limit, int):
            least = max(least, limit)
        if isinstance(validator, MaxValueValidator) and isinstance(limit, int):
            most = min(most, limit)
    return {"minimum": int(least), "maximum": int(most)}


def wrong(value: Any, schema: dict[str, Any]) -> str:
    """What is wrong with a value, in words; "" if it is of the kind. What it means the form itself will judge."""
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if value is None:
        return "" if "null" in kinds else "不能是 null"
    kind = next((kind for kind in kinds if kind != "null"), None)
    if not _is(value, str(kind)):
        return WORDS[str(kind)]
    if kind == "array":
        if len(value) > schema.get("maxItems", 200):
            return "列表太长"
        return next((words for one in value if (words := wrong(one, schema["items"]))), "")
    if kind == "integer" and not schema.get("minimum", -MOST) <= value <= schema.get("maximum", MOST):
        return f"应在 {schema.get('minimum', -MOST)} 至 {schema.get('maximum', MOST)} 之间"
    if kind == "string" and len(value) > schema.get("maxLength", MAX_TEXT):
        return f"最多 {schema['maxLength']} 个字"
    if "enum" in schema and value not in schema["enum"]:
        return "不是可选的值，可选：" + "、".join(str(one) for one in schema["enum"] if one)
    if schema.get("format") == "date-time" and value and not _is_moment(value):
        return "应为时间，例如 2026-11-02T09:30:00+08:00"
    return ""


def _is(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str if kind == "string" else list)


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def of_column(column: Any) -> dict[str, Any]:
    """One column of a record, as it is read."""
    schema: dict[str, Any] = {"title": str(column.verbose_name)}
    if column.is_relation:
        return schema | {"anyOf": [{"$ref": "#/components/schemas/Named"}, {"type": "null"}]}
    if column.choices:
        schema["x-words"] = {str(value): str(label) for value, label in column.flatchoices if value not in ("", None)}
    if isinstance(column, PersonalField):
        schema["description"] = "掩码"
    kind = column.get_internal_type()
    if kind == "JSONField":
        return schema
    kinds = {"BooleanField": "boolean", "DateTimeField": "date-time", "DateField": "date", "TimeField": "time"}
    if kind == "BooleanField":
        return schema | {"type": ["boolean", "null"]}
    if isinstance(column, models.IntegerField):
        return schema | {"type": ["integer", "null"]}
    if kind in kinds:
        schema["format"] = kinds[kind]
    return schema | {"type": ["string", "null"]}
