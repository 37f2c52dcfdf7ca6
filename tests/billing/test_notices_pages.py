"""The pages of payment notices: the list by its filters, one notice for each who may look, the round and the doors on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.billing.noticing import DOOR, OUT, Billing, billing_of
from tests.fronts.looking import text_of
from tests.support.doing import photo
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeLine, Round
from yihu.areas.billing.notices.printing import PAYMENT_NOTICE
from yihu.ground.estate.models import Building, Party, Unit
from yihu.kernel.jobs import run_waiting
from yihu.kernel.prints import reprints

pytestmark = pytest.mark.django_db
SOON = date(2026, 12, 10)


def owing(cast: Any, *rooms: str) -> Billing:
    """赵业主 owes November for his home, and so it is for these rooms."""
    assert cast.owner
    office = billing_of(cast)
    for unit in (cast.home, *(cast.unit(room) for room in rooms)):
        office.charge(35941, 11, unit=unit.pk, due_on=SOON)
    return office


def posted(office: Billing, notice: Notice) -> None:
    office.deliver(notice, way="registered", tracking_no="XA0001", files={"scans": [photo()]})


def numbers(client: Any, **asked: Any) -> set[str]:
    rows = client.get(reverse("notices:listing"), asked).context["rows"]
    return {row["cells"][0]["text"] for row in rows}


# -- the list -------------------------------------------------------------------------------------------------------
def test_the_list_is_narrowed_by_month_room_name_and_state(cast: Any, sign_in: Any) -> None:
    office = owing(cast, "0201", "0301")
    office.out()
    first, second, third = Notice.objects.order_by("seq")
    posted(office, first)
    refused = {"way": "hand", "refused": "on", "refusal": "不认可", "witness_1": cast.wang.pk, "witness_2": cast.li.pk}
    office.deliver(second, files={"photos": [photo()]}, **refused)
    client = sign_in(office.head)
    every = {first.number, second.number, third.number}
    assert numbers(client) == every
    assert numbers(client, batch=first.batch_id) == every
    for none in ("9999999", "9" * 30, "９"):  # a month that is none narrows nothing
        assert numbers(client, batch=none) == every
    assert numbers(client, q=" 0201 ") == {second.number}
    assert numbers(client, q="赵业主") == every
    assert numbers(client, state="posted") == {first.number}
    assert numbers(client, state="refused") == {second.number}
    assert numbers(client, state="undelivered") == {third.number}
    assert numbers(client, state="recalled") == set()


def test_a_month_that_is_not_drawn_up_yet_shows_no_figures(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    batch = office.batch()
    page = text_of(sign_in(office.accountant).get(batch.get_absolute_url()))
    assert "2026年11月" in page
    assert "逐张查看" not in page
    assert "出错率" not in page
    assert str(Round(building=cast.home.building, steward=office.steward)) == str(cast.home.building)


# -- one notice -----------------------------------------------------------------------------------------------------
def test_a_notice_tells_each_who_may_look_what_he_may_do(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    sheet, (notice,) = office.out(), Notice.objects.all()
    url = notice.get_absolute_url()
    carrier, finance = sign_in(office.steward), sign_in(office.accountant)
    assert carrier.get(f"{url[:-1]}9/").status_code == 404
    page = text_of(carrier.get(url))
    assert "登记送达" in page
    assert "换二维码" not in page
    page = text_of(finance.get(url))
    assert "有错，更正" in page
    assert "登记送达" not in page.split("打印这一张")[0]
    posted(office, notice)
    Notice.objects.filter(pk=notice.pk).update(delivered_at=timezone.now())  # today, so that it is still on its way
    page = text_of(carrier.get(url))
    assert ("查到邮件签收" in page, "撤销登记" in page, "在途，查到签收日期请登记" in page) == (True, True, True)
    assert "撤销登记" not in text_of(finance.get(url))
    assert "查到邮件签收" not in text_of(sign_in(cast.xiang).get(url))
    office.step(sheet, "hand_back", office.steward, DOOR)
    page = text_of(carrier.get(url))
    assert ("查到邮件签收" in page, "撤销登记" in page) == (True, False)
    office.step(sheet, "receive", office.accountant, DOOR)
    assert "查到邮件签收" not in text_of(finance.get(url))


def test_how_a_notice_stands_goes_with_its_money_and_its_way(cast: Any) -> None:
    office = owing(cast)
    batch = office.batch()
    office.step(batch, "draw", office.accountant, pay_by="2026-12-10", pay_ways="收费处")

    def word() -> str:
        return Notice.objects.get().standing[0]

    assert word() == "待核对"
    office.step(office.step(batch, "check", office.head), "seal", cast.xiang)
    office.step(batch, "print", office.accountant, OUT)
    assert word() == "待派发"
    run_waiting()
    office.step(batch, "hand_out", office.accountant, OUT, rest=office.steward.pk)
    assert word() == "派发中"
    posted(office, Notice.objects.get())
    assert word() == "已邮寄"
    charge = NoticeLine.objects.get().charge
    assert str(NoticeLine.objects.get()) == str(charge)
    office.settle(office.receive(10000, when=DOOR), charge, when=DOOR)
    assert word() == "部分缴"
    office.settle(office.receive(25941, when=DOOR), charge, when=DOOR)
    assert word() == "缴清"


def test_a_notice_is_printed_alone_after_the_seal_and_not_before(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    batch = office.drawn()
    paper = reverse("notices:paper", args=[Notice.objects.get().number])
    client = sign_in(office.accountant)
    assert client.get(paper).status_code == 404
    office.step(office.step(batch, "check", office.head), "seal", cast.xiang)
    assert client.get(paper).content.startswith(b"%PDF-")
    assert reprints(PAYMENT_NOTICE.name, Notice.objects.get().number) == 0


def test_a_lost_paper_gets_another_code_and_sent_twice_only_one(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    office.printed()
    notice, client = Notice.objects.get(), sign_in(office.accountant)
    old = notice.token
    for _ in range(2):
        answer = client.post(reverse("notices:renew", args=[notice.number]), {"key": "lost"})
        assert answer["Location"] == notice.get_absolute_url()
        notice.refresh_from_db()
    assert notice.token != old
    assert [one.sentence for one in notice.batch.journal.filter(step="renew")] == [
        f"张会计 给 {notice.number} 换了二维码，原来的打不开了"
    ]
    assert client.get(reverse("payer:bill", args=[old])).status_code == 404
    assert client.get(reverse("payer:bill", args=[notice.token])).status_code == 200


def test_a_service_over_the_turn_of_the_year_says_both_years(cast: Any) -> None:
    office = owing(cast)
    office.charge(1200, 12, office.water, from_on=date(2026, 12, 1), to_on=date(2027, 1, 31), due_on=SOON)
    office.drawn()
    lines = {row[0]: row[1] for row in PAYMENT_NOTICE.data(Notice.objects.get(), office.accountant)["lines"]}
    assert lines == {"物业服务费": "2026.11.01–11.28", "代收水费": "2026.12.01–2027.01.31"}


# -- the round ------------------------------------------------------------------------------------------------------
def test_the_round_names_buildings_and_what_has_none_and_what_is_done(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    walk_in = Party.objects.create(community=cast.yunqi, name="云溪贸易", kind="company")
    office.charge(500, 11, party=walk_in.pk, unit=None, due_on=SOON)
    office.out()
    client = sign_in(office.steward)
    page = text_of(client.get(reverse("notices:round")))
    assert "A1栋 1 张" in page
    assert "没有房号 1 张" in page
    firm, home = Notice.objects.get(party=walk_in), Notice.objects.get(unit=cast.home)
    shown = client.get(reverse("notices:door", args=[firm.number])).context["form"]
    assert (shown["capacity"].value(), shown["signer"].value()) == ("staff", None)  # somebody of the firm signs, not it
    shown = client.get(reverse("notices:door", args=[home.number])).context["form"]
    assert (shown["capacity"].value(), shown["signer"].value()) == ("self", "赵业主")
    office.deliver(firm, signer="前台", capacity="staff", way="hand", files={"scans": [photo()]})
    sheet = text_of(client.get(home.sheet.get_absolute_url()))
    for words in ("2026年11月", "1 / 2", "A1-1-0101", "赵业主", "前台（单位员工、收发）签收"):
        assert words in sheet, words
    office.deliver(home)
    page = text_of(client.get(reverse("notices:round")))
    assert "已送 2 张" in page
    assert "请把签收表交回财务" in page


def test_a_supervisor_is_shown_the_list_that_he_asks_for(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    far = Building.objects.create(community=cast.yunqi, code="B2", name="B2栋")
    office.charge(100, 11, unit=Unit.objects.create(community=cast.yunqi, building=far, room="0001").pk, due_on=SOON)
    other = cast.person("lou2", "楼二哥", "steward")
    Round.objects.create(community=cast.yunqi, building=far, steward=other)
    office.step(office.printed(), "hand_out", office.accountant, OUT, rest=office.steward.pk)
    client, url = sign_in(cast.li), reverse("notices:round")
    both = text_of(client.get(url))
    assert ("A1栋" in both, "B2栋" in both) == (True, True)
    his = text_of(client.get(url, {"sheet": DeliverySheet.objects.get(handler=other).number}))
    assert ("A1栋" in his, "B2栋" in his) == (False, True)
    mine = text_of(sign_in(other).get(url))
    assert ("A1栋" in mine, "B2栋" in mine) == (False, True)


def test_at_a_door_that_somebody_else_has_been_to_nothing_is_written_twice(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    office.out()
    notice = Notice.objects.get()
    office.deliver(notice)
    client, url = sign_in(office.steward), reverse("notices:door", args=[notice.number])
    said = {"notice": notice.pk, "way": "courier", "tracking_no": "SF1", "key": "late"}
    answer = client.post(url, said)
    assert answer.status_code == 409
    assert "已经登记送达：赵业主（本人）签收" in answer.content.decode()
    assert answer.context["key"] != "late"  # the next try is another command
    notice.refresh_from_db()
    assert notice.way == "hand"
    assert client.post(url, {"way": "courier", "tracking_no": "SF1"}).status_code == 422  # at no door at all
    assert client.get(reverse("notices:door", args=["YQ-JT-202611-0001-9999"])).status_code == 404
