"""维修程序：报修 → 派工 → 接单 → 到场 → 维修 → 完工签字 → 回访 → 关闭。"""

from yihu.areas.repairs import callers, deferring, effects, merging
from yihu.areas.repairs.forms.assigning import (
    AssignForm,
    JudgeForm,
    PassForm,
    ReassignForm,
    RescheduleForm,
    SendOutForm,
    TurnForm,
)
from yihu.areas.repairs.forms.base import ReasonForm
from yihu.areas.repairs.forms.calling import CallerForm, TellAllForm
from yihu.areas.repairs.forms.opening import OrderForm
from yihu.areas.repairs.forms.reversing import RefuseForm, ReversalForm
from yihu.areas.repairs.forms.storing import AnswerStoreForm, AskStoreForm, RequestForm
from yihu.areas.repairs.forms.waiting import DecideForm, DeclineForm, HoldForm, ScreenForm, TellOwnerForm
from yihu.areas.repairs.forms.working import DropPartForm, FinishForm, FirmDoneForm, PartForm, SignForm
from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.areas.repairs.printing import reversal_sheet, work_sheet
from yihu.areas.repairs.sights import grabber, offered, passing, receiver
from yihu.ground.contact import reversing
from yihu.ground.contact.calling import write_down
from yihu.ground.contact.forms import call_back_form
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import (
    DAYS,
    NATURAL,
    PROMISED,
    SERVICE,
    WORKING,
    Branch,
    Clock,
    Limit,
    Procedure,
    Rung,
    Step,
    register,
)
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import handler, may, opener, system

S = WorkOrder.State
DESK = may("repairs.open", "前台")
HEAD = may("repairs.assign", "工程主管")
STORE = may(effects.STORE, "仓库")
CALLS = may("contact.call_back", "前台")
AT_WORK = (S.ON_SITE, S.WORKING)
BEFORE_ARRIVAL = (S.TO_ASSIGN, S.ASSIGNED, S.ACCEPTED)
BEFORE_FINISH = (*BEFORE_ARRIVAL, *AT_WORK, S.ON_HOLD)
TAKEN_UP = (S.TO_ASSIGN, S.ASSIGNED, S.ACCEPTED, S.WORKING)
IN_A_WORKERS_HANDS = (S.ASSIGNED, S.ACCEPTED, *AT_WORK)

