"""有偿服务进账单：财务收到月结清单自动开出 → 会计审批出账。"""

from yihu.areas.billing.handing import effects
from yihu.areas.billing.handing.forms import BillForm, ChargeForm, RefuseForm
from yihu.areas.billing.handing.models import ServiceBill
from yihu.ground.ledger.posting import BILL
from yihu.kernel.procedure import Procedure, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import may, system

S = ServiceBill.State
ACCOUNTANT = may(BILL, "会计")

register(
    Procedure(
        model=ServiceBill,
        slug="service-bills",
        code="YZ",
        clauses=("FEE-03",),
        opening_form=BillForm,
        opens_in=S.PENDING,
        opened_by=system,
        opening_says="{by} 按 {source} 开出 {period} 有偿服务进账单",
        then_opened=effects.opened,
        held=effects.never,
        seen_by=with_capability("ledger.see"),
        closed=(S.CHARGED, S.REFUSED),
        tones={S.PENDING: "check", S.CHARGED: "done", S.REFUSED: "void"},
        steps=(
            Step("charge", "同意出账", (S.PENDING,), S.CHARGED, who=ACCOUNTANT, form=ChargeForm, refuses=effects.nobody_pays,
                 then=effects.charged, says="{by} 同意出账：{item}，{due_on} 前缴", primary=True),
            Step("payers", "重新认付款人", (S.PENDING,), None, who=ACCOUNTANT, then=effects.payers_anew, says="{by} 重新认付款人"),
            Step("refuse", "不出账", (S.PENDING,), S.REFUSED, who=ACCOUNTANT, form=RefuseForm, says="{by} 不出账：{refusal}"),
        ),
    )
)  # fmt: skip
