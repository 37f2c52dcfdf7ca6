"""What must be true of the whole database at any time. Each floor adds its own; ``manage invariants`` checks all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from yihu.kernel import files, personal_keeping
from yihu.kernel.journal import faults
from yihu.kernel.models.command import Command
from yihu.kernel.models.deadline import Deadline
from yihu.kernel.models.journal import Book, JournalEntry
from yihu.kernel.models.link import Barred, Link
from yihu.kernel.models.record import Record
from yihu.kernel.models.search import SearchEntry
from yihu.kernel.procedure import is_register, procedure_of

Check = Callable[[], Iterator[str]]
SHOWN = 20


@dataclass
class Result:
    """One invariant: how many things were looked at and what was found wrong."""

    name: str
    sentence: str
    faults: list[str] = field(default_factory=list)


_checks: dict[str, tuple[str, Check]] = {}


def invariant(name: str, sentence: str) -> Callable[[Check], Check]:
    """Declare a check: a generator of faults, each one sentence that names the row."""

    def declare(check: Check) -> Check:
        _checks[name] = (sentence, check)
        return check

    return declare


def check_all() -> list[Result]:
    return [Result(name, sentence, list(check())) for name, (sentence, check) in _checks.items()]


@invariant("journal.chain", "每条记录的办理记录首尾相接，未被改动")
def journal_chain() -> Iterator[str]:
    for model, column, seq, head in (
        (Record, "record_id", "journal_seq", "journal_head"),
        (Book, "book_id", "seq", "head"),
    ):
        heads = {row[0]: row[1:] for row in model._default_manager.values_list("pk", seq, head)}
        chains = (
            JournalEntry.objects.filter(**{f"{column}__isnull": False})
            .order_by(column, "seq")
            .iterator(chunk_size=2000)
        )
        current: int | None = None
        entries: list[JournalEntry] = []
        for entry in chains:
            holder = getattr(entry, column)
            if holder != current and current is not None:
                yield from (f"{model.__name__} {current}：{fault}" for fault in faults(entries, *heads.pop(current)))
                entries = []
            current = holder
            entries.append(entry)
        if current is not None:
            yield from (f"{model.__name__} {current}：{fault}" for fault in faults(entries, *heads.pop(current)))
        yield from (
            f"{model.__name__} {pk}：应有 {last[0]} 条办理记录，一条也没有" for pk, last in heads.items() if last[0]
        )


@invariant("record.declared", "每条记录的类别、状态都有程序规定，并有自己的分表")
def declared_states() -> Iterator[str]:
    for kind, state, count in (
        Record.objects.values_list("kind", "state").annotate(count=Count("pk")).order_by("kind", "state")
    ):
        if not is_register(kind) or state not in procedure_of(kind).states:
            yield f"{count} 条 {kind} 处于未规定的状态 {state}"
    for kind, count in Record.objects.values_list("kind").annotate(count=Count("pk")).order_by("kind"):
        own = procedure_of(kind).model.objects.filter(kind=kind).count() if is_register(kind) else 0
        if own != count:
            yield f"{kind} 有 {count} 条记录，分表中只有 {own} 条"


@invariant("record.closed", "已结的记录有结束时间且没有走着的时限，未结的没有结束时间")
def closed_records() -> Iterator[str]:
    running = Deadline.objects.filter(record=OuterRef("pk"), stopped_at__isnull=True)
    for row in Record.objects.filter(closed_at__isnull=False).filter(Exists(running)):
        yield f"{row.number} 已结但仍有时限在走"
    for kind in Record.objects.values_list("kind", flat=True).distinct().order_by("kind"):
        closed = procedure_of(kind).closed
        ended = Q(state__in=closed) | ~Q(closed_as="")
        for row in Record.objects.filter(kind=kind).filter(
            Q(ended, closed_at__isnull=True) | Q(~ended, closed_at__isnull=False)
        ):
            yield f"{row.number} 的状态 {row.state} 与结束时间不符"


@invariant("record.next_due", "记录上的最近时限等于走着的时限中最早的一个")
def next_due() -> Iterator[str]:
    earliest: dict[int, object] = {}
    rows = (
        Deadline.objects.filter(stopped_at__isnull=True, paused_at__isnull=True)
        .order_by("-due_at")
        .values_list("record_id", "due_at")
    )
    for record_id, due in rows:
        earliest[record_id] = due
    for pk, number, due in Record.objects.filter(closed_at__isnull=True).values_list("pk", "number", "next_due_at"):
        if earliest.get(pk) != due:
            yield f"{number} 的最近时限应为 {earliest.get(pk)}，实为 {due}"


@invariant("deadline.order", "时限到期不早于开始，级别与停止相符")
def deadlines() -> Iterator[str]:
    for row in Deadline.objects.filter(Q(warn_at__gt=F("due_at")) | Q(stopped_at__isnull=False, ring_at__isnull=False)):
        yield f"时限 {row.pk}（{row.code}）的时刻不合理"


@invariant("bars.spread", "回避随关联走：一条回避，相关联的都回避")
def bars() -> Iterator[str]:
    persons: dict[int, set[Any]] = {}
    for record_id, *whom in Barred.objects.values_list("record_id", "person_id", "community_id", "team"):
        persons.setdefault(record_id, set()).add(tuple(whom))
    for origin, target, why in Link.objects.filter(Q(origin_id__in=persons) | Q(target_id__in=persons)).values_list(
        "origin_id", "target_id", "why"
    ):
        one, other = persons.get(origin, set()), persons.get(target, set())
        if not one <= other if why == Link.Why.BASIS else one != other:
            yield f"关联的记录 {origin} 与 {target} 回避的人不一致"


@invariant("search.complete", "每条记录都能搜到，搜到的都存在")
def searchable() -> Iterator[str]:
    entries = SearchEntry.objects.filter(kind="record", object_id=OuterRef("pk"))
    for row in Record.objects.filter(~Exists(entries))[:SHOWN]:
        yield f"{row.number} 不在搜索中"
    records = Record.objects.filter(pk=OuterRef("object_id"))
    for entry in SearchEntry.objects.filter(kind="record").filter(~Exists(records))[:SHOWN]:
        yield f"搜索条目 {entry.pk} 指向不存在的记录"


@invariant("command.answers", "每个已受理的命令所答的记录都存在")
def answers() -> Iterator[str]:
    for kind in (
        Command.objects.exclude(answer_kind="").values_list("answer_kind", flat=True).distinct().order_by("answer_kind")
    ):
        if not is_register(kind):
            continue
        rows = Record.objects.filter(pk=OuterRef("answer_id"))
        for row in Command.objects.filter(answer_kind=kind).filter(~Exists(rows))[:SHOWN]:
            yield f"命令 {row.pk} 所答的记录 {row.answer_id} 不存在"


@invariant("personal.readable", "个人信息都能解读，没有一条是绕过程序复制来的")
def personal() -> Iterator[str]:
    yield from personal_keeping.problems(SHOWN)


@invariant("files.whole", "每个附件的文件都在，而且完整")
def attached_files() -> Iterator[str]:
    yield from files.lost(SHOWN)


@invariant("files.named", "没有登记的文件当天清掉，不留下来")
def nameless_files() -> Iterator[str]:
    yield from files.orphans(timezone.now(), SHOWN)
