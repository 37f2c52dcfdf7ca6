"""Random histories of two customers agree to the cent with the second book-keeper, and the identities hold after each step."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ledger.history import History
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
STEPS = 24


def run_through(office: Any, seed: int, *, steps: int = STEPS, at_each: bool = True) -> None:
    print(f"seed {seed}")
    history = History(office, seed)
    for _ in range(steps):
        history.step()
        if at_each:
            history.compare()
    history.compare()


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


@pytest.mark.parametrize("seed", range(20261110, 20261116))
def test_a_random_history_agrees_with_the_pencil(office: Any, seed: int) -> None:
    run_through(office, seed)
    assert faults() == []


@pytest.mark.exam
@pytest.mark.parametrize("hundred", range(100))
def test_ten_thousand_histories_agree_with_the_pencil(office: Any, hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        run_through(office, seed, steps=10, at_each=False)
    assert faults() == []


@pytest.mark.parametrize("slip", ["let off", "for rent", "carried"])
def test_a_book_keeper_who_loses_a_cent_is_noticed(office: Any, slip: str) -> None:
    """The control: the comparison is not blind."""
    history = History(office, 7)
    history.bill()
    history.receive()
    match slip:
        case "let off":
            history.pencil.bills[0].let_off = 1
        case "for rent":
            history.pencil.slips[0].for_rent = 1
        case "carried":
            history.pencil.carried = 1
    with pytest.raises(AssertionError):
        history.compare()
