"""客户资料整理: what a look finds, what becomes of it, and two cards of one person made one (ARC-18)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.doing import from_seven, log_contact
from yihu.areas.households.finding import look_through
from yihu.areas.households.models import Finding, Tidying
from yihu.ground.contact.models import CallBack
from yihu.ground.estate.merging import merge_parties
from yihu.ground.estate.models import Occupancy, Party, Vehicle
from yihu.kernel.doors import command, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import JournalEntry, Record
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


def lives(cast: Any, name: str, room: str, role: str = "owner", **more: Any) -> Party:
    party: Party = Party.objects.create(community=cast.yunqi, name=name, **more)
    unit = cast.home if room == "0101" else cast.home.building.units.filter(room=room).first() or cast.unit(room)
    Occupancy.objects.create(unit=unit, party=party, role=role)
    return party


def look(cast: Any) -> Tidying:
    assert cast.home
    come_round(from_seven(), "household-tidying")
    return Tidying.objects.get(community=cast.yunqi)


def told(record: Tidying) -> set[tuple[str, str]]:
    return {(one.kind, one.named) for one in record.findings.all()}


@pytest.mark.clause("ARC-18")
def test_a_look_finds_twins_dead_telephones_and_what_is_missing(cast: Any) -> None:
    assert cast.owner
    lives(cast, "赵业主", "0201", phone="13800138112")
    lives(cast, "钱无话", "0301")
    lives(cast, "孙同名", "0401", phone="13900139001")
    lives(cast, "孙同名", "0501", phone="13900139002")
    dead = lives(cast, "周失联", "0601", phone="13900139003")
    contact = log_contact(cast, party=cast.owner.pk)
    Record.objects.filter(pk=contact.pk).update(party=dead)
    for attempt in range(1, 4):
        CallBack.objects.create(
            record_id=contact.pk,
            community=cast.yunqi,
            attempt=attempt,
            outcome="missed",
            caller=cast.wang,
            at=timezone.now(),
        )
    empty = cast.unit("0701")
    record = look(cast)
    assert told(record) == {
        ("twin", "赵业主"), ("no_phone", "钱无话"), ("dead", "周失联"), ("no_owner", empty.label),
    }  # fmt: skip
    assert record.found == 4
    assert look(cast).pk == record.pk, "one look a month"


def test_people_with_different_id_numbers_are_different_people(cast: Any) -> None:
    lives(cast, "李同名", "0201", phone="13900139001", id_no="110105195905105647")
    lives(cast, "李同名", "0301", phone="13900139001", id_no="110105196011181477")
    assert not look(cast).findings.filter(kind="twin").exists()


@pytest.mark.clause("ARC-18")
def test_each_line_gets_its_result_and_a_pair_of_two_people_is_not_found_again(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    lives(cast, "赵业主", "0201", phone="13800138112")
    lives(cast, "钱无话", "0301")
    record = look(cast)
    twin, missing = record.findings.get(kind="twin"), record.findings.get(kind="no_phone")
    client = sign_in(cast.li)
    page = f"/households/tidy/{record.number}/"
    assert len(client.get(page).context["rows"]) == 2
    assert client.post(f"/households/findings/{twin.pk}/settle/", {"result": "different"}).status_code == 302
    assert client.post(f"/households/findings/{twin.pk}/settle/", {"result": "fixed"}).status_code == 409
    with pytest.raises(Invalid) as caught:
        perform(record, "shut", by=cast.li, data={})
    assert "还有 1 处没有处理" in str(caught.value.form.errors)
    party = Party.objects.get(name="钱无话")
    party.phone = "13900139009"
    party.save()
    record.refresh_from_db()
    record = perform(record, "shut", by=cast.li, data={"words": "都已联系"})
    missing.refresh_from_db()
    assert (missing.result, record.found, record.settled) == ("fixed", 2, 2), (
        "what is found no more was put right elsewhere"
    )
    Finding.objects.filter(result="").delete()
    next_month = from_seven() + timedelta(days=31)
    come_round(next_month, "household-tidying")
    assert not Tidying.objects.latest("pk").findings.filter(kind="twin").exists()
    assert sign_in(cast.wang).get(page).status_code == 403
    assert sign_in(cast.lin).get(page).status_code in (403, 404)


@pytest.mark.clause("ARC-18")
def test_two_cards_become_one_and_nothing_is_lost(cast: Any, sign_in: Any) -> None:
    keep = cast.owner
    lose = lives(
        cast, "赵业主", "0201", phone="13800138112", phone2="01088886666", id_no="110105195905105647", remark="喜静"
    )
    Vehicle.objects.create(community=cast.yunqi, party=lose, plate="川A12345")
    contact = log_contact(cast, party=keep.pk)
    Record.objects.filter(pk=contact.pk).update(party=lose)
    twin = look(cast).findings.get(kind="twin")
    client = sign_in(cast.li)
    page = f"/households/findings/{twin.pk}/merge/"
    shown = client.get(page).content.decode()
    assert "138****8112" in shown
    assert "13800138112" not in shown
    assert client.post(page, {"keep": keep.pk, "why": "电话核实", "key": "k"}).status_code == 302
    keep.refresh_from_db()
    assert not Party.objects.filter(pk=lose.pk).exists()
    assert keep.occupancies.count() == 2
    assert (Record.objects.get(pk=contact.pk).party_id, Vehicle.objects.get().party_id) == (keep.pk, keep.pk)
    assert keep.phone == "13800138112"
    assert (keep.phone2, keep.id_no, keep.remark) == ("01088886666", "110105195905105647", "喜静")
    twin.refresh_from_db()
    assert twin.result == "merged"
    assert JournalEntry.objects.filter(
        book__register="estate.party", book__object_id=str(keep.pk), step="merge"
    ).exists()
    assert "01088886666" not in " ".join(one.sentence for one in JournalEntry.objects.all())


def merge(cast: Any, keep: Party, lose: Party, by: Any = None) -> None:
    with command(by=by or cast.li, body=[keep.pk, lose.pk], verb="test") as writing:
        merge_parties(writing, keep, lose, "核实")


def test_a_merge_that_would_harm_is_refused_and_changes_nothing(cast: Any) -> None:
    assert cast.owner
    twice = lives(cast, "赵业主", "0101")
    with pytest.raises(Refused, match="同时登记两次业主"):
        merge(cast, cast.owner, twice)
    Occupancy.objects.filter(party=twice).update(from_on=date(2010, 1, 1), to_on=date(2012, 1, 1))
    another = lives(cast, "李某", "0201", id_no="110105195905105647")
    different = lives(cast, "李某", "0301", id_no="110105196011181477")
    with pytest.raises(Refused, match="证件号码不同"):
        merge(cast, another, different)
    many = lives(cast, "王多号", "0401", phone="13900139001", phone2="13900139002")
    more = lives(cast, "王多号", "0501", phone="13900139003")
    with pytest.raises(Refused, match="三个以上"):
        merge(cast, many, more)
    with pytest.raises(NotAllowed):
        merge(cast, many, more, by=cast.chen)
    assert Party.objects.count() == 6


def test_a_look_asks_the_same_few_questions_of_many(cast: Any) -> None:
    assert cast.owner
    with CaptureQueriesContext(connection) as few:
        look_through(cast.yunqi)
    for number in range(30):
        lives(cast, f"业主{number}", f"{number + 10:02d}02", phone=f"1390013{number:04d}")
    with CaptureQueriesContext(connection) as many:
        look_through(cast.yunqi)
    assert len(many) == len(few)


def test_the_list_costs_the_same_however_long(cast: Any, sign_in: Any) -> None:
    lives(cast, "甲", "0201")
    record = look(cast)
    client = sign_in(cast.li)
    page = f"/households/tidy/{record.number}/"
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    party, unit = Party.objects.get(name="甲"), cast.home
    Finding.objects.bulk_create(
        [Finding(tidying=record, kind="no_phone", party=party, unit=unit, named=f"{n}") for n in range(60)]
    )
    with CaptureQueriesContext(connection) as many:
        first = client.get(page)
    assert len(many) == len(few)
    assert len(first.context["rows"]) == 40
    assert len(client.get(f"{page}{first.context['next_url']}").context["rows"]) == record.findings.count() - 40
