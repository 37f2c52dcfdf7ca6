"""暂停可选服务：起草 → 法务 → 财务主管 → 项目经理 → 委托方 → 送达 → 七日 → 暂停 → 恢复。必需和公共服务没有这条路。"""

from yihu.areas.billing.dunning import printing, who
from yihu.areas.billing.dunning import suspension_effects as effects
from yihu.areas.billing.dunning.forms import suspensions as forms
from yihu.areas.billing.dunning.models import Suspension
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import NATURAL, PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import opened_by_me, with_capability
from yihu.kernel.who import did, system

V = Suspension.State
BEFORE = (V.LEGAL, V.FINANCE, V.MANAGER, V.CLIENT, V.TO_DELIVER, V.WAITING)

SUSPENSION = register(
    Procedure(
        model=Suspension,
        slug="suspensions",
        code="ZT",
        clauses=("FEE-09",),
        opening_form=forms.DraftForm,
        opening_from=lambda origin: {"case": origin.pk},
        opens_in=V.LEGAL,
        opened_by=who.SUSPENDS,
        opening_says="{by} 起草暂停可选服务 {number}：{clause}",
        then_opened=effects.drafted,
        seen_by=with_capability(who.SEE) | opened_by_me | who.on_the_way(V.TO_DELIVER, V.WAITING),
        closed=(V.LIFTED, V.REFUSED, V.PAID),
        tones={
            V.LEGAL: "check", V.FINANCE: "check", V.MANAGER: "check", V.CLIENT: "check", V.TO_DELIVER: "new", V.WAITING: "wait",
            V.IN_FORCE: "busy", V.LIFTED: "done", V.REFUSED: "void", V.PAID: "done",
        },
        clocks=(
            Clock("D68", "七日内缴清", Limit(PROMISED), due_field="pay_by_at",
                  escalate=(Rung("finance_supervisor"), Rung("project_manager", Limit(WORKING, days=1)))),
            Clock("D99", "恢复服务", Limit(NATURAL, minutes=120), escalate=(Rung("engineering_head"), Rung("project_manager"))),
        ),
        held=lambda record, by: "暂停中的服务要先恢复，不能撤回。" if record.state == V.IN_FORCE else "",
        prints=(Print("suspension", "暂停服务通知书", data=printing.suspension, says_numbers=True, issued=True),),
        steps=(
            Step("review", "法务审查意见", (V.LEGAL,), V.FINANCE, who=who.REVIEWS, form=forms.LegalForm, then=effects.reviewed,
                 says="{by} 登记法务意见：{legal_opinion}", primary=True),
            Step("finance", "财务主管同意", (V.FINANCE,), V.MANAGER, who=who.FINANCE, then=effects.finance_agreed, says="{by} 同意", primary=True),
            Step("manager", "项目经理同意", (V.MANAGER,), V.CLIENT, who=who.MANAGER & ~did("finance", "已作为财务主管同意的人"),
                 then=effects.manager_agreed, says="{by} 同意，报委托方", primary=True),
            Step("client", "委托方批复", (V.CLIENT,), V.TO_DELIVER, who=who.SUSPENDS | who.REVIEWS, form=forms.ClientForm,
                 then=effects.client_agreed, prints=("suspension",), says="{by} 登记委托方批复：{client_words}", primary=True),
            Step("deliver", "登记送达", (V.TO_DELIVER,), V.WAITING, who=who.DELIVERS | who.SUSPENDS, form=forms.DeliverSuspensionForm,
                 then=effects.delivered, starts=("D68",), says="{by} 登记送达：{way} {tracking_no} {refusal}", primary=True),
            Step("again", "改用别的方式送达", (V.WAITING,), None, who=(who.DELIVERS | who.SUSPENDS) & who.LOST, form=forms.DeliverSuspensionForm,
                 then=effects.delivered, starts=("D68",), says="{by} 消息没有送到，重新登记送达：{way} {tracking_no} {refusal}"),
            Step("arrived", "查到签收", (V.WAITING,), None, who=(who.DELIVERS | who.SUSPENDS) & who.POSTED, form=forms.ArrivedForm,
                 then=effects.arrived, starts=("D68",), refuses=effects.not_posted, says="{by} 查到 {arrived_on} 签收"),
            Step("reached", "视为送达", (V.WAITING,), None, who=system, then=effects.arrived, starts=("D68",), says="送达已经证明，七日期限由此起算"),
            Step("begin", "开始暂停", (V.WAITING,), V.IN_FORCE, who=who.MANAGER, then=effects.begun,
                 stops=("D68",), says="{by} 开始暂停所列可选服务", primary=True),
            Step("lift", "恢复", (V.IN_FORCE,), V.LIFTED, who=who.SUSPENDS | who.MANAGER, form=forms.LiftForm, then=effects.lifted,
                 says="{by} 恢复：{lift_why}", primary=True),
            Step("lift_itself", "自动恢复", (V.IN_FORCE,), V.LIFTED, who=system, then=effects.lifted, says="已缴、有争议或到期，自动恢复"),
            Step("paid", "期限内缴清", BEFORE, V.PAID, who=system, then=effects.paid_first, says="已经缴清或有争议，不再暂停"),
            Step("refuse", "不同意", (V.LEGAL, V.FINANCE, V.MANAGER, V.CLIENT, V.TO_DELIVER, V.WAITING), V.REFUSED,
                 who=who.FINANCE | who.MANAGER | who.REVIEWS, form=forms.RefuseForm, says="{by} 不同意：{rejection}"),
        ),
    )
)  # fmt: skip
