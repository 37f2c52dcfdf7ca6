"""The doors of the plain registers here: a unit, its area, a person, who lives where. Each change says why, and is journaled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from yihu.basics.identity import check_id
from yihu.ground.estate.locking import refuse_locked
from yihu.ground.estate.models import Building, Community, Occupancy, Party, Unit, UnitArea
from yihu.ground.estate.models.places import SINCE_EVER
from yihu.kernel.authority import grants_of, is_system
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, NotAllowed, Refused
from yihu.kernel.facts import words
from yihu.kernel.models import Book

EDIT = "estate.edit"
FIGURES = ("gross_area", "net_area", "billing_area")


def seen_so_far(thing: Any) -> int:
    """How far the journal of a unit or person has come; a form carries it, to notice what others do meanwhile."""
    book = Book.objects.filter(register=thing._meta.label_lower, object_id=str(thing.pk)).first()
    return book.seq if book else 0


@contextmanager
def _correcting(thing: Any, *, by: Any, key: str, seen: int | None, body: Any) -> Iterator[tuple[Any, Book] | None]:
    """A command over one row of a plain register; None where it was carried out before."""
    if not is_system(by) and not grants_of(by).may(EDIT, thing.community_id):
        raise NotAllowed("您的岗位不能维护房屋与业户资料。")
    register = thing._meta.label_lower
    with command(by=by, key=key, body=[register, thing.pk, body], verb=f"{register}.correct") as writing:
        if writing.replayed:
            yield None
            return
        book = writing.book(register, thing.pk)
        if seen is not None and book.seq != seen:
            entries = book.journal.select_related("by").filter(seq__gt=seen).exclude(step="reveal")
            if found := list(entries.order_by("seq")):
                raise Conflict("您打开这一页之后，别人已经改过。请看过下面的变动再保存。", found)
        yield writing, book


def correct_unit(
    unit: Unit, values: Mapping[str, Any], *, by: Any, key: str, reason: str, seen: int | None = None,
    figures: Mapping[str, Any] | None = None, from_on: date | None = None,
) -> None:  # fmt: skip
    """Set columns of a unit. New areas hold from ``from_on``; without a day they correct the figures in force."""
    with _correcting(
        unit, by=by, key=key, seen=seen, body=[dict(values), dict(figures or {}), from_on, reason]
    ) as open_book:
        if open_book is None:
            return
        writing, book = open_book
        changed = _set(Unit.objects.select_for_update().get(pk=unit.pk), values)
        if figures is not None:
            changed |= _measure(unit, figures, from_on)
        if changed:
            writing.note(book, f"{by} 更正房屋资料：{reason}", changed, step="correct")


def correct_building(
    building: Building, values: Mapping[str, Any], *, by: Any, key: str, reason: str, seen: int | None = None
) -> None:
    """Set columns of a building: its acceptance, its developer."""
    with _correcting(building, by=by, key=key, seen=seen, body=[dict(values), reason]) as open_book:
        if open_book is None:
            return
        writing, book = open_book
        changed = _set(Building.objects.select_for_update().get(pk=building.pk), values)
        if changed:
            writing.note(book, f"{by} 更正楼栋资料：{reason}", changed, step="correct")


def correct_party(
    party: Party, values: Mapping[str, Any], *, by: Any, key: str, reason: str, seen: int | None = None
) -> None:
    """Set columns of a person or firm."""
    with _correcting(
        party, by=by, key=key, seen=seen, body=[{name: _plain(value) for name, value in values.items()}, reason]
    ) as open_book:
        if open_book is None:
            return
        writing, book = open_book
        row = Party.objects.select_for_update().get(pk=party.pk)
        refuse_locked(row)
        _refuse_twin(row, values)
        typed = values.get("id_no")
        if typed is not None and typed != row.id_no:
            values = {**values, "id_doubtful": bool(check_id(_plain(typed)))}
        changed = _set(row, values)
        changed.pop("id_doubtful", None)
        if changed:
            writing.note(book, f"{by} 更正客户资料：{reason}", changed, step="correct")


def add_party(community: Any, values: Mapping[str, Any], *, by: Any, key: str) -> Party:
    """Enter a customer who belongs to no house here (a developer, an advertiser). One who is known already is refused with
    a word where he is, for two cards of one firm are two accounts."""
    if not is_system(by) and not grants_of(by).may(EDIT, community.pk):
        raise NotAllowed("您的岗位不能维护房屋与业户资料。")
    body = [community.pk, {name: _plain(value) for name, value in values.items()}]
    with command(by=by, key=key, body=body, verb="estate.party.add") as writing:
        if writing.stored:
            return Party.objects.get(pk=writing.stored.answer_id)
        told = {name: value for name, value in values.items() if value}
        row = Party(community=community, id_doubtful=bool(check_id(_plain(values.get("id_no")))), **told)
        Community.objects.select_for_update().get(pk=community.pk)  # two clerks enter the same firm one after the other
        _refuse_twin(row, {})
        same = Party.objects.filter(community=community, name=row.name, locked_at__isnull=True)
        if row.kind == Party.Kind.COMPANY and same.filter(kind=Party.Kind.COMPANY).exists():
            raise Refused(f"本项目已有单位“{row.name}”，直接选用就行；确是另一家的，请在名称里写出区别。")
        if row.phone_index and same.filter(phone_index=row.phone_index).exists():
            raise Refused(f"本项目已有姓名和电话都相同的客户“{row.name}”，直接选用就行。")
        row.save(force_insert=True)
        writing.note(writing.book("estate.party", row.pk), f"{by} 登记往来单位 {row.journal_name}", step="add")
        writing.answer(row)
        return row


def add_occupant(
    unit: Unit, values: Mapping[str, Any], *, role: str, since: date | None, by: Any, key: str
) -> Occupancy | None:
    """Enter a person who belongs to a unit; with the same name and ID number he is the one who is known already."""
    with _correcting(
        unit, by=by, key=key, seen=None, body=[{name: _plain(value) for name, value in values.items()}, role, since]
    ) as open_book:
        if open_book is None:
            return None
        writing, book = open_book
        party = _known(unit, values)
        if party is None:
            party = Party.objects.create(
                community_id=unit.community_id, id_doubtful=bool(check_id(_plain(values.get("id_no")))), **values
            )
        if Occupancy.objects.filter(unit=unit, party=party, role=role, to_on=None).exists():
            raise Refused(f"{party.name} 已是 {unit.label} 的{Occupancy.Role(role).label}。")
        place = Occupancy.objects.filter(unit=unit, role=role).count()
        stay = Occupancy.objects.create(unit=unit, party=party, role=role, place=place, from_on=since)
        writing.note(book, f"{by} 登记{stay.get_role_display()} {party.journal_name}", step="correct")
        return stay


def end_occupancy(stay: Occupancy, *, until: date, by: Any, key: str, reason: str) -> None:
    """Somebody leaves. His line stays, with its end."""
    with _correcting(stay.unit, by=by, key=key, seen=None, body=[stay.pk, until, reason]) as open_book:
        if open_book is None:
            return
        writing, book = open_book
        row = Occupancy.objects.select_for_update().get(pk=stay.pk)
        if row.from_on and until < row.from_on:
            raise Refused(f"结束日期不能早于开始日期 {row.from_on:%Y-%m-%d}。")
        changed = {"to_on": [str(row.to_on or ""), str(until)]}
        row.to_on = until
        row.save(update_fields=["to_on"])
        writing.note(
            book, f"{by} 结束{row.get_role_display()} {row.party.journal_name}：{reason}", changed, step="correct"
        )


def _set(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Save what differs; gives the changes in words, personal values unspoken."""
    names = [name for name, value in values.items() if getattr(row, name) != value]
    before = {name: getattr(row, name) for name in names}
    for name in names:
        setattr(row, name, values[name])
    if not names:
        return {}
    derived = ["name_initials"] if "name" in names else []
    row.save(update_fields=[*names, *derived])
    fields = {name: row._meta.get_field(name) for name in names}
    return {
        name: [words(field, before[name], row), words(field, getattr(row, name), row)] for name, field in fields.items()
    }