ORDER = register(
    Procedure(
        model=WorkOrder,
        slug="repairs",
        code="WX",
        clauses=("REP-01", "REP-02", "REP-03", "REP-04", "REP-05", "REP-06", "REP-10", "REP-12", "DESK-13", "DESK-14"),
        opening_form=OrderForm,
        opening_from=effects.order_from,
        opens_in=S.TO_ASSIGN,
        opened_by=may("repairs.open", "前台"),
        opening_starts=("D14", "D20", "D16"),
        opening_says="{by} 开维修单，{level}，工种：{trade}",
        then_opened=effects.opened,
        seen_by=with_capability("repairs.see_all") | with_capability(effects.STORE) | mine | opened_by_me | offered,
        closed=(S.CLOSED, S.TRIED, S.DECLINED, S.CANCELLED, S.FALSE_ALARM),
        tones={
            S.TO_ASSIGN: "new", S.ASSIGNED: "new", S.ACCEPTED: "busy", S.ON_SITE: "busy", S.WORKING: "busy", S.OUTSIDE: "busy",
            S.ON_HOLD: "wait",
            S.TO_SIGN: "check", S.CALL_BACK: "check", S.CLOSED: "done", S.TRIED: "done", S.DECLINED: "void", S.CANCELLED: "void",
            S.FALSE_ALARM: "void",
        },
        clocks=(
            Clock("D14", "派工", {"first": Limit(SERVICE, minutes=15), "again": None}, vary="round_kind", warn=10,
                  escalate=(Rung("engineering_head"), Rung("cs_supervisor", Limit(SERVICE, minutes=15)))),
            Clock("D20", "二次维修派工", {"again": Limit(SERVICE, minutes=120), "first": None}, vary="round_kind", warn=90,
                  escalate=(Rung("engineering_head"), Rung("cs_supervisor"))),
            Clock("D15", "到场", {"urgent": Limit(NATURAL, minutes=30), "minor": Limit(PROMISED), "major": Limit(PROMISED)}, vary="level",
                  due_field="appointment_to", warn=15,
                  escalate=(Rung("engineering_head"), Rung("project_manager", Limit(NATURAL, minutes=30)))),
            # 急修不宜等三个工作日，与零修同为 24 小时；公司可在参数里改
            Clock("D16", "修复", {"urgent": Limit(NATURAL, minutes=1440), "minor": Limit(NATURAL, minutes=1440), "major": Limit(WORKING, days=3)},
                  vary="level", escalate=(Rung("engineering_head"), Rung("cs_supervisor", Limit(NATURAL, minutes=240)))),
            Clock("D17", "告知业主暂不能修", {"True": Limit(SERVICE), "False": None}, vary="to_be_told",
                  escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(SERVICE, minutes=60)))),
            # 漏一次催前台，连着漏两次由客服经理过问
            Clock("D18", "暂不能修三日筛选", {"True": Limit(DAYS, days=3), "False": None}, vary="deferred",
                  escalate=(Rung("receptionist"), Rung("cs_manager", Limit(DAYS, days=3)))),
            Clock("D19", "维修回访", Limit(WORKING, days=1), escalate=(Rung("cs_supervisor"),)),
        ),
        locked=effects.signed_for,
        held=effects.owes_money,
        then_urged=effects.urged,
        then_merged=merging.merged,
        then_split=merging.split,
        corrects=("symptom", "system", "common_area", "location", "reporter", "phone", "level", "trade", "chargeable", "responsibility", "ability"),
        prints=(Print("work_sheet", "维修单", data=work_sheet, copies=("存根联", "派工联", "客户联"), issued=True),),
        steps=(
            Step("assign", "派工", (S.TO_ASSIGN,), S.ASSIGNED, who=HEAD, form=AssignForm, stops=("D14", "D20"), starts=("D15",),
                 then=effects.assigned, says="{by} 派工给 {handler}，{level}", primary=True),
            Step("judge", "能否承接", (S.TO_ASSIGN,), None, who=HEAD | DESK, form=JudgeForm, says="{by} 判断{ability}"),
            Step("grab", "抢单", (S.TO_ASSIGN,), S.ACCEPTED, who=grabber, stops=("D14", "D20"), starts=("D15",),
                 then=effects.grabbed, says="{by} 抢单", primary=True),
            Step("turn", "轮派", (S.TO_ASSIGN,), S.ASSIGNED, who=system, form=TurnForm, stops=("D14", "D20"), starts=("D15",),
                 then=effects.assigned, says="{by} 按轮次派给 {handler}"),
            Step("reassign", "改派", (S.ASSIGNED, S.ACCEPTED, S.ON_HOLD), S.ASSIGNED, who=HEAD, form=ReassignForm, resumes=("D15", "D16"), stops=("D17", "D18"),
                 refuses=effects.unassigned, then=effects.reassigned, says="{by} 改派给 {handler}：{reason}"),
            Step("accept", "接单", (S.ASSIGNED,), S.ACCEPTED, who=handler, then=effects.stamp("accepted_at"), says="{by} 接单", primary=True),
            Step("reject", "退单", (S.ASSIGNED,), S.TO_ASSIGN, who=handler, form=ReasonForm, starts=("D14", "D20"), then=effects.rejected,
                 says="{by} 退单：{reason}"),
            Step("pass_on", "转单", IN_A_WORKERS_HANDS, None, who=handler, form=PassForm, then=effects.passed_on,
                 says="{by} 请 {to} 接手：{reason}"),
            Step("take_over", "接手", IN_A_WORKERS_HANDS, S.ACCEPTED, who=receiver, then=effects.taken_over, says="{by} 接手", primary=True),
            Step("refuse_over", "不接手", IN_A_WORKERS_HANDS, None, who=receiver, form=ReasonForm, then=effects.not_taken_over,
                 says="{by} 不接手：{reason}"),
            Step("keep", "收回转单", IN_A_WORKERS_HANDS, None, who=handler & passing, then=effects.kept, says="{by} 收回转单"),
            Step("reschedule", "改约", (*BEFORE_ARRIVAL, S.ON_HOLD, S.OUTSIDE), None, who=handler | HEAD | DESK, form=RescheduleForm,
                 then=effects.rescheduled,
                 says="{by} 改约到 {appointment_from} 至 {appointment_to}，原因：{reason}；{told}；修复时限顺延：{owner_agreed}"),
            Step("arrive", "到场", (S.ACCEPTED,), S.ON_SITE, who=handler, stops=("D15",), then=effects.stamp("arrived_at"),
                 says="{by} 到场", primary=True),
            Step("start", "开工", (S.ON_SITE,), S.WORKING, who=handler, then=effects.stamp("started_at"), says="{by} 开工"),
            Step("part", "用料", AT_WORK, None, who=handler, form=PartForm, then=effects.add_part,
                 says="{by} 用料：{item} × {quantity}"),
            Step("drop_part", "删去用料", AT_WORK, None, who=handler, form=DropPartForm, then=effects.drop_part, says="{by} 删去用料：{part}"),
            Step("hold", "挂单", (S.ACCEPTED, S.ON_SITE, S.WORKING), S.ON_HOLD, who=handler | HEAD, form=HoldForm, starts=("D17", "D18"), then=deferring.held,
                 says="{by} 挂单：{hold_reason}，{wake_on} 恢复；已告知业主：{told}"),
            Step("resume", "恢复维修", (S.ON_HOLD,), Branch(lambda act: deferring.taken_up_in(act.record), TAKEN_UP),
                 who=handler | HEAD, resumes=deferring.WAITED, stops=("D17", "D18"), then=deferring.resumed, says="{by} 恢复维修", primary=True),
            Step("tell_owner", "告知业主", (S.ON_HOLD,), None, who=handler | HEAD | DESK, form=TellOwnerForm, stops=("D17",), then=deferring.told,
                 says="{by} 告知业主：{told}"),
            Step("screen", "筛选", (S.ON_HOLD,), Branch(deferring.screening_says, TAKEN_UP), who=DESK | HEAD, form=ScreenForm,
                 starts=("D18",), then=deferring.screened, says="{by} 筛选：{result}，{words}"),
            Step("decide", "主管决定", (S.ON_HOLD,), Branch(deferring.decision_leads_to, (*TAKEN_UP, S.DECLINED)),
                 who=may("repairs.decide", "客服主管"), form=DecideForm, refuses=deferring.not_raised, then=deferring.decided,
                 says="{by} 决定{decision} {wake_on}：{reason}；告知业主：{told}"),
            Step("finish", "完工", AT_WORK, S.TO_SIGN, who=handler, form=FinishForm, stops=("D16",), then=effects.finished,
                 says="{by} 完工：{work_done}", primary=True),
            Step("ask_store", "领料", BEFORE_FINISH, None, who=handler | HEAD | DESK, form=AskStoreForm, then=effects.asked_store,
                 says="{by} 向仓库领料：{item} × {quantity}"),
            Step("answer_store", "仓库答复", BEFORE_FINISH, Branch(effects.store_says, (S.ON_HOLD,)), who=STORE, form=AnswerStoreForm,
                 refuses=effects.nothing_asked, then=effects.store_answered, says="{by} 答复 {request}：{answer} {arrives_on}"),
            Step("goods_came", "到货", BEFORE_FINISH, None, who=STORE, form=RequestForm, refuses=effects.nothing_coming,
                 then=effects.goods_came, says="{by} {request} 已到货"),
            Step("send_out", "外委", (S.TO_ASSIGN,), S.OUTSIDE, who=HEAD, form=SendOutForm, stops=("D14", "D20"), starts=("D15",),
                 then=effects.sent_out, says="{by} 外委 {firm}，{appointment_from} 到场；已告知业主：{told}"),
            Step("hand_out", "转外委", (S.ASSIGNED, S.ACCEPTED, *AT_WORK, S.ON_HOLD), S.OUTSIDE, who=HEAD, form=SendOutForm,
                 stops=("D14", "D20", "D17", "D18"), resumes=("D15", "D16"), then=effects.sent_out,
                 says="{by} 转外委 {firm}，{appointment_from} 到场；已告知业主：{told}"),
            Step("firm_came", "外委到场", (S.OUTSIDE,), None, who=HEAD | DESK, stops=("D15",), refuses=effects.no_firm_came,
                 then=effects.stamp("arrived_at"), says="{by} 记外委单位到场"),
            Step("firm_done", "外委完工", (S.OUTSIDE,), S.TO_SIGN, who=HEAD | DESK, form=FirmDoneForm, stops=("D15", "D16"),
                 then=effects.finished, says="{by} 记外委单位完工：{work_done}", primary=True),
            Step("take_back", "收回外委", (S.OUTSIDE,), S.TO_ASSIGN, who=HEAD, form=ReasonForm, starts=("D14", "D20"),
                 stops=("D15",), then=effects.taken_back, says="{by} 从外委单位收回：{reason}"),
            Step("back_to_work", "继续维修", (S.TO_SIGN,), Branch(lambda act: effects.goes_on_with(act.record), (S.WORKING, S.OUTSIDE)),
                 who=handler, form=ReasonForm, then=effects.not_finished,
                 says="{by} 继续维修：{reason}"),
            Step("sign", "客户签字", (S.TO_SIGN,), S.CALL_BACK, who=handler | DESK, form=SignForm, starts=("D19",), files="work_sheet",
                 refuses=effects.parts_when_free, then=effects.signed, says="{by} 请客户签字：{opinion}{sign_refused} {settle}", primary=True),
            Step("call_back", "回访", (S.CALL_BACK,), Branch(callers.after_own_call, (S.CLOSED, S.TRIED)), who=CALLS & ~handler,
                 form=call_back_form(WorkOrder), refuses=callers.called_already, then=write_down(effects.reworked), says="{by} 回访：{outcome} {feedback} {words}",
                 primary=True),
            Step("call_caller", "回访其他报修人", (S.CALL_BACK,), Branch(callers.after_one_call, (S.CLOSED, S.TRIED)), who=CALLS & ~handler & callers.shared,
                 form=CallerForm, then=effects.called, says="{by} 回访 {caller}：{outcome} {feedback} {words}"),
            Step("tell_all", "一并告知", (S.CALL_BACK,), Branch(callers.after_telling, (S.CLOSED, S.TRIED)), who=CALLS & ~handler & callers.shared,
                 form=TellAllForm, then=callers.told_all, says="{by} 一并告知其他报修人（{how}）：{words}"),
            Step("all_told", "报修人都已告知", (S.CALL_BACK,), Branch(callers.after_telling, (S.CLOSED, S.TRIED)), who=system, refuses=callers.some_wait,
                 says="没有其他报修人等着告知了"),
            Step("decline", "不能承接", BEFORE_ARRIVAL, S.DECLINED, who=HEAD | DESK, form=DeclineForm,
                 says="{by} 不能承接：{reason}；已告知业主：{told}"),
            Step("cancel", "取消", BEFORE_ARRIVAL, S.CANCELLED, who=may("repairs.cancel", "前台"), form=ReasonForm, says="{by} 取消：{reason}"),
            Step("false_alarm", "误报", (S.ACCEPTED, S.ON_SITE, S.WORKING, S.OUTSIDE), S.FALSE_ALARM, who=handler | HEAD, form=ReasonForm,
                 says="{by} 误报：{reason}"),
        ),
    )
)  # fmt: skip

