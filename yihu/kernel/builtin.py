"""What every record can do while keeping its state: note, attach, correct, urge, transfer, merge, split, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms

from yihu.kernel import clocks
from yihu.kernel.authority import authority
from yihu.kernel.errors import Conflict
from yihu.kernel.forms import FilesField, PersonChoice, PickField, StepForm
from yihu.kernel.models.attachment import Attachment
from yihu.kernel.models.link import Link
from yihu.kernel.models.record import Record
from yihu.kernel.procedure import Procedure, Step
from yihu.kernel.who import Who, anyone_on_staff, handler, may, opener


@dataclass(frozen=True)
class BuiltIn(Step):
    """A step that any state allows. ``closes_as`` ends the record without moving its state."""

    closes_as: str = ""


def step(procedure: Procedure, name: str) -> BuiltIn | None:
    """The built-in step of this register, or None where it has none of that name."""
    return next((found for found in built_in_steps(procedure) if found.name == name), None)


@cache
def built_in_steps(procedure: Procedure) -> tuple[BuiltIn, ...]:
    """The built-in steps of a register, with forms of its own model."""
    every = tuple(procedure.states)
    area = procedure.area

    def built_in(
        name: str, label: str, who: Who, form: Any, says: str, then: Callable[[Any], None] | None = None, **more: Any
    ) -> BuiltIn:
        return BuiltIn(name, label, every, None, who=who, form=form, says=says, then=then, **more)

    steps = [
        built_in("note", "备注", anyone_on_staff, _form(procedure, NoteForm), "{by} 备注：{words}", when_closed=True),
        built_in("attach", "附件", anyone_on_staff, _form(procedure, AttachForm), "{by} 上传附件", _attach, when_closed=True),
        built_in("urge", "催办", anyone_on_staff, _form(procedure, UrgeForm), "{by} 催办：{words}",
                 _and(_urge, procedure.then_urged)),
    ]  # fmt: skip

    def waited_for(record: Any, by: Any) -> str:
        return _children_open(record, by) or (procedure.held(record, by) if procedure.held else "")

    ends: dict[str, Any] = {"refuses": waited_for}
    # what came of another record is not its opener's to take back: somebody is waiting for it
    own = Who(
        lambda person, record, grants: record.state in procedure.opening_states() and not _came_of_another(record),
        "尚未办理且单独登记时",
    )
    merger, leaver = may(f"{area}.merge", "客服主管"), opener & own | may(f"{area}.withdraw", "客服主管")
    merge_form, reason_form = _form(procedure, MergeForm), _form(procedure, ReasonForm)
    merged = Who(lambda person, record, grants: record.closed_as == Record.ClosedAs.MERGED, "已合并时")
    steps += [
        built_in("merge", "合并", merger, merge_form, "{by} 并入 {into}：{reason}",
                 _and(_merge, procedure.then_merged), closes_as="merged", **ends),
        built_in("split", "拆出", merger & merged, reason_form, "{by} 撤销合并：{reason}", _and(_split, procedure.then_split),
                 when_closed=True),
        built_in("withdraw", "撤回", leaver, reason_form, "{by} 撤回：{reason}", procedure.then_withdrawn, closes_as="withdrawn",
                 **ends),
    ]  # fmt: skip
    if procedure.corrects:
        correct = _form(procedure, CorrectForm, procedure.corrects, _picked(procedure))
        steps.append(
            built_in(
                "correct", "更正", may(f"{area}.correct", "客服主管"), correct, "{by} 更正：{reason}", when_closed=True
            )
        )
    if procedure.transfer_to:
        transfer = _form(procedure, _transfer_form(procedure.transfer_to))
        steps.append(
            built_in(
                "transfer",
                "转交",
                handler | may(f"{area}.transfer", "客服主管"),
                transfer,
                "{by} 转交 {to}：{reason}",
                _transfer,
            )
        )
    return tuple(steps)


def _form(
    procedure: Procedure, base: type[StepForm], fields: tuple[str, ...] = (), more: dict[str, Any] | None = None
) -> type[StepForm]:
    meta = type("Meta", (), {"model": procedure.model, "fields": list(fields)})
    return type(base.__name__, (base,), {"Meta": meta, **(more or {})})


def _picked(procedure: Procedure) -> dict[str, Any]:
    """A unit is corrected as it was chosen: by typing, among those of the record's own community."""
    label = procedure.model._meta.get_field("unit").verbose_name
    return (
        {"unit": PickField("estate.Unit", url="estate:pick_unit", label=label)} if "unit" in procedure.corrects else {}
    )


