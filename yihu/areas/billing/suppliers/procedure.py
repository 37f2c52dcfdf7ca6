"""供应单位账单：月底登记（与代收对照）→ 另一人审核入账 → 出纳付款 → 对账。错的冲销，重新登记。"""

from yihu.areas.billing.suppliers import effects, printing
from yihu.areas.billing.suppliers.forms import BillForm, OpenForm, PayForm, SettleForm, WhyForm
from yihu.areas.billing.suppliers.models import SupplierBill
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import did, may

S = SupplierBill.State
LIMIT = Limit(WORKING, days=1)
RECORDS = may("suppliers.record", "会计、客服主管")
CHECKS = may("suppliers.approve", "财务主管") & ~did("record", "登记人")

BILL = register(
    Procedure(
        model=SupplierBill,
        slug="supplier-bills",
        code="DF",
        clauses=("FEE-17",),
        opening_form=OpenForm,
        opens_in=S.DUE,
        opened_by=RECORDS,
        opening_says="{by} 开出 {number} {supplier} {month}",
        opening_starts=("D70",),
        seen_by=with_capability("suppliers.see"),
        closed=(S.SETTLED, S.VOID),
        tones={S.DUE: "new", S.RECORDED: "check", S.TO_PAY: "busy", S.PAID: "wait", S.SETTLED: "done", S.VOID: "void"},
        clocks=(
            Clock("D70", "月底登记、核对代收", Limit(PROMISED), due_field="due_at", warn=8 * 60,
                  escalate=(Rung("accountant"), Rung("finance_supervisor", LIMIT))),
            Clock("D96", "付款", LIMIT, escalate=(Rung("cashier"), Rung("finance_supervisor", LIMIT))),
        ),
        prints=(Print("supplier_bill", "代收代付核对单", data=printing.bill),),
        held=effects.held,
        steps=(
            Step("record", "登记账单", (S.DUE,), S.RECORDED, who=RECORDS, form=BillForm, then=effects.recorded,
                 says="{by} 登记账单 {amount_fen}", primary=True),
            Step("approve", "审核入账", (S.RECORDED,), S.TO_PAY, who=CHECKS, refuses=effects.unexplained, stops=("D70",), starts=("D96",),
                 then=effects.approved, says="{by} 审核，记为应付", primary=True),
            Step("send_back", "退回重登", (S.RECORDED,), S.DUE, who=CHECKS, form=WhyForm, then=effects.sent_back,
                 says="{by} 退回：{why_back}"),
            Step("pay", "登记付款", (S.TO_PAY,), S.PAID, who=may("suppliers.pay", "出纳") & ~did("approve", "审核人"), form=PayForm,
                 stops=("D96",), then=effects.paid, says="{by} 付款：{method} {paid_reference}", primary=True),
            Step("unpay", "未付出，撤销付款", (S.PAID,), S.TO_PAY, who=may("suppliers.approve", "财务主管") & ~did("pay", "付款人"),
                 form=WhyForm, starts=("D96",), then=effects.unpaid, says="{by} 撤销付款：{why_back}"),
            Step("cancel", "冲销", (S.TO_PAY,), S.VOID, who=may("suppliers.approve", "财务主管"), form=WhyForm, stops=("D96",),
                 then=effects.cancelled, says="{by} 冲销：{why_back}"),
            Step("settle", "对账完成", (S.PAID,), S.SETTLED, who=CHECKS, form=SettleForm, then=effects.settled,
                 says="{by} 对账完成 {settled_words}", prints=("supplier_bill",), primary=True),
        ),
    )
)  # fmt: skip
