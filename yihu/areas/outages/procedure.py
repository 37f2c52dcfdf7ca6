"""停用程序：预告 → 停用中 → 待回访 → 已结；一次登记，答复所有来电，一次恢复，一起回访；不满意的另开一轮：遗留处理 → 待回访 → 已结。"""

from yihu.areas.outages import callers, effects, telling
from yihu.areas.outages.forms import (
    CallForm,
    DelayForm,
    NotifyForm,
    OutageForm,
    ProgressForm,
    ReasonForm,
    RecoverForm,
    RescheduleForm,
    SendForm,
    SettleForm,
    TellAllForm,
    UtilityForm,
)
from yihu.areas.outages.models import Outage
from yihu.areas.outages.printing import notice
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, WORKING, Branch, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import may, system

S = Outage.State
STANDING = Outage.STANDING
WORKER = may("outages.work", "前台或工程主管")

OUTAGE = register(
    Procedure(
        model=Outage,
        slug="outages",
        code="TS",
        clauses=("REP-11", "DESK-05", "DESK-14"),
        opening_form=OutageForm,
        opens_in=Branch(effects.where_it_starts, (S.PLANNED, S.RUNNING, S.REMAINS)),
        opened_by=may("outages.open", "前台或工程主管"),
        opening_starts=("D79", "D04"),
        opening_says="{by} 登记{supply}（{sort}），{side}原因：{cause}；预计 {expected_at} 恢复",
        then_opened=effects.opened,
        seen_by=with_capability("outages.see"),
        closed=(S.CLOSED, S.CANCELLED),
        tones={S.PLANNED: "wait", S.RUNNING: "busy", S.REMAINS: "busy", S.CALLING: "check", S.CLOSED: "done", S.CANCELLED: "void"},
        clocks=(
            Clock("D79", "通知业主", {"True": Limit(PROMISED), "False": None}, vary="to_be_announced", due_field="notice_by", escalate=(Rung("cs_supervisor"),)),
            Clock("D04", "预计恢复", Limit(PROMISED), due_field="expected_at", warn=15,
                  escalate=(Rung("cs_supervisor"), Rung("project_manager", Limit(NATURAL, minutes=60)))),
            Clock("D19", "回访来电人", Limit(WORKING, days=1), escalate=(Rung("cs_supervisor"),)),
        ),
        held=callers.still_waited_for,
        corrects=("cause", "responsible", "say", "advice"),
        prints=(Print("notice", "停用通知", data=notice, says_numbers=True, issued=True),),
        steps=(
            Step("notify", "已通知业主", STANDING, None, who=WORKER, form=NotifyForm, stops=("D79",), then=effects.notified,
                 says="{by} 通知业主：{how}"),
            Step("send", "给住户发消息", (*STANDING, S.CALLING), None, who=may("sending.send", "前台"), form=SendForm, then=telling.send_to_all,
                 says="{by} 给受影响的住户发{way}"),
            Step("begin", "开始停用", (S.PLANNED,), S.RUNNING, who=WORKER | system, says="{by} 开始停用", primary=True),
            Step("recover", "恢复", (S.RUNNING,), Branch(callers.after_recovery, (S.CALLING, S.CLOSED)), who=WORKER, form=RecoverForm,
                 stops=("D04", "D79"), starts=("D19",), refuses=effects.not_taken_up, then=telling.tell_who_was_told, says="{by} 登记恢复 {recovered_at}：{explanation}",
                 primary=True),
            Step("settle", "处理完毕", (S.REMAINS,), Branch(callers.after_recovery, (S.CALLING, S.CLOSED)), who=WORKER, form=SettleForm,
                 stops=("D04",), starts=("D19",), then=effects.settled, says="{by} 处理完毕：{explanation}", primary=True),
            Step("delay", "改预计恢复时间", (S.RUNNING, S.REMAINS), None, who=WORKER, form=DelayForm, starts=("D04",),
                 says="{by} 改预计恢复时间为 {expected_at}：{reason}"),
            Step("reschedule", "改停用时间", (S.PLANNED,), None, who=WORKER, form=RescheduleForm, starts=("D04", "D79"),
                 says="{by} 改停用时间为 {begins_at} 至 {expected_at}：{reason}"),
            Step("utility", "联系市政", STANDING, None, who=WORKER, form=UtilityForm, then=effects.asked_the_utility,
                 says="{by} 联系市政（{whom}，{called_at}）：{said}"),
            Step("progress", "更新措施", (*STANDING, S.REMAINS), None, who=WORKER, form=ProgressForm, says="{by} 更新措施：{measures}"),
            Step("cancel", "取消停用", (S.PLANNED,), Branch(callers.after_cancelling, (S.CALLING, S.CANCELLED)), who=WORKER,
                 form=ReasonForm, stops=("D04", "D79"), starts=("D19",), says="{by} 取消停用：{reason}"),
            Step("call_back", "回访", (S.CALLING,), Branch(callers.after_one_call, (S.CLOSED,)), who=may("contact.call_back", "前台"),
                 form=CallForm, then=effects.called, says="{by} 回访 {caller}：{outcome} {feedback} {words}", primary=True),
            Step("tell_all", "群发告知", (S.CALLING,), S.CLOSED, who=may("contact.call_back", "前台"), form=TellAllForm,
                 refuses=effects.one_by_one, says="{by} 群发告知来电人（{told_how}）：{told_words}"),
            Step("all_told", "来电人都已告知", (S.CALLING,), S.CLOSED, who=system, refuses=callers.some_wait, says="没有来电人等着答复了"),
        ),
    )
)  # fmt: skip
