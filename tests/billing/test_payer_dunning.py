"""The page behind the code on a 《催款通知单》: just what this paper names, of however many units, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.billing.test_payer_page import billed, books_hold, firm, here, ordered, words  # noqa: F401  (a fixture)
from tests.support.banking import bring
from tests.support.doing import at, sentences
from tests.support.dunning import Desk, desk_of
from tests.support.sheets import text_of
from yihu.areas.billing.dunning.models import DunningNotice
from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.banking.stand_in import StandIn
from yihu.areas.reception.models import Contact
from yihu.fronts.payer.bills import bill_of
from yihu.fronts.payer.models import Objection
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.doors import perform
from yihu.kernel.models import JournalEntry, Record

pytestmark = pytest.mark.django_db
FLAT, SPACE = 35941, 14120


def sent(desk: Desk) -> DunningNotice:
    """赵业主 owes for his flat and for his parking space, and was written to a moment ago."""
    desk.charge(FLAT, 9)
    desk.charge(SPACE, 9, desk.item("CW", "车位服务费"), unit=desk.cast.unit("B12").pk)
    desk.charge(777, 12, desk.item("YC", "有偿服务费"))  # not due yet: on no dunning paper
    notice = desk.notice(desk.case())
    return fresh(notice)


def fresh(notice: DunningNotice, **more: Any) -> DunningNotice:
    """As if it had been drawn up now, whatever day the machine has."""
    now = timezone.now()
    Record.objects.filter(pk=notice.pk).update(opened_at=now, **more)
    DunningNotice.objects.filter(pk=notice.pk, approved_at__isnull=False).update(approved_at=now)
    return DunningNotice.objects.get(pk=notice.pk)


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


@pytest.mark.clause("FEE-08", part="催款通知单的二维码打开这张单上的全部账单，几处房屋都在，别的一概没有")
def test_what_a_dunning_paper_names_stands_behind_its_code_and_is_paid_there_whole(
    desk: Desk,
    firm: StandIn,  # noqa: F811
) -> None:
    notice = sent(desk)
    assert notice.procedure.prints[0].data(notice, desk.accountant)["unit"] == "A1-1-0101 等 2 处"
    page = words(notice)
    for told in (
        "500.61",
        "A1-1-0101",
        "A1-1-B12",
        "359.41",
        "141.20",
        "2026-09-28 应缴",
        "第 1 次催款通知单",
        notice.number,
    ):
        assert told in page, told
    for hidden in ("赵业主", "7.77", "有偿服务费"):
        assert hidden not in page, hidden
    order = ordered(notice, FLAT + SPACE)
    assert (order.amount, order.bill, order.unit) == (FLAT + SPACE, notice.number, None)
    firm.pay(order.number)
    assert "付好了" in Client().post(here(notice, f"order/{order.number}/")).content.decode()
    page, receipt = words(notice), Receipt.objects.get()
    assert "已缴清" in page
    paper = text_of(Client().get(here(notice, f"receipt/{receipt.number}/")).content)
    assert "141.20" in paper
    assert "赵业主" not in paper
    assert sorted(Charge.objects.values_list("open", flat=True)) == [0, 0, 777]
    assert books_hold(desk.cast)


def test_one_of_its_places_is_paid_for_itself(desk: Desk, firm: StandIn) -> None:  # noqa: F811
    notice = sent(desk)
    space = Charge.objects.get(amount=SPACE)
    order = ordered(notice, 0, some="wechat", stood=f"{FLAT}-{SPACE}", line=[space.pk])
    assert (order.amount, order.charges) == (SPACE, [space.pk])
    firm.pay(order.number)
    assert [bring(one) for one in firm.unsent] == [200]
    assert "还差" not in words(notice)
    assert sorted(Charge.objects.values_list("open", flat=True)) == [0, 777, FLAT]


def test_neither_paper_tells_of_the_other_and_an_old_code_opens_what_it_always_opened(cast: Any, desk: Desk) -> None:
    """His payment notice names the flat alone; his money in our hands stands on neither dunning paper nor its page."""
    desk.receive(5000, unit=cast.home)
    office, bill = billed(cast, 22222)
    asked = sent(desk)
    assert bill.token != asked.token
    for token, shown, hidden in ((bill.token, "222.22", "B12"), (asked.token, "B12", "222.22")):
        page = Client().get(f"/pay/notice/{token}/").content.decode()
        assert shown in page
        assert hidden not in page
    assert "预存" not in words(asked)  # type: ignore[arg-type]
    assert "500.61" in words(asked)  # type: ignore[arg-type]
    receipt = office.receive(FLAT + 22222)
    office.settle(receipt, Charge.objects.get(amount=FLAT), Charge.objects.get(amount=22222))
    for paper, part in ((bill, "222.22"), (asked, "359.41")):
        page = words(paper)  # type: ignore[arg-type]
        assert part in page
        assert "581.63" not in page  # the whole of the receipt is nobody's business who has one of the papers
        assert "请到收费处取收据" in page
        assert Client().get(here(paper, f"receipt/{receipt.number}/")).status_code == 404  # type: ignore[arg-type]


def test_it_opens_when_it_may_go_out_and_not_when_it_was_called_back(desk: Desk) -> None:
    first = sent(desk)
    desk.delivered(first)
    case = type(first.case).objects.get(pk=first.case_id)
    second = fresh(desk.notice(case, "2026-12-15 09:05", pay_by="2027-01-10"))
    assert second.state == "to_approve"
    assert Client().get(here(second)).status_code == 404
    desk.do(second, "approve", desk.pm, "2026-12-15 10:00")
    second = fresh(second)
    assert "第 2 次催款通知单" in words(second)
    desk.do(second, "void", desk.accountant, "2026-12-15 11:00", wrong="amount", void_why="面积写错")
    page = words(fresh(second, closed_at=timezone.now()))
    assert "已经作废" in page
    assert "500.61" not in page
    assert Client().post(here(second, "pay/"), {"channel": "wechat", "seen": "50061"}).status_code == 409
    fresh(second, closed_at=timezone.now() - timedelta(days=31))
    assert Client().get(here(second)).status_code == 404


def test_its_address_ends_when_the_paper_went_astray_was_paid_long_ago_or_is_old(desk: Desk) -> None:
    notice = sent(desk)
    now = timezone.now()
    assert bill_of(notice.token, now + timedelta(days=399)) is not None
    assert bill_of(notice.token, now + timedelta(days=401)) is None
    desk.settle(desk.receive(FLAT + SPACE))
    assert [bill_of(notice.token, now + timedelta(days=days)) is None for days in (59, 61)] == [False, True]
    before = notice.token
    renewed = perform(notice, "renew", by=desk.accountant, data={}, at=at("2026-11-18 10:00"))
    renewed.refresh_from_db()
    assert renewed.token != before
    assert bill_of(before, now) is None
    assert bill_of(renewed.token, now) is not None
    assert any("换了二维码" in sentence for sentence in sentences(renewed))
    told = str(list(JournalEntry.objects.filter(record=notice.pk).values()))
    assert before not in told
    assert renewed.token not in told


def test_a_question_about_a_place_of_it_goes_to_the_desk_with_this_place(desk: Desk) -> None:
    notice = sent(desk)
    space = Charge.objects.get(amount=SPACE)
    assert "A1-1-B12 9 月车位服务费 141.20 元" in Client().get(here(notice, "question/")).content.decode()
    said = {"about": str(space.pk), "reason": "not_mine", "words": "车位早退了", "relation": "owner", "key": "k"}
    assert [Client().post(here(notice, "question/"), said).status_code for _ in range(2)] == [302, 302]
    contact = Contact.objects.get()
    assert (str(contact.unit), notice.number in contact.content) == ("A1-1-B12", True)
    assert (Objection.objects.get().dunning, Objection.objects.get().notice) == (notice, None)
    assert "不该由我付" in words(notice)
    assert any("不该由我付" in sentence for sentence in sentences(notice.case))
    whole = {**said, "about": "all"}
    codes = [Client().post(here(notice, "question/"), {**whole, "key": f"k{place}"}).status_code for place in range(3)]
    assert codes == [302, 302, 422]
    assert Contact.objects.order_by("pk").last().unit == notice.unit  # type: ignore[union-attr]


def test_an_order_of_one_paper_is_not_seen_behind_another(cast: Any, desk: Desk, firm: StandIn) -> None:  # noqa: F811
    _, bill = billed(cast, 22222)
    asked = sent(desk)
    order = ordered(asked, FLAT + SPACE)  # type: ignore[arg-type]
    assert PayOrder.objects.count() == 1
    assert Client().get(here(bill, f"order/{order.number}/")).status_code == 404
    assert "正在付" not in words(bill)
    assert Client().get(here(asked, f"order/{order.number}/")).status_code == 200  # type: ignore[arg-type]


def test_the_office_sees_what_the_payer_sees(desk: Desk, sign_in: Any) -> None:
    notice = sent(desk)
    page = sign_in(desk.accountant).get(notice.get_absolute_url()).content.decode()
    assert f"/pay/notice/{notice.token}/" in page
    assert "换二维码" in page
