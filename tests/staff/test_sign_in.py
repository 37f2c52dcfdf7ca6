"""Signing in and out: wrong passwords, lock-out, the initial password, where one may be sent afterwards."""

import re
import time
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from tests.staff.conftest import Browser, hidden, token_of
from tests.support.cast import PASSWORD, Cast
from yihu.ground.staff.models import Account

WRONG = "用户名或密码不对，请检查大小写和输入法后再试。"


def attempt(client: Client, username: str, password: str = "falsch-falsch", **more: Any) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def looks(answer: Any, username: str) -> str:
    """The page without what differs each time."""
    page = answer.content.decode().replace(token_of(answer), "").replace(username, "")
    return re.sub(r'name="now" content="[^"]*"', "", page)


def errors(answer: Any) -> list[str]:
    return list(answer.context["form"].non_field_errors())


def test_the_right_password_opens_the_house(wang: Account, desk: Any) -> None:
    work = desk()
    answer = work.sign_in("  WANG ")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert work.session["_auth_user_id"] == str(wang.pk)


def test_a_wrong_password_says_the_same_as_an_unknown_name(wang: Account, client: Client) -> None:
    known, unknown = attempt(client, "wang"), attempt(client, "niemand")
    assert errors(known) == errors(unknown) == [WRONG]
    assert known.status_code == unknown.status_code == 422
    assert looks(known, "wang") == looks(unknown, "niemand")


def test_an_unknown_name_takes_as_long_as_a_known_one(wang: Account, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    wang.set_password(PASSWORD)
    wang.save()
    gone = Account.objects.make("gone", "已离职", password=PASSWORD, is_active=False)

    def took(username: str) -> float:
        AccessAttempt.objects.all().delete()
        begun = time.perf_counter()
        attempt(Client(), username)
        return time.perf_counter() - begun

    times = {name: median(took(name) for _ in range(3)) for name in ("wang", "niemand", gone.username, "system")}
    assert max(times.values()) < 3 * min(times.values()), times


def test_five_wrong_passwords_lock_the_name_for_a_quarter_of_an_hour(wang: Account, client: Client) -> None:
    answers = [attempt(client, "wang") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert errors(answers[3]) == [f"{WRONG}再错 1 次将暂停登录一段时间。"]
    said = errors(answers[4])[0]
    opens = timezone.localtime(timezone.now() + timedelta(minutes=15))
    assert said.startswith("密码错误次数过多，登录已暂停。请 15 分钟后（")
    assert f"{opens:%H:%M}" in said or f"{opens + timedelta(minutes=1):%H:%M}" in said
    # Not even the right password opens, not from elsewhere either, and trying does not make it longer.
    before = AccessAttempt.objects.get().attempt_time
    assert attempt(client, "Wang", PASSWORD).status_code == 429
    assert (
        Client(REMOTE_ADDR="10.1.2.3").post("/sign-in/", {"username": "wang", "password": PASSWORD}).status_code == 429
    )
    assert AccessAttempt.objects.get().attempt_time == before
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert attempt(client, "wang", PASSWORD).status_code == 302


def test_lock_out_says_nothing_about_whether_the_name_exists(wang: Account, client: Client) -> None:
    known = [attempt(client, "wang") for _ in range(6)]
    unknown = [attempt(client, "niemand") for _ in range(6)]
    assert [(one.status_code, errors(one)) for one in known] == [(one.status_code, errors(one)) for one in unknown]


def test_an_office_behind_one_address_is_not_locked_by_one_forgetful_person(wang: Account, li: Account) -> None:
    client = Client(REMOTE_ADDR="10.0.0.7")
    for _ in range(5):
        attempt(client, "wang")
    assert attempt(client, "li", PASSWORD).status_code == 302


def test_an_address_that_tries_many_names_is_locked(wang: Account, li: Account) -> None:
    client = Client(REMOTE_ADDR="10.0.0.8")
    for number in range(30):
        attempt(client, f"name{number}")
    assert attempt(client, "li", PASSWORD).status_code == 429
    assert attempt(Client(REMOTE_ADDR="10.0.0.9"), "li", PASSWORD).status_code == 302


def test_ones_own_account_does_not_free_an_address(wang: Account, li: Account) -> None:
    client = Client(REMOTE_ADDR="10.0.0.8")
    for number in range(29):
        attempt(client, f"name{number}")
    assert attempt(client, "wang", PASSWORD).status_code == 302
    client.post("/sign-out/")
    attempt(client, "name29")
    assert attempt(client, "li", PASSWORD).status_code == 429


def test_signing_in_forgets_the_wrong_tries(wang: Account, client: Client) -> None:
    for _ in range(4):
        attempt(client, "wang")
    attempt(client, "wang", PASSWORD)
    client.post("/sign-out/")
    assert [attempt(client, "wang").status_code for _ in range(4)] == [422] * 4


def test_an_administrator_opens_a_locked_name(wang: Account, zhou: Account, client: Client, sign_in: Any) -> None:
    for _ in range(5):
        attempt(client, "wang")
    sign_in(zhou).post(f"/staff/{wang.pk}/unlock/")
    assert attempt(client, "wang", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "9.9.9.9, 1.1.1.1", "1.1.1.1"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (1, "", "10.0.0.1"),
        (1, "quatsch", None),
    ],
)
def test_an_address_is_believed_only_from_trusted_proxies(
    wang: Account, settings: Any, proxies: int, forwarded: str, counted: str | None
) -> None:
    settings.YIHU_PROXIES = proxies
    attempt(Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded}), "wang")
    assert AccessAttempt.objects.get().ip_address == counted


