"""Letters, calls and messages of the owners stay inside: who reads them follows from post and project alone (SEC-01).

Every other address, for every post: ``test_every_access``, ``test_authorization``.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support.doing import assign as give
from tests.support.doing import call_back, finish, log_contact, sign, the_order
from yihu.ground.sending.models import Outgoing
from yihu.ground.staff.codes import POSTS
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.clause("SEC-01")]
SAID = "信里说的家事"


def written_and_said(cast: Any) -> tuple[list[Any], Outgoing]:
    """A letter, a call and a message that came; a repair that was called back; a message that went out."""
    told = {"party": cast.owner.pk, "category": "other", "content": SAID}
    came = [log_contact(cast, channel=channel, **told) for channel in ("letter", "phone", "chat")]
    order = the_order(log_contact(cast, content=SAID))
    call_back(cast, sign(cast, finish(cast, give(cast, order))), words=SAID)
    went = Outgoing.objects.create(
        community=cast.yunqi, party=cast.owner, way="sms", code="finished", text=SAID, key="one", not_before=timezone.now(),
        written_at=timezone.now(), written_by=cast.wang,
    )  # fmt: skip
    return came, went


def test_who_reads_them_is_decided_by_the_post(cast: Any, sign_in: Any) -> None:
    came, went = written_and_said(cast)
    readers = set()
    for code, title in POSTS:
        person = cast.person(f"p-{code}", title, code)
        may, client = grants_of(person), sign_in(person)
        reads = may.may("reception.register", cast.yunqi.pk)
        for contact in came:
            answer = client.get(contact.get_absolute_url())
            assert answer.status_code == (200 if reads else 404), (code, contact.channel)
            assert (SAID in answer.content.decode()) == reads, code
        listed = text_of(client.get("/reception/?tab=all"))
        assert (came[0].number in listed) == reads, code
        found = text_of(client.get("/search/", {"q": came[0].number}, headers={"HX-Request": "true"}))
        assert (SAID in found) == reads, code
        sees = may.may("sending.see", cast.yunqi.pk)
        assert client.get(went.get_absolute_url()).status_code == (200 if sees else 403), code
        if not reads and not Record.objects.seen_by(person).exists():
            assert SAID not in text_of(client.get(f"/units/{cast.home.pk}/")), code
        readers |= {code} if reads else set()
    assert {"receptionist", "cs_supervisor"} <= readers
    assert not {"technician", "sysadmin"} & readers


def test_nobody_of_another_project_reads_them_whatever_his_post(cast: Any, sign_in: Any) -> None:
    came, went = written_and_said(cast)
    for code in ("receptionist", "cs_supervisor", "cs_manager", "project_manager", "archivist"):
        client = sign_in(cast.person(f"q-{code}", "别的项目", code, community=cast.qinghe))
        paths = [contact.get_absolute_url() for contact in came]
        for path in (*paths, went.get_absolute_url(), f"/units/{cast.home.pk}/", f"/parties/{cast.owner.pk}/"):
            assert client.get(path).status_code in (403, 404), (code, path)
        for path in ("/reception/?tab=all", "/sending/", f"/search/?q={came[0].number}"):
            assert SAID not in client.get(path, follow=True).content.decode(), (code, path)
