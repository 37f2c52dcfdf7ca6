"""Very many numbers at once, as somebody with a post in hundreds of communities asks them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from yihu.ground.estate.models import Community, Unit
from yihu.kernel.among import MANY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, MANY - 1, MANY, 40 * MANY])
def test_rows_are_found_by_few_numbers_and_by_many(cast: Any, count: int) -> None:
    nobodys = range(10_000_000, 10_000_000 + count - 1)
    here = [cast.yunqi.pk, *nobodys]
    assert set(Community.objects.filter(pk__in=here)) == {cast.yunqi}
    units, elsewhere = {cast.home, cast.unit("0102")}, Community.objects.create(name="青禾", code="Q2")
    assert set(Unit.objects.filter(community__in=here)) == units
    assert set(Unit.objects.filter(community_id__in=frozenset(here))) == units
    assert set(Unit.objects.filter(community__in=[cast.yunqi, *nobodys])) == units
    assert not Unit.objects.exclude(community_id__in=here).exists()
    assert set(Community.objects.exclude(pk__in=here)) == {elsewhere}
    assert not Unit.objects.filter(community_id__in=[None] * count).exists()


def test_a_post_in_five_hundred_communities_makes_no_longer_a_question(cast: Any) -> None:
    """On PostgreSQL; SQLite keeps the list, which its limit of places must hold."""
    rows = Unit.objects.filter(community_id__in=range(1_000_000, 1_005_000))
    assert not rows.exists()
    statement, given = rows.query.get_compiler(connection=connection).as_sql()
    if connection.vendor == "postgresql":
        assert len(given) == 1
    assert statement.count("%s") == len(given)
