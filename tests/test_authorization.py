"""Every address × everybody who has no business there: nothing of a community gets out of it, nothing barred is seen.

Each text that a row of 云栖苑 holds carries a mark. The signed-out and one without a post then ask for every address there
is, with the numbers of 云栖苑 in it. Every post, here and elsewhere: ``test_every_access``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.support.addresses import everything, questions
from tests.support.cast import LONG_AGO
from tests.support.doing import log_contact, photo
from tests.support.life import MARK, PHONE, SECRET, life_at_yunqi, mark_everything
from yihu.areas.complaints.models import Complaint
from yihu.ground.staff.models import Account, Deputy
from yihu.kernel.doors import command, perform
from yihu.kernel.models import JournalEntry, Record

pytestmark = pytest.mark.django_db
Crawl = Callable[..., Iterator[tuple[str, Any]]]
OF_EACH = 2


@pytest.fixture
def crawl(request: pytest.FixtureRequest) -> Crawl:
    """Every address by name, of each as many rows as the seed of the run draws, and all that say one of these words;
    all of them under ``--exam``."""
    config = request.config
    chance = random.Random(f"{config.option.hypothesis_seed} {request.node.name}")

    def some(cast: Any, *words: str) -> Iterator[tuple[str, Any]]:
        named: dict[str, list[tuple[str, Any]]] = {}
        for name, address, policy in everything(cast):
            named.setdefault(name, []).append((address, policy))
        for rows in named.values():
            whole = config.getoption("--exam") or len(rows) <= OF_EACH
            drawn = rows if whole else chance.sample(rows, OF_EACH)
            yield from (row for row in rows if row in drawn or any(word in row[0] for word in words))

    return some


def said(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined,arg-type]
    return f"{content.decode(errors='replace')} {dict(answer.headers)}"


def kept(answer: HttpResponse, where: str, *never: str) -> None:
    assert answer.status_code < 500, where
    text = said(answer)
    for words in never:
        assert words not in text, f"{where} says {words}"


@pytest.fixture
def planted(cast: Any) -> Any:
    life_at_yunqi(cast)
    assert mark_everything() > 60
    return cast


def never_said(cast: Any) -> list[str]:
    return [MARK, PHONE, "138****8112", cast.owner.pk and "赵业主"]


def test_the_signed_out_get_no_further_than_the_door(planted: Any, client: Client, crawl: Crawl) -> None:
    for address, policy in crawl(planted):
        for ask in (client.get, client.post):
            answer = ask(address)
            kept(answer, address, *never_said(planted))
            if not policy.public:
                assert answer.status_code != 200 or "登录" in said(answer), address


def test_nobody_without_a_post_learns_anything(planted: Any, sign_in: Callable[[Any], Client], crawl: Crawl) -> None:
    client = sign_in(planted.passer)
    before = JournalEntry.objects.count(), list(Record.objects.order_by("pk").values_list("pk", "version"))
    more, asked_with = questions(planted), set()
    for address, policy in crawl(planted):
        if address in (reverse("staff:sign_out"), reverse("staff:sign_in")):
            continue
        kept(client.get(address), address, *never_said(planted))
        route = address.split("/")[1]
        if route not in asked_with or address.count("/") <= 2 or "new" in address or "pick" in address:
            asked_with.add(route)
            for question in more:
                # what was asked for stands in the field again; that tells nothing
                echoed = [words for words in never_said(planted) if words not in question]
                kept(client.get(f"{address}?{question}"), f"{address}?{question}", *echoed)
        if not policy.public and address != reverse("staff:password"):
            kept(
                client.post(address, {"key": f"k{address}"[:90], "version": "1"}),
                f"POST {address}",
                *never_said(planted),
            )
    assert before == (JournalEntry.objects.count(), list(Record.objects.order_by("pk").values_list("pk", "version")))


@pytest.mark.clause("DESK-06", part="接待与由此产生的事项")
@pytest.mark.parametrize("deputy", [False, True])
def test_who_is_complained_of_finds_no_trace_of_it_anywhere(
    cast: Any, sign_in: Callable[[Any], Client], crawl: Crawl, deputy: bool
) -> None:
    life_at_yunqi(cast)
    contact = log_contact(
        cast, by=cast.chen, category="other", content=SECRET, about_staff=cast.wang.pk, party=None, caller_name=SECRET
    )
    perform(contact, "attach", by=cast.chen, data={}, files={"attachments": [photo(f"{SECRET}.png")]})
    with command(by=cast.li) as cmd:  # before anybody knew that it is a complaint
        cmd.tell([cast.wang], f"{SECRET}，请看", community_id=cast.yunqi.pk, record=contact)
    perform(contact, "route", by=cast.li, data={"category": "complaint"})
    complaint = Complaint.objects.earliest("pk")
    perform(complaint, "urge", by=cast.li, data={"words": SECRET})
    perform(complaint, "join", by=cast.li, data={"name": "钱邻居", "said": SECRET})
    person = cast.wang
    if deputy:
        person = cast.person("sun", "孙客服", "receptionist", "cs_supervisor")
        Deputy.objects.create(absent=cast.wang, stand_in=person, from_on=LONG_AGO, to_on=date(2099, 1, 1))
    client = sign_in(Account.objects.get(pk=person.pk))
    never = [SECRET, contact.number, complaint.number]
    hidden = (contact.number, complaint.number)
    asked_with: set[tuple[str, bool]] = set()
    for address, _ in crawl(cast, *hidden):
        if address == reverse("staff:sign_out"):
            continue
        answer = client.get(address)
        if any(number in address for number in hidden):
            answer = client.post(address) if answer.status_code == 405 else answer
            # a token opens the interface, and no session does
            assert answer.status_code in ((401,) if address.startswith("/api/v1/") else (403, 404)), address
            continue
        kept(answer, address, *never)
        kind = address.split("/")[1], "/new/" in address
        if kind not in asked_with and (address.count("/") <= 2 or kind[1] or "unit" in address):
            asked_with.add(kind)
            for question in (
                f"from={contact.number}",
                f"q={SECRET}",
                f"q={contact.number}",
                "tab=all",
                f"unit={cast.home.pk}",
            ):
                echoed = [words for words in never if words not in question]
                kept(client.get(f"{address}?{question}"), f"{address}?{question}", *echoed)
