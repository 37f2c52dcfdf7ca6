"""服务需求：登记 → 办理 → 回访 → 办结；每行另由审批人签批，签批人不是登记人，未签批的不能办结。"""

from yihu.areas.needs import effects
from yihu.areas.needs.forms import AmendForm, DoneForm, ExpectedForm, NeedForm, ResubmitForm, ReturnForm
from yihu.areas.needs.models import Need
from yihu.areas.needs.printing import month_register
from yihu.ground.contact.calling import write_down
from yihu.ground.contact.forms import call_back_form
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import PROMISED, SERVICE, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, my_team, opened_by_me, with_capability
from yihu.kernel.who import Who, did, handler, may, opener, system, team_member

S, SignOff = Need.State, Need.SignOff
UNSIGNED = (S.OPEN, S.CALL_BACK, S.SETTLED)
DESK = may("needs.open", "前台")


def _signing(stands: str, words: str) -> Who:
    return Who(lambda person, record, grants: record.sign_off == stands, words)


WAITS, RETURNED = _signing(SignOff.WAITING, "待签批时"), _signing(SignOff.RETURNED, "退回后")
WROTE_IT = opener | did("amend", "改正人") | did("resubmit", "补正人") | did("correct", "更正人")
APPROVER = may("needs.approve", "审批人") & ~WROTE_IT & WAITS
DID_THE_WORK = did("done", "办理人")

NEED = register(
    Procedure(
        model=Need,
        slug="needs",
        code="XQ",
        clauses=("DESK-21",),
        opening_form=NeedForm,
        opening_from=lambda origin: {
            name: origin.facts().get(fact)
            for name, fact in (("unit", "unit"), ("party", "party"), ("customer", "caller_name"), ("phone", "phone"), ("content", "content"))
        },
        opens_in=S.OPEN,
        opened_by=DESK,
        opening_starts=("D04", "D24"),
        opening_says="{by} 登记{register}：{need_type}，转{team}",
        then_opened=effects.opened,
        seen_by=with_capability("needs.register") | mine | my_team | opened_by_me,
        closed=(S.CLOSED,),
        tones={S.OPEN: "busy", S.CALL_BACK: "check", S.SETTLED: "wait", S.CLOSED: "done"},
        clocks=(
            Clock("D04", "要求完成时间", Limit(PROMISED), due_field="expected_at", warn=30,
                  escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(SERVICE, minutes=120)))),
            Clock("D19", "回访", {"True": Limit(WORKING, days=1), "False": None}, vary="has_customer", escalate=(Rung("cs_supervisor"),)),
            Clock("D22", "退回补正", Limit(WORKING, days=1), escalate=(Rung("receptionist"), Rung("cs_supervisor"))),
            Clock("D24", "签批", Limit(PROMISED), due_field="sign_by",
                  escalate=(Rung("cs_supervisor"), Rung("cs_manager", Limit(SERVICE, minutes=60)))),
        ),
        transfer_to="needs.work",
        corrects=("unit", "customer", "phone", "place", "need_type", "content", "charge_note", "result"),
        prints=(Print("month_register", "服务需求登记表（本月）", data=month_register, paper="a4-landscape", of_one=False),),
        steps=(
            Step("resubmit", "补正重交", UNSIGNED, None, who=(opener | DESK) & RETURNED, form=ResubmitForm, stops=("D22",), starts=("D24",),
                 then=effects.wait_again, says="{by} 补正，重交签批", primary=True),
            Step("amend", "改正", UNSIGNED, None, who=(opener | DESK) & WAITS, form=AmendForm, says="{by} 改正登记内容"),
            Step("done", "办理完毕", (S.OPEN,), effects.AFTER_DONE, who=team_member | handler | DESK, form=DoneForm, stops=("D04",), starts=("D19",),
                 then=effects.done, says="{by} 办理完毕：{result}", primary=True),
            Step("promise", "改约时间", (S.OPEN,), None, who=handler | DESK, form=ExpectedForm, starts=("D04",), says="{by} 与客户改约 {expected_at}：{reason}"),
            Step("call_back", "回访", (S.CALL_BACK,), effects.AFTER_CALL, who=may("contact.call_back", "前台") & ~DID_THE_WORK,
                 form=call_back_form(Need), then=write_down(effects.second_round), stops=("D19",), says="{by} 回访：{outcome} {feedback} {words}", primary=True),
            Step("sign", "签批", UNSIGNED, effects.AFTER_SIGN, who=APPROVER, stops=("D24",), then=effects.signed, says="{by} 签批", primary=True),
            Step("return", "退回", UNSIGNED, None, who=APPROVER, form=ReturnForm, stops=("D24",), starts=("D22",), then=effects.returned,
                 says="{by} 退回：{return_reason}"),
            Step("changed", "重新签批", UNSIGNED, None, who=system, stops=("D24",), starts=("D24",), then=effects.wait_again, says="签批后有更正，须重新签批"),
        ),
    )
)  # fmt: skip
