"""Each register through the interface: the same doors, the same sight, the same rules as its pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import tests.areas.test_registers as registers
import tests.areas.test_registers_keys as keys
import tests.areas.test_registers_repairs as repairs
import tests.billing.test_registers as fees
from tests.support.doing import assign, log_contact, photo, the_order
from tests.support.integrations import BASE, program
from tests.support.paying import counter_of
from tests.support.register_contract import RegisterContract
from tests.support.taken_back import taken_back
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel import facts
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.journal import verify
from yihu.kernel.models import Attachment, Barred, Record
from yihu.kernel.procedure import procedures
from yihu.kernel.screens.declare import screen_or_404
from yihu.kernel.who import system

pytestmark = pytest.mark.django_db
REGISTERS = sorted(
    (one for part in (registers, *registers.PARTS) for one in vars(part).values() if isinstance(one, type) and issubclass(one, RegisterContract) and one is not RegisterContract),
    key=lambda one: one.__name__,
)  # fmt: skip
# A key that comes back opens the one, who took money the other, which a program may not; it may set prices, so it
# bills nothing; and a month's list is drawn up by hand only after one was withdrawn.
UNASKED = [keys.TestVacantChecks, repairs.TestMonthLists, fees.TestTillCloses, fees.TestBillingRuns]
LISTED = [one for one in REGISTERS if screen_or_404(one().procedure.slug).leaves]
PEOPLES = [one for one in REGISTERS if one.model and one().procedure.opened_by is not system and one not in UNASKED]


def _red_letter(cast: Any, account: Any) -> tuple[dict[str, Any], Any]:
    """Only its collector voids a receipt; anybody else asks for a red letter and shows why."""
    receipt = counter_of(cast).receive(5000)
    opening = {"receipt": receipt.pk, "way": "red", "why": "entry", "reason": "收错了户"}
    return opening, lambda: {"evidence": [photo()]}


def _till_close(cast: Any, account: Any) -> tuple[dict[str, Any], Any]:
    """Only 系统 names another's till; a program may not take money, so its own is always empty."""
    return counter_of(cast).count(account), dict


def _claim(cast: Any, account: Any) -> tuple[dict[str, Any], Any]:
    """What somebody else asked to spend is not its to claim."""
    opening = fees.TestClaims().opening(cast)
    return {**{name: value for name, value in opening.items() if name != "request"}, "last": "on"}, dict


AS_A_PROGRAM = {fees.TestRedLetters: _red_letter, fees.TestClaims: _claim}


def _nested(deep: int) -> bytes:
    """JSON that a reader can still parse and a careless walker cannot walk."""
    return b'{"fields": ' + b"[" * deep + b"]" * deep + b"}"


def as_json(opening: dict[str, Any], form: list[dict[str, Any]]) -> dict[str, Any]:
    """What is typed into the page, in the types that the interface names."""
    kinds = {field["name"]: field["schema"]["type"] for field in form}

    def typed(name: str, value: Any) -> Any:
        kind = kinds[name]
        if "boolean" in kind:
            return value == "on"
        return str(value) if "string" in kind else value

    return {name: typed(name, value) for name, value in opening.items()}


DRAWN = {"parcels.parcelcustody": {"code"}, "dunning.dunningnotice": {"token"}}  # by lot, each time another


def told(record: Any) -> dict[str, Any]:
    """What a record says, but for whose it is, when it was made and what was drawn by lot."""
    columns = facts.columns(type(record).objects.get(pk=record.pk))
    drawn = DRAWN.get(record.kind, set())
    kept = {
        name: str(value)
        for name, value in columns.items()
        if name not in drawn and not name.endswith(("_at", "_on", "_index"))
    }
    return {**kept, "state": record.state, "summary": record.summary, "kind": record.kind}


