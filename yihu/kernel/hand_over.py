"""One record opens another beside it: which register, what it knows already, and what was typed for it on the same page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.datastructures import MultiValueDict

from yihu.kernel.authority import is_system
from yihu.kernel.masked import Masked
from yihu.kernel.procedure import Procedure, Step, procedure_of

HAND_OVER_PREFIX = "to"


@dataclass(frozen=True)
class HandOver:
    """A record to be opened together with another; its form is filled in and has been checked already."""

    form: Any
    data: Mapping[str, Any]


def route_kind(procedure: Procedure, cleaned: Mapping[str, Any]) -> str:
    """The register that this opening hands over to, or ""."""
    route = procedure.route
    return "" if route is None or route.unless(cleaned) else route.kind_for(str(cleaned.get(route.field, "")))


def step_opens(procedure: Procedure, step: Step, record: Any) -> str:
    """The register that this step opens: named outright, or (``"route"``) by the procedure's route."""
    if step.opens != "route":
        return step.opens
    assert procedure.route is not None
    return procedure.route.kind_for(str(getattr(record, procedure.route.field)))


def hand_over_target(kind: str, record: Any, by: Any) -> Any:
    """An unsaved record of the register to hand over to, or None where there is none or the person may not open it."""
    if not kind:
        return None
    target = apps.get_model(kind)(community=record.community, unit=record.unit, party=record.party)
    return target if is_system(by) or procedure_of(kind).opened_by.allows(by, target) else None


def hand_over_data(initial: Mapping[str, Any], data: Any) -> MultiValueDict[str, Any]:
    """What was typed into the hand-over's part of the page; what that part left open, the first record knows. One box
    that was ticked of several is still a list."""
    prefix = f"{HAND_OVER_PREFIX}-"
    known = {
        f"{prefix}{name}": value
        for name, value in initial.items()
        if value is not None and not isinstance(value, Masked)
    }
    typed = {
        name: data.getlist(name) if hasattr(data, "getlist") else data[name] for name in data if name.startswith(prefix)
    }
    given = {name: value[-1] if isinstance(value, list) and len(value) == 1 else value for name, value in typed.items()}
    told = {**known, **{name: value for name, value in given.items() if value != "" or name not in known}}
    return MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in told.items()})


def opening_initial(procedure: Procedure, origin: Any) -> dict[str, Any]:
    return procedure.opening_from(origin) if procedure.opening_from else origin.facts()
