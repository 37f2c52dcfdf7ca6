"""减免、红冲、退款、退押金：申请 → 另一人批准即入账 → 再一人付款。收费日报：点算 → 出纳接收 → 财务主管审阅。"""

from typing import Any

from yihu.areas.cashier.applying import archiving, carry_over, effects, printing, till_effects, who
from yihu.areas.cashier.applying.forms.account import account_form, same_person_form
from yihu.areas.cashier.applying.forms.payouts import DeductForm, DepositReturnForm, RefundForm
from yihu.areas.cashier.applying.forms.reversal import RedLetterForm
from yihu.areas.cashier.applying.forms.righting import NoRightForm, RightForm
from yihu.areas.cashier.applying.forms.shared import bounced_form, fail_form, pay_form, refuse_form
from yihu.areas.cashier.applying.forms.till import (
    CloseForm,
    CountForForm,
    CountForm,
    ReadForm,
    ReceiveForm,
    SendBackForm,
    SlipForm,
)
from yihu.areas.cashier.applying.forms.waiver import WaiverForm
from yihu.areas.cashier.applying.models import (
    CarryOver,
    DepositReturn,
    FeeArchive,
    RedLetter,
    Refund,
    TillClose,
    Waiver,
)
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import did, may, opener, system

SEEN = with_capability("applying.see") | mine | opened_by_me
DECISION = Clock(
    "D95",
    "审批",
    Limit(WORKING, days=1),
    escalate=(Rung("finance_supervisor"), Rung("project_manager", Limit(WORKING, days=1))),
)
PAYMENT = Clock(
    "D96",
    "付款",
    Limit(WORKING, days=1),
    escalate=(Rung("cashier"), Rung("finance_supervisor", Limit(WORKING, days=1))),
)
REISSUE = Clock(
    "D88",
    "重开收据",
    Limit(WORKING, days=1),
    escalate=(Rung("fee_collector"), Rung("finance_supervisor", Limit(WORKING, days=1))),
)
W, V, R, D, T = Waiver.State, RedLetter.State, Refund.State, DepositReturn.State, TillClose.State
ASKED = (W.TO_AGREE, W.ASKED)

WAIVER = register(
    Procedure(
        model=Waiver,
        slug="waivers",
        code="JM",
        opening_form=WaiverForm,
        opens_in=effects.WAIVER_OPENS,
        opened_by=who.ASKS_WAIVER,
        opening_says="{by} 申请减免 {number}：{charge}，{why}",
        opening_starts=("D95",),
        then_opened=effects.ask("finance_supervisor"),
        seen_by=SEEN,
        closed=(W.DONE, W.REFUSED, W.LAPSED),
        tones={W.TO_AGREE: "check", W.ASKED: "check", W.DONE: "done", W.REFUSED: "void", W.LAPSED: "void"},
        clocks=(DECISION,),
        held=effects.posted,
        prints=(Print("waiver", "减免申请表", data=printing.waiver),),
        steps=(
            Step("agree", "同意", (W.TO_AGREE,), W.ASKED, who=who.MANAGER & ~opener, then=effects.agreed, says="{by} 同意减免，转财务主管",
                 starts=("D95",), primary=True),
            Step("approve", "批准减免", (W.ASKED,), W.DONE, who=who.APPROVES, then=effects.waived, says="{by} 批准，已减免入账", primary=True),
            Step("refuse", "不批准", ASKED, W.REFUSED, who=(who.HEAD | who.MANAGER) & ~opener, form=refuse_form(Waiver),
                 then=effects.refused, says="{by} 不批准：{refusal}"),
            Step("lapse", "作罢", ASKED, W.LAPSED, who=system, says="账单已经结清或冲销，申请自动作罢"),
        ),
    )
)  # fmt: skip

