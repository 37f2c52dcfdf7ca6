"""月度抄表：抄表 → 20 日止，23 日前移交财务（D62）→ 财务核对。移交以后，这个月的读数不再改。"""

from yihu.areas.billing.meters import effects
from yihu.areas.billing.meters.bringing.bring import SheetOfReadings
from yihu.areas.billing.meters.forms.rounds import CheckForm, HandOverForm, RoundForm, SendBackForm
from yihu.areas.billing.meters.models import ReadingRound
from yihu.kernel.importing.procedure import procedure
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import did, may, system

S = ReadingRound.State
CLERK, FINANCE = may("meters.hand_over", "工程部文员"), may("meters.check", "财务")

ROUND = register(
    Procedure(
        model=ReadingRound,
        slug="reading-rounds",
        code="CB",
        clauses=("FEE-04",),
        opening_form=RoundForm,
        opens_in=S.READING,
        opened_by=system,
        opening_says="{by} 开出抄表单 {number}",
        opening_starts=("D62",),
        seen_by=with_capability("meters.see"),
        closed=(S.CHECKED,),
        tones={S.READING: "busy", S.HANDED: "check", S.CHECKED: "done"},
        clocks=(
            Clock("D62", "读数交财务", Limit(PROMISED), due_field="due_at", warn=1440,
                  escalate=(Rung("engineering_clerk"), Rung("engineering_head"), Rung("finance_supervisor"),
                            Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        held=effects.has_readings,
        steps=(
            Step("hand_over", "移交财务", (S.READING,), S.HANDED, who=CLERK, form=HandOverForm, stops=("D62",),
                 refuses=effects.not_complete, then=effects.handed, says="{by} 移交财务 {hand_note}", primary=True),
            Step("check", "核对无误", (S.HANDED,), S.CHECKED, who=FINANCE & ~did("hand_over", "移交人"), form=CheckForm,
                 then=effects.finance_checked, says="{by} 核对 {finance_note}", primary=True),
            Step("send_back", "退回补抄", (S.HANDED,), S.READING, who=FINANCE & ~did("hand_over", "移交人"), form=SendBackForm,
                 starts=("D62",), then=effects.sent_back, says="{by} 退回补抄：{words}"),
        ),
    )
)  # fmt: skip

SHEETS = register(
    procedure(
        SheetOfReadings,
        slug="reading-imports",
        code="CD",
        importer=may("meters.import", "工程部文员"),
        capability="meters.import",
        clauses=("FEE-04",),
    )
)
