"""月结清单: which signed charges a month's list takes up, by unit; frozen when it is signed, then handed to finance."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.utils import timezone

from yihu.areas.services.models import MonthLine, MonthList, Reversal, ServiceOrder, total_of
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import clocks
from yihu.kernel.authority import is_system
from yihu.kernel.bars import barred_among
from yihu.kernel.errors import Refused
from yihu.kernel.forms import PersonChoice, SignatureField, StepForm
from yihu.kernel.models import Attachment, Link, Record
from yihu.kernel.procedure import WORKING, Limit


@dataclass(frozen=True)
class Charge:
    """One amount that a unit owes (or gets back) for something that was signed."""

    record: Any
    kind: str
    what: str
    done_on: date
    amount_fen: int
    note: str = ""

    @property
    def unit(self) -> Any:
        return self.record.unit


Source = Callable[[Any, datetime, datetime], Iterable[Charge]]
_sources: list[Source] = []


def add_charges(source: Source) -> None:
    """``source(community, since, until)``: charges of another register that go on the list as well. A front registers it."""
    if source not in _sources:
        _sources.append(source)


def span(month_list: Any) -> tuple[datetime, datetime]:
    """What the list looks at: its own business month, and the one before for what came after that one's signature."""
    return month_list.month.before.bounds[0], month_list.month.bounds[1]


def due_charges(month_list: Any) -> list[Charge]:
    """Charges up to the month's end that stand on no list yet, by unit and day."""
    since, until = span(month_list)
    found = [charge for source in (service_charges, *_sources) for charge in source(month_list.community, since, until)]
    listed = set(
        MonthLine.objects.filter(record_id__in=[charge.record.pk for charge in found], dropped=False).values_list(
            "record_id", flat=True
        )
    )
    fresh = [charge for charge in found if charge.record.pk not in listed]
    return sorted(fresh, key=lambda charge: (str(charge.unit), charge.unit.pk, charge.done_on, charge.record.number))


def service_charges(community: Any, since: datetime, until: datetime) -> Iterable[Charge]:
    """Signed orders that are settled by the month, and what was taken back of such."""
    monthly = {"community": community, "unit__isnull": False}
    orders = ServiceOrder.objects.filter(**monthly, settle=ServiceOrder.Settle.MONTH, total_fen__gt=0)
    for order in orders.filter(signed_at__gte=since, signed_at__lt=until).select_related("unit"):
        note = "客户拒签" if order.sign_refused else ""
        yield Charge(
            order,
            "特约服务",
            mask_free_text(order.content)[:120],
            timezone.localdate(order.signed_at),
            order.total_fen,
            note,
        )
    taken_back = Reversal.objects.filter(**monthly, order__settle=ServiceOrder.Settle.MONTH)
    for one in taken_back.filter(granted_at__gte=since, granted_at__lt=until).select_related("unit"):
        yield Charge(one, "冲正", one.summary, timezone.localdate(one.granted_at), -one.amount_fen)


def lines_of(month_list: Any) -> list[Any]:
    """What stands on a signed list, else what would stand on it now; on one withdrawn before it was signed, nothing."""
    if month_list.signed_at is None:
        return [] if month_list.withdrawn else due_charges(month_list)
    lines = list(month_list.lines.select_related("unit", "record"))
    return sorted(lines, key=lambda line: (str(line.unit), line.unit_id, line.done_on, line.record.number))


def shown(month_list: Any, person: Any) -> dict[str, Any]:
    """The list for one reader, in words: who is barred from a matter does not read it here; the totals hold all the same."""
    lines = lines_of(month_list)
    pks = [line.record.pk for line in lines]
    barred = barred_among(person, pks)
    seen = {row.pk: row for row in Record.objects.seen_by(person).filter(pk__in=pks)}
    groups: dict[int, dict[str, Any]] = {}
    for line in lines:
        group = groups.setdefault(line.unit.pk, {"unit": str(line.unit), "lines": [], "fen": 0})
        group["fen"] += line.amount_fen
        if line.record.pk not in barred:
            group["lines"].append(_words(line, seen))
    total = total_of(lines)
    return {
        "groups": [
            {**group, "total": yuan(group["fen"]), "total_fen": group["fen"]}
            for group in groups.values()
            if group["lines"]
        ],
        "count": len(lines),
        "units": len(groups),
        "hidden": len(barred),
        "total": yuan(total),
        "words": rmb_capitals(total),
    }


def _words(line: Any, seen: dict[int, Any]) -> dict[str, Any]:
    return {
        "number": line.record.number,
        "url": seen[line.record.pk].get_absolute_url() if line.record.pk in seen else "",
        "kind": line.kind,
        "what": line.what,
        "on": f"{line.done_on:%m-%d}",
        "day": line.done_on,
        "amount": yuan(line.amount_fen),
        "amount_fen": line.amount_fen,
        "note": line.note,
    }


# -- forms -------------------------------------------------------------------------------------------------------------


