"""每日工作汇总表, the sheet: its figures, signed, frozen, read by the manager."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import assign, at, call_back, finish, log_contact, sign, signature, the_order
from tests.support.duties import sheet_of, signed, told
from yihu.areas.complaints.models import Complaint
from yihu.areas.duties import effects
from yihu.areas.duties.models import DaySheet
from yihu.areas.duties.printing import shown
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid
from yihu.kernel.models import Attachment, Barred, Record
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


def figure(snapshot: dict[str, Any], key: str) -> int:
    group = key.split(".", 1)[0]
    return next(one["value"] for one in snapshot[group] if one["key"] == key)


def test_nobody_signs_without_a_signature(cast: Any) -> None:
    sheet = sheet_of(cast)
    for wanting in ("", "data:text/html;base64,PGI+", "签了"):
        with pytest.raises(Invalid):
            perform(sheet, "sign", by=cast.wang, data={"remarks": "无", "signature": wanting})
    assert DaySheet.objects.get().state == "due"
    assert DaySheet.objects.get().snapshot is None


def test_the_figures_of_a_day(cast: Any) -> None:
    """Counts by class, repairs, call-backs, what is open from before, and nothing of tomorrow."""
    before = log_contact(cast, when=at("2026-11-01 10:00"), category="other", content="大堂加座椅")
    done = finish(cast, assign(cast, the_order(log_contact(cast, when=at("2026-11-03 08:40"))), at("2026-11-03 08:45")),
                  at("2026-11-03 09:30"))  # fmt: skip
    call_back(
        cast, sign(cast, done, at("2026-11-03 09:40")), at("2026-11-03 15:00"), feedback="C", score="1", words="又漏了"
    )
    log_contact(cast, when=at("2026-11-03 11:00"), category="complaint", content="楼道没有打扫")
    complaint = Complaint.objects.get()
    log_contact(
        cast, when=at("2026-11-03 11:10"), category="other", content="问物业费怎么交", answered="on", result="已答复"
    )
    log_contact(cast, when=at("2026-11-04 08:35"), content="次日的事不在表上")
    snapshot = signed(sheet_of(cast), cast.wang, "2026-11-03 21:30").snapshot
    counted = {one["label"]: one["value"] for one in snapshot["counts"]}
    assert counted == {"报修": 1, "投诉": 1, "服务": 0, "售后": 0, "表扬": 0, "建议": 0, "其它": 1, "合计": 3}
    assert figure(snapshot, "standing.open") == 4
    assert figure(snapshot, "standing.before") == 1
    assert [figure(snapshot, f"repairs.{name}") for name in ("received", "again", "finished", "closed", "unfinished")] == [
        2, 1, 1, 1, 1,
    ]  # fmt: skip
    assert [figure(snapshot, f"call_backs.{name}") for name in ("made", "A", "C", "waiting")] == [1, 0, 1, 0]
    open_lines = snapshot["lists"]["open"]
    assert [line["before"] for line in open_lines].count(True) == 1
    assert "大堂加座椅" in open_lines[0]["summary"]
    assert not any("次日" in line["summary"] for lines in snapshot["lists"].values() for line in lines)
    assert [line["number"] for line in snapshot["lists"]["complaints"]] == [complaint.number]
    assert [line["number"] for line in snapshot["lists"]["done"]] == [done.number]
    assert before.number not in {line["number"] for line in open_lines}  # its matter speaks for it
    assert snapshot["behind"]["counts.received"] == sorted(snapshot["behind"]["counts.received"])


def test_what_came_after_the_last_signature_is_not_lost(cast: Any) -> None:
    signed(sheet_of(cast, "2026-11-02 00:05"), cast.wang, "2026-11-02 21:40")
    late = log_contact(cast, when=at("2026-11-02 23:10"))
    snapshot = signed(sheet_of(cast), cast.wang, "2026-11-03 21:40").snapshot
    assert figure(snapshot, "standing.since_last") == 1
    assert snapshot["behind"]["standing.since_last"] == [late.number]


@pytest.mark.clause("DESK-16")
def test_a_day_is_summed_signed_printed_and_read_through_the_pages(cast: Any, sign_in: Any) -> None:
    now = timezone.now()
    desk, manager = sign_in(cast.wang), sign_in(cast.gao)
    sheet = next(sheet for sheet in come_round(now) if sheet.community_id == cast.yunqi.pk)
    page = sheet.get_absolute_url()
    contact = log_contact(cast, content="厨房水龙头漏水")
    order = the_order(contact)

    seen = text_of(desk.get(f"{page}do/sign/"))
    assert "将要签字的数据" in seen
    assert order.number in seen
    answer = desk.post(
        f"{page}do/sign/",
        {
            "key": "evening",
            "version": "1",
            "early": "on",
            "remarks": "三号楼电梯困人，已安抚",
            "signature": signature(),
        },
    )
    assert (answer.status_code, DaySheet.objects.get(pk=sheet.pk).state) == (302, "signed")
    assert told(cast.gao) == [f"{sheet.day:%m-%d} 每日工作汇总表已由 王客服 签字，请阅。"]

    paper = desk.get(f"{page}print/day_sheet/")
    assert paper["Content-Type"] == "application/pdf"
    printed = sheets.text_of(paper.content)
    for words in (
        "每日工作汇总表",
        sheet.number,
        "三号楼电梯困人",
        order.number,
        "厨房水龙头漏水",
        "汇总人王客服",
        "客服经理审阅",
    ):
        assert words in printed
    assert "尚未签字" not in printed
    assert "补打1" in sheets.text_of(desk.get(f"{page}print/day_sheet/").content)

    perform(order, "cancel", by=cast.li, data={"reason": "业主自行修好"})
    log_contact(cast, category="praise", content="签字之后才来的表扬")
    later = text_of(manager.get(page))
    assert order.number in later
    assert "签字之后" not in later
    assert manager.post(f"{page}do/read/", {"key": "r", "version": "2", "manager_words": "已阅"}).status_code == 302
    sheet = DaySheet.objects.get(pk=sheet.pk)
    assert (sheet.state, sheet.manager_words) == ("read", "已阅")
    assert sheet.attachments.get().purpose == Attachment.Purpose.SIGNATURE
    assert "客服经理审阅高经理" in sheets.text_of(manager.get(f"{page}print/day_sheet/").content)


def test_a_signed_sheet_stays_as_it_was(cast: Any) -> None:
    contact = log_contact(cast, when=at("2026-11-03 09:00"))
    sheet = signed(sheet_of(cast), cast.wang, "2026-11-03 21:00")
    kept = sheet.snapshot
    order = the_order(contact)
    call_back(cast, sign(cast, finish(cast, assign(cast, order))))
    log_contact(cast, when=at("2026-11-03 21:30"))
    again = DaySheet.objects.get(pk=sheet.pk)
    assert again.snapshot == kept
    assert shown(again, cast.wang) == kept
    assert again.snapshot["lists"]["open"][0]["state"] == "待派"
    assert again.journal.get(step="sign").changed["snapshot"] == ["", "（已填）"]


def test_one_who_is_barred_from_a_line_reads_the_rest(cast: Any, sign_in: Any) -> None:
    complaint = log_contact(cast, when=at("2026-11-03 09:00"), category="complaint", content="前台态度冷淡")
    other = log_contact(cast, when=at("2026-11-03 09:10"), category="complaint", content="楼道没有打扫")
    sheet = signed(sheet_of(cast), cast.li, "2026-11-03 21:00")
    for record in Record.objects.filter(summary__contains="态度冷淡"):
        Barred.objects.create(record_id=record.pk, person=cast.wang, why="事项涉及本人", at=at("2026-11-03 09:01"))
    client = sign_in(cast.wang)
    page = text_of(client.get(sheet.get_absolute_url()))
    paper = sheets.text_of(client.get(f"{sheet.get_absolute_url()}print/day_sheet/").content)
    for reading in (page, paper):
        assert "态度冷淡" not in reading
        assert complaint.number not in reading
        assert other.number in reading
    assert "另有 2 件" in page  # the complaint and the matter that came of it
    assert "另有2件" in paper
    assert complaint.number in text_of(sign_in(cast.gao).get(sheet.get_absolute_url()))


def test_the_signer_is_told_how_much_he_may_not_see(cast: Any) -> None:
    complaint = log_contact(cast, when=at("2026-11-03 09:00"), by=cast.li, category="complaint", content="前台态度冷淡",
                            about_staff=cast.wang.pk)  # fmt: skip
    snapshot = signed(sheet_of(cast), cast.wang, "2026-11-03 21:00").snapshot
    assert snapshot["hidden"] == 2
    assert complaint.number not in str(snapshot)


def test_each_figure_opens_the_records_behind_it(cast: Any, sign_in: Any) -> None:
    first, second = (log_contact(cast, when=at(f"2026-11-03 09:{minute}")) for minute in ("00", "10"))
    sheet = signed(sheet_of(cast), cast.wang, "2026-11-03 21:00")
    client = sign_in(cast.wang)
    address = reverse("reports:day_records", args=[sheet.number, "counts.repair"])
    assert address in client.get(sheet.get_absolute_url()).content.decode()
    listed = text_of(client.get(address))
    assert first.number in listed
    assert second.number in listed
    assert the_order(first).number not in listed
    assert "共 2 件" in listed
    assert client.get(reverse("reports:day_records", args=[sheet.number, "counts.nothing"])).status_code == 404
    assert client.get(reverse("reports:day_records", args=[sheet.number, "lists.open"])).status_code == 404
    assert sign_in(cast.lin).get(address).status_code == 404
    assert sign_in(cast.chen).get(address).status_code == 404


def test_the_page_opens_where_no_front_computes_figures(cast: Any, sign_in: Any, monkeypatch: Any) -> None:
    sheet = sheet_of(cast)
    monkeypatch.setattr(effects, "_figures", {})
    client: Client = sign_in(cast.wang)
    assert client.get(sheet.get_absolute_url()).status_code == 200
    assert client.get(f"{sheet.get_absolute_url()}do/sign/").status_code == 200
    answer = client.post(f"{sheet.get_absolute_url()}do/sign/", {"key": "x", "version": "1", "signature": signature()})
    assert "没有可汇总的数据来源" in answer.content.decode()
    assert DaySheet.objects.get().state == "due"


def test_the_figures_cost_the_same_for_many_records(cast: Any, django_assert_max_num_queries: Any) -> None:
    now = at("2026-11-03 12:00")
    sheet = sheet_of(cast)
    for minute in range(12):
        log_contact(cast, when=now - timedelta(minutes=minute), category=("repair", "complaint")[minute % 2])
    with django_assert_max_num_queries(14):
        found = effects.figures(sheet, cast.wang, now)
    assert figure(found, "counts.received") == 12
