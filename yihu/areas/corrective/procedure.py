"""纠正预防：立项 → 定措施 → 完成 → 别人验证效果（未见效再来一轮）→ 经理关闭；投诉案例：写 → 审核公布 → 撤下。"""

from yihu.areas.corrective import effects
from yihu.areas.corrective.forms import (
    ActionForm,
    CaseForm,
    CheckForm,
    CloseForm,
    DoneForm,
    PlanForm,
    PutOffForm,
    ReasonForm,
    TakeDownForm,
    TakeUpForm,
)
from yihu.areas.corrective.models import CaseStudy, CorrectiveAction
from yihu.areas.corrective.printing import action_sheet, case_sheet
from yihu.areas.corrective.who import CHECKER, MANAGER, OPENER, OWNER, PUBLISHED, REWRITER
from yihu.kernel.models import Link
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import did, may, opener

S, C = CorrectiveAction.State, CaseStudy.State
LIVE = (S.ANALYSIS, S.DOING)
TO_THE_TOP = Rung("project_manager", Limit(WORKING, days=1))

ACTION = register(
    Procedure(
        model=CorrectiveAction,
        slug="corrective",
        code="JZ",
        clauses=("CMP-11",),
        opening_form=ActionForm,
        opening_from=effects.action_from,
        tied_by=Link.Why.BASIS,
        opens_in=effects.OPENED_IN,
        opened_by=OPENER,
        opening_starts=("D04",),
        opening_says="{by} 登记不合格：{source}",
        then_opened=effects.opened,
        seen_by=with_capability("corrective.see") | mine | opened_by_me,
        closed=(S.CLOSED, S.DECLINED),
        tones={S.PROPOSED: "new", S.ANALYSIS: "new", S.DOING: "busy", S.CHECKING: "check", S.TO_CLOSE: "check", S.CLOSED: "done",
               S.DECLINED: "void"},
        clocks=(
            Clock("D04", "措施完成期限", Limit(PROMISED), due_field="due_at", warn=1440, escalate=(Rung("cs_supervisor"), TO_THE_TOP)),
            Clock("D45", "效果验证", Limit(PROMISED), due_field="check_at", warn=480,
                  escalate=(Rung("cs_supervisor"), Rung("cs_manager", Limit(NATURAL, minutes=1440)))),
        ),
        transfer_to="corrective.work",
        corrects=("source", "nonconformity"),
        prints=(Print("action_sheet", "纠正预防措施表", data=action_sheet),),
        steps=(
            Step("take_up", "立项", (S.PROPOSED,), S.ANALYSIS, who=OPENER, form=TakeUpForm, starts=("D04",), then=effects.taken_up,
                 says="{by} 立项，由{handler}负责，{due_on} 前完成", primary=True),
            Step("decline", "不立项", (S.PROPOSED,), S.DECLINED, who=MANAGER, form=ReasonForm, says="{by} 决定不立项：{reason}"),
            Step("plan", "定措施", LIVE, S.DOING, who=OWNER, form=PlanForm, then=effects.planned, says="{by} 分析原因、定措施", primary=True),
            Step("put_off", "改期", LIVE, None, who=OPENER & ~OWNER, form=PutOffForm, starts=("D04",), says="{by} 改期到 {due_on}：{reason}"),
            Step("done", "措施完成", (S.DOING,), S.CHECKING, who=OWNER, form=DoneForm, stops=("D04",), starts=("D45",), then=effects.done,
                 says="{by} 报告措施完成：{result}", primary=True),
            Step("check", "验证效果", (S.CHECKING,), effects.AFTER_CHECK, who=CHECKER, form=CheckForm, stops=("D45",), then=effects.checked,
                 says="{by} 验证：{effect}，{effect_words}", primary=True),
            Step("close", "关闭", (S.TO_CLOSE,), S.CLOSED, who=MANAGER & ~OWNER & ~did("check", "验证人"), form=CloseForm,
                 says="{by} 关闭 {closing_words}", primary=True),
            Step("case", "写成案例", (S.DOING, S.CHECKING, S.TO_CLOSE), None, who=may("corrective.write_case", "客服主管"),
                 opens="corrective.casestudy", says="{by} 写成投诉案例"),
        ),
    )
)  # fmt: skip

CASE = register(
    Procedure(
        model=CaseStudy,
        slug="cases",
        code="AL",
        clauses=("CMP-11",),
        opening_form=CaseForm,
        opening_from=effects.case_from,
        opens_in=C.DRAFT,
        opened_by=may("corrective.write_case", "客服主管"),
        opening_says="{by} 写投诉案例",
        then_opened=effects.to_publish,
        seen_by=PUBLISHED | with_capability("corrective.close") | opened_by_me,
        closed=(C.TAKEN_DOWN,),
        tones={C.DRAFT: "check", C.PUBLISHED: "done", C.TAKEN_DOWN: "void"},
        prints=(Print("case_sheet", "投诉案例", data=case_sheet),),
        steps=(
            Step("rewrite", "改写", (C.DRAFT, C.PUBLISHED), C.DRAFT, who=opener | MANAGER, form=CaseForm, says="{by} 改写案例，须重新审核"),
            Step("publish", "审核公布", (C.DRAFT,), C.PUBLISHED, who=MANAGER & ~opener & ~REWRITER, then=effects.published,
                 says="{by} 审核公布", primary=True),
            Step("take_down", "撤下", (C.DRAFT, C.PUBLISHED), C.TAKEN_DOWN, who=opener | MANAGER, form=TakeDownForm,
                 says="{by} 撤下：{reason}"),
        ),
    )
)  # fmt: skip
