"""钥匙的四本登记：保管委托、使用登记、遗失损坏报告、看房后检查。"""

from typing import Any

from yihu.areas.keys import effects, printing
from yihu.areas.keys.forms.custody import CustodyForm, MoreKeysForm, ReleaseForm
from yihu.areas.keys.forms.loans import ChaseForm, GiveBackForm, LoanForm, RefuseForm
from yihu.areas.keys.forms.losses import LookForm, LossForm, PutRightForm, RemedyForm, ToldForm, ToldOwnerForm
from yihu.areas.keys.models import Custody, KeyLoan, LossReport, VacantCheck
from yihu.kernel.forms import asking
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, SERVICE, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import Who, may, opener, system

C, L, R, V = Custody.State, KeyLoan.State, LossReport.State, VacantCheck.State
KEEPER, SUPERVISOR, REPORTER = (
    may("keys.keep", "钥匙管理员"),
    may("keys.settle", "客服主管"),
    may("keys.report", "员工"),
)
SEEN = with_capability("keys.see")


def _approves(person: Any, loan: Any, grants: Any) -> bool:
    return bool(grants.may(f"keys.approve_{loan.act}", loan.community_id))


APPROVALS = frozenset(f"keys.approve_{act}" for act in KeyLoan.Act.values)
borrower = Who(lambda person, loan, grants: loan.staff_id == person.pk, "借用人")
# KEY-06: each of 借用, 领用, 复制 has its own approver; nobody approves what he asked for or takes himself
APPROVER = Who(_approves, "有批准权的主管、经理", APPROVALS) & ~borrower & ~opener
came_back = Who(lambda person, check, grants: check.borrowing_id is not None, "看房钥匙归还时")

CUSTODY = register(
    Procedure(
        model=Custody,
        slug="key-mandates",
        code="YW",
        clauses=("KEY-01", "KEY-08"),
        opening_form=CustodyForm,
        opens_in=C.HELD,
        opened_by=KEEPER,
        opening_says="{by} 收下委托保管的钥匙",
        then_opened=effects.entrusted,
        seen_by=SEEN,
        closed=(C.RELEASED,),
        tones={C.HELD: "busy", C.RELEASED: "done"},
        corrects=("phone", "purpose", "purpose_note", "allowed", "to_on"),
        held=effects.custody_held,
        prints=(
            Print("mandate", "钥匙保管委托书", data=printing.mandate, issued=True),
            Print("release", "钥匙解除确认函", data=printing.release, of_one=False, issued=True),
        ),
        steps=(
            Step("add_key", "加收钥匙", (C.HELD,), None, who=KEEPER, form=MoreKeysForm, then=effects.more_entrusted, says="{by} 加收钥匙"),
            Step("release", "解除委托", (C.HELD,), C.RELEASED, who=KEEPER, form=ReleaseForm, refuses=effects.key_is_out,
                 then=effects.released, prints=("release",), says="{by} 解除委托，钥匙已交还", primary=True),
        ),
    )
)  # fmt: skip

LOAN = register(
    Procedure(
        model=KeyLoan,
        slug="key-loans",
        code="SY",
        clauses=("KEY-04", "KEY-06", "KEY-07", "KEY-09", "KEY-10"),
        opening_form=LoanForm,
        opens_in=effects.BEGIN,
        opened_by=KEEPER,
        opening_starts=("D41",),
        opening_says="{by} 登记{borrower_kind}{act}钥匙 {key}",
        then_opened=effects.loan_opened,
        seen_by=SEEN | mine | opened_by_me,
        closed=(L.BACK, L.REFUSED, L.LOST),
        tones={L.ASKED: "new", L.APPROVED: "check", L.OUT: "busy", L.BACK: "done", L.REFUSED: "void", L.LOST: "void"},
        clocks=(
            Clock("D41", "归还钥匙", Limit(PROMISED), due_field="due_at", warn=60,
                  escalate=(Rung("key_keeper"), Rung("receptionist"), Rung("cs_supervisor", Limit(WORKING, days=1)))),
        ),
        corrects=("borrower", "company", "phone", "reason"),
        held=effects.loan_held,
        prints=(Print("use_register", "客服中心钥匙使用登记表（本月）", data=printing.use_register, paper="a4-landscape", of_one=False),),
        steps=(
            Step("approve", "批准", (L.ASKED,), L.APPROVED, who=APPROVER, then=effects.approved, says="{by} 批准{act}", primary=True),
            Step("refuse", "不批准", (L.ASKED, L.APPROVED), L.REFUSED, who=APPROVER, form=RefuseForm, then=effects.refused,
                 says="{by} 不批准：{refusal}"),
            Step("hand_out", "发放钥匙", (L.APPROVED,), L.OUT, who=KEEPER, then=effects.handed_out,
                 says="{by} 发放钥匙 {key}，应还 {due_at}", primary=True),
            Step("give_back", "收回钥匙", (L.OUT,), L.BACK, who=KEEPER, form=GiveBackForm, stops=("D41",), then=effects.given_back,
                 says="{by} 收回，{condition}", primary=True),
            Step("chase", "催还", (L.OUT,), None, who=KEEPER, form=ChaseForm, then=effects.chased, says="{by} 催还：{said}"),
            Step("lost", "在外遗失、损坏", (L.OUT,), L.LOST, who=system, then=effects.lost_outside,
                 says="{by} 随遗失损坏报告结束，不再等归还"),
        ),
    )
)  # fmt: skip

