"""Who may do what: posts and deputies with dates, grants in one community or in all."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.cast import Cast
from yihu.ground.staff.models import Account, Deputy, Grant, Post
from yihu.kernel.authority import authority, grants_of

DAY = timedelta(days=1)


def again(account: Account) -> Account:
    """As the next request meets the person."""
    return Account.objects.get(pk=account.pk)


def test_a_post_brings_its_capabilities_in_its_community_only(wang: Account, yunqi: Any, qinghe: Any) -> None:
    assert wang.may("reception.register", yunqi)
    assert not wang.may("reception.register", qinghe)
    assert not wang.may("repairs.assign", yunqi)
    assert wang.grants.communities == {yunqi.pk}
    assert wang.grants.posts(yunqi.pk) == {"receptionist"}
    assert wang.grants.teams(yunqi.pk) == {"cs_dept"}


def test_somebody_without_a_post_may_nothing(passer: Account, yunqi: Any) -> None:
    assert passer.grants.communities == frozenset()
    assert not passer.may("reception.open", yunqi)
    assert not passer.may("reception.open")


@pytest.mark.parametrize(
    ("begins", "ends", "holds"), [(0, None, True), (-9, 0, True), (1, None, False), (-9, -1, False)]
)
def test_a_post_holds_from_its_first_day_to_its_last(
    cast: Cast, yunqi: Any, begins: int, ends: int | None, holds: bool
) -> None:
    today = timezone.localdate()
    person = cast.person("qian", "钱新人")
    Post.objects.create(
        account=person,
        community=yunqi,
        code="receptionist",
        from_on=today + begins * DAY,
        to_on=None if ends is None else today + ends * DAY,
    )
    assert again(person).may("reception.open", yunqi) is holds
    assert (person in authority().holders(yunqi.pk, "receptionist")) is holds


@pytest.mark.parametrize(("begins", "ends", "holds"), [(0, 0, True), (-3, 3, True), (1, 3, False), (-3, -1, False)])
def test_a_deputy_stands_in_on_these_days_only(
    wang: Account, li: Account, yunqi: Any, begins: int, ends: int, holds: bool
) -> None:
    today = timezone.localdate()
    Deputy.objects.create(absent=li, stand_in=wang, from_on=today + begins * DAY, to_on=today + ends * DAY)
    person = again(wang)
    assert person.may("duties.read", yunqi) is holds
    assert ("cs_supervisor" in person.grants.posts(yunqi.pk)) is holds
    assert person.grants.deputises() == ({li.pk} if holds else frozenset())
    assert person.grants.own_posts(yunqi.pk) == {"receptionist"}


def test_a_deputy_of_a_deputy_gets_nothing(wang: Account, li: Account, gao: Account, yunqi: Any) -> None:
    today = timezone.localdate()
    Deputy.objects.create(absent=gao, stand_in=li, from_on=today, to_on=today)
    Deputy.objects.create(absent=li, stand_in=wang, from_on=today, to_on=today)
    assert again(wang).grants.posts(yunqi.pk) == {"receptionist", "cs_supervisor"}


def test_nobody_stands_in_for_one_who_has_left(wang: Account, li: Account, yunqi: Any) -> None:
    today = timezone.localdate()
    Deputy.objects.create(absent=li, stand_in=wang, from_on=today, to_on=today)
    Account.objects.filter(pk=li.pk).update(is_active=False)
    assert not again(wang).may("duties.read", yunqi)
    assert not again(li).may("duties.read", yunqi)


def test_a_grant_in_one_community_says_nothing_in_another(wang: Account, lin: Account, yunqi: Any, qinghe: Any) -> None:
    Grant.objects.create(post_code="receptionist", capability="repairs.assign", community=qinghe)
    assert not again(wang).may("repairs.assign", yunqi)
    assert again(lin).may("repairs.assign", qinghe)


def test_the_same_post_in_two_communities_is_told_apart(cast: Cast, wang: Account, yunqi: Any, qinghe: Any) -> None:
    cast.appoint(wang, "technician", qinghe)
    person = again(wang)
    assert person.grants.communities_with("repairs.work") == {qinghe.pk}
    assert person.grants.communities_with("reception.open") == {yunqi.pk, qinghe.pk}
    assert person.grants.teams(qinghe.pk) == {"engineering"}


def test_holders_are_the_holders_and_then_their_deputies(cast: Cast, wang: Account, li: Account, yunqi: Any) -> None:
    today = timezone.localdate()
    sun = cast.person("sun", "孙主管", "cs_supervisor")
    Deputy.objects.create(absent=li, stand_in=wang, from_on=today, to_on=today)
    assert authority().holders(yunqi.pk, "cs_supervisor") == [li, sun, wang]
    assert authority().team_people(yunqi.pk, "engineering") == []


def test_people_with_a_capability(
    cast: Cast, wang: Account, li: Account, chen: Account, lin: Account, yunqi: Any
) -> None:
    today = timezone.localdate()
    Deputy.objects.create(absent=chen, stand_in=li, from_on=today, to_on=today)
    left = cast.person("wu", "吴离职", "technician")
    Account.objects.filter(pk=left.pk).update(is_active=False)
    assert list(authority().people_with(yunqi.pk, "repairs.work")) == [chen, li]
    Grant.objects.create(post_code="receptionist", capability="repairs.work", community=yunqi)
    assert list(authority().people_with(yunqi.pk, "repairs.work")) == [chen, li, wang]


def test_two_queries_answer_everything_about_one_person(
    wang: Account, li: Account, yunqi: Any, django_assert_num_queries: Any
) -> None:
    today = timezone.localdate()
    Deputy.objects.create(absent=li, stand_in=wang, from_on=today, to_on=today)
    person = again(wang)
    with django_assert_num_queries(2):
        person.may("reception.open", yunqi)
        person.may("duties.read", yunqi)
        grants_of(person).communities_with("reception.open")
        grants_of(person).teams(yunqi.pk)
        grants_of(person).deputises()
        assert [str(place) for place in grants_of(person).places.values()] == ["云栖苑"]


def test_a_page_asks_for_the_person_once(wang: Account, sign_in: Any) -> None:
    client = sign_in(wang)
    with CaptureQueriesContext(connection) as asked:
        client.get("/password/")
    assert len([query for query in asked if '"staff_' in query["sql"]]) == 3, "the account, its posts, their grants"


def test_the_system_may_everything_and_cannot_sign_in(yunqi: Any, client: Any) -> None:
    system = authority().system()
    assert (str(system), system.is_system, system.has_usable_password()) == ("系统", True, False)
    assert system.may("repairs.assign", yunqi)
    assert grants_of(system).communities_with("estate.import") == {yunqi.pk}
    assert client.post("/sign-in/", {"username": "system", "password": "!"}).status_code == 422
    assert list(Account.objects.people()) == []


def test_there_is_one_system(db: None) -> None:
    authority().system()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(username="system2", name="系统", is_system=True)


def test_usernames_are_one_whatever_their_letters(wang: Account) -> None:
    assert Account.objects.get_by_natural_key(" ＷＡＮＧ ") == wang
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(username="Wang", name="王二")


def test_a_post_that_ends_before_it_begins_is_refused_by_the_database(wang: Account, yunqi: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(
            account=wang, community=yunqi, code="cashier", from_on=date(2026, 5, 2), to_on=date(2026, 5, 1)
        )
