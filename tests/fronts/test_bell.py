"""The bell: how many messages wait, the list behind it, and what reading one does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support.doing import assign, log_contact, the_order
from yihu.ground.staff.sessions import COOKIE
from yihu.kernel.doors import command
from yihu.kernel.messages import tell
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def test_the_bell_counts_and_a_click_opens_the_record(cast: Any, sign_in: SignIn, gong: Any) -> None:
    order = the_order(log_contact(cast))
    client = sign_in(gong)
    assert "1 条未读" in client.get("/").content.decode()
    message = Message.objects.get(person=gong)
    assert client.get(f"/messages/{message.pk}/open/").status_code == 405
    assert client.post(f"/messages/{message.pk}/open/")["Location"] == f"/repairs/{order.number}/"
    assert "条未读" not in client.get("/bell/").content.decode()


def test_the_bell_keeps_no_session_alive(cast: Any, sign_in: SignIn, gong: Any) -> None:
    client = sign_in(gong)
    client.cookies.pop(COOKIE, None)
    assert COOKIE not in client.get("/bell/", headers={"X-Poll": "1"}).cookies


def test_nobody_reads_or_marks_anothers_messages(cast: Any, sign_in: SignIn, gong: Any, wang: Any) -> None:
    log_contact(cast)
    message = Message.objects.get(person=gong)
    assert sign_in(wang).post(f"/messages/{message.pk}/open/").status_code == 404
    sign_in(wang).post("/messages/read/", {"upto": f"{timezone.now().isoformat()}_{message.pk}"})
    message.refresh_from_db()
    assert message.read_at is None


def test_marking_all_leaves_what_came_in_since(cast: Any, sign_in: SignIn, gong: Any) -> None:
    now = timezone.now()
    tell([gong], "旧的", community_id=cast.yunqi.pk, at=now - timedelta(hours=1))
    seen = Message.objects.get(sentence="旧的")
    tell([gong], "新的", community_id=cast.yunqi.pk, at=now)
    client = sign_in(gong)
    answer = client.post("/messages/read/", {"upto": f"{seen.at.isoformat()}_{seen.pk}"})
    assert answer["Location"] == "/messages/"
    unread = Message.objects.filter(person=gong, read_at=None).values_list("sentence", flat=True)
    assert list(unread) == ["新的"]
    assert client.post("/messages/read/", {"upto": "x"}).status_code == 404


def test_the_list_has_pages_that_do_not_shift(cast: Any, sign_in: SignIn, gong: Any) -> None:
    moment = timezone.now() - timedelta(days=1)
    for number in range(45):
        tell([gong], f"第{number:02d}条", community_id=cast.yunqi.pk, at=moment)
    client = sign_in(gong)
    first = client.get("/messages/")
    tell([gong], "最新一条", community_id=cast.yunqi.pk, at=timezone.now())
    rest = client.get(f"/messages/{first.context['next_url']}")
    assert len(first.context["rows"]) == 30
    read = {row["sentence"] for page in (first, rest) for row in page.context["rows"]}
    assert read == {f"第{number:02d}条" for number in range(45)}
    assert client.get("/messages/?after=nonsense_").status_code == 200


@pytest.mark.clause("DESK-06", part="提醒")
def test_a_message_about_what_one_may_no_longer_see_is_gone(cast: Any, sign_in: SignIn, chen: Any, li: Any) -> None:
    order = assign(cast, the_order(log_contact(cast, content="厨房水龙头漏水")))
    client = sign_in(chen)
    assert "漏水" in text_of(client.get("/messages/"))
    message = Message.objects.get(person=chen)
    with command(by=li) as writing:
        writing.bar(order, chen, "事项涉及本人")
    assert "漏水" not in text_of(client.get("/messages/"))
    assert "条未读" not in client.get("/bell/").content.decode()
    assert client.post(f"/messages/{message.pk}/open/").status_code == 404