LOSS = register(
    Procedure(
        model=LossReport,
        slug="key-losses",
        code="YS",
        clauses=("KEY-05",),
        opening_form=LossForm,
        opens_in=effects.LOSS_BEGINS,
        opened_by=REPORTER,
        opening_starts=("D42",),
        opening_says="{by} 报钥匙 {key} {what}：{cause}",
        then_opened=effects.loss_opened,
        seen_by=SEEN | opened_by_me,
        closed=(R.DONE, R.FOUND),
        tones={R.REPORTED: "new", R.TOLD: "wait", R.DONE: "done", R.FOUND: "done"},
        clocks=(
            Clock("D42", "钥匙遗失损坏告知", {"supervisor": Limit(NATURAL, minutes=30), "owner": Limit(SERVICE), "nobody": None},
                  vary="stage", escalate=(Rung("cs_supervisor"), Rung("cs_manager", Limit(NATURAL, minutes=30)))),
        ),
        corrects=("cause", "last_holder"),
        held=effects.loss_held,
        prints=(Print("loss_report", "钥匙遗失损坏报告", data=printing.loss_report),),
        steps=(
            Step("told", "主管已知", (R.REPORTED,), R.TOLD, who=SUPERVISOR | KEEPER, form=ToldForm, starts=("D42",), then=effects.told,
                 says="{by} 记：{told_supervisor} 已知道", primary=True),
            Step("tell_owner", "告知业主", (R.TOLD,), None, who=SUPERVISOR | KEEPER, form=ToldOwnerForm, refuses=effects.no_owner,
                 stops=("D42",), says="{by} 已告知业主"),
            Step("remedy", "登记处理结果", (R.TOLD,), R.DONE, who=SUPERVISOR, form=RemedyForm, refuses=effects.not_the_owner_yet,
                 then=effects.remedied, says="{by} 处理：{remedy}，{remedy_note}", primary=True),
            Step("found", "已找回", (R.REPORTED, R.TOLD), R.FOUND, who=SUPERVISOR | KEEPER, refuses=effects.only_lost, then=effects.found,
                 says="{by} 登记钥匙已找回"),
        ),
    )
)  # fmt: skip

VACANT = register(
    Procedure(
        model=VacantCheck,
        slug="vacant-checks",
        code="YK",
        clauses=("KEY-07",),
        opening_form=asking(VacantCheck),
        opens_in=V.DUE,
        opened_by=KEEPER & came_back,
        opening_starts=("D50",),
        opening_says="{by} 收回看房钥匙，开出检查",
        then_opened=effects.to_check,
        seen_by=SEEN | with_capability("keys.check_vacant") | mine,
        closed=(V.DONE,),
        tones={V.DUE: "new", V.WRONG: "wait", V.DONE: "done"},
        clocks=(
            Clock("D50", "看房后检查空置房", Limit(SERVICE, minutes=60), warn=40,
                  escalate=(Rung("steward"), Rung("cs_supervisor"))),
        ),
        steps=(
            Step("look", "检查", (V.DUE,), effects.AFTER_LOOK, who=may("keys.check_vacant", "楼管"), form=LookForm, stops=("D50",),
                 then=effects.looked, says="{by} 到房内检查 {problem}", primary=True),
            Step("put_right", "已处理", (V.WRONG,), V.DONE, who=may("keys.check_vacant", "楼管"), form=PutRightForm, then=effects.put_right,
                 says="{by} 已处理：{remedy}", primary=True),
        ),
    )
)  # fmt: skip
