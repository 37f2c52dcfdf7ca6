"""The door of rows with dates: what a unit has, who pays for what is not handed over. Only the end is changed later."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from yihu.basics.identity import mask_free_text
from yihu.kernel.errors import Conflict
from yihu.kernel.plain import require, writing

DENIED = "您不能登记，请找客服主管或项目经理。"


def keep(row: Any, *, may: str, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """A new row, or another last day of one; its book says who and what."""
    require(by, may, row.community_id, DENIED)
    register, fresh = row._meta.label_lower, row.pk is None
    body = [str(getattr(row, column.attname)) for column in row._meta.concrete_fields]
    with writing(register, row.pk or "new", by=by, key=key, verb="save", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        try:
            with transaction.atomic():
                row.save(force_insert=True) if fresh else row.save(update_fields=["to_on"])
        except IntegrityError:
            raise Conflict("这段时间已经登记过同样的一条，请刷新列表看看。") from None
        until = f"至 {row.to_on:%Y-%m-%d}" if row.to_on else "没有截止"
        said = f"{by} {'登记' if fresh else '更改截止日期'}：{mask_free_text(str(row))}，{row.from_on:%Y-%m-%d} 起，{until}"
        commanding.note(commanding.book(register, row.pk) if fresh else book, said, step="add" if fresh else "change")
        commanding.answer(row)
