"""Who may come in by the interface: opened by an administrator, shown once, stopped at once, traceable for ever."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.support.cast import PASSWORD
from tests.support.doing import log_contact
from tests.support.integrations import BASE, Program, program
from tests.support.spans import within_one
from yihu.fronts.api.models import Integration
from yihu.fronts.api.throttle import Throttle
from yihu.ground.staff.models import Account
from yihu.kernel.authority import authority, grants_of
from yihu.kernel.models import Book, Message
from yihu.kernel.rates import Limit

pytestmark = pytest.mark.django_db
PAGE = "/api/integrations/"


@pytest.fixture
def admin(cast: Any) -> Any:
    return cast.person("gly", "管理员", "sysadmin")


def typed(cast: Any, **more: Any) -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=90)
    given = {
        "name": "微信小程序",
        "communities": [cast.yunqi.pk],
        "until": until.isoformat(),
        "per_minute": "60",
        "key": "new",
    }
    return {**given, "may_reception": ["reception:read", "reception:open"], **more}


def token_in(answer: Any) -> str:
    found = re.search(r"yihu_[\w-]{40,}", answer.content.decode())
    assert found, answer.content.decode()
    return found[0]


def test_an_administrator_opens_changes_renews_and_stops_one(cast: Any, admin: Any, sign_in: Any) -> None:
    browser, contact = sign_in(admin), log_contact(cast)
    shown = browser.post(f"{PAGE}new/", typed(cast))
    first = Program(token_in(shown))
    assert shown.headers["Cache-Control"] == "no-store"
    assert first.get(f"reception/{contact.number}").status_code == 200
    integration = Integration.objects.get()
    assert integration.digest not in first.token
    assert (
        first.token not in browser.get(PAGE).content.decode() + browser.get(f"{PAGE}{integration.pk}/").content.decode()
    )
    again = browser.post(f"{PAGE}new/", typed(cast), follow=True)
    assert "令牌只显示一次" in again.content.decode()
    assert Integration.objects.count() == 1

    changed = typed(cast, key="change", may_reception=["reception:open"])
    assert browser.post(f"{PAGE}{integration.pk}/", changed).status_code == 302
    assert first.get(f"reception/{contact.number}").status_code == 403

    second = Program(token_in(browser.post(f"{PAGE}{integration.pk}/renew/", {"key": "renew"})))
    assert first.get("registers").status_code == 401
    assert second.get("registers").status_code == 200
    browser.post(f"{PAGE}{integration.pk}/revoke/", {"key": "stop"})
    assert second.get("registers").status_code == 401
    assert grants_of(Account.objects.get(pk=integration.account_id)).communities == frozenset()
    told = Book.objects.get(register="api.integration").journal.order_by("seq")
    assert [entry.sentence.split("：")[0] for entry in told] == [
        "管理员 开通接口“微信小程序”", "管理员 修改接口“微信小程序”", "管理员 更换了接口“微信小程序”的令牌", "管理员 停用接口“微信小程序”",
    ]  # fmt: skip
    assert browser.post(f"{PAGE}{integration.pk}/renew/", {"key": "more"}).status_code == 409


def test_what_is_wrong_with_the_form_is_said_on_it(cast: Any, admin: Any, sign_in: Any) -> None:
    browser = sign_in(admin)
    for more, words in (
        ({"may_reception": []}, "请至少勾选一件准许的事"),
        ({"until": "2020-01-01"}, "有效期须在今天之后"),
        ({"until": "2100-01-01"}, "两年之内"),
        ({"communities": [cast.qinghe.pk]}, "没有这个选项"),
        ({"may_reception": ["reception:nonsense"]}, "没有这个选项"),
    ):
        answer = browser.post(f"{PAGE}new/", typed(cast, **more))
        assert answer.status_code in (409, 422)
        assert words in answer.content.decode(), more
    assert not Integration.objects.exists()


def test_only_who_answers_for_all_its_places_manages_it(cast: Any, admin: Any, sign_in: Any) -> None:
    elsewhere = program(cast, community=cast.qinghe).integration
    both = program(cast).integration
    both.communities.add(cast.qinghe)
    browser = sign_in(admin)
    for one in (elsewhere, both):
        assert browser.get(f"{PAGE}{one.pk}/").status_code == 404
        assert browser.post(f"{PAGE}{one.pk}/revoke/", {"key": "x"}).status_code == 404
    assert "小程序" not in browser.get(PAGE).content.decode()
    for person in (cast.li, cast.passer):
        assert sign_in(person).get(PAGE).status_code == 403


def test_no_token_a_wrong_one_and_an_expired_one_open_nothing(cast: Any) -> None:
    other = program(cast)
    for header in (
        "",
        "Bearer",
        "Bearer ",
        "Bearer yihu_nonsense",
        f"Basic {other.token}",
        other.token,
        f"Bearer {other.token}x",
    ):
        answer = Client().get(f"{BASE}/registers", headers={"Authorization": header} if header else {})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), header
    Integration.objects.update(expires_at=timezone.now())
    answer = other.get("registers")
    assert (answer.status_code, "过期" in answer.json()["sentence"]) == (401, True)
    assert other.post("reception", {"fields": {}}).status_code == 401


def test_nobody_signs_in_as_a_program_and_nobody_finds_it_among_the_staff(cast: Any, admin: Any, sign_in: Any) -> None:
    account = program(cast).integration.account
    for password in ("", "!", PASSWORD):
        answer = Client().post(reverse("staff:sign_in"), {"username": account.username, "password": password})
        assert not answer.wsgi_request.user.is_authenticated
    browser = sign_in(admin)
    for tab in ("working", "none", "left"):
        assert "小程序" not in browser.get(f"{reverse('staff:people')}?tab={tab}").content.decode()
    for name in ("person", "edit", "give_post", "deputy", "reset"):
        address = reverse(f"staff:{name}", args=[account.pk])
        assert browser.post(address, {"key": name}).status_code in (404, 405), name
    assert account not in authority().people_with(cast.yunqi.pk, "reception.open")


def test_a_program_is_told_nothing_by_the_bell(cast: Any) -> None:
    other = program(cast)
    body = {
        "channel": "phone",
        "relation": "owner",
        "caller_name": "赵业主",
        "category": "suggestion",
        "content": "加椅子",
    }
    number = other.post("reception", {"fields": body}).json()["number"]
    cast.li  # noqa: B018
    said = other.get(f"reception/{number}").json()
    assert (
        other.post(f"reception/{number}/urge", {"version": said["version"], "fields": {"words": "请尽快"}}).status_code
        == 200
    )
    assert not Message.objects.filter(person=other.integration.account).exists()


def test_too_many_requests_wait_until_the_next_minute(cast: Any) -> None:
    other, calm = program(cast, per_minute=3), program(cast)
    within_one(Limit("api", 3, 60), seconds=5)
    answers = [other.get("registers") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[3:]
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert "秒后再试" in refused[0].json()["sentence"]
    assert calm.get("registers").status_code == 200


def test_all_processes_count_together(cast: Any) -> None:
    one, other = Throttle(), Throttle()
    token = program(cast, per_minute=3).integration
    asked = [process.seconds_to_wait(token, now=60.0 + place) for place, process in enumerate((one, other, one))]
    assert asked == [0, 0, 0]
    assert (other.seconds_to_wait(token, now=63.0), one.seconds_to_wait(token, now=64.0)) == (57, 56)
    assert other.seconds_to_wait(token, now=120.0) == 0  # a new minute
    assert one.seconds_to_wait(program(cast, per_minute=1).integration, now=64.0) == 0  # others have their own


def test_a_process_that_knows_the_minute_is_used_up_asks_nobody(cast: Any, django_assert_num_queries: Any) -> None:
    throttle, token = Throttle(), program(cast, per_minute=1).integration
    for place in range(2):
        with django_assert_num_queries(1):
            throttle.seconds_to_wait(token, now=60.0 + place)
    with django_assert_num_queries(0):
        assert throttle.seconds_to_wait(token, now=62.0) == 58


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_ask_at_once_in_as_many_processes_six_are_let_in(cast: Any) -> None:
    token = program(cast, per_minute=6).integration
    processes = [Throttle() for _ in range(10)]
    waits = [-1] * 10

    def ask(index: int) -> None:
        waits[index] = processes[index].seconds_to_wait(token, now=61.0)

    assert at_once(10, ask) == ["done"] * 10
    assert sorted(waits) == [0] * 6 + [59] * 4


def test_when_it_was_last_used_is_known(cast: Any) -> None:
    other = program(cast)
    assert Integration.objects.get().last_used_at is None
    other.get("registers")
    used = Integration.objects.get().last_used_at
    other.get("registers")
    assert used is not None
    assert Integration.objects.get().last_used_at == used


def test_the_manual_names_every_register_and_its_steps(cast: Any, sign_in: Any) -> None:
    text = sign_in(cast.wang).get("/api/").content.decode()
    for words in ("业主接待记录", "/api/v1/repairs/{number}/assign", "Idempotency-Key", "派工"):
        assert words in text
