"""业主接待程序：登记 → 分派（或并入正在办的）→ 处理中 → 待注销 → 已注销；跟进事项：待办 → 待回访 → 办结。"""

from yihu.areas.reception import effects, joining
from yihu.areas.reception.forms import (
    ContactForm,
    DoneForm,
    MatterForm,
    MatterProgressForm,
    MatterPromiseForm,
    ProgressForm,
    PromiseForm,
    ReplyForm,
    ReportForm,
    RouteForm,
    VoidForm,
)
from yihu.areas.reception.joining_forms import JoinForm, LeaveForm, RerouteForm
from yihu.areas.reception.models import Category, Contact, Matter
from yihu.areas.reception.printing import month_register
from yihu.ground.contact.calling import after_call, write_down
from yihu.ground.contact.forms import call_back_form
from yihu.ground.contact.promising import follows_promise
from yihu.ground.staff.heads import head, my_department
from yihu.kernel.forms import asking
from yihu.kernel.models import Link
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import (
    PROMISED,
    SERVICE,
    WORKING,
    Branch,
    Clock,
    Limit,
    Procedure,
    Route,
    Rung,
    Step,
    register,
)
from yihu.kernel.sight import mine, my_team, opened_by_me, with_capability
from yihu.kernel.who import Who, handler, may, system

C, M = Contact.State, Matter.State
DESK = may("reception.register", "前台")
ROUTER = may("reception.route", "前台")
OPEN = (C.REGISTERED, C.IN_HAND)
# what was tied to the wrong matter and taken out of it again
NOTHING_UNDER_WAY = Who(
    lambda person, record, grants: (
        record.pk is not None and not Link.objects.filter(origin_id=record.pk, why__in=Link.HOLDING).exists()
    ),
    "没有由此产生的事项时",
)
may_belong = Who(joining.may_belong, "还没有分派、不是表扬或建议时")
belongs = Who(joining.was_joined, "已经并入别的单时")

CONTACT = register(
    Procedure(
        model=Contact,
        slug="reception",
        code="JD",
        clauses=("DESK-01", "DESK-02", "DESK-03", "DESK-04", "DESK-05", "DESK-06", "DESK-07", "DESK-12", "DESK-19"),
        opening_form=ContactForm,
        opens_in=Branch(effects.where_it_starts, (C.REGISTERED, C.IN_HAND, C.READY)),
        opened_by=may("reception.open", "员工"),
        opening_starts=("D04", "D21"),
        opening_says="{by} 登记接待（{channel}），类别：{category}",
        then_opened=effects.after_opening,
        seen_by=with_capability("reception.register") | mine | opened_by_me | my_department,
        closed=(C.STRUCK, C.VOIDED),
        tones={C.REGISTERED: "new", C.IN_HAND: "busy", C.READY: "check", C.STRUCK: "done", C.VOIDED: "void"},
        route=Route(
            "category",
            dict.fromkeys(Category, "reception.matter")
            | {Category.REPAIR: "repairs.workorder", Category.SERVICE: "services.serviceorder", Category.AFTER_SALES: "warranty.slip", Category.PRAISE: "relations.praise",
               Category.SUGGESTION: "relations.suggestion", Category.COMPLAINT: "complaints.complaint"},
            unless=lambda data: bool(data.get("answered") or data.get("unrouted") or data.get("joins_job")),
        ),
        clocks=(
            Clock("D04", "承诺答复", Limit(PROMISED), due_field="promised_at", warn=30,
                  escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(SERVICE, minutes=120)))),
            Clock("D21", "接待注销", {"True": Limit(WORKING, days=1), "False": None}, vary="ready_to_strike",
                  escalate=(Rung("cs_supervisor"),)),
        ),
        corrects=("unit", "caller_name", "phone", "relation", "channel", "content", "result"),
        prints=(Print("month_register", "业主接待记录表", data=month_register, paper="a4-landscape", of_one=False),),
        steps=(
            Step("route", "分派", (C.REGISTERED,), C.IN_HAND, who=ROUTER, form=RouteForm, opens="route", then=effects.routed,
                 says="{by} 分派，类别：{category}", primary=True),
            Step("join_job", "并入已有的单", (C.REGISTERED, C.READY), C.IN_HAND, who=ROUTER & may_belong, form=JoinForm, stops=("D21",),
                 then=effects.joined_later, says="{by} 并入 {into}"),
            Step("leave", "撤出并单", (C.IN_HAND,), Branch(effects.after_leaving, (C.REGISTERED, C.READY)), who=ROUTER & belongs, form=LeaveForm,
                 then=joining.left, says="{by} 从 {job} 撤出：{reason}"),
            Step("reroute", "重新分派", (C.IN_HAND,), C.REGISTERED, who=ROUTER & NOTHING_UNDER_WAY, form=RerouteForm,
                 then=effects.rerouted, says="{by} 退回待分派：{reason}"),
            Step("reply", "答复来访人", (C.IN_HAND,), None, who=DESK | handler, form=ReplyForm, stops=("D04",),
                 then=effects.replied, says="{by} 答复来访人"),
            Step("progress", "告知进展", OPEN, None, who=DESK | handler, form=ProgressForm, says="{by} 告知进展：{words}"),
            Step("promise", "改约时间", OPEN, None, who=DESK | handler, form=PromiseForm, starts=("D04",),
                 says="{by} 与来访人改约 {promised_at}：{reason}"),
            Step("given_to", "转入部门", (C.IN_HAND, C.READY), None, who=system, form=asking(Contact, "team"), says="事项已转入责任部门"),
            Step("report_back", "部门回报", (C.IN_HAND, C.READY), None, who=head, form=ReportForm, then=effects.reported,
                 says="{by} 回报处理情况：{report}"),
            follows_promise(Contact, OPEN),
            Step("children_done", "后续办结", (C.IN_HAND,), C.READY, who=system, stops=("D04",), starts=("D21",),
                 refuses=effects.still_open, says="由此产生的事项均已办结回访，待注销"),
            Step("strike_off", "注销", (C.READY,), C.STRUCK, who=may("reception.strike_off", "前台"), refuses=effects.still_open,
                 stops=("D21",), says="{by} 注销", primary=True),
            Step("void", "作废", (C.REGISTERED, C.READY), C.VOIDED, who=may("reception.void", "客服主管"), form=VoidForm,
                 refuses=effects.still_open, says="{by} 作废：{reason}"),
        ),
    )
)  # fmt: skip

