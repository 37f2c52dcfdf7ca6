"""名册导入程序：上传核对 → 导入 → 已生效，可以撤销。"""

from __future__ import annotations

from yihu.ground.estate import effects, forms
from yihu.ground.estate.models import RollImport
from yihu.kernel.procedure import Procedure, Step, register
from yihu.kernel.sight import with_capability
from yihu.kernel.who import may, system

S = RollImport.State
importer = may("estate.import", "客服主管或档案管理员")

PROCEDURE = register(
    Procedure(
        model=RollImport,
        slug="rolls",
        code="MC",
        opens_in=S.CHECKING,
        opened_by=importer,
        seen_by=with_capability("estate.import"),
        opening_form=forms.HandInForm,
        then_opened=effects.stage,
        opening_says="{by} 上传业主名册",
        steps=(
            Step("read", "读完", (S.CHECKING,), None, who=system, says="名册读完，可以核对"),
            Step(
                "map", "更正列对应", (S.CHECKING,), None, who=importer, form=forms.MapForm, then=effects.stage_anew,
                refuses=effects.still_reading, says="{by} 更正列对应",
            ),
            Step(
                "go_live", "确认导入", (S.CHECKING,), S.RUNNING, who=importer, form=forms.GoLiveForm, then=effects.go_live,
                refuses=effects.errors_stand, says="{by} 确认导入", primary=True,
            ),
            # Takes the place of the built-in one: what is live is taken back by 撤销导入, and only if nothing stands on it.
            Step("withdraw", "退回", (S.CHECKING,), S.REFUSED, who=importer, then=effects.put_away, says="{by} 退回名册，没有导入"),
            Step("finish", "生效", (S.RUNNING,), S.LIVE, who=system, then=effects.finish, says="名册全部写入，已生效"),
            Step(
                "undo", "撤销导入", (S.LIVE,), S.UNDONE, who=importer, form=forms.UndoForm, then=effects.undo,
                refuses=effects.something_depends, says="{by} 撤销导入：{reason}",
            ),
        ),
        closed=(S.UNDONE, S.REFUSED),
        tones={S.CHECKING: "check", S.RUNNING: "busy", S.LIVE: "done", S.UNDONE: "void", S.REFUSED: "void"},
        clauses=("ARC-08",),
    )
)  # fmt: skip
