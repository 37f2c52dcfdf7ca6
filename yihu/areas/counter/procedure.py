"""前台四本登记：代转留言、5S 检查、物品清点、物品借用。"""

from yihu.areas.counter import effects, printing
from yihu.areas.counter.forms.lending import ExtendForm, LoanForm, LoseForm, ReturnForm, SettleForm
from yihu.areas.counter.forms.notes import NoteForm, PassForm
from yihu.areas.counter.forms.sheets import (
    DeskCheckForm,
    FollowForm,
    RemedyForm,
    ResolveForm,
    StockCheckForm,
    StockTurnForm,
    TurnForm,
)
from yihu.areas.counter.models import AbsentNote, DeskCheck, Loan, StockCheck
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, SERVICE, Branch, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import did, handler, may, system

N, D, K, L = AbsentNote.State, DeskCheck.State, StockCheck.State, Loan.State
DESK, SUPERVISOR = may("counter.work", "前台"), may("counter.settle", "客服主管")
SEEN = with_capability("counter.see")
MISSED = (Rung("receptionist"), Rung("cs_supervisor", Limit(NATURAL, minutes=30)))

NOTE = register(
    Procedure(
        model=AbsentNote,
        slug="notes",
        code="LY",
        clauses=("DESK-20",),
        opening_form=NoteForm,
        opens_in=N.TO_PASS,
        opened_by=may("counter.take_note", "员工"),
        opening_starts=("D02",),
        opening_says="{by} 记下留言，找 {handler}",
        then_opened=effects.note_taken,
        seen_by=SEEN | mine | opened_by_me,
        closed=(N.CONFIRMED,),
        tones={N.TO_PASS: "new", N.PASSED: "busy", N.CONFIRMED: "done"},
        clocks=(Clock("D02", "转达留言", Limit(SERVICE, minutes=60), warn=45, escalate=(Rung("receptionist"), Rung("cs_supervisor"))),),
        transfer_to="counter.receive",
        corrects=("caller_name", "phone", "words"),
        steps=(
            Step("confirm", "确认收到", (N.TO_PASS, N.PASSED), N.CONFIRMED, who=handler, stops=("D02",), then=effects.note_confirmed,
                 says="{by} 确认收到", primary=True),
            Step("pass_on", "已转达", (N.TO_PASS,), N.PASSED, who=DESK, form=PassForm, stops=("D02",), then=effects.note_passed,
                 says="{by} 已转达（{how}）"),
        ),
    )
)  # fmt: skip

DESK_CHECK = register(
    Procedure(
        model=DeskCheck,
        slug="desk-checks",
        code="QJ",
        clauses=("DESK-23",),
        opening_form=TurnForm,
        opens_in=D.DUE,
        opened_by=system,
        opening_starts=("D24",),
        opening_says="{by} 开出 {turn} 前台检查",
        seen_by=SEEN | mine,
        closed=(D.READ,),
        tones={D.DUE: "new", D.FOLLOW_UP: "wait", D.DONE: "check", D.READ: "done"},
        clocks=(Clock("D24", "前台检查", Limit(PROMISED), due_field="due_at", escalate=MISSED),),
        prints=(Print("check_sheet", "前台 5S 检查表", data=printing.desk_check),),
        steps=(
            Step("sign", "检查签字", (D.DUE,), effects.AFTER_CHECK, who=DESK, form=DeskCheckForm, stops=("D24",), then=effects.checked,
                 says="{by} 检查签字", primary=True),
            Step("remedy", "整改完毕", (D.FOLLOW_UP,), D.DONE, who=handler | DESK, form=RemedyForm, then=effects.remedied,
                 says="{by} 整改完毕：{remedy}", primary=True),
            Step("read", "审阅", (D.DONE,), D.READ, who=may("counter.read", "客服主管") & ~did("sign", "检查人"), says="{by} 审阅", primary=True),
        ),
    )
)  # fmt: skip

STOCK_CHECK = register(
    Procedure(
        model=StockCheck,
        slug="stock-checks",
        code="QD",
        clauses=("DESK-15",),
        opening_form=StockTurnForm,
        opens_in=K.DUE,
        opened_by=system,
        opening_starts=("D36",),
        opening_says="{by} 开出 {turn} 物品清点",
        seen_by=SEEN,
        closed=(K.AGREED, K.RESOLVED),
        tones={K.DUE: "new", K.DIFFERS: "wait", K.AGREED: "done", K.RESOLVED: "done"},
        clocks=(Clock("D36", "前台物品清点", Limit(PROMISED), due_field="due_at", escalate=MISSED),),
        prints=(Print("check_sheet", "前台物品清点表", data=printing.stock_check),),
        steps=(
            Step("sign", "清点签字", (K.DUE,), effects.AFTER_COUNT, who=DESK, form=StockCheckForm, stops=("D36",), then=effects.counted,
                 says="{by} 清点签字", primary=True),
            Step("follow", "跟进", (K.DIFFERS,), None, who=DESK | SUPERVISOR, form=FollowForm, says="{by} 跟进：{words}"),
            Step("resolve", "了结差异", (K.DIFFERS,), K.RESOLVED, who=SUPERVISOR & ~did("sign", "清点人"), form=ResolveForm, then=effects.remedied,
                 says="{by} 了结差异：{how}，{remedy}", primary=True),
        ),
    )
)  # fmt: skip

LOAN = register(
    Procedure(
        model=Loan,
        slug="lending",
        code="JC",
        clauses=("DESK-24",),
        opening_form=LoanForm,
        opens_in=Branch(effects.take, (L.LENT,)),
        opened_by=DESK,
        opening_starts=("D41",),
        opening_says="{by} 借出 {item}，应还 {due_at}",
        seen_by=SEEN | opened_by_me,
        closed=(L.BACK, L.SETTLED),
        tones={L.LENT: "busy", L.TO_SETTLE: "wait", L.BACK: "done", L.SETTLED: "done"},
        clocks=(
            Clock("D41", "归还借物", Limit(PROMISED), due_field="due_at", warn=60,
                  escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(SERVICE, minutes=480)))),
        ),
        corrects=("unit", "borrower", "phone", "deposit_note"),
        prints=(Print("loan_register", "物品借用登记表（本月）", data=printing.loans, paper="a4-landscape"),),
        steps=(
            Step("give_back", "归还", (L.LENT,), effects.AFTER_RETURN, who=DESK, form=ReturnForm, then=effects.given_back,
                 says="{by} 收回，{condition} {loss_note}", primary=True),
            Step("extend", "续借", (L.LENT,), None, who=DESK, form=ExtendForm, starts=("D41",), says="{by} 同意续借到 {due_at}：{reason}"),
            Step("lose", "遗失", (L.LENT,), L.TO_SETTLE, who=DESK, form=LoseForm, then=effects.lost, says="{by} 登记遗失：{loss_note}"),
            Step("settle", "赔偿了结", (L.TO_SETTLE,), L.SETTLED, who=DESK | SUPERVISOR, form=SettleForm, then=effects.settled,
                 says="{by} 赔偿了结：{settlement}", primary=True),
        ),
    )
)  # fmt: skip
