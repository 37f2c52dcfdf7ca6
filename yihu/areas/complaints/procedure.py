"""投诉程序：受理 → 待确认 → 已发单 → 部门已回复 → 已告知业主 → 业主意见 → 待项目经理确认 → 待回访 → 归档；判无效的解释后归档。"""

from yihu.areas.complaints import collective, effects, receipts, who
from yihu.areas.complaints.amends import ApologyForm
from yihu.areas.complaints.answers import (
    AnswerForm,
    CallInForm,
    DetailForm,
    InterimForm,
    JoinForm,
    ReplyForm,
    TellForm,
    UnjoinForm,
    WordsForm,
)
from yihu.areas.complaints.closing import (
    AppealAnswerForm,
    AppealForm,
    ApproveForm,
    InvalidForm,
    NoticeForm,
    OpinionForm,
)
from yihu.areas.complaints.forms import (
    AboutForm,
    ComplaintForm,
    ConfirmForm,
    GradeForm,
    ReasonForm,
    RedirectForm,
    SheetForm,
)
from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.printing import handling_sheet, receipt, record_sheet
from yihu.areas.complaints.receipt_forms import FailedForm, JoinedReceiptForm, ReceiptForm
from yihu.ground.contact.calling import after_call, write_down
from yihu.ground.contact.forms import call_back_form
from yihu.ground.staff.heads import head, my_department
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import (
    DAYS,
    NATURAL,
    PROMISED,
    SERVICE,
    WORKING,
    Clock,
    Limit,
    Procedure,
    Rung,
    Step,
    register,
)
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import handler, may, system

S = Complaint.State
BEFORE_TOLD = (S.RECEIVED, S.CHECKING, S.ISSUED, S.REPLIED, S.HANDLING)
UNDER_WAY = (*BEFORE_TOLD, S.TOLD, S.OPINION, S.CONFIRMING)
OPEN = (*UNDER_WAY, S.CALL_BACK, S.EXPLAINED)
TWO_HOURS = {"service": Limit(SERVICE, minutes=120), "natural": Limit(NATURAL, minutes=120)}
CASES = {"service": "一般", "natural": "重大或涉及安全"}
ALERTED = (
    Rung("cs_supervisor"),
    Rung("cs_manager", Limit(SERVICE, minutes=120)),
    Rung("project_manager", Limit(WORKING, days=1)),
)

