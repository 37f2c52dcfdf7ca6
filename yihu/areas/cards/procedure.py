"""发卡：使用中 ⇄ 已停用 → 补换、退回或注销；停用只有六种原因，没有一种与费用有关。"""

from yihu.areas.cards import effects, printing
from yihu.areas.cards.forms import (
    CancelForm,
    ExtendForm,
    IssueForm,
    LoseForm,
    ReplaceForm,
    ResumeForm,
    ReturnForm,
    StopForm,
)
from yihu.areas.cards.models import Issue
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import Branch, Procedure, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import may

S = Issue.State
LIVE = (S.IN_USE, S.STOPPED)
DESK = may("cards.work", "前台")

ISSUE = register(
    Procedure(
        model=Issue,
        slug="cards",
        code="MK",
        opening_form=IssueForm,
        opens_in=Branch(effects.take, (S.IN_USE,)),
        opened_by=DESK,
        opening_says="{by} 发{card_kind} {card_no}，领取人已签收",
        then_opened=effects.issued,
        seen_by=with_capability("cards.see"),
        closed=(S.REPLACED, S.RETURNED, S.CANCELLED),
        tones={S.IN_USE: "busy", S.STOPPED: "wait", S.REPLACED: "void", S.RETURNED: "done", S.CANCELLED: "void"},
        corrects=("receiver", "fee_note"),
        held=lambda issue, by: "卡已经发出去，不能撤回或合并；发错了请停用，或收回后登记退回。" if issue.is_out else "",
        prints=(Print("card_receipt", "领卡单", data=printing.card_receipt, paper="a5-landscape", copies=("存根联", "业主联"), issued=True),),
        steps=(
            Step("lose", "挂失", (S.IN_USE,), S.STOPPED, who=DESK, form=LoseForm, then=effects.lost, says="{by} 登记挂失并停用：{stop_note}"),
            Step("stop", "停用", (S.IN_USE,), S.STOPPED, who=DESK, form=StopForm, then=effects.stopped, says="{by} 停用：{stop_reason} {stop_note}"),
            Step("resume", "恢复", (S.STOPPED,), S.IN_USE, who=DESK, form=ResumeForm, refuses=effects.may_resume, then=effects.resumed,
                 says="{by} 恢复使用：{reason}"),
            Step("extend", "延期", LIVE, None, who=DESK, form=ExtendForm, says="{by} 延期到 {valid_until}"),
            Step("replace", "补换", LIVE, S.REPLACED, who=DESK, form=ReplaceForm, refuses=effects.may_replace, then=effects.replaced,
                 says="{by} 补换为 {new_no}"),
            Step("give_back", "退回", LIVE, S.RETURNED, who=DESK, form=ReturnForm, then=effects.given_back,
                 says="{by} 收回，{condition}"),
            Step("cancel", "注销", (S.STOPPED,), S.CANCELLED, who=DESK, form=CancelForm, then=effects.cancelled, says="{by} 注销：{reason}"),
        ),
    )
)  # fmt: skip
