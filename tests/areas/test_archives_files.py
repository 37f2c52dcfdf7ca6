"""业主档案: what a household's file must hold and holds, where it stands, whether it is there; who went into the room."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, photo
from yihu.areas.archives import catalogue, printing
from yihu.areas.archives.lists import DOC_TYPES, USUAL
from yihu.areas.archives.models import Cabinet, RoomEntry, ShelfCheck
from yihu.ground.papers.models import DocType, Paper
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.models import Deadline, Message
from yihu.kernel.prints import render
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def tian(cast: Any) -> Any:
    return cast.person("tian", "田档案", "archivist")


@pytest.fixture
def listed(cast: Any, sign_in: Any) -> Any:
    """The usual catalogue, taken over with one click."""
    sign_in(cast.li).post(DOC_TYPES.address("start"))
    return {doc.name: doc for doc in DocType.objects.filter(community=cast.yunqi)}


def put(cast: Any, doc: Any, unit: Any = None, **more: Any) -> Any:
    unit = unit or cast.home
    told = {"kind": doc.kind, "title": doc.name, "place": "1 柜 1 层", **more}
    return Paper.objects.create(
        community=cast.yunqi, unit=unit, doc=doc, filed_at=at("2026-03-01 10:00"), filed_by=cast.wang, **told
    )


def hand_over(unit: Any, **days: date) -> None:
    for name, day in days.items():
        setattr(unit, name, day)
    unit.save()


@pytest.mark.clause("ARC-02")
def test_what_must_be_held_follows_the_life_of_the_house(cast: Any, listed: Any) -> None:
    assert len(listed) == len(USUAL)
    home = cast.home
    assert not catalogue.file_of(home).asked  # nobody has bought it
    _ = cast.owner
    sold = {line.doc.name: line.since for line in catalogue.file_of(home).missing}
    assert sold == {"业主身份证复印件": date(2020, 1, 1), "前期物业服务协议": date(2020, 1, 1)}
    hand_over(home, handed_over_on=date(2021, 5, 1), renovation_begun_on=date(2021, 6, 1))
    missing = {line.doc.name: line.since for line in catalogue.file_of(home).missing}
    assert missing["收楼确认书"] == date(2021, 5, 1)
    assert missing["装修管理协议"] == date(2021, 6, 1)
    assert "房屋租赁合同复印件" not in missing
    assert "营业执照复印件" not in missing  # that is asked of an office
    assert "委托办理授权书" not in missing  # where there is one it is filed, nobody must have one
    home.use = "let"
    home.save()
    assert "房屋租赁合同复印件" in {line.doc.name for line in catalogue.file_of(home).missing}


@pytest.mark.clause("ARC-01")
@pytest.mark.clause("ARC-14")
def test_the_list_names_who_lacks_what_and_what_has_no_electronic_file(cast: Any, listed: Any, sign_in: Any) -> None:
    _ = cast.owner
    other = cast.unit("0102")
    put(cast, listed["业主身份证复印件"])
    client = sign_in(cast.wang)
    page = text_of(client.get(reverse("archives:files")))
    assert "A1-1-0101 前期物业服务协议 业主身份证复印件" in page
    assert "0.0%" in page
    assert other.label not in page  # nothing is asked of a house that nobody bought
    address = reverse("papers:new", args=[cast.home.pk])
    form = client.get(f"{address}?doc={listed['前期物业服务协议'].pk}").content.decode()
    assert f'value="{listed["前期物业服务协议"].pk}" selected' in form
    client.post(address, {"doc": listed["前期物业服务协议"].pk, "pages": "6", "place": "1 柜 1 层", "scans": photo()})
    filed = Paper.objects.get(doc=listed["前期物业服务协议"])
    assert (filed.title, filed.kind, filed.pages) == ("前期物业服务协议", "contract", 6)
    assert "100.0%" in text_of(client.get(reverse("archives:files")))
    without = text_of(client.get(f"{reverse('archives:files')}?tab=scan"))
    assert "A1-1-0101 齐全 业主身份证复印件" in without
    assert "没有这样的户" in text_of(client.get(f"{reverse('archives:files')}?tab=scan&doc={filed.doc_id}"))
    assert "没有这样的户" in text_of(client.get(f"{reverse('archives:files')}?tab=all&cluster=999999"))


def test_the_rate_of_nothing_is_no_rate(cast: Any) -> None:
    assert catalogue.rate_of(catalogue.files_of(cast.yunqi, [cast.home])).text == "—"


@pytest.mark.clause("ARC-03")
def test_each_file_stands_in_a_named_cabinet_under_a_named_keeper(
    cast: Any, listed: Any, tian: Any, sign_in: Any
) -> None:
    client = sign_in(tian)
    typed = {"name": "一号柜", "room": "档案室", "position": "0", "shown": "on"}
    assert client.post("/archives/cabinets/new/", typed).status_code == 422  # nobody keeps it
    assert client.post("/archives/cabinets/new/", {**typed, "keeper": cast.chen.pk}).status_code == 422
    building = cast.home.building_id
    kept = client.post("/archives/cabinets/new/", {**typed, "keeper": tian.pk, "building": building, "entrance": "1"})
    assert kept.status_code == 302
    Cabinet.objects.create(community=cast.yunqi, name="零号柜", keeper=cast.li)
    assert str(catalogue.cabinet_of(cast.home)) == "一号柜"
    assert str(catalogue.cabinet_of(cast.unit("0101", entrance="2"))) == "零号柜"
    page = text_of(sign_in(cast.wang).get(reverse("archives:unit", args=[cast.home.pk])))
    assert "存放：一号柜（保管人 田档案）" in page
    assert sign_in(cast.wang).post("/archives/cabinets/new/", typed).status_code == 403


def test_the_catalogue_is_printed_with_pages_and_place_and_the_label_opens_the_file(
    cast: Any, listed: Any, sign_in: Any
) -> None:
    _ = cast.owner
    put(cast, listed["业主身份证复印件"], pages=2, place="3 柜 2 层")
    words = sheets.text_of(render(printing.CATALOGUE, printing.catalogue(cast.home, cast.wang), cast.wang))
    for part in ("A1-1-0101", "业主身份证复印件", "3 柜 2 层", "缺，自 2020-01-01 起", "在册 1 份，缺 1 份"):
        assert part.replace(" ", "") in words
    client = sign_in(cast.wang)
    for page in (
        *(reverse(f"archives:{name}", args=[cast.home.pk]) for name in ("sheet", "label")),
        *(reverse(f"archives:{name}") for name in ("labels", "missing")),
    ):
        assert client.get(page).content.startswith(b"%PDF")
    told = printing.labels([cast.home], cast.wang)["labels"][0]
    assert told["unit"] == "A1-1-0101"
    assert "赵业主" not in str(told)  # no name stands on the outside
    assert printing.address_of(cast.home).endswith(f"/archives/units/{cast.home.pk}/")
    assert sign_in(cast.chen).get(reverse("archives:unit", args=[cast.home.pk])).status_code == 403


@pytest.mark.clause("ARC-01")
def test_a_difference_between_catalogue_and_shelf_is_never_saved_as_agreement(
    cast: Any, listed: Any, tian: Any, sign_in: Any
) -> None:
    first, second = put(cast, listed["业主身份证复印件"]), put(cast, listed["前期物业服务协议"])
    page = sign_in(cast.wang).get(f"/shelf-checks/new/?unit={cast.home.pk}").content.decode()
    assert "业主身份证复印件（1 柜 1 层）" in page
    told = {"unit": cast.home.pk, "absent": [second.pk]}
    check = open_record(ShelfCheck(community=cast.yunqi), by=cast.wang, data=told)
    assert (check.state, check.summarise()) == ("differs", "1 份未找到")
    assert [line["found"] for line in check.lines] == [
        paper != second for paper in sorted((first, second), key=lambda paper: (paper.kind, paper.pk))
    ]
    assert any("档案核对有差异" in one.sentence for one in Message.objects.filter(person=tian))
    with pytest.raises(NotAllowed):
        perform(check, "settle", by=cast.wang, data={"remedy": "找到了"})
    done = perform(check, "settle", by=tian, data={"remedy": "夹在隔壁户，已放回"})
    assert done.state == "settled"
    agreed = open_record(ShelfCheck(community=cast.yunqi), by=cast.wang, data={"unit": cast.home.pk})
    assert (agreed.state, agreed.summarise()) == ("agreed", "2 份，目录与实物相符")
    assert "王客服 核对，相符" in text_of(sign_in(cast.wang).get(reverse("archives:unit", args=[cast.home.pk])))
    foreign = Paper.objects.create(
        community=cast.yunqi, unit=cast.unit("0103"), kind="other", title="别户", place="x",
        filed_at=at("2026-03-01 10:00"), filed_by=cast.wang,
    )  # fmt: skip
    with pytest.raises(Invalid):
        open_record(ShelfCheck(community=cast.yunqi), by=cast.wang, data={**told, "absent": [foreign.pk]})


@pytest.mark.clause("ARC-15")
def test_the_room_that_nobody_locked_climbs(cast: Any, tian: Any) -> None:
    entered = at("2026-11-03 10:00")
    entry = open_record(
        RoomEntry(community=cast.yunqi), by=cast.wang, data={"room": "档案室", "purpose": "取户档"}, at=entered
    )
    assert Deadline.objects.get(record_id=entry.pk).due_at == entered + timedelta(hours=1)
    _ = cast.gao
    sweep(entered + timedelta(minutes=61))
    sweep(entered + timedelta(minutes=122))
    for person in (tian, cast.gao):
        assert Message.objects.filter(person=person, record_id=entry.pk).exists()
    with pytest.raises(Invalid):
        perform(entry, "lock", by=cast.wang, data={"emptied": "on"})
    with pytest.raises(NotAllowed):
        perform(entry, "lock", by=cast.person("zhou", "周客服", "receptionist"), data={"emptied": "on", "locked": "on"})
    left = perform(entry, "lock", by=cast.wang, data={"emptied": "on", "locked": "on"})
    assert (left.state, left.locked_by) == ("locked", cast.wang)
