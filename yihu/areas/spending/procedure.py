"""年度预算：编制 → 批准。支出申请：先批准，后支出。报销单：（维修先成本审核）→ 财务审核 → 出纳付款；没有批准的申请，退回。"""

from yihu.areas.spending import effects, funding, printing, reviewing, stating
from yihu.areas.spending.forms import budgets as budget_forms
from yihu.areas.spending.forms import claims as forms
from yihu.areas.spending.models import Budget, BudgetReview, Claim, FundVoucher, SpendRequest, Statement
from yihu.kernel.forms import asking
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import did, may, opener

B, R, C, T = Budget.State, SpendRequest.State, Claim.State, Statement.State
F, V = FundVoucher.State, BudgetReview.State
SEEN = with_capability("spending.see") | mine | opened_by_me
PM = may("spending.agree", "项目经理")
APPROVES = may("spending.approve", "项目经理、财务主管") & ~opener
REVIEWS = may("spending.review", "财务主管") & ~(opener | did("audit", "成本审核员"))
LIMIT = Limit(WORKING, days=1)

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
            Step("pay", "登记付款", (C.TO_PAY,), C.PAID, who=may("spending.pay", "出纳") & ~(opener | did("review", "审核人")),
                 form=forms.PayForm, stops=("D96",), then=effects.paid, says="{by} 付款：{method} {paid_reference}", primary=True),
            Step("send_back", "退回", (C.TO_AUDIT, C.TO_REVIEW, C.TO_PAY), C.RETURNED,
                 who=(may("spending.audit", "成本审核员") | may("spending.review", "财务主管")) & ~opener, form=forms.BackForm,
                 stops=("D95", "D96"), then=effects.sent_back, says="{by} 退回：{why_back}"),
            Step("resubmit", "补正重报", (C.RETURNED,), effects.WHERE, who=opener, form=forms.ClaimForm,
                 then=effects.claimed, says="{by} 补正重报", primary=True),
            Step("drop", "不报了", (C.RETURNED,), C.DROPPED, who=opener, says="{by} 不再报销"),
        ),
    )
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
        clocks=(Clock("D69", "编制、公布", Limit(WORKING, days=5), escalate=(Rung("accountant"), Rung("finance_supervisor", LIMIT))),),
        prints=(Print("statement", "财务收支表", data=printing.statement, issued=True),),
        steps=(
            Step("sign", "编制签字", (T.DUE,), T.SIGNED, who=may("spending.state", "会计"), form=stating.SignForm, then=stating.signed,
                 says="{by} 编制签字", primary=True),
            Step("review", "审核", (T.SIGNED,), T.REVIEWED, who=may("spending.review", "财务主管") & ~did("sign", "编制人"),
                 then=stating.reviewed, says="{by} 审核无误", primary=True),
            Step("send_back", "退回重编", (T.SIGNED, T.REVIEWED), T.DUE, who=may("spending.review", "财务主管"), form=stating.BackForm,
                 then=stating.sent_back, says="{by} 退回：{why_back}"),
            Step("publish", "登记公布", (T.REVIEWED,), T.PUBLISHED, who=may("spending.publish", "前台、会计"), form=stating.PublishForm,
                 stops=("D69",), says="{by} 登记公布：{posted_where}，{posted_on}", prints=("statement",), primary=True),
        ),
    )
)  # fmt: skip

FUND = register(
    Procedure(
        model=FundVoucher,
        slug="fund-vouchers",
        code="WJ",
        clauses=("FEE-18",),
        opening_form=funding.VoucherForm,
        opens_in=F.ASKED,
        opened_by=may("spending.fund_draft", "会计"),
        opening_says="{by} 登记维修资金{sort}：{words}",
        opening_starts=("D95",),
        then_opened=funding.asked,
        seen_by=with_capability("spending.fund") | opened_by_me,
        closed=(F.POSTED, F.REFUSED),
        tones={F.ASKED: "check", F.POSTED: "done", F.REFUSED: "void"},
        clocks=(Clock("D95", "审批", LIMIT, escalate=(Rung("finance_supervisor"),)),),
        held=effects.held,
        steps=(
            Step("post", "同意入账", (F.ASKED,), F.POSTED, who=may("spending.fund_agree", "财务主管") & ~(opener | did("amend", "改正人")),
                 then=funding.posted, says="{by} 同意入账", primary=True),
            Step("amend", "修改", (F.ASKED,), F.ASKED, who=may("spending.fund_draft", "会计"), form=funding.VoucherForm,
                 then=funding.asked, says="{by} 修改"),
            Step("refuse", "不同意", (F.ASKED,), F.REFUSED, who=may("spending.fund_agree", "财务主管") & ~opener, form=funding.OpinionForm,
                 then=funding.refused, says="{by} 不同意：{opinion}"),
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
        clocks=(Clock("D72", "预算执行考核", Limit(WORKING, days=5), escalate=(Rung("accountant"), Rung("finance_supervisor", LIMIT))),),
        prints=(Print("review", "预算执行表", data=printing.review),),
        steps=(
            Step("sign", "编制签字", (V.DUE,), V.SIGNED, who=may("spending.budget", "会计"), form=reviewing.SignForm, then=reviewing.signed,
                 says="{by} 编制签字", primary=True),
            Step("check", "审核", (V.SIGNED,), V.CHECKED, who=may("spending.review", "财务主管") & ~did("sign", "编制人"),
                 then=reviewing.checked, says="{by} 审核", primary=True),
            Step("send_back", "退回重编", (V.SIGNED, V.CHECKED), V.DUE, who=may("spending.review", "财务主管"), form=reviewing.BackForm,
                 then=reviewing.sent_back, says="{by} 退回：{why_back}"),
            Step("read", "签阅", (V.CHECKED,), V.READ, who=may("spending.agree", "项目经理"), form=reviewing.ReadForm, stops=("D72",),
                 then=reviewing.read, says="{by} 签阅 {reply}", primary=True),
        ),
    )
)  # fmt: skip
