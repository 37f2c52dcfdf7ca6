"""A list that never leaves the house as a workbook does not leave it through the interface either (domain.md §6.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.dunning import desk_of
from tests.support.integrations import program

pytestmark = pytest.mark.django_db


def test_no_program_gets_a_list_of_debtors_and_each_case_by_its_number(cast: Any) -> None:
    desk = desk_of(cast)
    desk.charge(35941)
    case = desk.case()
    other = program(cast)
    answer = other.get("dunning")
    assert answer.status_code == 403
    assert "不离开本系统" in answer.json()["sentence"]
    assert case.number not in answer.content.decode()
    assert other.get(f"dunning/{case.number}").json()["number"] == case.number
    assert other.get("reception").status_code == 200
