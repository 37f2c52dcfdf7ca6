"""Personal data (telephones, identity numbers, bank accounts) as a field type: sealed at rest, masked on the way out.

One column is written (see ``sealing``); the database derives ``<name>_index`` and ``<name>_last4`` from it, by which
``match`` and ``match_last4`` find rows. Sealed columns cannot be sorted, and filtered only for being empty.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Right
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute
from django.utils.module_loading import import_string

from yihu.kernel import personal_kinds, sealing
from yihu.kernel.errors import Refused
from yihu.kernel.masked import Masked
from yihu.kernel.personal_forms import PersonalFormField

logger = logging.getLogger(__name__)


def _note_in_the_journal(**note: Any) -> None:
    import_string("yihu.kernel.doors.note_reveal")(**note)


# who writes down that a value was looked at: (by, subject, field, reason, record)
journal_reveal: Callable[..., None] = _note_in_the_journal

# who else has a word before a value is seen: (by, subject) → why it stays shut, or ""; ``by`` None asks for nobody
_guards: list[Callable[[Any, Any], str]] = []


def guarded_by(guard: Callable[[Any, Any], str]) -> None:
    """Let a lower floor shut the values of some rows (a locked person's) to whoever may not open them."""
    if guard not in _guards:
        _guards.append(guard)


def shut(by: Any, subject: Any) -> str:
    """Why this person must not see the values of this row in the clear, or ""."""
    return next((said for guard in _guards if (said := guard(by, subject))), "")


class _Attribute(DeferredAttribute):
    """Whatever is assigned becomes Masked at once; what is read knows whose value it is."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Masked):
            value._subject = instance
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        field: Any = self.field
        instance.__dict__[field.attname] = field.masked(value)


class _DerivedAttribute(DeferredAttribute):
    """As the database derives it, at any moment: before the row is saved, and after the value was changed."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        return self if instance is None else self.field.derive(getattr(instance, self.field.of))  # type: ignore[attr-defined]


class BlindColumn(models.GeneratedField):
    """A search column that the database cuts out of the sealed text."""

    descriptor_class = _DerivedAttribute

    def __init__(self, *, of: str, part: str, **options: Any) -> None:
        self.of, self.part = of, part
        tail = Right(of, sealing.BLIND_LENGTH)
        options |= {
            "expression": Left(tail, sealing.INDEX_LENGTH) if part == "index" else Right(of, sealing.LAST4_LENGTH),
            "output_field": models.CharField(
                max_length=sealing.INDEX_LENGTH if part == "index" else sealing.LAST4_LENGTH
            ),
            "db_persist": True,
            "db_index": True,
        }
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("expression", "output_field", "db_persist", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "of": self.of, "part": self.part}

    def derive(self, value: Masked) -> str:
        source: Any = self.model._meta.get_field(self.of)
        return source.blind(value, self.part)  # type: ignore[no-any-return]


class _EmptyOnly(Exact):  # type: ignore[type-arg]
    """``filter(phone="")`` asks for gaps. A value is looked for with ``match``: no two seals of it are the same."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("A sealed column is filtered for '' only; look for a value with match() or match_last4().")
        return ""


class PersonalField(models.TextField):  # type: ignore[type-arg]
    """``PersonalField("联系电话", kind="phone")``. May stay empty unless ``blank=False``; a form says what it requires.

    ``bound_to`` ("old_table.old_column") keeps values readable after a table or column was renamed.
    """

    descriptor_class = _Attribute
    description = "Sealed personal value"

    def __init__(self, verbose_name: Any = None, *, kind: str, bound_to: str = "", **options: Any) -> None:
        if forbidden := {"unique", "db_index", "primary_key", "null", "choices"} & set(options):
            raise TypeError(f"a sealed column cannot have {', '.join(sorted(forbidden))}")
        self.kind = personal_kinds.KINDS[kind]
        self.bound_to = bound_to
        options.setdefault("blank", True)
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.update(kind=self.kind.name, blank=self.blank)
        if self.bound_to:
            kwargs["bound_to"] = self.bound_to
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        # a historical model of a migration lists the derived columns itself
        if cls._meta.abstract or cls.__module__ == "__fake__":
            return
        for part, label in (("index", "索引"), ("last4", "后四位索引")):
            cls.add_to_class(
                f"{name}_{part}", BlindColumn(of=name, part=part, verbose_name=f"{self.verbose_name}{label}")
            )

    # values in and out ------------------------------------------------------------------------------------------------
    @property
    def place(self) -> str:
        return self.bound_to or f"{self.model._meta.db_table}.{self.column}"

    def masked(self, value: Any) -> Any:
        """Whatever may be assigned, as a value of this field."""
        if isinstance(value, Masked):
            if value._field is self:
                return value if value._subject is None else value.__copy__()
            if value._clear is None:
                raise ValueError("an unreadable value cannot be copied to another column")
            return Masked(value._clear, self)
        if hasattr(value, "resolve_expression"):
            return value
        text = "" if value is None else str(value)
        if "****" in text and not self.kind.words:
            raise ValueError("a masked text cannot be stored as a value")
        return Masked(self.kind.tolerant(text), self)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Masked:
        return self._opened(value or "")

    def _opened(self, token: str) -> Masked:
        try:
            return Masked(sealing.unseal(token, self.place), self, token)
        except sealing.Broken as problem:
            logger.warning("personal value cannot be opened: %s", problem)
            return Masked(None, self, token)

    def get_prep_value(self, value: Any) -> Any:
        value = self.masked(value)
        if not isinstance(value, Masked):
            return value
        return value._token if value._clear is None else sealing.seal(value._clear, self.kind.name, self.place)

    def to_python(self, value: Any) -> Any:
        """Reads what ``value_to_string`` wrote; typed text goes through the form field."""
        if isinstance(value, str) and not isinstance(value, Masked) and value.startswith(f"{sealing.VERSION}."):
            return self._opened(value)
        return self.masked(value)

    def clean(self, value: Any, model_instance: Any) -> Masked:
        value = self.to_python(value)
        if value and value.readable:
            self.kind.normal(value._clear)
        self.run_validators(value)
        if not self.blank and not value:
            raise ValidationError(self.error_messages["blank"], code="blank")
        return value  # type: ignore[no-any-return]

    def value_to_string(self, obj: Any) -> str:
        """Sealed, for a dump that is read back into the same columns."""
        return str(self.get_prep_value(self.value_from_object(obj)))

    def packed(self, value: Masked) -> tuple[Callable[..., Masked], tuple[str, str, str]]:
        return _unpack, (self.model._meta.label, self.name, str(self.get_prep_value(value)))

    def mask(self, clear: str) -> str:
        return self.kind.mask(clear)

    def journal(self, subject: Any, *, by: Any, reason: str, record: Any) -> None:
        if subject is None or subject.pk is None:
            raise Refused("请先打开这条资料，再查看完整内容。")
        if not reason.strip() and record is None:
            raise Refused("请写明查看个人信息的原因。")
        if sentence := shut(by, subject):
            raise Refused(sentence)
        journal_reveal(by=by, subject=subject, field=self.name, reason=reason.strip(), record=record)

    # searching --------------------------------------------------------------------------------------------------------
    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _EmptyOnly
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"A sealed column knows no {lookup_name!r}; look for a value with match() or match_last4().")

    def blind(self, value: Masked, part: str) -> str:
        """What the database derives from this value."""
        if value._clear is None:
            tail = value._token[-sealing.BLIND_LENGTH :]
            return tail[: sealing.INDEX_LENGTH] if part == "index" else tail[sealing.INDEX_LENGTH :]
        return (sealing.blind_index if part == "index" else sealing.blind_last4)(value._clear, self.kind.name)

    def match(self, value: str, prefix: str = "") -> Q:
        """Rows with this value, however it was typed; ``prefix`` is the way to them (``"party__"``)."""
        wanted = value._clear or "" if isinstance(value, Masked) else self.kind.tolerant(value)
        if not wanted:
            return Q(pk__in=[])
        return Q(**{f"{prefix}{self.name}_index": sealing.blind_index(wanted, self.kind.name)})

    def match_last4(self, ending: str, prefix: str = "") -> Q:
        """Rows whose value ends in these four."""
        ending = self.kind.fold(ending)
        if len(ending) != 4:
            return Q(pk__in=[])
        return Q(**{f"{prefix}{self.name}_last4": sealing.blind_last4(ending, self.kind.name)})

    def formfield(self, **options: Any) -> Any:  # type: ignore[override]
        return super(models.TextField, self).formfield(
            **{"form_class": PersonalFormField, "kind": self.kind, **options}
        )


def match(model: Any, name: str, value: str, prefix: str = "") -> Q:
    """``Party.objects.filter(match(Party, "phone", "138 0013 8112"))``"""
    return _field(model, name).match(value, prefix)


def match_last4(model: Any, name: str, ending: str, prefix: str = "") -> Q:
    """``Party.objects.filter(match_last4(Party, "phone", "8112"))``"""
    return _field(model, name).match_last4(ending, prefix)


def personal_fields() -> Iterator[tuple[type[models.Model], PersonalField]]:
    """Every sealed column of the program, each at the model that owns its table."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            for field in model._meta.local_fields:
                if isinstance(field, PersonalField):
                    yield model, field


def _field(model: Any, name: str) -> PersonalField:
    field = model._meta.get_field(name)
    if not isinstance(field, PersonalField):
        raise FieldError(f"{model._meta.label}.{name} is no personal field")
    return field


def _unpack(label: str, name: str, token: str) -> Masked:
    return _field(apps.get_model(label), name)._opened(token)
