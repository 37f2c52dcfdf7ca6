"""The pages about people: posts, deputies, passwords; who may change whom."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.cast import Cast
from yihu.ground.staff import acts
from yihu.ground.staff.models import Account, Deputy, Post
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.journal import verify
from yihu.kernel.models import Book

DAY = timedelta(days=1)


@pytest.fixture
def office(zhou: Account, sign_in: Any) -> Client:
    """周管理 at his desk."""
    return sign_in(zhou)


def sentences(account: Account) -> list[str]:
    book = Book.objects.get(register="staff.account", object_id=str(account.pk))
    assert verify(book) == []
    return list(book.journal.order_by("seq").values_list("sentence", flat=True))


def initial_password(answer: Any) -> str:
    return re.search(r'id="initial-password">([^<]+)<', answer.content.decode())[1]


def test_a_new_colleague_from_the_first_page_to_the_first_day(office: Client, yunqi: Any, client: Client) -> None:
    made = office.post("/staff/new/", {"name": "钱新人", "username": "Qian", "phone": "13800138112", "key": "k1"})
    password = initial_password(made)
    qian = Account.objects.get(username="qian")
    assert (str(qian.phone), qian.initials, qian.must_change_password) == ("138****8112", "qxr", True)
    assert qian.check_password(password)

    today = timezone.localdate()
    appointed = office.post(
        f"/staff/{qian.pk}/post/", {"code": "receptionist", "community": yunqi.pk, "from_on": today, "key": "k2"}
    )
    assert appointed["Location"] == f"/staff/{qian.pk}/"
    post = qian.posts.get()
    assert (str(post), str(post.department), post.to_on) == ("前台接待", "客服部", None)
    assert Account.objects.get(pk=qian.pk).may("reception.open", yunqi)

    first = client.post("/sign-in/", {"username": "qian", "password": password})
    assert "请先设置自己的密码" in first.content.decode()
    page = office.get(f"/staff/{qian.pk}/").content.decode()
    assert "138****8112" in page
    assert "13800138112" not in page
    assert sentences(qian) == [
        "周管理 建立账号 qian（钱新人）",
        f"周管理 任命为云栖苑前台接待，自 {today} 起",
    ]


def test_the_initial_password_is_shown_once_and_the_account_made_once(office: Client) -> None:
    typed = {"name": "钱新人", "username": "qian", "key": "k1"}
    first, second = office.post("/staff/new/", typed), office.post("/staff/new/", typed)
    assert initial_password(first)
    assert first["Cache-Control"] == "no-store"
    # The username is taken by now; the page says so instead of making a second account.
    assert second.status_code == 422
    assert Account.objects.filter(username="qian").count() == 1


def test_a_repeated_reset_does_not_show_another_password(office: Client, wang: Account) -> None:
    first = office.post(f"/staff/{wang.pk}/reset/", {"key": "k9"})
    again = office.post(f"/staff/{wang.pk}/reset/", {"key": "k9"})
    assert "初始密码刚才已经显示过一次，不能再看" in again.content.decode()
    wang.refresh_from_db()
    assert wang.check_password(initial_password(first))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": "", "username": "qian"}, "name", "请填写姓名。"),
        ({"name": "王二", "username": "ＷＡＮＧ"}, "username", "这个用户名已经有人用了，请换一个。"),
        (
            {"name": "王二", "username": "w<b>"},
            "username",
            "用户名用 2 到 32 个小写字母、数字或汉字，中间可以有点、横线。",
        ),
    ],
)
def test_what_cannot_be_an_account_is_said(
    office: Client, wang: Account, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = office.post("/staff/new/", typed)
    assert (answer.status_code, answer.context["form"].errors[field]) == (422, [sentence])


def test_a_second_term_of_the_same_post_at_the_same_time_is_refused(office: Client, wang: Account, yunqi: Any) -> None:
    typed = {"code": "receptionist", "community": yunqi.pk, "from_on": timezone.localdate()}
    answer = office.post(f"/staff/{wang.pk}/post/", typed)
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors() == [
        "王客服 在这段时间里已经是云栖苑的前台接待，请先结束原来的任职。"
    ]


def test_a_post_ends_with_its_last_day(office: Client, wang: Account, yunqi: Any) -> None:
    post, today = wang.posts.get(), timezone.localdate()
    office.post(f"/staff/{wang.pk}/post/{post.pk}/end/", {"to_on": today - DAY})
    assert not Account.objects.get(pk=wang.pk).may("reception.open", yunqi)
    assert sentences(wang) == [f"周管理 结束任职：云栖苑前台接待，最后一天 {today - DAY}"]


def test_a_deputy_is_arranged_shown_and_ended(office: Client, wang: Account, li: Account, yunqi: Any) -> None:
    today = timezone.localdate()
    office.post(f"/staff/{li.pk}/deputy/", {"stand_in": wang.pk, "from_on": today, "to_on": today + 6 * DAY})
    assert Account.objects.get(pk=wang.pk).may("duties.read", yunqi)
    assert "王客服 代 李主管" in office.get(f"/staff/{li.pk}/").content.decode()
    assert "代 李主管" in office.get("/staff/").content.decode()
    office.post(f"/staff/{li.pk}/deputy/{Deputy.objects.get().pk}/end/")
    assert not Account.objects.get(pk=wang.pk).may("duties.read", yunqi)
    assert (
        sentences(wang)
        == sentences(li)
        == [
            f"周管理 安排 王客服 代 李主管，{today} 至 {today + 6 * DAY}",
            "周管理 结束代理：王客服 代 李主管",
        ]
    )


def test_nobody_raises_himself(zhou: Account, wang: Account, yunqi: Any, office: Client) -> None:
    today = timezone.localdate()
    with pytest.raises(NotAllowed, match="不能给自己任职"):
        acts.give_post(zhou, yunqi, "project_manager", by=zhou, from_on=today)
    with pytest.raises(NotAllowed, match="不能让自己代理别人的岗位"):
        acts.appoint_deputy(wang, zhou, by=zhou, from_on=today, to_on=today)
    with pytest.raises(NotAllowed, match="不能停用自己的账号"):
        acts.deactivate(zhou, by=zhou)
    with pytest.raises(NotAllowed, match="不能更改自己的任职"):
        acts.end_post(zhou.posts.get(), today, by=zhou)
    assert office.post(f"/staff/{zhou.pk}/reset/").status_code == 403
    assert "任职和代理由另一位管理员办理" in office.get(f"/staff/{zhou.pk}/").content.decode()


def test_one_who_leaves_loses_posts_and_sessions_and_keeps_the_name(
    office: Client, wang: Account, yunqi: Any, sign_in: Any
) -> None:
    hers = sign_in(wang)
    office.post(f"/staff/{wang.pk}/deactivate/")
    assert hers.get("/password/").status_code == 302
    wang.refresh_from_db()
    assert (wang.is_active, str(wang), wang.posts.get().to_on) == (False, "王客服", timezone.localdate())
    assert not wang.may("reception.open", yunqi)
    assert "王客服" in office.get("/staff/?tab=left").content.decode()
    with pytest.raises(Refused, match="账号已停用，请先重新启用再任职"):
        acts.give_post(wang, yunqi, "technician", by=Account.objects.get(username="zhou"), from_on=timezone.localdate())
    assert initial_password(office.post(f"/staff/{wang.pk}/reactivate/"))
    assert Account.objects.get(pk=wang.pk).is_active


def test_a_correction_is_journaled_without_the_telephone(office: Client, wang: Account) -> None:
    office.post(f"/staff/{wang.pk}/edit/", {"name": "王小敏", "username": "wang", "phone": "13900139000"})
    wang.refresh_from_db()
    assert (wang.name, str(wang.phone), wang.initials.split()[0]) == ("王小敏", "139****9000", "wxm")
    book = Book.objects.get(register="staff.account", object_id=str(wang.pk))
    entry = book.journal.get()
    assert (entry.sentence, entry.changed) == ("周管理 更正姓名、电话", {"name": ["王客服", "王小敏"]})


# Who may -------------------------------------------------------------------------------------------------------------
PAGES = ("", "new/", "matrix/", "matrix/technician/", "departments/")
OF_A_PERSON = ("", "edit/", "post/", "deputy/", "reset/", "deactivate/")


def test_the_desk_sees_no_staff_pages(wang: Account, li: Account, sign_in: Any) -> None:
    client = sign_in(wang)
    addresses = [f"/staff/{page}" for page in PAGES] + [f"/staff/{li.pk}/{page}" for page in OF_A_PERSON]
    assert {client.get(address).status_code for address in addresses} == {403}


def test_a_supervisor_looks_and_changes_nothing(wang: Account, li: Account, sign_in: Any) -> None:
    client = sign_in(li)
    assert {page: client.get(f"/staff/{page}").status_code for page in PAGES} == {
        "": 200, "new/": 403, "matrix/": 200, "matrix/technician/": 200, "departments/": 200,
    }  # fmt: skip
    assert client.get(f"/staff/{wang.pk}/").status_code == 200
    assert {client.get(f"/staff/{wang.pk}/{page}").status_code for page in OF_A_PERSON[1:]} == {403}
    assert client.post("/staff/matrix/technician/", {"capability": "repairs.assign"}).status_code == 403
    assert (
        client.post(
            "/staff/departments/",
            dict.fromkeys(("cs_dept", "engineering", "security", "cleaning", "finance", "admin_hr", "gm_office"), "甲"),
        ).status_code
        == 403
    )


def test_people_of_another_community_are_not_there(zhou: Account, lin: Account, office: Client) -> None:
    assert "林前台" not in office.get("/staff/").content.decode()
    for page in OF_A_PERSON:
        assert office.get(f"/staff/{lin.pk}/{page}").status_code == 404, page
    for page in ("reset/", "deactivate/", "unlock/", "reactivate/"):
        assert office.post(f"/staff/{lin.pk}/{page}").status_code == 404, page
    assert office.get("/staff/999999/").status_code == 404


def test_a_person_of_two_communities_belongs_to_no_administrator_of_one(
    cast: Cast, zhou: Account, wang: Account, qinghe: Any, office: Client
) -> None:
    cast.appoint(wang, "receptionist", qinghe)
    assert office.get(f"/staff/{wang.pk}/").status_code == 200
    assert office.post(f"/staff/{wang.pk}/reset/").status_code == 403
    assert office.post(f"/staff/{wang.pk}/deactivate/").status_code == 403
    foreign = wang.posts.get(community=qinghe)
    assert office.post(f"/staff/{wang.pk}/post/{foreign.pk}/end/", {"to_on": timezone.localdate()}).status_code == 404
    typed = {"code": "technician", "community": qinghe.pk, "from_on": timezone.localdate()}
    assert office.post(f"/staff/{wang.pk}/post/", typed).status_code == 422
    assert Post.objects.filter(account=wang, code="technician").count() == 0


def test_the_program_itself_is_no_colleague(zhou: Account, office: Client) -> None:
    system = Account.objects.get(is_system=True)
    assert office.get(f"/staff/{system.pk}/").status_code == 404
    assert "系统</" not in office.get("/staff/?tab=none").content.decode()
    with pytest.raises(NotAllowed):
        acts.reset_password(system, by=zhou)


def test_the_list_costs_the_same_for_one_and_for_many(cast: Cast, office: Client, wang: Account, yunqi: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/staff/").status_code == 200
        return len(asked)

    few = queries()
    for number in range(20):
        cast.person(f"p{number}", f"同事{number}", "technician", "key_keeper")
    assert queries() == few


@pytest.mark.parametrize(("text", "found"), [("王", True), ("wkf", True), ("WANG", True), ("陈", False)])
def test_colleagues_are_found_by_name_letters_and_username(
    office: Client, wang: Account, text: str, found: bool
) -> None:
    assert ("王客服" in office.get("/staff/", {"q": text}).content.decode()) is found


# Communities ---------------------------------------------------------------------------------------------------------
def test_one_works_in_the_community_that_one_chose(
    cast: Cast, zhou: Account, wang: Account, lin: Account, qinghe: Any, sign_in: Any
) -> None:
    cast.appoint(zhou, "receptionist", qinghe)
    client = sign_in(zhou)
    assert client.get("/staff/").status_code == 200
    chosen = client.post("/community/", {"community": "QH", "next": "/staff/"})
    assert chosen["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 403, "at the desk of the other community he manages nobody"
    assert client.post("/community/", {"community": "XX"}).status_code == 404
    assert client.post("/community/", {"community": "YQ", "next": "//evil.example"})["Location"] == "/"
    assert client.get("/staff/").status_code == 200


def test_nobody_switches_to_where_he_holds_no_post(wang: Account, lin: Account, sign_in: Any) -> None:
    assert sign_in(wang).post("/community/", {"community": "QH"}).status_code == 404
