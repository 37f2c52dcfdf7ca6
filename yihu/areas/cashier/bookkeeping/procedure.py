"""月账：月末开出 → 结账后制证 → 财务主管审核，有疑问的提出、会计答复（错的冲销更正） → 签账。出纳不参与（会计法第35条）。"""

from yihu.areas.cashier.bookkeeping import drawing, printing
from yihu.areas.cashier.bookkeeping.forms import AnswerForm, AskForm, BookForm
from yihu.areas.cashier.bookkeeping.models import MonthBook
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import did, may, post

S = MonthBook.State
NO_CASHIER = ~post("cashier", "出纳")
DRAWS = may("bookkeeping.draw", "会计") & NO_CASHIER
CHECKS = may("bookkeeping.check", "财务主管") & ~(did("draw", "制证人") | did("answer", "答复人")) & NO_CASHIER
OPEN = (S.DRAWN, S.QUERIED)

BOOK = register(
    Procedure(
        model=MonthBook,
        slug="month-books",
        code="PZ",
        clauses=("FEE-11",),
        opening_form=BookForm,
        opens_in=S.DUE,
        opened_by=DRAWS,
        opening_says="{by} 开出 {period} 月账",
        opening_starts=("D69",),
        seen_by=with_capability("bookkeeping.see"),
        closed=(S.SIGNED,),
        tones={S.DUE: "new", S.DRAWN: "check", S.QUERIED: "wait", S.SIGNED: "done"},
        clocks=(
            Clock("D69", "制证、审核签账", Limit(WORKING, days=5),
                  escalate=(Rung("accountant"), Rung("finance_supervisor"), Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        prints=(Print("account_summary", "科目汇总表", data=printing.summary),),
        held=drawing.never,
        steps=(
            Step("draw", "制证", (S.DUE,), S.DRAWN, who=DRAWS, refuses=drawing.not_closed, then=drawing.drawn,
                 says="{by} 制证", primary=True),
            Step("sign", "审核签账", (S.DRAWN,), S.SIGNED, who=CHECKS, stops=("D69",), then=drawing.signed, says="{by} 审核无误，签账",
                 prints=("account_summary",), primary=True),
            Step("query", "提出疑问", OPEN, S.QUERIED, who=CHECKS, form=AskForm, then=drawing.asked, says="{by} 提出疑问"),
            Step("answer", "答复", (S.QUERIED,), drawing.AFTER_ANSWER, who=DRAWS, form=AnswerForm, then=drawing.answered,
                 says="{by} 答复疑问", primary=True),
        ),
    )
)  # fmt: skip
