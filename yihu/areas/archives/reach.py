"""How far a person reaches into what is kept: the words that name him, the messages to him, the scans of his papers (PIPL 47)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from yihu.areas.archives.retention import FILE, money_apps, money_until, term_of, years_on
from yihu.ground.estate.models import Party, Unit
from yihu.ground.papers.models import Paper
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.kernel import traces
from yihu.kernel.locking_away import GONE, SHUT
from yihu.kernel.models import JournalEntry, Message, Record
from yihu.kernel.models.importing import ImportRow
from yihu.kernel.personal import PersonalField
from yihu.kernel.traces import Marks, Trace

K = Paper.Kind
NOT_NEEDED = (K.IDENTITY, K.FAMILY)  # of no use once he has left
HIS_OWN = (*NOT_NEEDED, K.CONTRACT, K.COMMITMENT, K.AUTHORITY, K.KEY_MANDATE, K.KEY_RELEASE, K.HANDOVER, K.RENOVATION)
Term = tuple[bool, date | None]


@dataclass(frozen=True)
class Found:
    """One place with what becomes of it, as the handler sees it before he does it."""

    key: str
    where: str
    excerpt: str
    keep: bool
    until: date | None

    @property
    def fate(self) -> str:
        if not self.keep:
            return "遮盖"
        return f"锁定到 {self.until}" if self.until else "锁定，办结后起算保存期"


def reach_of(party: Party, at: datetime, request: Any = None) -> Reach:
    """Reckoned once for the request that is being handled: its form and its effect ask for the same."""
    kept: Reach | None = getattr(request, "reach", None)
    if kept is None or (kept.party.pk, kept.at) != (party.pk, at):
        kept = Reach(party, at, request)
        if request is not None:
            request.reach = kept
    return kept


class Reach:
    """Reckoned once for a request; ``request`` itself is the proof of what was done and is left alone."""

    def __init__(self, party: Party, at: datetime, request: Any = None) -> None:
        self.party, self.at, self.request = party, at, request
        self.today = timezone.localdate(at)
        self.stays = list(party.occupancies.all())
        last = max((stay.to_on for stay in self.stays if stay.to_on), default=None)
        self.file_until = years_on(last, FILE) if last else None
        also = str(getattr(request, "also_called", "") or "").replace("，", "、").replace(",", "、").split("、")
        ways = [row.address for row in ContactWay.objects.filter(party=party)]
        self.marks = Marks([party.name, party.contact_name, *also], [party.phone, party.phone2, party.id_no, *ways])
        money = money_until(party)
        self.books_kept = bool(money and money >= self.today)

    @cached_property
    def rows(self) -> traces.Linked:
        roots = {Party: [self.party.pk], Unit: sorted({stay.unit_id for stay in self.stays})}
        staged = {model: pks for model, pks in traces.staged(self.party.community_id).items() if pks}
        found = traces.linked({**roots, **staged}, but=money_apps() if self.books_kept else ())
        return {model: self._but_the_request(pks) for model, pks in found.items()}

    def _but_the_request(self, pks: dict[int, int | None]) -> dict[int, int | None]:
        own = self.request.pk if self.request is not None else None
        return {pk: matter for pk, matter in pks.items() if own is None or matter != own}

    @cached_property
    def matters(self) -> dict[int, Any]:
        return Record.objects.select_related("unit").in_bulk(list(self.rows.get(Record, {})))

    @cached_property
    def messages(self) -> list[Outgoing]:
        rows = Outgoing.objects.filter(party=self.party).exclude(text__in=(GONE, SHUT))
        return list(rows.select_related("record").order_by("pk"))

    @cached_property
    def texts(self) -> list[Trace]:
        """Words that name him, but for his card, the messages to him, and the numbers of his own locked matters."""
        mine = {message.pk for message in self.messages}
        found = traces.find(self.marks, self.rows, but=(Party,))
        return [one for one in found if not (one.model is Outgoing and one.row in mine) and not self._guarded(one)]

    def _guarded(self, trace: Trace) -> bool:
        """A number of a matter of his that must be kept: his lock keeps it shut where it stands."""
        sealed = isinstance(trace.field, PersonalField)
        return sealed and issubclass(trace.model, Record) and self._his(trace.matter) and self.term(trace.matter)[0]

    def _his(self, matter: int | None) -> bool:
        record = self.matters.get(matter) if matter is not None else None
        return record is not None and record.party_id == self.party.pk

    @cached_property
    def entries(self) -> list[tuple[JournalEntry, int | None]]:
        return list(traces.entries(self.marks, self.rows))

    @property
    def count(self) -> int:
        return len(self.texts) + len(self.entries)

    @cached_property
    def papers(self) -> list[Paper]:
        """Scanned papers of his houses that were filed while they were his."""
        found: dict[int, Paper] = {}
        for stay in self.stays:
            rows = Paper.objects.filter(unit_id=stay.unit_id, kind__in=HIS_OWN, scans__isnull=False).select_related(
                "unit"
            )
            rows = rows.exclude(scans__name__in=(f"{GONE}.txt", f"{SHUT}.txt"))
            for paper in rows.distinct().order_by("pk"):
                filed = timezone.localdate(paper.filed_at)
                if (stay.from_on or filed) <= filed <= (stay.to_on or filed):
                    found[paper.pk] = paper
        return list(found.values())

    # what becomes of it ---------------------------------------------------------------------------------------------------
    def term(self, matter: int | None, model: Any = None) -> Term:
        """Whether law or an open matter keeps it, and until when."""
        if model is not None and issubclass(model, ImportRow):
            return False, None  # the file has long become the estate's own rows
        record = self.matters.get(matter) if matter is not None else None
        if record is not None:
            return term_of(record, self.today)
        return bool(self.file_until and self.file_until >= self.today), self.file_until

    def paper_term(self, paper: Paper) -> Term:
        return (False, None) if paper.kind in NOT_NEEDED else self.term(None)

    def message_term(self, message: Outgoing) -> Term:
        """A message that belongs to no matter was of use on its day."""
        return (False, None) if message.record is None else term_of(message.record, self.today)

    def where(self, trace: Trace) -> str:
        return f"{self._place(trace.model, trace.matter)}{'提醒' if trace.model is Message else trace.word}"

    def where_said(self, entry: JournalEntry, matter: int | None) -> str:
        return f"{self._place(JournalEntry, matter)}办理记录 {entry.at:%Y-%m-%d}"

    def _place(self, model: Any, matter: int | None) -> str:
        record = self.matters.get(matter) if matter is not None else None
        if record is not None:
            return f"{record.procedure.title} {record.number} · "
        word = str(model._meta.verbose_name)
        return "" if model is JournalEntry or word.isascii() else f"{word} · "

    def shown_to(self, person: Any) -> list[Found]:
        """Where he is named, as far as this person may see it; not even how many places there are besides."""
        seen = set(Record.objects.seen_by(person).filter(pk__in=list(self.matters)).values_list("pk", flat=True))
        found = []
        for trace in self.texts:
            if trace.matter is not None and trace.matter not in seen:
                continue
            said = "（号码）" if not trace.value else self.marks.excerpt(trace.value)
            found.append(Found(trace.key, self.where(trace), said, *self.term(trace.matter, trace.model)))
        for entry, matter in self.entries:
            if matter is not None and matter not in seen:
                continue
            said = self.marks.excerpt(entry.sentence) or self.marks.excerpt(entry.changed)
            found.append(Found(f"journal.{entry.pk}", self.where_said(entry, matter), said, *self.term(matter)))
        return found
