"""Who means us ill: foreign cards, guessed codes, floods, false photographs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from tests.support.doing import photo
from tests.support.online import card_of, code, reported, send, words
from tests.support.spans import within_one
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.online import cards, knocking
from yihu.fronts.online.models import Card, Report
from yihu.kernel import rates
from yihu.kernel.models import Tally

pytestmark = pytest.mark.django_db


@pytest.mark.clause("SEC-04", part="持别户的卡、猜号、作废的卡，读不到也改不了别人的事")
def test_neither_a_foreign_card_nor_a_guess_opens_anybodys_report(cast: Any) -> None:
    mine, theirs = card_of(cast), card_of(cast, cast.unit("0102"))
    report, address = reported(mine, unit=cast.unit("0103").pk, community="999", party="1")
    assert report.contact.unit == cast.home  # only the card says which home
    token = address.rstrip("/").rsplit("/", 1)[-1]
    for wrong in (
        f"/fix/my/{mine}/",
        f"/fix/my/{theirs}/",
        f"/fix/{token}/",
        "/fix/my/x/",
        "/fix/%00/",
        f"/fix/{mine[:-1]}/",
        "/fix/my/",
    ):
        assert Client().get(wrong).status_code == 404, wrong
        assert Client().post(wrong, {"key": "k"}).status_code in (404, 405), wrong
    for what in ("urge/", "opinion/"):
        assert Client().post(f"/fix/my/{theirs}/{what}", {"opinion": "A", "key": "x"}).status_code == 404
    assert send(theirs).status_code == 302  # the same key at another card is another form
    assert Report.objects.count() == 2


def test_who_guesses_codes_is_stopped(cast: Any) -> None:
    secret = card_of(cast)
    within_one(knocking.WRONG)
    for _ in range(knocking.WRONG.most):
        Client().get("/fix/AAAAAAAAAAAAAAAAAAAAAAAA/")
    # from there nothing is heard for a while, not even what is right
    assert Client().get(f"/fix/{secret}/").status_code == 404
    assert Client(REMOTE_ADDR="203.0.113.9").get(f"/fix/{secret}/").status_code == 200


def test_a_thousand_posts_a_minute_open_six_entries_at_most(cast: Any) -> None:
    secret = card_of(cast)
    within_one(knocking.SENT, knocking.FROM)
    answers = [send(secret, f"k{place}").status_code for place in range(25)]
    assert answers.count(302) == 6
    assert answers[6:20] == [409] * 14
    assert set(answers[20:]) == {429}
    assert Contact.objects.count() == WorkOrder.objects.count() == 6
    card = Card.objects.get()
    rates.count(knocking.SENT, str(card.pk))
    assert Tally.objects.get(what=knocking.SENT.what, whose=str(card.pk)).count == 26
    assert send(card_of(cast, cast.unit("0102"))).status_code == 302  # the neighbour is not silenced with him


def test_what_is_typed_stays_text_and_what_is_no_photograph_is_refused(cast: Any, sign_in: Any) -> None:
    secret = card_of(cast)
    report, address = reported(secret, words="<script>alert(1)</script>\x00\u202e漏", name="<img src=x>", where="<i>")
    order = WorkOrder.objects.get(pk=report.matter_id)
    for page in (words(address), sign_in(cast.wang).get(order.get_absolute_url()).content.decode()):
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
    assert "\u202e" not in order.symptom
    script = SimpleUploadedFile("a.png", b"<script>alert(1)</script>" * 50, content_type="image/png")
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x %%EOF", content_type="application/pdf")
    heic = SimpleUploadedFile("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64, content_type="image/heic")
    for place, wrong in enumerate((script, paper, heic)):
        answer = send(secret, f"w{place}", photos=[wrong])
        assert (answer.status_code, "照片" in answer.content.decode()) == (422, True), wrong.name
    assert send(secret, "many", photos=[photo(f"{place}.png") for place in range(4)]).status_code == 422
    wrongs: tuple[dict[str, str], ...] = (
        {"words": ""}, {"words": "长" * 501}, {"name": ""}, {"phone": ""}, {"phone": "12"}, {"fault": "999999"}, {"relation": "boss"},
        {"wish": "昨天上午"}, {"place": "roof"},
    )  # fmt: skip
    for place, bad in enumerate(wrongs):
        assert send(secret, f"b{place}", **bad).status_code == 422, bad
    assert Report.objects.count() == 1


@override_settings(YIHU_FILE_MB=1)
def test_a_photograph_that_is_too_big_is_refused_before_it_is_read(cast: Any) -> None:
    secret = card_of(cast)
    big = SimpleUploadedFile("大.png", photo().read() + b"\x00" * 1_200_000, content_type="image/png")
    answer = send(secret, photos=[big])
    assert (answer.status_code, "太大" in answer.content.decode()) == (422, True)
    huge = [SimpleUploadedFile(f"{place}.png", b"\x00" * 1_500_000, content_type="image/png") for place in range(3)]
    answer = send(secret, "k2", photos=huge)
    assert (answer.status_code, "照片太大，没有提交" in answer.content.decode()) == (409, True)
    assert not Tally.objects.filter(what=knocking.SENT.what, count__gt=1).exists()  # the second was not even counted
    assert not Contact.objects.exists()


def test_the_page_works_without_scripts_cookies_and_caches(cast: Any) -> None:
    answer = Client(enforce_csrf_checks=True).get(f"/fix/{card_of(cast)}/")
    page = answer.content.decode()
    assert "<script" not in page
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    sent = send(card_of(cast), client=Client(enforce_csrf_checks=True))
    assert sent.status_code == 302


def test_a_card_that_is_revoked_while_he_types_takes_nothing(cast: Any) -> None:
    secret = card_of(cast)
    card = Card.objects.get()
    cards.revoke(cast.yunqi, card.pk, "丢了", by=cast.wang, key="r", now=timezone.now())
    assert send(secret).status_code == 404
    assert not Contact.objects.exists()
    assert code(card) == secret  # and printing anew gives another
    assert card_of(cast) != secret
