"""``…__in`` of very many numbers, as a post in hundreds of communities asks it, is one value on PostgreSQL.

Each of them would be a place in the SQL else, which is put together, read and planned anew for every page. SQLite, which
serves few communities, keeps Django's list.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BigAutoField, ForeignKey
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

MANY = 24  # from here on they are one value


def _as_one(lookup: Any, compiler: Any, connection: Any) -> tuple[str, list[Any]] | None:
    if not lookup.rhs_is_direct_value() or len(lookup.rhs) < MANY:
        return None
    column, params = lookup.process_lhs(compiler, connection)
    return f"{column} = ANY(%s)", [*params, sorted(_numbers(lookup.rhs))]


def _numbers(values: Iterable[Any]) -> set[int]:
    """What equals nothing finds nothing."""
    return {int(value) for value in values if value is not None}


@ForeignKey.register_lookup
class ManyRelated(RelatedIn):
    """Of a column that refers to a row's number."""

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        numbers = self.lhs.output_field.target_field.get_internal_type() == "BigAutoField"
        return (numbers and _as_one(self, compiler, connection)) or self.as_sql(compiler, connection)


@BigAutoField.register_lookup
class ManyNumbers(In):  # type: ignore[type-arg]
    """Of a row's own number."""

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return _as_one(self, compiler, connection) or self.as_sql(compiler, connection)
