"""The law of every import: 上传核对 → 导入 → 已生效，可以撤销."""

from __future__ import annotations

from yihu.kernel.forms import StepForm
from yihu.kernel.importing import effects, forms
from yihu.kernel.importing.declare import Import
from yihu.kernel.procedure import Procedure, Step
from yihu.kernel.sight import with_capability
from yihu.kernel.who import Who, system


def procedure(
    importing: type[Import],
    *,
    slug: str,
    code: str,
    importer: Who,
    capability: str,
    clauses: tuple[str, ...] = (),
) -> Procedure:
    """The procedure of one sort of file; ``importer`` hands in, makes live and takes back."""
    S, word = importing.model.State, importing.word

    def form(base: type[StepForm]) -> type[StepForm]:
        return forms.form_of(importing, base)

    return Procedure(
        model=importing.model,
        slug=slug,
        code=code,
        opens_in=S.CHECKING,
        opened_by=importer,
        seen_by=with_capability(capability),
        opening_form=form(forms.HandInForm),
        then_opened=effects.stage,
        opening_says=f"{{by}} 上传{word}",
        steps=(
            Step("read", "读完", (S.CHECKING,), None, who=system, says=f"{word}读完，可以核对"),
            Step(
                "map", "更正列对应", (S.CHECKING,), None, who=importer, form=form(forms.MapForm), then=effects.stage_anew,
                refuses=effects.still_reading, says="{by} 更正列对应",
            ),
            Step(
                "go_live", "确认导入", (S.CHECKING,), S.RUNNING, who=importer, form=form(forms.GoLiveForm), then=effects.go_live,
                refuses=effects.errors_stand, says="{by} 确认导入", primary=True,
            ),
            # Takes the place of the built-in one: what is live is taken back by 撤销导入, and only if nothing stands on it.
            Step("withdraw", "退回", (S.CHECKING,), S.REFUSED, who=importer, then=effects.put_away, says=f"{{by}} 退回{word}，没有导入"),
            Step("finish", "生效", (S.RUNNING,), S.LIVE, who=system, then=effects.finish, says=f"{word}全部写入，已生效"),
            Step(
                "undo", "撤销导入", (S.LIVE,), S.UNDONE, who=importer, form=form(forms.UndoForm), then=effects.undo,
                refuses=effects.something_depends, says="{by} 撤销导入：{reason}",
            ),
        ),
        closed=(S.UNDONE, S.REFUSED),
        tones={S.CHECKING: "check", S.RUNNING: "busy", S.LIVE: "done", S.UNDONE: "void", S.REFUSED: "void"},
        clauses=clauses,
    )  # fmt: skip
