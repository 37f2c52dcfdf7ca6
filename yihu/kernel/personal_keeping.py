"""Keeping personal data: sealing it anew under the newest key, and finding what no longer opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Cast

from yihu.kernel import sealing
from yihu.kernel.keys import keyring
from yihu.kernel.personal import PersonalField, personal_fields

CHUNK = 500


def sealed_anew(chunk: int = CHUNK) -> Iterator[tuple[str, int]]:
    """Seal every value of an older key under the newest; yields ("table.column", values done) after each chunk.

    Each chunk is a short transaction. Broken off anywhere, the next run goes on with the rest.
    """
    newest = f"{sealing.VERSION}.{keyring(fresh=True).newest}."
    for model, field in personal_fields():
        last: Any = None
        while rows := _older(model, field, newest, last)[:chunk]:
            yield f"{model._meta.db_table}.{field.column}", sum(_reseal(model, field, rows))
            last = rows[len(rows) - 1][0]


def problems(limit: int = 20) -> list[str]:
    """Values that do not open, and sealed texts that stand in two rows: one sentence each, without the value."""
    found: list[str] = []
    for model, field in personal_fields():
        seen: dict[str, Any] = {}
        for pk, token in _tokens(model, field).exclude(sealed="").values_list("pk", "sealed").iterator(2000):
            what = f"{model._meta.label} {pk} 的{field.verbose_name}"
            try:
                sealing.unseal(token, field.place)
            except sealing.Broken:
                found.append(f"{what}无法解读：密钥不在，或数据被改动过。")
            if token in seen:
                found.append(f"{what}与 {seen[token]} 的密文相同：有人绕过程序复制过数据。")
            seen[token] = pk
            if len(found) >= limit:
                return found
    return found


def _tokens(model: type[models.Model], field: PersonalField) -> Any:
    return model._base_manager.annotate(sealed=Cast(models.F(field.name), models.TextField()))


def _older(model: type[models.Model], field: PersonalField, newest: str, after: Any) -> Any:
    rows = _tokens(model, field).exclude(sealed="").exclude(sealed__startswith=newest).order_by("pk")
    return (rows if after is None else rows.filter(pk__gt=after)).values_list("pk", "sealed")


def _reseal(model: type[models.Model], field: PersonalField, rows: Any) -> Iterator[int]:
    with transaction.atomic():
        for pk, token in rows:
            try:
                clear = sealing.unseal(token, field.place)
            except sealing.Broken:
                continue
            # only where nobody wrote another value meanwhile
            yield _tokens(model, field).filter(pk=pk, sealed=token).update(**{field.name: clear})
