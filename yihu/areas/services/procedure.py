"""特约服务程序：报价 → 客户确认 → 派单 → 服务 → 签字 → 回访；签字后只能冲正；每月 20 日起按户送财务。"""

from yihu.areas.services import effects, monthly
from yihu.areas.services.forms import (
    AcceptForm,
    AssignForm,
    DropLineForm,
    FinishForm,
    LineForm,
    MaterialForm,
    OrderForm,
    ProgressForm,
    QuoteForm,
    ReasonForm,
    ScheduleForm,
    SignForm,
)
from yihu.areas.services.models import MonthList, Reversal, ServiceOrder
from yihu.areas.services.monthly import MonthListForm, SendForm, SignListForm
from yihu.areas.services.printing import month_sheet, order_sheet
from yihu.areas.services.reversing import RefuseForm, ReversalForm
from yihu.ground.contact import reversing
from yihu.ground.contact.calling import after_call, write_down
from yihu.ground.contact.forms import call_back_form
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import PROMISED, SERVICE, WORKING, Branch, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, my_team, opened_by_me, with_capability
from yihu.kernel.who import Who, did, handler, may, opener, system, team_member

S, R, M = ServiceOrder.State, Reversal.State, MonthList.State
DESK = may("services.open", "前台")
DOES = handler | team_member | DESK
APPROVER = may("services.approve", "客服主管")
BEFORE_WORK = (S.QUOTING, S.DISCOUNT, S.QUOTED, S.TO_ASSIGN, S.ASSIGNED)
AGREED = (S.WORKING, S.ASSIGNED, S.TO_ASSIGN)

ORDER = register(
    Procedure(
        model=ServiceOrder,
        slug="services",
        code="TY",
        clauses=("REP-08", "DESK-03", "DESK-13", "DESK-14"),
        opening_form=OrderForm,
        opening_from=effects.order_from,
        opens_in=Branch(effects.where_it_starts, (S.QUOTING, S.TO_ASSIGN)),
        opened_by=DESK,
        opening_starts=("D04",),
        opening_says="{by} 开服务单 {service}",
        then_opened=effects.opened,
        seen_by=with_capability("services.see_all") | mine | my_team | opened_by_me,
        closed=(S.CLOSED, S.TRIED, S.REFUSED, S.CANCELLED),
        tones={
            S.QUOTING: "new", S.DISCOUNT: "wait", S.QUOTED: "wait", S.TO_ASSIGN: "new", S.ASSIGNED: "new", S.WORKING: "busy",
            S.TO_SIGN: "check", S.CALL_BACK: "check", S.CLOSED: "done", S.TRIED: "done", S.REFUSED: "void", S.CANCELLED: "void",
        },
        clocks=(
            Clock("D04", "承诺答复", Limit(PROMISED), due_field="promised_at", warn=30,
                  escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(SERVICE, minutes=120)))),
            Clock("D19", "服务回访", Limit(WORKING, days=1), escalate=(Rung("cs_supervisor"), Rung("cs_manager", Limit(SERVICE, minutes=120)))),
        ),
        held=effects.owes_money,
        # no amount, no way of paying, no household: what was signed is taken back by a reversal, not by a correction
        corrects=("content", "location", "customer", "phone", "result"),
        prints=(Print("order_sheet", "有偿服务单", data=order_sheet, copies=("存根联", "财务联", "客户联"), issued=True),),
        steps=(
            Step("line", "加项目", (S.QUOTING,), None, who=DOES, form=LineForm, then=effects.add_line, says="{by} 加项目：{service} × {quantity}"),
            Step("material", "加材料", (S.QUOTING,), None, who=DOES, form=MaterialForm, then=effects.add_material,
                 says="{by} 加材料：{item} × {quantity}"),
            Step("drop_line", "删项目", (S.QUOTING,), None, who=DOES, form=DropLineForm, then=effects.drop_line, says="{by} 删去：{line}"),
            Step("quote", "报价", (S.QUOTING,), Branch(effects.quote_leads_to, (S.QUOTED, S.DISCOUNT)), who=DESK, form=QuoteForm,
                 stops=("D04",), refuses=effects.not_ready, then=effects.quoted, says="{by} 报价 {discount_reason}", primary=True),
            Step("approve", "批准优惠", (S.DISCOUNT,), S.QUOTED, who=APPROVER & ~did("quote", "报价人"), says="{by} 批准优惠", primary=True),
            Step("disapprove", "不批准优惠", (S.DISCOUNT,), S.QUOTING, who=APPROVER & ~did("quote", "报价人"), form=ReasonForm,
                 then=effects.discount_refused, says="{by} 不批准优惠：{reason}"),
            Step("accept", "客户确认", (S.QUOTED,), Branch(effects.after_acceptance, (S.TO_ASSIGN, S.ASSIGNED, S.WORKING)), who=DOES,
                 form=AcceptForm, then=effects.accepted, says="客户确认报价（{accept_way}），{by} 记录", primary=True),
            Step("requote", "重新报价", (S.QUOTED,), S.QUOTING, who=DESK, form=ReasonForm, says="{by} 重新报价：{reason}"),
            Step("decline", "客户不接受", (S.QUOTING, S.QUOTED), Branch(effects.declining_leads_to, (S.REFUSED, S.TO_ASSIGN, S.ASSIGNED, S.WORKING)),
                 who=DOES, form=ReasonForm, then=effects.declined, says="客户不接受报价，{by} 记录：{reason}"),
            Step("change", "变更报价", AGREED, S.QUOTING, who=DOES, form=ReasonForm, refuses=effects.nothing_to_change,
                 then=effects.changing, says="{by} 变更报价，须客户再次确认：{reason}"),
            Step("assign", "派单", (S.TO_ASSIGN,), S.ASSIGNED, who=may("services.assign", "前台"), form=AssignForm, stops=("D04",), then=effects.assigned,
                 says="{by} 派单 {handler} {team} {provider}", primary=True),
            Step("reassign", "改派", (S.ASSIGNED,), S.ASSIGNED, who=may("services.assign", "前台"), form=AssignForm, then=effects.assigned,
                 says="{by} 改派 {handler} {team} {provider}"),
            Step("start", "开始服务", (S.ASSIGNED,), S.WORKING, who=DOES, then=effects.started, says="{by} 开始服务", primary=True),
            Step("finish", "完工", (S.WORKING,), S.TO_SIGN, who=DOES, form=FinishForm, then=effects.finished, says="{by} 完工：{result}",
                 primary=True),
            Step("back_to_work", "继续服务", (S.TO_SIGN,), S.WORKING, who=DOES, form=ReasonForm, says="{by} 继续服务：{reason}"),
            Step("sign", "客户签字", (S.TO_SIGN,), S.CALL_BACK, who=DOES, form=SignForm, starts=("D19",), files="service_sheet",
                 then=effects.signed, says="{by} 请客户签字：{opinion}{sign_refused} {settle}", primary=True),
            Step("call_back", "回访", (S.CALL_BACK,), after_call(S.CLOSED, S.TRIED),
                 who=may("contact.call_back", "前台") & ~handler & ~did("finish", "完工人"), form=call_back_form(ServiceOrder),
                 then=write_down(effects.reworked), says="{by} 回访：{outcome} {feedback} {words}", primary=True),
            Step("schedule", "改预约", BEFORE_WORK, None, who=DOES, form=ScheduleForm, says="{by} 改预约"),
            Step("progress", "告知进展", (*BEFORE_WORK, S.WORKING), None, who=DOES, form=ProgressForm, says="{by} 告知进展：{words}"),
            Step("cancel", "取消", BEFORE_WORK, S.CANCELLED, who=may("services.cancel", "前台"), form=ReasonForm, refuses=effects.begun,
                 says="{by} 取消：{reason}"),
        ),
    )
)  # fmt: skip

