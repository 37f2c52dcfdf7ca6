"""The desk's old register comes in: closed when it happened, in the journal, silent, once, and back out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.harness.breaking import at_once, die_at
from tests.support.cast import Cast
from tests.support.doing import at, log_contact
from tests.support.importing import CommandLine
from tests.support.messy_register import HEAD, LINES, register
from tests.support.messy_roll import upload, workbook
from yihu.areas.reception.bringing.bring import RegisterOfTheDesk
from yihu.areas.reception.bringing.models import ContactFile, ContactImport, ContactLine, ContactRow
from yihu.areas.reception.models import Contact
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.importing import running, staging
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Deadline, JournalEntry, Message, Record

pytestmark = pytest.mark.django_db
command_line = CommandLine("import_reception", "云栖苑")
KIND = "bringing.contactimport"


def handed_in(cast: Cast, content: bytes, name: str = "登记.csv") -> ContactImport:
    cast.home, cast.owner  # noqa: B018
    run: ContactImport = open_record(
        ContactImport(community=cast.yunqi), by=cast.li, data={}, files={"import_file": upload(content, name)}
    )
    run.refresh_from_db()
    return run


def gone_live(cast: Cast, content: bytes) -> ContactImport:
    run = perform(handed_in(cast, content), "go_live", by=cast.li, data={})
    run_waiting()
    run.refresh_from_db()
    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "登记.csv"


def test_each_line_becomes_a_contact_that_was_opened_closed_and_stirs_nobody(cast: Cast) -> None:
    run = gone_live(cast, register())
    assert (run.state, run.created, run.errors) == ("live", 5, 0)
    assert {found.kind for found in run.problems.all()} == {
        "missing_phone", "unknown_room", "missing_category", "missing_caller",
    }  # fmt: skip
    lock, service, rubbish, patrol, praise = Contact.objects.order_by("received_at")
    assert {contact.state for contact in Contact.objects.all()} == {"struck"}
    assert [contact.closed_at for contact in (lock, rubbish)] == [at("2026-10-01 09:17"), at("2026-10-02 21:55")]
    assert (lock.unit, lock.party, lock.relation, lock.channel, lock.category) == (
        cast.home, cast.owner, "owner", "phone", "repair",
    )  # fmt: skip
    assert str(lock.phone) == "138****8112"
    assert lock.number.startswith("YQ-JD-202610-")
    assert (service.channel, service.party, service.caller_name) == ("chat", None, "钱途")
    assert (rubbish.unit, rubbish.caller_name, rubbish.relation) == (None, "", "anonymous")
    assert rubbish.content == "（房号：Z9-9-9999）垃圾两天没清了,味道很大"
    assert (patrol.channel, patrol.category, praise.channel, praise.category) == ("patrol", "other", "mail", "praise")
    entry = lock.journal.get()
    assert (entry.at, entry.seq, entry.written_at > entry.at) == (at("2026-10-01 09:17"), 1, True)
    of_contacts = Record.objects.exclude(kind=KIND)
    assert of_contacts.count() == 5
    assert not Deadline.objects.exists()
    assert not Message.objects.exists()
    assert [fault for result in check_all() for fault in result.faults] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_in_whatever_encoding_it_was_saved(cast: Cast, file: Path, encoding: str) -> None:
    assert cast.owner
    told = command_line(file, register(encoding=encoding))
    assert (told["rows"], told["created"], told["refused"]) == (5, 5, 0)
    again = command_line(file, register(encoding="gb18030" if encoding == "utf-8" else "utf-8"))
    assert (again["created"], again["unchanged"], Contact.objects.count()) == (0, 5, 5)


def test_a_dry_run_writes_nothing_and_the_same_file_again_adds_nothing(cast: Cast, file: Path) -> None:
    assert cast.owner
    assert command_line(file, register(), "--dry-run")["created"] == 5
    assert (Contact.objects.count(), ContactImport.objects.count()) == (0, 0)
    command_line(file, register())
    before = list(JournalEntry.objects.values_list("pk", flat=True))
    assert command_line(file, register())["unchanged"] == 5
    assert list(JournalEntry.objects.values_list("pk", flat=True)) == before
    with pytest.raises(Invalid) as known:
        handed_in(cast, register())
    assert known.value.form.errors["import_file"] == ["接待登记中的 5 条与现有资料完全一致，不需要导入。"]


def test_a_register_that_has_grown_adds_its_new_lines_and_equal_lines_stay_two(cast: Cast, file: Path) -> None:
    assert cast.owner
    command_line(file, register())
    told = command_line(file, register(*LINES, LINES[0]))
    assert (told["created"], told["unchanged"]) == (1, 5)
    assert [(found["row"], found["reason"]) for found in told["problems"] if found["kind"] == "line_twice"] == [
        (7, "与第 2 行完全相同，按两次接待导入。")
    ]
    assert command_line(file, register(*LINES, LINES[0]))["created"] == 0


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (0, "昨天", "读不出时间。"),
        (0, "", "没有写什么时候。"),
        (0, "2026-02-30 09:00", "读不出时间。"),
        (0, "2026-10-01 25:00", "读不出时间。"),
        (0, "2099-01-01 09:00", "时间在现在之后。"),
        (1, "飞鸽", "不认识这种来访方式。"),
        (6, "杂事", "不认识这种类别。"),
        (5, "", "没有写是什么事。"),
    ],
)
def test_an_error_refuses_the_file_with_its_place(cast: Cast, file: Path, column: int, cell: str, reason: str) -> None:
    line = [cell if place == column else told for place, told in enumerate(LINES[0])]
    told = command_line.refused(file, register(LINES[1], line))
    found = next(found for found in told["problems"] if found["severity"] == "error")
    assert (found["row"], found["column"], found["reason"]) == (3, HEAD[column], reason)
    assert found["remedy"]
    assert (told["created"], told["refused"], Contact.objects.count()) == (0, 2, 0)


def test_what_the_sheet_calls_unfinished_is_history_and_said(cast: Cast, file: Path) -> None:
    assert cast.owner
    told = command_line(
        file,
        register(
            (*LINES[0], "已派工", "处理中", "周前"),
            (*LINES[1], "已答复", "已完成", ""),
            head=(*HEAD, "处理结果", "状态", "登记人"),
        ),
    )
    assert [(found["row"], found["value"]) for found in told["problems"] if found["kind"] == "unfinished"] == [
        (2, "处理中")
    ]
    assert [contact.result for contact in Contact.objects.order_by("received_at")] == [
        "已派工；接待人：周前；原登记：处理中", "已答复",
    ]  # fmt: skip
    assert not Record.objects.filter(closed_at=None).exclude(kind=KIND).exists()


def test_day_and_time_in_two_columns_and_in_a_workbook(cast: Cast, file: Path) -> None:
    assert cast.owner
    rows = [
        ["日期", "时间", "内容", "类别", "方式"],
        ["2026.10.5", "下午3:05", "灯不亮", "维修", "来电"],
        ["2026-10-06", "", "谢谢", "感谢", "短信"],
    ]
    told = command_line(file.with_suffix(".xlsx"), workbook({"十月": [["接待登记表"], *rows]}))
    assert told["created"] == 2
    assert list(Contact.objects.order_by("received_at").values_list("received_at", flat=True)) == [
        at("2026-10-05 15:05"), at("2026-10-06 00:00"),
    ]  # fmt: skip
    assert [found["row"] for found in told["problems"] if found["kind"] == "only_a_day"] == [4]


def test_a_column_that_nobody_knows_is_asked_for(cast: Cast, file: Path) -> None:
    assert cast.owner
    content = register((*LINES[0], "甲"), head=(*HEAD, "备用"))
    told = command_line.refused(file, content)
    assert (told["needs_mapping"], told["problems"][0]["column"]) == (True, "备用")
    assert command_line(file, content, "--map", "备用=不导入")["created"] == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件是空的。"),
        (b"hello", "这个文件不是表格。"),
        (b"\x00\x01\x02,\x03", "这个文件不是表格，或者文字编码认不出。"),
        (register()[:30], "文件里没有找到一行接待资料。"),
    ],
)
def test_what_is_no_register_is_refused_with_a_sentence(cast: Cast, file: Path, content: bytes, reason: str) -> None:
    told = command_line.refused(file, content)
    assert [found["reason"] for found in told["problems"] if found["severity"] == "error"] == [reason]
    assert told["refused"] == 1


def test_the_supervisor_imports_in_the_browser_and_the_desk_may_not(cast: Cast, sign_in: Any) -> None:
    assert cast.owner
    page = sign_in(cast.li)
    assert page.get("/contact-imports/new/").status_code == 200
    answer = page.post("/contact-imports/new/", {"import_file": upload(register(), "登记.csv"), "key": "k-1"})
    shown = page.get(answer.url).content.decode()
    assert "新增 5 条" in shown
    assert "查无此房" in shown
    run = ContactImport.objects.get()
    page.post(f"{answer.url}do/go_live/", {"key": "k-2", "version": run.version})
    assert page.get(f"{answer.url}progress/").status_code == 200
    run_waiting()
    assert "已生效" in page.get(answer.url).content.decode()
    assert Contact.objects.count() == 5
    desk = sign_in(cast.wang)
    assert [desk.get(url).status_code for url in ("/contact-imports/new/", answer.url, f"{answer.url}progress/")] == [
        403,
        404,
        404,
    ]
    with pytest.raises(NotAllowed):
        open_record(
            ContactImport(community=cast.yunqi),
            by=cast.wang,
            data={},
            files={"import_file": upload(register(), "a.csv")},
        )


def test_a_batch_is_withdrawn_and_may_come_in_again(cast: Cast) -> None:
    run = gone_live(cast, register())
    perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})
    run_waiting()
    assert set(Contact.objects.values_list("closed_as", flat=True)) == {"withdrawn"}
    assert Contact.objects.first().journal.last().sentence == f"撤销接待登记导入 {run.number}"
    assert ContactLine.objects.count() == 0
    assert gone_live(cast, register()).created == 5
    assert Contact.objects.filter(closed_as="").count() == 5
    assert [fault for result in check_all() for fault in result.faults] == []


def test_a_batch_that_somebody_has_corrected_stays(cast: Cast) -> None:
    run = gone_live(cast, register())
    contact = Contact.objects.order_by("received_at")[0]
    perform(contact, "note", by=cast.li, data={"words": "已电话核实"})
    with pytest.raises(Refused, match=contact.number):
        perform(run, "undo", by=cast.li, data={"reason": "传错了文件"})


def test_nothing_that_was_said_lies_beside_the_contacts_afterwards(cast: Cast) -> None:
    run = handed_in(cast, register())
    assert "垃圾" not in str(list(ContactRow.objects.values()))
    perform(run, "go_live", by=cast.li, data={})
    run_waiting()
    assert (ContactFile.objects.count(), ContactRow.objects.exclude(sealed="").count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_statement_it_goes_on_and_doubles_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RegisterOfTheDesk, "slice", 2)
    run = perform(handed_in(cast, register()), "go_live", by=cast.li, data={})
    statement, deaths = 1, 0
    while die_at(statement, lambda: running.make_live.func(KIND, run.pk)):
        deaths += 1
        statement += 9
        assert Contact.objects.count() in (0, 2, 4, 5)
    run.refresh_from_db()
    assert (run.state, run.created, Contact.objects.count()) == ("live", 5, 5)
    assert deaths > 5
    numbers = sorted(Contact.objects.values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_and_a_clerk_between_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RegisterOfTheDesk, "slice", 1)
    monkeypatch.setattr(staging, "AT_ONCE", 10_000_000)
    run = perform(handed_in(cast, register()), "go_live", by=cast.li, data={})
    assert cast.wang
    doing = (
        lambda: running.make_live.func(KIND, run.pk), lambda: running.make_live.func(KIND, run.pk),
        lambda: log_contact(cast, content="电梯异响"),
    )  # fmt: skip
    assert at_once(3, lambda index: doing[index]()) == ["done"] * 3
    assert Contact.objects.filter(state="struck").count() == 5
    assert Contact.objects.exclude(state="struck").count() == 1
    assert timezone.now() > Contact.objects.exclude(state="struck").get().opened_at
