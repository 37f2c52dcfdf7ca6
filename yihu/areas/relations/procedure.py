"""表扬：待核实 → 已核实 → 办结；建议：待决定 → 待答复 → 落实中 → 办结；渠道查看与网帖意见；客户沟通。"""

from yihu.areas.relations import effects
from yihu.areas.relations.forms.channels import LookedForm, LookForm, MissedForm, PostingAnswerForm, PostingForm
from yihu.areas.relations.forms.praises import PostForm, PraiseForm, ThankForm, VerifyForm
from yihu.areas.relations.forms.suggestions import AnswerForm, DecideForm, ResultForm, SuggestionForm
from yihu.areas.relations.forms.talks import TalkForm
from yihu.areas.relations.models import Look, Posting, Praise, Suggestion, Talk
from yihu.areas.relations.printing import answer_board, praise_board, talk_register
from yihu.areas.relations.who import praised
from yihu.ground.contact.calling import after_call, write_down
from yihu.ground.contact.forms import call_back_form
from yihu.ground.contact.promising import follows_promise
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import (
    PROMISED,
    SERVICE,
    WORKING,
    Branch,
    Clock,
    Limit,
    Procedure,
    Rung,
    Step,
    register,
)
from yihu.kernel.sight import mine, my_team, opened_by_me, with_capability
from yihu.kernel.who import handler, may, opener, system, team_member

P, S, K, T = Praise.State, Suggestion.State, Look.State, Talk.State
DESK = may("relations.register", "前台")
TO_SUPERVISOR = Rung("cs_supervisor", Limit(SERVICE, minutes=120))

PRAISE = register(
    Procedure(
        model=Praise,
        slug="praises",
        code="BY",
        clauses=("DESK-03",),
        opening_form=PraiseForm,
        opening_from=effects.praise_from,
        opens_in=P.PENDING,
        opened_by=DESK,
        opening_starts=("D04",),
        opening_says="{by} 登记表扬 {number}",
        then_opened=effects.praise_opened,
        seen_by=with_capability("relations.register") | mine | opened_by_me,
        closed=(P.CLOSED, P.TRIED, P.UNCONFIRMED),
        tones={P.PENDING: "new", P.CONFIRMED: "busy", P.CALL_BACK: "check", P.CLOSED: "done", P.TRIED: "done", P.UNCONFIRMED: "void"},
        clocks=(
            Clock("D04", "承诺答复", Limit(PROMISED), due_field="promised_at", warn=30, escalate=(TO_SUPERVISOR,)),
            Clock("D19", "回访", Limit(WORKING, days=1), escalate=(Rung("cs_supervisor"),)),
        ),
        corrects=("content", "caller_name", "phone", "source"),
        prints=(Print("praise_board", "表扬公示", data=praise_board, issued=True),),
        steps=(
            Step("verify", "核实", (P.PENDING,), Branch(effects.verified_state, (P.CONFIRMED, P.UNCONFIRMED)),
                 who=may("relations.verify", "客服主管") & ~opener & ~praised, form=VerifyForm, then=effects.verified,
                 says="{by} 核实：{outcome}，{finding}", primary=True),
            Step("post", "上墙公布", (P.CONFIRMED, P.CALL_BACK), None, who=DESK, form=PostForm, says="{by} 公布于{posted_at}"),
            Step("thank", "致谢客户", (P.CONFIRMED,), Branch(effects.thanked_state, (P.CALL_BACK, P.CLOSED)), who=DESK | handler,
                 form=ThankForm, stops=("D04",), starts=("D19",), then=effects.thanked, says="{by} 致谢：{thanks}", primary=True),
            Step("call_back", "回访", (P.CALL_BACK,), after_call(P.CLOSED, P.TRIED), who=may("contact.call_back", "前台"),
                 form=call_back_form(Praise), then=write_down(effects.praise_regretted), says="{by} 回访：{outcome} {feedback} {words}",
                 primary=True),
            follows_promise(Praise, (P.PENDING, P.CONFIRMED)),
        ),
    )
)  # fmt: skip

SUGGESTION = register(
    Procedure(
        model=Suggestion,
        slug="suggestions",
        code="JY",
        clauses=("DESK-03", "DESK-18"),
        opening_form=SuggestionForm,
        opening_from=effects.suggestion_from,
        opens_in=S.PENDING,
        opened_by=DESK,
        opening_starts=("D04", "D28"),
        opening_says="{by} 登记建议 {number}",
        then_opened=effects.suggestion_opened,
        seen_by=with_capability("relations.register") | mine | my_team | opened_by_me,
        closed=(S.DONE,),
        tones={S.PENDING: "new", S.TO_ANSWER: "wait", S.DOING: "busy", S.DONE: "done"},
        clocks=(
            Clock("D04", "约定时间", Limit(PROMISED), due_field="promised_at", warn=30, escalate=(TO_SUPERVISOR,)),
            Clock("D28", "意见答复", {"box": Limit(WORKING, days=2), **dict.fromkeys(("desk", "forum", "talk", "other"))}, vary="source",
                  escalate=(Rung("cs_manager"),)),
        ),
        corrects=("content", "caller_name", "phone"),
        prints=(Print("answer_board", "业主意见答复公示", data=answer_board, issued=True),),
        steps=(
            Step("decide", "决定", (S.PENDING,), S.TO_ANSWER, who=may("relations.decide", "项目经理"), form=DecideForm,
                 then=effects.decided, says="{by} 决定{decision}：{reason}", primary=True),
            Step("answer", "答复客户", (S.TO_ANSWER,), Branch(effects.answered_state, (S.DOING, S.DONE)), who=DESK, form=AnswerForm,
                 stops=("D28",), starts=("D04",), then=effects.answered, says="{by} 答复客户", primary=True),
            Step("carry_out", "落实完毕", (S.DOING,), S.DONE, who=team_member | may("relations.decide", "项目经理"),
                 form=ResultForm, says="{by} 报告落实结果", primary=True),
            follows_promise(Suggestion, (S.PENDING, S.TO_ANSWER)),
        ),
    )
)  # fmt: skip

