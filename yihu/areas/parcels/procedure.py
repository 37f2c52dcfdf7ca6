"""邮件代收：待取 → 已取；或待取 → 待退回 → 已退回。拿错的送回来，重新待取。"""

from yihu.areas.parcels import effects, printing
from yihu.areas.parcels.forms.going import BringBackForm, CodeForm, SendBackForm, SignForm
from yihu.areas.parcels.forms.keeping import FaultForm, KeepForm, MoveForm, TellForm
from yihu.areas.parcels.forms.taking import AmendForm, TakeForm
from yihu.areas.parcels.models import ParcelCustody, Sort
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import DAYS, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import Who, may, system

S = ParcelCustody.State
HERE = (S.HELD, S.TO_RETURN)
DESK = may("parcels.work", "前台")
unregistered = Who(lambda person, parcel, grants: parcel.sort != Sort.REGISTERED, "挂号信要签收")

CUSTODY = register(
    Procedure(
        model=ParcelCustody,
        slug="parcels",
        code="DS",
        clauses=("MAI-01",),
        opening_form=TakeForm,
        opens_in=effects.BEGINS,
        opened_by=DESK,
        opening_starts=("D86",),
        opening_says="{by} 代收{carrier}{sort}，放 {shelf}",
        then_opened=effects.taken_in,
        seen_by=with_capability("parcels.see"),
        closed=(S.PICKED, S.RETURNED),
        tones={S.HELD: "new", S.TO_RETURN: "wait", S.PICKED: "done", S.RETURNED: "void"},
        clocks=(
            Clock("D86", "领取或退回", {"held": Limit(DAYS, days=3), "to_return": Limit(DAYS, days=2)}, vary="state",
                  cases={"held": "待取", "to_return": "待退回"}, escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(DAYS, days=2)))),
        ),
        corrects=("carrier", "fault_note"),
        then_merged=effects.forgotten,
        then_split=effects.remembered,
        then_withdrawn=effects.forgotten,
        prints=(
            Print("pickup_slip", "取件通知单", data=printing.pickup_slip, paper="a5-landscape", issued=True),
            Print("parcel_register", "邮件代收登记表（本月）", data=printing.parcel_register, paper="a4-landscape", of_one=False, says_numbers=True),
        ),
        steps=(
            Step("hand_out", "凭码取件", (S.HELD,), S.PICKED, who=DESK & unregistered, form=CodeForm,
                 then=effects.handed_out, says="{by} 凭取件码交出"),
            Step("sign", "签收取件", (S.HELD,), S.PICKED, who=DESK, form=SignForm, then=effects.signed_for,
                 says="{by} 交出，{relation}签收", primary=True),
            Step("tell", "通知、催取", (S.HELD,), None, who=DESK, form=TellForm, starts=("D86",), then=effects.told,
                 says="{by} 已通知（{told_how}）{words}"),
            Step("move", "换位置", HERE, None, who=DESK, form=MoveForm, says="{by} 移到 {shelf}"),
            Step("amend", "改登记", HERE, None, who=DESK, form=AmendForm, then=effects.amended, says="{by} 改登记"),
            Step("report", "有问题", (S.HELD,), effects.AFTER_FAULT, who=DESK, form=FaultForm, then=effects.faulty,
                 says="{by} 登记{fault}：{fault_note}"),
            Step("keep", "改为待取", (S.TO_RETURN,), S.HELD, who=DESK, form=KeepForm, refuses=effects.nobody_known, starts=("D86",),
                 then=effects.kept_after_all, says="{by} 改为待取：{reason}"),
            Step("send_back", "退给快递", (S.TO_RETURN,), S.RETURNED, who=DESK, form=SendBackForm, then=effects.sent_back,
                 says="{by} 退给快递", primary=True),
            Step("bring_back", "拿错送回", (S.PICKED,), S.HELD, who=DESK, form=BringBackForm, starts=("D86",), then=effects.brought_back,
                 when_closed=True, says="{by} 登记拿错送回：{reason}"),
            Step("message_failed", "消息没有送到", (S.HELD,), None, who=system, then=effects.message_failed,
                 says="{by} 记：通知消息没有送到"),
        ),
    )
)  # fmt: skip