@pytest.mark.parametrize(
    "username", ["", "x" * 5000, "a\0b", "王\u202e客服", "<script>", "'; drop table staff_account; --", "😀"]
)
def test_strange_names_are_answered_with_a_sentence(wang: Account, client: Client, username: str) -> None:
    assert attempt(client, username).status_code == 422
    assert attempt(client, "wang", "x" * 5000).status_code == 422


def test_nothing_secret_is_kept_of_a_try(wang: Account, client: Client) -> None:
    attempt(client, "wang", "mein-geheimnis", held="gAAAA-versiegelt")
    kept = AccessAttempt.objects.get()
    assert "geheimnis" not in kept.post_data
    assert "versiegelt" not in kept.post_data


# After sign-in -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "evil.example",
        "\x00//evil.example",
    ],
)
def test_nobody_is_sent_to_another_house(wang: Account, client: Client, elsewhere: str) -> None:
    assert hidden(client.get("/sign-in/", {"next": elsewhere}), "next") == ""
    assert attempt(client, "wang", PASSWORD, next=elsewhere)["Location"] == "/"
    assert client.get("/sign-in/", {"next": elsewhere})["Location"] == "/"


def test_one_arrives_where_one_wanted_to_go(wang: Account, client: Client) -> None:
    asked = client.get("/password/?next=%2Fx%3Fy%3D1")
    assert asked["Location"] == "/sign-in/?next=%2Fpassword%2F%3Fnext%3D%252Fx%253Fy%253D1"
    page = client.get(asked["Location"])
    arrived = attempt(client, "wang", PASSWORD, next="/password/?next=%2Fx%3Fy%3D1")
    assert hidden(page, "next") == "/password/?next=%2Fx%3Fy%3D1"
    assert arrived["Location"] == "/password/?next=%2Fx%3Fy%3D1"


def test_a_planted_session_is_not_the_one_that_is_signed_in(wang: Account, desk: Any) -> None:
    work = desk()
    work.get("/sign-in/")
    work.session.save()
    session = work.session
    session["planted"] = True
    session.save()
    work.cookies["yihu_session"] = session.session_key
    work.sign_in("wang")
    assert work.session.session_key != session.session_key


def test_sign_out_needs_a_press_and_ends_the_session(wang: Account, at_work: Any) -> None:
    work: Browser = at_work(wang)
    key = work.session.session_key
    assert work.get("/sign-out/").status_code == 405
    page = work.get("/password/")
    answer = work.send(page, "/sign-out/", {})
    assert answer["Location"] == "/sign-in/"
    assert work.get("/password/").status_code == 302
    work.cookies["yihu_session"] = key
    assert work.get("/password/").status_code == 302


