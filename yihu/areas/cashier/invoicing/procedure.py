"""发票申请：凭收据申请 → 财务核对后开票；开错的红冲，再申请。"""

from yihu.areas.cashier.invoicing import effects
from yihu.areas.cashier.invoicing.forms import AskForm, IssueForm, RedForm, RefuseForm
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.areas.cashier.invoicing.printing import REQUEST
from yihu.kernel.procedure import Procedure, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import did, may, opener, system

S = InvoiceRequest.State
ISSUER = may(effects.ISSUE, "会计、财务主管（不是申请人）") & ~opener

register(
    Procedure(
        model=InvoiceRequest,
        slug="invoices",
        code="FP",
        clauses=("FEE-07",),
        opening_form=AskForm,
        opens_in=S.ASKED,
        opened_by=may("invoicing.ask", "收费员、前台"),
        opening_says="{by} 申请开票：{receipt}，{title}",
        then_opened=effects.asked,
        seen_by=with_capability("ledger.see") | with_capability("invoicing.issue") | opened_by_me,
        closed=(S.RED, S.REFUSED),
        tones={S.ASKED: "check", S.ISSUED: "done", S.RED: "void", S.REFUSED: "void"},
        held=effects.never,
        prints=(REQUEST,),
        steps=(
            Step("issue", "登记开票", (S.ASKED,), S.ISSUED, who=ISSUER, form=IssueForm, refuses=effects.changed_since, then=effects.issued,
                 says="{by} 开票 {invoice_no}", primary=True),
            Step("refuse", "不开", (S.ASKED,), S.REFUSED, who=ISSUER, form=RefuseForm, then=effects.released, says="{by} 不开：{refusal}"),
            Step("lapse", "作罢", (S.ASKED,), S.REFUSED, who=system, then=effects.released, says="缴的费用已经冲销，申请作罢"),
            Step("red", "红冲", (S.ISSUED,), S.RED, who=may("invoicing.red", "财务主管") & ~did("issue", "开票人"), form=RedForm,
                 then=effects.released, says="{by} 红冲 {red_no}：{red_reason}"),
        ),
    )
)  # fmt: skip
