"""The matrix of posts and capabilities: what the page shows is what is granted, at once."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client

from tests.support.cast import Cast
from yihu.ground.staff import acts, checks, seed
from yihu.ground.staff.codes import POST_TITLES
from yihu.ground.staff.default_grants import CAPABILITIES, area_label, label_of
from yihu.ground.staff.models import Account, Grant, SeededCapability
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.journal import verify
from yihu.kernel.models import Book


@pytest.fixture
def office(zhou: Account, sign_in: Any) -> Client:
    return sign_in(zhou)


def save(
    client: Client, post: str, tick: set[str] = frozenset(), untick: set[str] = frozenset(), community: str = ""
) -> Any:
    """Open the page, tick and untick, send everything that stands on it."""
    address = f"/staff/matrix/{post}/" + (f"?community={community}" if community else "")
    page = client.get(address).content.decode()
    was = set(re.findall(r'name="was" value="([^"]+)"', page))
    return client.post(address, {"was": sorted(was), "capability": sorted((was | tick) - untick)})


def test_the_first_day_is_as_the_table_says(db: None) -> None:
    granted = set(Grant.objects.values_list("post_code", "capability"))
    assert granted == {(post, one.code) for one in CAPABILITIES for post in one.posts}


def test_the_administrator_has_no_business_rights(zhou: Account, yunqi: Any) -> None:
    held = set(Grant.objects.filter(post_code="sysadmin").values_list("capability", flat=True))
    assert {code.split(".")[0] for code in held} == {"staff", "kernel", "api"}


def test_a_tick_works_at_the_next_request(
    office: Client, wang: Account, chen: Account, yunqi: Any, sign_in: Any
) -> None:
    hers = sign_in(wang)
    assert hers.get("/staff/").status_code == 403
    answer = save(office, "receptionist", tick={"staff.see"})
    assert answer["Location"] == "/staff/matrix/receptionist/"
    assert hers.get("/staff/").status_code == 200
    save(office, "receptionist", untick={"staff.see"})
    assert hers.get("/staff/").status_code == 403
    book = Book.objects.get(register="staff.grant", object_id="all/receptionist")
    assert verify(book) == []
    assert list(book.journal.order_by("seq").values_list("sentence", flat=True)) == [
        "周管理 改全公司前台接待的权限：增加查看人员与岗位",
        "周管理 改全公司前台接待的权限：取消查看人员与岗位",
    ]


def test_a_tick_in_one_community_stays_there(
    cast: Cast, office: Client, wang: Account, lin: Account, yunqi: Any
) -> None:
    save(office, "receptionist", tick={"repairs.assign"}, community="YQ")
    assert Account.objects.get(pk=wang.pk).may("repairs.assign")
    assert not Account.objects.get(pk=lin.pk).may("repairs.assign")
    page = office.get("/staff/matrix/?community=YQ").content.decode()
    assert page.count("仅本项目") == 1
    assert "仅本项目" not in office.get("/staff/matrix/").content.decode()
    # What all communities have cannot be taken away in one.
    save(office, "receptionist", untick={"reception.open"}, community="YQ")
    assert Account.objects.get(pk=wang.pk).may("reception.open", yunqi)


def test_the_administrator_of_one_community_does_not_change_the_others(
    office: Client, zhou: Account, lin: Account, qinghe: Any
) -> None:
    assert save(office, "receptionist", tick={"repairs.assign"}).status_code == 403
    with pytest.raises(NotAllowed, match="全公司的权限只能由管理所有项目的系统管理员修改"):
        acts.set_grants("technician", None, add={"repairs.assign"}, remove=set(), by=zhou)
    with pytest.raises(NotAllowed):
        acts.set_grants("technician", qinghe, add={"repairs.assign"}, remove=set(), by=zhou)
    assert office.get("/staff/matrix/technician/?community=QH").status_code == 404
    assert "disabled" in office.get("/staff/matrix/technician/").content.decode()


def test_two_editors_do_not_undo_each_other(office: Client, yunqi: Any) -> None:
    address = "/staff/matrix/technician/"
    was = sorted(set(re.findall(r'name="was" value="([^"]+)"', office.get(address).content.decode())))
    save(office, "technician", tick={"repairs.cancel"})  # meanwhile, in another window
    office.post(address, {"was": was, "capability": [*was, "repairs.assign"]})
    held = set(Grant.objects.filter(post_code="technician").values_list("capability", flat=True))
    assert {"repairs.cancel", "repairs.assign"} < held


def test_nobody_can_lock_everybody_out(office: Client, zhou: Account) -> None:
    answer = save(office, "sysadmin", untick={"staff.manage"})
    assert answer.status_code == 409
    assert "这样改以后就没有人能管理人员和权限了" in answer.content.decode()
    assert Grant.objects.filter(post_code="sysadmin", capability="staff.manage").exists()


def test_unknown_words_are_not_granted(office: Client) -> None:
    office.post("/staff/matrix/technician/", {"capability": ["alles.duerfen", "repairs.assign"]})
    assert not Grant.objects.filter(capability="alles.duerfen").exists()
    assert Grant.objects.filter(post_code="technician", capability="repairs.assign").exists()
    assert office.get("/staff/matrix/kaiser/").status_code == 404


def test_a_repeated_save_is_done_once(office: Client, zhou: Account) -> None:
    for _ in range(2):
        acts.set_grants("technician", None, add={"repairs.assign"}, remove=set(), by=zhou, key="k1")
    assert Book.objects.get(register="staff.grant", object_id="all/technician").seq == 1
    with pytest.raises(Refused):
        acts.set_grants("technician", None, add=set(), remove={"repairs.assign"}, by=zhou, key="k1")


def test_the_whole_matrix_costs_few_queries(office: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        page = office.get("/staff/matrix/")
    assert len(re.findall('<tr><th scope="row">[^<]', page.content.decode())) == len(checks.known())


# A new capability ----------------------------------------------------------------------------------------------------
def test_later_migrations_bring_only_what_is_new(db: None) -> None:
    Grant.objects.filter(capability="repairs.assign").delete()
    SeededCapability.objects.filter(code="staff.see").delete()
    Grant.objects.filter(capability="staff.see").delete()
    assert seed.seed_grants() == 1
    assert not Grant.objects.filter(capability="repairs.assign").exists(), "what the company took away stays away"
    assert Grant.objects.filter(capability="staff.see").count() == 4
    assert seed.seed_grants() == 0


def test_a_post_that_is_new_to_an_installation_gets_what_every_post_has(db: None) -> None:
    Grant.objects.filter(post_code="cost_auditor").delete()
    SeededCapability.objects.filter(code="post:cost_auditor").delete()
    Grant.objects.filter(post_code="technician", capability="reception.open").delete()  # a company's own wish
    seed.seed_grants()
    assert Grant.objects.filter(post_code="cost_auditor", capability="reception.open").exists()
    assert not Grant.objects.filter(post_code="technician", capability="reception.open").exists()


def test_everything_that_is_asked_for_is_granted_to_somebody(db: None) -> None:
    assert [str(one) for one in checks.matrix(None)] == []
    assert set(checks.asked_for()) >= {"staff.see", "staff.manage"}


def test_a_grant_that_nobody_knows_is_an_error(db: None) -> None:
    Grant.objects.create(post_code="technician", capability="alles.duerfen")
    found = run_checks(tags=["database"], databases=["default"])
    assert [one.id for one in found if one.id and one.id.startswith("staff.")] == ["staff.E004"]


# The command line ----------------------------------------------------------------------------------------------------
def create_staff(*words: str) -> str:
    said = StringIO()
    call_command("create_staff", *words, stdout=said)
    return said.getvalue()


def test_the_first_administrator_is_made_on_the_command_line(yunqi: Any, client: Client) -> None:
    said = create_staff("zhou", "周管理", "--post", "sysadmin", "--community", "云栖苑")
    password = re.search(r"初始密码：(\S+)", said)[1]
    assert "周管理 已任云栖苑系统管理员。\n用户名：zhou\n" in said
    assert "请先设置自己的密码" in client.post("/sign-in/", {"username": "zhou", "password": password}).content.decode()
    more = create_staff("zhou", "周管理", "--post", "archivist", "--community", "云栖苑")
    assert more == "周管理 已任云栖苑档案管理员。\n"
    assert Account.objects.get(username="zhou").may("estate.import", yunqi)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("zhou", "周管理", "--post", "sysadmin", "--community", "月亮湾"), "没有叫“月亮湾”的管理项目。现有：云栖苑"),
        (("z h", "周管理", "--post", "sysadmin", "--community", "云栖苑"), "用户名用 2 到 32 个小写字母"),
        (("zhou", " ", "--post", "sysadmin", "--community", "云栖苑"), "请填写姓名。"),
        (("wang", "王客服", "--post", "receptionist", "--community", "云栖苑"), "已经是云栖苑的前台接待"),
    ],
)
def test_what_the_command_cannot_do_it_says(wang: Account, words: tuple[str, ...], sentence: str) -> None:
    before = Account.objects.count()
    with pytest.raises(Exception, match=sentence):
        create_staff(*words)
    assert Account.objects.count() == before


def test_every_capability_is_said_in_chinese(db: None) -> None:
    assert [code for code in checks.known() if label_of(code).isascii() or area_label(code).isascii()] == []


def test_every_post_has_a_title_and_somebody_may_do_every_thing() -> None:
    assert all(one.posts for one in CAPABILITIES)
    assert {post for one in CAPABILITIES for post in one.posts} <= set(POST_TITLES)
