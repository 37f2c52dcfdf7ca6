"""转由业主清偿：会计起草 → 财务主管批准（同时转账、对租户结案、向业主开始催缴）。"""

from yihu.areas.billing.dunning import printing, turning, who
from yihu.areas.billing.dunning.forms import turns as forms
from yihu.areas.billing.dunning.models import ToOwner
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import opened_by_me, with_capability

T = ToOwner.State

TURN = register(
    Procedure(
        model=ToOwner,
        slug="dunning-turns",
        code="ZY",
        clauses=("FEE-10",),
        opening_form=forms.ToOwnerForm,
        opening_from=lambda origin: {"case": origin.pk},
        opens_in=T.ASKED,
        opened_by=who.DRAFTS,
        opening_says="{by} 起草转由业主清偿 {number}：{ground}",
        opening_starts=("D95",),
        then_opened=turning.drafted,
        seen_by=with_capability(who.SEE) | opened_by_me,
        closed=(T.DONE, T.REFUSED),
        tones={T.ASKED: "check", T.DONE: "done", T.REFUSED: "void"},
        clocks=(Clock("D95", "审批", Limit(WORKING, days=1), escalate=(Rung("finance_supervisor"), Rung("project_manager", Limit(WORKING, days=1)))),),
        held=turning.turn_held,
        prints=(Print("turn", "连带清偿告知书", data=printing.turn, copies=("业主联", "承租人联", "存根联"), issued=True),),
        steps=(
            Step("approve", "批准，转由业主清偿", (T.ASKED,), T.DONE, who=who.TURNS, then=turning.approved, prints=("turn",),
                 says="{by} 批准，已转到业主名下", primary=True),
            Step("refuse", "不同意", (T.ASKED,), T.REFUSED, who=who.TURNS, form=forms.RefuseForm, then=turning.refused,
                 says="{by} 不同意：{rejection}"),
        ),
    )
)  # fmt: skip
