"""One row of the roll as plain values, and how it is kept while it waits to go live."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

# The values of a unit that the roll may set, and how they are kept as text.
DATES: Final = ("handed_over_on", "renovation_begun_on", "moved_in_on")
AREAS: Final = ("gross_area", "net_area", "billing_area")
PERSONAL: Final = ("phone", "phone2", "id_no")


@dataclass
class Person:
    """An owner, lessee or emergency contact as the row names him."""

    name: str
    initials: str = ""
    firm: bool = False
    phone: str = ""
    phone2: str = ""
    id_no: str = ""
    doubtful: bool = False
    share: Decimal | None = None
    contact_name: str = ""
    mailing_address: str = ""


@dataclass
class Row:
    """A unit with its people. ``key`` is cluster, building, entrance and room."""

    sheet: str
    row_no: int
    key: tuple[str, str, str, str]
    kind: str = "home"
    use: str = ""
    remark: str = ""
    handed_over_on: date | None = None
    renovation_begun_on: date | None = None
    moved_in_on: date | None = None
    gross_area: Decimal | None = None
    net_area: Decimal | None = None
    billing_area: Decimal | None = None
    owners: list[Person] = field(default_factory=list)
    lessees: list[Person] = field(default_factory=list)
    emergency: list[Person] = field(default_factory=list)
    lease_from: date | None = None
    lease_to: date | None = None
    terms: dict[str, int] = field(default_factory=dict)  # amounts of the lease in 分, by their columns
    parking: list[str] = field(default_factory=list)
    plates: list[str] = field(default_factory=list)

    def people(self) -> list[tuple[str, Person]]:
        """Everybody with his role, in the row's order."""
        return [
            *(("owner", person) for person in self.owners),
            *(("lessee", person) for person in self.lessees),
            *(("emergency", person) for person in self.emergency),
        ]


_DAYS: Final = (*DATES, "lease_from", "lease_to")
_PLAIN: Final = ("kind", "use", "remark", "parking", "plates", "terms")
_OF_PERSON: Final = ("name", "initials", "firm", "doubtful", "contact_name", "mailing_address")
_ROLES: Final = ("owners", "lessees", "emergency")


def to_staged(row: Row) -> tuple[dict[str, Any], str]:
    """The row as JSON without personal values, and the personal values as one text that is to be sealed."""
    values: dict[str, Any] = {"key": list(row.key)}
    values |= {name: getattr(row, name) for name in _PLAIN if getattr(row, name)}
    values |= {name: getattr(row, name).isoformat() for name in _DAYS if getattr(row, name)}
    values |= {name: str(getattr(row, name)) for name in AREAS if getattr(row, name)}
    secret: list[list[str]] = []
    for role in _ROLES:
        people: list[Person] = getattr(row, role)
        if people:
            values[role] = [
                {name: getattr(person, name) for name in _OF_PERSON if getattr(person, name)}
                | ({"share": str(person.share)} if person.share else {})
                for person in people
            ]
            secret += [[getattr(person, name) for name in PERSONAL] for person in people]
    return values, json.dumps(secret, ensure_ascii=False) if any(map(any, secret)) else ""


def from_staged(sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Row:
    row = Row(sheet, row_no, tuple(values["key"]))
    for name in _PLAIN:
        if name in values:
            setattr(row, name, values[name])
    for name in _DAYS:
        if name in values:
            setattr(row, name, date.fromisoformat(values[name]))
    for name in AREAS:
        if name in values:
            setattr(row, name, Decimal(values[name]))
    secrets = iter(json.loads(secret) if secret else ())
    for role in _ROLES:
        for told in values.get(role, ()):
            person = Person(**{**told, "share": Decimal(told["share"]) if "share" in told else None})
            person.phone, person.phone2, person.id_no = next(secrets, ("", "", ""))
            getattr(row, role).append(person)
    return row
