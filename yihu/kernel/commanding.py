"""What happens inside one command: records are opened and moved, journals written, people told. Used through the doors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.kernel import bars, builtin, clocks, facts, files, filing, journal, messages, reactions, search
from yihu.kernel.act import Act
from yihu.kernel.authority import authority, is_system
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.hand_over import (
    HAND_OVER_PREFIX,
    HandOver,
    hand_over_data,
    hand_over_target,
    opening_initial,
    route_kind,
    step_opens,
)
from yihu.kernel.jobs import job
from yihu.kernel.models.attachment import Attachment
from yihu.kernel.models.command import Command
from yihu.kernel.models.journal import Book, JournalEntry
from yihu.kernel.models.link import Link
from yihu.kernel.models.record import Record
from yihu.kernel.numbers import next_number
from yihu.kernel.procedure import Branch, Procedure, Step, procedure_of
from yihu.kernel.who import as_whom


class Commanding:
    """One running command. ``stored`` is the earlier command of the same key, if there was one."""

    def __init__(self, *, by: Any, at: datetime, now: datetime, key: str, stored: Command | None = None) -> None:
        self.by, self.at, self.now, self.key, self.stored = by, at, now, key, stored
        self.answered: tuple[str, int] | None = None
        self._heads: dict[int, tuple[int, str]] = {}

    @property
    def replayed(self) -> bool:
        return self.stored is not None

    def answer(self, thing: Any) -> None:
        """What a repetition of this command is answered with."""
        self.answered = (thing._meta.label_lower, thing.pk)

    # -- opening ------------------------------------------------------------------------------------------------

    def open(
        self,
        record: Any,
        *,
        data: Mapping[str, Any],
        files: Mapping[str, Any],
        origin: Any = None,
        why: str = Link.Why.CAME_OF,
        closed_in: str = "",
        initial: Mapping[str, Any] | None = None,
        form: Any = None,
    ) -> Any:
        """``form``: the opening form, where it has been checked before."""
        procedure = procedure_of(type(record))
        record.opened_by, record.opened_at = self.by, self.at
        form = form or self._opening_form(procedure, record, data, files, None, initial, history=bool(closed_in))
        record = form.instance
        act = Act(record, self.by, self.at, form.cleaned_data, self, "open", history=bool(closed_in))
        state = closed_in or _chosen(procedure.opens_in, act)
        kind = "" if closed_in else route_kind(procedure, form.cleaned_data)
        target = self._hand_over(kind, record, form, data, files)
        self._insert(procedure, record, state, form, closed_in)
        if origin is not None:
            self.link(origin, record, why)
        if procedure.then_opened is not None:
            self._then(act, procedure.then_opened)
        bars.keep_from_the_barred(record)
        if target is not None:
            self._open_target(target, record, files)
        if not closed_in:
            self._react(record, ["open"], self._last_entry)
        return record

    def _opening_form(
        self,
        procedure: Procedure,
        record: Any,
        data: Any,
        files: Any,
        prefix: str | None,
        initial: Any = None,
        *,
        history: bool = False,
    ) -> Any:
        if not is_system(self.by) and not procedure.opened_by.allows(self.by, record):
            raise NotAllowed(f"您不能登记{procedure.title}：只有{procedure.opened_by.words}可以登记。")
        form = procedure.opening_form(
            data, files, instance=record, by=self.by, at=self.at, prefix=prefix, initial=initial
        )
        form.history = history
        if not form.is_valid():
            raise Invalid(form)
        return form

    def _hand_over(self, kind: str, record: Any, form: Any, data: Any, files: Any) -> HandOver | None:
        """The record of ``kind`` to open with this one; its form is checked before anything is written."""
        target = hand_over_target(kind, record, self.by)
        if target is None:
            return None
        initial = opening_initial(procedure_of(kind), record)
        given = hand_over_data(initial, data)
        try:
            checked = self._opening_form(procedure_of(kind), target, given, files, HAND_OVER_PREFIX, initial)
        except Invalid as invalid:
            if form is not None:
                form.hand_over_form = invalid.form
                invalid.form = form
            raise
        return HandOver(checked, given)

    def _open_target(self, target: HandOver, origin: Any, files: Any) -> Any:
        return self.open(
            target.form.instance,
            data=target.data,
            files=files,
            origin=origin,
            form=target.form,
            why=procedure_of(target.form.instance).tied_by,
        )

    def _insert(self, procedure: Procedure, record: Any, state: str, form: Any, closed_in: str) -> None:
        record.kind, record.state = procedure.kind, state
        record.number = next_number(record.community, procedure.code, self.at)
        record.summary = _summary(record)
        running = (
            []
            if closed_in
            else [
                found for code in procedure.opening_starts if (found := clocks.build(procedure, code, record, self.at))
            ]
        )
        record.next_due_at = min((deadline.due_at for deadline in running), default=None)
        record.closed_at = self.at if state in procedure.closed else None
        named = as_whom(procedure.opened_by, self.by, record)
        sentence = facts.sentence(procedure.opening_says, named, record, form)
        written = journal.compose(
            seq=0, head="", by=self.by, at=self.at, written_at=self.now, step="open", sentence=sentence
        )
        record.version, record.journal_seq, record.journal_head = 1, written.seq, written.head
        record.save(force_insert=True)
        written.entry.record_id = record.pk
        written.entry.save(force_insert=True)
        self._last_entry = written.entry
        self._heads[record.pk] = (written.seq, written.head)
        for deadline in running:
            deadline.record_id = record.pk
        if running and record.closed_at is None:
            type(running[0]).objects.bulk_create(running)
        search.index_record(record)

    # -- moving -------------------------------------------------------------------------------------------------

    def perform(
        self, record: Any, name: str, *, data: Mapping[str, Any], files: Mapping[str, Any], version: int | None = None
    ) -> Any:
        procedure = procedure_of(record.kind)
        step = procedure.step(name) or builtin.step(procedure, name)
        if step is None:
            raise NotFound("没有这个步骤。")
        record = self._locked(procedure, record.pk)
        self._check(procedure, step, record, version)
        named = as_whom(step.who, self.by, record)
        cleaned: Mapping[str, Any] = {}
        before = facts.columns(record)
        form = None
        if step.form is not None:
            form = step.form(data, files, instance=record, by=self.by, at=self.at)
            if not form.is_valid():
                raise Invalid(form)
            cleaned = form.cleaned_data
        kind = step_opens(procedure, step, record)
        target = self._hand_over(kind, record, form, data, files)
        if kind and target is None:
            raise NotAllowed(f"您不能{step.label}：您不能登记{procedure_of(kind).title}。")
        act = Act(record, self.by, self.at, cleaned, self, name)
        state = _chosen(step.target, act) or record.state
        closes_as = getattr(step, "closes_as", "")
        closes, over = state in procedure.closed or bool(closes_as), record.closed_at is not None
        again = over and not closes and record.state in procedure.closed
        self._claim(step, record, state, closes and not over, closes_as)
        if again:
            self._open_again(record)
        changed = facts.save_changed(record, before)
        if step.then is not None:
            before = facts.columns(record)
            step.then(act)
            changed = facts.joined(changed, facts.save_changed(record, before))
        if "handler" in changed or "team" in changed:
            bars.keep_from_the_barred(record)
        if target is not None:
            self._open_target(target, record, files)
        self._run_clocks(procedure, step, record, closes, changed)
        if step.files:
            filing.file_record(step.files, record, by=self.by, at=self.at)
        sentence = facts.sentence(step.says or f"{{by}} {step.label}", named, record, form)
        self._append(record, name, sentence, changed, next_due_at=clocks.next_due(record), summary=_summary(record))
        if changed:
            search.index_record(record)
        self._react(record, [name, *(["closed"] if closes and not over else [])], self._last_entry)
        return record

    def _open_again(self, record: Any) -> None:
        """It was over, and is not: only a step that says so may start there, never with what was withdrawn or merged."""
        if record.closed_as:
            raise Conflict("这条记录已经撤回或合并，不能重新办理。")
        Record.objects.filter(pk=record.pk).update(closed_at=None)
        record.closed_at = None

    def _locked(self, procedure: Procedure, pk: int) -> Any:
        record = procedure.model.objects.seen_by(self.by).select_for_update().filter(pk=pk).first()
        if record is None:
            raise NotFound
        self._heads.setdefault(pk, (record.journal_seq, record.journal_head))
        return record

    def _check(self, procedure: Procedure, step: Step, record: Any, version: int | None) -> None:
        if version is not None and version != record.version:
            raise Conflict("这条记录刚刚有新的变动，请看过之后再办。", _unseen(record, version))
        if record.state not in step.source or (record.closed_at and not step.when_closed):
            raise Conflict(
                f"该记录现在是“{record.state_word}”，不能{step.label}；请刷新页面看看最新情况。", _unseen(record, None)
            )
        if not is_system(self.by) and not step.who.allows(self.by, record):
            raise NotAllowed(f"您不能{step.label}：只有{step.who.words}可以这样做。")
        sentence = step.refuses(record, self.by) if step.refuses else ""
        if sentence:
            raise Refused(sentence)

    def _claim(self, step: Step, record: Any, state: str, closes: bool, closes_as: str) -> None:
        """Take the record if it still stands as it was read. Two people click at once; only one may win."""
        fresh = {"state": state, "version": record.version + 1, "closed_as": closes_as or record.closed_as}
        if closes:
            fresh["closed_at"] = self.at
        won = Record.objects.filter(pk=record.pk, state__in=step.source, version=record.version).update(**fresh)
        if won != 1:
            raise Conflict("该记录已被他人处理，请刷新后重试。")
        for name, value in fresh.items():
            setattr(record, name, value)

    def _run_clocks(
        self, procedure: Procedure, step: Step, record: Any, closes: bool, changed: Mapping[str, Any]
    ) -> None:
        if closes:
            clocks.stop(None, record, self.at)
            return
        clocks.reckon_anew(procedure, record, set(changed), but=(*step.stops, *step.starts))
        if step.stops or step.starts:
            clocks.stop((*step.stops, *step.starts), record, self.at)
        if step.pauses:
            clocks.pause(step.pauses, record, self.at)
        if step.resumes:
            clocks.resume(step.resumes, record, self.at)
        clocks.start(procedure, step.starts, record, self.at)

    # -- smaller verbs -------------------------------------------------------------------------------------------

    def note(
        self, holder: Record | Book, sentence: str, changed: dict[str, Any] | None = None, *, step: str = "note"
    ) -> JournalEntry:
        """Write a line into a record's or a book's journal without moving anything."""
        words = {
            "by": self.by,
            "at": self.at,
            "written_at": self.now,
            "step": step,
            "sentence": sentence,
            "changed": changed,
        }
        if isinstance(holder, Book):
            return journal.write_in_book(holder, **words)
        return self._append(holder, step, sentence, changed or {})

    def book(self, register: str, object_id: Any) -> Book:
        """The journal of one row of a plain register, locked for this command."""
        Book.objects.get_or_create(register=register, object_id=str(object_id))
        return Book.objects.select_for_update().get(register=register, object_id=str(object_id))

    def link(self, origin: Any, target: Any, why: str = Link.Why.CAME_OF) -> None:
        """Tie two records. Who is barred from one is barred from the other (of a ``BASIS``: one way only)."""
        tie = Link(origin_id=origin.pk, target_id=target.pk, why=why, at=self.at)
        Link.objects.bulk_create([tie], ignore_conflicts=True)
        bars.join(self, origin, target, one_way=why == Link.Why.BASIS)

    def bar(self, record: Any, person: Any, why: str) -> None:
        """Keep a person (and whoever stands in for him) from a record and from all that hangs together with it."""
        bars.bar_person(self, record, person, why)

    def bar_team(self, record: Any, team: str, why: str, since: datetime | None = None) -> None:
        """Keep a whole team of the community, as it was ``since`` and will be, from a record and what hangs with it."""
        bars.bar_team(self, record, team, why, since)

    def tell(self, people: Iterable[Any], sentence: str, *, community_id: int, record: Any = None) -> list[Any]:
        return messages.tell(people, sentence, community_id=community_id, record=record, at=self.at)

    def attach(self, record: Any, upload: Any, purpose: str, *, ours: bool = False) -> Attachment:
        """``ours``: a file that the program made."""
        stored = files.store_signature(upload) if isinstance(upload, str) else files.store_upload(upload, ours=ours)
        return Attachment.objects.create(
            record_id=record.pk, purpose=purpose, name=stored.name[:120], sha256=stored.sha256, size=stored.size,
            mime=stored.mime, path=stored.path, by=self.by, at=self.at,
        )  # fmt: skip

    def _append(self, record: Any, step: str, sentence: str, changed: dict[str, Any], **columns: Any) -> JournalEntry:
        if record.pk not in self._heads:
            row = (
                Record.objects.select_for_update().filter(pk=record.pk).values_list("journal_seq", "journal_head").get()
            )
            self._heads[record.pk] = row
        seq, head = self._heads[record.pk]
        written = journal.compose(
            seq=seq,
            head=head,
            by=self.by,
            at=self.at,
            written_at=self.now,
            step=step,
            sentence=sentence,
            changed=changed,
        )
        moved = Record.objects.filter(pk=record.pk, journal_seq=seq).update(
            journal_seq=written.seq, journal_head=written.head, **columns
        )
        if moved != 1:
            raise Conflict("该记录刚刚被他人改动，请刷新后重试。")
        written.entry.record_id = record.pk
        written.entry.save(force_insert=True)
        record.journal_seq, record.journal_head = self._heads[record.pk] = (written.seq, written.head)
        for name, value in columns.items():
            setattr(record, name, value)
        self._last_entry = written.entry
        return written.entry

    def _then(self, act: Act, effect: Any) -> None:
        before = facts.columns(act.record)
        effect(act)
        summary = _summary(act.record)
        if facts.save_changed(act.record, before) and summary != act.record.summary:
            act.record.summary = summary
            Record.objects.filter(pk=act.record.pk).update(summary=summary)

    def _react(self, record: Any, steps: list[str], entry: JournalEntry) -> None:
        events = [f"{record.kind}.{step}" for step in steps] + [f"*.{step}" for step in steps]
        for name in reactions.wanted(events, record):
            react.enqueue(entry_id=entry.pk, record_id=record.pk, reaction=name)


@job(retries=8)
def react(*, entry_id: int, record_id: int, reaction: str) -> None:
    """Run one reaction to one journal entry; the command's key makes a repetition harmless."""
    from yihu.kernel.doors import command  # the door imports this module; a job starts its own command

    record = Record.objects.get(pk=record_id).typed
    entry = JournalEntry.objects.get(pk=entry_id)
    with command(
        by=authority().system(), key=f"react:{entry_id}:{reaction}"[:100], at=entry.at, verb="react"
    ) as commanding:
        if not commanding.replayed:
            reactions.reaction(reaction)(record, commanding)


def _chosen(target: str | Branch | None, act: Act) -> str:
    if isinstance(target, Branch):
        state = target.choose(act)
        if state and state not in target.states:
            raise ValueError(f"{target.choose.__name__} chose the undeclared state {state!r}")
        return state
    return target or ""


def _summary(record: Any) -> str:
    """One line for lists, without numbers that belong to a person, whatever was typed where."""
    return mask_free_text(record.summarise())[:120]


def _unseen(record: Any, version: int | None) -> list[JournalEntry]:
    count = 5 if version is None else max(record.version - version, 1)
    return list(reversed(record.journal.select_related("by").order_by("-seq")[:count]))
