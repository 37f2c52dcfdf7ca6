"""有偿服务进账单：月结清单财务收到即开出，即付单客户签字即开出 → 出账；冲正由财务主管冲销，改正的金额重新出账。"""

from yihu.areas.billing.handing import effects, spot
from yihu.areas.billing.handing.forms import BillForm, ChargeForm, LowerForm, PayerForm, RefuseForm
from yihu.areas.billing.handing.models import ServiceBill
from yihu.ground.ledger.posting import BILL, REVERSE
from yihu.kernel.procedure import Branch, Procedure, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import may, system

S = ServiceBill.State
ACCOUNTANT = may(BILL, "会计")

register(
    Procedure(
        model=ServiceBill,
        slug="service-bills",
        code="YZ",
        clauses=("FEE-03", "REP-05", "REP-08"),
        opening_form=BillForm,
        opens_in=Branch(spot.opens_in, (S.PENDING, S.TO_REVERSE)),
        opened_by=system,
        opening_says="{by} 按 {source} 开出 {period} 有偿服务进账单",
        then_opened=spot.opened,
        held=effects.never,
        seen_by=with_capability("ledger.see"),
        closed=(S.CHARGED, S.REVERSED, S.REFUSED),
        tones={S.PENDING: "check", S.TO_REVERSE: "check", S.CHARGED: "done", S.REVERSED: "done", S.REFUSED: "void"},
        steps=(
            Step("charge", "同意出账", (S.PENDING,), S.CHARGED, who=ACCOUNTANT, form=ChargeForm, refuses=effects.nobody_pays,
                 then=effects.charged, says="{by} 同意出账：{item}，{due_on} 前缴", primary=True),
            Step("post", "自动出账", (S.PENDING,), S.CHARGED, who=system, form=ChargeForm, refuses=effects.nobody_pays,
                 then=effects.charged, says="客户已签字，{by} 出账：{item}"),
            Step("payers", "重新认付款人", (S.PENDING,), None, who=ACCOUNTANT, then=effects.payers_anew, says="{by} 重新认付款人"),
            Step("payer", "指定付款人", (S.PENDING,), None, who=ACCOUNTANT & spot.single, form=PayerForm, then=effects.payer_named,
                 says="{by} 指定付款人 {payer}"),
            Step("refuse", "不出账", (S.PENDING,), S.REFUSED, who=ACCOUNTANT, form=RefuseForm, says="{by} 不出账：{refusal}"),
            Step("lower", "冲正后应收", (S.PENDING,), None, who=system, form=LowerForm, then=spot.lowered, says="{why} 冲正，按改正的金额出账"),
            Step("drop", "已冲正", (S.PENDING,), S.REFUSED, who=system, form=RefuseForm, says="{refusal}，不出账"),
            Step("reverse", "同意冲销", (S.TO_REVERSE,), Branch(spot.after_reversal, (S.PENDING, S.REVERSED)), who=may(REVERSE, "财务主管"),
                 then=spot.reversed_, says="{by} 冲销原账单", primary=True),
        ),
    )
)  # fmt: skip
