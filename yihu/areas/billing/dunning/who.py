"""Who does what in dunning (domain.md §7): finance drafts, the 项目经理 approves, service delivers and talks."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.billing.dunning.forms.suspensions import owed_for
from yihu.areas.billing.dunning.reckon import undelivered_letter
from yihu.areas.billing.dunning.turning import liable
from yihu.kernel.prints import AT_ONCE
from yihu.kernel.sight import NOTHING, Sight
from yihu.kernel.who import Who, did, may, opener

SEE = "dunning.see"
DRAFTS = may("dunning.draft", "会计、财务主管")
APPROVES = may("dunning.approve", "项目经理") & ~opener
TALKS = may("dunning.talk", "收费员、楼管、客服")
SETTLES = may("dunning.settle", "财务、客服主管或客服经理")
# who has put a dispute down does not decide it: it may let a late fee off
DECIDES = SETTLES & ~did("dispute", "登记争议的人")
DELIVERS = may("dunning.deliver", "客服或收费员")
LEGAL = may("dunning.legal", "财务主管或项目经理")
WRITES_OFF = may("dunning.write_off", "项目经理") & ~opener
SUSPENDS = may("dunning.suspend", "会计")
REVIEWS = may("dunning.review", "会计、客服经理")
FINANCE = may("dunning.suspend_finance", "财务主管") & ~opener
MANAGER = may("dunning.suspend_approve", "项目经理") & ~opener
# what is offered only while there is something to do it to
DISPUTED = Who(
    lambda person, case, grants: bool(case.pk) and case.disputes.filter(to_on__isnull=True).exists(), "有争议时"
)
LETTER = Who(
    lambda person, case, grants: bool(case.pk) and undelivered_letter(case) is not None,
    "有待送达的函件时",
)
POSTED = Who(lambda person, paper, grants: bool(getattr(paper, "posted", False)) and paper.arrived_on is None, "邮寄的")
LOST = Who(lambda person, paper, grants: bool(getattr(paper, "lost", False)), "消息没有送到的")
MANY = Who(lambda person, batch, grants: getattr(batch, "drawn", 0) > AT_ONCE, f"超过 {AT_ONCE} 张的")
OPTIONAL = Who(
    lambda person, case, grants: bool(case.pk) and bool(owed_for(case, timezone.localdate())), "欠有可选服务费时"
)
TENANT = Who(
    lambda person, case, grants: bool(case.pk) and bool(liable(case, timezone.localdate())), "替业主缴费的租户欠费时"
)
TURNS = may("dunning.turn", "财务主管") & ~opener
RULES = "dunning.rules"
ATTEMPTS = "dunning.attempts"


def on_the_way(*states: str) -> Sight:
    """Who carries papers to their payers sees those that are on the way, and no list of debtors."""

    def condition(person: Any, grants: Any) -> Q:
        here = grants.communities_with("dunning.deliver")
        return Q(community_id__in=here, state__in=states) if here else NOTHING

    return Sight(condition, frozenset({"dunning.deliver"}))
