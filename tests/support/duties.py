"""Day sheets for the tests: one that came round, signed, read."""

from __future__ import annotations

from typing import Any

from tests.support.doing import at, signature
from yihu.areas.duties.models import DaySheet
from yihu.kernel.doors import perform
from yihu.kernel.models import Message
from yihu.kernel.rhythms import come_round

MORNING = "2026-11-03 00:05"


def sheet_of(cast: Any, morning: str = MORNING) -> DaySheet:
    cast.yunqi.refresh_from_db()
    return next(sheet for sheet in come_round(at(morning)) if sheet.community_id == cast.yunqi.pk)


def signed(sheet: Any, by: Any, when: str, remarks: str = "") -> Any:
    return perform(sheet, "sign", by=by, at=at(when), data={"remarks": remarks, "signature": signature()})


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


def one_of(model: Any, cast: Any, when: str) -> Any:
    """What the program opened for 云栖苑 by that moment."""
    come_round(at(when))
    return model.objects.get(community=cast.yunqi)
