"""投诉程序：受理 → 待确认 → 已发单 → 部门已回复 → 已告知业主 → 业主意见 → 待项目经理确认 → 待回访 → 归档。"""

from yihu.areas.complaints import effects
from yihu.areas.complaints.forms import ComplaintForm
from yihu.areas.complaints.models import Complaint
from yihu.ground.contact.calling import after_call, write_down
from yihu.ground.contact.forms import call_back_form
from yihu.ground.staff.heads import head, my_department
from yihu.kernel.forms import asking
from yihu.kernel.procedure import DAYS, SERVICE, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import did, handler, may

S = Complaint.State
DESK = may("complaints.work", "前台")
JUDGE = may("complaints.judge", "客服主管或经理")
ALERTED = (Rung("cs_supervisor"), Rung("cs_manager", Limit(SERVICE, minutes=120)))

COMPLAINT = register(
    Procedure(
        model=Complaint,
        slug="complaints",
        code="KS",
        clauses=("CMP-01", "CMP-02", "CMP-03"),
        opening_form=ComplaintForm,
        opening_from=effects.complaint_from,
        opens_in=effects.WHERE_IT_STARTS,
        opened_by=may("complaints.open", "前台"),
        opening_starts=("D06", "D07"),
        opening_says="{by} 登记投诉：{category}",
        then_opened=effects.opened,
        seen_by=with_capability("complaints.register") | mine | my_department | opened_by_me,
        closed=(S.CLOSED,),
        tones={
            S.RECEIVED: "new", S.CHECKING: "check", S.ISSUED: "busy", S.REPLIED: "busy", S.HANDLING: "wait", S.TOLD: "busy",
            S.OPINION: "check", S.CONFIRMING: "check", S.CALL_BACK: "check", S.CLOSED: "done", S.EXPLAINED: "void",
        },
        clocks=(
            Clock("D05", "责任部门答复", Limit(SERVICE, minutes=120), warn=90, escalate=ALERTED),
            Clock("D06", "首次答复业主", Limit(SERVICE, minutes=120), warn=90, escalate=ALERTED),
            Clock("D07", "确认处理表", Limit(SERVICE, minutes=20), escalate=(Rung("cs_manager"),)),
            Clock("D12", "投诉回访", Limit(DAYS, days=3), escalate=(Rung("cs_supervisor"),)),
        ),
        transfer_to="complaints.handle",
        corrects=("content", "complainant", "phone", "place", "demand"),
        steps=(
            Step("draw", "拟处理表", (S.RECEIVED,), S.CHECKING, who=may("complaints.open", "前台"), form=asking(Complaint, "team"), says="{by} 拟处理表", primary=True),
            Step("confirm", "确认发单", (S.CHECKING,), S.ISSUED, who=may("complaints.confirm", "客服经理"), stops=("D07",), starts=("D05",),
                 then=effects.issued, says="{by} 确认处理表并发单", primary=True),
            Step("reply", "部门答复", (S.ISSUED,), S.REPLIED, who=head | handler, form=asking(Complaint, "cause", "cause_class", "remedy", "prevention", "due_on"),
                 stops=("D05",), then=effects.replied, says="{by} 答复：{remedy}", primary=True),
            Step("undecided", "暂不能定期", (S.ISSUED,), S.HANDLING, who=head | handler, form=asking(Complaint, "undecided_reason"), stops=("D05",),
                 then=effects.replied, says="{by} 暂不能定期：{undecided_reason}"),
            Step("detail", "详细答复", (S.HANDLING,), S.REPLIED, who=head | handler, form=asking(Complaint, "cause", "cause_class", "remedy", "prevention", "due_on"),
                 says="{by} 详细答复：{remedy}", primary=True),
            Step("tell", "告知业主", (S.REPLIED,), S.TOLD, who=DESK, form=asking(Complaint, "told"), stops=("D06",), then=effects.told,
                 says="{by} 告知业主：{told}", primary=True),
            Step("remedied", "措施完成", (S.TOLD,), S.OPINION, who=head | handler | DESK, says="{by} 措施完成", primary=True),
            Step("opinion", "业主意见", (S.TOLD, S.OPINION), S.CONFIRMING, who=DESK, form=asking(Complaint, "opinion"), then=effects.gave_opinion,
                 says="{by} 记业主意见：{opinion}", primary=True),
            Step("approve", "项目经理确认", (S.CONFIRMING,), S.CALL_BACK, who=may("complaints.approve", "项目经理"), starts=("D12",), then=effects.approved,
                 says="{by} 确认", primary=True),
            Step("call_back", "回访", (S.CALL_BACK,), after_call(S.CLOSED, S.CLOSED), who=may("contact.call_back", "前台") & ~did("reply", "答复人"),
                 form=call_back_form(Complaint), then=write_down(effects.nothing_more), stops=("D12",), says="{by} 回访：{outcome} {feedback} {words}", primary=True),
            Step("invalid", "判为无效", (S.RECEIVED, S.CHECKING), S.EXPLAINED, who=JUDGE, form=asking(Complaint, "invalid_reason"), says="{by} 判为无效：{invalid_reason}"),
            Step("file_invalid", "归档", (S.EXPLAINED,), S.CLOSED, who=JUDGE, says="{by} 归档", primary=True),
        ),
    )
)  # fmt: skip
