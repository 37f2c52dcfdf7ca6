"""A roll that went live is taken back whole, unless something stands on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from tests.support.cast import Cast
from tests.support.messy_roll import IDS, ROW, row, small_roll
from tests.support.rolls import MADE, S, counts, everything, gone_live, rows
from yihu.ground.estate.corrections import correct_unit
from yihu.ground.estate.models import (
    Occupancy,
    Party,
    Unit,
)
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def test_a_batch_can_be_taken_back_as_a_whole(cast: Cast) -> None:
    home, owner = cast.home, cast.owner
    before = counts()
    run = gone_live(cast, small_roll())
    assert Unit.objects.count() == 32
    run = perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})
    assert (run.state, counts()) == (S.UNDONE, before)
    assert (home.label, owner.name) == (Unit.objects.get().label, Party.objects.get().name)
    assert gone_live(cast, small_roll()).created == 31


def test_taking_back_sets_back_what_was_updated(cast: Cast) -> None:
    gone_live(cast, rows(row(身份证号=IDS[0]), row(房号="0102")))
    before = {name: told for name, told in everything().items() if name in ("UnitArea", "Occupancy", "Party", "Unit")}
    run = gone_live(
        cast,
        rows(
            row(业主姓名="钱思远", 身份证号=IDS[1], 联系电话="13900139223", 使用情况="出租", 建筑面积=95),
            row(房号="0102", 联系电话="13700137334"),
        ),
    )
    assert run.updated == 2
    perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})
    after = everything()
    assert {name: _without_seals(after[name]) for name in before} == {
        name: _without_seals(told) for name, told in before.items()
    }


def _without_seals(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: str(value) if name in ("phone", "phone2", "id_no") else value for name, value in one.items()}
        for one in told
    ]


def test_a_batch_on_which_something_stands_cannot_be_taken_back(cast: Cast) -> None:
    run = gone_live(cast, rows(ROW, row(房号="0102")))
    unit = Unit.objects.get(room="0101")
    correct_unit(unit, {"use": "vacant"}, by=cast.li, key="k", reason="上门核实")
    with pytest.raises(Refused, match="已有人更正的房屋：A1-1-0101"):
        perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})

    later = gone_live(cast, rows(row(房号="0201")))
    with pytest.raises(Refused, match=f"之后的名册导入 {later.number}"):
        perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})
    guest = Party.objects.create(community=cast.yunqi, name="李月华")
    Occupancy.objects.create(unit=Unit.objects.get(room="0201"), party=guest, role="resident")
    with pytest.raises(Refused, match="占用关系：A1-1-0201 住户 李月华"):
        perform(later, "undo", by=cast.li, data={"reason": "传错了文件"})
    assert Unit.objects.filter(room="0201").exists()


def test_every_table_of_the_estate_can_be_taken_back() -> None:
    """A table that an import writes and that forgets which import wrote it could not be taken back."""
    for model in MADE:
        assert isinstance(model._meta.get_field("roll"), models.ForeignKey), model
