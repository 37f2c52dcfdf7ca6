"""部门档案的四本登记：借阅、销毁、合同、台账归档。"""

from yihu.areas.catalogue import effects, printing
from yihu.areas.catalogue.forms.contracts import ContractForm, EndForm, PlanForm, TermForm
from yihu.areas.catalogue.forms.destroying import CheckForm, DestroyForm, ProposeForm, RefuseForm, SignForm
from yihu.areas.catalogue.forms.ledgers import FileForm, TurnForm
from yihu.areas.catalogue.forms.lending import ExtendForm, LoanForm, LoseForm, ReturnForm, WriteOffForm
from yihu.areas.catalogue.models import Contract, Destruction, ItemLoan, LedgerFiling
from yihu.areas.catalogue.words import (
    CHECK,
    CONTRACTS,
    FILE_LEDGERS,
    HOLD,
    KEEP,
    READ_LEDGERS,
    SEE,
    SEE_CONTRACTS,
    SIGN_MANAGER,
    SIGN_SUPERVISOR,
)
from yihu.kernel.prints.declare import Print
from yihu.kernel.procedure import DAYS, PROMISED, WORKING, Branch, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, opened_by_me, with_capability
from yihu.kernel.who import did, may, system

L, D, C, F = ItemLoan.State, Destruction.State, Contract.State, LedgerFiling.State
KEEPER, DECIDER = may(KEEP, "档案管理员或客服主管"), may(HOLD, "客服主管或经理")
OTHERS = ~did("open", "编制人")

LOAN = register(
    Procedure(
        model=ItemLoan,
        slug="archive-loans",
        code="DJ",
        clauses=("ARC-10",),
        opening_form=LoanForm,
        opens_in=Branch(effects.take, (L.LENT,)),
        opened_by=KEEPER,
        opening_starts=("D41",),
        opening_says="{by} 借出 {item}，应还 {due_at}，用途：{purpose}",
        seen_by=with_capability(SEE) | opened_by_me | mine,
        closed=(L.BACK, L.GONE),
        tones={L.LENT: "busy", L.LOST: "wait", L.BACK: "done", L.GONE: "void"},
        clocks=(
            Clock("D41", "归还档案", Limit(PROMISED), due_field="due_at", warn=60 * 24,
                  escalate=(Rung("archivist"), Rung("cs_supervisor", Limit(WORKING, days=1)), Rung("cs_manager", Limit(WORKING, days=5)))),
        ),
        corrects=("borrower", "department", "purpose"),
        prints=(Print("loan_slip", "档案借阅单", data=printing.loan_slip, paper="a5-landscape"),),
        steps=(
            Step("give_back", "归还", (L.LENT, L.LOST), L.BACK, who=KEEPER, form=ReturnForm, then=effects.given_back,
                 says="{by} 收回，{condition} {note}", primary=True),
            Step("extend", "续借", (L.LENT,), None, who=KEEPER, form=ExtendForm, starts=("D41",), says="{by} 同意续借到 {due_at}：{reason}"),
            Step("lose", "遗失", (L.LENT,), L.LOST, who=KEEPER, form=LoseForm, then=effects.lost, says="{by} 登记遗失：{note}"),
            Step("write_off", "报失", (L.LOST,), L.GONE, who=DECIDER, form=WriteOffForm, then=effects.written_off,
                 says="{by} 报失：{reason}"),
        ),
    )
)  # fmt: skip

DESTRUCTION = register(
    Procedure(
        model=Destruction,
        slug="destructions",
        code="XH",
        clauses=("ARC-10",),
        opening_form=ProposeForm,
        opens_in=Branch(effects.propose, (D.PROPOSED,)),
        opened_by=KEEPER,
        opening_says="{by} 编制销毁清单：{reason}",
        then_opened=effects.proposed,
        seen_by=with_capability(SEE),
        closed=(D.DESTROYED, D.REFUSED),
        tones={D.PROPOSED: "new", D.CHECKED: "check", D.SIGNED: "check", D.APPROVED: "wait", D.DESTROYED: "done", D.REFUSED: "void"},
        prints=(Print("destruction_list", "档案销毁清单", data=printing.destruction_list),),
        steps=(
            Step("check", "核对", (D.PROPOSED,), D.CHECKED, who=may(CHECK, "档案管理员或客服主管") & OTHERS, form=CheckForm, then=effects.checked,
                 refuses=effects.still_may, says="{by} 核对完毕 {opinion}", primary=True),
            Step("sign_supervisor", "主管签批", (D.CHECKED,), D.SIGNED, who=may(SIGN_SUPERVISOR, "客服主管") & OTHERS, form=SignForm,
                 then=effects.supervisor_signed, refuses=effects.still_may, says="{by} 主管签批", primary=True),
            Step("sign_manager", "经理签批", (D.SIGNED,), D.APPROVED, who=may(SIGN_MANAGER, "经理") & OTHERS & ~did("sign_supervisor", "主管签批人"),
                 form=SignForm, then=effects.manager_signed, refuses=effects.still_may, says="{by} 经理签批", primary=True),
            Step("refuse", "不批准", (D.PROPOSED, D.CHECKED, D.SIGNED, D.APPROVED), D.REFUSED, who=DECIDER, form=RefuseForm,
                 then=effects.set_free, says="{by} 不批准：{reason_refused}"),
            Step("destroy", "登记销毁", (D.APPROVED,), D.DESTROYED, who=KEEPER, form=DestroyForm, then=effects.destroy,
                 refuses=effects.still_may, says="{by} 于 {destroyed_on} {method}，监销人 {witness}", primary=True),
        ),
    )
)  # fmt: skip

