"""年度预算：编制 → 批准；后来的代替先前的。"""

from yihu.areas.spending import effects
from yihu.areas.spending.forms import budgets as budget_forms
from yihu.areas.spending.models import Budget
from yihu.areas.spending.procedure.who import PM, SEEN
from yihu.kernel.forms import asking
from yihu.kernel.procedure import Procedure, Step, register
from yihu.kernel.who import did, may, opener

B = Budget.State

BUDGET = register(
    Procedure(
        model=Budget,
        slug="budgets",
        code="NY",
        clauses=("FEE-15",),
        opening_form=budget_forms.BudgetForm,
        opens_in=B.DRAFT,
        opened_by=may("spending.budget", "会计"),
        opening_says="{by} 编制 {year} 年预算：{ground}",
        then_opened=effects.drafted,
        seen_by=SEEN,
        closed=(B.REFUSED, B.REPLACED),
        tones={B.DRAFT: "check", B.IN_FORCE: "busy", B.REFUSED: "void", B.REPLACED: "done"},
        held=effects.held,
        steps=(
            Step("approve", "批准", (B.DRAFT,), B.IN_FORCE, who=PM & ~(opener | did("amend", "修改人") | did("adjust", "调整人")),
                 then=effects.budget_approved, says="{by} 批准预算", primary=True),
            Step("amend", "修改", (B.DRAFT,), B.DRAFT, who=may("spending.budget", "会计"), form=budget_forms.BudgetForm,
                 then=effects.drafted, says="{by} 修改预算"),
            Step("adjust", "调某个月", (B.DRAFT,), None, who=may("spending.budget", "会计"), form=budget_forms.AdjustForm,
                 then=effects.adjusted, says="{by} 调整月度"),
            Step("refuse", "不批准", (B.DRAFT,), B.REFUSED, who=PM & ~opener, form=budget_forms.OpinionForm, then=effects.told_back,
                 says="{by} 不批准：{opinion}"),
            Step("replace", "停止执行", (B.IN_FORCE,), B.REPLACED, who=PM, form=asking(Budget), says="{by} 停止执行"),
        ),
    )
)  # fmt: skip
