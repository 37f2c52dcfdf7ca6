"""收费约定：起草 → 另一人审批 → 生效，可以提前终止。退回的改好重交，不同意的到此为止。开发商付费更正：补登记 → 另一人批准 → 下次出账更正。"""

from yihu.areas.billing.tariffs import changing, effects
from yihu.areas.billing.tariffs.change_forms import ChangeForm, RejectForm
from yihu.areas.billing.tariffs.forms import AgreementForm, DecisionForm, EndForm
from yihu.areas.billing.tariffs.models import Agreement, PayerChange
from yihu.areas.billing.tariffs.printing import PAYER_CHANGE
from yihu.kernel.procedure import Procedure, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import did, may, opener

S = Agreement.State
DRAFTER = may("tariffs.draft", "起草人")
WROTE_IT = opener | did("amend", "改正人") | did("correct", "更正人")
PRICER = may("ledger.tariff", "定价人")
APPROVER = may("ledger.tariff", "定价人（不是起草人）") & ~WROTE_IT

register(
    Procedure(
        model=Agreement,
        slug="agreements",
        code="YD",
        clauses=("FEE-02",),
        opening_form=AgreementForm,
        opening_from=lambda origin: {"unit": origin.facts().get("unit")},
        opens_in=S.PENDING,
        opened_by=DRAFTER,
        opening_says="{by} 起草收费约定：{what} {item}，{ground}",
        then_opened=effects.opened,
        seen_by=with_capability("tariffs.see") | opened_by_me,
        closed=(S.ENDED, S.REFUSED),
        tones={S.PENDING: "wait", S.RETURNED: "busy", S.AGREED: "done", S.ENDED: "void", S.REFUSED: "void"},
        steps=(
            Step("approve", "同意", (S.PENDING,), S.AGREED, who=APPROVER, then=effects.agreed, says="{by} 同意", primary=True),
            Step("amend", "改好重交", (S.RETURNED, S.PENDING), S.PENDING, who=opener & DRAFTER, form=AgreementForm, then=effects.opened, says="{by} 改好重交"),
            Step("return", "退回修改", (S.PENDING,), S.RETURNED, who=APPROVER, form=DecisionForm, then=effects.sent_back, says="{by} 退回：{decision}"),
            Step("refuse", "不同意", (S.PENDING,), S.REFUSED, who=APPROVER, form=DecisionForm, then=effects.sent_back, says="{by} 不同意：{decision}"),
            Step("end", "提前终止", (S.AGREED,), S.ENDED, who=PRICER, form=EndForm, then=effects.ended, says="{by} 终止约定：{decision}"),
        ),
    )
)  # fmt: skip

C = PayerChange.State
CORRECTS = may(changing.APPROVE, "财务主管（不是登记人）") & ~opener

register(
    Procedure(
        model=PayerChange,
        slug="payer-changes",
        code="KG",
        clauses=("FEE-02", "FEE-20"),
        opening_form=ChangeForm,
        opens_in=C.ASKED,
        opened_by=PRICER,
        opening_says="{by} 补登记开发商付费：{party}，{from_on} 起，{reason}",
        then_opened=changing.drafted,
        seen_by=with_capability("tariffs.see") | with_capability(changing.APPROVE) | opened_by_me,
        closed=(C.DONE, C.REFUSED),
        tones={C.ASKED: "wait", C.DONE: "done", C.REFUSED: "void"},
        prints=(PAYER_CHANGE,),
        steps=(
            Step("approve", "同意更正", (C.ASKED,), C.DONE, who=CORRECTS, then=changing.approved, says="{by} 同意更正", primary=True),
            Step("refuse", "不同意", (C.ASKED,), C.REFUSED, who=CORRECTS, form=RejectForm, then=changing.refused, says="{by} 不同意：{rejection}"),
        ),
    )
)  # fmt: skip
