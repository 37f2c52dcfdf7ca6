"""Every address × post × method × own, other community or barred, asked of the addresses themselves.

What must come is worked out from what is declared: the view's policy and methods, the table of capabilities, the register's
sight. An ordinary run takes a sample by its seed; ``--exam`` asks every post, and for many more rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches, include, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

import tests.areas.test_registers  # noqa: F401 - whatever register there is, its contract knows how to open one
from tests.support.access import (
    METHODS,
    PERSONAL,
    Address,
    ask,
    declared_methods,
    expected,
    fill,
    granted,
    hanging_on,
    ours,
    plant,
)
from tests.support.addresses import addresses, arguments, questions
from tests.support.cast import Cast
from tests.support.doing import log_contact, photo
from tests.support.integrations import program
from tests.support.life import MACHINE, MARK, SECRET, SHARED, life_at_yunqi
from tests.support.messy_register import LINES, register
from tests.support.messy_roll import upload
from tests.support.register_contract import RegisterContract
from yihu.areas.complaints.models import Complaint
from yihu.areas.reception.bringing.models import ContactImport
from yihu.areas.reception.models import Contact
from yihu.fronts.wall.keeping import open_screen
from yihu.ground.ledger.models import Books
from yihu.ground.papers.filing import file_paper
from yihu.ground.papers.models import Paper
from yihu.ground.staff.codes import POSTS
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.models import Barred, JournalEntry, Record
from yihu.kernel.models.message import Message
from yihu.kernel.policy import policy
from yihu.kernel.procedure import procedures

# one's own door: what is done there is done to oneself
OWN_DOOR = {"staff:sign_in", "staff:sign_out", "staff:lock", "staff:switch", "staff:password"}
ROWS, PEOPLE = 1, 2  # of each address in an ordinary run: how many rows, how many posts


class World:
    """One of everything in 云栖苑, and in either community a person for each post, who has nothing in hand."""

    def __init__(self, seed: str, whole: bool) -> None:
        self.random, self.whole, self.cast = random.Random(seed), whole, Cast()
        life_at_yunqi(self.cast)
        self._open_the_rest()
        self.unfilled = self._fill_the_rest()
        self.here = {code: self.cast.person(f"h-{code}", f"甲{title}", code) for code, title in POSTS}
        self.there = {
            code: self.cast.person(f"t-{code}", f"乙{title}", code, community=self.cast.qinghe) for code, title in POSTS
        }
        self.clients = {person.pk: _client(person) for person in (*self.here.values(), *self.there.values())}
        self.addresses = list(self._addresses())

    def _open_the_rest(self) -> None:
        todo = [RegisterContract]
        while todo:
            contract = todo.pop()
            todo += contract.__subclasses__()
            model = getattr(contract, "model", None)
            if model is not None and not model.objects.exists():
                with transaction.atomic():
                    contract().make(self.cast)
                Books.objects.update(closed_through=None)  # one of them needs a closed month, the next ones an open one
        paper = Paper(community=self.cast.yunqi, unit=self.cast.home, kind="identity", title="身份证")
        file_paper(paper, [photo("身份证.png")], by=self.cast.li)
        files = {"import_file": upload(register(*LINES), "登记.csv")}
        open_record(ContactImport(community=self.cast.yunqi), by=self.cast.li, data={}, files=files)

    def _fill_the_rest(self) -> list[str]:
        """A row of what no story came by; a table that nothing can be put into is named."""
        empty = [model for model in ours(SHARED) if not model._base_manager.exists()]
        while still := [one for one in empty if issubclass(one, Record) or not fill(one, self.cast.yunqi, readable)]:
            if len(still) == len(empty):
                break
            empty = still
        return [model._meta.label for model in still]

    def _addresses(self) -> Iterator[Address]:
        known = arguments(self.cast)
        for name, pattern in addresses():
            takes = bool(pattern.pattern.regex.groups)
            assert not takes or name in known, f"say in arguments() with what {name} is asked for"
            view = pattern.callback
            for given in known[name] if takes else [{}]:
                if set(given) == set(pattern.pattern.regex.groupindex):
                    where = reverse(name, kwargs=given) if takes else f"/{pattern.pattern}"
                    yield Address(name, where, given, view.policy, declared_methods(view))

    def some(self, addresses: list[Address], most: int) -> list[Address]:
        """Of each name a few; of the registers' own pages a few of each register."""
        most *= 5 if self.whole else 1
        groups: dict[tuple[str, str], list[Address]] = {}
        for address in addresses:
            groups.setdefault((address.name, ""), []).append(address)
        return [one for group in groups.values() for one in self.random.sample(group, min(most, len(group)))]

    def posts_for(self, address: Address) -> list[str]:
        """Some who may and some who may not."""
        every = [code for code, _ in POSTS]
        if self.whole:
            return every
        may = [code for code in every if not address.policy.may or address.policy.may in granted(code)]
        others = [code for code in every if code not in may]
        few = self.random.sample(may, min(PEOPLE - 1, len(may)))
        return few + self.random.sample(others, min(PEOPLE - len(few), len(others)))


