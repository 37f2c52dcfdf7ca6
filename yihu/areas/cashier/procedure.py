"""手工账单：起草 → 另一人审批 → 进账。退回的改好重交，不同意的到此为止。"""

from yihu.areas.cashier import effects
from yihu.areas.cashier.forms.charges import ChargeForm, DecisionForm
from yihu.areas.cashier.models import HandCharge
from yihu.kernel.procedure import Procedure, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import did, may, opener

S = HandCharge.State
DRAFTER = may("cashier.draft", "起草人")
WROTE_IT = opener | did("amend", "改正人") | did("correct", "更正人")
APPROVER = may(effects.BILL, "会计（不是起草人）") & ~WROTE_IT

register(
    Procedure(
        model=HandCharge,
        slug="hand-charges",
        code="SZ",
        clauses=("FEE-20",),
        opening_form=ChargeForm,
        opening_from=lambda origin: {name: origin.facts().get(name) for name in ("unit", "party")},
        opens_in=S.PENDING,
        opened_by=DRAFTER,
        opening_says="{by} 起草手工账单：{item} {amount_fen}，{why}",
        then_opened=effects.opened,
        seen_by=with_capability("ledger.see") | opened_by_me,
        closed=(S.CHARGED, S.REFUSED),
        tones={S.PENDING: "wait", S.RETURNED: "busy", S.CHARGED: "done", S.REFUSED: "void"},
        steps=(
            Step("approve", "同意出账", (S.PENDING,), S.CHARGED, who=APPROVER, refuses=effects.billed_meanwhile, then=effects.charged,
                 says="{by} 同意出账", primary=True),
            Step("amend", "改好重交", (S.RETURNED, S.PENDING), S.PENDING, who=opener & DRAFTER, form=ChargeForm, then=effects.opened, says="{by} 改好重交"),
            Step("return", "退回修改", (S.PENDING,), S.RETURNED, who=APPROVER, form=DecisionForm, then=effects.sent_back, says="{by} 退回：{decision}"),
            Step("refuse", "不同意", (S.PENDING,), S.REFUSED, who=APPROVER, form=DecisionForm, then=effects.sent_back, says="{by} 不同意：{decision}"),
        ),
    )
)  # fmt: skip
