"""Who holds a unit by which right, as dated events: title passes, a lease begins, is changed and ends.

Each door writes inside the caller's command, with the unit's row locked: two who do it at once come one after the other.
Nothing waits for its day: rows carry their dates, and whoever asks says of which day (``Occupancy.objects.on``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q

from yihu.basics.identity import check_id
from yihu.ground.estate.models import Lease, Occupancy, Party, Unit
from yihu.ground.estate.models.leases import AMOUNTS
from yihu.kernel.errors import Conflict, Refused

BOOK = "estate.unit"
ONE_DAY = timedelta(days=1)
Owner, Lessee = Occupancy.Role.OWNER, Occupancy.Role.LESSEE
Holding = tuple[Party, Decimal | None]


@dataclass(frozen=True)
class Passed:
    """What a transfer changed: of each old row its former end, of each new one its number; plain enough to be kept."""

    ended: list[list[Any]]
    begun: list[int]


def holders(unit_id: int, day: date, role: str = Owner) -> list[Occupancy]:
    """Who held the unit on that day, in the order of the roll."""
    rows = Occupancy.objects.filter(unit_id=unit_id, role=role).on(day)
    return list(rows.select_related("party").order_by("place", "pk"))


def known_or_new(community_id: int, values: Mapping[str, Any]) -> tuple[Party, bool]:
    """A person by name and ID number if he is known here already, else a new card; and whether it is new."""
    probe = Party(community_id=community_id, name=values["name"], id_no=values.get("id_no") or "")
    if probe.id_no_index:
        same = Party.objects.filter(community_id=community_id, name=probe.name, id_no_index=probe.id_no_index).first()
        if same is not None:
            return same, False
    told = {name: value for name, value in values.items() if value}
    doubtful = bool(check_id(str(values["id_no"]))) if values.get("id_no") else False
    return Party.objects.create(community_id=community_id, id_doubtful=doubtful, **told), True


def pass_title(writing: Any, unit: Unit, heirs: Sequence[Holding], on: date, why: str) -> Passed:
    """From ``on`` the unit belongs to these and to nobody else; those before them end the day before."""
    _lock(unit)
    rows = Occupancy.objects.select_for_update().filter(unit=unit, role=Owner)
    held = list(rows.filter(Q(to_on__isnull=True) | Q(to_on__gte=on)).select_related("party").order_by("place", "pk"))
    for stay in held:
        if stay.from_on and stay.from_on >= on:
            raise Refused(
                f"{unit.label} 已登记 {stay.from_on:%Y-%m-%d} 起的业主 {stay.party.name}，生效日期要晚于这一天；"
                "那一次登记错了的，请先撤销。"
            )
    ended = [[stay.pk, stay.to_on.isoformat() if stay.to_on else None] for stay in held]
    Occupancy.objects.filter(pk__in=[stay.pk for stay in held]).update(to_on=on - ONE_DAY)
    begun = [
        Occupancy.objects.create(unit=unit, party=party, role=Owner, place=place, share=share, from_on=on).pk
        for place, (party, share) in enumerate(heirs)
    ]
    changed = {
        "owners": [
            "、".join(stay.party.journal_name for stay in held),
            "、".join(party.journal_name for party, _ in heirs),
        ]
    }
    writing.note(
        writing.book(BOOK, unit.pk), f"{writing.by} 登记过户，自 {on:%Y-%m-%d} 起：{why}", changed, step="transfer"
    )
    return Passed(ended, begun)


def take_title_back(writing: Any, unit: Unit, passed: Passed, on: date, today: date, why: str) -> None:
    """Before its day a transfer can be undone as if it had not been; whoever was entered for it alone is forgotten."""
    if on <= today:
        raise Refused("过户已经生效，不能撤销；登记错了的，请按正确的权属再登记一次过户。")
    rows = _as_left(unit, passed, on)
    people = [rows[pk].party for pk in passed.begun]
    Occupancy.objects.filter(pk__in=passed.begun).delete()
    for pk, until in passed.ended:
        Occupancy.objects.filter(pk=pk).update(to_on=until)
    writing.note(writing.book(BOOK, unit.pk), f"{writing.by} 撤销 {on:%Y-%m-%d} 的过户：{why}", step="transfer")
    forget(people)


def put_title_off(writing: Any, unit: Unit, passed: Passed, on: date, to: date, why: str) -> None:
    """The day on which title passes is another one."""
    _as_left(unit, passed, on)
    for stay in Occupancy.objects.filter(pk__in=[pk for pk, _ in passed.ended], from_on__gte=to).select_related(
        "party"
    ):
        raise Refused(f"生效日期要晚于现业主 {stay.party.name} 的开始日期 {stay.from_on:%Y-%m-%d}。")
    Occupancy.objects.filter(pk__in=[pk for pk, _ in passed.ended]).update(to_on=to - ONE_DAY)
    Occupancy.objects.filter(pk__in=passed.begun).update(from_on=to)
    changed = {"from_on": [f"{on:%Y-%m-%d}", f"{to:%Y-%m-%d}"]}
    writing.note(writing.book(BOOK, unit.pk), f"{writing.by} 更改过户生效日期：{why}", changed, step="transfer")


def begin_lease(
    writing: Any, unit: Unit, party: Party, *, since: date, until: date, use: str, amounts: Mapping[str, Any], why: str
) -> Occupancy:  # fmt: skip
    """A lessee from ``since`` until ``until``; one who is entered already gets these dates."""
    _lock(unit)
    rows = Occupancy.objects.select_for_update().filter(unit=unit, party=party, role=Lessee)
    stay = rows.filter(Q(to_on__isnull=True) | Q(to_on__gte=since)).order_by("-from_on", "-pk").first()
    if stay is None:
        place = Occupancy.objects.filter(unit=unit, role=Lessee).count()
        stay = Occupancy.objects.create(unit=unit, party=party, role=Lessee, place=place, from_on=since, to_on=until)
    else:
        stay.from_on, stay.to_on = since, until
        stay.save(update_fields=["from_on", "to_on"])
    _agree(stay, amounts)
    Unit.objects.filter(pk=unit.pk).update(use=use)
    writing.note(
        writing.book(BOOK, unit.pk),
        f"{writing.by} 登记租户 {party.journal_name}，租期 {since:%Y-%m-%d} 至 {until:%Y-%m-%d}：{why}",
        step="lease",
    )
    return stay


def change_lease(
    writing: Any, stay: Occupancy, until: date, why: str, amounts: Mapping[str, Any] | None = None
) -> None:
    """The lease ends on another day: renewed, or given up early. What was agreed may change with it."""
    unit = stay.unit
    _lock(unit)
    row = Occupancy.objects.select_for_update().get(pk=stay.pk)
    if row.from_on and until < row.from_on:
        raise Refused(f"结束日期不能早于租期开始的 {row.from_on:%Y-%m-%d}。")
    before, row.to_on = row.to_on, until
    row.save(update_fields=["to_on"])
    _agree(row, amounts or {})
    changed = {"to_on": [f"{before or ''}", f"{until}"]}
    writing.note(
        writing.book(BOOK, unit.pk),
        f"{writing.by} 更改租户 {stay.party.journal_name} 的租期：{why}",
        changed,
        step="lease",
    )


def set_use(writing: Any, unit: Unit, use: str, why: str) -> None:
    """How the unit is used from now on."""
    before = Unit.objects.select_for_update().get(pk=unit.pk)
    if before.use == use:
        return
    Unit.objects.filter(pk=unit.pk).update(use=use)
    changed = {"use": [before.get_use_display() if before.use else "", Unit.Use(use).label]}
    writing.note(writing.book(BOOK, unit.pk), f"{writing.by} 更改使用情况：{why}", changed, step="correct")


def forget(people: Iterable[Party]) -> None:
    """Cards on which nothing hangs, entered for what was then undone: personal values are not kept without a purpose."""
    for party in people:
        try:
            with transaction.atomic():
                party.delete()
        except ProtectedError:
            continue


def _lock(unit: Unit) -> None:
    Unit.objects.select_for_update().values_list("pk").get(pk=unit.pk)


def _as_left(unit: Unit, passed: Passed, on: date) -> dict[int, Occupancy]:
    """The rows of a transfer, if nobody has touched them since."""
    _lock(unit)
    asked = [*passed.begun, *(pk for pk, _ in passed.ended)]
    rows = {row.pk: row for row in Occupancy.objects.filter(pk__in=asked).select_related("party")}
    begun = all(pk in rows and rows[pk].from_on == on and rows[pk].to_on is None for pk in passed.begun)
    if not begun or any(pk not in rows or rows[pk].to_on != on - ONE_DAY for pk, _ in passed.ended):
        raise Conflict(f"{unit.label} 的业主登记之后又有变动，不能直接撤改，请先到房屋资料里核对。")
    return rows


def _agree(stay: Occupancy, amounts: Mapping[str, Any]) -> None:
    told = {name: amounts[name] for name in AMOUNTS if amounts.get(name)}
    if told:
        Lease.objects.update_or_create(occupancy=stay, defaults=told)
