"""Columns that say who somebody is (a name, who signed, who called): kept like any text, and never repeated by the journal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

FILLED = "（已填）"


class UnspokenField(models.CharField):  # type: ignore[type-arg]
    """A ``CharField`` for the name of somebody outside the house. The journal says that it was filled, not with what, so that
    an erasure (PIPL 47) has nothing to look for there. In the database and in migrations it is a plain ``CharField``."""

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def unspoken(model: Any) -> set[str]:
    """The columns of a model that the journal does not repeat."""
    return {field.name for field in model._meta.concrete_fields if isinstance(field, UnspokenField)}


def is_unspoken(model: Any, name: str) -> bool:
    try:
        return isinstance(model._meta.get_field(name), UnspokenField)
    except FieldDoesNotExist:
        return False


def spoken_of(thing: Any) -> Any:
    """What the journal says in the place of a row: a person is called by his number there (``journal_name``)."""
    return getattr(thing, "journal_name", thing)