@pytest.mark.parametrize("register", PEOPLES)
def test_opening_through_the_interface_equals_opening_on_the_page(cast: Any, register: Any) -> None:
    contract, other = register(), program(cast)
    procedure, account = contract.procedure, other.integration.account
    opening, papers = AS_A_PROGRAM.get(register, lambda *_: (contract.opening(cast), dict))(cast, account)
    form = other.get(f"registers/{procedure.slug}").json()["opening"]
    with taken_back():  # one card, one key, one receipt can be opened only once
        by_page = told(open_record(contract.model(community=cast.yunqi), by=account, data=opening, files=papers()))
    assert not contract.model.objects.exists()
    sent = {"fields": as_json(opening, form)}
    answer = other.send(procedure.slug, sent, **papers()) if papers() else other.post(procedure.slug, sent)
    assert answer.status_code == 201, answer.json()
    said = answer.json()
    opened = contract.model.objects.get(number=said["number"])
    assert told(opened) == by_page
    assert opened.journal.get(seq=1).sentence.startswith("小程序")
    assert verify(opened) == []
    assert answer.headers["Location"] == f"{BASE}/{procedure.slug}/{opened.number}"


@pytest.mark.parametrize("register", [*UNASKED, fees.TestRedLetters])
def test_what_the_page_refuses_to_open_the_interface_refuses_with_the_same_sentence(cast: Any, register: Any) -> None:
    contract, other = register(), program(cast)
    opening = contract.opening(cast)
    if register is fees.TestTillCloses:
        opening, _ = _till_close(cast, other.integration.account)
    form = other.get(f"registers/{contract.procedure.slug}").json()["opening"]
    with pytest.raises(Refused) as refused:
        open_record(contract.model(community=cast.yunqi), by=other.integration.account, data=opening)
    answer = other.post(contract.procedure.slug, {"fields": as_json(opening, form)})
    assert (answer.status_code, answer.json()["sentence"]) == (refused.value.status, refused.value.sentence)
    assert not contract.model.objects.exists()


@pytest.mark.parametrize("register", REGISTERS)
def test_list_record_and_a_step(cast: Any, register: Any) -> None:
    contract, other = register(), program(cast)
    record, slug = contract.make(cast), contract.procedure.slug
    listed = other.get(slug, tab="all")
    if register in LISTED:
        assert record.number in [row["number"] for row in listed.json()["items"]]
    else:  # a list of debtors leaves the house in no way
        assert (listed.status_code, record.number in listed.content.decode()) == (403, False)
    said = other.get(f"{slug}/{record.number}").json()
    assert said["state"] == record.state
    assert set(said["fields"]) >= {name for _, names in screen_or_404(slug).panels for name in names}
    assert "note" in [step["name"] for step in said["steps"]]
    body = {"version": said["version"], "fields": {"words": "已与对方系统核对"}}
    moved = other.post(f"{slug}/{record.number}/note", body)
    assert moved.status_code == 200, moved.json()
    assert moved.json()["journal"][0]["sentence"] == "小程序 备注：已与对方系统核对"
    late = other.post(f"{slug}/{record.number}/note", body)
    assert late.status_code == 409
    assert [entry["sentence"] for entry in late.json()["entries"]] == ["小程序 备注：已与对方系统核对"]


@pytest.mark.parametrize("register", REGISTERS)
def test_every_open_step_tells_what_it_asks(cast: Any, register: Any) -> None:
    contract, other = register(), program(cast)
    record = contract.make(cast)
    steps = other.get(f"{contract.procedure.slug}/{record.number}").json()["steps"]
    for step in steps:
        answer = other.get(step["url"].removeprefix(f"{BASE}/"))
        assert answer.status_code == 200, step
        assert step["form"] or not answer.json()["fields"], step
    assert other.get(f"registers/{contract.procedure.slug}").status_code == 200


