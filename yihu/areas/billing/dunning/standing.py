"""What a payer owes today, line by line: late fee by the contract, what a court would leave of it, dispute, limitation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from yihu.areas.billing.dunning.dates import Interruption, limitation
from yihu.areas.billing.dunning.models import DemandLine, Dispute, LateFeeRule, LendingRate, TurnedCharge
from yihu.basics import lpr_cn
from yihu.basics.late_fees import LateFee, Movement, Span, Terms, late_fee
from yihu.basics.money import yuan
from yihu.basics.periods import ONE_DAY
from yihu.basics.pricing import Rounding
from yihu.ground.ledger.accruing import Accrual
from yihu.ground.ledger.models import Account, Charge, FeeItem, Line
from yihu.ground.ledger.pay_days import PAY_BY, pay_day

TURNED: Final = "transfer"  # in a bill's basis: it was turned to its payer


@dataclass(frozen=True)
class Arrear:
    """One bill that is late. ``fee`` is the whole late fee by the contract, None where none provides one; ``posted`` is what
    of it stands in the books as bills of its own, ``posted_open`` what of those is not settled."""

    charge: Any
    open: int
    disputed: bool
    fee: LateFee | None
    rule: Any
    ends: date
    posted: int = 0
    posted_open: int = 0
    until: date | None = None
    begins: date | None = None
    count: int = 0
    at_stake: int = 0  # what the days of an open dispute would cost if they counted
    disputes: tuple[Dispute, ...] = ()  # those whose days are within the sum

    @property
    def accrued(self) -> int:
        """What is to be posted yet; negative where too much was."""
        return self.fee.claim - self.posted if self.fee is not None else 0

    @property
    def fee_left(self) -> int:
        """What of the late fee is not paid and not let off, posted or not."""
        return max(self.accrued + self.posted_open, 0)

    @property
    def late_fee(self) -> int:
        """What of it may be asked for now: none while the bill is contested."""
        return 0 if self.disputed else self.fee_left

    @property
    def court_left(self) -> int:
        """What a court would probably leave of it, less what was paid or let off."""
        if self.fee is None:
            return self.posted_open
        return max(min(self.fee.court - (self.posted - self.posted_open), self.fee_left), 0)

    @property
    def words(self) -> str:
        """The sum of the late fee as the payer may check it."""
        if not (told := self._sum):
            return ""
        settled = self.posted - self.posted_open
        return f"{told}；其中已缴、已减 {yuan(settled)}元" if settled else told

    @property
    def words_posted(self) -> str:
        """The same for what is posted now."""
        return f"{self._sum}，减已入账 {yuan(self.posted)}元" if self.posted else self._sum

    @property
    def _sum(self) -> str:
        if self.fee is None or not self.fee.claim:
            return ""
        days = "".join(f"；{one.told}" for one in self.disputes)
        rate = f"{self.rule.daily_percent.normalize():f}%"
        parts = [f"{yuan(one.base)}×{rate}×{one.days}天" for one in _alike(self.fee)]
        told = " + ".join(parts) if len(parts) < 4 else f"按日 {rate}，共 {self.fee.days} 天"
        return f"{told}{'，已封顶' if self.fee.capped else ''} = {yuan(self.fee.claim)}元{days}"


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


def late_on(day: date) -> Q:
    """What fell due before that day and is not settled. A bill that was made late counts from its own day; what an owner was
    turned to for stands in his case at once, though nobody asks him for it before his day (``undisputed``)."""
    given = f"basis__{PAY_BY}"
    came = Q(**{f"{given}__isnull": True}) | Q(**{f"{given}__lt": day.isoformat()}) | Q(basis__kind=TURNED)
    return Q(open__gt=0, due_on__lt=day, reversal__isnull=True) & came


def overdue(community_id: int, day: date, **whose: Any) -> Any:
    """The bills that a payer is late with."""
    rows = Charge.objects.filter(late_on(day), community_id=community_id, **whose)
    return rows.select_related("item", "unit").order_by("due_on", "pk")


def arrears_of(charges: Iterable[Any], day: date) -> list[Arrear]:
    """With their late fees to the end of the day; the same few questions for one bill and for a thousand. A late fee that is
    posted stands with its bill, and for itself where its bill is not among these."""
    given = list(charges)
    pks = {charge.pk for charge in given}
    found = [charge for charge in given if charge.principal_id not in pks]
    if not found:
        return []
    community_id = found[0].community_id
    rules = list(LateFeeRule.objects.filter(community_id=community_id, shown=True).order_by("from_on", "pk"))
    fees = _posted_fees(pks)
    disputes = _disputes([*pks, *(fee.pk for rows in fees.values() for fee in rows)])
    moved = _movements(list(pks)) if rules else {}
    ends = limitations(found)
    rates = rates_of(community_id) if rules else []
    return [
        _arrear(charge, day, rule_for(charge, rules), fees[charge.pk], disputes, moved, rates, ends[charge.pk])
        for charge in found
    ]


def _arrear(
    charge: Any, day: date, rule: Any, fees: Sequence[Any], disputes: Mapping[int, list[Dispute]],
    moved: Mapping[int, list[Movement]], rates: Sequence[tuple[date, Fraction]], ends: date,
) -> Arrear:  # fmt: skip
    standing = [fee for fee in fees if fee.reversal_id is None]
    last = max((fee.to_on for fee in standing), default=None)
    until = max(day, last) if last else day
    fee, terms, due, stake = None, terms_of(rule) if rule is not None else None, pay_day(charge), 0
    mine = disputes[charge.pk]
    if terms is not None:
        fee = _fee(charge, terms, until, moved, rates, [one for one in mine if not one.counts])
        if _contested(mine):
            quiet = [one for one in mine if not one.counts and one.to_on is not None]
            stake = _fee(charge, terms, until, moved, rates, quiet).claim - fee.claim
    begins = last + ONE_DAY if last else due + (terms.starts if terms else 1) * ONE_DAY
    asked = [one for one in standing if not _contested(disputes[one.pk])]
    return Arrear(
        charge, charge.open, _contested(disputes[charge.pk]), fee, rule, ends, sum(one.amount for one in standing),
        sum(one.open for one in asked), until, min(begins, until), len(fees), stake,
        tuple(one for one in mine if one.from_on <= until and (one.to_on is None or one.to_on > due)),
    )  # fmt: skip


def _fee(
    charge: Any, terms: Terms, until: date, moved: Mapping[int, list[Movement]], rates: Sequence[tuple[date, Fraction]],
    quiet: Iterable[Dispute],
) -> LateFee:  # fmt: skip
    spans = [Span(one.from_on, one.to_on) for one in quiet]
    return late_fee(terms, charge.amount, pay_day(charge), until, movements=moved[charge.pk], frozen=spans, rates=rates)


def contested(community_id: int) -> Any:
    """The bills about which nobody has decided yet: no money goes to them by itself."""
    return Dispute.objects.filter(to_on__isnull=True, charge__community=community_id).values("charge")


def _contested(disputes: Iterable[Dispute]) -> bool:
    return any(one.to_on is None for one in disputes)


def _posted_fees(pks: Iterable[int]) -> Mapping[int, list[Any]]:
    """By bill: the late fees that stand in the books, those taken back too."""
    found: dict[int, list[Any]] = defaultdict(list)
    for fee in Charge.objects.filter(principal__in=list(pks)).order_by("pk"):
        found[fee.principal_id or 0].append(fee)
    return found


def accrued(community_id: int, charges: Sequence[Any], day: date) -> list[Accrual]:
    """What the ledger posts before money goes to these bills, or when they are asked for. Nothing while one is contested: the
    decision posts what is owed of one that was paid meanwhile.
    Money that had come in in time makes a bill never late: what was posted of it comes back."""
    owed = [one for one in charges if one.reversal_id is None and one.amount > 0]
    if not owed or not LateFeeRule.objects.filter(community_id=community_id, shown=True).exists():
        return []
    early = [one.pk for one in owed if one.due_on >= day]
    fees = Charge.objects.filter(principal__in=early, reversal__isnull=True) if early else Charge.objects.none()
    posted = set(fees.order_by().values_list("principal", flat=True))
    late = [one for one in owed if one.due_on < day or one.pk in posted]
    found = []
    for one in arrears_of(late, day):
        if one.disputed or not one.accrued or one.until is None or one.begins is None:
            continue
        first = one.begins if one.accrued > 0 else one.until
        basis = {
            "kind": "late_fee", "of": one.charge.pk, "clause": one.rule.clause, "daily_percent": str(one.rule.daily_percent),
            "days": one.fee.days if one.fee else 0, "claim": one.fee.claim if one.fee else 0, "posted": one.posted,
            "until": one.until.isoformat(), "rounding": one.rule.rounding,
            "disputes": [[f"{was.from_on}", f"{was.to_on}", was.outcome] for was in one.disputes],
        }  # fmt: skip
        part = f"{one.charge.pk}-{one.count + 1}"
        found.append(Accrual(one.charge, first, one.until, one.accrued, part, one.words_posted, basis))
    return found


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


def _disputes(charges: Sequence[int]) -> Mapping[int, list[Dispute]]:
    found: dict[int, list[Dispute]] = defaultdict(list)
    for one in Dispute.objects.filter(charge__in=charges).order_by("from_on", "pk"):
        found[one.charge_id].append(one)
    return found


def _movements(charges: Sequence[int]) -> Mapping[int, list[Movement]]:
    """What moved each bill besides its own posting: a payment counts on the day on which the money came in."""
    found: dict[int, list[Movement]] = defaultdict(list)
    rows = Line.objects.filter(account=Account.RECEIVABLE, charge__in=charges)
    rows = rows.exclude(voucher__kind__in=("charge", "transfer"), voucher__reverses__isnull=True, amount__gt=0)
    for line in rows.select_related("receipt").order_by("pk"):
        taken = line.receipt is not None and line.amount < 0
        on = timezone.localdate(line.receipt.received_at) if taken else line.day
        found[line.charge_id].append(Movement(on, line.amount))
    return found


def limitations(charges: Iterable[Any]) -> dict[int, date]:
    """The last day on which each bill can still be sued for."""
    due = {charge.pk: charge.due_on for charge in charges}
    # what interrupts it towards one joint debtor does so towards the other (诉讼时效规定第15条)
    came = dict(TurnedCharge.objects.filter(now__in=list(due)).values_list("was_id", "now_id"))
    asked: dict[int, list[Interruption]] = defaultdict(list)
    lines = DemandLine.objects.filter(charge__in=[*due, *came], demand__on__isnull=False).select_related("demand")
    for line in lines:
        told = Interruption(line.demand.on, line.demand.consent)
        for pk in {line.charge_id, came.get(line.charge_id)} & set(due):
            asked[pk].append(told)
    return {pk: limitation(due_on, asked[pk]) for pk, due_on in due.items()}
