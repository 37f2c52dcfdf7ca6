"""What a payer owes today, line by line: late fee by the contract, what a court would leave of it, dispute, limitation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.billing.dunning.dates import Interruption, limitation
from yihu.areas.billing.dunning.models import DemandLine, Dispute, LateFeeRule, LendingRate
from yihu.basics import lpr_cn
from yihu.basics.late_fees import LateFee, Movement, Rounding, Span, Terms, late_fee
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account, Charge, FeeItem, Line


@dataclass(frozen=True)
class Arrear:
    """One bill that is late. ``fee`` is None where no contract provides one."""

    charge: Any
    open: int
    disputed: bool
    fee: LateFee | None
    rule: Any
    ends: date

    @property
    def late_fee(self) -> int:
        return self.fee.claim if self.fee is not None and not self.disputed else 0

    @property
    def words(self) -> str:
        """The sum of the late fee as the payer may check it."""
        if self.fee is None or not self.fee.claim:
            return ""
        rate = f"{self.rule.daily_percent.normalize():f}%"
        parts = [f"{yuan(one.base)}×{rate}×{one.days}天" for one in _alike(self.fee)]
        told = " + ".join(parts) if len(parts) < 4 else f"按日 {rate}，共 {self.fee.days} 天"
        return f"{told}{'，已封顶' if self.fee.capped else ''} = {yuan(self.fee.claim)}元"


@dataclass(frozen=True)
class _Run:
    base: int
    days: int


def _alike(fee: LateFee) -> list[_Run]:
    """The stretches of one base in a row, whatever the lending rate did meanwhile."""
    runs: list[_Run] = []
    for one in fee.stretches:
        if runs and runs[-1].base == one.base:
            runs[-1] = _Run(one.base, runs[-1].days + one.days)
        else:
            runs.append(_Run(one.base, one.days))
    return runs


def overdue(community_id: int, day: date, **whose: Any) -> Any:
    """The bills that fell due before that day and are not settled."""
    rows = Charge.objects.filter(community_id=community_id, open__gt=0, due_on__lt=day, reversal__isnull=True, **whose)
    return rows.select_related("item", "unit").order_by("due_on", "pk")


def arrears_of(charges: Iterable[Any], day: date) -> list[Arrear]:
    """With their late fees to the end of the day; the same few questions for one bill and for a thousand."""
    found = list(charges)
    if not found:
        return []
    community_id = found[0].community_id
    pks = [charge.pk for charge in found]
    rules = list(LateFeeRule.objects.filter(community_id=community_id, shown=True).order_by("from_on", "pk"))
    disputes = _disputes(pks)
    moved = _movements(pks) if rules else {}
    ends = limitations(found)
    rates = rates_of(community_id) if rules else []
    told = []
    for charge in found:
        rule = rule_for(charge, rules)
        spans = disputes[charge.pk]
        fee = None
        if rule is not None:
            fee = late_fee(
                terms_of(rule), charge.amount, charge.due_on, day, movements=moved[charge.pk], frozen=spans, rates=rates
            )
        told.append(Arrear(charge, charge.open, any(span.last is None for span in spans), fee, rule, ends[charge.pk]))
    return told


def rule_for(charge: Any, rules: Sequence[LateFeeRule]) -> LateFeeRule | None:
    """The agreement in force when the line fell due: the item's own before the general one; none for utilities and fees."""
    item = charge.item
    if item.nature != FeeItem.Nature.INCOME or item.standing != FeeItem.Standing.PRINCIPAL:
        return None
    fitting = [rule for rule in rules if rule.from_on <= charge.due_on and rule.item_id in (None, item.pk)]
    return max(fitting, key=lambda rule: (rule.item_id is not None, rule.from_on, rule.pk), default=None)


def terms_of(rule: LateFeeRule) -> Terms:
    return Terms(
        Fraction(rule.daily_percent) / 100, rule.starts, Fraction(rule.cap_percent) / 100, rule.most_fen, Rounding(rule.rounding)
    )  # fmt: skip


def rates_of(community_id: int) -> list[tuple[date, Fraction]]:
    """The published lending rates; a rate that the office entered for the same day or later comes on top."""
    rows = LendingRate.objects.filter(community_id=community_id, shown=True).values_list("from_on", "percent")
    entered = {since: Fraction(percent) / 100 for since, percent in rows}
    return sorted({**dict(lpr_cn.rates()), **entered}.items())


def _disputes(charges: Sequence[int]) -> Mapping[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    for one in Dispute.objects.filter(charge__in=charges):
        found[one.charge_id].append(Span(one.from_on, one.to_on))
    return found


def _movements(charges: Sequence[int]) -> Mapping[int, list[Movement]]:
    """What moved each bill besides its own posting: a payment counts on the day on which the money came in."""
    found: dict[int, list[Movement]] = defaultdict(list)
    rows = Line.objects.filter(account=Account.RECEIVABLE, charge__in=charges)
    rows = rows.exclude(Q(voucher__kind="charge", voucher__reverses__isnull=True, amount__gt=0))
    for line in rows.select_related("receipt").order_by("pk"):
        taken = line.receipt is not None and line.amount < 0
        on = timezone.localdate(line.receipt.received_at) if taken else line.day
        found[line.charge_id].append(Movement(on, line.amount))
    return found


def limitations(charges: Iterable[Any]) -> dict[int, date]:
    """The last day on which each bill can still be sued for."""
    due = {charge.pk: charge.due_on for charge in charges}
    asked: dict[int, list[Interruption]] = defaultdict(list)
    lines = DemandLine.objects.filter(charge__in=list(due), demand__on__isnull=False).select_related("demand")
    for line in lines:
        asked[line.charge_id].append(Interruption(line.demand.on, line.demand.consent))
    return {pk: limitation(due_on, asked[pk]) for pk, due_on in due.items()}