@pytest.mark.parametrize("register", REGISTERS)
def test_the_other_community_and_the_barred_see_nothing(cast: Any, register: Any) -> None:
    contract = register()
    record, slug = contract.make(cast), contract.procedure.slug
    foreign, near = program(cast, community=cast.qinghe), program(cast)
    absent = foreign.get(f"{slug}/YQ-XX-209901-0001")
    for answer in (
        foreign.get(f"{slug}/{record.number}"),
        foreign.get(f"{slug}/{record.number}/note"),
        foreign.post(f"{slug}/{record.number}/note", {"version": 1, "fields": {"words": "看得到吗"}}),
    ):
        assert (answer.status_code, answer.json()) == (404, absent.json())
    assert foreign.get(slug, tab="all").json().get("items", []) == []
    assert foreign.get(slug, tab="all", community="YQ").status_code == (404 if register in LISTED else 403)
    assert near.get(f"{slug}/{record.number}").status_code == 200
    Barred.objects.create(record_id=record.pk, person=near.integration.account, why="测试", at=record.opened_at)
    assert near.get(f"{slug}/{record.number}").status_code == 404
    assert record.number not in near.get(slug, tab="all").content.decode()


@pytest.mark.parametrize("register", LISTED)
def test_the_list_costs_the_same_for_many_rows(cast: Any, register: Any) -> None:
    contract, other = register(), program(cast)
    contract.make(cast)
    path = f"{contract.procedure.slug}"
    other.get(path, tab="all")
    with CaptureQueriesContext(connection) as one:
        assert len(other.get(path, tab="all").json()["items"]) == 1
    contract.many(cast)
    with CaptureQueriesContext(connection) as many:
        assert len(other.get(path, tab="all").json()["items"]) > 10
    assert len(many) <= len(one)


def test_no_register_has_the_name_of_an_address_of_the_interface() -> None:
    assert not {one.slug for one in procedures()} & {"registers", "units", "parties", "attachments", "openapi.json"}


CONTACT = {
    "channel": "phone", "relation": "owner", "caller_name": "赵业主", "phone": "13800138112", "category": "repair",
    "content": "厨房水龙头漏水，请打 13912345678",
}  # fmt: skip


def test_a_hand_over_opens_both_or_neither(cast: Any) -> None:
    other = program(cast)
    fields = {**CONTACT, "unit": cast.home.pk}
    wrong = other.post("reception", {"fields": fields, "hand_over": {"level": "never", "trade": "water"}})
    assert wrong.status_code == 422
    assert list(wrong.json()["fields"]) == ["hand_over.level"]
    assert not Record.objects.exists()
    answer = other.post("reception", {"fields": fields, "hand_over": {"level": "urgent", "trade": "water"}})
    assert answer.status_code == 201, answer.json()
    order = WorkOrder.objects.get()
    assert (order.level, order.trade, order.unit_id) == ("urgent", "water", cast.home.pk)
    assert [link["number"] for link in answer.json()["links"]] == [order.number]


def test_personal_data_is_masked_whatever_was_typed_where(cast: Any) -> None:
    other = program(cast, "reception:read", "reception:open", "parties:read")
    contact = log_contact(cast, content=CONTACT["content"], party=cast.owner.pk)
    perform(contact, "note", by=cast.wang, data={"words": "他另有 13912345678"})
    for path, asked in (
        ("reception", {"tab": "all"}),
        (f"reception/{contact.number}", {}),
        ("parties", {"q": "赵业主"}),
    ):
        text = other.get(path, **asked).content.decode()
        assert not re.search(r"1[3-9]\d{9}", text), path
    assert "138****8112" in other.get(f"reception/{contact.number}").content.decode()


def test_revealing_takes_a_scope_and_a_reason_that_is_journaled(cast: Any) -> None:
    contact = log_contact(cast)
    path, asked = f"reception/{contact.number}/reveal/phone", {"reason": "回拨核对"}
    assert program(cast, "reception:read").post(path, asked).status_code == 403
    other = program(cast, "reception:read", "personal:reveal", name="呼叫中心")
    assert other.post(path, {"reason": " "}).status_code == 422
    assert other.post(f"reception/{contact.number}/reveal/content", asked).status_code == 404
    assert other.post(path, asked).json() == {"value": "13800138112"}
    assert contact.journal.latest("seq").sentence == "呼叫中心 查看业主接待记录的联系电话，原因：回拨核对"


