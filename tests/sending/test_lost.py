"""没送到的消息: whatever became of its record, somebody sees that a customer was not reached, until it is made good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.harness.breaking import at_once
from tests.sending.conftest import course, the_message
from tests.sending.test_sending import by_hand, owner_has
from tests.support.doing import assign, call_back, finish, log_contact, sentences, sign, the_order
from yihu.ground.sending import consents, losing, outbox, reports
from yihu.ground.sending.channels import Outcome, Report
from yihu.ground.sending.losing import unheard
from yihu.ground.sending.models import Outgoing
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Message

pytestmark = pytest.mark.django_db
REFUSED, FAILS = "0002", "0007"  # what the stand-in does with such numbers


def lost() -> Any:
    return unheard(Outgoing.objects.all())


def authority_of() -> Any:
    return authority().system()


def told(person: Any) -> int:
    return Message.objects.filter(person=person, sentence__contains="没有送到").count()


def report(message: Outgoing, outcome: Outcome, minutes: int) -> None:
    moment = timezone.now() + timedelta(minutes=minutes)
    reports.take("sms", [Report(f"e{minutes}", str(message.token), outcome, moment, "p1", "空号")])


def test_a_message_that_fails_after_its_record_is_closed_is_seen_on_today(cast, provider, agreed, rules, sign_in):
    agreed()
    rules(ways={"finished": ["sms"]})
    order = the_order(log_contact(cast, party=cast.owner.pk))
    order = call_back(cast, sign(cast, finish(cast, assign(cast, order))))
    assert order.closed_at is not None
    owner_has(cast, REFUSED)
    run_waiting()
    message = Outgoing.objects.get(code="finished")
    assert (message.state, message.lost_at is not None) == ("failed", True)
    assert (told(cast.wang), told(cast.chen)) == (1, 0)  # the technician wrote it by signing: the desk makes it good
    client, url = sign_in(cast.wang), message.get_absolute_url()
    for page in ("/", reverse("workbench:board"), f"{reverse('sending:outbox')}?tab=lost"):
        assert f'href="{url}"' in client.get(page).content.decode(), page
    assert url not in sign_in(cast.chen).get("/").content.decode()


def test_it_stands_there_until_somebody_says_how_the_customer_knows(cast, provider, agreed, rules, sign_in):
    agreed()
    owner_has(cast, REFUSED)
    order = the_order(log_contact(cast, party=cast.owner.pk))
    by_hand(cast, record=order)
    run_waiting()
    client, message = sign_in(cast.wang), the_message()
    deal = reverse("sending:deal", args=[message.pk])
    assert deal in client.get(message.get_absolute_url()).content.decode()
    client.post(deal, {"key": "a", "how": "none", "words": ""})
    client.post(deal, {"key": "b", "how": "pigeon", "words": ""})
    assert lost().exists()
    for _ in range(2):
        client.post(deal, {"key": "c", "how": "phone", "words": "本人接听"})
    assert not lost().exists()
    assert course(message)[-1] == f"{cast.wang} 已打电话告知：本人接听"
    assert course(message).count(course(message)[-1]) == 1
    assert "已打电话告知：本人接听" in sentences(order)[-1]
    assert deal not in client.get(message.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="已经有人处理过"):
        losing.deal(the_message(), "desk", "", by=cast.li)
    assert sign_in(cast.gong).post(deal, {"key": "d", "how": "phone"}).status_code == 403


def test_who_must_not_see_the_record_is_not_shown_what_did_not_reach_its_customer(
    cast, provider, agreed, rules, sign_in
):
    agreed()
    owner_has(cast, REFUSED)
    order = the_order(log_contact(cast, party=cast.owner.pk))
    by_hand(cast, record=order)
    run_waiting()
    with command(by=cast.li) as cmd:
        cmd.bar(order, cast.wang, "涉及本人")
    url = the_message().get_absolute_url()
    for page in ("/", f"{reverse('sending:outbox')}?tab=lost"):
        assert url not in sign_in(cast.wang).get(page).content.decode()
        assert url in sign_in(cast.li).get(page).content.decode()


def test_a_retry_takes_it_off_the_list_and_a_second_failure_puts_it_back(cast, provider, agreed, rules):
    agreed()
    owner_has(cast, REFUSED)
    by_hand(cast)
    run_waiting()
    losing.deal(the_message(), "phone", "", by=cast.wang)
    outbox.retry(the_message(), by=cast.wang)
    assert the_message().lost_at is None
    run_waiting()
    assert lost().count() == 1
    assert told(cast.wang) == 1  # it rings once until it is read
    Message.objects.update(read_at=timezone.now())
    outbox.retry(the_message(), by=cast.wang)
    run_waiting()
    assert told(cast.wang) == 2


def test_the_provider_reports_a_failure_and_corrects_itself(cast, provider, agreed, rules):
    agreed()
    by_hand(cast)
    run_waiting()
    report(the_message(), Outcome.FAILED, 1)
    assert lost().count() == 1
    assert told(cast.wang) == 1
    report(the_message(), Outcome.DELIVERED, 2)
    assert not lost().exists()
    report(the_message(), Outcome.RETURNED, 3)
    assert lost().count() == 1


def test_what_stands_for_a_paper_is_missed_even_where_no_way_is_connected(cast, agreed, rules):
    agreed()
    by_hand(cast, code="please_pay")
    by_hand(cast, key="two", code="outage_over")
    run_waiting()
    assert {one.state for one in Outgoing.objects.all()} == {"kept"}
    assert [one.code for one in lost()] == ["please_pay"]


def test_what_is_over_the_days_limit_is_missed_and_what_was_stopped_by_hand_is_not(cast, provider, agreed, rules):
    agreed()
    rules(per_day=1)
    by_hand(cast)
    run_waiting()
    by_hand(cast, key="two", code="outage_over")
    run_waiting()
    over = Outgoing.objects.get(code="outage_over")
    assert (over.state, list(lost())) == ("cancelled", [over])
    outbox.cancel(by_hand(cast, key="three"), by=cast.wang)
    assert lost().count() == 1


def test_a_consent_taken_back_stops_the_message_and_the_paper_is_owed_otherwise(cast, agreed, rules):
    row = agreed()
    by_hand(cast)
    by_hand(cast, key="two", code="outage_over")
    consents.withdraw(row, by=cast.wang)
    assert [one.code for one in lost()] == ["please_pay"]


def test_where_nobody_wrote_it_all_who_send_are_told_and_staff_are_not_customers(cast, agreed, rules):
    agreed()
    desk = (cast.wang, cast.li, cast.chen)
    by_hand(cast)
    Outgoing.objects.update(written_by=authority_of())
    losing.tell(the_message(), timezone.now())
    assert [told(one) for one in desk] == [1, 1, 0]
    assert not losing.is_lost(Outgoing(account=cast.chen, code="bell"), "failed")


@pytest.mark.django_db(transaction=True)
def test_two_deal_with_it_at_once_and_one_is_told_so(cast, provider, agreed, rules):
    agreed()
    owner_has(cast, REFUSED)
    by_hand(cast)
    run_waiting()
    fates = at_once(2, lambda at: losing.deal(the_message(), "phone", "", by=(cast.wang, cast.li)[at]))
    assert fates.count("done") == 1
    assert sum("已打电话告知" in words for words in course(the_message())) == 1
