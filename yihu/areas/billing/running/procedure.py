"""出账：试算 → 另一人核对 → 分批出账（可暂停、继续）→ 已出账；有错的经批准冲回，整批或者几户。"""

from yihu.areas.billing.running import effects, turns
from yihu.areas.billing.running.forms.opening import OpeningForm
from yihu.areas.billing.running.forms.steps import AskBackForm, CheckForm, RefuseBackForm, ReturnForm
from yihu.areas.billing.running.forms.turns import LeaveOutForm, TurnForm
from yihu.areas.billing.running.models import BillingRun, MonthTurn
from yihu.areas.billing.running.printing import CHECK_SHEET
from yihu.areas.billing.running.staleness import prices_changed
from yihu.areas.billing.running.who import APPROVER, BILLER, CHECKER, DREW_IT
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import system

S, T = BillingRun.State, MonthTurn.State
UNPOSTED = (S.DRAWING, S.READY, S.CHECKED)

register(
    Procedure(
        model=BillingRun,
        slug="billing-runs",
        code="ZD",
        clauses=("FEE-05", "FEE-19", "FEE-20"),
        opening_form=OpeningForm,
        opening_from=turns.run_from,
        opens_in=S.DRAWING,
        opened_by=BILLER,
        opening_says="{by} 开始试算",
        then_opened=effects.opened,
        seen_by=with_capability("ledger.see"),
        closed=(S.REVERSED, S.DROPPED),
        tones={
            S.DRAWING: "busy", S.READY: "check", S.CHECKED: "wait", S.POSTING: "busy", S.STOPPED: "wait", S.POSTED: "done",
            S.ASKED_BACK: "wait", S.REVERSING: "busy", S.REVERSED: "void", S.DROPPED: "void",
        },
        prints=(CHECK_SHEET,),
        held=lambda record, by: "出账不能并入别的单据，也不能撤回；不要的请作废，出错的请申请冲回。",
        steps=(
            Step("drawn", "试算完", (S.DRAWING,), S.READY, who=system, then=effects.drawn, says="试算完，可以核对"),
            Step("check", "核对无误", (S.READY,), S.CHECKED, who=CHECKER & ~DREW_IT, form=CheckForm, then=effects.checked,
                 refuses=effects.not_to_be_checked, says="{by} 核对无误 {check_note}", primary=True),
            Step("return", "退回", (S.READY, S.CHECKED), S.READY, who=CHECKER & ~DREW_IT, form=ReturnForm, then=effects.returned,
                 says="{by} 退回：{check_note}"),
            Step("redraw", "重新试算", UNPOSTED, S.DRAWING, who=BILLER, then=effects.draw, says="{by} 重新试算"),
            Step("post", "出账", (S.CHECKED,), S.POSTING, who=BILLER, then=effects.post, refuses=prices_changed, says="{by} 出账",
                 primary=True),
            Step("stop", "暂停", (S.POSTING,), S.STOPPED, who=BILLER, says="{by} 暂停出账"),
            Step("halt", "出不下去", (S.POSTING,), S.STOPPED, who=system, then=effects.halted, says="出账暂停"),
            Step("resume", "继续出账", (S.STOPPED,), S.POSTING, who=BILLER, then=effects.post, says="{by} 继续出账", primary=True),
            Step("finish", "出完", (S.POSTING,), S.POSTED, who=system, then=effects.finished,
                 says="出账完成"),
            Step("ask_back", "申请冲回", (S.POSTED, S.STOPPED), S.ASKED_BACK, who=BILLER, form=AskBackForm, then=effects.asked_back,
                 refuses=effects.nothing_posted, says="{by} 申请冲回：{back_why}"),
            Step("approve_back", "同意冲回", (S.ASKED_BACK,), S.REVERSING, who=APPROVER, then=effects.approved_back,
                 says="{by} 同意冲回", primary=True),
            Step("refuse_back", "不同意冲回", (S.ASKED_BACK,), effects.AS_BEFORE, who=APPROVER, form=RefuseBackForm,
                 then=effects.back_refused, says="{by} 不同意冲回：{reason}"),
            Step("backed", "冲完", (S.REVERSING,), effects.AFTER_BACK, who=system, then=effects.taken_back,
                 says="冲回完成"),
            Step("halt_back", "冲不下去", (S.REVERSING,), S.ASKED_BACK, who=system, then=effects.halted, says="冲回停下"),
            Step("withdraw", "作废", (*UNPOSTED, S.STOPPED), S.DROPPED, who=BILLER, then=effects.dropped,
                 refuses=effects.something_posted, says="{by} 作废，没有出账"),
        ),
    )
)  # fmt: skip

register(
    Procedure(
        model=MonthTurn,
        slug="month-turns",
        code="YC",
        clauses=("FEE-05",),
        opening_form=TurnForm,
        opens_in=T.DUE,
        opened_by=system,
        opening_says="{by} 列出 {period} 出账",
        opening_starts=("D63",),
        then_opened=turns.opened,
        seen_by=with_capability("ledger.see"),
        closed=(T.DONE, T.LEFT_OUT),
        tones={T.DUE: "new", T.UNDER_WAY: "busy", T.DONE: "done", T.LEFT_OUT: "void"},
        clocks=(
            Clock("D63", "出完本月账单", Limit(PROMISED), due_field="due_at", warn=24 * 60,
                  escalate=(Rung("accountant"), Rung("finance_supervisor"), Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        held=turns.never,
        steps=(
            Step("draw", "试算", (T.DUE, T.UNDER_WAY), T.UNDER_WAY, who=BILLER, opens="running.billingrun", says="{by} 开始试算", primary=True),
            Step("posted", "已出账", (T.DUE, T.UNDER_WAY), T.DONE, who=system, stops=("D63",), says="本月账单已出账"),
            Step("leave_out", "本月不出", (T.DUE, T.UNDER_WAY), T.LEFT_OUT, who=BILLER, form=LeaveOutForm, says="{by} 本月不出账：{why}"),
        ),
    )
)  # fmt: skip
