"""供应单位账单：月底登记（与代收对照）→ 另一人审核入账 → 出纳付款 → 对账。付过、对过的有错：一人提出更正，另一人批准，账单重新办。"""

from yihu.areas.billing.suppliers import correcting, effects, forms, printing
from yihu.areas.billing.suppliers.forms import BillForm, OpenForm, PayForm, SettleForm, WhyForm
from yihu.areas.billing.suppliers.models import SupplierBill, SupplierCorrection
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import did, may, opener

S, C = SupplierBill.State, SupplierCorrection.State
LIMIT = Limit(WORKING, days=1)
RECORDS = may("suppliers.record", "会计、客服主管")
HEAD = may("suppliers.approve", "财务主管")
CHECKS = HEAD & ~did("record", "登记人")
CORRECTED = HEAD & correcting.UNDER_CORRECTION

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
                 says="{by} 登记账单", primary=True),
            Step("approve", "审核入账", (S.RECORDED,), S.TO_PAY, who=CHECKS, refuses=effects.unexplained, stops=("D70",), starts=("D96",),
                 then=effects.approved, says="{by} 审核，记为应付", primary=True),
            Step("send_back", "退回重登", (S.RECORDED,), S.DUE, who=CHECKS, form=WhyForm, then=effects.sent_back,
                 says="{by} 退回：{why_back}"),
            Step("pay", "登记付款", (S.TO_PAY,), S.PAID, who=may("suppliers.pay", "出纳") & ~did("approve", "审核人"), form=PayForm,
                 stops=("D96",), then=effects.paid, says="{by} 付款：{method} {paid_reference}", primary=True),
            Step("unpay", "未付出，撤销付款", (S.PAID,), S.TO_PAY, who=HEAD & ~did("pay", "付款人"),
                 form=WhyForm, starts=("D96",), then=effects.unpaid, says="{by} 撤销付款：{why_back}"),
            Step("cancel", "冲销", (S.TO_PAY,), S.VOID, who=HEAD, form=WhyForm, stops=("D96",),
                 then=effects.cancelled, says="{by} 冲销：{why_back}"),
            Step("settle", "对账完成", (S.PAID,), S.SETTLED, who=CHECKS, form=SettleForm, then=effects.settled,
                 says="{by} 对账完成 {settled_words}", prints=("supplier_bill",), primary=True),
            Step("settle_anew", "撤销对账", (S.SETTLED,), S.PAID, who=CORRECTED, form=WhyForm, then=effects.settled_anew,
                 says="{by} 撤销对账：{why_back}", when_closed=True),
            Step("pay_anew", "撤销付款，重新付", (S.PAID, S.SETTLED), S.TO_PAY, who=CORRECTED, form=WhyForm, starts=("D96",),
                 then=effects.unpaid, says="{by} 撤销付款：{why_back}", when_closed=True),
            Step("record_anew", "冲销，重新登记", (S.PAID, S.SETTLED), S.DUE, who=CORRECTED, form=WhyForm, starts=("D70",),
                 then=effects.recorded_anew, says="{by} 冲销，重新登记：{why_back}", when_closed=True),
        ),
    )
)  # fmt: skip

CORRECTION = register(
    Procedure(
        model=SupplierCorrection,
        slug="supplier-corrections",
        code="DG",
        clauses=("FEE-17", "FEE-20"),
        opening_form=forms.CorrectionForm,
        opening_from=forms.correction_from,
        tied_by="see",
        opens_in=C.ASKED,
        opened_by=may("suppliers.correct", "会计、出纳"),
        opening_says="{by} 提出更正 {bill}：{way}，{why}",
        opening_starts=("D95",),
        then_opened=correcting.asked,
        seen_by=with_capability("suppliers.see"),
        closed=(C.DONE, C.REFUSED),
        tones={C.ASKED: "check", C.DONE: "done", C.REFUSED: "void"},
        clocks=(Clock("D95", "审批", LIMIT, escalate=(Rung("finance_supervisor"), Rung("project_manager", LIMIT))),),
        prints=(Print("supplier_correction", "代收账单更正单", data=printing.correction),),
        held=correcting.held,
        steps=(
            Step("approve", "批准更正", (C.ASKED,), C.DONE, who=HEAD & ~opener, then=correcting.agreed, says="{by} 批准，已更正入账",
                 prints=("supplier_correction",), primary=True),
            Step("refuse", "不同意", (C.ASKED,), C.REFUSED, who=HEAD & ~opener, form=forms.OpinionForm, then=correcting.refused,
                 says="{by} 不同意：{opinion}"),
        ),
    )
)  # fmt: skip
