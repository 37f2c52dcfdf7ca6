"""The two papers with a payer's code on them, 《缴费通知单》 and 《催款通知单》: what each names, and since when its code opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yihu.areas.billing.dunning.models import DunningNotice
from yihu.areas.billing.dunning.printing import pay_words
from yihu.areas.billing.notices.models import Notice
from yihu.areas.billing.notices.printing import fetched
from yihu.ground.ledger.pay_days import beside, pay_day

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,40}")
OPENS_FOR = timedelta(days=400)  # an unpaid one; an old paper that somebody finds opens nothing
N = DunningNotice.State


@dataclass(frozen=True)
class PaperLine:
    """A bill as the paper asks for it; ``day``: the day of payment that the paper prints beside it, if it does; ``used``: what
    of it had been settled by money paid in advance."""

    charge: Any
    amount: int
    prior: bool = False
    day: date | None = None
    used: int = 0

    @property
    def charge_id(self) -> int:
        found: int = self.charge.pk
        return found


@dataclass(frozen=True)
class Paper:
    """What lies in somebody's letter-box, read alike whichever it is. ``unit``: where all of it is of one; ``own_money``:
    whether what the payer has in our hands is taken off, as the paper says."""

    record: Any
    title: str
    community: Any
    unit: Any
    lines: Sequence[PaperLine]
    asked: int
    out_at: datetime
    void_at: datetime | None
    ways: str
    hotline: str
    own_money: bool

    @property
    def pk(self) -> int:
        found: int = self.record.pk
        return found

    @property
    def kind(self) -> str:
        """Under which name questions are kept with it."""
        return "dunning" if isinstance(self.record, DunningNotice) else "notice"

    @property
    def whose(self) -> str:
        """What it is counted under, and its forms' keys begin with."""
        return f"{'d' if self.kind == 'dunning' else ''}{self.pk}"

    @property
    def number(self) -> str:
        return str(self.record.number)

    @property
    def token(self) -> str:
        return str(self.record.token)

    @property
    def party(self) -> Any:
        return self.record.party

    @property
    def pay_by(self) -> date:
        found: date = self.record.pay_by
        return found

    @property
    def void(self) -> bool:
        return self.void_at is not None

    @property
    def several(self) -> bool:
        """Whether its bills are of several places, so that each says of which."""
        return self.unit is None

    @property
    def where(self) -> str:
        if self.unit is not None:
            return str(self.unit)
        named = list(dict.fromkeys(str(line.charge.unit) for line in self.lines if line.charge.unit_id))
        return "、".join(named[:2]) + (f" 等 {len(named)} 处" if len(named) > 2 else "")


def paper_of(token: str, now: datetime) -> Paper | None:
    """The paper that was printed with this address, not too long ago; one that was never let out opens nothing."""
    if not TOKEN.fullmatch(token):
        return None
    since = now - OPENS_FOR
    notice = fetched(Notice.objects.filter(token=token, batch__printed_at__gte=since)).first()
    if notice is not None:
        return _of_notice(notice)
    rows = DunningNotice.objects.exclude(state=N.TO_APPROVE).filter(token=token, opened_at__gte=since)
    asked = rows.select_related("community", "party", "unit").first()
    return _of_dunning(asked) if asked is not None else None


def paper_numbered(number: str, community: Any) -> Paper | None:
    """The paper of an order that a payer made."""
    notice = fetched(Notice.objects.filter(number=number, batch__community=community)).first()
    if notice is not None:
        return _of_notice(notice)
    asked = DunningNotice.objects.filter(number=number, community=community).first()
    return _of_dunning(asked) if asked is not None else None


def _of_notice(notice: Notice) -> Paper:
    batch = notice.batch
    lines = [
        PaperLine(
            one.charge,
            one.amount,
            one.prior,
            pay_day(one.charge) if one.prior else beside(one.charge, notice.pay_by),
            one.used,
        )
        for one in notice.all_lines
    ]
    return Paper(
        record=notice, title=f"{batch.month} 缴费通知单", community=batch.community, unit=notice.unit, lines=lines,
        asked=notice.due_fen, out_at=batch.printed_at or notice.batch.opened_at, void_at=notice.recalled_at, ways=batch.pay_ways,
        hotline=batch.hotline, own_money=True,
    )  # fmt: skip


def _of_dunning(asked: DunningNotice) -> Paper:
    rows = asked.lines.select_related("charge__item", "charge__unit").order_by("charge__due_on", "pk")
    lines = [PaperLine(one.charge, one.amount, day=pay_day(one.charge), used=one.used) for one in rows]
    units = {line.charge.unit_id: line.charge.unit for line in lines}
    out_at = asked.approved_at or asked.opened_at
    ways, hotline = pay_words(asked.community_id)
    return Paper(
        record=asked, title=f"第 {asked.level} 次催款通知单", community=asked.community,
        unit=next(iter(units.values())) if len(units) == 1 else None, lines=lines, asked=asked.asked, out_at=out_at,
        void_at=(asked.closed_at or out_at) if asked.state == N.VOID else None, ways=ways, hotline=hotline, own_money=False,
    )  # fmt: skip
