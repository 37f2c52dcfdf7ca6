"""支出更正：一人提出 → 财务主管批准即入账；没有到账的，出纳重新付款。"""

from yihu.areas.spending import effects, owing
from yihu.areas.spending.forms import corrections as forms
from yihu.areas.spending.models import SpendCorrection
from yihu.areas.spending.procedure.who import HEAD, LIMIT, SEEN
from yihu.kernel.procedure import Branch, Clock, Procedure, Rung, Step, register
from yihu.kernel.who import did, may, opener

S, Way = SpendCorrection.State, SpendCorrection.Way
WHERE = Branch(lambda act: S.TO_PAY if act.record.way == Way.UNPAID else S.DONE, (S.TO_PAY, S.DONE))
ASKS = may("spending.correct", "会计、出纳")

CORRECTION = register(
    Procedure(
        model=SpendCorrection,
        slug="spend-corrections",
        code="ZG",
        clauses=("FEE-20", "FEE-24"),
        opening_form=forms.CorrectionForm,
        opening_from=forms.correction_from,
        tied_by="see",
        opens_in=S.ASKED,
        opened_by=ASKS,
        opening_says="{by} 提出更正 {paid_claim}：{way}，{why}",
        opening_starts=("D95",),
        then_opened=effects.asked_to_correct,
        seen_by=SEEN,
        closed=(S.DONE, S.REFUSED),
        tones={S.ASKED: "check", S.TO_PAY: "busy", S.DONE: "done", S.REFUSED: "void"},
        clocks=(
            Clock("D95", "审批", LIMIT, escalate=(Rung("finance_supervisor"), Rung("project_manager", LIMIT))),
            Clock("D96", "付款", LIMIT, escalate=(Rung("cashier"), Rung("finance_supervisor", LIMIT))),
        ),
        held=effects.held,
        steps=(
            Step("approve", "批准更正", (S.ASKED,), WHERE, who=HEAD & ~opener, stops=("D95",), then=owing.agreed,
                 says="{by} 批准，已入账", primary=True),
            Step("pay", "登记重新付款", (S.TO_PAY,), S.DONE, who=may("spending.pay", "出纳") & ~(opener | did("approve", "批准人")), form=forms.PayAgainForm, stops=("D96",),
                 then=owing.paid_again, says="{by} 重新付款：{method} {paid_reference}", primary=True),
            Step("refuse", "不同意", (S.ASKED,), S.REFUSED, who=HEAD & ~opener, form=forms.OpinionForm, stops=("D95",),
                 then=effects.told_back, says="{by} 不同意：{opinion}"),
        ),
    )
)  # fmt: skip
