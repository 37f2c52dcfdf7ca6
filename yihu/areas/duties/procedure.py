"""每日、每周、每月的汇总：到时开出，当班汇总人签字，经理审阅；上午的统计由系统上报；工作日志由主管审阅。"""

from __future__ import annotations

from typing import Any

from yihu.areas.duties import effects
from yihu.areas.duties.forms import (
    ApproveForm,
    ComplaintMonthForm,
    ComplaintSignForm,
    DayForm,
    DiaryForm,
    FeeForm,
    FeeSignForm,
    LongForm,
    MonthForm,
    PeriodSignForm,
    SendBackForm,
    SignForm,
    WeekForm,
    read_form,
)
from yihu.areas.duties.models import (
    ComplaintSheet,
    DaySheet,
    Diary,
    FeeSheet,
    LongSheet,
    MonthSheet,
    NoonSheet,
    WeekSheet,
)
from yihu.areas.duties.printing import complaint_sheet, day_sheet, diary, fee_sheet, long_sheet, month_sheet, week_sheet
from yihu.kernel.forms import asking
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import did, may, opener, system

COMPILER, READER = may("duties.compile", "前台"), may("duties.read", "客服经理")
APPROVER = may("duties.approve", "项目经理")
SHEETS = with_capability("duties.compile") | with_capability("duties.read")


def _sheet(
    model: Any, slug: str, code: str, clock: Clock, print_: Print, opening: Any, sign: Any, **more: Any
) -> Procedure:
    """Opened by the program, signed before its time by one, read by another."""
    S = model.State
    return register(
        Procedure(
            model=model,
            slug=slug,
            code=code,
            opening_form=opening,
            opens_in=S.DUE,
            opened_by=system,
            opening_starts=(clock.code,),
            seen_by=SHEETS,
            closed=(S.READ,),
            tones={S.DUE: "new", S.SIGNED: "check", S.READ: "done"},
            clocks=(clock,),
            prints=(print_,),
            steps=(
                Step("sign", "汇总签字", (S.DUE,), S.SIGNED, who=COMPILER, form=sign, stops=(clock.code,),
                     then=effects.signed, says="{by} 汇总签字", primary=True),
                Step("read", "审阅", (S.SIGNED,), S.READ, who=READER & ~did("sign", "汇总人"), form=read_form(model),
                     says="{by} 审阅 {manager_words}", primary=True),
            ),
            **more,
        )
    )  # fmt: skip


def _clock(code: str, label: str, warn: int) -> Clock:
    rungs = (Rung("receptionist"), Rung("cs_manager", Limit(NATURAL, minutes=30)))
    return Clock(code, label, Limit(PROMISED), due_field="due_at", warn=warn, escalate=rungs)


DAY_SHEET = _sheet(
    DaySheet, "daysheets", "RB", _clock("D25", "每日汇总", 60), Print("day_sheet", "每日工作汇总表", data=day_sheet),
    DayForm, SignForm, clauses=("DESK-16",), opening_says="{by} 开出当日汇总表",
)  # fmt: skip
WEEK_SHEET = _sheet(
    WeekSheet, "weeksheets", "ZB", _clock("D29", "维保周汇总", 240),
    Print("week_sheet", "维保情况周汇总", data=week_sheet, template="duties/prints/period_sheet.typ"),
    WeekForm, PeriodSignForm.of(WeekSheet), clauses=("REP-09",), opening_says="{by} 开出上周的维保汇总",
)  # fmt: skip
MONTH_SHEET = _sheet(
    MonthSheet, "monthsheets", "YB", _clock("D30", "月度汇总", 240),
    Print("month_sheet", "月度汇总总结", data=month_sheet, template="duties/prints/period_sheet.typ"),
    MonthForm, PeriodSignForm.of(MonthSheet), clauses=("RPT-01",), opening_says="{by} 开出上个业务月的汇总",
)  # fmt: skip
LONG_SHEET = _sheet(
    LongSheet, "longsheets", "ZJ", _clock("D30", "期间总结", 240),
    Print("long_sheet", "工作总结", data=long_sheet, template="duties/prints/period_sheet.typ"),
    LongForm, PeriodSignForm.of(LongSheet), clauses=("RPT-02", "RPT-03"), opening_says="{by} 开出期间总结",
)  # fmt: skip