def _measure(unit: Unit, figures: Mapping[str, Any], from_on: date | None) -> dict[str, Any]:
    current = UnitArea.objects.filter(unit=unit).order_by("-from_on").first()
    before = {name: getattr(current, name) if current else None for name in FIGURES}
    if all(before[name] == figures.get(name) for name in FIGURES):
        return {}
    if current is None or (from_on and from_on > current.from_on):
        current = UnitArea(unit=unit, from_on=from_on or SINCE_EVER)
    elif from_on and from_on < current.from_on:
        raise Refused(f"新面积的生效日期不能早于现有面积的 {current.from_on:%Y-%m-%d}。")
    for name in FIGURES:
        setattr(current, name, figures.get(name))
    current.save()
    return {
        name: [str(before[name] or ""), str(figures.get(name) or "")]
        for name in FIGURES
        if before[name] != figures.get(name)
    }


def _refuse_twin(row: Party, values: Mapping[str, Any]) -> None:
    """Name and number together are one person; a second card for him is refused in words, not by the database."""
    twin = Party(community_id=row.community_id, name=values.get("name", row.name), id_no=values.get("id_no", row.id_no))
    if (
        twin.id_no_index
        and Party.objects.filter(community_id=row.community_id, name=twin.name, id_no_index=twin.id_no_index)
        .exclude(pk=row.pk)
        .exists()
    ):
        raise Refused(f"本项目已有姓名和证件号都相同的客户“{twin.name}”，请核对。")


def _known(unit: Unit, values: Mapping[str, Any]) -> Party | None:
    probe = Party(community_id=unit.community_id, name=values["name"], id_no=values.get("id_no") or "")
    if not probe.id_no_index:
        return None
    return Party.objects.filter(community_id=unit.community_id, name=probe.name, id_no_index=probe.id_no_index).first()


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
