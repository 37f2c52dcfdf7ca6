"""收支表、预算执行表：到期开出 → 会计编制签字 → 财务主管审核（或退回重编）→ 公布、签阅。"""

from typing import Any

from yihu.areas.spending import printing, reviewing, stating
from yihu.areas.spending.models import BudgetReview, Statement
from yihu.areas.spending.procedure.who import HEAD, LIMIT, PM, SEEN
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import Who, did, may

T, V = Statement.State, BudgetReview.State


def clock(code: str, label: str) -> Clock:
    """Five working days, then the accountant is told, a day later his supervisor."""
    return Clock(code, label, Limit(WORKING, days=5), escalate=(Rung("accountant"), Rung("finance_supervisor", LIMIT)))


def signed_and_checked(states: Any, drafter: Who, work: Any, checks: str, checked: str) -> tuple[Step, ...]:
    """What both sheets go through: one draws it up and signs, another checks it or sends it back. ``checks``: the step's name
    and the state's; ``work``: the module with forms and effects."""
    ready = getattr(states, checked.upper())
    return (
        Step("sign", "编制签字", (states.DUE,), states.SIGNED, who=drafter, form=work.SignForm, then=work.signed,
             says="{by} 编制签字", primary=True),
        Step(checks, "审核", (states.SIGNED,), ready, who=HEAD & ~did("sign", "编制人"), then=getattr(work, checked),
             says="{by} 审核", primary=True),
        Step("send_back", "退回重编", (states.SIGNED, ready), states.DUE, who=HEAD, form=work.BackForm, then=work.sent_back,
             says="{by} 退回：{why_back}"),
    )  # fmt: skip


STATEMENT = register(
    Procedure(
        model=Statement,
        slug="statements",
        code="SB",
        clauses=("FEE-23", "FEE-26"),
        opening_form=stating.StatementForm,
        opens_in=T.DUE,
        opened_by=may("spending.state", "会计"),
        opening_says="{by} 开出 {number} {book} {from_on} 至 {to_on}",
        opening_starts=("D69",),
        seen_by=SEEN | with_capability("spending.publish"),
        closed=(T.PUBLISHED,),
        tones={T.DUE: "new", T.SIGNED: "check", T.REVIEWED: "wait", T.PUBLISHED: "done"},
        clocks=(clock("D69", "编制、公布"),),
        prints=(Print("statement", "财务收支表", data=printing.statement, issued=True),),
        steps=(
            *signed_and_checked(T, may("spending.state", "会计"), stating, "review", "reviewed"),
            Step("publish", "登记公布", (T.REVIEWED,), T.PUBLISHED, who=may("spending.publish", "前台、会计"), form=stating.PublishForm,
                 stops=("D69",), says="{by} 登记公布：{posted_where}，{posted_on}", prints=("statement",), primary=True),
        ),
    )
)  # fmt: skip

REVIEW = register(
    Procedure(
        model=BudgetReview,
        slug="budget-reviews",
        code="YX",
        clauses=("FEE-15",),
        opening_form=reviewing.ReviewForm,
        opens_in=V.DUE,
        opened_by=may("spending.budget", "会计"),
        opening_says="{by} 开出 {number}",
        opening_starts=("D72",),
        seen_by=SEEN,
        closed=(V.READ,),
        tones={V.DUE: "new", V.SIGNED: "check", V.CHECKED: "wait", V.READ: "done"},
        clocks=(clock("D72", "预算执行考核"),),
        prints=(Print("review", "预算执行表", data=printing.review),),
        steps=(
            *signed_and_checked(V, may("spending.budget", "会计"), reviewing, "check", "checked"),
            Step("read", "签阅", (V.CHECKED,), V.READ, who=PM, form=reviewing.ReadForm, stops=("D72",), then=reviewing.read,
                 says="{by} 签阅 {reply}", primary=True),
        ),
    )
)  # fmt: skip