REVERSAL = register(
    Procedure(
        model=RedLetter,
        slug="red-letters",
        code="HC",
        opening_form=RedLetterForm,
        opens_in=V.ASKED,
        opened_by=who.ASKS_REVERSAL,
        opening_says="{by} 申请{way} {number}：{why}",
        opening_starts=("D95",),
        then_opened=effects.ask("finance_supervisor"),
        seen_by=SEEN,
        closed=(V.DONE, V.REFUSED),
        tones={V.ASKED: "check", V.TO_RIGHT: "wait", V.DONE: "done", V.REFUSED: "void"},
        clocks=(DECISION, REISSUE),
        held=effects.posted,
        prints=(Print("red_letter", "红字冲销单", data=printing.red_letter, copies=("存根联", "客户联", "记账联"), issued=True),),
        steps=(
            Step("approve", "批准冲销", (V.ASKED,), effects.AFTER_RED, who=who.APPROVES & ~who.took_the_money, then=effects.reversed_,
                 stops=("D95",), says="{by} 批准，已冲销入账", prints=("red_letter",), primary=True),
            Step("right", "登记重开的收据", (V.TO_RIGHT,), V.DONE, who=who.RIGHTS, form=RightForm, stops=("D88",),
                 says="{by} 登记重开的收据 {right}", primary=True),
            Step("no_right", "不用重开", (V.TO_RIGHT,), V.DONE, who=who.HEAD & ~opener & ~who.took_the_money, form=NoRightForm, stops=("D88",),
                 says="{by} 认定不用重开：{no_right}"),
            Step("refuse", "不批准", (V.ASKED,), V.REFUSED, who=who.HEAD & ~opener, form=refuse_form(RedLetter),
                 then=effects.refused, says="{by} 不批准：{refusal}"),
        ),
    )
)  # fmt: skip

_MONEY_BACK: Any = {
    "closed": (R.PAID, R.REFUSED, R.FAILED), "clocks": (DECISION, PAYMENT), "opening_starts": ("D95",), "seen_by": SEEN, "held": effects.posted,
}  # fmt: skip
_AGREES = who.APPROVES & ~who.took_the_money & ~did("account", "改正账户的人")
_TONES = {R.ASKED: "check", R.TO_PAY: "busy", R.PAID: "done", R.REFUSED: "void", R.FAILED: "void"}

REFUND = register(
    Procedure(
        model=Refund,
        slug="refunds",
        code="TK",
        opening_form=RefundForm,
        opens_in=R.ASKED,
        opened_by=who.ASKS_REFUND,
        opening_says="{by} 申请退款 {number}：{receipt}",
        then_opened=effects.ask("finance_supervisor"),
        tones=_TONES,
        prints=(Print("refund", "退款申请表", data=printing.refund),),
        steps=(
            Step("approve", "批准退款", (R.ASKED,), R.TO_PAY, who=_AGREES & ~who.OTHER_NAME, then=effects.refunded,
                 stops=("D95",), starts=("D96",), says="{by} 批准，已入账，待出纳付款", primary=True),
            Step("approve_name", "核对证明，批准退款", (R.ASKED,), R.TO_PAY, who=_AGREES & who.OTHER_NAME, form=same_person_form(Refund),
                 then=effects.refunded, stops=("D95",), starts=("D96",), says="{by} 核对了户名的证明，批准，已入账，待出纳付款", primary=True),
            Step("refuse", "不批准", (R.ASKED,), R.REFUSED, who=who.HEAD & ~opener, form=refuse_form(Refund),
                 then=effects.refused, says="{by} 不批准：{refusal}"),
            Step("pay", "登记付款", (R.TO_PAY,), R.PAID, who=who.PAYS, form=pay_form(Refund), then=effects.paid, says="{by} 已付款", primary=True),
            Step("fail", "未付出，撤销", (R.TO_PAY,), R.FAILED, who=who.HEAD & ~opener, form=fail_form(Refund), then=effects.failed,
                 says="{by} 撤销退款：{failure}"),
            Step("bounced", "银行退回", (R.PAID,), R.ASKED, who=who.HEAD & ~opener & who.BY_BANK, form=bounced_form(Refund), then=effects.bounced,
                 starts=("D95",), says="{by} 登记银行退回：{bounced_on} {bounced_reference}，{bounced_why}", when_closed=True),
            Step("account", "改正收款账户", (R.ASKED,), None, who=who.ASKS_REFUND, form=account_form(Refund),
                 then=effects.account_amended, says="{by} 改正收款账户"),
        ),
        **_MONEY_BACK,
    )
)  # fmt: skip