class NoteForm(StepForm):
    words = forms.CharField(label="备注", widget=forms.Textarea, max_length=400)


class AttachForm(StepForm):
    attachments = FilesField(label="文件")


class UrgeForm(StepForm):
    words = forms.CharField(label="催办内容", widget=forms.Textarea, max_length=200)


class ReasonForm(StepForm):
    reason = forms.CharField(label="原因", widget=forms.Textarea, max_length=200)


class CorrectForm(ReasonForm):
    """Every correctable column with its present value; what was empty may stay empty."""

    def prepare(self) -> None:
        for name, field in self.fields.items():
            field.required = name == "reason" or not self._meta.model._meta.get_field(name).blank

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not set(self.changed_data) - {"reason"}:
            raise forms.ValidationError("没有改动任何内容；请改正后再保存，或按 Esc 离开。")
        for name, sentence in self.record.procedure.locked(self.record).items():
            if name in self.changed_data:
                self.add_error(name, sentence)
        return cleaned


class MergeForm(ReasonForm):
    into = forms.CharField(label="并入哪一条（编号）", max_length=40)

    def clean_into(self) -> Any:
        number = self.cleaned_data["into"].strip()
        others = Record.objects.seen_by(self.by).filter(community_id=self.record.community_id, kind=self.record.kind)
        other = others.filter(number=number, closed_at__isnull=True).exclude(pk=self.record.pk).first()
        if other is None:
            raise forms.ValidationError("没有找到这个编号的未结记录，请核对编号。")
        return other


def _transfer_form(capability: str) -> type[StepForm]:
    return type("TransferForm", (ReasonForm,), {"to": PersonChoice(label="转交给", capability=capability)})


def _came_of_another(record: Any) -> bool:
    return bool(Link.objects.filter(target_id=record.pk, why__in=(Link.Why.CAME_OF, Link.Why.REWORK)).exists())


def _children_open(record: Any, by: Any) -> str:
    """What came of a record must not be left without it."""
    children = Record.objects.filter(
        links_in__origin_id=record.pk, links_in__why=Link.Why.CAME_OF, closed_at__isnull=True
    )
    numbers = "、".join(children.order_by("number").values_list("number", flat=True))
    return f"由此产生的 {numbers} 还没有办结，请先办结或撤回。" if numbers else ""


def _attach(act: Any) -> None:
    for upload in act.data["attachments"]:
        picture = (getattr(upload, "content_type", "") or "").startswith("image/")
        act.attach(upload, Attachment.Purpose.PHOTO if picture else Attachment.Purpose.PAPER)


def _urge(act: Any) -> None:
    record = act.record
    people = [record.handler] if record.handler_id else authority().team_people(record.community_id, record.team)
    act.tell(people, f"{act.by} 催办 {record.number}：{act.data['words']}")


def _merge(act: Any) -> None:
    other = act.data["into"]
    if not Record.objects.select_for_update().filter(pk=other.pk, closed_at__isnull=True).exists():
        raise Conflict(f"{other.number} 刚刚结束，不能再并入；请核对后重试。")
    act.command.link(act.record, other, Link.Why.MERGED)
    act.command.note(other, f"{act.by} 将 {act.record.number} 并入本条", step="merged_in")


def _split(act: Any) -> None:
    """They were two matters after all: the record is open again, its clocks as if it had never been merged."""
    record = act.record
    tie = Link.objects.filter(origin_id=record.pk, why=Link.Why.MERGED).order_by("-pk").first()
    if tie is None:
        raise Conflict("这条记录没有并入别的记录，不能拆出。")
    act.data = {**act.data, "out_of": tie.target}
    clocks.go_on(record, record.closed_at)
    Record.objects.filter(pk=record.pk).update(closed_as="", closed_at=None)
    record.closed_as, record.closed_at = "", None
    tie.delete()
    act.command.note(
        act.data["out_of"], f"{act.by} 将 {record.number} 从本条拆出：{act.data['reason']}", step="split_out"
    )


def _and(first: Callable[[Any], None], then: Callable[[Any], None] | None) -> Callable[[Any], None]:
    """What the kernel does, and what the register does besides."""
    if then is None:
        return first

    def both(act: Any) -> None:
        first(act)
        then(act)

    return both


def _transfer(act: Any) -> None:
    act.record.handler = act.data["to"]
    act.tell([act.data["to"]], f"{act.by} 将 {act.record.number} 转交给您：{act.data['reason']}")
