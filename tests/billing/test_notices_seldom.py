"""Payment notices at their edges: months typed wrong, a worker that dies, firms without a room, lists that nobody takes back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tests.billing.noticing import DOOR, DRAWN, OUT, PAY, Billing, billing_of
from tests.support.doing import at, photo
from yihu.areas.billing.notices.counting import errors_of_year
from yihu.areas.billing.notices.forms.batches import DrawForm
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch, Round
from yihu.areas.billing.tariffs.models import Board
from yihu.ground.estate.models import Building
from yihu.ground.staff.models import Grant
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Attachment, Message
from yihu.kernel.models.prints import PrintRun
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
SOON = date(2026, 12, 10)


def owing(cast: Any, doors: int = 1) -> Billing:
    assert cast.owner
    office = billing_of(cast)
    for unit in (cast.home, *(cast.unit(f"0{place}01") for place in range(2, doors + 1))):
        office.charge(35941, 11, unit=unit.pk, due_on=SOON)
    return office


# -- the batch ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("period", ["2026-13", "2026-1", "1999-11", "十一月", "２０２６-11"])
def test_a_month_that_is_none_is_not_opened(cast: Any, period: str) -> None:
    with pytest.raises(Invalid, match="例如 2026-11"):
        billing_of(cast).batch(period=period)


def test_how_to_pay_is_known_from_the_month_before(cast: Any) -> None:
    office = owing(cast)
    drawn = office.drawn()
    later = office.batch("2026-12-24 09:00", "2026-12")
    form = DrawForm(instance=later, by=office.accountant, at=at("2026-12-24 09:00"))
    assert {name: form[name].value() for name in ("pay_by", "pay_ways", "hotline")} == {
        "pay_by": date(2027, 1, 10), "pay_ways": PAY["pay_ways"], "hotline": PAY["hotline"],
    }  # fmt: skip
    # drawn up anew, it keeps what was typed for it
    form = DrawForm(instance=drawn, by=office.accountant, at=at(DRAWN))
    assert (form["pay_by"].value(), form["pay_ways"].value()) == (SOON, PAY["pay_ways"])
    with pytest.raises(Invalid):
        office.step(drawn, "draw", office.accountant, **{**PAY, "pay_by": ""})


def test_whom_to_ring_is_known_from_the_price_list_where_no_month_was_before(cast: Any) -> None:
    Board.objects.create(community=cast.yunqi, hotline="前台 8000")
    office = billing_of(cast)
    batch = office.batch()
    form = DrawForm(instance=batch, by=office.accountant, at=at(DRAWN))
    assert form["hotline"].value() == "前台 8000"


def test_what_is_out_or_still_to_be_opened_is_not_opened_by_the_calendar_again(cast: Any) -> None:
    office = owing(cast)
    batch = office.batch("2026-11-20 09:00")  # by hand, before its day
    assert come_round(at("2026-11-24 08:00"), only="notice-batch") == []
    assert NoticeBatch.objects.get() == batch


def test_a_worker_that_died_after_its_work_sets_the_file_once(cast: Any) -> None:
    """The file was kept, the note that it is done was not: the task runs a second time."""
    office = owing(cast)
    first = office.printed()
    DBTaskResult.objects.filter(task_path__endswith="set_paper").update(status="READY", finished_at=None)
    run_waiting()
    again = NoticeBatch.objects.get()
    assert again.paper_id == first.paper_id
    assert Attachment.objects.filter(record_id=again.pk).count() == 1
    assert PrintRun.objects.filter(subject=Notice.objects.get().number).count() == 1
    assert Message.objects.filter(person=office.accountant, sentence__contains="已排好版").count() == 1


def test_where_each_building_has_its_deliverer_nothing_is_asked(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    Round.objects.create(community=cast.yunqi, building=cast.home.building, steward=office.steward)
    batch = office.printed()
    page = sign_in(office.accountant).get(f"{batch.get_absolute_url()}do/hand_out/").content.decode()
    assert "其余由谁送" not in page
    office.step(batch, "hand_out", office.accountant, OUT)
    assert DeliverySheet.objects.get().handler == office.steward


def test_the_errors_of_twelve_months_end_with_the_month_itself(cast: Any) -> None:
    office = owing(cast)
    office.printed()
    assert errors_of_year(cast.yunqi.pk, "2026-12").issued == 1  # January to December
    assert errors_of_year(cast.yunqi.pk, "2027-10").issued == 1  # November to October
    assert errors_of_year(cast.yunqi.pk, "2027-11").issued == 0


# -- the lists ------------------------------------------------------------------------------------------------------
def test_a_list_is_opened_for_a_batch_and_never_taken_back(cast: Any) -> None:
    office = owing(cast)
    sheet = office.out()
    Grant.objects.create(post_code="cs_supervisor", capability="notices.withdraw")  # the matrix may allow it
    with pytest.raises(Refused, match="签收表不撤回"):
        office.step(sheet, "withdraw", cast.li, DOOR, reason="不送了")
    with pytest.raises(Invalid, match="批次"):
        open_record(
            DeliverySheet(community=cast.yunqi), by=office.accountant, data={"handler": office.steward.pk}, at=at(DOOR)
        )


def test_a_list_with_many_doors_left_names_some_of_them(cast: Any) -> None:
    office = owing(cast, doors=7)
    sheet = office.out()
    with pytest.raises(Refused, match="A1-1-0101、A1-1-0201、A1-1-0301、A1-1-0401、A1-1-0501、A1-1-0601等"):
        office.step(sheet, "hand_back", office.steward, DOOR)


def test_finance_sends_a_list_back_and_it_goes_on(cast: Any) -> None:
    office = owing(cast)
    sheet = office.out()
    office.deliver(Notice.objects.get())
    sheet = office.step(sheet, "hand_back", office.steward, DOOR)
    assert office.step(sheet, "send_back", office.accountant, DOOR).state == "out"
    assert not Notice.objects.filter(returned_to_finance_at__isnull=False).exists()


def test_a_letter_arrives_neither_tomorrow_nor_on_no_day(cast: Any) -> None:
    office = owing(cast)
    sheet, (notice,) = office.out(), Notice.objects.all()
    office.deliver(notice, way="courier", tracking_no="SF1", files={"scans": [photo()]})
    for day, words in (("2026-11-28", "不能晚于今天"), ("", "签收日期")):
        with pytest.raises(Invalid, match=words):
            office.step(sheet, "arrived", office.steward, DOOR, notice=notice.pk, arrived_on=day)
    office.step(sheet, "arrived", office.steward, DOOR, notice=notice.pk, arrived_on="2026-11-27")


# -- the rounds -----------------------------------------------------------------------------------------------------
def test_a_building_is_on_one_round_only(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    far = Building.objects.create(community=cast.yunqi, code="B2", name="B2栋")
    row = Round.objects.create(community=cast.yunqi, building=cast.home.building, steward=office.steward)
    client = sign_in(cast.li)
    new, edit = reverse("notices:new_rounds"), reverse("notices:edit_rounds", args=[row.pk])
    offered = [str(label) for value, label in client.get(new).context["form"]["building"].field.choices if value]
    assert offered == [str(far)]
    own = [str(label) for value, label in client.get(edit).context["form"]["building"].field.choices if value]
    assert own == [str(cast.home.building), str(far)]
    said = {"building": far.pk, "steward": office.steward.pk, "position": "2", "shown": "on"}
    assert client.post(new, said).status_code == 302
    page = client.get(reverse("notices:list_rounds")).content.decode()
    assert "B2栋" in page
    assert "楼大姐" in page
