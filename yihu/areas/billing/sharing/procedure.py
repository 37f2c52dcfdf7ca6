"""公摊方案：起草 → 另一人批准 → 停用。公摊账：录入并计算 → 另一人审核 → 公示；公示以后才出账单。"""

from yihu.areas.billing.sharing import effects
from yihu.areas.billing.sharing.forms import months as month_forms
from yihu.areas.billing.sharing.forms import pools as pool_forms
from yihu.areas.billing.sharing.models import PoolMonth, SharePool
from yihu.areas.billing.sharing.printing import share_sheet
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import did, may, opener, system

P, S = SharePool.State, PoolMonth.State
SEEN = with_capability("sharing.see") | opened_by_me
DRAFTER = may("sharing.draft", "客服经理、主管")
AGREES = may("sharing.agree", "项目经理") & ~(opener | did("amend", "改正人"))
FILLS = may("sharing.fill", "会计")
CHECKS = may("sharing.check", "财务主管") & ~(opener | did("fill", "录入人"))

POOL = register(
    Procedure(
        model=SharePool,
        slug="share-pools",
        code="TF",
        clauses=("FEE-13",),
        opening_form=pool_forms.PoolForm,
        opens_in=P.DRAFT,
        opened_by=DRAFTER,
        opening_says="{by} 起草公摊方案 {number}：{name}，{scope}，{method}",
        then_opened=effects.drafted,
        seen_by=SEEN,
        closed=(P.REFUSED, P.ENDED),
        tones={P.DRAFT: "check", P.IN_FORCE: "busy", P.REFUSED: "void", P.ENDED: "done"},
        held=effects.pool_held,
        steps=(
            Step("agree", "批准", (P.DRAFT,), P.IN_FORCE, who=AGREES, then=effects.approved, says="{by} 批准", primary=True),
            Step("amend", "修改", (P.DRAFT,), P.DRAFT, who=DRAFTER, form=pool_forms.PoolForm, then=effects.drafted, says="{by} 修改方案"),
            Step("refuse", "不批准", (P.DRAFT,), P.REFUSED, who=AGREES, form=pool_forms.OpinionForm, then=effects.sent_back,
                 says="{by} 不批准：{opinion}"),
            Step("end", "停用", (P.IN_FORCE,), P.ENDED, who=may("sharing.agree", "项目经理"), form=pool_forms.EndForm,
                 says="{by} 停用，用到 {to_on}"),
        ),
    )
)  # fmt: skip

MONTH = register(
    Procedure(
        model=PoolMonth,
        slug="share-months",
        code="FT",
        clauses=("FEE-13",),
        opening_form=month_forms.MonthForm,
        opening_from=lambda origin: {"corrects": origin.pk},
        opens_in=S.DUE,
        opened_by=FILLS,
        opening_starts=("D62",),
        opening_says="{by} 开出公摊账 {number}",
        seen_by=SEEN,
        closed=(S.PUBLISHED, S.CORRECTED, S.VOID),
        tones={S.DUE: "new", S.RECKONED: "check", S.APPROVED: "wait", S.PUBLISHED: "done", S.CORRECTED: "void", S.VOID: "void"},
        clocks=(
            Clock("D62", "公摊算好、公示", Limit(PROMISED), due_field="due_at", warn=24 * 60,
                  escalate=(Rung("accountant"), Rung("finance_supervisor", Limit(WORKING, days=1)),
                            Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        held=effects.month_held,
        prints=(Print("share_sheet", "公摊公示表", data=share_sheet, issued=True),),
        steps=(
            Step("fill", "录入并计算", (S.DUE, S.RECKONED), S.RECKONED, who=FILLS, form=month_forms.FiguresForm, then=effects.filled,
                 says="{by} 录入并计算", primary=True),
            Step("check", "审核", (S.RECKONED,), S.APPROVED, who=CHECKS, then=effects.checked, says="{by} 审核无误", primary=True),
            Step("send_back", "退回", (S.RECKONED, S.APPROVED), S.DUE, who=CHECKS, form=month_forms.OpinionForm,
                 then=effects.unchecked, says="{by} 退回：{opinion}"),
            Step("publish", "登记公示", (S.APPROVED,), S.PUBLISHED, who=may("sharing.publish", "会计、前台"), form=month_forms.PublishForm,
                 stops=("D62",), says="{by} 登记公示：{posted_where}，{posted_from} 至 {posted_to}", prints=("share_sheet",), primary=True),
            Step("void", "作废", (S.DUE, S.RECKONED, S.APPROVED), S.VOID, who=may("sharing.check", "财务主管"),
                 form=month_forms.OpinionForm, then=effects.voided, says="{by} 作废：{opinion}"),
            Step("redo", "更正这一份", (S.PUBLISHED,), None, who=FILLS, opens="sharing.poolmonth", when_closed=True, says="{by} 起草更正"),
            Step("corrected", "已被更正", (S.PUBLISHED,), S.CORRECTED, who=system, then=effects.taken_out, when_closed=True,
                 says="更正后的公示表已经贴出，本份不再作数"),
            Step("takes_place", "更正生效", (S.PUBLISHED,), None, who=system, then=effects.put_in, when_closed=True,
                 says="更正生效，差额进下一次出账"),
        ),
    )
)  # fmt: skip
