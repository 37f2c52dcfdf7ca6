"""缴费通知单：生成 → 核对 → 盖章 → 打印 → 派发 → 结束。签收表：派发 → 逐户送达 → 交回 → 财务收下（D63–D65）。"""

from yihu.areas.billing.notices import effects, later, sheet_effects, who
from yihu.areas.billing.notices.forms.batches import (
    BatchForm,
    CloseForm,
    DrawForm,
    HandOutForm,
    ReasonForm,
    ReplaceForm,
)
from yihu.areas.billing.notices.forms.sheets import ArrivedForm, DoorForm, SheetForm, UndoForm
from yihu.areas.billing.notices.models import DeliverySheet, NoticeBatch
from yihu.areas.billing.notices.printing import SHEET
from yihu.kernel.procedure import PROMISED, WORKING, Clock, Limit, Procedure, Rung, Step, register
from yihu.kernel.sight import mine, with_capability
from yihu.kernel.who import system

B, L = NoticeBatch.State, DeliverySheet.State

register(
    Procedure(
        model=NoticeBatch,
        slug="notice-batches",
        code="JT",
        clauses=("FEE-05", "FEE-12", "FEE-19"),
        opening_form=BatchForm,
        opens_in=B.DUE,
        opened_by=who.DRAWER | system,
        opening_says="{by} 开出 {period} 缴费通知批次",
        opening_starts=("D63",),
        then_opened=effects.opened,
        seen_by=with_capability(who.SEE),
        closed=(B.CLOSED,),
        tones={
            B.DUE: "new", B.DRAWN: "check", B.CHECKED: "check", B.SEALED: "wait", B.PRINTED: "wait", B.OUT: "busy", B.CLOSED: "done",
        },
        clocks=(
            Clock("D63", "核对、盖章、打印", Limit(PROMISED), due_field="print_by", warn=24 * 60,
                  escalate=(Rung("accountant"), Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        held=effects.never,
        steps=(
            Step("draw", "生成通知单", (B.DUE, B.DRAWN, B.CHECKED), B.DRAWN, who=who.DRAWER, form=DrawForm, then=effects.drawn,
                 says="{by} 生成通知单", primary=True),
            Step("check", "核对无误", (B.DRAWN,), B.CHECKED, who=who.CHECKER, refuses=later.billed_since,
                 then=effects.checked, says="{by} 核对无误", primary=True),
            Step("send_back", "退回", (B.DRAWN, B.CHECKED, B.SEALED), B.DUE, who=who.CHECKER | who.SEALER, form=ReasonForm, then=effects.sent_back,
                 says="{by} 退回：{words}"),
            Step("seal", "同意盖章", (B.CHECKED,), B.SEALED, who=who.SEALER, refuses=later.billed_since,
                 then=effects.sealed, says="{by} 同意盖章", primary=True),
            Step("print", "打印", (B.SEALED,), B.PRINTED, who=who.FINANCE, stops=("D63",), refuses=later.billed_since,
                 then=effects.printed, says="{by} 打印", primary=True),
            Step("hand_out", "派发", (B.PRINTED,), B.OUT, who=who.FINANCE, form=HandOutForm, refuses=effects.not_set_yet,
                 then=effects.handed_out, says="{by} 派发给送达人", primary=True),
            Step("replace", "更正一张", (B.PRINTED, B.OUT), None, who=who.DRAWER, form=ReplaceForm, then=effects.replaced,
                 says="{by} 更正 {notice}：{wrong}，{cause}"),
            Step("finish", "结束本期", (B.OUT,), B.CLOSED, who=who.FINANCE, form=CloseForm, refuses=effects.still_out,
                 says="{by} 结束本期 {cause}", primary=True),
        ),
    )
)  # fmt: skip

register(
    Procedure(
        model=DeliverySheet,
        slug="delivery-sheets",
        code="QS",
        clauses=("FEE-06",),
        opening_form=SheetForm,
        opens_in=L.OUT,
        opened_by=who.FINANCE,
        opening_says="{by} 派发给 {handler}",
        opening_starts=("D64", "D65"),
        seen_by=with_capability(who.SEE) | mine,
        closed=(L.RETURNED,),
        tones={L.OUT: "busy", L.HANDED: "check", L.RETURNED: "done"},
        clocks=(
            Clock("D64", "送达、签收", Limit(PROMISED), due_field="due_at", warn=24 * 60,
                  escalate=(Rung("cs_supervisor"), Rung("project_manager", Limit(WORKING, days=1)))),
            Clock("D65", "签收表交回财务", Limit(PROMISED), due_field="due_at",
                  escalate=(Rung("cs_supervisor"), Rung("accountant"), Rung("project_manager", Limit(WORKING, days=1)))),
        ),
        held=effects.sheet_never,
        transfer_to=who.DELIVER,
        prints=(SHEET,),
        steps=(
            Step("deliver", "登记送达", (L.OUT,), None, who=who.CARRIER, form=DoorForm, then=sheet_effects.delivered,
                 says="{by} 登记 {notice} 送达"),
            Step("undo", "撤销一户的登记", (L.OUT,), None, who=who.CARRIER, form=UndoForm, then=sheet_effects.undone,
                 says="{by} 撤销 {notice} 的送达登记"),
            Step("arrived", "查到邮件签收", (L.OUT, L.HANDED), None, who=who.CARRIER | who.FINANCE, form=ArrivedForm, then=sheet_effects.arrived,
                 says="{by} 查到 {notice} 于 {arrived_on} 签收"),
            Step("hand_back", "交回财务", (L.OUT,), L.HANDED, who=who.CARRIER, refuses=sheet_effects.not_all_there,
                 then=sheet_effects.handed_back, says="{by} 交回签收表", primary=True),
            Step("receive", "财务收下", (L.HANDED,), L.RETURNED, who=who.RECEIVER, stops=("D65",), then=sheet_effects.received,
                 says="{by} 收下签收表", primary=True),
            Step("send_back", "退回补送", (L.HANDED,), L.OUT, who=who.RECEIVER, says="{by} 退回签收表"),
        ),
    )
)  # fmt: skip