def test_the_same_key_does_it_once_and_another_body_is_refused(cast: Any) -> None:
    other = program(cast)
    body = {"fields": {**CONTACT, "unit": cast.home.pk, "category": "other"}}
    first, again = other.post("reception", body, key="k1"), other.post("reception", body, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["number"] == again.json()["number"]
    assert Contact.objects.count() == 1
    changed = {"fields": {**body["fields"], "content": "别的"}}
    assert other.post("reception", changed, key="k1").status_code == 409
    number, version = first.json()["number"], first.json()["version"]
    fix = {"version": version, "fields": {"content": "改过的内容", "reason": "听错"}}
    assert other.post(f"reception/{number}/correct", fix, key="k2").status_code == 200
    repeated = other.post(f"reception/{number}/correct", fix, key="k2")
    assert repeated.status_code == 200, repeated.json()
    assert Contact.objects.get().journal.filter(step="correct").count() == 1


def test_correcting_one_thing_leaves_the_others_as_they_are(cast: Any) -> None:
    contact, other = log_contact(cast, category="other"), program(cast)
    before = told(contact)
    fix = {"version": contact.version, "fields": {"caller_name": "赵先生", "reason": "听错"}}
    answer = other.post(f"reception/{contact.number}/correct", fix)
    assert answer.status_code == 200, answer.json()
    after = told(Contact.objects.get(pk=contact.pk))
    assert {name for name in before if before[name] != after[name]} <= {"caller_name", "summary", "caller_initials"}
    assert Contact.objects.get().phone == "13800138112"


def test_files_come_and_go(cast: Any) -> None:
    other = program(cast)
    order = perform(perform(assign(cast, the_order(log_contact(cast))), "accept", by=cast.chen), "arrive", by=cast.chen)
    path = f"repairs/{order.number}/attach"
    assert other.post(path, {"version": order.version}).status_code == 422
    answer = other.send(path, {"version": order.version}, attachments=[photo("现场.png"), photo("近景.png")])
    assert answer.status_code == 200, answer.json()
    names = [one["name"] for one in answer.json()["attachments"]]
    assert names == ["现场.png", "近景.png"]
    got = other.get(answer.json()["attachments"][0]["url"].removeprefix(f"{BASE}/"))
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(got.streaming_content).startswith(b"\x89PNG")
    pk = Attachment.objects.first().pk  # type: ignore[union-attr]
    assert program(cast, community=cast.qinghe).get(f"attachments/{pk}").status_code == 404
    assert program(cast, "reception:read").get(f"attachments/{pk}").status_code == 404
    wrong = other.send(path, {"version": answer.json()["version"]}, more=photo())
    assert wrong.json()["fields"] == {"more": ["不收文件"]}


def test_a_program_may_do_what_it_was_let_in_for_and_nothing_else(cast: Any) -> None:
    contact = log_contact(cast)
    reader = program(cast, "reception:read")
    assert reader.get(f"reception/{contact.number}").json()["steps"] == []
    assert reader.get(f"reception/{contact.number}").json()["links"] == []  # the order is in a register it may not read
    assert reader.get("repairs").status_code == 403
    assert reader.post("reception", {"fields": CONTACT}).status_code == 403
    assert reader.post(f"reception/{contact.number}/note", {"version": 1, "fields": {"words": "x"}}).status_code == 403
    opener = program(cast, "reception:open", name="表单")
    answer = opener.post("reception", {"fields": {**CONTACT, "category": "other"}})
    assert answer.status_code == 201
    assert answer.json() == {"number": Contact.objects.latest("pk").number}
    assert [one["slug"] for one in opener.get("registers").json()["items"]] == ["reception"]
    assert opener.get("units", q="101").status_code == 403


def test_a_step_of_the_persons_in_charge_stays_theirs(cast: Any) -> None:
    order, other = assign(cast, the_order(log_contact(cast))), program(cast)
    answer = other.post(f"repairs/{order.number}/accept", {"version": order.version})
    assert (answer.status_code, "责任人" in answer.json()["sentence"]) == (403, True)
    assert (
        other.post(f"repairs/{order.number}/turn", {"version": order.version}).status_code == 404
    )  # the program's own


def test_what_is_wrong_is_said_by_field_and_never_as_a_page(cast: Any) -> None:
    contact, other = log_contact(cast), program(cast)
    number, sent = contact.number, {**CONTACT, "category": "other"}
    for body, named in (
        ({"fields": {**sent, "content": {"a": 1}}}, "content"),
        ({"fields": {**sent, "content": ["a"]}}, "content"),
        ({"fields": {**sent, "unit": "一栋"}}, "unit"),
        ({"fields": {**sent, "unit": True}}, "unit"),
        ({"fields": {**sent, "category": "nonsense"}}, "category"),
        ({"fields": {**sent, "promised_at": "明天"}}, "promised_at"),
        ({"fields": {**sent, "nonsense": 1}}, "nonsense"),
        ({"fields": {name: value for name, value in sent.items() if name != "content"}}, "content"),
        ({"fields": [1]}, "fields"),
        ({"fields": sent, "more": 1}, "more"),
        ({"fields": sent, "version": 1}, "version"),
        ({"fields": {**sent, "unrouted": True}, "hand_over": {"level": "minor"}}, "hand_over"),
    ):
        answer = other.post("reception", body)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [named]), body
    for version in (None, "1", 0, 2**40, True):
        assert other.post(f"reception/{number}/note", {"version": version, "fields": {"words": "x"}}).status_code == 422
    for raw in (
        b"[]",
        b"{",
        b"\xff",
        b'{"fields": NaN}',
        b'{"fields": {"content": "\\ud800"}}',
        b"[" * 100000,
        _nested(600),
    ):
        answer = other.client.post(
            f"{BASE}/reception", raw, content_type="application/json",
            headers={**other.headers, "Idempotency-Key": "raw"},
        )  # fmt: skip
        assert answer.status_code == 400, raw[:20]
        assert answer.json()["sentence"]
    assert Contact.objects.count() == 1
    answer = other.client.post(f"{BASE}/reception", "{}", content_type="application/json", headers=other.headers)
    assert (answer.status_code, "Idempotency-Key" in answer.json()["sentence"]) == (400, True)
    assert (
        other.client.post(
            f"{BASE}/reception", "a=1", content_type="text/plain", headers={**other.headers, "Idempotency-Key": "t"}
        ).status_code
        == 415
    )
    for path in (
        "nonsense",
        "nonsense/x/y/z",
        "reception/",
        "reception/没有",
        f"reception/{number}/nonsense",
        "attachments/0",
    ):
        answer = other.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json"), path
    refused = other.client.delete(f"{BASE}/reception/{number}", headers=other.headers)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
    for asked in ({"tab": "nonsense"}, {"category": "nonsense"}, {"after": "x"}, {"more": "x"}, {"q": "x" * 61}):
        assert other.get("reception", **asked).status_code == 422, asked


