"""业户资料的程序：过户（待生效 → 已生效）、租户商住登记（在租 → 到期待办 → 退租）。"""

from __future__ import annotations

from yihu.areas.households.effects import filings, rosters, rounds, tidyings, transfers
from yihu.areas.households.forms.filings import CompleteForm, FilingForm, LeaveForm, RenewForm, ShortenForm
from yihu.areas.households.forms.rosters import RefuseForm, RosterForm
from yihu.areas.households.forms.rounds import RoundForm, ShutForm
from yihu.areas.households.forms.tidyings import TidiedForm, TidyingForm
from yihu.areas.households.forms.transfers import PutOffForm, TransferForm, UndoForm
from yihu.areas.households.models import LeaseFiling, Roster, Tidying, Transfer, VerifyRound
from yihu.areas.households.printing import filing_register, filing_sheet, transfer_sheet
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import may, opener, system

SEEN = with_capability("households.see") | opened_by_me
TITLE, FILE = may("households.title", "前台或档案管理员"), may("households.file", "前台")

T = Transfer.State
TRANSFER = register(
    Procedure(
        model=Transfer,
        slug="transfers",
        code="GH",
        opening_form=TransferForm,
        opening_from=lambda origin: {"unit": origin.facts().get("unit")},
        opens_in=transfers.OPENS_IN,
        opened_by=TITLE,
        opening_says="{by} 登记过户：{how}，查看{proof} {proof_no}，{on} 生效",
        then_opened=transfers.opened,
        seen_by=SEEN,
        closed=(T.DONE, T.UNDONE),
        tones={T.PLANNED: "wait", T.DONE: "done", T.UNDONE: "void"},
        held=transfers.stays,
        corrects=("proof_no", "arrears_note"),
        prints=(Print("transfer", "产权过户登记", data=transfer_sheet),),
        steps=(
            Step("put_off", "更改生效日期", (T.PLANNED,), None, who=TITLE, form=PutOffForm, then=transfers.put_off,
                 says="{by} 生效日期改为 {on}：{reason}"),
            Step("undo", "撤销过户", (T.PLANNED,), T.UNDONE, who=TITLE, form=UndoForm, then=transfers.undone,
                 says="{by} 撤销过户：{reason}"),
            Step("take_effect", "生效", (T.PLANNED,), T.DONE, who=system, then=transfers.in_effect, says="过户生效"),
        ),
    )
)  # fmt: skip

F = LeaseFiling.State
FILING = register(
    Procedure(
        model=LeaseFiling,
        slug="filings",
        code="ZS",
        clauses=("ARC-07",),
        opening_form=FilingForm,
        opening_from=lambda origin: {"unit": origin.facts().get("unit")},
        opens_in=F.FILED,
        opened_by=FILE,
        opening_says="{by} 登记租户：{use}，租期 {lease_from} 至 {lease_to}",
        then_opened=filings.opened,
        seen_by=SEEN,
        closed=(F.ENDED,),
        tones={F.FILED: "busy", F.EXPIRED: "wait", F.ENDED: "done"},
        held=filings.stays,
        corrects=("licence_no", "contact_name", "business", "persons", "payer", "remark"),
        prints=(
            Print("filing", "租户商住情况登记表", data=filing_sheet),
            Print("filing_register", "租户商住情况登记册", data=filing_register, paper="a4-landscape", of_one=False),
        ),
        steps=(
            Step("renew", "续租", (F.FILED, F.EXPIRED), F.FILED, who=FILE, form=RenewForm, then=filings.renewed,
                 says="{by} 续租至 {until}", primary=True),
            Step("complete", "补登资料", (F.FILED, F.EXPIRED), None, who=FILE, form=CompleteForm, then=filings.completed,
                 says="{by} 补登资料"),
            Step("shorten", "提前终止", (F.FILED,), None, who=FILE, form=ShortenForm, then=filings.shortened,
                 says="{by} 租约提前到 {until} 终止：{reason}"),
            Step("leave", "退租", (F.FILED, F.EXPIRED), F.ENDED, who=FILE, form=LeaveForm, then=filings.left,
                 says="{by} 登记退租 {left_on}，房屋{use_after}：{reason}"),
            Step("warn", "到期提醒", (F.FILED,), None, who=system, then=filings.warned, says="租期将满，已提醒登记人和主管"),
            Step("expire", "租期届满", (F.FILED,), F.EXPIRED, who=system, then=filings.expired, says="租期届满，待办续租或退租"),
        ),
    )
)  # fmt: skip