R = RepairReversal.State
GRANTS = may("repairs.decide", "客服主管") & ~opener

REVERSAL = register(
    Procedure(
        model=RepairReversal,
        slug="repair-reversals",
        code="WCZ",
        clauses=("REP-05",),
        opening_form=ReversalForm,
        opens_in=R.ASKED,
        opened_by=DESK | HEAD,
        opening_says="{by} 申请冲正，应收改为 {right}：{reason}",
        then_opened=reversing.asked,
        seen_by=with_capability("repairs.see_all") | with_capability("ledger.see") | opened_by_me,
        closed=(R.GRANTED, R.REFUSED),
        tones={R.ASKED: "check", R.GRANTED: "done", R.REFUSED: "void"},
        prints=(Print("reversal", "维修费冲正单", data=reversal_sheet, copies=("存根联", "财务联", "客户联"), issued=True),),
        steps=(
            Step("grant", "批准冲正", (R.ASKED,), R.GRANTED, who=GRANTS, then=reversing.granted, says="{by} 批准冲正", primary=True),
            Step("refuse", "不予冲正", (R.ASKED,), R.REFUSED, who=GRANTS, form=RefuseForm, then=reversing.refused,
                 says="{by} 不予冲正：{answer}"),
        ),
    )
)  # fmt: skip
