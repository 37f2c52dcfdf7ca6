"""Delivery reports: taken once, in any order, and only from the provider. The address is open to everybody."""

from __future__ import annotations

import json
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.sending.conftest import KEY, course, the_message
from tests.sending.test_sending import by_hand, owner_has
from yihu.ground.sending import sender
from yihu.ground.sending.channels import Answer, Outcome, signing
from yihu.ground.sending.models import Outgoing, Passage
from yihu.ground.sending.schedules import ask_after
from yihu.ground.sending.stand_in import DISORDER, FAIL, SILENT, TWICE
from yihu.kernel.jobs import run_waiting

pytestmark = pytest.mark.django_db
URL = "/sending/reports/sms/"


def bring(client: Any, rows: Any, *, key: str = KEY, url: str = URL, **headers: str) -> int:
    body = json.dumps({"reports": rows}).encode() if not isinstance(rows, bytes) else rows
    signed = {**signing.headers(key, body), **headers}
    return int(client.post(url, body, content_type="application/json", headers=signed).status_code)


@pytest.fixture
def sent(cast: Any, provider: Any, agreed: Any) -> Any:
    """One message in the provider's hands; its reports are in the test's."""

    def send(ending: str = SILENT) -> Any:
        agreed()
        owner_has(cast, ending)
        by_hand(cast)
        run_waiting()
        assert the_message().state == "handed"
        return provider

    return send


def test_a_report_says_that_it_arrived(sent, client):
    provider = sent("8112")
    [rows] = provider.unsent
    assert bring(client, rows) == 200
    assert the_message().state == "delivered"
    assert "服务商回执：送达" in course(the_message())


def test_the_same_report_twice_is_one(sent, client):
    for rows in sent(TWICE).unsent:
        assert bring(client, rows) == 200
    assert the_message().state == "delivered"
    assert Passage.objects.filter(report__isnull=False).count() == 1


def test_accepted_after_delivered_changes_nothing(sent, client):
    for rows in sent(DISORDER).unsent:
        assert bring(client, rows) == 200
    assert the_message().state == "delivered"


def test_whatever_the_order_what_happened_last_holds(sent, client):
    provider = sent()
    token = next(iter(provider.taken))
    for state in ("returned", "delivered", "accepted"):
        assert bring(client, provider.report(token, state)) == 200
    assert (the_message().state, the_message().reason) == ("returned", "用户拒收")


def test_a_failure_says_why(sent, client):
    [rows] = sent(FAIL).unsent
    bring(client, rows)
    assert (the_message().state, the_message().reason) == ("failed", "空号")


def test_a_report_that_is_faster_than_our_own_note_stays(sent, client):
    """It arrives while the message still stands as 发送中; the note that follows must not undo it."""
    provider = sent()
    Outgoing.objects.update(state="sending", provider_id="", handed_at=None)
    bring(client, provider.report(next(iter(provider.taken)), "delivered"))
    stale = Outgoing.objects.get()
    sender._handed(stale, Answer(Outcome.ACCEPTED, "SI000001"), timezone.now())
    assert (the_message().state, the_message().provider_id) == ("delivered", "SI000001")


def test_where_no_report_comes_the_provider_is_asked(sent):
    provider = sent()
    next(iter(provider.taken.values())).state = "delivered"
    ask_after(timezone.now())
    assert the_message().state == "handed"  # not at once
    ask_after(timezone.now() + timedelta(minutes=16))
    assert the_message().state == "delivered"


@pytest.mark.parametrize(
    "wrong",
    [
        "another key",
        "no signature",
        "an old one",
        "one of tomorrow",
        "another body",
        "no time",
        "a way without a channel",
    ],
)
def test_what_is_not_the_providers_is_refused_and_changes_nothing(sent, client, wrong):
    provider = sent()
    token = next(iter(provider.taken))
    rows = provider.report(token, "failed")
    body = json.dumps({"reports": rows}).encode()
    proof = signing.headers(KEY, body)
    url = URL
    if wrong == "another key":
        proof = signing.headers("x" * 40, body)
    elif wrong == "no signature":
        proof = {}
    elif wrong == "an old one":
        proof = signing.headers(KEY, body, now=time.time() - 301)
    elif wrong == "one of tomorrow":
        proof = signing.headers(KEY, body, now=time.time() + 86400)
    elif wrong == "another body":
        body = body.replace(b"failed", b"delivered")
    elif wrong == "no time":
        proof = {**proof, signing.TIME: "½²"}
    else:
        url = "/sending/reports/push/"
    answer = client.post(url, body, content_type="application/json", headers=proof)
    assert (answer.status_code, answer.content) == (403, b"refused")
    assert the_message().state == "handed"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'{"reports": 1}', b'{"reports": [1]}', b'{"reports": [{}]}', b"\xff\xfe", b"[" * 60000,
        b'{"reports": [{"event": "e", "token": "t", "state": "flown", "at": "2026-11-05T10:00:00+08:00"}]}',
        b'{"reports": [{"event": "e", "token": "t", "state": "failed", "at": "2026-13-45T10:00:00+08:00"}]}',
        b'{"reports": [{"event": "e", "token": "t", "state": "failed", "at": "2026-11-05T10:00:00"}]}',
        b'{"reports": [{"event": "", "token": "t", "state": "failed", "at": "2026-11-05T10:00:00+08:00"}]}',
    ],
)  # fmt: skip
def test_signed_nonsense_is_refused_in_one_word(provider, client, body):
    assert bring(client, body) == 403


def test_a_body_without_end_is_not_read(provider, client):
    assert bring(client, b" " * 70_000) == 403


def test_a_report_about_nobody_is_passed_over(sent, client):
    provider = sent()
    rows = provider.report(next(iter(provider.taken)), "failed")
    for token in (str(uuid.uuid4()), "nobody", "' or 1=1 --"):
        assert bring(client, [{**rows[0], "token": token}]) == 200
    assert the_message().state == "handed"


def test_one_provider_cannot_speak_of_anothers_message(sent, client, settings):
    provider = sent()
    settings.YIHU_CHANNELS = {**settings.YIHU_CHANNELS, "push": ("https://push.example.com", "p" * 40)}
    rows = provider.report(next(iter(provider.taken)), "failed")
    assert bring(client, rows, key="p" * 40, url="/sending/reports/push/") == 200
    assert the_message().state == "handed"


def test_no_report_touches_what_never_left(cast, provider, agreed, client):
    agreed()
    by_hand(cast)
    moment = timezone.now().isoformat()
    row = {"event": "e", "token": str(the_message().token), "state": "delivered", "at": moment, "id": "x"}
    assert bring(client, [row]) == 200
    assert the_message().state == "waiting"


def test_it_only_listens_to_posts(client):
    assert client.get(reverse("sending:callback", args=["sms"])).status_code == 405
    assert client.post(reverse("sending:callback", args=["pigeon"])).status_code == 403
