"""催款批次：生成 → 打印交客服 → 送齐。催款通知单：(第二次起项目经理批) → 送达 → 签收表交回财务。"""

from yihu.areas.billing.dunning import notice_effects as effects
from yihu.areas.billing.dunning import printing, who
from yihu.areas.billing.dunning.forms import notices as forms
from yihu.areas.billing.dunning.models import DunningNotice, DunningRound
from yihu.kernel.forms import asking
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import system

N, R = DunningNotice.State, DunningRound.State


ROUND = register(
    Procedure(
        model=DunningRound,
        slug="dunning-rounds",
        code="CP",
        clauses=("FEE-08",),
        opening_form=asking(DunningRound, "day", "due_at"),
        opens_in=R.DRAWING,
        opened_by=system,
        opening_says="{by} 到催款日，开始生成催款通知单",
        opening_starts=("D66",),
        seen_by=with_capability(who.SEE),
        closed=(R.DONE,),
        tones={R.DRAWING: "new", R.READY: "busy", R.OUT: "busy", R.DONE: "done"},
        clocks=(Clock("D66", "发出催款通知单", Limit(PROMISED), due_field="due_at", warn=120,
                      escalate=(Rung("accountant"), Rung("finance_supervisor", Limit(WORKING, days=1)),
                                Rung("project_manager", Limit(WORKING, days=1)))),),
        held=effects.round_held,
        steps=(
            Step("drawn", "已生成", (R.DRAWING,), effects.DRAWN, who=system, then=effects.round_drawn, says="本批催款通知单已生成"),
            Step("set", "排版打印", (R.READY, R.OUT), None, who=who.DRAFTS & who.MANY, then=effects.to_be_set, says="{by} 排版打印"),
            Step("hand_out", "已打印盖章，交客服送达", (R.READY,), R.OUT, who=who.DRAFTS, stops=("D66",), then=effects.handed_out,
                 refuses=effects.waiting_for_approval, says="{by} 打印盖章，交客服送达", primary=True),
            Step("finish", "已送齐，签收表交回", (R.OUT,), R.DONE, who=who.DRAFTS, refuses=effects.not_all_delivered,
                 then=effects.all_back, says="{by} 收齐签收表", primary=True),
        ),
    )
)  # fmt: skip

NOTICE = register(
    Procedure(
        model=DunningNotice,
        slug="dunning-notices",
        code="CT",
        clauses=("FEE-08",),
        opening_form=forms.NoticeForm,
        opening_from=lambda origin: {"case": origin.pk},
        opens_in=effects.OPENS,
        opened_by=who.DRAFTS,
        opening_says="{by} 开催款通知单 {number}",
        opening_starts=("D67",),
        then_opened=effects.drawn,
        seen_by=with_capability(who.SEE) | who.on_the_way(N.ISSUED, N.DELIVERED),
        closed=(N.DONE, N.VOID),
        tones={N.TO_APPROVE: "check", N.ISSUED: "new", N.DELIVERED: "busy", N.DONE: "done", N.VOID: "void"},
        clocks=(Clock("D67", "送达签收", {N.ISSUED: Limit(WORKING, days=2)}, vary="state", cases={N.ISSUED: "批准发出后"},
                      escalate=(Rung("cs_supervisor"), Rung("finance_supervisor", Limit(WORKING, days=1)),
                                Rung("project_manager", Limit(WORKING, days=1)))),),
        held=effects.held,
        prints=(printing.NOTICE,),
        steps=(
            Step("approve", "批准发出", (N.TO_APPROVE,), N.ISSUED, who=who.APPROVES, then=effects.approved, starts=("D67",),
                 says="{by} 批准发出", primary=True),
            Step("deliver", "登记送达", (N.ISSUED,), N.DELIVERED, who=who.DELIVERS, form=forms.DeliverForm, then=effects.delivered,
                 stops=("D67",), says="{by} 登记送达：{way} {tracking_no} {refusal}", primary=True),
            Step("again", "改用别的方式送达", (N.DELIVERED,), None, who=who.DELIVERS & who.LOST, form=forms.DeliverForm, then=effects.delivered,
                 says="{by} 消息没有送到，重新登记送达：{way} {tracking_no} {refusal}"),
            Step("arrived", "查到签收", (N.DELIVERED,), None, who=(who.DELIVERS | who.DRAFTS) & who.POSTED, form=forms.ArrivedForm, then=effects.arrived,
                 refuses=effects.not_posted, says="{by} 查到 {arrived_on} 签收"),
            Step("give_back", "签收表交回财务", (N.DELIVERED,), N.DONE, who=who.DRAFTS, then=effects.given_back, says="{by} 收回签收表", primary=True),
            Step("renew", "换二维码", (N.ISSUED, N.DELIVERED, N.DONE), None, who=who.DRAFTS, then=effects.renewed,
                 says="{by} 换了二维码，原来的打不开了", when_closed=True),
            Step("void", "作废", (N.TO_APPROVE, N.ISSUED), N.VOID, who=who.DRAFTS | who.APPROVES, form=forms.VoidForm,
                 says="{by} 作废：{wrong} {void_why}"),
            Step("recall", "有错，收回作废", (N.DELIVERED, N.DONE), N.VOID, who=who.DRAFTS | who.APPROVES, form=forms.WrongForm,
                 then=effects.recalled, says="{by} 收回有错的通知单：{wrong}，{void_why}", when_closed=True),
        ),
    )
)  # fmt: skip