def _client(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def left_alone(model: Any, field: Any) -> bool:
    """Columns that the program reads rather than people: a mark there would only break it."""
    return bool(
        field.choices
        or field.unique
        or field.name in MACHINE
        or isinstance(field, models.GeneratedField)
        or field.name.endswith(("_index", "_last4", "_initials", "sealed", "initials"))
        or (field.max_length or 99) < len(MARK) + 2
    )


def readable(model: Any, field: Any) -> str:
    """What stands in a row from the beginning: some are only ever added, and take no mark later."""
    return "x" if left_alone(model, field) else MARK


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    config = request.config
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(str(config.getoption("--hypothesis-seed")), config.getoption("--exam"))
        transaction.set_rollback(True)


@pytest.fixture
def asked(world: World, db: None) -> World:
    return world


def is_planted(world: World) -> World:
    assert sum(_marked(model, MARK) for model in ours(SHARED)) > 300
    return world


def _marked(model: Any, mark: str) -> int:
    if model._meta.label_lower == "estate.community":
        return 0
    rows = model._base_manager.all()
    if any(field.name == "community" and field.null for field in model._meta.concrete_fields):
        rows = rows.exclude(community=None)  # the company's own, for everybody
    return plant(model, mark, rows, left_alone)


def state_of(world: World) -> tuple[Any, ...]:
    return JournalEntry.objects.count(), list(Record.objects.order_by("pk").values_list("pk", "version"))


def wrong(world: World, people: dict[str, Any], methods: tuple[str, ...], *, here: bool, never: list[str]) -> list[str]:
    """Every answer that is not as declared, and every word that must not be said."""
    found = []
    for address in world.some(world.addresses, ROWS):
        if address.name in OWN_DOOR:
            continue
        for post in world.posts_for(address):
            person = people[post]
            for method in methods:
                status, said = ask(world.clients[person.pk], method, address.path)
                where = f"{method} {address.path} ({address.name}) as {post}"
                if status not in (want := expected(address, method, person, post, here=here)):
                    found.append(f"{where}: {status}, expected {sorted(want)}")
                found += [f"{where} says {canary}" for canary in never if canary in said]
    return found


def test_the_table_of_capabilities_is_what_a_post_is_given(asked: World) -> None:
    for post, person in asked.here.items():
        given = {code for code in granted(post) if grants_of(person).may(code, asked.cast.yunqi.pk)}
        assert given == granted(post), post
        assert not any(grants_of(person).may(code, asked.cast.qinghe.pk) for code in granted(post)), post


def test_there_is_one_of_everything(asked: World) -> None:
    opened = set(Record.objects.values_list("kind", flat=True))
    assert {procedure.kind for procedure in procedures()} == opened
    assert not asked.unfilled, asked.unfilled


def test_every_view_says_which_methods_it_takes(asked: World) -> None:
    silent = {one.name for one in asked.addresses if not one.methods and not (one.policy.public or one.policy.token)}
    assert silent == set()


@pytest.mark.clause("SEC-01")
def test_each_post_is_answered_at_home_as_is_declared(asked: World) -> None:
    found = wrong(asked, asked.here, ("GET", "POST"), here=True, never=[])
    assert not found, "\n".join(found)


@pytest.mark.clause("SEC-01")
def test_each_post_of_the_other_community_is_answered_as_is_declared_and_told_nothing(asked: World) -> None:
    is_planted(asked)
    before = state_of(asked)
    never = [MARK, *PERSONAL.values()]
    found = wrong(asked, asked.there, ("GET", "POST"), here=False, never=never)
    assert not found, "\n".join(found)
    assert state_of(asked) == before


def test_other_methods_change_nothing_and_break_nothing(asked: World) -> None:
    world, rare = asked, METHODS[2:]
    found = []
    for address in world.some(world.addresses, 1):
        if address.name in OWN_DOOR:
            continue
        post = world.random.choice(world.posts_for(address))
        for method in rare:
            status, _ = ask(world.clients[world.here[post].pk], method, address.path)
            if status >= 500 or (status < 400 and method in ("PUT", "DELETE")):
                found.append(f"{method} {address.path} as {post}: {status}")
    assert not found, "\n".join(found)


@pytest.mark.clause("SEC-01")
def test_lists_searches_suggestions_wall_and_programs_of_elsewhere_say_nothing(asked: World) -> None:
    is_planted(asked)
    world, found = asked, []
    never = [MARK, *PERSONAL.values()]
    asked_with = questions(world.cast)
    listed = world.addresses if world.whole else world.random.sample(world.addresses, len(world.addresses) // 2)
    for address in listed:
        if address.names_a_row or "GET" not in address.methods or address.policy.public or address.name in OWN_DOOR:
            continue
        for post in world.posts_for(address)[: None if world.whole else 1]:
            for question in world.random.sample(asked_with, 4 if world.whole else 1):
                _, said = ask(world.clients[world.there[post].pk], "GET", f"{address.path}?{question}")
                found += [
                    f"{address.path}?{question} as {post} says {canary}"
                    for canary in never
                    if canary in said and canary not in question
                ]
    there = program(world.cast, community=world.cast.qinghe, name="青禾的程序")
    for address in world.some([one for one in world.addresses if one.policy.token], 12):
        answer = there.client.get(address.path, headers=there.headers)
        said = answer.content.decode(errors="replace") if not answer.streaming else ""
        found += [f"{address.path} by a program says {canary}" for canary in never if canary in said]
        if address.names_a_row and answer.status_code < 400:
            found.append(f"{address.path} by a program: {answer.status_code}")
    secret = open_screen(world.cast.qinghe, "大屏", by=world.there["cs_supervisor"], key="wall", now=timezone.now())
    said = Client().get(reverse("wall:wall", args=[secret])).content.decode()
    found += [f"the wall says {canary}" for canary in never if canary in said]
    assert not found, "\n".join(found)


# barred ---------------------------------------------------------------------------------------------------------------


def complained_of(world: World) -> set[int]:
    """A complaint with all that hangs on it, about everybody in ``here``; SECRET in each of its texts."""
    cast = world.cast
    first = log_contact(
        cast, by=cast.li, category="complaint", content="电话里说话难听", about_staff=cast.wang.pk, party=None
    )
    perform(first, "attach", by=cast.li, data={}, files={"attachments": [photo("凭证.png")]})
    complaint = Complaint.objects.latest("pk")
    perform(complaint, "join", by=cast.li, data={"name": "钱邻居", "said": "也听见了"})
    with command(by=cast.li) as cmd:
        cmd.tell(list(world.here.values()), "有一件投诉", community_id=cast.yunqi.pk, record=first)
        for person in world.here.values():
            cmd.bar(first, person, "投诉涉及本人")
    kept = set(Barred.objects.filter(person=world.here["receptionist"]).values_list("record_id", flat=True))
    assert len(kept) > 1  # the complaint and what it led to
    for model, rows in hanging_on(kept):
        plant(model, SECRET, rows, left_alone)
    return kept


def seen_of(world: World, kept: set[int], posts: list[str]) -> list[str]:
    numbers = list(Record.objects.filter(pk__in=kept).values_list("number", flat=True))
    fresh = list(world._addresses())
    named = [one for one in fresh if one.given.get("number") in numbers]
    rows = [one for one in fresh if one not in world.addresses and one not in named]
    plain = [one for one in fresh if one not in rows and one not in named and "GET" in one.methods]
    found = []
    for post in posts:
        person = world.here[post]
        client = world.clients[person.pk]
        for address in world.random.sample(named, min(100 if world.whole else 10, len(named))):
            method = "GET" if "GET" in address.methods else "POST"
            status, said = ask(client, method, address.path)
            if address.policy.token or (address.policy.may and address.policy.may not in granted(post)):
                continue
            if status != 404 or SECRET in said:
                found.append(f"{method} {address.path} as {post}: {status}")
        for address in [*world.some(rows, 2), *world.some(plain, 1)]:
            if address.name in OWN_DOOR or address.policy.public:
                continue
            if address.policy.may and address.policy.may not in granted(post):
                continue
            asks = ["", f"q={SECRET}", f"q={numbers[0]}", "tab=all", f"unit={world.cast.home.pk}", f"from={numbers[0]}"]
            for question in world.random.sample(asks, 3) if world.whole else ["", world.random.choice(asks[1:])]:
                _, said = ask(client, "GET", f"{address.path}?{question}" if question else address.path)
                found += [
                    f"{address.path}?{question} as {post} says {word}"
                    for word in (SECRET, *numbers)
                    if word in said and word not in question
                ]
    return found


@pytest.mark.clause("DESK-06", part="接待、投诉与由此产生的事项，每个岗位、每个页面")
def test_whoever_is_barred_finds_no_trace_whatever_post_he_holds(asked: World) -> None:
    kept = complained_of(asked)
    assert Message.objects.filter(person__in=asked.here.values(), record_id__in=kept).exists()
    every = [code for code, _ in POSTS]
    found = seen_of(asked, kept, every if asked.whole else asked.random.sample(every, 2))
    assert not found, "\n".join(found)


# controls that must fail ----------------------------------------------------------------------------------------------


@require_GET
@policy(signed_in=True)
def careless(request: HttpRequest) -> HttpResponse:
    """A page whose writer forgot to ask who is looking."""
    return HttpResponse("，".join(Contact.objects.values_list("content", flat=True)))


urlpatterns = [path("careless/", careless, name="careless"), path("", include("yihu.config.urls"))]


def test_a_page_that_forgets_to_ask_is_found_out(asked: World) -> None:
    is_planted(asked)
    kept = complained_of(asked)
    with override_settings(ROOT_URLCONF=__name__):
        clear_url_caches()
        only = [address for address in asked._addresses() if address.name == "careless"]
        held, asked.addresses = asked.addresses, only
        asked._addresses = lambda: iter(only)  # type: ignore[method-assign]
        try:
            elsewhere = wrong(asked, asked.there, ("GET",), here=False, never=[MARK])
            barred = seen_of(asked, kept, ["cs_manager"])
        finally:
            asked.addresses = held
            del asked._addresses
    clear_url_caches()
    assert any("says" in line for line in elsewhere)
    assert barred
