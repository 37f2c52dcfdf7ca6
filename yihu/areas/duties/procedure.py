"""每日工作汇总：每天开一张，当班汇总人签字，客服经理审阅。"""

from yihu.areas.duties import effects
from yihu.areas.duties.forms import DaySheetForm, ReadForm, SignForm
from yihu.areas.duties.models import DaySheet
from yihu.areas.duties.printing import day_sheet
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import did, may, system

S = DaySheet.State

DAY_SHEET = register(
    Procedure(
        model=DaySheet,
        slug="daysheets",
        code="RB",
        clauses=("DESK-16",),
        opening_form=DaySheetForm,
        opens_in=S.DUE,
        opened_by=system,
        opening_starts=("D25",),
        opening_says="{by} 开出当日汇总表",
        seen_by=with_capability("duties.compile") | with_capability("duties.read"),
        closed=(S.READ,),
        tones={S.DUE: "new", S.SIGNED: "check", S.READ: "done"},
        clocks=(
            Clock("D25", "每日汇总", Limit(PROMISED), due_field="due_at", warn=60,
                  escalate=(Rung("receptionist"), Rung("cs_manager", Limit(NATURAL, minutes=30)))),
        ),
        prints=(Print("day_sheet", "每日工作汇总表", data=day_sheet),),
        steps=(
            Step("sign", "汇总签字", (S.DUE,), S.SIGNED, who=may("duties.compile", "前台"), form=SignForm, stops=("D25",),
                 then=effects.signed, says="{by} 汇总签字", primary=True),
            Step("read", "审阅", (S.SIGNED,), S.READ, who=may("duties.read", "客服经理") & ~did("sign", "汇总人"), form=ReadForm, says="{by} 审阅 {manager_words}",
                 primary=True),
        ),
    )
)  # fmt: skip
