"""Carries the planned events out: through the two doors, as the people would, each at its own time and once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Min

from yihu.areas.keys.counting.compare import to_walk
from yihu.areas.keys.counting.walk import tick
from yihu.areas.keys.models import Cabinet, KeySet
from yihu.areas.reception.models import Contact
from yihu.areas.relations.models import Channel
from yihu.demo import pictures
from yihu.demo.people import USERNAMES
from yihu.demo.plan import Event, IdEnding, Its, Lines, Named, NumberOf, Photo, RecordOf, Row, Signed
from yihu.ground.estate.models import Community, Party
from yihu.ground.staff.models import Account
from yihu.kernel.authority import authority
from yihu.kernel.commanding import react
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.models import Command, Deadline, Link, Message, Record
from yihu.kernel.reactions import names_for
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

logger = logging.getLogger("yihu.demo")

READ_AFTER = timedelta(hours=6)


class Player:
    """Carries out events in the order of their time. What was carried out before is found by its key and not repeated."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.people = {account.username: account for account in Account.objects.filter(username__in=USERNAMES)}
        self.people["system"] = authority().system()
        self.communities = {community.code: community for community in Community.objects.all()}
        self.refused = 0

    def play(self, events: Iterable[Event]) -> None:
        for event in events:
            ring_until(event.at)
            self.carry_out(event)

    def carry_out(self, event: Event) -> None:
        """Somebody who tries the demo while it is being made may have been faster; then it goes as he wanted. A demo
        that lacks one event is better than none: what no form would take is said in the log and left out."""
        try:
            self._carry_out(event)
        except Refused as refused:
            self.refused += 1
            level = logging.WARNING if isinstance(refused, Invalid) else logging.INFO
            logger.log(level, "Demo event %s (%s) was refused: %s", event.key, event.what, refused)

    def _carry_out(self, event: Event) -> None:
        if event.what == "come_round":
            come_round(event.at)
        elif event.what == "read_messages":
            read_messages(event.at)
        elif event.what == "walk":
            self._walk(event)
        elif event.what == "open":
            self._open(event, Contact, "open")
        elif event.what == "log":
            self._open(event, apps.get_model(event.on), "log")
        else:
            record = self.find(event)
            data, files = self._filled(event.data, record)
            moved = perform(
                record,
                event.what,
                by=self.people[event.by],
                key=self.key(event.key),
                data=data,
                files=files,
                at=event.at,
            )
            follow(moved, event.what, event.at)
            follow_what_came_of(moved, event.at)

    def _walk(self, event: Event) -> None:
        """Hook by hook: each key is where the ledger says."""
        count = self.find(event)
        for place, key in enumerate(to_walk(count.cabinet)):
            answer = "here" if key.status == KeySet.Status.IN else "away"
            once = self.key(f"{event.key}:{place}")
            tick(count, key.pk, answer=answer, tag="", by=self.people[event.by], key=once, at=event.at)

    def key(self, words: str) -> str:
        return f"demo:{self.seed}:{words}"

    def _open(self, event: Event, model: Any, word: str) -> Any:
        record = model(community=self.communities[event.community])
        data, files = self._filled(event.data, record)
        key = self.key(f"{word} {event.case}")
        opened = open_record(record, by=self.people[event.by], key=key, data=data, files=files, at=event.at)
        follow(opened, "open", event.at)
        follow_what_came_of(opened, event.at)
        return opened

    def find(self, event: Event) -> Any:
        """The record that an event is about, however it came into being."""
        first, *after = event.on.split(">")
        if first in ("child", "again"):
            first, after = "contact", ["child", "again"][: 1 + (first == "again")]
        record = self._first(event, first)
        for word in after:
            record = came_of(record, Link.Why.REWORK if word == "again" else Link.Why.CAME_OF)
        return record.typed

    def _first(self, event: Event, words: str) -> Record:
        if words.startswith(("turn ", "look ", "count ")):
            return self._turn(event.community, words)
        return self.opened("log" if words == "own" else "open", event.case)

    def _turn(self, community: str, words: str) -> Record:
        """What the program opened because its time had come."""
        here = self.communities[community]
        what, name, turn = words.split(" ", 2)
        if what == "look":
            channel = Channel.objects.get(community=here, name=name)
            day, hour = turn.split("/")
            name, turn = "channel-look", f"{day}/{channel.pk}/{hour}"
        if what == "count":
            cabinet = Cabinet.objects.get(community=here, name=name)
            name, turn = "key-count", f"{turn}/{cabinet.pk}"
        return self._answer(Command.objects.filter(by=self.people["system"], key=f"{name}:{here.pk}:{turn}"), words)

    def opened(self, word: str, case: int) -> Record:
        return self._answer(Command.objects.filter(key=self.key(f"{word} {case}")), f"case {case}")

    def _answer(self, asked: Any, words: str) -> Record:
        pk = asked.values_list("answer_id", flat=True).first()
        if pk is None:
            raise Refused(f"{words} was never opened")
        return Record.objects.get(pk=pk)

    def _filled(self, data: Mapping[str, Any], record: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """What stands for people, rows and pictures is replaced by them; pictures go with the files."""
        filled: dict[str, Any] = {}
        files = {}
        for name, value in data.items():
            if isinstance(value, list):
                files[name] = [pictures.photo(one.scene) for one in value if isinstance(one, Photo)]
            elif isinstance(value, Lines):
                filled |= lines(value, record)
            elif isinstance(value, tuple):
                filled[name] = [self._word(one, record) for one in value]
            else:
                filled[name] = self._word(value, record)
        return filled, files

    def _word(self, value: Any, record: Any) -> str:
        if isinstance(value, Named):
            return str(self.people[value.username].pk)
        if isinstance(value, Signed):
            return pictures.signature(value.hand)
        if isinstance(value, NumberOf):
            return self.opened(value.word, value.case).number
        if isinstance(value, RecordOf):
            return str(self.opened("open", value.case).pk)
        if isinstance(value, Row):
            return str(row_of(value, record.community_id))
        if isinstance(value, IdEnding):
            return str(Party.objects.get(pk=value.party).id_no)[-4:] or "1234"
        if isinstance(value, Its):
            return str(getattr(record, value.rows).order_by("pk").values_list("pk", flat=True).first())
        return str(value)


def row_of(row: Row, community_id: int) -> int:
    """Of the community's own list, else of the company's."""
    rows = apps.get_model(row.model)._default_manager.filter(**{row.column: row.value})
    found = rows.filter(**{row.community: community_id}).values_list("pk", flat=True).first()
    pk: int = found or rows.filter(**{f"{row.community}__isnull": True}).values_list("pk", flat=True).get()
    return pk


def lines(sheet: Lines, record: Any) -> dict[str, str]:
    """Each line of the list as it is today: in order, unless it is said to be wrong."""
    wrong = dict(sheet.wrong)
    rows = apps.get_model(sheet.of)._default_manager.filter(community_id=record.community_id, shown=True)
    filled = {}
    for place, row in enumerate(rows.order_by("position", "pk")):
        said = wrong.get(place, "")
        if hasattr(row, "quantity"):
            filled |= {f"counted_{row.pk}": str(row.quantity - bool(said)), f"remark_{row.pk}": said}
        else:
            filled |= {f"ok_{row.pk}": "not_ok" if said else "ok", f"remark_{row.pk}": said}
    return filled


def came_of(record: Record, why: str) -> Record:
    found = Record.objects.filter(links_in__origin_id=record.pk, links_in__why=why).order_by("pk").first()
    if found is None:
        raise Refused(f"{record} has no follow-up")
    return found


def follow(record: Any, step: str, at: datetime) -> None:
    """What the program does because of a step happens at once, at the same moment; the queued jobs find it done."""
    entry = record.journal.filter(step=step, at=at).order_by("seq").first()
    if entry is None:  # what the step's effect did to it is told by another's journal
        return
    steps = (step, "closed") if record.closed_at == at else (step,)
    events = [f"{kind}.{name}" for kind in (record.kind, "*") for name in steps]
    for name in names_for(events):
        react.func(entry_id=entry.pk, record_id=record.pk, reaction=name)


def follow_what_came_of(record: Any, at: datetime) -> None:
    """What was opened with it, by a hand-over or by an effect."""
    for child in Record.objects.filter(links_in__origin=record, opened_at=at).order_by("pk"):
        follow(child.typed, "open", at)


def ring_until(moment: datetime) -> None:
    """Ring every clock that was due by then, each at its own time."""
    waiting = Deadline.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, ring_at__lte=moment)
    while (first := waiting.aggregate(first=Min("ring_at"))["first"]) is not None:
        sweep(first)


def read_messages(at: datetime) -> None:
    """Nobody leaves a month's messages unread; the last ones wait for whoever signs in."""
    unread = Message.objects.filter(person__username__in=USERNAMES, read_at__isnull=True, at__lt=at - READ_AFTER)
    unread.update(read_at=at)
