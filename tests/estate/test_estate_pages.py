"""The pages: handing in a roll, the list of houses, correcting a house and its people, and what the boxes find."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.support.cast import Cast
from tests.support.messy_roll import HEAD, IDS, ROW, row, small_roll, table, upload
from yihu.ground.estate.corrections import correct_unit
from yihu.ground.estate.models import Occupancy, Party, RollImport, Unit
from yihu.kernel import search
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import NotAllowed
from yihu.kernel.importing import running
from yihu.kernel.jobs import run_due
from yihu.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]


def imported(cast: Cast, content: bytes) -> RollImport:
    run = open_record(RollImport(community=cast.yunqi), by=cast.li, data={}, files={"import_file": upload(content)})
    run = perform(run, "go_live", by=cast.li, data={})
    running.make_live.func("estate.rollimport", run.pk)
    run.refresh_from_db()
    return run


def text(response: Any) -> str:
    """What a person reads on the page."""
    return " ".join(
        re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", "", response.content.decode())).split()
    )


# ----------------------------------------------------------------------------------------------------------- the import


def test_a_roll_goes_from_upload_to_undo_in_the_browser(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.li)
    assert client.get("/rolls/new/").status_code == 200
    answer = client.post("/rolls/new/", {"import_file": upload(small_roll()), "key": "k-1"})
    run = RollImport.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    shown = text(client.get(run.get_absolute_url()))
    assert "可以导入：新增 32 户，更新 0 户，未变 0 户。" in shown
    assert "A组团(听松) 20 18 13 11" in shown

    client.post(f"{run.get_absolute_url()}do/go_live/", {"key": "k-2", "version": run.version})
    assert "正在写入 0 / 32" in text(client.get(f"{run.get_absolute_url()}progress/"))
    run_due(timezone.now())
    assert "已生效 32 / 32 32 / 32 查看结果" in text(client.get(f"{run.get_absolute_url()}progress/"))
    assert Unit.objects.count() == 32

    client.post(f"{run.get_absolute_url()}do/undo/", {"key": "k-3", "reason": "传错了文件"})
    run.refresh_from_db()
    assert (run.state, Unit.objects.count()) == ("undone", 0)
    assert "李主管 撤销导入：传错了文件" in text(client.get(run.get_absolute_url()))


def test_the_same_upload_sent_twice_is_handed_in_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.li)
    for _ in range(2):
        client.post("/rolls/new/", {"import_file": upload(small_roll()), "key": "k-1"})
    assert RollImport.objects.count() == 1


def test_a_damaged_file_is_told_on_the_form(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.li).post("/rolls/new/", {"import_file": upload(small_roll()[:500]), "key": "k-1"})
    assert (answer.status_code, RollImport.objects.count()) == (422, 0)
    assert "文件已损坏，打不开。请在 Excel 中打开原表，另存为 .xlsx 后再上传。" in text(answer)


def test_errors_and_questions_are_shown_with_their_places_and_the_columns_corrected(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.li)
    content = table([*ROW, "13900139223"], [*row(房号="0102", 交房日期="明年"), ""], head=[*HEAD, "户主二"])
    client.post("/rolls/new/", {"import_file": upload(content), "key": "k-1"})
    run = RollImport.objects.get()
    shown = text(client.get(run.get_absolute_url()))
    assert "有 2 处错误，现在不能导入。" in shown
    assert "A组团 第 1 行 户主二：139****9223 不认识这一列。" in shown
    assert "A组团 第 3 行 交房日期：明年 读不出日期。 请写成 2009-05-16 这样的年月日。" in shown
    assert client.post(f"{run.get_absolute_url()}do/go_live/", {"key": "k-2"}).status_code == 409

    form = client.get(f"{run.get_absolute_url()}do/map/")
    assert "例：139****9223" in text(form)
    told = {name: field.initial or "" for name, field in form.context["form"].fields.items()}
    assert told["c0_J"] == "phone"
    client.post(f"{run.get_absolute_url()}do/map/", {**told, "c0_J": "phone2", "key": "k-3"})
    run.refresh_from_db()
    assert (run.errors, run.mapping["A组团!J"]) == (1, "phone2")


def test_all_places_of_one_kind_are_listed_page_by_page(cast: Cast, sign_in: SignIn) -> None:
    rows = [row(房号=f"{number:04d}", 联系电话="") for number in range(101, 230)]
    client = sign_in(cast.li)
    client.post("/rolls/new/", {"import_file": upload(table(*rows)), "key": "k-1"})
    run = RollImport.objects.get()
    assert "缺电话 129" in text(client.get(run.get_absolute_url()))
    first = client.get(f"{run.get_absolute_url()}problems/?kind=missing_phone")
    assert (len(first.context["problems"]), "共 129 处" in text(first)) == (100, True)
    assert len(client.get(f"{run.get_absolute_url()}problems/{first.context['next_url']}").context["problems"]) == 29


def test_who_may_not_import_finds_no_way_in(cast: Cast, sign_in: SignIn) -> None:
    run = imported(cast, small_roll())
    desk = sign_in(cast.wang)
    assert [desk.get(url).status_code for url in ("/rolls/new/", run.get_absolute_url(), f"{run.get_absolute_url()}progress/")] == [
        403, 404, 404,
    ]  # fmt: skip
    assert run.number not in desk.get("/rolls/?tab=all").content.decode()
    assert desk.get(run.get_absolute_url()).status_code == 404


# ------------------------------------------------------------------------------------------------------------- the list


def test_the_list_is_narrowed_searched_and_worked_off(cast: Cast, sign_in: SignIn) -> None:
    imported(
        cast,
        table(
            ROW,
            row(房号="0102", 业主姓名="钱思远", 联系电话="", 使用情况="出租"),
            row(楼栋="A2", 业主姓名="", 使用情况=""),
        ),
    )
    client = sign_in(cast.wang)

    def rooms(query: str) -> list[str]:
        return [line["cells"][0]["text"] for line in client.get(f"/estate/units/?{query}").context["rows"]]

    assert rooms("") == ["A1-1-0101", "A1-1-0102", "A2-1-0101"]
    assert (
        rooms("q=钱思远")
        == rooms("q=qsy")
        == rooms("use=let")
        == rooms("tab=let")
        == rooms("tab=phone")
        == ["A1-1-0102"]
    )
    assert rooms("q=a1 1 101") == ["A1-1-0101"]
    assert rooms("tab=name") == rooms("tab=use") == ["A2-1-0101"]
    assert len(rooms("tab=verified")) == 3
    assert rooms("cluster=A&stage=moved_in") == []
    assert rooms(f"building={Unit.objects.get(building__code='A2').building_id}") == ["A2-1-0101"]


def test_the_list_costs_the_same_for_one_page_however_long_it_is(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    imported(cast, small_roll())
    client = sign_in(cast.wang)
    client.get("/estate/units/")
    with django_assert_max_num_queries(26):
        assert len(client.get("/estate/units/").context["rows"]) == 32


@pytest.mark.clause("MOV-06")
def test_each_figure_of_the_occupancy_page_opens_the_units_behind_it(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, small_roll())
    client = sign_in(cast.wang)
    page = client.get("/estate/occupancy/")
    assert "A组团(听松) 20 18 13 11 72.22% 61.11%" in text(page)
    assert "B组团(望湖) 12 9 5 0 55.56% 0.00%" in text(page)
    links = re.findall(r'href="(/estate/units/\?cluster=A&amp;stage=\w+)"', page.content.decode())
    assert [len(client.get(link.replace("&amp;", "&")).context["rows"]) for link in links] == [18, 13, 11]


@pytest.mark.clause("ARC-08")
def test_the_summary_leaves_the_house_masked_and_journaled(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(row(业主姓名="=赵晓禾"), row(房号="0102", 业主姓名="钱思远、孙一宁")))
    answer = sign_in(cast.li).get("/estate/units/export/")
    content = b"".join(answer.streaming_content)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    cells = [[*line[:7], line[8]] for line in lines if line[2] == "1"]
    assert cells == [
        ["A组团", "A1栋", "1", "0101", 89.52, "", "'=赵晓禾", "138****8112"],
        ["A组团", "A1栋", "1", "0102", 89.52, "", "钱思远、孙一宁", "138****8112"],
    ]
    assert b"13800138112" not in content
    assert JournalEntry.objects.get(book__register="kernel.export").sentence == "李主管 导出业主基本情况汇总表"
    assert sign_in(cast.wang).get("/estate/units/export/").status_code == 403


@pytest.mark.clause("ARC-07", part="a list of what is let or used for business; the register of leases awaits its area")
def test_what_is_let_or_used_for_business_stands_in_a_list_of_its_own(cast: Cast, sign_in: SignIn) -> None:
    head = [*HEAD, "租户姓名", "租期止"]
    imported(
        cast,
        table(
            [*ROW, "", ""],
            [*row(房号="0102"), "孙清越", "2030.12.31"],
            [*row(房号="0201", 使用情况="商住两用"), "", ""],
            head=head,
        ),
    )
    lines = sign_in(cast.wang).get("/estate/units/?tab=let").context["rows"]
    assert [(line["cells"][0]["text"], line["cells"][2]["text"]) for line in lines] == [
        ("A1-1-0102", "孙清越（至 2030-12-31）"),
        ("A1-1-0201", ""),
    ]


# ---------------------------------------------------------------------------------------------------------- corrections


def unit_form(client: Client, unit: Unit, **told: Any) -> dict[str, Any]:
    form = client.get(f"/estate/units/{unit.pk}/edit/").context
    values = {name: form["form"][name].value() for name in form["form"].fields}
    return {
        name: value
        for name, value in {**values, "key": form["key"], "version": form["version"], **told}.items()
        if value is not None and value is not False
    }


def test_a_house_is_corrected_with_a_reason_and_the_area_from_a_day(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(ROW))
    unit, client = Unit.objects.get(), sign_in(cast.wang)
    assert client.post(f"/estate/units/{unit.pk}/edit/", unit_form(client, unit)).status_code == 422
    told = unit_form(
        client, unit, use="let", gross_area="90.10", from_on="2026-12-01", reason="业主持房产证来更正", checked="on"
    )
    answer = client.post(f"/estate/units/{unit.pk}/edit/", told)
    assert answer.headers["Location"] == unit.get_absolute_url()
    unit.refresh_from_db()
    assert (unit.use, unit.verified_on) == ("let", timezone.localdate())
    assert [str(area.gross_area) for area in unit.areas.order_by("from_on")] == ["89.52", "90.10"]
    entry = JournalEntry.objects.get(book__register="estate.unit")
    assert (entry.sentence, entry.changed["use"]) == ("王客服 更正房屋资料：业主持房产证来更正", ["自住", "出租"])
    client.post(f"/estate/units/{unit.pk}/edit/", told)
    assert JournalEntry.objects.filter(book__register="estate.unit").count() == 1


def test_two_people_at_one_house_see_each_other(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(ROW))
    unit, wang, li = Unit.objects.get(), sign_in(cast.wang), sign_in(cast.li)
    mine = unit_form(wang, unit, use="let", reason="来电更正")
    li.post(f"/estate/units/{unit.pk}/edit/", unit_form(li, unit, use="vacant", reason="上门核实"))
    answer = wang.post(f"/estate/units/{unit.pk}/edit/", mine)
    assert answer.status_code == 409
    assert "您打开这一页之后，别人已经改过。" in text(answer)
    assert "李主管 更正房屋资料：上门核实" in text(answer)
    assert Unit.objects.get().use == "vacant"


def test_a_person_is_corrected_without_his_numbers_being_shown(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(row(身份证号=IDS[0])))
    party, client = Party.objects.get(), sign_in(cast.wang)
    page = client.get(f"/estate/parties/{party.pk}/edit/")
    assert "138****8112" in page.content.decode()
    assert "13800138112" not in page.content.decode()
    told = {
        "kind": "person",
        "name": "赵小禾",
        "phone": "13900139223",
        "phone2": "",
        "id_no": "",
        "reason": "改名",
        "key": "k-1",
    }
    client.post(f"/estate/parties/{party.pk}/edit/", told)
    party.refresh_from_db()
    assert (party.name, str(party.phone), party.id_no == IDS[0], party.name_initials.split()[0]) == (
        "赵小禾",
        "139****9223",
        True,
        "zxh",
    )
    entry = JournalEntry.objects.get(book__register="estate.party")
    assert entry.changed == {"name": ["（已填）", "（已填）"], "phone": ["（已填）", "（已填）"]}


def test_who_does_not_keep_the_houses_corrects_none(cast: Cast) -> None:
    imported(cast, table(ROW))
    with pytest.raises(NotAllowed):
        correct_unit(Unit.objects.get(), {"use": "let"}, by=cast.chen, key="k", reason="顺手")


def test_a_second_card_for_one_person_is_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(row(身份证号=IDS[0]), row(房号="0102", 业主姓名="钱思远")))
    other = Party.objects.get(name="钱思远")
    told = {"kind": "person", "name": "赵晓禾", "id_no": IDS[0], "reason": "改名", "key": "k-1"}
    answer = sign_in(cast.wang).post(f"/estate/parties/{other.pk}/edit/", told)
    assert (answer.status_code, "本项目已有姓名和证件号都相同的客户“赵晓禾”" in text(answer)) == (409, True)


def test_people_come_and_go_with_dates(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(row(身份证号=IDS[0])))
    unit, client = Unit.objects.get(), sign_in(cast.wang)
    told = {
        "role": "lessee",
        "kind": "person",
        "name": "孙清越",
        "phone": "13700137334",
        "since": "2026-01-01",
        "key": "k-1",
    }
    assert client.post(f"/estate/units/{unit.pk}/people/new/", told).status_code == 302
    stay = Occupancy.objects.get(role="lessee")
    leaving = f"/estate/units/{unit.pk}/people/{stay.pk}/end/"
    assert leaving in client.get(f"/estate/units/{unit.pk}/edit/").content.decode()
    assert f"/estate/units/{unit.pk}/edit/" in client.get(unit.get_absolute_url()).content.decode()
    answer = client.post(leaving, {"until": "2025-12-31", "reason": "退租", "key": "k-2"})
    assert (answer.status_code, "结束日期不能早于开始日期 2026-01-01。" in text(answer)) == (409, True)
    client.post(leaving, {"until": "2026-10-31", "reason": "退租", "key": "k-3"})
    stay.refresh_from_db()
    assert str(stay.to_on) == "2026-10-31"
    sentences = list(
        JournalEntry.objects.filter(book__register="estate.unit").order_by("seq").values_list("sentence", flat=True)
    )
    assert sentences == [f"王客服 登记租户 {stay.party_id} 号客户", f"王客服 结束租户 {stay.party_id} 号客户：退租"]


def test_a_house_of_another_community_is_as_if_it_were_not_there(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(ROW))
    unit, party, client = Unit.objects.get(), Party.objects.get(), sign_in(cast.lin)
    for url in (
        f"/estate/units/{unit.pk}/edit/",
        f"/estate/units/{unit.pk}/people/new/",
        f"/estate/parties/{party.pk}/edit/",
    ):
        assert client.get(url).status_code == 404
    assert sign_in(cast.chen).get(f"/estate/units/{unit.pk}/edit/").status_code == 403


# -------------------------------------------------------------------------------------------------------------- finding


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("a1 1 101", ["A1-1-0101"]),
        ("A1-1-0101", ["A1-1-0101"]),
        ("a1栋1单元101室", ["A1-1-0101"]),
        ("12-2-301", ["12-2-301"]),
        ("１２号楼３０１", ["12-2-301"]),
        ("101", ["A1-1-0101", "A2-1-0101"]),
        ("1-101", ["A1-1-0101", "A2-1-0101"]),
        ("a1-1-0", []),
        ("a1-1", ["A1-1-0101", "A1-1-0102"]),
        ("nothing", []),
    ],
)
def test_a_unit_is_found_however_it_is_typed(cast: Cast, typed: str, found: list[str]) -> None:
    imported(cast, table(ROW, row(房号="0102"), row(楼栋="A2"), row(楼栋="12号楼", 单元="2", 房号="301")))
    groups = {group.label: [hit.title for hit in group.hits] for group in search.find(typed, cast.wang)}
    assert groups.get("房屋", []) == found


@pytest.mark.parametrize(
    "typed", ["赵晓禾", "zxh", "zhaoxiaohe", "13800138112", "138-0013-8112", "8112", IDS[0], "晓禾"]
)
def test_a_person_is_found_by_name_pinyin_and_number(cast: Cast, typed: str) -> None:
    imported(cast, table(row(身份证号=IDS[0]), row(房号="0102", 业主姓名="钱思远", 联系电话="13900139223")))
    hits = [hit for group in search.find(typed, cast.wang) if group.label == "客户" for hit in group.hits]
    assert [(hit.title, hit.subtitle) for hit in hits] == [("赵晓禾", "A1-1-0101 业主 · 138****8112")]
    caller = Party.objects.get(name="赵晓禾")
    assert hits[0].url == f"{Unit.objects.get(room='0101').get_absolute_url()}?party={caller.pk}"


def test_outside_the_desk_a_unit_is_found_and_nobody_who_lives_there(cast: Cast, sign_in: SignIn) -> None:
    imported(cast, table(ROW))
    assert [group.label for group in search.find("赵晓禾", cast.chen)] == []
    assert [hit.subtitle for group in search.find("a1 1 101", cast.chen) for hit in group.hits] == ["A组团"]
    assert sign_in(cast.chen).get("/estate/pick/unit/?q=101").json() == {
        "results": [{"value": Unit.objects.get().pk, "text": "A1-1-0101", "sub": ""}]
    }
    assert sign_in(cast.wang).get("/estate/pick/unit/?q=赵晓禾").json()["results"][0]["sub"] == "赵晓禾"
    assert [hit for group in search.find("101", cast.lin) for hit in group.hits] == []


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE estate_unit; --",
        "<script>alert(1)</script>",
        "\u202e\x00",
        "%",
        "_",
        "🙂" * 40,
        "1" * 5000,
        "(((",
    ],
)
def test_a_box_takes_whatever_is_typed(cast: Cast, sign_in: SignIn, typed: str) -> None:
    imported(cast, table(ROW))
    client = sign_in(cast.wang)
    for url in ("/estate/pick/unit/", "/estate/pick/party/", "/estate/units/"):
        assert client.get(url, {"q": typed, "after": typed, "tab": typed, "cluster": typed}).status_code == 200
