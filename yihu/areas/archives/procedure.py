"""档案核对、档案室出入、业主档案查阅、个人信息提供、个人信息请求。"""

from yihu.areas.archives import answering, disclosing, effects, subject_papers
from yihu.areas.archives.forms.disclosure import DisclosureForm, GiveForm, RefuseDisclosureForm
from yihu.areas.archives.forms.reading import AllowForm, AskForm, BeginForm, EndForm, RefuseForm
from yihu.areas.archives.forms.request import AnswerForm, CarryOutForm, CorrectedForm, DecideForm, RequestForm
from yihu.areas.archives.forms.shelves import EntryForm, LockForm, SettleForm, ShelfCheckForm
from yihu.areas.archives.models import DataRequest, Disclosure, Reading, RoomEntry, ShelfCheck
from yihu.areas.archives.printing import reading_log
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import DAYS, NATURAL, PROMISED, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import Who, may, opener

C, E, R, D = ShelfCheck.State, RoomEntry.State, Reading.State, Disclosure.State
ESCORT = Who(lambda person, record, grants: record.escort_id == person.pk, "陪同人")
MANAGER = may("archives.allow", "客服经理") & ~opener
KEEPER = may("archives.keep", "档案管理员")

SHELF_CHECK = register(
    Procedure(
        model=ShelfCheck,
        slug="shelf-checks",
        code="DH",
        clauses=("ARC-01",),
        opening_form=ShelfCheckForm,
        opens_in=effects.AFTER_CHECK,
        opened_by=may("archives.check", "档案核对人"),
        opening_says="{by} 核对 {unit} 的档案",
        then_opened=effects.checked,
        seen_by=with_capability("papers.see") | opened_by_me,
        closed=(C.AGREED, C.SETTLED),
        tones={C.DIFFERS: "wait", C.AGREED: "done", C.SETTLED: "done"},
        steps=(Step("settle", "处理差异", (C.DIFFERS,), C.SETTLED, who=KEEPER, form=SettleForm, says="{by} 处理差异：{remedy}", primary=True),),
    )
)  # fmt: skip

ROOM_ENTRY = register(
    Procedure(
        model=RoomEntry,
        slug="room-entries",
        code="DM",
        clauses=("ARC-15",),
        opening_form=EntryForm,
        opens_in=E.IN_USE,
        opened_by=may("archives.enter", "可进档案室的人"),
        opening_starts=("D38",),
        opening_says="{by} 进入{room}：{purpose}",
        then_opened=effects.entered,
        seen_by=with_capability("papers.see") | opened_by_me,
        closed=(E.LOCKED,),
        tones={E.IN_USE: "busy", E.LOCKED: "done"},
        clocks=(
            Clock("D38", "档案室锁门", Limit(NATURAL, minutes=60), warn=45,
                  escalate=(Rung("archivist"), Rung("cs_manager", Limit(NATURAL, minutes=60)))),
        ),
        corrects=("purpose", "others"),
        steps=(
            Step("lock", "离开并锁门", (E.IN_USE,), E.LOCKED, who=opener | KEEPER, form=LockForm, stops=("D38",), then=effects.locked,
                 says="{by} 离开，柜和门已锁", primary=True),
        ),
    )
)  # fmt: skip

READING = register(
    Procedure(
        model=Reading,
        slug="readings",
        code="CY",
        clauses=("ARC-04",),
        opening_form=AskForm,
        opens_in=R.ASKED,
        opened_by=may("archives.ask", "员工"),
        opening_says="{by} 申请查阅 {unit} 的档案：{reason}",
        then_opened=effects.asked_to_read,
        seen_by=with_capability("papers.see") | mine | opened_by_me,
        closed=(R.ENDED, R.REFUSED, R.CALLED_OFF),
        tones={R.ASKED: "new", R.ALLOWED: "wait", R.READING: "busy", R.ENDED: "done", R.REFUSED: "void", R.CALLED_OFF: "void"},
        clocks=(Clock("D04", "查阅到时归还", Limit(PROMISED), due_field="until_at", warn=15, escalate=(Rung("archivist"), Rung("cs_manager"))),),
        prints=(Print("reading_log", "业主档案查阅登记表", data=reading_log, paper="a4-landscape", of_one=False),),
        steps=(
            Step("allow", "批准", (R.ASKED,), R.ALLOWED, who=MANAGER, form=AllowForm, then=effects.allowed,
                 says="{by} 批准，{escort} 陪同，{from_at} 至 {until_at}", primary=True),
            Step("refuse", "不同意", (R.ASKED,), R.REFUSED, who=MANAGER, form=RefuseForm, then=effects.refused, says="{by} 不同意：{refusal}"),
            Step("begin", "开始查阅", (R.ALLOWED,), R.READING, who=ESCORT, form=BeginForm, refuses=effects.not_in_the_window, starts=("D04",),
                 then=effects.begun, says="{by} 在场陪同，开始查阅", primary=True),
            Step("end", "查阅完毕", (R.READING,), R.ENDED, who=ESCORT | KEEPER, form=EndForm, stops=("D04",), then=effects.ended,
                 says="{by} 收回资料 {copies}", primary=True),
            Step("call_off", "取消", (R.ASKED, R.ALLOWED), R.CALLED_OFF, who=opener | KEEPER, says="{by} 取消"),
        ),
    )
)  # fmt: skip

