"""维修资金凭单：会计登记 → 财务主管同意入账。"""

from yihu.areas.spending import effects, funding
from yihu.areas.spending.models import FundVoucher
from yihu.areas.spending.procedure.who import LIMIT
from yihu.kernel.procedure import Clock, Procedure, Rung, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import did, may, opener

F = FundVoucher.State

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
