"""钥匙核查：待核查 → 待见证签字 → 账实相符，或有差异 → 差异已了结；核的人、管的人都不能作见证。"""

from yihu.areas.keys.counting import effects, printing
from yihu.areas.keys.counting.forms import AnotherForm, ReasonForm, ResolveForm, SignForm, TurnForm, WitnessForm
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.counting.walk import COUNT
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, with_capability
from yihu.kernel.who import Who, handler, may, system

S = KeyCount.State
COUNTER, SUPERVISOR = may(COUNT, "核查人"), may("counting.settle", "客服主管")
KEEPER = Who(lambda person, count, grants: count.cabinet.keeper_id == person.pk, "保管人")
COUNTED = Who(
    lambda person, count, grants: effects.saw_himself(person, count) or count.counted_by_id == person.pk, "核查人"
)
WITNESS = handler & ~KEEPER & ~COUNTED

KEY_COUNT = register(
    Procedure(
        model=KeyCount,
        slug="key-counts",
        code="YH",
        clauses=("KEY-03",),
        opening_form=TurnForm,
        opens_in=S.DUE,
        opened_by=COUNTER | system,
        opening_starts=("D40",),
        opening_says="{by} 开出 {cabinet} {turn}",
        then_opened=effects.opened,
        seen_by=with_capability("counting.see") | mine,
        closed=(S.AGREED, S.RESOLVED),
        tones={S.DUE: "new", S.TO_WITNESS: "check", S.DIFFERS: "wait", S.AGREED: "done", S.RESOLVED: "done"},
        clocks=(
            Clock("D40", "核完钥匙", Limit(PROMISED), due_field="due_at", warn=60,
                  escalate=(Rung("key_keeper"), Rung("cs_supervisor", Limit(NATURAL, minutes=30)))),
        ),
        prints=(Print("count_sheet", "钥匙核查记录", data=printing.count_sheet),),
        steps=(
            Step("sign", "核完签字", (S.DUE,), S.TO_WITNESS, who=COUNTER, form=SignForm, refuses=effects.not_walked, then=effects.signed,
                 says="{by} 核完签字，请{witness}见证"),
            Step("witness", "见证签字", (S.TO_WITNESS,), effects.AFTER_WITNESS, who=WITNESS, form=WitnessForm, stops=("D40",), then=effects.witnessed,
                 says="{by} 见证签字", primary=True),
            Step("send_back", "退回重核", (S.TO_WITNESS,), S.DUE, who=WITNESS | SUPERVISOR, form=ReasonForm, then=effects.sent_back,
                 says="{by} 退回重核：{reason}"),
            Step("another", "换见证人", (S.TO_WITNESS,), None, who=COUNTER, form=AnotherForm, then=effects.another, says="{by} 改请{witness}见证"),
            Step("resolve", "了结差异", (S.DIFFERS,), S.RESOLVED, who=SUPERVISOR & ~COUNTED, form=ResolveForm, refuses=effects.put_right,
                 says="{by} 了结差异：{remedy}", primary=True),
        ),
    )
)  # fmt: skip
