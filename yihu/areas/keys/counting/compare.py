"""What was seen against what the key ledger said at that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from yihu.areas.keys.counting.models import KeyCount, Tick
from yihu.areas.keys.models import KeyLoan, KeySet, LossReport

S, A = KeySet.Status, Tick.Answer
# between a key's leaving the hook and its line in the ledger: who counts meanwhile sees either
WRITING = timedelta(minutes=3)
SHOULD = {S.IN: (A.HERE,), S.OUT: (A.AWAY,), S.LOST: (A.AWAY,), S.DAMAGED: (A.HERE, A.AWAY)}
ON_REGISTER = (S.IN, S.OUT)


@dataclass(frozen=True)
class Difference:
    """One hook on which something else was seen than the ledger said."""

    key: Any
    tick: Tick

    @property
    def words(self) -> str:
        """账上在库，实际不在"""
        seen = f"（看到 {self.tick.seen}）" if self.tick.seen else ""
        return f"账上{self.tick.get_expected_display()}，实际{self.tick.get_answer_display()}{seen}"

    @property
    def missing(self) -> bool:
        return self.tick.answer == A.AWAY and self.tick.expected == S.IN


@dataclass(frozen=True)
class Result:
    """The whole of a count as it now stands."""

    on_register: int
    on_loan: int
    found: int
    unanswered: list[Any]
    differences: list[Difference]


def to_walk(cabinet: Any) -> list[Any]:
    """Every key that has a hook in the cabinet, in the order in which the hooks hang."""
    rows = KeySet.objects.filter(hook__cabinet=cabinet).exclude(status__in=KeySet.GONE).select_related("hook")
    return list(rows.order_by("hook__position", "hook__label", "pk"))


def last_ticks(count: Any) -> dict[int, Tick]:
    """The last answer for each key."""
    return {tick.key_id: tick for tick in Tick.objects.filter(count=count).order_by("at", "pk")}


def status_at(key: Any, moment: datetime) -> str:
    """What the ledger said of the key then. The key is locked: nobody moves it meanwhile."""
    ended = Q(is_out=True) | Q(back_at__gt=moment) | Q(back_at__isnull=True, closed_at__gt=moment)
    if KeyLoan.objects.filter(ended, key=key, out_at__lte=moment).exists():
        return str(S.OUT)
    later_out = key.status == S.OUT and KeyLoan.objects.filter(key=key, is_out=True, out_at__gt=moment).exists()
    later_lost = key.status in (S.LOST, S.DAMAGED) and _reported_after(key, moment)
    return str(S.IN if later_out or later_lost else key.status)


def _reported_after(key: Any, moment: datetime) -> bool:
    last = LossReport.objects.filter(key=key).order_by("-opened_at", "-pk").first()
    return last is not None and last.opened_at > moment


def result(count: Any) -> Result:
    """A handful of queries, however many hooks. A key that left the cabinet meanwhile is judged by what was seen of it."""
    ticks = last_ticks(count)
    here = to_walk(count.cabinet)
    gone = [pk for pk in ticks if pk not in {key.pk for key in here}]
    keys = {key.pk: key for key in (*here, *KeySet.objects.filter(pk__in=gone))}
    moved = _moved(ticks)
    wrong = [pk for pk, tick in ticks.items() if not _agrees(tick, moved.get(pk, ()))]
    counted = [tick for tick in ticks.values() if tick.expected in ON_REGISTER]
    return Result(
        on_register=len(counted),
        on_loan=sum(tick.expected == S.OUT for tick in counted),
        found=sum(tick.key_id not in wrong for tick in counted),
        unanswered=[key for key in here if key.pk not in ticks],
        differences=[Difference(keys[pk], ticks[pk]) for pk in sorted(wrong, key=lambda pk: ticks[pk].hook)],
    )


def _agrees(tick: Tick, moves: Any) -> bool:
    if tick.answer in SHOULD.get(S(tick.expected), ()):
        return True
    just_moved = any(abs(moment - tick.at) <= WRITING for moment in moves)
    return tick.answer != A.WRONG and tick.expected in ON_REGISTER and just_moved


def _moved(ticks: dict[int, Tick]) -> dict[int, list[datetime]]:
    """When the counted keys went out or came back, around the time of the count."""
    if not ticks:
        return {}
    moments = [tick.at for tick in ticks.values()]
    around = (min(moments) - WRITING, max(moments) + WRITING)
    near = Q(out_at__range=around) | Q(back_at__range=around)
    found: dict[int, list[datetime]] = {}
    for key_id, out_at, back_at in KeyLoan.objects.filter(near, key__in=list(ticks)).values_list(
        "key_id", "out_at", "back_at"
    ):
        found.setdefault(key_id, []).extend(moment for moment in (out_at, back_at) if moment)
    return found


def last_holder(key: Any, cabinet: Any) -> str:
    """Who had the key last: the borrower, else the keeper of the cabinet."""
    loan = KeyLoan.objects.filter(key=key, out_at__isnull=False).order_by("-out_at", "-pk").first()
    if loan is None:
        return f"{cabinet.keeper}（保管人）"
    return " ".join(part for part in (loan.borrower, loan.company) if part)[:60]


def still_wrong(count: KeyCount) -> list[str]:
    """Differences of a signed count that nobody has put right yet, in words."""
    found = []
    for line in count.differences or ():
        key = KeySet.objects.filter(pk=line["key"]).first()
        if key is not None and (said := _unsettled(count, line, key)):
            found.append(f"{line['hook']} {said}")
    return found


def _unsettled(count: KeyCount, line: dict[str, Any], key: KeySet) -> str:
    if LossReport.objects.filter(key=key, closed_at__isnull=True).exists():
        return "遗失损坏报告还没有处理完"
    if line["answer"] == A.WRONG:
        return ""
    if line["answer"] == A.AWAY and key.status == S.IN and not _seen_again(count, key):
        return "账上仍在库：补登借用、报遗失，或下次核查看到"
    still_out = KeyLoan.objects.filter(key=key, is_out=True, out_at__lte=count.counted_at).exists()
    if line["answer"] == A.HERE and (still_out or key.status == S.LOST):
        return "账上仍不在库：补登归还或找回"
    return ""


def _seen_again(count: KeyCount, key: KeySet) -> bool:
    """Reported and found since, or seen on its hook by a later count."""
    back = LossReport.objects.filter(key=key, state=LossReport.State.FOUND, closed_at__gte=count.counted_at).exists()
    later = Tick.objects.filter(key=key, answer=A.HERE, at__gt=count.counted_at).exclude(count=count)
    lent_since = KeyLoan.objects.filter(key=key, out_at__gt=count.counted_at, back_at__isnull=False)
    return back or later.exists() or lent_since.exists()
