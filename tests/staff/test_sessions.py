"""A session that ran out loses nothing that was typed, and gives it to nobody else."""

import secrets
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.staff.conftest import Browser, hidden, token_of
from tests.support.cast import PASSWORD
from yihu.ground.staff import hold, sessions
from yihu.ground.staff.models import Account

MINUTE = 60
FORM = "/staff/departments/"
TYPED = {
    "key": "k-1",
    "cs_dept": "客户服务部",
    "engineering": "工程部\n二行",
    "security": "秩序部",
    "cleaning": "保洁部",
    "finance": "财务部",
    "admin_hr": "行政部",
    "gm_office": "总办",
}


def grow_old(browser: Browser, *, idle_minutes: float = 0, hours: float = 0) -> None:
    """As if the last thing done in this browser lay so far back."""
    now = time.time()
    session = browser.session
    session[sessions.BEGUN] = int(now - max(hours * 3600, idle_minutes * MINUTE))
    session.save()
    browser.cookies[sessions.COOKIE] = sessions.seen_value(session.session_key, now - idle_minutes * MINUTE)


def signed_in(browser: Browser) -> bool:
    return browser.get("/password/").status_code == 200


@pytest.mark.clause("SEC-02")
def test_after_half_an_hour_without_a_hand_one_is_out(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    grow_old(work, idle_minutes=29)
    assert signed_in(work)
    grow_old(work, idle_minutes=31)
    answer = work.get("/password/")
    assert answer["Location"] == "/sign-in/?next=%2Fpassword%2F"
    assert "您有 30 分钟没有操作，系统已自动退出，请重新登录。" in work.get(answer["Location"]).content.decode()


def test_working_keeps_a_session_alive_until_the_day_is_over(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    grow_old(work, idle_minutes=20, hours=5)
    assert signed_in(work)
    grow_old(work, idle_minutes=20, hours=11.9)
    before = work.cookies[sessions.COOKIE].value
    assert signed_in(work)
    assert work.cookies[sessions.COOKIE].value != before
    grow_old(work, idle_minutes=1, hours=12.1)
    answer = work.get("/password/")
    assert "登录已满 12 小时，请重新登录。" in work.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    "marks", [{"headers": {"x-poll": "1"}}, {"query_params": {"poll": "1"}}, {"headers": {"sec-purpose": "prefetch"}}]
)
def test_what_a_page_asks_by_itself_keeps_nothing_alive(zhou: Account, at_work: Any, marks: dict[str, Any]) -> None:
    work = at_work(zhou)
    grow_old(work, idle_minutes=20)
    before = work.cookies[sessions.COOKIE].value
    assert work.get("/password/", **marks).status_code == 200
    assert work.cookies[sessions.COOKIE].value == before
    work.get("/password/")
    assert work.cookies[sessions.COOKIE].value != before


def test_a_seen_mark_of_another_session_or_made_up_is_worth_nothing(zhou: Account, wang: Account, at_work: Any) -> None:
    work, other = at_work(zhou), at_work(wang)
    grow_old(work, idle_minutes=31)
    work.cookies[sessions.COOKIE] = other.cookies[sessions.COOKIE].value
    assert not signed_in(work)
    work = at_work(zhou)
    grow_old(work, idle_minutes=31)
    work.cookies[sessions.COOKIE] = "eyJxIjoxfQ:quatsch"
    assert not signed_in(work)


def test_looking_at_pages_writes_nothing(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    grow_old(work, idle_minutes=20)
    with CaptureQueriesContext(connection) as asked:
        assert signed_in(work)
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


# What was typed ------------------------------------------------------------------------------------------------------
def send_late(work: Browser, *, files: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    """The person opened the form, went away for an hour, came back and pressed save."""
    page = work.get(FORM)
    grow_old(work, idle_minutes=60)
    return work.send(page, FORM, {**TYPED, **(files or {})}, **kwargs)


def test_a_form_sent_too_late_is_saved_after_signing_in_again(zhou: Account, yunqi: Any, at_work: Any) -> None:
    work = at_work(zhou)
    late = send_late(work)
    assert late.status_code == 401
    said = late.content.decode()
    assert "您有 30 分钟没有操作" in said
    assert "刚才填写的内容替您留着" in said
    assert "客户服务部" not in said, "who walks past the screen must not read it"
    assert not yunqi.departments.filter(name="客户服务部").exists()

    again = work.send(
        late,
        "/sign-in/",
        {"username": "zhou", "password": PASSWORD, "held": hidden(late, "held"), "next": hidden(late, "next")},
    )
    assert again.status_code == 200
    assert "继续保存" in again.content.decode()
    assert again.context["waiting"].path == FORM
    assert "客户服务部" in again.content.decode()

    fields = dict(again.context["waiting"].fields)
    assert fields == {**TYPED, "engineering": "工程部\r\n二行"} or fields == TYPED
    saved = work.send(again, again.context["waiting"].path, fields)
    assert (saved.status_code, saved["Location"]) == (302, FORM)
    assert yunqi.departments.get(code="cs_dept").name == "客户服务部"


def test_a_wrong_password_in_between_loses_nothing(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    page = send_late(work)
    for password in ["falsch-1"] * 5:
        page = work.send(
            page,
            "/sign-in/",
            {"username": "zhou", "password": password, "held": hidden(page, "held"), "next": hidden(page, "next")},
        )
    assert page.status_code == 429
    assert hold.unseal(hidden(page, "held")).account == zhou.pk


@pytest.mark.clause("SEC-02")
def test_somebody_else_gets_nothing(zhou: Account, cast: Any, at_work: Any) -> None:
    cast.person("mei", "梅管理", "sysadmin")
    work = at_work(zhou)
    late = send_late(work)
    other = work.send(
        late,
        "/sign-in/",
        {"username": "mei", "password": PASSWORD, "held": hidden(late, "held"), "next": hidden(late, "next")},
    )
    assert (other.status_code, other["Location"]) == (302, "/")
    page = work.get("/password/").content.decode()
    assert "刚才那张表单是另一位同事打开的，填写的内容没有保留，也没有保存。" in page
    assert "客户服务部" not in page


def test_the_session_may_be_gone_altogether(zhou: Account, at_work: Any) -> None:
    """Signed out in another window: only the page's own token still tells who had it open."""
    work = at_work(zhou)
    page = work.get(FORM)
    work.send(page, "/sign-out/", {})
    late = work.send(page, FORM, TYPED)
    assert late.status_code == 401
    assert hold.unseal(hidden(late, "held")).account == zhou.pk


def test_after_signing_in_again_in_another_window_the_old_page_still_saves(
    zhou: Account, yunqi: Any, at_work: Any
) -> None:
    work = at_work(zhou)
    page = work.get(FORM)
    work.send(page, "/sign-out/", {})
    work.sign_in("zhou")
    stale = work.send(page, FORM, TYPED)  # its token is of the session before
    assert stale.status_code == 403
    assert "继续保存" in stale.content.decode()
    saved = work.send(stale, stale.context["waiting"].path, dict(stale.context["waiting"].fields))
    assert saved.status_code == 302
    assert yunqi.departments.get(code="cs_dept").name == "客户服务部"


def test_a_colleague_at_the_same_browser_does_not_save_an_old_page(
    zhou: Account, yunqi: Any, cast: Any, at_work: Any
) -> None:
    cast.person("mei", "梅管理", "sysadmin")
    work = at_work(zhou)
    page = work.get(FORM)
    work.send(page, "/sign-out/", {})
    work.sign_in("mei")
    stale = work.send(page, FORM, TYPED)
    assert stale.status_code == 403
    assert "刚才那张表单是另一位同事打开的" in stale.content.decode()
    assert "客户服务部" not in stale.content.decode()
    assert not yunqi.departments.exists()


def test_what_another_site_posts_is_never_kept(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    page = work.get(FORM)
    foreign = {"origin": "https://evil.example"}
    for answer in (
        work.send(page, FORM, TYPED, headers={"origin": "https://evil.example"}),
        work.post(FORM, TYPED, headers=foreign),
        work.post(FORM, TYPED, headers={**foreign, "sec-fetch-site": "cross-site"}),
    ):
        assert answer.status_code == 403
        assert "客户服务部" not in answer.content.decode()
        assert "继续保存" not in answer.content.decode()
    outside = Browser()
    answer = outside.post(FORM, TYPED, headers=foreign)
    assert (answer.status_code, hidden(answer, "held")) == (401, "")


def test_a_made_up_hold_is_not_opened(zhou: Account, wang: Account, desk: Any) -> None:
    assert desk().sign_in("wang", held="gAAAAABquatsch")["Location"] == "/"
    foreign = hold.seal(hold.Held(FORM, FORM, zhou.pk, (("cs_dept", "客户服务部"),)))
    assert desk().sign_in("wang", held=foreign)["Location"] == "/"


def test_files_are_named_to_be_chosen_again(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    late = send_late(
        work, files={"photos": [SimpleUploadedFile("漏水.jpg", b"x"), SimpleUploadedFile("地板.jpg", b"y")]}
    )
    again = work.send(late, "/sign-in/", {"username": "zhou", "password": PASSWORD, "held": hidden(late, "held")})
    assert again.context["waiting"].files == (("photos", "漏水.jpg"), ("photos", "地板.jpg"))
    assert again.content.decode().count('type="file"') == 2
    assert "漏水.jpg" in again.content.decode()


def test_htmx_gets_the_whole_sign_in_page_for_a_form(zhou: Account, at_work: Any) -> None:
    late = send_late(
        at_work(zhou), headers={"hx-request": "true", "hx-current-url": "http://testserver/staff/departments/?a=1"}
    )
    assert (late.status_code, late["HX-Retarget"], late["HX-Reswap"]) == (401, "body", "innerHTML")
    assert hold.unseal(hidden(late, "held")).page == "/staff/departments/?a=1"


@pytest.mark.parametrize("headers", [{"hx-request": "true"}, {"x-poll": "1", "hx-request": "true"}, {"x-outbox": "1"}])
def test_scripts_are_sent_to_the_sign_in_page_and_leave_the_open_page_alone(
    zhou: Account, at_work: Any, headers: dict[str, str]
) -> None:
    work = at_work(zhou)
    if "x-outbox" in headers:
        late = send_late(work, headers={**headers, "referer": "http://testserver/staff/departments/"})
    else:
        grow_old(work, idle_minutes=60)
        late = work.get(FORM, headers=headers)
    assert (late.status_code, late["Location"]) == (302, "/sign-in/?next=%2Fstaff%2Fdepartments%2F")


def test_passwords_are_never_held(wang: Account, at_work: Any) -> None:
    work = at_work(wang)
    page = work.get("/password/")
    grow_old(work, idle_minutes=60)
    late = work.send(page, "/password/", {"old": PASSWORD, "new": "Guten-Morgen-9", "again": "Guten-Morgen-9"})
    assert (late.status_code, hidden(late, "held")) == (401, "")


def test_what_is_too_long_to_keep_is_said(zhou: Account, at_work: Any, settings: Any) -> None:
    work = at_work(zhou)
    page = work.get(FORM)
    grow_old(work, idle_minutes=60)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    late = work.send(page, FORM, {**TYPED, "cs_dept": secrets.token_urlsafe(1000)[:1200]})
    assert (late.status_code, hidden(late, "held")) == (401, "")
    assert "刚才填写的内容太长，无法替您保留" in late.content.decode()


def test_the_hold_waits_while_a_first_password_is_chosen(zhou: Account, yunqi: Any, at_work: Any) -> None:
    """An administrator resets the password of one who is typing."""
    work = at_work(zhou)
    page = work.get(FORM)
    zhou.sign_out_everywhere()
    zhou.must_change_password = True
    zhou.save()
    late = work.send(page, FORM, TYPED)
    choose = work.send(late, "/sign-in/", {"username": "zhou", "password": PASSWORD, "held": hidden(late, "held")})
    assert "请先设置自己的密码" in choose.content.decode()
    new = "Guten-Morgen-9"
    again = work.send(choose, "/password/", {"new": new, "again": new, "held": hidden(choose, "held")})
    assert again.context["waiting"].path == FORM
    assert work.send(again, FORM, dict(again.context["waiting"].fields)).status_code == 302
    assert yunqi.departments.get(code="cs_dept").name == "客户服务部"


def test_an_outdated_sign_in_form_only_asks_once_more(zhou: Account, desk: Any) -> None:
    work = desk()
    page = work.get("/sign-in/?next=%2Fstaff%2F")
    work.cookies["yihu_csrf"] = "a" * 32
    answer = work.send(page, "/sign-in/", {"username": "zhou", "password": PASSWORD, "next": "/staff/"})
    assert answer.status_code == 403
    assert hidden(answer, "next") == "/staff/"
    arrived = work.send(answer, "/sign-in/", {"username": "zhou", "password": PASSWORD, "next": "/staff/"})
    assert arrived["Location"] == "/staff/"
    assert work.post("/sign-in/", {"csrfmiddlewaretoken": token_of(page), "next": "/staff/"})["Location"] == "/staff/"


@pytest.mark.clause("SEC-02")
def test_a_locked_screen_lets_nobody_on_and_opens_again_on_the_same_page(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    answer = work.send(work.get("/password/"), "/lock/", {"next": FORM})
    assert not signed_in(work)
    page = work.get(answer["Location"])
    shown = page.content.decode()
    assert "屏幕已锁" in shown
    assert f'value="{zhou.username}"' in shown
    typed = {"username": zhou.username, "password": PASSWORD, "next": hidden(page, "next")}
    assert work.send(page, "/sign-in/", typed)["Location"] == FORM
    assert signed_in(work)


def test_a_locked_screen_sends_nobody_away_from_the_house(zhou: Account, at_work: Any) -> None:
    work = at_work(zhou)
    answer = work.send(work.get("/password/"), "/lock/", {"next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]