T = ComplaintSheet.State
COMPLAINT_SHEET = register(
    Procedure(
        model=ComplaintSheet,
        slug="complaintsheets",
        code="TH",
        clauses=("CMP-10",),
        opening_form=ComplaintMonthForm,
        opens_in=T.DUE,
        opened_by=system,
        opening_starts=("D31",),
        opening_says="{by} 开出上个业务月的投诉汇总",
        seen_by=SHEETS,
        closed=(T.READ,),
        tones={T.DUE: "new", T.SIGNED: "check", T.READ: "done"},
        # runs until the project manager has signed, not only until it was drawn up
        clocks=(Clock("D31", "投诉月汇总审签", Limit(PROMISED), due_field="due_at", warn=1440,
                      escalate=(Rung("receptionist"), Rung("cs_supervisor"), Rung("project_manager"))),),
        prints=(Print("complaint_sheet", "投诉情况月汇总表", data=complaint_sheet, template="duties/prints/period_sheet.typ"),),
        steps=(
            Step("sign", "汇总签字", (T.DUE,), T.SIGNED, who=COMPILER, form=ComplaintSignForm, then=effects.drawn_up,
                 says="{by} 汇总签字", primary=True),
            Step("approve", "项目经理审签", (T.SIGNED,), T.READ, who=APPROVER & ~did("sign", "汇总人"), form=ApproveForm, then=effects.approved,
                 says="{by} 审签 {manager_words}", primary=True),
            Step("send_back", "退回重汇", (T.SIGNED,), T.DUE, who=APPROVER & ~did("sign", "汇总人"), form=SendBackForm, then=effects.sent_back,
                 says="{by} 退回：{reason}"),
        ),
    )
)  # fmt: skip

F = FeeSheet.State
FEE_SHEET = register(
    Procedure(
        model=FeeSheet,
        slug="feesheets",
        code="FZ",
        clauses=("FEE-14",),
        opening_form=FeeForm,
        opens_in=F.DUE,
        opened_by=system,
        opening_starts=("D71",),
        opening_says="{by} 开出本周收费率周报",
        then_opened=effects.fees_waiting,
        seen_by=with_capability("duties.fees") | with_capability("ledger.see"),
        closed=(F.READ,),
        tones={F.DUE: "new", F.SIGNED: "check", F.READ: "done"},
        clocks=(Clock("D71", "收费率周报", Limit(PROMISED), due_field="due_at", warn=240,
                      escalate=(Rung("accountant"), Rung("finance_supervisor"), Rung("project_manager", Limit(NATURAL, minutes=60)))),),
        prints=(Print("fee_sheet", "收费率周报", data=fee_sheet, template="duties/prints/period_sheet.typ"),),
        steps=(
            Step("sign", "核对签发", (F.DUE,), F.SIGNED, who=may("duties.fees", "会计、财务主管"), form=FeeSignForm, stops=("D71",),
                 then=effects.fees_sent, says="{by} 签发", primary=True),
            Step("read", "审阅", (F.SIGNED,), F.READ, who=APPROVER & ~did("sign", "签发人"), form=read_form(FeeSheet),
                 says="{by} 审阅 {manager_words}", primary=True),
        ),
    )
)  # fmt: skip

NOON_SHEET = register(
    Procedure(
        model=NoonSheet,
        slug="noonsheets",
        code="WB",
        opening_form=asking(NoonSheet, "day"),
        opens_in=NoonSheet.State.REPORTED,
        opened_by=system,
        then_opened=effects.reported,
        opening_says="{by} 上报上午统计",
        seen_by=SHEETS,
        closed=(NoonSheet.State.READ,),
        tones={NoonSheet.State.REPORTED: "check", NoonSheet.State.READ: "done"},
        steps=(
            Step("read", "审阅", (NoonSheet.State.REPORTED,), NoonSheet.State.READ, who=may("duties.read", "客服主管"),
                 form=asking(NoonSheet), says="{by} 审阅", primary=True),
        ),
    )
)  # fmt: skip

DIARY = register(
    Procedure(
        model=Diary,
        slug="diaries",
        code="RZ",
        opening_form=DiaryForm,
        opens_in=Diary.State.WRITTEN,
        opened_by=may("duties.diary", "客服人员"),
        then_opened=effects.written,
        opening_says="{by} 交工作日志",
        seen_by=opened_by_me | with_capability("duties.read"),
        closed=(Diary.State.READ,),
        tones={Diary.State.WRITTEN: "check", Diary.State.READ: "done"},
        prints=(Print("diary", "客服助理工作日志", data=diary),),
        steps=(
            Step("read", "审阅", (Diary.State.WRITTEN,), Diary.State.READ, who=may("duties.read", "客服主管") & ~opener,
                 form=asking(Diary, optional=("reader_words",)), says="{by} 审阅 {reader_words}", primary=True),
        ),
    )
)  # fmt: skip