DISCLOSE = may("archives.disclose", "客服")
DISCLOSURE = register(
    Procedure(
        model=Disclosure,
        slug="disclosures",
        code="TG",
        clauses=("ARC-13", "SEC-03"),
        opening_form=DisclosureForm,
        opens_in=D.ASKED,
        opened_by=DISCLOSE,
        opening_says="{by} 申请向外提供 {unit} 的资料，依据：{ground}",
        then_opened=disclosing.asked,
        seen_by=with_capability("archives.disclose") | with_capability("archives.allow"),
        closed=(D.GIVEN, D.REFUSED),
        tones={D.ASKED: "new", D.ALLOWED: "wait", D.GIVEN: "done", D.REFUSED: "void"},
        prints=(
            Print("disclosure_slip", "个人信息提供签收单", data=disclosing.slip, issued=True),
            Print("disclosure_register", "个人信息提供登记表", data=disclosing.month_register, paper="a4-landscape", of_one=False),
        ),
        steps=(
            Step("allow", "批准提供", (D.ASKED,), D.ALLOWED, who=MANAGER, then=disclosing.allowed, says="{by} 批准提供", primary=True),
            Step("refuse", "不提供", (D.ASKED, D.ALLOWED), D.REFUSED, who=MANAGER, form=RefuseDisclosureForm, then=disclosing.refused,
                 says="{by} 不同意提供：{refusal}"),
            Step("give", "提供并签收", (D.ALLOWED,), D.GIVEN, who=DISCLOSE, form=GiveForm, refuses=disclosing.without_leave,
                 then=disclosing.given, says="{by} 已提供（{way}），对方已签收", primary=True),
        ),
    )
)  # fmt: skip

Q = DataRequest.State
TAKER = may("archives.request", "前台或档案管理员")


def _asks(*kinds: str) -> Who:
    """Steps that belong to one kind of request only."""
    words = "、".join(str(DataRequest.Asks(kind).label) for kind in kinds)
    return Who(lambda person, record, grants: record.asks in kinds, f"限{words}的请求")


DECIDER = may("archives.answer", "客服经理或项目经理") & ~opener
UNDONE = Who(lambda person, record, grants: record.done_at is None, "还没有办理的")
REQUEST = register(
    Procedure(
        model=DataRequest,
        slug="data-requests",
        code="GR",
        opening_form=RequestForm,
        opening_from=lambda origin: {"party": origin.facts().get("party")},
        opens_in=Q.ASKED,
        opened_by=TAKER,
        opening_starts=("D83",),
        opening_says="{by} 受理个人信息请求：{asks}，已核对{id_type}",
        then_opened=answering.asked,
        seen_by=with_capability("archives.request") | with_capability("archives.answer"),
        closed=(Q.ANSWERED, Q.CALLED_OFF),
        tones={Q.ASKED: "new", Q.DECIDED: "busy", Q.ANSWERED: "done", Q.CALLED_OFF: "void"},
        clocks=(
            Clock("D83", "个人信息请求答复", Limit(DAYS, days=15), warn=60 * 24 * 10,
                  escalate=(Rung("cs_manager"), Rung("project_manager", Limit(DAYS, days=1)))),
        ),
        prints=(
            Print("subject_copy", "本人信息副本", data=subject_papers.copy_of, says_numbers=True),
            Print("subject_answer", "个人信息请求答复", data=subject_papers.answer, issued=True),
        ),
        steps=(
            Step("decide", "决定", (Q.ASKED,), Q.DECIDED, who=DECIDER, form=DecideForm, then=answering.decided, says="{by} 逐项作出决定",
                 primary=True),
            Step("corrected", "说明更正", (Q.DECIDED,), None, who=TAKER & _asks("correct") & UNDONE, form=CorrectedForm,
                 refuses=answering.not_corrected, then=answering.corrected, says="{by} 已更正客户资料", primary=True),
            Step("carry_out", "执行决定", (Q.DECIDED,), None,
                 who=may("archives.keep", "客服主管或档案管理员") & _asks("erase", "unlock") & UNDONE, form=CarryOutForm, refuses=answering.nothing_to_do,
                 then=answering.carry_out, says="{by} 已按决定删除、锁定或解除锁定", primary=True),
            Step("answer", "答复本人", (Q.DECIDED,), Q.ANSWERED, who=TAKER, form=AnswerForm, refuses=answering.not_to_be_answered, stops=("D83",),
                 then=answering.answered, says="{by} 已答复（{delivery}）", primary=True),
            Step("decide_again", "重新决定", (Q.DECIDED,), None, who=DECIDER & UNDONE, form=DecideForm, then=answering.decided,
                 says="{by} 重新逐项作出决定"),
            Step("call_off", "本人撤回", (Q.ASKED,), Q.CALLED_OFF, who=TAKER, says="{by} 登记：本人撤回请求"),
        ),
    )
)  # fmt: skip