REVERSAL = register(
    Procedure(
        model=Reversal,
        slug="reversals",
        code="CZ",
        clauses=("REP-08",),
        opening_form=ReversalForm,
        opens_in=R.ASKED,
        opened_by=DESK | may("services.receive", "财务"),
        opening_says="{by} 申请冲正：{reason}",
        then_opened=reversing.asked,
        seen_by=with_capability("services.see_all") | opened_by_me,
        closed=(R.GRANTED, R.REFUSED),
        tones={R.ASKED: "check", R.GRANTED: "done", R.REFUSED: "void"},
        steps=(
            Step("grant", "批准冲正", (R.ASKED,), R.GRANTED, who=APPROVER & ~opener, then=reversing.granted, says="{by} 批准冲正", primary=True),
            Step("refuse", "不予冲正", (R.ASKED,), R.REFUSED, who=APPROVER & ~opener, form=RefuseForm, then=reversing.refused,
                 says="{by} 不予冲正：{answer}"),
        ),
    )
)  # fmt: skip

MONTH = register(
    Procedure(
        model=MonthList,
        slug="service-months",
        code="YJ",
        clauses=("REP-08",),
        opening_form=MonthListForm,
        opens_in=M.DUE,
        opened_by=system | may("services.compile", "客服") & Who(monthly.may_reopen, "有撤回过的清单时"),
        opening_starts=("D61",),
        opening_says="{by} 开出 {period} 月结清单",
        then_opened=monthly.opened,
        then_withdrawn=monthly.withdrawn,
        seen_by=with_capability("services.compile") | with_capability("services.receive") | with_capability("services.see_all"),
        closed=(M.RECEIVED,),
        tones={M.DUE: "new", M.SIGNED: "busy", M.SENT: "check", M.RECEIVED: "done"},
        clocks=(
            Clock("D61", "月结清单送财务", Limit(PROMISED), due_field="due_at", warn=24 * 60,
                  escalate=(Rung("cs_supervisor"), Rung("finance_supervisor", Limit(WORKING, days=1)),
                            Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        prints=(Print("month_sheet", "有偿服务月结清单", data=month_sheet),),
        steps=(
            Step("sign", "汇总签字", (M.DUE,), M.SIGNED, who=may("services.compile", "客服"), form=SignListForm, then=monthly.signed,
                 says="{by} 汇总签字", primary=True),
            Step("send", "送财务", (M.SIGNED,), M.SENT, who=may("services.compile", "客服"), form=SendForm, stops=("D61",),
                 then=monthly.sent, says="{by} 送财务，接收人 {receiver}", primary=True),
            Step("receive", "财务接收", (M.SENT,), M.RECEIVED, who=may("services.receive", "财务") & ~did("sign", "汇总人"),
                 then=monthly.received, says="{by} 接收", primary=True),
        ),
    )
)  # fmt: skip