def test_cookies_are_for_the_server_only(wang: Account, desk: Any) -> None:
    answer = desk().sign_in("wang")
    for name in ("yihu_session", "yihu_seen", "yihu_forms", "yihu_csrf"):
        assert answer.cookies[name]["httponly"], name
        assert answer.cookies[name]["samesite"] == "Lax", name


def test_one_who_has_left_cannot_sign_in_and_is_out_at_once(wang: Account, at_work: Any, client: Client) -> None:
    work = at_work(wang)
    Account.objects.filter(pk=wang.pk).update(is_active=False)
    assert work.get("/password/").status_code == 302
    assert errors(attempt(client, "wang", PASSWORD)) == [WRONG]


# The initial password ------------------------------------------------------------------------------------------------
@pytest.fixture
def newcomer(cast: Cast) -> Account:
    person = cast.person("xin", "辛新人", "receptionist")
    person.must_change_password = True
    person.password_changed_at = timezone.now()
    person.save()
    return person


def test_the_initial_password_is_changed_before_anything_else(newcomer: Account, desk: Any) -> None:
    work = desk()
    page = work.sign_in("xin", next="/staff/")
    assert "请先设置自己的密码" in page.content.decode()
    for address in ("/staff/", "/", "/community/"):
        assert work.get(address).status_code in (302, 404), address
    assert work.get("/staff/")["Location"] == "/password/?next=%2Fstaff%2F"
    assert work.get("/staff/", headers={"hx-request": "true"})["HX-Redirect"] == "/password/?next=%2Fstaff%2F"
    assert work.send(page, "/community/", {"community": "YQ"})["Location"] == "/password/"

    refused = work.send(page, "/password/", {"new": PASSWORD, "again": PASSWORD})
    assert (refused.status_code, refused.context["form"].errors["new"]) == (
        422,
        ["新密码不能和现在的密码一样，请换一个。"],
    )
    done = work.send(refused, "/password/", {"new": "Guten-Morgen-9", "again": "Guten-Morgen-9", "next": "/password/"})
    assert (done.status_code, done["Location"]) == (302, "/password/")
    assert work.get("/password/").status_code == 200
    assert desk().sign_in("xin", "Guten-Morgen-9")["Location"] == "/"


def test_an_initial_password_that_nobody_used_grows_old(newcomer: Account, client: Client) -> None:
    Account.objects.filter(pk=newcomer.pk).update(password_changed_at=timezone.now() - timedelta(days=8))
    assert errors(attempt(client, "xin", PASSWORD)) == ["这个初始密码已经过期，请找系统管理员重新给一个。"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("kurz-9", "密码至少要 10 个字符，现在是 6 个。"),
        ("8374650192", "密码不能全是数字，请加上字母或汉字。"),
        ("password123", "这个密码太常见，容易被猜到，请换一个。"),
        ("ichbinwang-77", "密码里不能有您的用户名、姓名或姓名拼音首字母加数字。"),
        ("我是王客服呀今天很好啊", "密码里不能有您的用户名、姓名或姓名拼音首字母加数字。"),
        ("abababababab", "密码里重复的字符太多，请换一个。"),
    ],
)
def test_weak_passwords_are_refused_with_a_sentence(wang: Account, sign_in: Any, new: str, sentence: str) -> None:
    answer = sign_in(wang).post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors["new"]


def test_a_new_password_needs_the_old_one_and_twice_the_same(wang: Account, sign_in: Any) -> None:
    answer = sign_in(wang).post("/password/", {"old": "falsch", "new": "Guten-Morgen-9", "again": "Guten-Morgen-8"})
    assert answer.context["form"].errors == {
        "old": ["现在的密码不对，请重新输入。"],
        "again": ["两次输入的新密码不一样，请重新输入。"],
    }


def test_a_new_password_signs_out_everywhere_else(wang: Account, at_work: Any) -> None:
    here, there = at_work(wang), at_work(wang)
    page = here.get("/password/")
    new = "Guten-Morgen-9"
    assert here.send(page, "/password/", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert here.get("/password/").status_code == 200
    assert there.get("/password/").status_code == 302
