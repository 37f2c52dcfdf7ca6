"""三张需求登记表: a line is written, signed by somebody else the next morning, worked off, reported back, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, call_back, sentences
from yihu.areas.needs.models import Need
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed
from yihu.kernel.jobs import run_due
from yihu.kernel.models import Deadline, Link, Message
from yihu.kernel.prints import render
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
FRIDAY = "2026-11-06 15:00"


def write(cast: Any, *, by: Any = None, when: str = FRIDAY, **typed: Any) -> Need:
    data = {
        "register": "commissioned", "unit": cast.home.pk, "customer": "赵业主", "phone": "13800138112", "content": "代为更换门口地垫",
        "need_type": "errand", "team": "cs_dept", "expected_at": "2026-11-07 12:00", **typed,
    }  # fmt: skip
    need: Need = open_record(Need(community=cast.yunqi), by=by or cast.wang, data=data, at=at(when))
    return need


def public(cast: Any, **typed: Any) -> Need:
    return write(
        cast, **{"register": "public", "unit": "", "customer": "", "phone": "", "place": "2 号楼大堂", **typed}
    )


def due(need: Any, code: str) -> datetime | None:
    running = Deadline.objects.filter(record_id=need.pk, code=code, stopped_at__isnull=True).first()
    return running.due_at if running else None


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_public_need_names_its_place_and_a_commission_its_customer(cast: Any) -> None:
    assert public(cast).where == "2 号楼大堂"
    with pytest.raises(Invalid) as refused:
        public(cast, place="")
    assert "请写明是哪个区域" in str(refused.value.form.errors)
    with pytest.raises(Invalid) as refused:
        write(cast, customer="")
    assert "哪位客户" in str(refused.value.form.errors)


def test_the_department_hears_of_it_and_sees_it(cast: Any) -> None:
    need = write(cast, team="engineering")
    assert [line for line in told(cast.chen) if need.number in line] == []  # 陈维修 was not there yet
    again = write(cast, team="engineering")
    assert told(cast.chen) == [f"{again.number} {again.summary}，请办理。"]
    assert set(Need.objects.seen_by(cast.chen)) == {need, again}


# -- the approver ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DESK-21")
def test_a_line_wants_its_signature_by_ten_on_the_next_working_day_and_climbs(cast: Any) -> None:
    assert cast.li.pk
    assert cast.gao.pk
    need = write(cast, team="engineering")
    assert due(need, "D24") == at("2026-11-09 10:00")  # written on a Friday
    sweep(at("2026-11-09 10:00"))
    assert f"{need.number} 签批已到时限（11-09 10:00）" in told(cast.li)
    assert told(cast.gao) == []
    sweep(at("2026-11-09 11:00"))
    assert told(cast.gao) == [f"{need.number} 签批已到时限（11-09 10:00）"]


@pytest.mark.clause("DESK-21")
def test_who_wrote_the_line_does_not_sign_it(cast: Any) -> None:
    with pytest.raises(NotAllowed):
        perform(write(cast, by=cast.li), "sign", by=cast.li)
    need = write(cast)
    with pytest.raises(NotAllowed):
        perform(need, "sign", by=cast.wang)
    signed = perform(need, "sign", by=cast.li, at=at("2026-11-07 09:00"))
    assert (signed.signed_by, signed.signed_at, due(signed, "D24")) == (cast.li, at("2026-11-07 09:00"), None)
    assert sentences(signed)[-1] == "李主管 签批"
    with pytest.raises(NotAllowed):
        perform(signed, "sign", by=cast.gao)


@pytest.mark.clause("DESK-21")
def test_a_line_without_signature_is_not_closed_and_closes_with_it(cast: Any) -> None:
    need = perform(public(cast), "done", by=cast.wang, data={"result": "已清洁"}, at=at("2026-11-06 16:00"))
    assert (need.state_word, need.closed_at) == ("办毕待签批", None)
    need = perform(need, "sign", by=cast.li)
    assert need.state_word == "已办结"
    early = perform(public(cast), "sign", by=cast.li)
    assert early.state_word == "办理中"
    assert perform(early, "done", by=cast.wang, data={"result": "已清洁"}).state_word == "已办结"


@pytest.mark.clause("DESK-21")
def test_a_returned_line_goes_back_to_the_clerk_with_the_reason(cast: Any, sign_in: Any) -> None:
    need = perform(write(cast), "return", by=cast.li, data={"return_reason": "没有承办人"}, at=at("2026-11-09 09:00"))
    assert told(cast.wang)[-1] == f"{need.number} 被退回：没有承办人，请补正。"
    assert due(need, "D22") == at("2026-11-10 17:30")
    with pytest.raises(NotAllowed):
        perform(need, "sign", by=cast.li)
    page = sign_in(cast.wang).get(f"{need.get_absolute_url()}do/resubmit/")
    assert "退回原因：没有承办人" in text_of(page)
    typed = {
        "register": "commissioned", "unit": cast.home.pk, "customer": "赵业主", "content": "代为更换门口地垫", "need_type": "errand",
        "team": "cs_dept", "expected_at": "2026-11-12 12:00", "handler": cast.wang.pk,
    }  # fmt: skip
    need = perform(need, "resubmit", by=cast.wang, data=typed, at=at("2026-11-09 14:00"))
    assert (due(need, "D22"), due(need, "D24"), due(need, "D04")) == (
        None,
        at("2026-11-10 10:00"),
        at("2026-11-12 12:00"),
    )
    assert perform(need, "sign", by=cast.li).sign_off == "signed"


@pytest.mark.clause("DESK-21")
def test_what_is_corrected_after_the_signature_is_signed_again_by_another(cast: Any) -> None:
    need = perform(write(cast), "sign", by=cast.li)
    perform(need, "correct", by=cast.li, data={"unit": cast.home.pk, "customer": "赵业主", "need_type": "errand", "content": "代为更换地垫两块", "reason": "数量"})  # fmt: skip
    run_due(at("2026-11-09 12:00"))
    need.refresh_from_db()
    assert (need.sign_off, need.signed_by) == ("waiting", None)
    with pytest.raises(NotAllowed):
        perform(need, "sign", by=cast.li)
    assert perform(need, "sign", by=cast.gao).sign_off == "signed"


@pytest.mark.clause("DESK-21")
def test_the_supervisor_reads_what_is_missing_and_signs_many_lines_at_once(cast: Any, sign_in: Any) -> None:
    whole = write(cast, handler=cast.wang.pk)
    bare = write(cast, unit="", phone="")
    own = write(cast, by=cast.li)
    client, url = sign_in(cast.li), reverse("needs:sign_off")
    page = client.get(url)
    assert "缺房号、联系电话、承办人" in text_of(page)
    assert "昨日及以前" in text_of(page)
    body = page.content.decode()
    assert f'value="{whole.pk}" checked' in body
    assert f'value="{bare.pk}" aria' in body
    assert f'aria-label="签批 {own.number}"' not in body
    sent = {"key": "many", "need": [whole.pk, bare.pk, own.pk], f"version-{whole.pk}": whole.version}
    answer = client.post(url, sent, follow=True)
    assert "已签批 2 行。" in text_of(answer)
    assert f"{own.number}：您不能签批" in text_of(answer)
    assert set(Need.objects.filter(sign_off="signed")) == {whole, bare}
    client.post(url, sent)
    assert sentences(whole).count("李主管 签批") == 1


def test_a_line_that_somebody_changed_meanwhile_is_not_signed_unread(cast: Any, sign_in: Any) -> None:
    need = write(cast)
    perform(need, "done", by=cast.wang, data={"result": "已换"})
    client = sign_in(cast.li)
    client.post(reverse("needs:sign_off"), {"key": "late", "need": [need.pk], f"version-{need.pk}": "1"})
    need.refresh_from_db()
    assert need.sign_off == "waiting"


def test_only_the_approver_has_that_page(cast: Any, sign_in: Any) -> None:
    assert sign_in(cast.wang).get(reverse("needs:sign_off")).status_code == 403


# -- the department ----------------------------------------------------------------------------------------------------


def test_the_department_reports_back_and_another_asks_the_customer(cast: Any) -> None:
    need = perform(write(cast, team="engineering"), "sign", by=cast.li)
    assert cast.chen.pk
    need = perform(need, "done", by=cast.chen, data={"result": "已更换", "charge_note": "免费"})
    assert (need.state_word, need.handled_by) == ("待回访", cast.chen)
    need = call_back(cast, need)
    assert need.state_word == "已办结"
    mine = perform(write(cast), "done", by=cast.wang, data={"result": "已办"})
    with pytest.raises(NotAllowed):
        call_back(cast, mine)


def test_an_unhappy_customer_starts_a_second_round(cast: Any) -> None:
    assert cast.chen.pk
    need = perform(write(cast, team="engineering"), "done", by=cast.chen, data={"result": "已更换"})
    call_back(cast, need, feedback="C", score="1", words="换错了颜色")
    again = Need.objects.get(round_no=2)
    assert "换错了颜色" in again.content
    assert Link.objects.get(origin=need, target=again).why == "rework"
    assert str(again.phone) == "138****8112"


def test_another_date_is_agreed_openly(cast: Any) -> None:
    need = perform(write(cast), "promise", by=cast.wang, at=at("2026-11-06 17:00"), data={"expected_at": "2026-11-08 12:00", "reason": "客户外出"})  # fmt: skip
    assert due(need, "D04") == at("2026-11-08 12:00")
    with pytest.raises(Conflict):
        perform(perform(need, "done", by=cast.wang, data={"result": "好"}), "promise", by=cast.wang, data={})


# -- paper and lists ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("DESK-21")
def test_each_of_the_three_registers_is_a_list_and_a_sheet_of_the_month(cast: Any, sign_in: Any) -> None:
    ours, theirs = write(cast, content="代收包裹"), public(cast, content="大堂加放伞桶")
    perform(ours, "sign", by=cast.li)
    client = sign_in(cast.li)
    listed = text_of(client.get("/needs/?tab=public"))
    assert theirs.number in listed
    assert ours.number not in listed
    sheet = sheets.text_of(render(Need.procedure.fget(ours).prints[0], ours, cast.li))  # type: ignore[attr-defined]
    assert "客户委托服务需求登记表" in sheet
    assert "代收包裹" in sheet
    assert "李主管" in sheet
    assert "伞桶" not in sheet
    assert "13800138112" not in sheet
    month = client.get(reverse("reports:register_pdf", args=["needs-public"]), {"month": "2026-11"})
    assert "大堂加放伞桶" in sheets.text_of(month.content)