def test_the_list_is_the_screens_list_page_by_page(cast: Any) -> None:
    made = [log_contact(cast, category="other", content=f"第 {place} 件").number for place in range(33)]
    other = program(cast, "reception:read")
    first = other.get("reception").json()
    second = other.get("reception", after=first["after"]).json()
    assert [row["number"] for row in first["items"] + second["items"]] == made[::-1]
    assert second["after"] is None
    assert other.get("reception", tab="closed").json()["items"] == []
    assert len(other.get("reception", q="第 7 件").json()["items"]) >= 1


def test_houses_and_people_are_looked_up(cast: Any) -> None:
    assert cast.owner
    other = program(cast, "units:read", "parties:read")
    assert other.get("units", q="a1 1 101").json()["items"] == [{"id": cast.home.pk, "text": cast.home.label}]
    found = other.get("parties", q="13800138112").json()["items"]
    assert [(one["id"], one["phone"]) for one in found] == [(cast.owner.pk, "138****8112")]
    assert program(cast, community=cast.qinghe).get("units", q="101").json()["items"] == []
    assert other.get("units").status_code == 422


def test_a_session_is_no_key(cast: Any, sign_in: Any) -> None:
    client: Client = sign_in(cast.li)
    for path in ("reception", "registers", "openapi.json", "units?q=1"):
        answer = client.get(f"{BASE}/{path}")
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), path
        assert answer.json()["sentence"]
