"""A cause that comes again and again is laid before the supervisor by itself (CMP-11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yihu.areas.corrective.models import CorrectiveAction
from yihu.areas.corrective.repeats import repeats
from yihu.areas.corrective.times import OFTEN
from yihu.ground.staff.codes import DEPARTMENT_NAMES
from yihu.ground.staff.heads import departments
from yihu.kernel.rhythms import Turn, rhythm


@rhythm("repeated-cause", CorrectiveAction)
def repeated_causes(community: Any, now: datetime) -> Iterable[Turn]:
    """Once for each department and cause of a business month."""
    own = dict(departments(community.pk))
    for one in repeats(community, now, OFTEN.at(community.pk, now)):
        team = own.get(one.team) or DEPARTMENT_NAMES.get(one.team, "未定责任部门")
        said = f"{one.month} 业务月{team}因“{one.cause_word}”引起的有效投诉已有 {len(one.numbers)} 件，须查明共同原因。"
        data = {"source": "repeat", "nonconformity": said, "team": one.team, "grounds": " ".join(one.numbers)}
        yield Turn(f"{one.month}/{one.team}/{one.cause}", now, data)
