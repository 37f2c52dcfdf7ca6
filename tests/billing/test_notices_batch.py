"""A month's payment notices: drawn up, checked by another, sealed, printed in one file; a wrong one is replaced (FEE-05, FEE-12)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.billing.noticing import DRAWN, OUT, PAY, billing_of
from tests.support.doing import at
from tests.support.running import Estate, flat_source
from tests.support.sheets import text_of_pages
from yihu.areas.billing.dunning.models import LateFeeRule
from yihu.areas.billing.notices.counting import Errors
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch, Round
from yihu.ground.estate.models import Building, Party, Unit
from yihu.ground.ledger import charging
from yihu.ground.ledger.models import Charge
from yihu.kernel import files
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
EARLY = "2026-11-21 09:00"  # before any run that a test posts


def owing(cast: Any) -> Any:
    """赵业主 owes November and a rest of October, and has 100 元 in our hands."""
    office = billing_of(cast)
    office.charge(
        35941,
        11,
        due_on=date(2026, 12, 10),
        words="128.36㎡ × 2.80元 = 359.41元",
        basis={"price": "2.80", "measure": "㎡·月"},
    )
    office.charge(14120, 10, due_on=date(2026, 11, 10), words="11/28 天")
    office.receive(10000, unit=cast.home)
    return office


@pytest.mark.clause("FEE-05")
def test_a_notice_shows_this_month_earlier_debt_and_money_in_hand(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    batch = office.printed()
    assert (batch.state, batch.count, batch.due_fen) == ("printed", 1, 40061)
    (page,) = text_of_pages(files.read(batch.paper.path))
    for words in (
        "缴费通知单", "YQ-JT-202611-0001-0001", "赵业主", "A1-1-0101", "2026年11月", "2026年12月10日", "128.36㎡×2.80元=359.41元",
        "2.80元/㎡·月", "359.41", "141.20", "100.00", "肆佰元陆角壹分", "¥400.61", "（盖章）", "签收回执", "0571-88886666",
    ):  # fmt: skip
        assert words in page.replace(" ", "").replace("\u200b", ""), words
    answer = sign_in(office.accountant).get(f"/notices/paper/{Notice.objects.get().number}/print/")
    copies = text_of_pages(answer.content)
    assert ["补打1" in one.replace(" ", "") for one in copies] == [True, True]  # the customer's and the one that stays


def test_late_fees_that_were_asked_for_stand_apart_with_their_sum(cast: Any, sign_in: Any) -> None:
    """F82: they are bills of their own, and neither the month's nor what was left of the principal."""
    office = owing(cast)
    LateFeeRule.objects.create(
        community=cast.yunqi, from_on=date(2020, 1, 1), daily_percent="0.05", clause="《物业服务合同》第十八条"
    )
    october = Charge.objects.get(amount=14120)
    office.does(office.accountant, lambda books: charging.bring_up(books, [october], date(2026, 11, 20)))
    batch = office.printed()
    assert batch.due_fen == 40061 + 71  # 141.20 × 0.05% × 10 days
    (page,) = text_of_pages(files.read(batch.paper.path))
    printed = page.replace(" ", "").replace("\u200b", "").replace("\n", "")
    assert "2026.11.11–2026.11.20" in printed
    assert "141.20×0.05%×10天=0.71元" in printed
    for said in ("本期小计359.41", "以前未缴小计141.20", "违约金小计0.71", "¥401.32"):
        assert said in printed, said