class MonthListForm(StepForm):
    """Opening: by the system when the month comes round; by hand only for a month whose list was withdrawn."""

    optional = ("due_at",)

    class Meta:
        model = MonthList
        fields = ["period", "due_at"]
        widgets = {"due_at": forms.HiddenInput}

    def prepare(self) -> None:
        if is_system(self.by):
            return
        months = openable(self.record.community_id)
        self.fields["period"] = forms.ChoiceField(
            label="业务月",
            choices=[(month, f"{month}（第 {count + 1} 次开单）") for month, count in months.items()],
            widget=forms.RadioSelect,
        )
        if months and self.initial.get("period") not in months:
            self.initial["period"] = next(iter(months))

    def clean(self) -> dict[str, Any]:
        """The next edition of its month, due as usual, or where that is past by the end of the next working day."""
        cleaned = super().clean() or {}
        period, month_list = cleaned.get("period"), self.record
        if not period:
            return cleaned
        # whoever comes second waits here for the first and then sees that the month has its list
        earlier = MonthList.objects.select_for_update().filter(community_id=month_list.community_id, period=period)
        lists = list(earlier)
        if any(not one.withdrawn for one in lists):
            self.add_error("period", f"{period} 已经有月结清单，不能再开；有误的请先撤回那一张。")
        month_list.edition = len(lists) + 1
        if is_system(self.by):
            if not cleaned.get("due_at"):
                self.add_error("due_at", "请写明应送时间。")
        elif lists:
            next_day = clocks.after(Limit(WORKING, days=1), self.at or timezone.now(), month_list.community_id)
            cleaned["due_at"] = max(lists[0].due_at, next_day)
        return cleaned


def may_reopen(person: Any, month_list: Any, grants: Any) -> bool:
    return bool(openable(month_list.community_id))


def openable(community_id: int) -> dict[str, int]:
    """The months whose list was withdrawn and that have none now, the latest first, with how often they had one."""
    rows = MonthList.objects.filter(community_id=community_id)
    held: dict[str, list[bool]] = {}
    for period, closed_as in rows.order_by("-period").values_list("period", "closed_as"):
        held.setdefault(period, []).append(closed_as == Record.ClosedAs.WITHDRAWN)
    return {period: len(found) for period, found in held.items() if all(found)}


class SignListForm(StepForm):
    signature = SignatureField(label="汇总人签名")
    optional = ("remarks",)

    class Meta:
        model = MonthList
        fields = ["remarks"]
        widgets = {"remarks": forms.Textarea(attrs={"rows": 2})}

    def panel(self) -> dict[str, Any]:
        """What is about to be signed, for the page."""
        return shown(self.record, self.by)


class SendForm(StepForm):
    """Handed over: to whom in finance."""

    receiver = PersonChoice(label="财务接收人", capability="services.receive")

    class Meta:
        model = MonthList
        fields = ["receiver"]


# -- effects -----------------------------------------------------------------------------------------------------------


def opened(act: Any) -> None:
    """Drawn up again: tied to the one that was withdrawn, and both say so."""
    fresh = act.record
    before = MonthList.objects.filter(community_id=fresh.community_id, period=fresh.period).exclude(pk=fresh.pk)
    last = before.order_by("-edition", "-pk").first()
    if last is not None:
        act.command.link(last, fresh, Link.Why.SEE)
        act.command.note(last, f"{act.by} 重新开出 {fresh.number}，代替本清单", step="replaced")
        act.command.note(fresh, f"代替已撤回的 {last.number}", step="replaces")


def withdrawn(act: Any) -> None:
    """It stays readable as it was signed; its month is free for another list, and its lines for whatever list takes them up."""
    MonthList.objects.filter(pk=act.record.pk).update(list_of=None)
    act.record.lines.update(dropped=True)
    people = [one for one in (act.record.receiver, act.record.signed_by) if one and one != act.by]
    act.tell(people, f"{act.record.number} {act.record.period} 月结清单已撤回：{act.data['reason']}")


def replaces(month_list: Any) -> str:
    """The number of the list in whose place this one stands."""
    before = MonthList.objects.filter(community_id=month_list.community_id, period=month_list.period)
    found = before.filter(edition__lt=month_list.edition).order_by("-edition").values_list("number", flat=True).first()
    return found or ""


def signed(act: Any) -> None:
    """From now on the list shows what it took up at this moment, and no other list takes it up."""
    charges = due_charges(act.record)
    rows = [
        MonthLine(
            month_list=act.record, record_id=charge.record.pk, unit=charge.unit, kind=charge.kind, what=charge.what[:120],
            done_on=charge.done_on, amount_fen=charge.amount_fen, note=charge.note,
        )
        for charge in charges
    ]  # fmt: skip
    try:
        with transaction.atomic():
            MonthLine.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused("有的单据刚刚列进了另一张清单，请刷新后重试。") from None
    act.record.signed_at, act.record.signed_by = act.at, act.by
    act.record.handler = act.by
    act.record.total_fen = total_of(charges)
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)


def sent(act: Any) -> None:
    act.record.sent_at = act.at
    act.tell([act.record.receiver], f"{act.record.number} {act.record.period} 有偿服务月结清单已送财务，请核对接收。")


def received(act: Any) -> None:
    act.record.received_at = act.at
