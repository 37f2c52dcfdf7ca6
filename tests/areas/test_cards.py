"""门禁水电卡: given out against a signature, stopped at once, never for money; what ought to be stopped is listed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support.doing import sentences, signature
from yihu.areas.cards import pages
from yihu.areas.cards.models import Card, Issue
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.prints import render

pytestmark = pytest.mark.django_db


def give(cast: Any, number: str = "A0001", **typed: Any) -> Issue:
    data = {
        "unit": cast.home.pk, "party": cast.owner.pk, "card_kind": "access", "card_no": number, "signature": signature(), **typed,
    }  # fmt: skip
    issued: Issue = open_record(Issue(community=cast.yunqi), by=cast.wang, data=data)
    return issued


def lessee(cast: Any, until: date | None, name: str = "孙租户") -> Party:
    party = Party.objects.create(community=cast.yunqi, name=name)
    begun = date(2020, 1, 1)
    Occupancy.objects.create(unit=cast.home, party=party, role="lessee", from_on=begun, to_on=until)
    return party


def errors_of(refusal: Any) -> str:
    return str(refusal.value.form.errors)


def test_a_card_goes_out_against_the_receivers_signature(cast: Any, sign_in: Any) -> None:
    issued = give(cast, receiver="赵业主之子")
    assert sentences(issued) == ["王客服 发门禁卡 A0001，领取人已签收"]
    assert Card.objects.get().status == Card.Status.OUT
    with pytest.raises(Invalid) as unsigned:
        give(cast, "A0002", signature="")
    assert "signature" in unsigned.value.form.errors
    page = text_of(sign_in(cast.wang).get(issued.get_absolute_url()))
    assert "赵业主" in page
    assert "A0001" in page


def test_one_number_is_never_with_two(cast: Any) -> None:
    first = give(cast)
    with pytest.raises(Invalid) as again:
        give(cast)
    assert f"门禁卡 A0001 已经发给 {cast.home}（{first.number}），请核对卡号。" in errors_of(again)
    give(cast, card_kind="water")  # the water card of the same number is another card
    second = Issue(community=cast.yunqi, unit=cast.home, card_id=first.card_id, card_kind="access", card_no="A0001")
    second.number, second.state, second.opened_by, second.opened_at = "YQ-X-1", "in_use", cast.wang, timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_only_a_member_of_the_household_holds_its_card(cast: Any) -> None:
    stranger = Party.objects.create(community=cast.yunqi, name="外人")
    with pytest.raises(Invalid) as refused:
        give(cast, party=stranger.pk)
    assert "party" in refused.value.form.errors


def test_of_a_known_household_the_members_are_offered(cast: Any, sign_in: Any) -> None:
    assert cast.owner.pk
    lessee(cast, None)
    page = text_of(sign_in(cast.wang).get(f"/cards/new/?unit={cast.home.pk}"))
    assert "赵业主（业主）" in page
    assert "孙租户（租户）" in page


def test_a_lessees_card_ends_with_his_lease(cast: Any) -> None:
    end = timezone.localdate() + timedelta(days=90)
    tenant = lessee(cast, end)
    issued = give(cast, party=tenant.pk)
    assert issued.valid_until == end
    with pytest.raises(Invalid) as beyond:
        give(cast, "A0002", party=tenant.pk, valid_until=(end + timedelta(days=1)).isoformat())
    assert f"{tenant}在这一户到 {end:%Y-%m-%d} 为止，有效期不能更晚。" in errors_of(beyond)
    owners = give(cast, "A0003")
    assert owners.valid_until is None
    Occupancy.objects.filter(party=tenant).update(to_on=end + timedelta(days=365))
    longer = perform(issued, "extend", by=cast.wang, data={"valid_until": (end + timedelta(days=365)).isoformat()})
    assert longer.valid_until == end + timedelta(days=365)


def test_money_stands_with_the_number_of_its_receipt(cast: Any) -> None:
    with pytest.raises(Invalid) as no_receipt:
        give(cast, fee_note="押金", fee_fen="20")
    assert "收了钱请填写收据号" in errors_of(no_receipt)
    paid = give(cast, fee_note="押金", fee_fen="20", receipt_no="S-0012")
    assert (paid.fee_fen, paid.receipt_no) == (2000, "S-0012")
    with pytest.raises(Invalid) as kept:
        perform(paid, "give_back", by=cast.wang, data={"condition": "good"})
    assert "fee_back" in kept.value.form.errors
    back = perform(paid, "give_back", by=cast.wang, data={"condition": "good", "fee_back": "on"})
    assert (back.state_word, back.returned_by) == ("已退回", "赵业主")


def test_a_lost_card_is_stopped_at_once_and_its_number_is_gone_with_the_new_one(cast: Any) -> None:
    lost = perform(give(cast), "lose", by=cast.wang, data={"stop_note": "赵业主来电，昨天在超市丢的"})
    assert (lost.state_word, lost.get_stop_reason_display()) == ("已停用", "遗失")
    data = {
        "new_no": "A0002",
        "signature": signature(),
        "fee_note": "补卡工本费",
        "fee_fen": "10",
        "receipt_no": "S-0013",
    }
    perform(lost, "replace", by=cast.wang, data=data)
    fresh = Issue.objects.get(card_no="A0002")
    assert (fresh.party, fresh.unit, fresh.fee_fen, fresh.state_word) == (cast.owner, cast.home, 1000, "使用中")
    assert fresh.links_in.get().origin_id == lost.pk
    assert Issue.objects.get(pk=lost.pk).state_word == "已补换"
    with pytest.raises(Invalid) as dead:
        give(cast)
    assert "门禁卡 A0001 已经作废，不能再发，请换一张。" in errors_of(dead)


def test_a_found_card_lives_again_but_not_with_somebody_who_has_left(cast: Any) -> None:
    tenant = lessee(cast, None)
    lost = perform(give(cast, party=tenant.pk), "lose", by=cast.wang, data={"stop_note": "本人挂失"})
    found = perform(lost, "resume", by=cast.wang, data={"reason": "卡已找到"})
    assert (found.state_word, found.stop_reason) == ("使用中", "")
    lost = perform(found, "lose", by=cast.wang, data={"stop_note": "又丢了"})
    Occupancy.objects.filter(party=tenant).update(to_on=timezone.localdate() - timedelta(days=1))
    for step, data in (("resume", {"reason": "卡已找到"}), ("replace", {"new_no": "A0009", "signature": signature()})):
        with pytest.raises(Refused, match="现在不在"):
            perform(lost, step, by=cast.wang, data=data)
    assert perform(lost, "cancel", by=cast.wang, data={"reason": "人已搬走，不再补"}).state_word == "已注销"


def test_what_comes_back_whole_is_blank_again_and_what_is_broken_is_not(cast: Any) -> None:
    perform(give(cast), "give_back", by=cast.wang, data={"condition": "good"})
    again = give(cast)
    assert again.state_word == "使用中"
    perform(again, "give_back", by=cast.wang, data={"condition": "damaged"})
    with pytest.raises(Invalid):
        give(cast)


@pytest.mark.parametrize("words", ["欠费停用", "物业费没交", "拖 欠半年", "催缴后仍未交费"])
def test_nobody_is_kept_out_for_what_he_owes(cast: Any, words: str) -> None:
    issued = give(cast)
    for step, data in (("lose", {"stop_note": words}), ("stop", {"stop_reason": "asked", "stop_note": words})):
        with pytest.raises(Invalid) as refused:
            perform(issued, step, by=cast.wang, data=data)
        assert "民法典第944条" in errors_of(refused)
    with pytest.raises(Invalid):
        perform(issued, "stop", by=cast.wang, data={"stop_reason": "arrears"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issued.pk).update(stop_reason="arrears")
    stopped = perform(issued, "stop", by=cast.wang, data={"stop_reason": "asked", "stop_note": "出国一年"})
    with pytest.raises(Invalid) as refused:
        perform(stopped, "resume", by=cast.wang, data={"reason": f"{words}，现已结清"})
    assert "民法典第944条" in errors_of(refused)


def test_cards_of_those_who_left_and_cards_that_run_out_are_listed(cast: Any, sign_in: Any) -> None:
    today = timezone.localdate()
    gone, soon, later = (lessee(cast, today + timedelta(days=days), f"租户{days}") for days in (5, 20, 200))
    cards = [give(cast, f"B{place}", party=party.pk) for place, party in enumerate((gone, soon, later))]
    give(cast, "B9")
    Occupancy.objects.filter(party=gone).update(to_on=today - timedelta(days=1))
    client = sign_in(cast.wang)
    answer = client.get(reverse("cards:to_stop"))
    page = text_of(answer)
    assert "共 2 张" in page
    assert "持卡人已不在这一户" in page
    assert f"{today + timedelta(days=20):%Y-%m-%d} 到期" in page
    assert cards[2].number not in page
    assert f"{cards[0].get_absolute_url()}do/stop/?stop_reason=moved" in answer.content.decode()
    perform(cards[0], "stop", by=cast.wang, data={"stop_reason": "moved"})
    assert "共 1 张" in text_of(client.get(reverse("cards:to_stop")))


def test_a_card_that_is_out_is_neither_withdrawn_nor_merged(cast: Any) -> None:
    issued = give(cast)
    with pytest.raises(Refused, match="不能撤回或合并"):
        perform(issued, "withdraw", by=cast.wang, data={"reason": "发错了"})


def test_blank_cards_come_in_by_runs_and_only_once(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.li)
    typed = {"kind": "fob", "numbers": "K001-K100\nX9", "key": "k1"}
    answer = client.post(reverse("cards:stock"), typed, follow=True)
    assert "门禁扣 101 张已入库" in text_of(answer)
    answer = client.post(reverse("cards:stock"), {**typed, "numbers": "K100\nK101", "key": "k2"}, follow=True)
    assert "门禁扣 1 张已入库，1 个卡号早已登记" in text_of(answer)
    assert Card.objects.filter(kind="fob", status="blank").count() == 102
    give(cast, "K001", card_kind="fob")
    assert Card.objects.filter(kind="fob", status="blank").count() == 101
    with pytest.raises(NotAllowed):
        pages.require(cast.wang, pages.STOCK, cast.yunqi.pk, "")
    assert sign_in(cast.wang).post(reverse("cards:stock"), typed).status_code == 403
    assert "一次最多" in text_of(
        client.post(reverse("cards:stock"), {"kind": "fob", "numbers": "Z0001-Z9999", "key": "k3"})
    )


def test_the_household_file_shows_its_cards_with_one_question(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    url = reverse("unitfile:beside", args=[cast.home.pk])
    assert "没有发过卡" in text_of(client.get(url))
    with CaptureQueriesContext(connection) as none:
        client.get(url)
    for number in range(4):
        perform(give(cast, f"C{number}"), "note", by=cast.wang, data={"words": "已试刷"})
    with CaptureQueriesContext(connection) as four:
        page = text_of(client.get(url))
    assert "门禁卡 C0" in page
    asked = [query["sql"] for query in four.captured_queries if "cards_issue" in query["sql"]]
    assert len([sql for sql in asked if "is_out" in sql]) == 1
    assert len(none.captured_queries) > 0


def test_the_receipt_is_printed(cast: Any) -> None:
    issued = give(cast, fee_note="押金", fee_fen="20", receipt_no="S-0012")
    print_ = issued.procedure.prints[0]
    assert render(print_, issued, cast.wang)[:5] == b"%PDF-"
