"""A household that joined a 集体投诉 has a receipt of its own, alone or with all the others, kept as it went out (CMP-14)."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.areas.test_complaints_of_many import OUTAGE, calls
from tests.areas.test_counter import draft
from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.complaining import complain, to_opinion
from yihu.areas.complaints import joined_receipts
from yihu.areas.complaints.models import Household
from yihu.areas.counter import numbers
from yihu.kernel.doors import perform
from yihu.kernel.models import IssuedCopy
from yihu.kernel.moments import stamp

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CMP-14")]


@pytest.fixture(autouse=True)
def everybody(cast: Any) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong))


def of_one(complaint: Any, household: Any) -> str:
    return reverse("complaints:joined_receipt", args=[complaint.number, household.pk])


def of_all(complaint: Any) -> str:
    return reverse("complaints:joined_receipts", args=[complaint.number])


def words(answer: Any) -> str:
    return sheets.text_of(answer.content)


def many(cast: Any, *rooms: str) -> Any:
    """One complaint of 赵业主 with as many neighbours."""
    complaint = complain(cast, content=OUTAGE, party=cast.owner.pk)
    for place, room in enumerate(rooms):
        calls(cast, cast.unit(room), complaint, name=f"{'钱孙李'[place]}邻居", content=f"停水没有通知，{room}泡不了奶")
    complaint.refresh_from_db()
    return complaint


def test_who_joined_has_a_paper_with_his_own_words_and_whom_to_ring(cast: Any, sign_in: Any) -> None:
    row = draft(cast)
    numbers.approve(row, by=cast.li)
    complaint = many(cast, "0102", "0103")
    desk, first = sign_in(cast.wang), Household.objects.earliest("pk")
    page = desk.get(complaint.get_absolute_url()).content.decode()
    assert of_one(complaint, first) in page
    assert "还没有打印" in page
    slip = words(desk.get(of_one(complaint, first)))
    for said in (
        complaint.number,
        "A1-1-0102",
        "钱邻居",
        "0102泡不了奶",
        "第2户",
        first.came_by.number,
        "0571-80001234",
    ):
        assert said in slip, said
    for others in ("赵业主", "没有存水", "孙邻居", "0103", "13911112222", "A1-1-0101"):
        assert others not in slip, others
    own = words(desk.get(f"{complaint.get_absolute_url()}print/receipt/"))
    assert "0571-80001234" in own  # the complainant's own says it too
    page = text_of(desk.get(complaint.get_absolute_url()))
    assert "已打印 1 次" in page
    assert "补打1" in words(desk.get(of_one(complaint, first)))
    second = Household.objects.latest("pk")
    assert "补打" not in words(desk.get(of_one(complaint, second)))


def test_what_was_promised_stands_on_it_when_it_was_told_and_not_before(cast: Any, sign_in: Any) -> None:
    complaint, desk = many(cast, "0102"), sign_in(cast.wang)
    household = Household.objects.get()
    due = complaint.deadlines.get(code="D10").due_at
    early = words(desk.get(of_one(complaint, household)))
    assert f"最迟在{stamp(due)}前".replace(" ", "") in early
    told = to_opinion(cast, complaint)
    later = words(desk.get(of_one(complaint, household)))
    for said in ("当天补扫", "预计完成：2199-01-01"):
        assert said in later
        assert said not in early
    perform(told, "answer", by=cast.wang, data={"households": [household.pk], "answer": "以后停水提前一天贴通知"})
    answered = words(desk.get(of_one(complaint, household)))
    assert "以后停水提前一天贴通知" in answered
    assert "最迟" not in answered


def test_all_that_joined_come_in_one_file_and_each_is_kept_with_its_own_home(cast: Any, sign_in: Any) -> None:
    complaint = many(cast, "0102", "0103", "0104")
    desk, out = sign_in(cast.wang), Household.objects.order_by("pk")[1]
    perform(complaint, "unjoin", by=cast.wang, data={"household": out.pk, "reason": "说的是停电"})
    assert "打印并入各户的回执（2 张）" in text_of(desk.get(complaint.get_absolute_url()))
    answer = desk.get(of_all(complaint))
    assert answer["Content-Type"] == "application/pdf"
    first, last = sheets.text_of_pages(answer.content)
    assert ("钱邻居" in first, "第2户" in first, "李邻居" in last, "第4户" in last) == (True, True, True, True)
    kept = IssuedCopy.objects.select_related("unit").order_by("pk")
    assert [one.record_id for one in kept] == [complaint.pk] * 2
    assert [str(one.unit) for one in kept] == ["A1-1-0102", "A1-1-0104"]
    again = b"".join(desk.get(reverse("kernel:issued", args=[kept[1].pk])).streaming_content)
    assert sheets.text_of(again) == last
    assert complaint.number in text_of(desk.get(reverse("papers:unit", args=[kept[0].unit_id])))
    assert desk.get(of_one(complaint, out)).status_code == 404  # taken out again: no paper for this matter


def test_very_many_households_come_in_portions(cast: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = many(cast, "0102")
    for number in range(100):
        Household.objects.create(complaint=complaint, name=f"商户{number}", joined_at=complaint.opened_at)
    desk = sign_in(cast.wang)
    page = text_of(desk.get(complaint.get_absolute_url()))
    assert "打印回执，第 1–100 张" in page
    assert "打印回执，第 101–101 张" in page
    slip = words(desk.get(f"{of_all(complaint)}?part=2"))
    assert "商户99" in slip
    assert IssuedCopy.objects.count() == 1
    assert [len(part) for part in joined_receipts.parts(complaint)] == [100, 1]


def test_nobody_joined_is_said_and_nothing_is_printed(cast: Any, sign_in: Any) -> None:
    complaint = complain(cast)
    desk = sign_in(cast.wang)
    assert "打印回执" not in text_of(desk.get(complaint.get_absolute_url()))
    for asked in ("", "?part=2", "?part=x", "?part=²"):
        assert "没有并入的住户" in text_of(desk.get(f"{of_all(complaint)}{asked}")), asked
    assert not IssuedCopy.objects.exists()


def test_who_comes_by_a_merge_reads_the_number_he_had_before(cast: Any, sign_in: Any) -> None:
    kept = complain(cast, content=OUTAGE)
    other = complain(cast, content="停水饭都做不成", unit=cast.unit("0102").pk, caller_name="钱邻居")
    perform(other, "merge", by=cast.li, data={"into": kept.number, "reason": "同一次停水"})
    slip = words(sign_in(cast.wang).get(of_one(kept, Household.objects.get())))
    for said in (kept.number, "原投诉编号", other.number, "钱邻居", "饭都做不成"):
        assert said in slip, said


@pytest.mark.clause("DESK-06")
def test_who_must_keep_away_and_who_is_elsewhere_get_neither_the_one_nor_the_other(cast: Any, sign_in: Any) -> None:
    xu = cast.person("xu", "许前台", "receptionist")
    complaint = complain(cast, by=cast.li, content=OUTAGE, about_staff=cast.wang.pk)
    calls(cast, cast.unit("0102"), complaint, by=xu)
    household = Household.objects.get()
    assert sign_in(xu).get(of_one(complaint, household)).status_code == 200
    copy = IssuedCopy.objects.get()
    other = complain(cast, unit=cast.unit("0301").pk)
    for person in (cast.wang, cast.lin, cast.passer):
        client = sign_in(person)
        for address in (of_one(complaint, household), of_all(complaint), reverse("kernel:issued", args=[copy.pk])):
            assert client.get(address).status_code == 404, (person, address)
    # a household is opened through its own complaint only
    assert sign_in(cast.wang).get(of_one(other, household)).status_code == 404
    assert IssuedCopy.objects.count() == 1
