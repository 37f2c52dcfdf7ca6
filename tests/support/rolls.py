"""A roll handed in and made live, and what it left in the tables of the estate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.support.cast import Cast
from tests.support.messy_roll import table, upload
from yihu.ground.estate.models import (
    Building,
    Cluster,
    Community,
    Occupancy,
    ParkingSpace,
    Party,
    RollFile,
    RollImport,
    RollRow,
    Unit,
    UnitArea,
    Vehicle,
)
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid
from yihu.kernel.importing import running
from yihu.kernel.models import JournalEntry, Record

S = RollImport.State
MADE = (Cluster, Building, Unit, UnitArea, Party, Occupancy, Vehicle, ParkingSpace)


def handed_in(cast: Cast, content: bytes, **mapping: str) -> RollImport:
    run: RollImport = open_record(
        RollImport(community=cast.yunqi, mapping=mapping), by=cast.li, data={}, files={"import_file": upload(content)}
    )
    run.refresh_from_db()
    return run


def gone_live(cast: Cast, content: bytes, **mapping: str) -> RollImport:
    """Handed in, confirmed, carried out."""
    run = handed_in(cast, content, **mapping)
    return carried_out(perform(run, "go_live", by=cast.li, data={"overwrite": []}))


def carried_out(run: RollImport) -> RollImport:
    running.make_live.func("estate.rollimport", run.pk)
    run.refresh_from_db()
    return run


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MADE}


def everything() -> dict[str, list[Any]]:
    """All rows of all tables of the estate."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (*MADE, Community, RollImport, RollRow, RollFile, Record, JournalEntry)
    }


def refusal_of_form(error: pytest.ExceptionInfo[Invalid]) -> str:
    return str(error.value.form.errors["import_file"][0])


def rows(*told: Iterable[Any]) -> bytes:
    return table(*told)
