"""《业主基本情况汇总表》 as a living list (F35): every column, masked, narrowed, sorted, paged by keys, printed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yihu.ground.estate.models import Occupancy, ParkingSpace, Party, UnitArea, Vehicle

pytestmark = pytest.mark.django_db
PAGE = "/estate/summary/"


def furnish(cast: Any) -> None:
    """One home with all that the sheet has a column for."""
    Party.objects.filter(pk=cast.owner.pk).update(remark="")
    cast.owner.id_no, cast.owner.phone2 = "110105195905105647", "01088886666"
    cast.owner.save()
    UnitArea.objects.create(unit=cast.home, gross_area="89.52", net_area="70.10")
    lessee = Party.objects.create(community=cast.yunqi, name="周租户", phone="13700137001")
    Occupancy.objects.create(unit=cast.home, party=lessee, role="lessee")
    Vehicle.objects.create(community=cast.yunqi, unit=cast.home, plate="川A12345")
    ParkingSpace.objects.create(community=cast.yunqi, unit=cast.home, code="C-001")
    type(cast.home).objects.filter(pk=cast.home.pk).update(
        use="let",
        handed_over_on=date(2009, 5, 16),
        moved_in_on=date(2009, 9, 19),
        verified_on=date(2026, 3, 1),
        remark="老人独居",
    )


def rooms(answer: Any) -> list[str]:
    return [row["cells"][0]["text"] for row in answer.context["rows"]]


@pytest.mark.clause("ARC-08")
def test_a_line_says_all_that_the_paper_sheet_says_with_numbers_masked(cast: Any, sign_in: Any) -> None:
    furnish(cast)
    answer = sign_in(cast.wang).get(PAGE)
    line = [cell["text"] for cell in answer.context["rows"][0]["cells"]]
    assert line == [
        "A1-1-0101", "赵业主", str(cast.owner.id_no), "138****8112", str(cast.owner.phone2), "89.52（70.10）", "2009-05-16", "",
        "2009-09-19", "出租", "周租户", "137****7001", "C-001", "川A12345", "2026-03-01", "老人独居",
    ]  # fmt: skip
    shown = answer.content.decode()
    assert not [number for number in ("13800138112", "110105195905105647", "13700137001") if number in shown]
    assert "共 1 户，已交房 1，已办装修 0，已入住 1" in shown


def test_it_is_narrowed_and_sorted(cast: Any, sign_in: Any) -> None:
    furnish(cast)
    other = cast.unit("0201")
    client = sign_in(cast.wang)
    assert rooms(client.get(PAGE)) == ["A1-1-0101", "A1-1-0201"]
    assert rooms(client.get(f"{PAGE}?sort=verified")) == [other.label, "A1-1-0101"], "never verified stands first"
    assert rooms(client.get(f"{PAGE}?sort=handed")) == ["A1-1-0101", other.label], "not handed over stands last"
    assert rooms(client.get(f"{PAGE}?use=let")) == rooms(client.get(f"{PAGE}?q=赵业主")) == ["A1-1-0101"]
    assert rooms(client.get(f"{PAGE}?sort=nonsense&after=x~y")) == []


@pytest.mark.parametrize("sort", ["", "verified", "handed", "moved"])
def test_page_after_page_shows_each_unit_once_at_the_same_cost(cast: Any, sign_in: Any, sort: str) -> None:
    furnish(cast)
    client = sign_in(cast.wang)
    with CaptureQueriesContext(connection) as few:
        client.get(f"{PAGE}?sort={sort}")
    for number in range(60):
        unit = cast.unit(f"{number + 10:02d}02")
        day = date(2010 + number % 4, 1, 1) if number % 3 else None
        type(unit).objects.filter(pk=unit.pk).update(handed_over_on=day, moved_in_on=day, verified_on=day)
        party = Party.objects.create(community=cast.yunqi, name=f"业主{number}")
        Occupancy.objects.create(unit=unit, party=party, role="owner")
    with CaptureQueriesContext(connection) as many:
        first = client.get(f"{PAGE}?sort={sort}")
    assert len(many) == len(few)
    second = client.get(f"{PAGE}{first.context['next_url']}")
    seen = rooms(first) + rooms(second)
    assert (len(seen), len(set(seen)), second.context["next_url"]) == (61, 61, None)


def test_it_is_printed_as_it_is_narrowed(cast: Any, sign_in: Any) -> None:
    furnish(cast)
    answer = sign_in(cast.wang).get(f"{PAGE}print/?use=let")
    assert answer.content.startswith(b"%PDF")
    assert sign_in(cast.chen).get(f"{PAGE}print/").status_code == 403


def test_the_other_community_is_not_in_it(cast: Any, sign_in: Any) -> None:
    furnish(cast)
    assert rooms(sign_in(cast.lin).get(PAGE)) == []