COMPLAINT = register(
    Procedure(
        model=Complaint,
        slug="complaints",
        code="KS",
        clauses=(
            "CMP-01", "CMP-02", "CMP-03", "CMP-04", "CMP-05", "CMP-06", "CMP-07", "CMP-08", "CMP-09", "CMP-12", "CMP-14", "CMP-15", "CMP-16",
            "DESK-06",
        ),
        opening_form=ComplaintForm,
        opening_from=effects.complaint_from,
        opens_in=effects.WHERE_IT_STARTS,
        opened_by=who.OPENER,
        opening_starts=("D06", "D07", "D09", "D10", "D11"),
        opening_says="{by} 登记投诉：{category}，{level}",
        then_opened=effects.opened,
        seen_by=with_capability("complaints.register") | mine | my_department | opened_by_me,
        closed=(S.CLOSED,),
        tones={
            S.RECEIVED: "new", S.CHECKING: "check", S.ISSUED: "busy", S.REPLIED: "busy", S.HANDLING: "wait", S.TOLD: "busy",
            S.OPINION: "check", S.CONFIRMING: "check", S.CALL_BACK: "check", S.CLOSED: "done", S.EXPLAINED: "void",
        },
        clocks=(
            Clock("D04", "承诺完成", Limit(PROMISED), due_field="due_at", escalate=ALERTED[:2]),
            Clock("D05", "责任部门答复", TWO_HOURS, vary="pace", cases=CASES, warn=90, escalate=ALERTED),
            Clock("D06", "首次答复投诉人", TWO_HOURS, vary="pace", cases=CASES, warn=90, escalate=ALERTED),
            Clock("D07", "确认处理表", Limit(SERVICE, minutes=20),
                  escalate=(Rung("cs_manager"), Rung("project_manager", Limit(SERVICE, minutes=20)))),
            Clock("D08", "追问详细答复", Limit(WORKING, days=1), escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(SERVICE, minutes=120)))),
            Clock("D09", "重大投诉报告", {"major": Limit(NATURAL, minutes=60), "important": None, "minor": None}, vary="level",
                  escalate=(Rung("cs_manager"), Rung("project_manager"))),
            Clock("D10", "法定答复", Limit(DAYS, days=10), escalate=(Rung("cs_manager"), Rung("project_manager", Limit(DAYS, days=1)))),
            Clock("D11", "满月转重大", {"yes": Limit(PROMISED), "no": None}, vary="counts_month", due_field="month_over_at",
                  cases={"yes": "有效或待判", "no": "重大或无效"}, escalate=(Rung("project_manager"),)),
            Clock("D12", "投诉回访", Limit(DAYS, days=3), escalate=(Rung("cs_supervisor"),)),
            Clock("D22", "当日确认归档", Limit(SERVICE), escalate=(Rung("project_manager"),)),
        ),
        transfer_to="complaints.handle",
        then_merged=collective.merged,
        then_split=collective.split,
        corrects=("unit", "content", "complainant", "phone", "place", "demand", "category"),
        prints=(
            Print("receipt", "投诉回执", data=receipt, issued=True, says_numbers=True),
            Print("record", "投诉记录表", data=record_sheet),
            Print("sheet", "投诉意见处理表", data=handling_sheet, copies=("前台联", "部门联"), issued=True),
        ),
        steps=(
            Step("draw", "拟处理表", (S.RECEIVED,), S.CHECKING, who=who.OPENER, form=SheetForm, then=effects.drawn, says="{by} 拟处理表，责任部门：{team}", primary=True),
            Step("confirm", "确认发单", (S.CHECKING,), S.ISSUED, who=who.MANAGER & ~who.DREW_IT, form=ConfirmForm, stops=("D07",), starts=("D05",),
                 then=effects.issued, says="{by} 确认处理表，发给{team}", primary=True),
            Step("send_back", "退回重拟", (S.CHECKING,), S.RECEIVED, who=who.MANAGER, form=ReasonForm, says="{by} 退回处理表：{reason}"),
            Step("reply", "部门答复", (S.ISSUED,), effects.ANSWERED, who=head | handler, form=ReplyForm, stops=("D05",), then=effects.replied,
                 says="{by} 答复：{remedy} {undecided_reason}", primary=True),
            Step("detail", "详细答复", (S.HANDLING,), S.REPLIED, who=head | handler, form=DetailForm, stops=("D08",), then=effects.replied,
                 says="{by} 详细答复：{remedy}，预计 {due_on}", primary=True),
            Step("interim", "先行答复", BEFORE_TOLD, None, who=who.DESK, form=InterimForm, stops=("D06",), refuses=effects.nobody_to_tell,
                 then=effects.answered_first, says="{by} 先行答复投诉人：{first_answer}"),
            Step("chase", "追问部门", (S.HANDLING,), None, who=who.DESK, form=WordsForm, starts=("D08",), then=effects.chased, says="{by} 追问：{words}"),
            Step("redirect", "改派部门", (S.ISSUED, S.REPLIED, S.HANDLING), S.ISSUED, who=who.MANAGER | who.JUDGE, form=RedirectForm, stops=("D04", "D08"),
                 starts=("D05",), then=effects.redirected, says="{by} 改派{team}：{reason}"),
            Step("tell", "告知业主", (S.REPLIED,), S.TOLD, who=who.DESK & ~who.ANONYMOUS, form=TellForm, stops=("D06", "D10"), then=effects.told,
                 says="{by} 告知投诉人：{told}", primary=True),
            Step("settle", "措施落实", (S.REPLIED,), S.CONFIRMING, who=(head | handler | who.DESK) & who.ANONYMOUS, form=WordsForm,
                 stops=("D04", "D06", "D10"), starts=("D22",), then=effects.remedied, says="{by} 措施已落实：{words}", primary=True),
            Step("remedied", "措施完成", (S.TOLD,), S.OPINION, who=head | handler | who.DESK, form=WordsForm, stops=("D04",), then=effects.remedied,
                 says="{by} 措施完成：{words}"),
            Step("opinion", "业主意见", (S.TOLD, S.OPINION), S.CONFIRMING, who=who.DESK, form=OpinionForm, starts=("D22",), then=effects.gave_opinion,
                 says="{by} 业主意见（{way}）：{opinion} {opinion_refused} {opinion_words}", primary=True),
            Step("approve", "项目经理确认", (S.CONFIRMING,), effects.APPROVED, who=who.CLOSER, form=ApproveForm, refuses=effects.waits_for_amends,
                 stops=("D04", "D10", "D22"), starts=("D12",), then=effects.approved, files="complaint_sheet", says="{by} 确认归档，由 {caller} 回访",
                 primary=True),
            Step("hand_back", "退回重办", (S.CONFIRMING,), S.ISSUED, who=who.CLOSER, form=ReasonForm, stops=("D22",), starts=("D05",), says="{by} 退回重办：{reason}"),
            Step("name_caller", "改由别人回访", (S.CALL_BACK,), None, who=who.JUDGE, form=ApproveForm, then=effects.called_by, says="{by} 改由 {caller} 回访"),
            Step("call_back", "回访", (S.CALL_BACK,), after_call(S.CLOSED, S.CLOSED), who=who.NAMED_CALLER & ~who.HANDLED_IT, form=call_back_form(Complaint),
                 refuses=effects.waits_for_leader,
                 then=write_down(effects.second_round), stops=("D12",), says="{by} 回访：{outcome} {feedback} {words}", primary=True),
            Step("grade", "定级", OPEN, None, who=who.JUDGE, form=GradeForm, then=effects.graded, says="{by} 定为{level}：{level_reason}"),
            Step("escalate", "升级重大", OPEN, None, who=system, then=effects.escalated, says="满一个月没有解决，转为重大投诉"),
            Step("inform", "报告项目经理", OPEN, None, who=who.DESK | who.JUDGE, form=WordsForm, refuses=effects.not_major, stops=("D09",),
                 says="{by} 报告项目经理：{words}"),
            Step("valid", "判为有效", (*UNDER_WAY, S.CALL_BACK), None, who=who.JUDGE_OF_IT, refuses=effects.already_valid, then=effects.judged_valid, says="{by} 判为有效投诉"),
            Step("invalid", "判为无效", BEFORE_TOLD, S.EXPLAINED, who=who.JUDGE_OF_IT, form=InvalidForm, then=effects.judged_invalid,
                 stops=("D04", "D05", "D06", "D07", "D08", "D09", "D10", "D11"), says="{by} 判为无效：{invalid_reason}；已解释：{explained}"),
            Step("appeal", "记申诉", (S.EXPLAINED,), None, who=who.DESK, form=AppealForm, refuses=effects.appealed_before, then=effects.appealed, says="{by} 投诉人申诉：{appeal}"),
            Step("uphold", "维持无效", (S.EXPLAINED,), None, who=who.APPROVER, form=AppealAnswerForm, refuses=effects.no_appeal, says="{by} 维持无效：{appeal_answer}"),
            Step("overturn", "改判有效", (S.EXPLAINED,), S.RECEIVED, who=who.APPROVER, form=AppealAnswerForm, refuses=effects.no_appeal, then=effects.overturned,
                 starts=("D07", "D11"), says="{by} 改判有效：{appeal_answer}"),
            Step("file_invalid", "归档", (S.EXPLAINED,), S.CLOSED, who=who.JUDGE, refuses=effects.appeal_waits, files="complaint_sheet", says="{by} 归档"),
            Step("hand_receipt", "交回执", OPEN, None, who=who.DESK & ~who.ANONYMOUS, form=ReceiptForm, then=receipts.given,
                 says="{by} 交回执（{receipt_way}）{receipt_words}"),
            Step("receipt_failed", "回执没有送到", OPEN, None, who=system, then=receipts.did_not_arrive, says="回执消息没有送到，须另外交给投诉人"),
            Step("hand_joined", "交各户回执", OPEN, None, who=who.DESK & who.MANY, form=JoinedReceiptForm, then=receipts.given_to_joined,
                 says="{by} 交回执给 {whom}（{way}）{words}"),
            Step("joined_receipt_failed", "各户回执没有送到", OPEN, None, who=system, form=FailedForm, then=receipts.did_not_reach_joined,
                 says="{whom} 的回执消息没有送到，须另外交给他们"),
            Step("join", "并入一户", OPEN, None, who=who.DESK, form=JoinForm, then=collective.joined, says="{by} 并入 {unit_joining}"),
            Step("unjoin", "撤出一户", OPEN, None, who=who.DESK & who.MANY, form=UnjoinForm, then=collective.taken_out, says="{by} 撤出 {household}：{reason}"),
            Step("answer", "逐户答复", OPEN, None, who=who.DESK, form=AnswerForm, refuses=effects.nothing_to_answer, then=collective.answered, says="{by} 答复住户：{answer}"),
            Step("corrective", "开纠正预防措施", OPEN, None, who=may("corrective.open", "主管"), opens="corrective.correctiveaction", says="{by} 开纠正预防措施"),
            Step("call_in", "请人解释", OPEN, None, who=who.DESK, form=CallInForm, then=effects.called_in, says="{by} 请 {came} 到场解释：{said}"),
            Step("name_subject", "指明被投诉人", OPEN, None, who=who.DESK | who.JUDGE, form=AboutForm, then=effects.subject_named, says="{by} 指明被投诉的人或部门"),
            Step("apologise", "主管致歉", OPEN, None, who=who.JUDGE | head, form=ApologyForm, refuses=effects.nobody_named, then=effects.apologised,
                 says="{by} 代被投诉员工{done}：{apology_way} {words} {no_apology}"),
            Step("notice", "内部通报", OPEN, None, who=who.JUDGE, form=NoticeForm, refuses=effects.not_major, then=effects.noticed, says="{by} 通报：{notice}"),
        ),
    )
)  # fmt: skip
