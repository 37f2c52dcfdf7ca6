"""The card in a home or a hall: printed, kept, void; of the household it says nothing (REP-01)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.support import sheets
from tests.support.doing import log_contact
from tests.support.online import card_of, reported, send, words
from yihu.fronts.online import codes
from yihu.fronts.online.models import Card, Report
from yihu.ground.estate import tenure
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.doors import command

pytestmark = pytest.mark.django_db


def test_the_desk_prints_a_building_and_cards_that_stand_keep_their_code(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    first, other = cast.home, cast.unit("0102")
    before = card_of(cast, first)
    client = sign_in(cast.wang)
    page = client.get("/online/cards/").content.decode()
    assert "A1-1-0102" in page
    with override_settings(YIHU_SITE="https://wuye.example.com"):
        pdf = client.post("/online/cards/print/", {"building": first.building_id, "key": "b"})
        again = client.post("/online/cards/print/", {"building": first.building_id, "key": "b"})
    assert (pdf["Content-Type"], again.status_code, pdf["Cache-Control"]) == ("application/pdf", 200, "no-store")
    text = sheets.text_of(pdf.content)
    assert "A1-1-0101" in text
    assert "A1-1-0102" in text
    assert "赵" not in text
    assert "138" not in text
    assert {card.unit for card in Card.objects.filter(revoked_at=None)} == {first, other}
    assert Client().get(f"/fix/{before}/").status_code == 200  # the one that hangs there already


def test_of_a_code_the_database_knows_a_digest_only(cast: Any) -> None:
    secret = card_of(cast)
    _, address = reported(secret)
    token = address.rstrip("/").rsplit("/", 1)[-1]
    kept = [str(value) for row in (*Card.objects.values_list(), *Report.objects.values_list()) for value in row]
    assert not [value for value in kept if secret in value or token in value]
    assert secret != card_of(cast, cast.unit("0102"))


def test_nothing_of_the_household_stands_behind_its_card(cast: Any) -> None:
    assert cast.owner
    earlier = log_contact(cast, content="卫生间漏水", party=cast.owner.pk)
    for page in (words(f"/fix/{card_of(cast)}/"), words(f"/fix/{card_of(cast)}/complaint/")):
        for secret in ("赵业主", "13800", "138*", "8112", "漏水了", "卫生间漏水", earlier.number, "欠"):
            assert secret not in page
        assert "A1-1-0101" in page


def test_a_card_is_void_when_the_home_changes_hands_and_when_the_desk_says_so(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    secret, other = card_of(cast), card_of(cast, cast.unit("0102"))
    report, address = reported(secret)
    heir = Party.objects.create(community=cast.yunqi, name="孙新主")
    with command(by=cast.li) as writing:
        tenure.pass_title(writing, cast.home, [(heir, None)], timezone.localdate(), "买卖")
    assert Client().get(f"/fix/{secret}/").status_code == 404
    assert send(secret, "k2").status_code == 404
    assert "住户已变" in sign_in(cast.wang).get("/online/cards/").content.decode()
    assert Client().get(address).status_code == 200  # his own report goes on
    fresh = card_of(cast)
    assert fresh != secret
    assert Client().get(f"/fix/{fresh}/").status_code == 200
    assert Client().get(f"/fix/{secret}/").status_code == 404
    card = Card.objects.get(digest=codes.digest(other))
    sign_in(cast.wang).post(f"/online/cards/{card.pk}/revoke/", {"key": "r", "why": "丢了"})
    assert Client().get(f"/fix/{other}/").status_code == 404
    assert report.contact.closed_at is None


def test_a_lease_that_ends_or_begins_voids_the_card_and_a_renewed_one_does_not(cast: Any) -> None:
    today = timezone.localdate()
    lessee = Party.objects.create(community=cast.yunqi, name="周租户")
    Occupancy.objects.create(unit=cast.home, party=lessee, role="lessee", from_on=date(2026, 1, 1), to_on=today)
    secret = card_of(cast)
    Occupancy.objects.filter(party=lessee).update(to_on=today + timedelta(days=365))
    assert Client().get(f"/fix/{secret}/").status_code == 200
    Occupancy.objects.filter(party=lessee).update(to_on=today - timedelta(days=1))
    assert Client().get(f"/fix/{secret}/").status_code == 404


def test_only_the_desk_prints_and_only_its_own_homes(cast: Any, sign_in: Any) -> None:
    assert cast.home
    for person in (cast.chen, cast.gong, cast.passer):
        assert sign_in(person).get("/online/cards/").status_code == 403
        assert sign_in(person).post("/online/cards/print/", {"unit": cast.home.pk, "key": "x"}).status_code == 403
    card_of(cast)
    card = Card.objects.get()
    stranger = sign_in(cast.lin)
    assert stranger.post("/online/cards/print/", {"unit": cast.home.pk, "key": "x"}).status_code == 409
    assert stranger.post(f"/online/cards/{card.pk}/revoke/", {"key": "x"}).status_code == 404
    assert "A1-1-0101" not in stranger.get("/online/cards/").content.decode()
    assert Card.objects.get().revoked_at is None