MATTER = register(
    Procedure(
        model=Matter,
        slug="matters",
        code="GJ",
        clauses=("DESK-03", "DESK-04", "DESK-13", "DESK-14", "DESK-19"),
        opening_form=MatterForm,
        opening_from=effects.matter_from,
        opens_in=M.OPEN,
        opened_by=may("reception.route", "前台"),
        opening_starts=("D04",),
        opening_says="{by} 开单跟进",
        then_opened=effects.matter_opened,
        seen_by=with_capability("reception.register") | mine | my_team | opened_by_me,
        closed=(M.CLOSED, M.TRIED),
        tones={M.OPEN: "busy", M.CALL_BACK: "check", M.CLOSED: "done", M.TRIED: "done"},
        clocks=(
            Clock("D04", "承诺答复", Limit(PROMISED), due_field="promised_at", warn=30, escalate=(Rung("cs_supervisor", Limit(SERVICE, minutes=120)),)),
            Clock("D19", "回访", Limit(WORKING, days=1), escalate=(Rung("cs_supervisor"),)),
        ),
        transfer_to="reception.matter.work",
        corrects=("content", "caller_name", "phone"),
        steps=(
            Step("progress", "告知进展", (M.OPEN,), None, who=DESK | handler, form=MatterProgressForm, says="{by} 告知进展：{words}"),
            Step("promise", "改约时间", (M.OPEN,), None, who=DESK | handler, form=MatterPromiseForm, starts=("D04",),
                 says="{by} 与客户改约 {promised_at}：{reason}"),
            follows_promise(Matter, (M.OPEN,)),
            Step("done", "办理完毕", (M.OPEN,), M.CALL_BACK, who=handler | may("reception.route", "前台"), form=DoneForm,
                 stops=("D04",), starts=("D19",), then=effects.matter_done, says="{by} 办理完毕", primary=True),
            Step("call_back", "回访", (M.CALL_BACK,), after_call(M.CLOSED, M.TRIED), who=may("contact.call_back", "前台"),
                 form=call_back_form(Matter), then=write_down(effects.second_round), says="{by} 回访：{outcome} {feedback} {words}",
                 primary=True),
        ),
    )
)  # fmt: skip