DEPOSIT_RETURN = register(
    Procedure(
        model=DepositReturn,
        slug="deposit-returns",
        code="TB",
        opening_form=DepositReturnForm,
        opens_in=D.ASKED,
        opened_by=who.ASKS_REFUND,
        opening_says="{by} 申请退押金 {number}：{deposit}，{acceptance}",
        then_opened=effects.ask("finance_supervisor"),
        tones=_TONES,
        prints=(Print("deposit_return", "押金退还单", data=printing.deposit_return, issued=True),),
        steps=(
            Step("deduct", "登记扣款", (D.ASKED,), None, who=who.ASKS_REFUND & ~who.CAME_BACK, form=DeductForm, then=effects.deducted, says="{by} 登记押金扣款"),
            Step("approve", "批准退还", (D.ASKED,), effects.AFTER_RETURN, who=_AGREES & ~did("deduct", "登记扣款的人") & ~who.OTHER_NAME,
                 then=effects.returned, stops=("D95",), starts=("D96",), says="{by} 批准，已入账", primary=True),
            Step("approve_name", "核对证明，批准退还", (D.ASKED,), effects.AFTER_RETURN, who=_AGREES & ~did("deduct", "登记扣款的人") & who.OTHER_NAME,
                 form=same_person_form(DepositReturn), then=effects.returned, stops=("D95",), starts=("D96",),
                 says="{by} 核对了户名的证明，批准，已入账", primary=True),
            Step("refuse", "不批准", (D.ASKED,), D.REFUSED, who=who.HEAD & ~opener, form=refuse_form(DepositReturn),
                 then=effects.refused, says="{by} 不批准：{refusal}"),
            Step("pay", "登记付款", (D.TO_PAY,), D.PAID, who=who.PAYS, form=pay_form(DepositReturn), then=effects.paid, says="{by} 已付款", primary=True),
            Step("fail", "未付出，撤销", (D.TO_PAY,), D.FAILED, who=who.HEAD & ~opener, form=fail_form(DepositReturn), then=effects.failed,
                 says="{by} 撤销退还：{failure}"),
            Step("bounced", "银行退回", (D.PAID,), D.ASKED, who=who.HEAD & ~opener & who.BY_BANK, form=bounced_form(DepositReturn), then=effects.bounced,
                 starts=("D95",), says="{by} 登记银行退回：{bounced_on} {bounced_reference}，{bounced_why}", when_closed=True),
            Step("account", "改正收款账户", (D.ASKED,), None, who=who.ASKS_REFUND, form=account_form(DepositReturn),
                 then=effects.account_amended, says="{by} 改正收款账户"),
        ),
        **_MONEY_BACK,
    )
)  # fmt: skip

A = FeeArchive.State
ARCHIVE = register(
    Procedure(
        model=FeeArchive,
        slug="fee-archives",
        code="SDA",
        clauses=("ARC-12",),
        opening_form=archiving.ArchiveForm,
        opens_in=A.MADE,
        opened_by=system,
        opening_says="{by} 生成 {period} 收费档案",
        then_opened=archiving.drawn_up,
        seen_by=with_capability("ledger.books"),
        closed=(A.KEPT,),
        tones={A.MADE: "check", A.KEPT: "done"},
        held=archiving.never,
        steps=(
            Step("take", "接管", (A.MADE,), A.KEPT, who=may("ledger.books", "会计、财务主管"), form=archiving.TakeForm,
                 then=archiving.taken, says="{by} 接管，备份存放 {place}", primary=True),
        ),
    )
)  # fmt: skip

