"""What an effect of a step holds in its hands: the record, what was typed, and the verbs that it may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yihu.kernel import clocks, messages
from yihu.kernel.authority import authority
from yihu.kernel.models.attachment import Attachment
from yihu.kernel.models.link import Link
from yihu.kernel.procedure import procedure_of

if TYPE_CHECKING:
    from yihu.kernel.commanding import Commanding


@dataclass
class Act:
    """What an effect gets: the record as it now is, what was typed, and the verbs it may use."""

    record: Any
    by: Any
    at: datetime
    data: Mapping[str, Any]
    command: Commanding
    step: str
    history: bool = False  # it happened before the program came: nobody is told any more

    def open(self, record: Any, data: Mapping[str, Any] | None = None, *, why: str = Link.Why.CAME_OF) -> Any:
        """Open another record that came of this one."""
        return self.command.open(record, data=data or {}, files={}, origin=self.record, why=why)

    def perform(self, record: Any, step: str, data: Mapping[str, Any] | None = None) -> Any:
        return self.command.perform(record, step, data=data or {}, files={})

    def tell(self, people: Iterable[Any], sentence: str) -> list[Any]:
        if self.history:
            return []
        return messages.tell(people, sentence, community_id=self.record.community_id, record=self.record, at=self.at)

    def tell_post(self, code: str, sentence: str) -> list[Any]:
        return self.tell(authority().holders(self.record.community_id, code), sentence)

    def bar(self, person: Any, why: str) -> None:
        self.command.bar(self.record, person, why)

    def bar_team(self, team: str, why: str, since: datetime | None = None) -> None:
        self.command.bar_team(self.record, team, why, since)

    def attach(self, upload: Any, purpose: str = Attachment.Purpose.PHOTO) -> Attachment:
        return self.command.attach(self.record, upload, purpose)

    def pause(self, *codes: str) -> None:
        """Pause clocks where only what was typed decides whether they may (a date that the owner agreed to)."""
        clocks.pause(codes, self.record, self.at)

    def resume(self, *codes: str, since: datetime | None = None) -> None:
        """Let paused clocks go on, as of an earlier moment where the pause was agreed to only until then."""
        clocks.resume(codes, self.record, since or self.at)

    def start(self, *codes: str) -> None:
        """Start clocks where only the effect knows that they may; one that runs goes on."""
        running = clocks.running(self.record)
        clocks.start(
            procedure_of(self.record.kind), [code for code in codes if code not in running], self.record, self.at
        )

    def put_off(self, until: datetime, *codes: str) -> list[tuple[str, datetime, datetime]]:
        """The time until then is the owner's own wish and is not counted; gives what was due when, and is now."""
        return clocks.put_off(codes, self.record, self.at, until)

    def stop(self, *codes: str) -> None:
        """Stop clocks where only what was typed decides that they are over."""
        clocks.stop(codes, self.record, self.at)

    def if_put_off(self, until: datetime, code: str) -> tuple[datetime, datetime] | None:
        """When the clock is due, and when it would be if the time until then were not counted."""
        return clocks.if_put_off(code, self.record, self.at, until)

    def close_late(self, *codes: str) -> None:
        """Before a new promise is made: one that was missed stays missed."""
        clocks.close_late(codes, self.record, self.at)

    def reopen(self, code: str) -> None:
        """A clock that was stopped too early goes on as if it had not been."""
        clocks.reopen(code, self.record)
