"""KEY-10: no sequence of clicks, by however many people, puts one key in two places."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from tests.support.doing import signature
from tests.support.keys import entrust, key, lend, order_of, plant, release, take_back
from yihu.areas.keys import ledger
from yihu.areas.keys.invariants import ledger as ledger_faults
from yihu.areas.keys.invariants import places
from yihu.areas.keys.models import Custody, KeyLoan, KeySet, LossReport
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused

TAGS = ("K001", "K002", "S001")
REFUSALS = (Refused, Conflict, Invalid, NotAllowed, NotFound)


class Story:
    """Three keys, four people who click what they like, and a model of where each key is."""

    def __init__(self, cast: Any, seed: int) -> None:
        self.cast, self.chance = cast, random.Random(seed)
        entrust(cast, "K001", "K002")
        plant(cast)
        order_of(cast)
        self.where = dict.fromkeys(TAGS, "in")
        self.holder: dict[str, int] = {}
        self.steps: list[str] = []

    def click(self) -> None:
        """One step by somebody; what the house lets through is what the model expects, no more."""
        name = self.chance.choice(
            ("lend", "lend", "ask", "approve", "hand_out", "back", "back", "lose", "found", "remedy", "release")
        )
        tag, by = self.chance.choice(TAGS), self.chance.choice((self.cast.wang, self.cast.li))
        self.steps.append(f"{by} {name} {tag}")
        try:
            moved = getattr(self, name)(tag, by)
        except REFUSALS:
            return
        if moved:
            before, self.where[tag] = self.where[tag], moved
            assert (before, moved) in ALLOWED, f"{before} → {moved} after {self.steps}"

    def lend(self, tag: str, by: Any) -> str:
        self.holder[tag] = lend(self.cast, tag, by=by).pk
        return "out"

    def ask(self, tag: str, by: Any) -> str:
        said = {"borrower_kind": "staff", "staff": self.cast.gong.pk, "reason": "巡检"}
        lend(self.cast, tag, by=by, act="draw", consent_from="赵业主", consent_at="2026-11-02 09:00", **said)
        return ""

    def approve(self, tag: str, by: Any) -> str:
        loan = KeyLoan.objects.filter(key__tag=tag, state="asked").first()
        if loan:
            perform(loan, "approve", by=self.cast.gao)
        return ""

    def hand_out(self, tag: str, by: Any) -> str:
        loan = KeyLoan.objects.filter(key__tag=tag, state="approved").first()
        if loan is None:
            return ""
        self.holder[tag] = perform(loan, "hand_out", by=by).pk
        return "out"

    def back(self, tag: str, by: Any) -> str:
        loan = KeyLoan.objects.filter(pk=self.holder.get(tag)).first()
        if loan is None:
            return ""
        take_back(self.cast, loan)
        return "in" if self.where[tag] == "out" else ""

    def lose(self, tag: str, by: Any) -> str:
        said = {"tag": tag, "what": "lost", "found_at": "2026-11-02 09:00", "cause": "不见了", "last_holder": "龚工"}
        open_record(LossReport(community=self.cast.yunqi), by=by, data={**said, "told_supervisor": self.cast.li.pk})
        return "lost"

    def found(self, tag: str, by: Any) -> str:
        loss = LossReport.objects.filter(key__tag=tag, closed_at=None).first()
        if loss is None:
            return ""
        perform(loss, "found", by=by)
        return str(key(tag).status)

    def remedy(self, tag: str, by: Any) -> str:
        loss = LossReport.objects.filter(key__tag=tag, closed_at=None).first()
        if loss is None:
            return ""
        if loss.unit_id and loss.told_owner_at is None:
            perform(loss, "tell_owner", by=by, data={"told_owner": "赵业主", "told_owner_at": loss.opened_at})
        perform(loss, "remedy", by=by, data={"remedy": "copy", "remedy_note": "配匙", "cost": "0"})
        return "in"

    def release(self, tag: str, by: Any) -> str:
        release(self.cast, Custody.objects.get())
        for one in ("K001", "K002"):
            assert self.where[one] != "out", f"released while out after {self.steps}"
            self.where[one] = "returned" if self.where[one] == "in" else self.where[one]
        return ""

    def check(self) -> None:
        shown = dict(KeySet.objects.values_list("tag", "status"))
        assert shown == self.where, f"{shown} but {self.where} after {self.steps}"
        assert [*ledger_faults(), *places()] == [], self.steps


ALLOWED = {("in", "out"), ("out", "in"), ("in", "lost"), ("out", "lost"), ("lost", "in"), ("lost", "returned")}


def play(cast: Any, seed: int, clicks: int) -> Story:
    print(f"seed {seed}")
    story = Story(cast, seed)
    for _ in range(clicks):
        story.click()
        story.check()
    return story


@pytest.mark.django_db
@pytest.mark.clause("KEY-10")
def test_whatever_people_click_a_key_is_in_one_place(cast: Any) -> None:
    story = play(cast, random.SystemRandom().randrange(10**9), 60)
    assert len({step.split()[1] for step in story.steps}) > 6


@pytest.mark.django_db
@pytest.mark.clause("KEY-10")
def test_the_same_clicks_without_the_guard_are_found_out(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a ledger that trusts what it read lends one key twice, and the story says so."""

    def careless(key_id: int, source: tuple[str, ...], target: str, **columns: Any) -> None:
        KeySet.objects.filter(pk=key_id).update(status=target, **columns)

    monkeypatch.setattr(ledger, "claim", careless)
    with pytest.raises((AssertionError, IntegrityError)):
        play(cast, 7, 60)


PEOPLE = 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("KEY-10")
def test_fifty_people_borrow_the_same_key_and_one_has_it(cast: Any) -> None:
    entrust(cast)
    order_of(cast)
    assert cast.wang
    fates: list[str] = [""] * PEOPLE
    ready = threading.Barrier(PEOPLE)

    def borrow(place: int) -> None:
        try:
            ready.wait(60)
            lend(cast, once=f"desk-{place}")
            fates[place] = "has it"
        except Refused as refused:
            fates[place] = refused.sentence[:10]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=borrow, args=(place,)) for place in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert sorted(set(fates)) == ["has it", "钥匙 K001 已经"], connection.vendor
    assert fates.count("has it") == 1
    assert (key().status, KeyLoan.objects.filter(is_out=True).count(), KeyLoan.objects.count()) == ("out", 1, 1)
    assert [*ledger_faults(), *places()] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("KEY-10")
def test_lent_and_released_at_the_same_moment(cast: Any) -> None:
    """One of the two clerks hears a sentence; the key is out or with its owner, never both."""
    custody = entrust(cast)
    order_of(cast)
    assert signature()
    fates: dict[str, str] = {}
    ready = threading.Barrier(2)

    def go(name: str, door: Any) -> None:
        try:
            ready.wait(30)
            door()
            fates[name] = "done"
        except REFUSALS as refused:
            fates[name] = type(refused).__name__
        finally:
            connections.close_all()

    doors = {"lend": lambda: lend(cast), "release": lambda: release(cast, custody)}
    threads = [threading.Thread(target=go, args=one) for one in doors.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(fates.values())[1] == "done"
    assert list(fates.values()).count("done") == 1, fates
    assert key().status == ("out" if fates["lend"] == "done" else "returned")
    assert [*ledger_faults(), *places()] == []
