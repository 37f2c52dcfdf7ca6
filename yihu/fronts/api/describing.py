"""What a register and a step ask, told to one caller: the choices of his community, what stands in the form already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.fronts.api import schemas
from yihu.fronts.api.door import Caller
from yihu.fronts.api.scopes import OPEN, READ, every_step, scope
from yihu.fronts.api.showing import address
from yihu.kernel.forms import PickField
from yihu.kernel.hand_over import step_opens
from yihu.kernel.procedure import Step, procedure_of
from yihu.kernel.screens import Screens, listing

OFFERED = 200  # choices; of more the caller has to know which


def register_in_short(screen: Screens, caller: Caller) -> dict[str, Any]:
    procedure = screen.procedure
    return {
        "slug": screen.slug,
        "title": screen.title,
        "url": address(screen.slug),
        "read": caller.may(scope(procedure, READ)),
        "open": caller.may(scope(procedure, OPEN)),
        "steps": [step.name for step in every_step(procedure) if caller.may(scope(procedure, step.name))],
    }


def register(screen: Screens, caller: Caller, community: Any) -> dict[str, Any]:
    procedure, filters = screen.procedure, []
    made = listing.filter_form(screen, {}, community)
    for name in screen.filters:
        field: Any = made.fields[name]
        choices = [{"value": str(value), "text": str(label)} for value, label in field.choices if value != ""]
        filters.append({"name": name, "label": str(field.label), "choices": choices[:OFFERED]})
    opening = procedure.opening_form(instance=screen.model(community=community), by=caller.account, at=timezone.now())
    return {
        **register_in_short(screen, caller),
        "states": [{"value": value, "text": text} for value, text in procedure.states.items()],
        "tabs": [{"value": tab.name, "text": tab.label} for tab in listing.tabs_for(screen, caller.account, community)],
        "filters": filters,
        "opening": fields_of(opening) if caller.may(scope(procedure, OPEN)) else [],
        "opens": {
            value: procedure_of(kind).slug for value, kind in (procedure.route.to.items() if procedure.route else ())
        },
    }


def step(screen: Screens, record: Any, declared: Step, caller: Caller) -> dict[str, Any]:
    below = step_opens(screen.procedure, declared, record)
    form = declared.form(instance=record, by=caller.account, at=timezone.now()) if declared.form else None
    return {
        "name": declared.name,
        "label": declared.label,
        "number": record.number,
        "version": record.version,
        "fields": fields_of(form) if form is not None else [],
        "opens": procedure_of(below).slug if below else None,
    }


def fields_of(form: Any) -> list[dict[str, Any]]:
    return [_field(form, name, field) for name, field in form.fields.items()]


def _field(form: Any, name: str, field: forms.Field) -> dict[str, Any]:
    choices = _choices(field)
    return {
        "name": name,
        "label": str(field.label or name),
        "required": bool(field.required),
        "file": schemas.is_file(field),
        "schema": schemas.of_field(field, optional=not field.required),
        **({"choices": choices} if choices is not None else {}),
    }


def _choices(field: Any) -> list[dict[str, Any]] | None:
    if isinstance(field, PickField) or not hasattr(field, "choices"):
        return None
    if isinstance(field, forms.ModelChoiceField):
        rows = field.queryset[:OFFERED] if field.queryset is not None else ()
        return [
            {
                "value": row.pk if not field.to_field_name else getattr(row, field.to_field_name),
                "text": _label(field, row),
            }
            for row in rows
        ]
    return [{"value": str(value), "text": str(label)} for value, label in list(field.choices)[:OFFERED] if value != ""]


def _label(field: Any, row: Any) -> str:
    return mask_free_text(str(field.label_from_instance(row)))
