"""Who may do what with a complaint; its subject is kept out by the kernel before any of this is asked."""

from __future__ import annotations

from typing import Any

from yihu.areas.complaints.closing import handled
from yihu.areas.complaints.words import Level
from yihu.kernel.authority import Grants
from yihu.kernel.who import Who, may

DESK = may("complaints.work", "前台")
OPENER = may("complaints.open", "前台")
MANAGER = may("complaints.confirm", "客服经理")
APPROVER = may("complaints.approve", "项目经理")


def _drew(person: Any, record: Any, grants: Grants) -> bool:
    """Who drew up the sheet does not confirm it; named at the opening, the opener drew it."""
    if record.pk is None:
        return False
    drawn = record.journal.filter(step="draw").order_by("-seq").values_list("by_id", flat=True).first()
    return bool((drawn or record.opened_by_id) == person.pk)


def _called(person: Any, record: Any, grants: Grants) -> bool:
    """Lists ask with the plain record, the register's pages with their own."""
    caller = record.typed.caller_id
    return caller is not None and (caller == person.pk or caller in grants.deputises())


DREW_IT = Who(_drew, "拟表人")
HANDLED_IT = Who(lambda person, record, grants: handled(person, record) or record.handler_id == person.pk, "经办人")
NAMED_CALLER = Who(_called, "指定的回访人")
MAJOR = Who(lambda person, record, grants: record.level == Level.MAJOR, "重大投诉")
MINOR = Who(lambda person, record, grants: record.level == Level.MINOR, "轻微投诉")
MANY = Who(lambda person, record, grants: record.typed.joined.exists(), "集体投诉")
ANONYMOUS = Who(lambda person, record, grants: record.anonymous, "匿名投诉")
# the supervisor judges, of what is major the project manager
JUDGE = may("complaints.judge", "客服主管或经理")
JUDGE_OF_IT = JUDGE & ~MAJOR | APPROVER
# the project manager confirms each; what is minor he may leave to whoever has this capability (domain.md Q22)
CLOSER = APPROVER | may("complaints.approve_minor", "受委托确认的人") & MINOR
