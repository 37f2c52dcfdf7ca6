"""支出申请：先批准，后支出。报销单：（维修先成本审核）→ 财务审核入账 → 出纳付款；没有批准的申请，退回。"""

from yihu.areas.spending import effects, owing
from yihu.areas.spending.forms import claims as forms
from yihu.areas.spending.models import Claim, SpendRequest
from yihu.areas.spending.procedure.who import HEAD, LIMIT, SEEN
from yihu.kernel.procedure import Clock, Procedure, Rung, Step, register
from yihu.kernel.who import did, may, opener

R, C = SpendRequest.State, Claim.State
APPROVES = may("spending.approve", "项目经理、财务主管") & ~opener
REVIEWS = HEAD & ~(opener | did("audit", "成本审核员"))

REQUEST = register(
    Procedure(
        model=SpendRequest,
        slug="spend-requests",
        code="ZQ",
        clauses=("FEE-24",),
        opening_form=forms.RequestForm,
        opening_from=forms.request_from,
        tied_by="see",
        opens_in=R.ASKED,
        opened_by=may("spending.ask", "本项目员工"),
        opening_says="{by} 申请支出：{line}，{what}",
        opening_starts=("D95",),
        then_opened=effects.asked,
        seen_by=SEEN,
        closed=(R.DONE, R.REFUSED),
        tones={R.ASKED: "check", R.APPROVED: "busy", R.DONE: "done", R.REFUSED: "void"},
        clocks=(Clock("D95", "审批", LIMIT, escalate=(Rung("project_manager"),)),),
        held=effects.held,
        steps=(
            Step("approve", "批准", (R.ASKED,), R.APPROVED, who=APPROVES, form=forms.ApproveForm, stops=("D95",), then=effects.approved,
                 says="{by} 批准 {opinion}", primary=True),
            Step("amend", "改好重报", (R.ASKED,), R.ASKED, who=opener, form=forms.RequestForm, then=effects.asked, says="{by} 修改申请"),
            Step("refuse", "不批准", (R.ASKED,), R.REFUSED, who=APPROVES, form=forms.OpinionForm, then=effects.told_back,
                 says="{by} 不批准：{opinion}"),
            Step("finish", "办结", (R.APPROVED,), R.DONE, who=opener | may("spending.pay", "出纳"), says="{by} 办结"),
        ),
    )
)  # fmt: skip

CLAIM = register(
    Procedure(
        model=Claim,
        slug="claims",
        code="BX",
        clauses=("FEE-16", "FEE-24"),
        opening_form=forms.ClaimForm,
        opening_from=forms.claim_from,
        tied_by="see",
        opens_in=effects.WHERE,
        opened_by=may("spending.ask", "本项目员工"),
        opening_says="{by} 报销：{what}",
        then_opened=effects.claimed,
        opening_starts=("D95",),
        seen_by=SEEN,
        closed=(C.PAID, C.DROPPED),
        tones={C.RETURNED: "wait", C.TO_AUDIT: "check", C.TO_REVIEW: "check", C.TO_PAY: "busy", C.PAID: "done", C.DROPPED: "void"},
        clocks=(
            Clock("D95", "审核", LIMIT, escalate=(Rung("finance_supervisor"), Rung("project_manager", LIMIT))),
            Clock("D96", "付款", LIMIT, escalate=(Rung("cashier"), Rung("finance_supervisor", LIMIT))),
        ),
        held=effects.held,
        steps=(
            Step("audit", "成本审核", (C.TO_AUDIT,), C.TO_REVIEW, who=may("spending.audit", "成本审核员") & ~opener, form=forms.AuditForm,
                 then=effects.audited, says="{by} 成本审核 {audit_words}", primary=True),
            Step("review", "审核通过", (C.TO_REVIEW,), C.TO_PAY, who=REVIEWS, stops=("D95",), starts=("D96",), then=effects.reviewed,
                 says="{by} 审核通过，转出纳付款", refuses=effects.nothing_to_pay, primary=True),
            Step("to_audit", "转成本审核", (C.TO_REVIEW,), C.TO_AUDIT, who=HEAD & ~opener, then=effects.audit_first,
                 refuses=effects.audited_already, says="{by} 看是维修费用，转成本审核"),
            Step("pay", "登记付款", (C.TO_PAY,), C.PAID, who=may("spending.pay", "出纳") & ~(opener | did("review", "审核人")),
                 form=forms.PayForm, stops=("D96",), then=effects.paid, says="{by} 付款：{method} {paid_reference}", primary=True),
            Step("send_back", "退回", (C.TO_AUDIT, C.TO_REVIEW, C.TO_PAY), C.RETURNED,
                 who=(may("spending.audit", "成本审核员") | may("spending.review", "财务主管")) & ~opener, form=forms.BackForm,
                 stops=("D95", "D96"), refuses=owing.why_not_back, then=effects.sent_back, says="{by} 退回：{why_back}"),
            Step("resubmit", "补正重报", (C.RETURNED,), effects.WHERE, who=opener, form=forms.ClaimForm,
                 then=effects.claimed, says="{by} 补正重报", primary=True),
            Step("drop", "不报了", (C.RETURNED,), C.DROPPED, who=opener, says="{by} 不再报销"),
        ),
    )
)  # fmt: skip
