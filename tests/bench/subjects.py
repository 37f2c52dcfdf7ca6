"""What is measured, each beside its floor. A subject knows its keys and thresholds; `measuring` does the timing."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction

from tests.bench.browser import Answer, Browser
from tests.bench.estate import Estate
from tests.bench.measuring import Duel, own_queries, statements
from yihu.ground.estate.management.commands.import_roll import Command as ImportRoll
from yihu.ground.estate.models import (
    Building,
    Cluster,
    Community,
    Occupancy,
    ParkingSpace,
    Party,
    RollImport,
    RollProblem,
    RollRow,
    Unit,
    UnitArea,
    Vehicle,
)
from yihu.kernel.models import Sequence

MOST_QUERIES = 12
LEAST_OF_FLOOR = 0.5
MOST_OF_SEARCH = 6
LEAST_OF_BULK = 0.4
FLAT = 1.5
HTMX = {"HX-Request": "true"}
Ask = Callable[[int], Answer]


class NoComparison(Exception):
    """Floor and subject no longer do the same; a ratio of them would say nothing."""


@dataclass
class Subject:
    """One key of the result."""

    name: str
    duel: Duel
    say: Callable[[Duel], dict[str, Any]]

    def result(self) -> dict[str, Any]:
        return {**self.say(self.duel), **self.duel.figures()}


class Bench:
    """The people before their browsers, and what each of them does."""

    def __init__(self, estate: Estate) -> None:
        self.estate, application = estate, WSGIHandler()
        self.desk = Browser(application, estate.cast.wang)
        self.supervisor = Browser(application, estate.cast.li)
        self.imports = 0

    # -- pages -----------------------------------------------------------------------------------------------------

    def _against_page(
        self, browser: Browser, addresses: list[str], calls: int, headers: dict[str, str] | None = None
    ) -> Duel:
        """Pages in turn, each against a page of its own size."""
        sizes = []
        for address in addresses:
            answer = browser.get(address, headers)
            if answer.status != 200:
                raise NoComparison(f"{address} answers {answer.status}")
            sizes.append(len(answer.body))
        pk, count = self.estate.busy.pk, len(addresses)
        return Duel(
            floor=lambda number: browser.get(f"/bench/page/{pk}/{sizes[number % count]}/"),
            subject=lambda number: browser.get(addresses[number % count], headers),
            calls=calls,
        )

    def unit_file(self) -> Subject:
        address = f"/units/{self.estate.busy.pk}/"
        self.desk.get(address)
        with statements() as found:
            self.desk.get(address)
        queries = len(own_queries(found))
        return Subject(
            "unit_file",
            self.filing(self.desk),
            lambda duel: {"queries": queries, "vs_floor": _two(duel.times), "ok": queries <= MOST_QUERIES},
        )

    @cached_property
    def typed(self) -> list[str]:
        """Everything that people type into the one box."""
        estate = self.estate
        room, person = estate.units[len(estate.units) // 2], estate.known[3]
        return [
            room.label, room.label.replace("-", " ").lower(), room.room, person.name, person.name[:1], person.name_initials.split()[0],
            estate.firm.name[:4], estate.phones[5], estate.phones[7][-4:], estate.some_numbers()[4], "水龙头漏水", "电梯",
        ]  # fmt: skip

    def searching(self, browser: Browser) -> Duel:
        """Each of these as often as the other."""
        addresses = [f"/search/?q={quote(text)}" for text in self.typed]
        return self._against_page(browser, addresses, len(addresses) * 2, HTMX)

    def search(self) -> Subject:
        return Subject(
            "search",
            self.searching(self.desk),
            lambda duel: {"vs_floor": _two(duel.times), **slow(duel), "ok": duel.times <= MOST_OF_SEARCH},
        )

    def today(self) -> Subject:
        """今日 of the supervisor, who sees most."""
        return Subject(
            "today",
            self.starting(self.supervisor),
            lambda duel: {"vs_floor": _two(duel.times), "ok": True},
        )

    def list_now(self) -> Duel:
        """What is open, everything, and a page further back."""
        return self.listing(self.desk)

    def listing(self, browser: Browser) -> Duel:
        first = "/reception/?tab=all"
        further = browser.get(first).body.decode().split("after=")[1].split('"')[0].replace("&amp;", "&")
        return self._against_page(browser, ["/reception/", first, f"{first}&after={further.split('&')[0]}"], 21)

    def list(self, before: Duel) -> Subject:
        """``before`` was measured on a tenth of the history. Each time is seen against the floor of its own hour."""

        def say(duel: Duel) -> dict[str, Any]:
            flat = duel.times / before.times
            return {"vs_floor": _two(duel.times), "flat": _two(flat), "ok": flat <= FLAT, "before": before.figures()}

        return Subject("list", self.list_now(), say)

    def filing(self, browser: Browser) -> Duel:
        return self._against_page(browser, [f"/units/{self.estate.busy.pk}/"], 20)

    def starting(self, browser: Browser) -> Duel:
        return self._against_page(browser, ["/"], 20)

    # -- writing ---------------------------------------------------------------------------------------------------

    def log_contact(self) -> Subject:
        """A contact with a repair: the form is posted, the repair opened with it."""
        for kind in ("reception.contact", "repairs.workorder"):
            Sequence.objects.get_or_create(key=f"floor-{kind}")
        addresses = ("/bench/contact/", "/reception/new/")
        for address in addresses:
            self._post(address)  # the first of a month begins a new sequence of numbers
        written = [_rows_written(self._post, address) for address in addresses]
        if written[0] != written[1]:
            raise NoComparison(
                f"the floor writes {written[0]}, the program {written[1]}: bring tests/bench/floors.py up to it"
            )
        duel = Duel(
            lambda number: self._post("/bench/contact/"), lambda number: self._post("/reception/new/"), calls=20
        )

        def say(duel: Duel) -> dict[str, Any]:
            figures = duel.figures()
            share = 1 / duel.times
            return {
                "writes_per_s_vs_floor": _two(share), "writes_per_s": _two(1000 / figures["ms"]),
                "floor_writes_per_s": _two(1000 / figures["floor_ms"]), "ok": share >= LEAST_OF_FLOOR, "rows": written[1],
            }  # fmt: skip

        return Subject("log_contact", duel, say)

    def _post(self, address: str) -> None:
        unit = self.estate.lot.choice(self.estate.units)
        typed = {
            "key": uuid.uuid4().hex, "unit": unit.pk, "channel": "phone", "relation": "owner", "caller_name": "赵女士",
            "phone": "13800138112", "category": "repair", "content": "厨房水龙头漏水，关上总阀还在滴", "to-level": "minor",
            "to-trade": "water",
        }  # fmt: skip
        answer = self.desk.post(address, typed)
        if answer.status != 302:
            raise NoComparison(f"{address} answers {answer.status}")

    # -- importing -------------------------------------------------------------------------------------------------

    def import_roll(self) -> Subject:
        """The whole command, from the file to live units, against bulk creation of the rows that it leaves behind."""
        rows = _rows_of(RollImport.objects.filter(community=self.estate.community).first())
        count = sum(len(some) for some in rows.values())
        duel = Duel(lambda number: self._bulk_create(rows), lambda number: self._import(), calls=1, warm_up=0)

        def say(duel: Duel) -> dict[str, Any]:
            figures = duel.figures()
            share = 1 / duel.times
            return {
                "vs_bulk_create": _two(share), "units_per_s": _two(self.estate.size.units / figures["ms"] * 1000), "rows": count,
                "ok": share >= LEAST_OF_BULK,
            }  # fmt: skip

        return Subject("import_roll", duel, say)

    def _import(self) -> None:
        self.imports += 1
        with redirect_stdout(io.StringIO()):
            told = ImportRoll().import_file(self.estate.file, f"云栖苑{self.imports}期", [], False)
        if told["created"] != self.estate.size.units:
            raise NoComparison(f"the import made {told['created']} units")

    def _bulk_create(self, rows: dict[Any, list[dict[str, Any]]]) -> None:
        """The same rows in another community: built from their values, created table by table, in one transaction."""
        self.imports += 1
        here = {"community_id": Community.objects.create(name=f"平地{self.imports}", code=f"PD{self.imports}").pk}
        run = rows[RollRow][0]["run_id"]
        made: dict[Any, dict[int, int]] = {}
        with transaction.atomic():
            for model, some in rows.items():
                own = here if any(field.name == "community" for field in model._meta.concrete_fields) else {}
                fresh = [model(**self._moved(model, values, made), **own) for values in some]
                for one in fresh if model is RollRow else ():
                    one.position += self.imports * 1_000_000
                    one.run_id = run
                model.objects.bulk_create(fresh, batch_size=500)
                made[model] = {values["id"]: one.pk for values, one in zip(some, fresh, strict=True)}

    def _moved(self, model: Any, values: dict[str, Any], made: dict[Any, dict[int, int]]) -> dict[str, Any]:
        """The values of a row with its references turned to the rows just made."""
        moved = {name: value for name, value in values.items() if name not in ("id", "community_id")}
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in made:
                moved[field.attname] = made[field.related_model].get(values[field.attname])
        return moved


def _rows_of(run: Any) -> dict[Any, list[dict[str, Any]]]:
    """Every row that an import left in the tables that grow with it, in the order in which they refer to each other."""
    rows: dict[Any, list[dict[str, Any]]] = {}
    for model in (RollRow, RollProblem, Cluster, Building, Unit, UnitArea, Party, Occupancy, Vehicle, ParkingSpace):
        path = "run" if model in (RollRow, RollProblem) else "roll"
        names = [field.attname for field in model._meta.concrete_fields if not field.generated]
        rows[model] = [
            {name: getattr(row, name) for name in names} for row in model.objects.filter(**{path: run}).order_by("pk")
        ]
    return rows


def _rows_written(write: Callable[[str], object], address: str) -> dict[str, int]:
    """How many rows each table gained."""
    models = [model for model in apps.get_models() if model._meta.managed]
    before = {model: model._base_manager.count() for model in models}
    write(address)
    gained = {model._meta.label: model._base_manager.count() - before[model] for model in models}
    return {label: count for label, count in sorted(gained.items()) if count}


def slow(duel: Duel) -> dict[str, float]:
    """The slow one in twenty."""
    return {
        "p95_ms": _two(duel.late_ms),
        "p95_vs_floor": _two(duel.late),
        "p95_vs_floor_median": _two(duel.late_of_usual),
    }


def _two(number: float) -> float:
    return round(number, 2)