LOOK = register(
    Procedure(
        model=Look,
        slug="looks",
        code="CK",
        clauses=("DESK-17", "DESK-18"),
        opening_form=LookForm,
        opens_in=K.DUE,
        opened_by=system,
        opening_starts=("D26", "D27"),
        opening_says="{by} 到点：{channel}",
        seen_by=with_capability("relations.look") | mine,
        closed=(K.LOOKED, K.MISSED),
        tones={K.DUE: "new", K.LOOKED: "done", K.MISSED: "void"},
        clocks=(
            Clock("D26", "论坛查看", Limit(PROMISED), due_field="forum_due_at", escalate=(Rung("cs_supervisor"),)),
            Clock("D27", "意见箱开箱", Limit(PROMISED), due_field="box_due_at", escalate=(Rung("cs_supervisor"),)),
        ),
        steps=(
            Step("looked", "已查看", (K.DUE,), K.LOOKED, who=handler | may("relations.look", "前台"), form=LookedForm,
                 then=effects.looked, says="{by} 查看：{found}", primary=True),
            Step("missed", "记为漏查", (K.DUE,), K.MISSED, who=may("relations.verify", "客服主管"), form=MissedForm,
                 says="{by} 记为漏查：{why}"),
        ),
    )
)  # fmt: skip

POSTING = register(
    Procedure(
        model=Posting,
        slug="postings",
        code="WT",
        clauses=("DESK-17", "DESK-18"),
        opening_form=PostingForm,
        opens_in=Posting.State.OPEN,
        opened_by=may("relations.look", "前台"),
        opening_starts=("D26", "D28"),
        opening_says="{by} 登记{channel}的一条意见",
        then_opened=effects.posting_opened,
        seen_by=with_capability("relations.look") | mine | opened_by_me,
        closed=(Posting.State.ANSWERED, Posting.State.PASSED_UP),
        tones={Posting.State.OPEN: "new", Posting.State.ANSWERED: "done", Posting.State.PASSED_UP: "done"},
        clocks=(
            Clock("D26", "网帖答复或上报", {"forum": Limit(SERVICE, minutes=240), "box": None}, vary="source",
                  escalate=(Rung("cs_supervisor"),)),
            Clock("D28", "意见答复", {"box": Limit(WORKING, days=2), "forum": None}, vary="source", escalate=(Rung("cs_manager"),)),
        ),
        transfer_to="relations.look",
        corrects=("content", "author", "link"),
        prints=(Print("answer_board", "业主意见答复公示", data=answer_board, issued=True),),
        steps=(
            Step("answer", "答复", (Posting.State.OPEN,), Posting.State.ANSWERED, who=handler | may("relations.look", "前台"),
                 form=PostingAnswerForm, then=effects.posting_answered, says="{by} 答复：{answer}", primary=True),
            Step("pass_up", "转为接待", (Posting.State.OPEN,), Posting.State.PASSED_UP, who=handler | may("relations.look", "前台"),
                 opens="reception.contact", says="{by} 转为接待，由前台分派"),
        ),
    )
)  # fmt: skip

TALK = register(
    Procedure(
        model=Talk,
        slug="talks",
        code="GT",
        clauses=("DESK-22", "COM-11"),
        opening_form=TalkForm,
        opens_in=Branch(effects.talk_state, (T.FOLLOWING, T.FILED)),
        opened_by=may("relations.talk", "客服人员"),
        opening_says="{by} 登记客户沟通 {number}",
        then_opened=effects.talk_opened,
        seen_by=with_capability("relations.register") | mine | opened_by_me,
        closed=(T.FILED,),
        tones={T.FOLLOWING: "busy", T.FILED: "done"},
        corrects=("unit", "interviewee", "phone", "topics", "needs"),
        prints=(Print("talk_register", "客户沟通登记表", data=talk_register, paper="a4-landscape"),),
        steps=(
            Step("kept", "承诺办结", (T.FOLLOWING,), T.FILED, who=system, refuses=effects.still_followed,
                 says="承诺事项均已办结，归档"),
        ),
    )
)  # fmt: skip