CONTRACT = register(
    Procedure(
        model=Contract,
        slug="contracts",
        code="HT",
        clauses=("ARC-16",),
        opening_form=ContractForm,
        opens_in=C.RUNNING,
        opened_by=may(CONTRACTS, "档案管理员或客服主管"),
        opening_starts=("D90", "D91", "D92"),
        opening_from=effects.renewal_from,
        opening_says="{by} 登记合同，{to_on} 到期",
        then_opened=effects.signed_up,
        seen_by=with_capability(SEE_CONTRACTS) | mine,
        closed=(C.RENEWED, C.ENDED),
        tones={C.RUNNING: "busy", C.DECIDED: "check", C.RENEWED: "done", C.ENDED: "void"},
        clocks=(
            Clock("D90", "定合同去向", Limit(PROMISED), due_field="first_warning_at", escalate=(Rung("archivist"), Rung("cs_supervisor", Limit(DAYS, days=7)))),
            Clock("D91", "合同快到期", Limit(PROMISED), due_field="last_warning_at", escalate=(Rung("cs_supervisor"), Rung("cs_manager", Limit(DAYS, days=7)))),
            Clock("D92", "合同到期", Limit(PROMISED), due_field="expires_at", escalate=(Rung("cs_manager"), Rung("project_manager", Limit(DAYS, days=1)))),
        ),
        corrects=("subject", "sort", "counterparty", "paper_no", "amount_note", "place", "contact_name", "contact_phone"),
        transfer_to=CONTRACTS,
        prints=(Print("contract_card", "合同登记卡", data=printing.contract_card),),
        steps=(
            Step("renew", "续签", (C.RUNNING, C.DECIDED), C.RENEWED, who=may(CONTRACTS, "档案管理员或客服主管"), opens="catalogue.contract",
                 says="{by} 续签"),
            Step("decide", "定去向", (C.RUNNING,), C.DECIDED, who=may(CONTRACTS, "档案管理员或客服主管") | DECIDER, form=PlanForm,
                 stops=("D90", "D91"), says="{by} 定去向：{plan} {plan_note}", primary=True),
            Step("reterm", "改起止日期", (C.RUNNING, C.DECIDED), C.RUNNING, who=may(CONTRACTS, "档案管理员或客服主管"), form=TermForm,
                 starts=("D90", "D91", "D92"), says="{by} 改起止日期：{reason}"),
            Step("end", "终止", (C.RUNNING, C.DECIDED), C.ENDED, who=may(CONTRACTS, "档案管理员或客服主管"), form=EndForm,
                 says="{by} 登记终止：{end_reason}"),
        ),
    )
)  # fmt: skip

FILING = register(
    Procedure(
        model=LedgerFiling,
        slug="ledger-filings",
        code="TZ",
        clauses=("ARC-11",),
        opening_form=TurnForm,
        opens_in=F.DUE,
        opened_by=system,
        opening_starts=("D33",),
        opening_says="{by} 开出 {period} 台账归档",
        seen_by=with_capability(SEE),
        closed=(F.READ,),
        tones={F.DUE: "new", F.PARTLY: "wait", F.FILED: "check", F.READ: "done"},
        clocks=(Clock("D33", "台账归档", Limit(PROMISED), due_field="due_at",
                      escalate=(Rung("receptionist"), Rung("cs_supervisor", Limit(WORKING, days=1)))),),
        prints=(Print("ledger_filing", "台账归档登记表", data=printing.ledger_filing),),
        steps=(
            Step("file", "打印归档", (F.DUE, F.PARTLY), effects.AFTER_FILING, who=may(FILE_LEDGERS, "前台、档案管理员或客服主管"), form=FileForm,
                 then=effects.filed, says="{by} 打印归档", primary=True),
            Step("read", "审阅", (F.FILED,), F.READ, who=may(READ_LEDGERS, "客服主管或经理") & ~did("file", "归档人"), says="{by} 审阅", primary=True),
        ),
    )
)  # fmt: skip
