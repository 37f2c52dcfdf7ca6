"""前台: messages for who is out, the morning's check, the count at each shift, things lent, numbers and fees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, photo, sentences, signature
from yihu.areas.counter import numbers
from yihu.areas.counter.models import (
    AbsentNote,
    CheckItem,
    DeskCheck,
    LendItem,
    Loan,
    ServiceNumber,
    StockCheck,
    StockItem,
)
from yihu.areas.counter.pages.lists import CHECK_ITEMS, LEND_ITEMS, NUMBERS
from yihu.ground.staff.models import Deputy
from yihu.kernel import search
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.jobs import run_due
from yihu.kernel.models import Deadline, Message, Parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.prints import render
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


def due(record: Any, code: str) -> Any:
    running = Deadline.objects.filter(record_id=record.pk, code=code, stopped_at__isnull=True).first()
    return running.due_at if running else None


# -- messages for an absent colleague ----------------------------------------------------------------------------------


def note(cast: Any, when: str = "2026-11-03 21:30", **typed: Any) -> AbsentNote:
    data = {
        "handler": cast.gong.pk,
        "caller_name": "钱女士",
        "phone": "13800138113",
        "words": "电梯合同的事请回电话",
        **typed,
    }
    taken: AbsentNote = open_record(AbsentNote(community=cast.yunqi), by=cast.wang, data=data, at=at(when))
    return taken


@pytest.mark.clause("DESK-20")
def test_a_message_reaches_the_bell_and_is_confirmed_with_both_times(cast: Any) -> None:
    taken = note(cast, urgent="on")
    assert told(cast.gong) == [f"{taken.number} 【急】有人找 龚工：电梯合同的事请回电话，请确认收到。"]
    with pytest.raises(NotAllowed):
        perform(taken, "confirm", by=cast.wang)
    taken = perform(taken, "pass_on", by=cast.wang, data={"how": "phone"}, at=at("2026-11-03 21:50"))
    assert (taken.opened_at, taken.passed_at) == (at("2026-11-03 21:30"), at("2026-11-03 21:50"))
    assert due(taken, "D02") is None
    taken = perform(taken, "confirm", by=cast.gong, at=at("2026-11-04 08:00"))
    assert (taken.state_word, taken.passed_at) == ("本人已收", at("2026-11-03 21:50"))
    assert sentences(taken)[-1] == "龚工 确认收到"


@pytest.mark.clause("DESK-20")
def test_it_is_passed_on_within_an_hour_of_service_or_the_supervisor_hears_of_it(cast: Any, sign_in: Any) -> None:
    assert cast.li.pk
    taken = note(cast)
    assert due(taken, "D02") == at("2026-11-04 09:00")  # half an hour that evening, half an hour next morning
    sweep(at("2026-11-04 08:45"))
    sweep(at("2026-11-04 09:00"))
    assert told(cast.li) == [f"{taken.number} 转达留言已到时限（11-04 09:00）"]
    assert taken.number in text_of(sign_in(cast.li).get("/notes/?tab=to_pass"))


@pytest.mark.clause("DESK-20")
def test_the_deputy_of_the_absent_may_take_it(cast: Any) -> None:
    today = timezone.localdate()
    Deputy.objects.create(absent=cast.gong, stand_in=cast.chen, from_on=today, to_on=today)
    taken = note(cast)
    assert len(told(cast.chen)) == 1
    taken = perform(taken, "confirm", by=cast.chen)
    assert sentences(taken)[-1] == "陈维修（代龚工） 确认收到"


# -- the morning's check -----------------------------------------------------------------------------------------------


def listed(cast: Any, *names: str) -> list[CheckItem]:
    return [
        CheckItem.objects.create(community=cast.yunqi, name=name, position=place) for place, name in enumerate(names)
    ]


def check_of(cast: Any, when: str) -> DeskCheck:
    return next(one for one in come_round(at(when)) if isinstance(one, DeskCheck))


@pytest.mark.clause("DESK-23")
def test_each_morning_a_check_is_opened_where_a_list_is_kept(cast: Any) -> None:
    assert cast.yunqi.pk
    assert [one for one in come_round(at("2026-11-03 08:00")) if isinstance(one, DeskCheck)] == []
    listed(cast, "台面整齐")
    opened = check_of(cast, "2026-11-03 08:05")
    assert due(opened, "D24") == at("2026-11-03 09:00")
    assert [one for one in come_round(at("2026-11-03 08:10")) if isinstance(one, DeskCheck)] == []
    assert cast.wang.pk
    assert cast.li.pk
    sweep(at("2026-11-03 09:00"))
    sweep(at("2026-11-03 09:30"))
    assert any("前台检查已到时限" in line for line in told(cast.li))


@pytest.mark.clause("DESK-23")
def test_what_is_not_in_order_names_who_puts_it_right_and_the_supervisor_reads(cast: Any, sign_in: Any) -> None:
    tidy, radio = listed(cast, "台面整齐", "对讲机在位")
    sheet = check_of(cast, "2026-11-03 08:05")
    typed = {f"ok_{tidy.pk}": "ok", f"ok_{radio.pk}": "not_ok", "signature": signature()}
    with pytest.raises(Invalid) as refused:
        perform(sheet, "sign", by=cast.wang, data=typed)
    assert "不合格的请写明情况" in str(refused.value.form.errors)
    assert "请选由谁整改" in str(refused.value.form.errors)
    with pytest.raises(Invalid):
        perform(sheet, "sign", by=cast.wang, data={f"ok_{tidy.pk}": "ok", "signature": signature()})  # a line left out
    typed |= {f"remark_{radio.pk}": "少一只", "handler": cast.chen.pk}
    sheet = perform(sheet, "sign", by=cast.wang, data=typed, files={"photos": [photo()]}, at=at("2026-11-03 08:40"))
    assert (sheet.state_word, due(sheet, "D24")) == ("待整改", None)
    assert told(cast.chen) == [f"{sheet.number} 前台检查 1 项不合格：对讲机在位，请整改。"]
    assert sheet.attachments.count() == 2
    page = text_of(sign_in(cast.li).get(sheet.get_absolute_url()))
    assert "对讲机在位 不合格 少一只" in page
    sheet = perform(sheet, "remedy", by=cast.chen, data={"remedy": "找回放好"})
    with pytest.raises(NotAllowed):
        perform(sheet, "read", by=cast.wang)
    assert perform(sheet, "read", by=cast.li).state_word == "主管已阅"
    paper = sheets.text_of(render(sheet.procedure.prints[0], sheet, cast.li))
    assert "前台5S检查表" in paper
    assert "少一只" in paper
    assert "客服主管审阅李主管" in paper


def test_all_in_order_goes_straight_to_the_reader(cast: Any) -> None:
    (tidy,) = listed(cast, "台面整齐")
    sheet = perform(
        check_of(cast, "2026-11-03 08:05"), "sign", by=cast.wang, data={f"ok_{tidy.pk}": "ok", "signature": signature()}
    )
    assert (sheet.state_word, sheet.found) == ("待审阅", "1 项全部合格")


def test_the_supervisor_keeps_the_list_and_the_clerk_reads_it(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.li)
    assert "先放入常用的一套" in text_of(client.get(CHECK_ITEMS.address("list")))
    client.post(CHECK_ITEMS.address("start"), {"key": "start"})
    client.post(CHECK_ITEMS.address("start"), {"key": "again"})
    assert CheckItem.objects.count() == len(CHECK_ITEMS.starters)
    sent = {"name": "雨伞架归位", "position": "9", "shown": "on", "key": "new"}
    assert client.post(CHECK_ITEMS.address("new"), sent).status_code == 302
    made = CheckItem.objects.get(name="雨伞架归位")
    twin = client.post(CHECK_ITEMS.address("new"), {**sent, "key": "twin"})
    assert (twin.status_code, "已经有同样的检查项目" in text_of(twin)) == (422, True)
    client.post(
        CHECK_ITEMS.address("edit", made.pk), {"name": "雨伞架", "position": "9", "key": "edit", "version": "1"}
    )
    made.refresh_from_db()
    assert (made.name, made.shown) == ("雨伞架", False)
    changes = journal_of("counter.checkitem", made.pk, {"name": "检查项目"})
    assert changes[-1]["changes"] == [{"label": "检查项目", "old": "雨伞架归位", "new": "雨伞架"}]
    desk = sign_in(cast.wang)
    assert desk.get(CHECK_ITEMS.address("list")).status_code == 200
    assert desk.get(CHECK_ITEMS.address("new")).status_code == 403
    stale = client.post(
        CHECK_ITEMS.address("edit", made.pk), {"name": "别的", "position": "1", "key": "old", "version": "1"}
    )
    assert (stale.status_code, "别人已经改过" in text_of(stale)) == (409, True)


# -- the count at each shift -------------------------------------------------------------------------------------------


def stocked(cast: Any) -> tuple[StockItem, StockItem]:
    radio = StockItem.objects.create(community=cast.yunqi, name="对讲机", quantity=2)
    plan = StockItem.objects.create(community=cast.yunqi, name="应急预案", kind="document", position=1)
    return radio, plan


def counts(cast: Any, when: str) -> list[StockCheck]:
    return [one for one in come_round(at(when)) if isinstance(one, StockCheck)]


@pytest.mark.clause("DESK-15")
def test_a_count_is_due_at_every_shift_that_the_company_names(cast: Any) -> None:
    stocked(cast)
    assert [one.due_at for one in counts(cast, "2026-11-03 08:00")] == [at("2026-11-03 09:00")]
    assert [one.due_at for one in counts(cast, "2026-11-03 13:30")] == [at("2026-11-03 14:30")]
    assert counts(cast, "2026-11-03 22:00") == []
    Parameter.objects.create(
        community=cast.yunqi, name="counter.shifts", value=[], in_force_at=at("2026-11-04 00:00"), by=cast.li
    )
    assert counts(cast, "2026-11-04 20:00") == []


def test_the_company_says_at_which_hours(cast: Any, sign_in: Any) -> None:
    stocked(cast)
    client = sign_in(cast.person("guan", "管理员", "sysadmin"))
    url = reverse("kernel:settings_times_of", args=["counter.shifts"])
    assert "08:30、14:00" in text_of(client.get(reverse("kernel:settings_times")))
    typed = {"in_force_at": "2026-11-23T00:00", "why": "改为三班", "key": "three"}
    assert client.post(url, {**typed, "hours": "八点半"}).status_code == 422
    future = timezone.localtime() + timedelta(days=3)
    typed["in_force_at"] = future.strftime("%Y-%m-%dT00:00")
    assert client.post(url, {**typed, "hours": "7:30 15:00、23:00"}).status_code == 302
    assert Parameter.objects.get(name="counter.shifts").value == ["07:30", "15:00", "23:00"]
    assert sign_in(cast.li).get(url).status_code == 403


@pytest.mark.clause("DESK-15")
def test_a_difference_is_never_saved_as_agreement_and_stays_until_it_is_resolved(cast: Any, sign_in: Any) -> None:
    assert cast.li.pk
    radio, plan = stocked(cast)
    sheet = counts(cast, "2026-11-03 08:00")[0]
    typed = {f"counted_{radio.pk}": "1", f"counted_{plan.pk}": "1", "signature": signature()}
    with pytest.raises(Invalid) as refused:
        perform(sheet, "sign", by=cast.wang, data=typed)
    assert "应有 2，少 1，请写明情况" in str(refused.value.form.errors)
    with pytest.raises(Invalid):
        perform(sheet, "sign", by=cast.wang, data={**typed, f"counted_{plan.pk}": "", f"remark_{radio.pk}": "没找到"})
    sheet = perform(sheet, "sign", by=cast.wang, data={**typed, f"remark_{radio.pk}": "交班时没找到"})
    assert (sheet.state_word, sheet.closed_at) == ("有差异", None)
    assert told(cast.li) == [f"{sheet.number} 前台物品清点有差异：对讲机少 1。"]
    assert sheet.number in text_of(sign_in(cast.li).get("/stock-checks/?tab=differs"))
    perform(sheet, "follow", by=cast.wang, data={"words": "已问过夜班"})
    resolved = {"how": "found", "remedy": "在工程部"}
    with pytest.raises(NotAllowed):
        perform(sheet, "resolve", by=cast.wang, data=resolved)
    sheet = perform(sheet, "resolve", by=cast.li, data=resolved)
    assert sheet.state_word == "差异已了结"
    paper = sheets.text_of(render(sheet.procedure.prints[0], sheet, cast.li))
    assert "交班时没找到" in paper


@pytest.mark.clause("DESK-15")
def test_damage_counts_as_a_difference_and_agreement_closes_the_sheet(cast: Any) -> None:
    radio, plan = stocked(cast)
    first, second = counts(cast, "2026-11-03 13:30")
    typed = {f"counted_{radio.pk}": "2", f"counted_{plan.pk}": "1", "signature": signature()}
    broken = perform(
        first, "sign", by=cast.wang, data={**typed, f"damaged_{radio.pk}": "1", f"remark_{radio.pk}": "按键失灵"}
    )
    assert (broken.state_word, broken.found) == ("有差异", "对讲机损坏 1")
    assert perform(second, "sign", by=cast.wang, data=typed).state_word == "相符"


# -- things lent -------------------------------------------------------------------------------------------------------


def umbrella(cast: Any, code: str = "伞-01") -> LendItem:
    return LendItem.objects.get_or_create(community=cast.yunqi, code=code, defaults={"name": "雨伞"})[0]


def lend(cast: Any, **typed: Any) -> Loan:
    data = {
        "item": umbrella(cast).pk, "borrower": "赵业主", "unit": cast.home.pk, "due_at": "2026-11-03 18:00", "deposit_note": "身份证一张", **typed,
    }  # fmt: skip
    out: Loan = open_record(Loan(community=cast.yunqi), by=cast.wang, data=data, at=at("2026-11-03 10:00"))
    return out


@pytest.mark.clause("DESK-24")
def test_nothing_is_with_two_people_at_once(cast: Any) -> None:
    first = lend(cast)
    with pytest.raises(Invalid) as refused:
        lend(cast, borrower="李先生")
    assert "这件已经借出或停用" in str(refused.value.form.errors)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.filter(pk=lend(cast, item=umbrella(cast, "伞-02").pk).pk).update(item=first.item)
    perform(first, "give_back", by=cast.wang, data={"condition": "good", "deposit_back": "on"})
    assert lend(cast, borrower="李先生").item == first.item


@pytest.mark.clause("DESK-24")
def test_what_is_overdue_is_called_for_and_stands_in_the_list(cast: Any, sign_in: Any) -> None:
    out = lend(cast)
    sweep(at("2026-11-03 17:00"))
    sweep(at("2026-11-03 18:00"))
    assert told(cast.wang)[-1] == f"{out.number} 归还借物已到时限（11-03 18:00）"
    now = timezone.now()
    typed = {
        "item": umbrella(cast, "伞-02").pk,
        "borrower": "钱女士",
        "phone": "13800138113",
        "due_at": now - timedelta(hours=1),
    }
    late = open_record(Loan(community=cast.yunqi), by=cast.wang, data=typed, at=now - timedelta(hours=3))
    assert late.number in text_of(sign_in(cast.wang).get("/lending/?tab=late"))
    out = perform(
        out, "extend", by=cast.wang, at=at("2026-11-03 18:30"), data={"due_at": "2026-11-04 18:00", "reason": "还在用"}
    )
    assert due(out, "D41") == at("2026-11-04 18:00")


@pytest.mark.clause("DESK-24")
def test_it_comes_back_with_its_condition_and_the_deposit(cast: Any, sign_in: Any) -> None:
    out = lend(cast)
    with pytest.raises(Invalid) as refused:
        perform(out, "give_back", by=cast.wang, data={"condition": "good"})
    assert "请退还押金或押物" in str(refused.value.form.errors)
    back = perform(
        out, "give_back", by=cast.wang, data={"condition": "good", "deposit_back": "on"}, at=at("2026-11-03 16:00")
    )
    assert (back.state_word, back.returned_at, back.is_out) == ("已还", at("2026-11-03 16:00"), False)
    file = sign_in(cast.wang).get(reverse("unitfile:file", args=[cast.home.pk]))
    assert out.number in text_of(file)
    paper = sheets.text_of(render(back.procedure.prints[0], back, cast.wang))
    assert "物品借用登记表" in paper
    assert "身份证一张" in paper


@pytest.mark.clause("DESK-24")
def test_what_is_lost_or_damaged_is_settled_before_the_line_closes(cast: Any) -> None:
    assert cast.li.pk
    gone = perform(lend(cast), "lose", by=cast.wang, data={"loss_note": "忘在公交车上"})
    assert (gone.state_word, gone.closed_at) == ("待赔偿", None)
    assert "待赔偿" in told(cast.li)[-1]
    gone = perform(gone, "settle", by=cast.wang, data={"settlement": "赔 30 元，收据 0012"})
    assert gone.state_word == "已了结"
    with pytest.raises(Invalid):
        lend(cast)  # what is gone is not lent any more
    other = umbrella(cast, "伞-02")
    bent = perform(
        lend(cast, item=other.pk), "give_back", by=cast.wang, data={"condition": "damaged", "loss_note": "伞骨断一根"}
    )
    assert bent.state_word == "待赔偿"
    perform(bent, "settle", by=cast.wang, data={"settlement": "已修，免赔，李主管同意", "keep": "on"})
    assert lend(cast, item=other.pk).state_word == "借出"


def test_a_loan_taken_back_by_mistake_frees_the_thing(cast: Any) -> None:
    perform(lend(cast), "withdraw", by=cast.wang, data={"reason": "登错了"})
    run_due(timezone.now())
    assert lend(cast).state_word == "借出"


def test_a_colleague_borrows_under_his_own_name(cast: Any) -> None:
    assert lend(cast, borrower="", unit="", staff=cast.chen.pk).borrower == "陈维修"
    with pytest.raises(Invalid) as refused:
        lend(cast, item=umbrella(cast, "伞-02").pk, unit="")
    assert "留下借用人的电话" in str(refused.value.form.errors)


def test_the_list_says_who_has_a_thing(cast: Any, sign_in: Any) -> None:
    lend(cast)
    assert "借给 赵业主" in text_of(sign_in(cast.wang).get(LEND_ITEMS.address("list")))


# -- numbers and fees --------------------------------------------------------------------------------------------------


def draft(cast: Any, by: Any = None, **typed: Any) -> ServiceNumber:
    row = ServiceNumber(community=cast.yunqi, **{
        "group": "ours", "name": "客服中心", "text": "0571-8000 1234", "hours": "8:30–22:00", "source": "本公司", "valid_from": date(2026, 1, 1),
        "on_card": True, **typed,
    })  # fmt: skip
    NUMBERS.write(row, by=by or cast.wang)
    return row


def board(cast: Any, sign_in: Any) -> str:
    return text_of(sign_in(cast.chen).get(reverse("counter:board")))


def found(text: str, person: Any) -> list[str]:
    return [hit.title for group in search.find(text, person) if group.label == "服务电话与收费" for hit in group.hits]


@pytest.mark.clause("DESK-25")
def test_a_number_is_published_only_when_another_has_approved_it(cast: Any, sign_in: Any) -> None:
    row = draft(cast, by=cast.li)
    assert "8000" not in board(cast, sign_in)
    with pytest.raises(NotAllowed):
        numbers.approve(row, by=cast.li)
    with pytest.raises(NotAllowed):
        numbers.approve(row, by=cast.wang)
    assert "本人所拟" in text_of(sign_in(cast.li).get(reverse("counter:board")))
    sign_in(cast.gao).post(reverse("counter:approve", args=[row.pk]), {"key": "yes"})
    assert "客服中心 0571-8000 1234" in board(cast, sign_in)


@pytest.mark.clause("DESK-25")
def test_one_list_feeds_board_cards_and_search_and_a_change_reaches_all_three(cast: Any, sign_in: Any) -> None:
    row = draft(cast)
    draft(cast, group="fees", name="停车月租", text="300 元/月", on_card=False)
    for one in ServiceNumber.objects.all():
        numbers.approve(one, by=cast.li)
    client = sign_in(cast.wang)
    paper = {
        name: sheets.text_of(client.get(reverse("counter:paper", args=[name])).content)
        for name in ("a4", "a3", "cards")
    }
    assert "0571-80001234" in paper["a4"]
    assert "300元/月" in paper["a3"]
    assert paper["cards"].count("0571-80001234") == 8
    assert "300元" not in paper["cards"]
    assert found("客服中心", cast.chen) == ["客服中心　0571-8000 1234"]
    row.refresh_from_db()
    row.text = "0571-8000 5678"
    NUMBERS.write(row, by=cast.wang)
    assert "1234" in board(cast, sign_in)  # until it is approved, what was approved last
    assert found("客服中心", cast.chen) == ["客服中心　0571-8000 1234"]
    numbers.approve(row, by=cast.li)
    assert "5678" in board(cast, sign_in)
    assert found("客服中心", cast.chen) == ["客服中心　0571-8000 5678"]
    assert "80005678" in sheets.text_of(client.get(reverse("counter:paper", args=["cards"])).content)
    assert found("客服中心", cast.lin) == []


@pytest.mark.clause("DESK-25")
def test_what_comes_into_force_later_leaves_the_old_words_up_until_then(cast: Any) -> None:
    row = draft(cast, group="fees", name="停车月租", text="300 元/月")
    numbers.approve(row, by=cast.li)
    row.refresh_from_db()
    row.text, row.valid_from = "350 元/月", date(2099, 1, 1)
    NUMBERS.write(row, by=cast.wang)
    numbers.approve(row, by=cast.li)
    assert [one["text"] for one in numbers.in_force([cast.yunqi.pk])] == ["300 元/月"]
    assert [one["text"] for one in numbers.in_force([cast.yunqi.pk], date(2099, 1, 1))] == ["350 元/月"]


def test_what_is_taken_out_of_use_leaves_board_and_search(cast: Any) -> None:
    row = draft(cast)
    numbers.approve(row, by=cast.li)
    row.refresh_from_db()
    row.shown = False
    NUMBERS.write(row, by=cast.wang)
    numbers.approve(row, by=cast.li)
    assert numbers.in_force([cast.yunqi.pk]) == []
    assert found("客服中心", cast.wang) == []


def test_who_approves_has_read_what_is_there_now(cast: Any) -> None:
    row = draft(cast)
    with pytest.raises(Conflict):
        numbers.approve(row, by=cast.li, seen=0)
    with pytest.raises(Refused):
        NUMBERS.write(row, by=cast.passer)