@pytest.mark.clause("FEE-05", part="应缴日过了才出的账单，通知单上写它自己的应缴日，算本期，不算以前未缴")
def test_a_bill_that_was_made_late_stands_in_the_month_with_its_own_day(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    late = {"due_on": date(2026, 11, 10), "words": "补出", "basis": {"pay_by": "2026-12-05"}}
    office.charge(35941, 10, **late)
    office.charge(500, 10, due_on=date(2026, 11, 10), words="补出", part="另", basis={"pay_by": "2026-12-10"})
    old = {"due_on": date(2026, 10, 31), "basis": {"pay_by": "2026-11-20"}}  # its own day is over as well
    office.charge(14120, 9, **old)
    batch = office.printed()
    notice = Notice.objects.get()
    assert (notice.month_fen, notice.arrears_fen) == (36441, 14120)
    (page,) = text_of_pages(files.read(batch.paper.path))
    printed = page.replace(" ", "").replace("\u200b", "").replace("\n", "")
    assert "本期没有新的账单" not in printed
    assert "（应缴2026-12-05）" in printed
    assert "（应缴2026-12-10）" not in printed  # the paper's own day is said once
    assert "2026-11-20" in printed
    assert "2026-11-10" not in printed
    assert "2026-10-31" not in printed
    bill = sign_in(office.accountant).get(f"/cashier/bills/{Charge.objects.get(amount=35941).pk}/").content.decode()
    assert "<dt>应缴日期</dt><dd>2026-12-05</dd>" in bill
    assert "2026-11-20" in sign_in(office.accountant).get(notice.get_absolute_url()).content.decode()


def test_who_draws_up_does_not_check_and_only_the_project_manager_seals(cast: Any) -> None:
    office = owing(cast)
    batch = office.drawn()
    with pytest.raises(NotAllowed):
        office.step(batch, "check", office.accountant)
    batch = office.step(batch, "check", office.head)
    for person in (office.accountant, office.head, cast.li):
        with pytest.raises(NotAllowed):
            office.step(batch, "seal", person)
    batch = office.step(batch, "seal", cast.xiang)
    assert (batch.state, batch.sealed_by) == ("sealed", "项经理")
    assert Message.objects.filter(person=office.accountant, sentence__contains="已盖章").exists()


def test_what_is_sent_back_is_drawn_up_anew_from_the_books(cast: Any) -> None:
    office = owing(cast)
    batch = office.step(office.drawn(), "send_back", office.head, words="B-118 面积不对")
    office.charge(5000, 11, office.water, due_on=date(2026, 12, 10))
    batch = office.step(batch, "draw", office.accountant, **PAY_AGAIN)
    assert (batch.count, batch.due_fen) == (1, 45061)
    assert [one.seq for one in Notice.objects.order_by("seq")] == [1]


PAY_AGAIN = {"pay_by": "2026-12-10", "pay_ways": "收费处"}


def test_a_month_has_one_batch_and_an_empty_one_is_not_drawn(cast: Any) -> None:
    office = billing_of(cast)
    batch = office.batch()
    with pytest.raises(Invalid):
        office.batch()
    with pytest.raises(Refused, match="不撤回"):
        office.step(batch, "withdraw", office.accountant, reason="不要了")
    with pytest.raises(Refused, match="没有未缴"):
        office.step(batch, "draw", office.accountant, **PAY_AGAIN)
    office.charge(100, 11, due_on=date(2026, 12, 10))
    with pytest.raises(Invalid):
        office.step(batch, "draw", office.accountant, pay_by="2026-11-24", pay_ways="收费处")


def test_the_calendar_opens_it_on_the_23rd_to_be_printed_by_the_26th(cast: Any) -> None:
    office = billing_of(cast)
    assert come_round(at("2026-11-23 08:00"), only="notice-batch") == []  # nobody owes anything
    office.charge(100, 11, due_on=date(2026, 12, 10))
    assert come_round(at("2026-11-22 23:59"), only="notice-batch") == []
    (batch,) = come_round(at("2026-11-23 08:00"), only="notice-batch")
    assert (batch.period, batch.state) == ("2026-11", "due")
    clock = Deadline.objects.get(record_id=batch.pk, code="D63")
    assert (clock.due_at.date(), clock.stopped_at) == (date(2026, 11, 26), None)
    assert come_round(at("2026-11-24 08:00"), only="notice-batch") == []
    assert Message.objects.filter(person=office.accountant, sentence__contains="可以生成").exists()
    batch = office.step(batch, "draw", office.accountant, **PAY_AGAIN)
    batch = office.step(office.step(batch, "check", office.head), "seal", cast.xiang)
    office.step(batch, "print", office.accountant, OUT)
    clock.refresh_from_db()
    assert clock.met is True


def test_they_are_numbered_and_handed_out_in_the_order_of_the_rounds(cast: Any) -> None:
    office = billing_of(cast)
    other = cast.person("lou2", "楼二哥", "steward")
    late = Building.objects.create(community=cast.yunqi, code="B2", name="B2栋")
    shop = Unit.objects.create(community=cast.yunqi, building=late, room="0001")
    rooms = [cast.unit("0301"), cast.unit("0201")]
    for unit in (*rooms, shop, None):
        office.charge(100, 11, unit=unit.pk if unit else None, due_on=date(2026, 12, 10))
    Round.objects.create(community=cast.yunqi, building=late, steward=office.steward, position=1)
    Round.objects.create(community=cast.yunqi, building=cast.home.building, steward=office.steward, position=2)
    batch = office.printed()
    assert [str(one.unit or "") for one in batch.notices.order_by("seq")] == [str(shop), "A1-1-0201", "A1-1-0301", ""]
    with pytest.raises(Invalid):
        office.step(batch, "hand_out", office.accountant, OUT)
    office.step(batch, "hand_out", office.accountant, OUT, rest=other.pk)
    piles = {str(one.handler): one.notices.count() for one in DeliverySheet.objects.all()}
    assert piles == {"楼大姐": 3, "楼二哥": 1}
    assert Message.objects.filter(person=office.steward, sentence__contains="3 张").exists()


def test_nothing_is_handed_out_before_the_file_is_set(cast: Any) -> None:
    office = owing(cast)
    batch = office.step(office.step(office.drawn(), "check", office.head), "seal", cast.xiang)
    batch = office.step(batch, "print", office.accountant, OUT)
    with pytest.raises(Refused, match="还在排版"):
        office.step(batch, "hand_out", office.accountant, OUT, rest=office.steward.pk)


@pytest.mark.clause(
    "FEE-12", part="通知单出错率：有错的更正、原单收回、按张数和千分位显示，超过 0.05% 不写原因不能结束"
)
def test_a_wrong_notice_is_replaced_called_back_and_counted(cast: Any) -> None:
    office = owing(cast)
    sheet = office.out()
    notice, batch = Notice.objects.get(), NoticeBatch.objects.get()
    said = {"notice": notice.pk, "wrong": "amount", "cause": "面积录错"}
    with pytest.raises(Refused, match="账上没有变化"):
        office.step(batch, "replace", office.accountant, OUT, **said)
    charge = notice.lines.get(prior=False).charge
    office.does(office.head, lambda books: charging.reverse_charge(books, charge, "面积录错"), OUT)
    office.charge(30000, 11, due_on=date(2026, 12, 10), when=OUT)
    office.step(batch, "replace", office.accountant, OUT, **said)
    fresh = Notice.objects.valid().get()
    assert (fresh.number, fresh.replaces, fresh.sheet, fresh.due_fen) == (
        "YQ-JT-202611-0001-0002", notice, sheet, 34120,
    )  # fmt: skip
    assert Message.objects.filter(person=office.steward, sentence__contains="收回原单").exists()
    with pytest.raises(Invalid, match="不能选"):
        office.deliver(notice)
    office.deliver(fresh)
    sheet = office.step(sheet, "hand_back", office.steward)
    office.step(sheet, "receive", office.accountant)
    with pytest.raises(Invalid, match="出错 1 张"):
        office.step(batch, "finish", office.accountant)
    batch = office.step(batch, "finish", office.accountant, cause="录入时没有第二人核对，改为双人核对")
    assert batch.state == "closed"


def test_the_wrong_payer_gets_none_and_the_right_one_his(cast: Any) -> None:
    office = owing(cast)
    office.out()
    notice, batch = Notice.objects.get(), NoticeBatch.objects.get()
    heir = Party.objects.create(community=cast.yunqi, name="钱新户")
    for line in notice.lines.all():
        charge = line.charge
        office.does(office.head, lambda books, charge=charge: charging.reverse_charge(books, charge, "换了业主"), OUT)
    office.charge(20000, 11, party=heir.pk, due_on=date(2026, 12, 10), when=OUT)
    office.step(batch, "replace", office.accountant, OUT, notice=notice.pk, wrong="payer", cause="过户没有更新")
    fresh = Notice.objects.valid().get()
    assert (fresh.party, fresh.due_fen, fresh.replaces_id) == (heir, 20000, notice.pk)


def test_the_rate_is_shown_with_its_count() -> None:
    assert Errors(412, 1).words == "1 张，0.243%"
    assert Errors(412, 1).too_many
    assert not Errors(2000, 1).too_many
    assert Errors(0, 0).words == "—"


def test_the_batch_page_adds_up_by_item(cast: Any, sign_in: Any) -> None:
    office = owing(cast)
    batch = office.drawn()
    page = sign_in(office.head).get(batch.get_absolute_url()).content.decode()
    assert "物业服务费（以前未缴）" in page
    assert "359.41" in page
    assert DRAWN[:10] in page
    listed = sign_in(office.head).get("/notices/all/?q=0101").content.decode()
    assert "400.61" in listed
    assert "共 1 张" in listed


def test_a_run_posted_after_the_drawing_stops_the_sheets_until_they_are_drawn_anew(cast: Any, sign_in: Any) -> None:
    """Nobody seals November's notices without November's bills."""
    office = billing_of(cast)
    office.charge(14120, 10, due_on=date(2026, 11, 10))
    batch = office.step(office.batch(EARLY), "draw", office.accountant, EARLY, **PAY)
    batch = office.step(batch, "check", office.head, EARLY)
    with flat_source() as flat:
        estate = Estate(cast, flat)
        run = estate.post(estate.draw())
    assert (run.state, run.lines_posted) == ("posted", 6)
    page = sign_in(cast.xiang).get(batch.get_absolute_url()).content.decode()
    assert f"生成通知单以后又出了账：{run.number}（2026年11月，6 行 1,228.23 元）" in page
    for name, by in (("seal", cast.xiang), ("check", office.head)):
        if name == "check":
            batch = office.step(batch, "send_back", cast.xiang, EARLY, words="漏了本月的")
            batch = office.step(batch, "draw", office.accountant, EARLY, **PAY)
        with pytest.raises(Refused, match="请会计重新“生成通知单”"):
            office.step(batch, name, by, EARLY)
    later = timezone.localtime() + timedelta(minutes=1)
    when, until = f"{later:%Y-%m-%d %H:%M}", f"{later.date() + timedelta(days=20)}"
    batch = office.step(batch, "draw", office.accountant, when, **{**PAY, "pay_by": until})
    assert batch.due_fen == 14120 + 122823
    for name, by in (("check", office.head), ("seal", cast.xiang), ("print", office.accountant)):
        batch = office.step(batch, name, by, when)
    assert batch.state == "printed"


def test_what_is_sealed_and_not_printed_can_still_be_sent_back(cast: Any) -> None:
    office = owing(cast)
    batch = office.step(office.step(office.drawn(), "check", office.head), "seal", cast.xiang)
    back = office.step(batch, "send_back", cast.xiang, words="缴费方式写错")
    assert (back.state, back.sealed_by, back.sealed_at) == ("due", "", None)
    page = office.step(back, "draw", office.accountant, **PAY)
    assert page.state == "drawn"
