"""Keeping personal data: sealing it anew under the newest key, and finding what no longer opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from yihu.kernel import sealing
from yihu.kernel.keys import keyring
from yihu.kernel.masked import Masked
from yihu.kernel.models.importing import ImportFile, ImportRow
from yihu.kernel.personal import PersonalField, personal_fields

CHUNK = 500
MISSING = "?"  # in the place of a key's id: sealed under a key that is not here


@dataclass(frozen=True)
class Column:
    """One column of sealed texts: a personal field, or what an import keeps of a file."""

    model: type[models.Model]
    name: str
    place: str
    label: str
    field: PersonalField | None = None

    @property
    def rows(self) -> Any:
        tokens = self.model._base_manager.annotate(token=Cast(models.F(self.name), models.TextField()))
        return tokens.exclude(token="")

    def stored(self, token: str) -> Any:
        return token if self.field is None else Masked(None, self.field, token)


def sealed_columns() -> Iterator[Column]:
    """Everything in the database that a data key seals."""
    for model, field in personal_fields():
        yield Column(model, field.name, field.place, str(field.verbose_name), field)
    for table in apps.get_models():
        if issubclass(table, ImportFile | ImportRow):
            yield Column(table, "sealed", f"{table._meta.db_table}.sealed", "导入内容")


def sealed_anew(chunk: int = CHUNK) -> Iterator[tuple[str, int]]:
    """Seal every value of an older key under the newest; yields ("table.column", values done) after each chunk.

    Each chunk is a short transaction. Broken off anywhere, the next run goes on with the rest.
    """
    newest = f"{sealing.VERSION}.{keyring(fresh=True).newest}."
    for column in sealed_columns():
        last: Any = None
        while rows := _older(column, newest, last)[:chunk]:
            yield f"{column.model._meta.db_table}.{column.name}", sum(_reseal(column, rows))
            last = rows[len(rows) - 1][0]


def keys_in_use() -> Counter[str]:
    """How many values each key seals; MISSING: none that is here."""
    found: Counter[str] = Counter()
    for column in sealed_columns():
        known = 0
        for key_id in keyring(fresh=True).ciphers:
            here = column.rows.filter(token__startswith=f"{sealing.VERSION}.{key_id}.").count()
            found[key_id] += here
            known += here
        found[MISSING] += max(0, column.rows.count() - known)
    return found


def problems(limit: int = 20) -> list[str]:
    """Values that do not open, and sealed texts that stand in two rows: one sentence each, without the value."""
    found: list[str] = []
    for column in sealed_columns():
        seen: dict[str, Any] = {}
        for pk, token in column.rows.values_list("pk", "token").iterator(2000):
            what = f"{column.model._meta.label} {pk} 的{column.label}"
            try:
                sealing.unseal(token, column.place)
            except sealing.Broken:
                found.append(f"{what}无法解读：密钥不在，或数据被改动过。")
            if token in seen:
                found.append(f"{what}与 {seen[token]} 的密文相同：有人绕过程序复制过数据。")
            seen[token] = pk
            if len(found) >= limit:
                return found
    return found


def _older(column: Column, newest: str, after: Any) -> Any:
    rows = column.rows.exclude(token__startswith=newest).order_by("pk")
    return (rows if after is None else rows.filter(pk__gt=after)).values_list("pk", "token")


def _reseal(column: Column, rows: Any) -> Iterator[int]:
    with transaction.atomic():
        for pk, token in rows:
            try:
                anew = sealing.reseal(token, column.place)
            except sealing.Broken:
                continue
            # only where nobody wrote another value meanwhile
            yield column.rows.filter(pk=pk, token=token).update(**{column.name: column.stored(anew)})