C = CarryOver.State
CARRY_OVER = register(
    Procedure(
        model=CarryOver,
        slug="carry-overs",
        code="BZ",
        opening_form=carry_over.CarryOverForm,
        opens_in=C.ASKED,
        opened_by=who.RECEIVER,
        opening_says="{by} 申请以前缴存补转 {number}",
        opening_starts=("D95",),
        then_opened=carry_over.asked,
        seen_by=SEEN,
        closed=(C.DONE, C.REFUSED),
        tones={C.ASKED: "check", C.DONE: "done", C.REFUSED: "void"},
        clocks=(DECISION,),
        held=effects.posted,
        steps=(
            Step("approve", "批准补转", (C.ASKED,), C.DONE, who=who.APPROVES, then=carry_over.agreed, says="{by} 批准，已转到银行存款", primary=True),
            Step("refuse", "不批准", (C.ASKED,), C.REFUSED, who=who.HEAD & ~opener, form=refuse_form(CarryOver),
                 then=effects.refused, says="{by} 不批准：{refusal}"),
        ),
    )
)  # fmt: skip

TILL = register(
    Procedure(
        model=TillClose,
        slug="till-closes",
        code="RJ",
        opening_form=CloseForm,
        opens_in=till_effects.OPENS,
        opened_by=may("applying.close_till", "收款的人"),
        opening_says="{by} 开出日结单 {number}",
        opening_starts=("D93",),
        then_opened=till_effects.opened,
        seen_by=SEEN,
        closed=(T.READ,),
        tones={T.DUE: "wait", T.HANDED: "check", T.RECEIVED: "check", T.READ: "done"},
        clocks=(
            Clock("D93", "当日交款", Limit(PROMISED), due_field="due_at", warn=30,
                  escalate=(Rung("cashier"), Rung("finance_supervisor", Limit(WORKING, days=1)))),
            Clock("D94", "现金送存银行", Limit(WORKING, days=1), escalate=(Rung("cashier"), Rung("finance_supervisor"))),
            Clock("D95", "审阅", Limit(WORKING, days=1), escalate=(Rung("finance_supervisor"), Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        held=till_effects.handed_over,
        prints=(Print("till_close", "收费日报", data=printing.till_close, copies=("收款人", "出纳", "财务")),),
        steps=(
            Step("hand_over", "点算交款", (T.DUE,), T.HANDED, who=who.till_keeper, form=CountForm, then=till_effects.handed,
                 says="{by} 点算交款", primary=True),
            Step("count_for", "代为点算", (T.DUE,), T.HANDED, who=who.READER & ~who.till_keeper, form=CountForForm, then=till_effects.counted_for,
                 says="{by} 代不在岗的 {collector} 点算交款，见证人 {witness}，{absence}"),
            Step("receive", "点收", (T.HANDED,), T.RECEIVED, who=who.RECEIVER & ~who.till_keeper & ~did("count_for", "代为点算的人"), form=ReceiveForm,
                 stops=("D93",), starts=("D95",), then=till_effects.received, says="{by} 点收", primary=True),
            Step("send_back", "退回重点", (T.HANDED,), T.DUE, who=who.RECEIVER & ~who.till_keeper, form=SendBackForm,
                 then=till_effects.sent_back, says="{by} 退回重点：{words}"),
            Step("bank", "登记缴存单号", (T.RECEIVED,), None, who=who.RECEIVER, form=SlipForm, stops=("D94",), then=till_effects.banked,
                 says="{by} 存入银行：{bank_slip}"),
            Step("read", "审阅", (T.RECEIVED,), T.READ, who=who.READS & ~who.till_keeper & ~did("receive", "点收的人") & ~did("count_for", "代为点算的人"),
                 form=ReadForm, refuses=till_effects.not_at_the_bank, then=till_effects.read, says="{by} 审阅 {read_note}", primary=True),
        ),
    )
)  # fmt: skip