D39 = Clock("D39", "业主资料更新", Limit(PROMISED), due_field="due_at", warn=60 * 24 * 3,
            escalate=(Rung("archivist"), Rung("cs_supervisor", Limit(NATURAL, minutes=60))))  # fmt: skip
R = VerifyRound.State
ROUND = register(
    Procedure(
        model=VerifyRound,
        slug="rounds",
        code="HD",
        clauses=("ARC-06",),
        opening_form=RoundForm,
        opens_in=R.OPEN,
        opened_by=system,
        opening_starts=("D39",),
        opening_says="{by} 开出 {first_on} 起一个月的资料核对",
        then_opened=rounds.opened,
        seen_by=with_capability("households.see"),
        closed=(R.SHUT,),
        tones={R.OPEN: "busy", R.SHUT: "done"},
        clocks=(D39,),
        steps=(
            Step("shut", "结束核对", (R.OPEN,), R.SHUT, who=may("households.round", "客服主管或档案管理员"), form=ShutForm, stops=("D39",),
                 then=rounds.shut, says="{by} 结束本月核对：{words}"),
        ),
    )
)  # fmt: skip

Y = Tidying.State
TIDYING = register(
    Procedure(
        model=Tidying,
        slug="tidyings",
        code="ZL",
        clauses=("ARC-18",),
        opening_form=TidyingForm,
        opens_in=Y.OPEN,
        opened_by=system,
        opening_starts=("D39",),
        opening_says="{by} 开出 {first_on} 起一个月的客户资料整理",
        then_opened=tidyings.opened,
        seen_by=with_capability("households.see"),
        closed=(Y.SHUT,),
        tones={Y.OPEN: "busy", Y.SHUT: "done"},
        clocks=(D39,),
        steps=(
            Step("shut", "结束整理", (Y.OPEN,), Y.SHUT, who=may("households.tidy", "客服主管或档案管理员"), form=TidiedForm, stops=("D39",),
                 then=tidyings.shut, says="{by} 结束整理：{words}"),
        ),
    )
)  # fmt: skip

X = Roster.State
ALLOW = may("households.allow", "经理") & ~opener
ROSTER = register(
    Procedure(
        model=Roster,
        slug="rosters",
        code="MD",
        clauses=("ARC-08",),
        opening_form=RosterForm,
        opens_in=X.ASKED,
        opened_by=may("kernel.export", "可以导出的人"),
        opening_says="{by} 申请导出完整名单：{why}；{goes_to}",
        then_opened=rosters.opened,
        seen_by=with_capability("households.allow") | opened_by_me,
        closed=(X.TAKEN, X.REFUSED),
        tones={X.ASKED: "check", X.ALLOWED: "busy", X.TAKEN: "done", X.REFUSED: "void"},
        steps=(
            Step("allow", "批准", (X.ASKED,), X.ALLOWED, who=ALLOW, then=rosters.allowed, says="{by} 批准导出完整名单", primary=True),
            Step("refuse", "不批准", (X.ASKED, X.ALLOWED), X.REFUSED, who=ALLOW, form=RefuseForm, then=rosters.refused,
                 says="{by} 不批准：{refused_why}"),
            Step("take", "导出", (X.ALLOWED,), X.TAKEN, who=opener, refuses=rosters.too_late,
                 says="{by} 导出完整名单，电话、证件号未隐藏"),
        ),
    )
)  # fmt: skip
