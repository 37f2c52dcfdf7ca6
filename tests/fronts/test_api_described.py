"""The description of the interface, taken at its word by a program that tries what it allows and much that it forbids."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

import tests.areas.test_registers as registers
from tests.support.integrations import Program, program
from tests.support.register_contract import RegisterContract
from yihu.fronts.api.openapi import document
from yihu.fronts.api.scopes import every_scope, every_step
from yihu.kernel.procedure import procedures
from yihu.kernel.who import system

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, negative_data_rejection,
]  # fmt: skip
FEW, MANY = 1, 60  # requests for each address, allowed and forbidden ones; the latter under --exam
FORM = "_form"  # what a step asks; each is asked for in test_api.py
ALIKE = ("_note", "_attach", "_urge", "_merge", "_withdraw")  # the same in every register: tried in one
CONTRACTS = {
    one().procedure.slug: one
    for part in (registers, *registers.PARTS)
    for one in vars(part).values()
    if inspect.isclass(one) and issubclass(one, RegisterContract) and one is not RegisterContract
}
COMMON = ("openapi.json", "registers", "units", "parties", "attachments")


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own test client: a request leaves the connection of the test alone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def described() -> list[Any]:
    """All operations, in the order of the description; it comes of declarations alone, so it is read once."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = WSGIHandler()
    return [operation.ok() for operation in schema.get_all_operations()]


def asked_of(slug: str) -> list[Any]:
    """The operations under one address."""
    return [one for one in described() if one.path.split("/")[3] == slug]


def try_everything(operations: list[Any], other: Program, request: Any, **where: Any) -> int:
    exam = request.config.getoption("--exam")
    few = settings(
        max_examples=MANY if exam else FEW, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    tried = 0
    for operation in operations:
        name = operation.definition.raw["operationId"]
        if not exam and (name.endswith(FORM) or (name.endswith(ALIKE) and not name.startswith("reception_"))):
            continue
        known = {name: value for name, value in where.items() if f"{{{name}}}" in operation.path}
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(int(request.config.option.hypothesis_seed))
            @few
            @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known or None))
            def ask(case: Any) -> None:
                nonlocal tried
                tried += 1
                case.call_and_validate(headers=other.headers, checks=CHECKS)

            ask()
    return tried


@pytest.mark.parametrize("slug", sorted(CONTRACTS))
def test_a_register_answers_as_its_description_says(cast: Any, request: Any, slug: str) -> None:
    record = CONTRACTS[slug]().make(cast)
    assert try_everything(asked_of(slug), program(cast), request, number=record.number) >= 4


@pytest.mark.parametrize("name", COMMON)
def test_what_is_common_answers_as_its_description_says(cast: Any, request: Any, name: str) -> None:
    assert cast.owner
    assert try_everything(asked_of(name), program(cast), request)


def test_the_description_holds_every_register_and_every_step(cast: Any) -> None:
    told = program(cast).get("openapi.json").json()
    assert told["openapi"].startswith("3.1")
    for procedure in procedures():
        base = f"/api/v1/{procedure.slug}"
        assert set(told["paths"][base]) == ({"get"} if procedure.opened_by is system else {"get", "post"})
        for step in every_step(procedure):
            assert set(told["paths"][f"{base}/{{number}}/{step.name}"]) == {"get", "post"}
    named = {one["x-scope"] for path in told["paths"].values() for one in path.values() if "x-scope" in one}
    assert named == set(every_scope())
