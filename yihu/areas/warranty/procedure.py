"""返修程序：开单 → 开发商签收 → 方案 → 施工 → 完工 → 物业复检 → 业主确认 → 回访 → 关闭；拒保则为责任争议。"""

from yihu.areas.warranty import effects
from yihu.areas.warranty.forms import (
    AcceptForm,
    ChaseForm,
    FailedForm,
    FinishForm,
    HandForm,
    LetterForm,
    NextForm,
    NotAcceptedForm,
    NotCoveredForm,
    PassedForm,
    PlanForm,
    RefusedForm,
    SettledForm,
    SlipForm,
)
from yihu.areas.warranty.models import Slip
from yihu.areas.warranty.printing import chase_letter, slip_sheet
from yihu.ground.contact.calling import after_call, write_down
from yihu.ground.contact.forms import call_back_form
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import DAYS, PROMISED, SERVICE, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import may

S = Slip.State
DESK = may("warranty.work", "前台")
CHECKER = may("warranty.recheck", "前台或工程主管")
SUPERVISOR = may("warranty.settle", "客服主管")
CHASED = (S.OPENED, *Slip.AT_DEVELOPER, S.DISPUTE)

SLIP = register(
    Procedure(
        model=Slip,
        slug="warranty",
        code="FX",
        clauses=("REP-07", "DESK-03", "DESK-13", "DESK-14"),
        opening_form=SlipForm,
        opening_from=effects.slip_from,
        opens_in=S.OPENED,
        opened_by=may("warranty.open", "前台"),
        opening_starts=("D13",),
        opening_says="{by} 开返修联系单：{item}",
        then_opened=effects.opened,
        seen_by=with_capability("warranty.see") | mine | opened_by_me,
        closed=(S.CLOSED, S.TRIED, S.NOT_COVERED),
        tones={
            S.OPENED: "new", S.RECEIVED: "busy", S.PLANNED: "busy", S.WORKING: "busy", S.RECHECK: "check", S.TO_ACCEPT: "check",
            S.CALL_BACK: "check", S.DISPUTE: "wait", S.CLOSED: "done", S.TRIED: "done", S.NOT_COVERED: "void",
        },
        clocks=(
            Clock("D13", "交开发商签收", Limit(PROMISED), due_field="hand_by", warn=60,
                  escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(SERVICE, minutes=60)))),
            # 开发商定了日子按日子催；一直没有答复的，七天上催办清单，报主管，再三天报经理发函
            Clock("D45", "开发商答复与完工", {"silent": Limit(DAYS, days=7), "promised": Limit(PROMISED)}, vary="pledge", due_field="promised_at",
                  cases={"silent": "开发商未答复", "promised": "已约定日期"},
                  escalate=(Rung("cs_supervisor"), Rung("project_manager", Limit(DAYS, days=3)))),
            Clock("D49", "现场复检", Limit(SERVICE, minutes=1440), escalate=(Rung("cs_supervisor"),)),
            Clock("D04", "告知业主", Limit(PROMISED), due_field="next_told_at", warn=60,
                  escalate=(Rung("cs_supervisor", Limit(SERVICE, minutes=120)),)),
            Clock("D19", "返修回访", Limit(WORKING, days=1), escalate=(Rung("cs_supervisor"),)),
        ),
        transfer_to="warranty.work",
        corrects=("defect", "location", "reporter", "phone", "receiver", "contractor"),
        prints=(
            Print("slip", "物业返修联系单", data=slip_sheet, copies=("物业联", "开发商联"), issued=True),
            Print("chase_letter", "催办函", data=chase_letter, says_numbers=True, issued=True),
        ),
        steps=(
            Step("hand", "交开发商签收", (S.OPENED,), S.RECEIVED, who=DESK, form=HandForm, stops=("D13",), starts=("D45",),
                 then=effects.handed, says="{by} 交开发商签收 {receive_refused}", primary=True),
            Step("plan", "登记方案", (S.RECEIVED, S.PLANNED), S.PLANNED, who=DESK, form=PlanForm, starts=("D45",),
                 says="{by} 登记方案：{contractor}，{promised_on} 完成；{plan}", primary=True),
            Step("begin", "开始施工", (S.PLANNED,), S.WORKING, who=DESK, says="{by} 登记开始施工"),
            Step("finish", "完工", Slip.AT_DEVELOPER, S.RECHECK, who=DESK, form=FinishForm, stops=("D45",), starts=("D49",),
                 then=effects.finished, says="{by} 登记完工 {finished_on}：{work_done}"),
            Step("passed", "复检合格", (S.RECHECK,), S.TO_ACCEPT, who=CHECKER, form=PassedForm, stops=("D49",),
                 then=effects.passed, says="{by} 复检合格：{checked}", primary=True),
            Step("failed", "复检不合格", (S.RECHECK,), S.WORKING, who=CHECKER, form=FailedForm, stops=("D49",), starts=("D45",),
                 then=effects.failed, says="{by} 复检不合格：{checked}；开发商 {promised_on} 前重做"),
            Step("accept", "业主确认", (S.TO_ACCEPT,), S.CALL_BACK, who=CHECKER, form=AcceptForm, starts=("D19",), files="warranty_slip",
                 then=effects.accepted, says="{by} 请业主签字确认 {accept_refused}", primary=True),
            Step("not_accepted", "业主不认可", (S.TO_ACCEPT,), S.WORKING, who=CHECKER, form=NotAcceptedForm, starts=("D45",),
                 then=effects.not_accepted, says="{by} 业主不认可：{accept_refused}；开发商 {promised_on} 前重做"),
            Step("call_back", "回访", (S.CALL_BACK,), after_call(S.CLOSED, S.TRIED), who=may("contact.call_back", "前台"),
                 form=call_back_form(Slip), then=write_down(effects.again), says="{by} 回访：{outcome} {feedback} {words}", primary=True),
            Step("chase", "催办开发商", CHASED, None, who=DESK, form=ChaseForm, then=effects.chased,
                 says="{by} 催办开发商（{way}，{whom}）：{answer} {promised_on}"),
            Step("letter", "发催办函", CHASED, None, who=may("warranty.letter", "客服主管或经理"), form=LetterForm, prints=("chase_letter",),
                 then=effects.lettered, says="{by} 向{letter_to}发催办函，要求 {letter_by} 前答复"),
            Step("refuse", "开发商拒保", (S.OPENED, *Slip.AT_DEVELOPER, S.RECHECK), S.DISPUTE, who=DESK, form=RefusedForm,
                 stops=("D13", "D45", "D49"), starts=("D04",), then=effects.refused,
                 says="{by} 开发商拒保：{refused_reason}；已告知业主：{told}，下次 {next_told_at}"),
            Step("inform", "告知业主进展", (S.DISPUTE,), None, who=DESK, form=NextForm, starts=("D04",),
                 says="{by} 告知业主：{told}，下次 {next_told_at}", primary=True),
            Step("settle", "争议解决", (S.DISPUTE,), S.RECEIVED, who=SUPERVISOR, form=SettledForm, stops=("D04",), starts=("D45",),
                 says="{by} 争议解决，开发商 {promised_on} 前修复：{outcome}"),
            Step("not_covered", "认定不属保修", (S.DISPUTE,), S.NOT_COVERED, who=SUPERVISOR, form=NotCoveredForm,
                 says="{by} 认定不属保修：{reason}；已告知业主：{told}"),
        ),
    )
)  # fmt: skip
