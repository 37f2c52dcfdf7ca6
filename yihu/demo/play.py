"""Carries the planned events out: through the two doors, as the people would, each at its own time and once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from yihu.areas.duties.models import DaySheet
from yihu.areas.reception.models import Contact
from yihu.demo import pictures
from yihu.demo.people import USERNAMES
from yihu.demo.plan import Event, Named, NumberOf, Photo, Signed
from yihu.ground.estate.models import Community
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
        if event.what == "open_sheets":
            come_round(event.at, only="day-sheet")
        elif event.what == "read_messages":
            read_messages(event.at)
        elif event.what == "open":
            self._open(event)
        else:
            record = self.find(event)
            data, files = self._filled(event.data)
            moved = perform(
                record,
                event.what,
                by=self.people[event.by],
                key=self.key(event.key),
                data=data,
                files=files,
                at=event.at,
            )
            if moved.closed_at is not None:
                follow(moved, event.what)

    def key(self, words: str) -> str:
        return f"demo:{self.seed}:{words}"

    def _open(self, event: Event) -> None:
        data, files = self._filled(event.data)
        contact = Contact(community=self.communities[event.community])
        open_record(
            contact, by=self.people[event.by], key=self.key(f"open {event.case}"), data=data, files=files, at=event.at
        )

    def find(self, event: Event) -> Any:
        """The record that an event is about, however it came into being."""
        if event.on.startswith("sheet "):
            day = event.on.removeprefix("sheet ")
            return DaySheet.objects.get(sheet_of=self.communities[event.community], day=day)
        record = self.contact(event.case)
        if event.on in ("child", "again"):
            record = came_of(record, Link.Why.CAME_OF)
        if event.on == "again":
            record = came_of(record, Link.Why.REWORK)
        return record.typed

    def contact(self, case: int) -> Record:
        answered = Command.objects.filter(key=self.key(f"open {case}")).values_list("answer_id", flat=True)
        pk = answered.first()
        if pk is None:
            raise Refused(f"case {case} was never opened")
        return Record.objects.get(pk=pk)

    def _filled(self, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """What stands for people and pictures is replaced by them; pictures go with the files."""
        filled, files = {}, {}
        for name, value in data.items():
            if isinstance(value, list):
                files[name] = [pictures.photo(one.scene) for one in value if isinstance(one, Photo)]
            elif isinstance(value, Named):
                filled[name] = str(self.people[value.username].pk)
            elif isinstance(value, Signed):
                filled[name] = pictures.signature(value.hand)
            elif isinstance(value, NumberOf):
                filled[name] = self.contact(value.case).number
            else:
                filled[name] = str(value)
        return filled, files


def came_of(record: Record, why: str) -> Record:
    found = Record.objects.filter(links_in__origin_id=record.pk, links_in__why=why).order_by("pk").first()
    if found is None:
        raise Refused(f"{record} has no follow-up")
    return found


def follow(record: Any, step: str) -> None:
    """What other records do because this one closed happens at once, at the same moment; the queued jobs find it done."""
    entry = record.journal.order_by("seq").last()
    if entry.step != step:  # done before, and gone on since
        return
    events = [f"{record.kind}.{step}", f"{record.kind}.closed", f"*.{step}", "*.closed"]
    for name in names_for(events):
        react.func(entry_id=entry.pk, record_id=record.pk, reaction=name)


def ring_until(moment: datetime) -> None:
    """Ring every clock that was due by then, each at its own time."""
    waiting = Deadline.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, ring_at__lte=moment)
    while (first := waiting.aggregate(first=Min("ring_at"))["first"]) is not None:
        sweep(first)


def read_messages(at: datetime) -> None:
    """Nobody leaves a month's messages unread; the last ones wait for whoever signs in."""
    unread = Message.objects.filter(person__username__in=USERNAMES, read_at__isnull=True, at__lt=at - READ_AFTER)
    unread.update(read_at=at)
