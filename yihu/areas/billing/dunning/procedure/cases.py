"""催缴：提醒 → 催款一 → 催款二 → 面谈、分期 → 委托方催告 → 律师函 → 支付令、诉讼 → 执行、核销；争议和查账时暂停。"""

from yihu.areas.billing.dunning import effects, pausing, printing, who
from yihu.areas.billing.dunning.forms import cases as forms
from yihu.areas.billing.dunning.forms import disputes
from yihu.areas.billing.dunning.models import DunningCase
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import PROMISED, Clock, Procedure, Rung, Step, register
from yihu.kernel.procedure import Limit as L
from yihu.kernel.sight import mine, with_capability
from yihu.kernel.who import may, system

S = DunningCase.State
ASKING, GOING = pausing.ASKING, pausing.GOING
ALL = (*GOING, S.PAUSED)
DAY = 24 * 60


CASE = register(
    Procedure(
        model=DunningCase,
        slug="dunning",
        code="CJ",
        clauses=("FEE-08", "FEE-10", "FEE-21"),
        opening_form=forms.OpenForm,
        opens_in=S.REMIND,
        opened_by=who.DRAFTS,
        opening_says="{by} 开始催缴 {number}：{party}",
        opening_starts=("D98",),
        seen_by=with_capability(who.SEE) | mine,
        closed=(S.PAID, S.TURNED, S.WRITTEN_OFF),
        tones={
            S.REMIND: "new", S.FIRST: "busy", S.SECOND: "busy", S.TALK: "busy", S.PLAN: "wait", S.URGED: "busy", S.LAWYER: "check",
            S.COURT: "check", S.ENFORCE: "check", S.PAUSED: "wait", S.PAID: "done", S.TURNED: "done",
            S.WRITTEN_OFF: "void",
        },
        clocks=(
            Clock("D97", "下期分期款", L(PROMISED), due_field="next_part_at", warn=3 * DAY, escalate=(Rung("finance_supervisor"),)),
            Clock("D98", "诉讼时效", L(PROMISED), due_field="limitation_at", warn=180 * DAY,
                  escalate=(Rung("finance_supervisor"), Rung("project_manager"))),
        ),
        transfer_to="dunning.talk",
        held=effects.held,
        prints=(Print("lawyer_letter", "律师函", data=printing.lawyer_letter, issued=True),
                Print("case_file", "诉讼卷宗目录", data=printing.case_file),
                Print("dispute_decision", "争议处理告知书", data=printing.dispute_decision, issued=True)),
        steps=(
            Step("call", "登记沟通", ALL, effects.TALKED, who=who.TALKS, form=forms.CallForm, then=effects.called,
                 says="{by} {way}沟通（{reached}）：{reason} {said}；解释：{explained}", primary=True),
            Step("draw", "开催款单", ASKING, None, who=who.DRAFTS, opens="dunning.dunningnotice", says="{by} 开催款通知单"),
            Step("plan", "签分期协议", (*ASKING, S.LAWYER), S.PLAN, who=who.SETTLES, form=forms.PlanForm, then=effects.planned,
                 starts=("D97",), says="{by} 登记分期协议"),
            Step("dispute", "登记争议", GOING, pausing.CONTESTED, who=who.SETTLES, form=disputes.DisputeForm, then=pausing.disputed,
                 says="{by} 登记争议：{words}"),
            Step("settle", "认定争议", ALL, pausing.GO_ON_SETTLED, who=who.DECIDES & who.DISPUTED, form=disputes.DecideForm, then=pausing.settled,
                 refuses=pausing.no_dispute, prints=("dispute_decision",), says="{by} 认定争议，{outcome}：{words}"),
            Step("check", "查账中，暂停", GOING, pausing.PAUSING, who=who.SETTLES | who.TALKS, form=disputes.CheckingForm, then=pausing.paused,
                 says="{by} 暂停催缴，查账：{pause_words}"),
            Step("resume", "查清，继续", (S.PAUSED,), pausing.GO_ON, who=who.SETTLES, form=disputes.SettleForm, then=pausing.resumed,
                 refuses=pausing.has_dispute, says="{by} 查清，继续催缴：{words}"),
            Step("complain", "转为接待", ALL, None, who=may("reception.open", "客服"), opens="reception.contact", says="{by} 把客户反映的问题转为接待"),
            Step("turn", "转由业主清偿", (*ASKING, S.LAWYER), None, who=who.DRAFTS & who.TENANT, opens="dunning.toowner", says="{by} 起草转由业主清偿"),
            Step("suspend", "起草暂停可选服务", ASKING, None, who=who.SUSPENDS & who.OPTIONAL, opens="dunning.suspension", says="{by} 起草暂停可选服务通知书"),
            Step("client_letter", "请委托方、业委会催告", (S.SECOND, S.TALK), S.URGED, who=who.SETTLES, form=forms.ClientLetterForm, then=effects.urged,
                 says="{by} 请{writer}催告，{pay_by} 前缴清"),
            Step("lawyer", "发律师函", (S.SECOND, S.TALK, S.URGED), S.LAWYER, who=who.LEGAL, form=forms.LetterForm, then=effects.lawyered,
                 prints=("lawyer_letter",), says="{by} 发律师函（{writer}），{pay_by} 前缴清"),
            Step("letter_delivered", "函件送达", (S.URGED, S.LAWYER), None, who=(who.DELIVERS | who.LEGAL) & who.LETTER, form=forms.LetterDeliveryForm,
                 then=effects.letter_delivered, refuses=effects.no_letter, says="{by} 登记函件送达：{way} {tracking_no}"),
            Step("sue", "申请支付令、起诉", (S.LAWYER,), S.COURT, who=who.LEGAL, form=forms.CourtForm, then=effects.sued,
                 says="{by} {court_way}：{court} {court_no}，{filed_on}"),
            Step("judge", "裁判生效，执行", (S.COURT,), S.ENFORCE, who=who.LEGAL, form=forms.OutcomeForm, then=effects.judged,
                 says="{by} 登记裁判结果：{outcome}"),
            Step("write_off", "核销结案", (S.COURT, S.ENFORCE), S.WRITTEN_OFF, who=who.WRITES_OFF, form=forms.OutcomeForm,
                 then=effects.written_off, says="{by} 核销结案，债权和时效保留：{outcome}"),
            Step("dunned", "已催款", ALL, effects.DUNNED, who=system, says="已发出催款通知单"),
            Step("look_again", "重算欠费", ALL, None, who=system, then=effects.look_again, says="欠费或时效有变动"),
            Step("next_part", "按期履行", (S.PLAN,), None, who=system, then=effects.next_part, starts=("D97",), says="本期分期款已缴"),
            Step("plan_kept", "分期履行完", (S.PLAN,), effects.FALLEN_BACK, who=system, then=effects.fulfilled, stops=("D97",),
                 says="分期已经按期履行完，以后到期的继续催缴"),
            Step("plan_broken", "分期未履行", (S.PLAN,), effects.FALLEN_BACK, who=system, then=effects.broken, stops=("D97",),
                 says="分期没有按期履行，退回继续催缴"),
            Step("paid_undecided", "缴清，待认定", ALL, pausing.UNDECIDED, who=system, then=pausing.paid_undecided,
                 stops=("D97",), says="到期欠费已经缴清，争议还没有认定"),
            Step("turned", "转由业主清偿", ALL, S.TURNED, who=system, then=effects.paid, says="租户没缴的已经转由业主清偿，对租户的催缴结案"),
            Step("paid", "缴清", ALL, S.PAID, who=system, then=effects.paid, says="到期欠费已经缴清，自动结案"),
        ),
    )
)  # fmt: skip
