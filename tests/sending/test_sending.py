"""From the outbox to the customer: once, never without consent, never for what did not commit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.sending.conftest import course, run_later, the_message
from tests.support.doing import assign, log_contact, sentences, the_order
from yihu.ground.estate.models import Party
from yihu.ground.sending import consents, outbox, sender, wording
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.ground.sending.stand_in import BREAK, BUSY, LATE, REFUSE
from yihu.kernel.doors import perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import JournalEntry, Record
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db


def by_hand(cast: Any, *, key: str = "one", code: str = "please_pay", way: str = "sms", **more: Any) -> Any:
    typed = {"事由": "三季度物业费", "时间": "明天 9:00–11:00", "停用": "停水"}
    return outbox.send_by_hand(
        party=Party.objects.get(pk=cast.owner.pk), way=way, code=code, typed=typed, by=cast.wang, key=key,
        unit=cast.home, **more,
    )  # fmt: skip


def owner_has(cast: Any, ending: str) -> None:
    Party.objects.filter(pk=cast.owner.pk).update(phone=f"1380013{ending}")


def order_of(cast: Any) -> Any:
    return the_order(log_contact(cast, party=cast.owner.pk))


def test_what_is_assigned_is_told_to_the_owner_once_switched_on(cast, provider, agreed, rules):
    agreed()
    order = order_of(cast)
    assign(cast, order)
    run_waiting()
    assert not Outgoing.objects.exists()  # off until somebody switches it on
    rules(ways={"assigned": ["sms"]})
    second = order_of(cast)
    assign(cast, second)
    run_waiting()
    [taken] = provider.taken.values()
    assert taken.to == "13800138112"
    assert taken.text == f"【云栖苑】赵业主您好，A1-1-0101的报修（{second.number}）已安排陈维修上门处理。"
    assert the_message().state == "handed"


def test_nothing_leaves_for_what_did_not_commit(cast, provider, agreed, rules):
    agreed()
    rules(ways={"assigned": ["sms"]})
    order = order_of(cast)
    with pytest.raises(RuntimeError), transaction.atomic():
        assign(cast, order)
        by_hand(cast)
        raise RuntimeError("the power is cut")
    run_waiting()
    assert not provider.offered
    assert not Outgoing.objects.exists()


def test_a_double_click_is_one_message(cast, provider, agreed):
    agreed()
    first = by_hand(cast, key="the form")
    assert by_hand(cast, key="the form") is None
    run_waiting()
    run_later()
    assert Outgoing.objects.get().pk == first.pk
    assert sum(provider.offered.values()) == 1


def test_the_clerk_is_told_why_nothing_can_be_sent(cast, provider, rules):
    with pytest.raises(Refused, match="没有同意接收短信"):
        by_hand(cast)
    assert not Outgoing.objects.exists()


def test_where_nobody_agreed_the_event_leaves_a_line_and_sends_nothing(cast, provider, rules):
    rules(ways={"assigned": ["sms"]})
    assign(cast, order_of(cast))
    run_waiting()
    assert not provider.offered
    message = the_message()
    assert (message.state, "没有同意" in message.reason) == ("cancelled", True)


def test_who_takes_his_consent_back_gets_nothing_that_waits(cast, provider, agreed):
    way = agreed()
    by_hand(cast)
    consents.withdraw(way, by=cast.wang, key="w")
    run_waiting()
    assert not provider.offered
    assert the_message().reason == "客户撤回同意"


def test_consent_is_looked_at_again_at_the_moment_of_sending(cast, provider, agreed):
    agreed()
    by_hand(cast)
    ContactWay.objects.update(withdrawn_at=timezone.now())
    run_waiting()
    assert not provider.offered
    assert the_message().state == "cancelled"


def test_the_hours_of_rest_hold_a_message_until_they_end(cast, provider, agreed, rules):
    agreed()
    local = timezone.localtime()
    begins, ends = local - timedelta(hours=1), local + timedelta(hours=1)
    rules(quiet=[f"{begins:%H:%M}", f"{ends:%H:%M}"])
    by_hand(cast)
    run_waiting()
    message = the_message()
    assert (message.state, f"{timezone.localtime(message.not_before):%H:%M}") == ("waiting", f"{ends:%H:%M}")
    assert not provider.offered
    sender.deliver(message.pk, message.not_before)
    assert len(provider.taken) == 1


def test_what_is_urgent_does_not_wait_for_the_morning(cast, provider, agreed, rules):
    agreed()
    local = timezone.localtime()
    rules(quiet=[f"{local - timedelta(hours=1):%H:%M}", f"{local + timedelta(hours=1):%H:%M}"])
    by_hand(cast, code="outage")
    run_waiting()
    assert len(provider.taken) == 1


def test_no_customer_gets_more_than_so_many_a_day(cast, provider, agreed, rules):
    agreed()
    rules(per_day=2)
    for number in range(3):
        by_hand(cast, key=f"form {number}")
        run_waiting()
    assert len(provider.taken) == 2
    assert "到了上限" in Outgoing.objects.latest("pk").reason


def test_a_closed_order_is_not_announced_any_more(cast, provider, agreed, rules):
    agreed()
    rules(ways={"assigned": ["sms"]})
    order = assign(cast, order_of(cast))
    while not Outgoing.objects.exists():
        run_waiting(limit=1)
    perform(Record.objects.get(pk=order.pk).typed, "cancel", by=cast.wang, data={"reason": "业主自己修好了"})
    run_waiting()
    assert not provider.offered
    assert "已经结束" in the_message().reason


def test_a_refusal_is_final_and_says_why(cast, provider, agreed):
    agreed()
    owner_has(cast, REFUSE)
    by_hand(cast)
    run_waiting()
    run_later()
    assert (the_message().state, the_message().reason) == ("failed", "号码在黑名单里")
    assert sum(provider.offered.values()) == 1


def test_a_busy_provider_is_offered_it_again(cast, provider, agreed):
    agreed()
    owner_has(cast, BUSY)
    by_hand(cast)
    run_waiting()
    assert the_message().state == "waiting"
    sender.deliver(the_message().pk, timezone.now() + timedelta(minutes=2))
    assert the_message().state == "handed"
    assert len(provider.taken) == 1


@pytest.mark.parametrize("ending", [LATE, BREAK])
def test_taken_without_an_answer_is_asked_about_and_not_sent_again(cast, provider, agreed, ending):
    agreed()
    owner_has(cast, ending)
    by_hand(cast)
    run_waiting()
    assert the_message().state == "sending"
    sender.deliver(the_message().pk, timezone.now())  # too early to know: nothing is said
    assert sum(provider.offered.values()) == 1
    sender.deliver(the_message().pk, timezone.now() + sender.settling())
    assert the_message().state in ("handed", "delivered")
    assert the_message().provider_id == "SI000001"
    assert sum(provider.offered.values()) == 1


def test_what_the_provider_never_heard_of_is_sent_after_asking(cast, provider, agreed):
    """The worker died between the claim and the hand-over."""
    agreed()
    by_hand(cast)
    Outgoing.objects.update(state="sending", attempts=1, claimed_at=timezone.now() - timedelta(minutes=1))
    run_waiting()
    assert the_message().state == "handed"
    assert (the_message().attempts, len(provider.taken)) == (2, 1)


def test_of_two_workers_one_sends(cast, provider, agreed):
    agreed()
    by_hand(cast)
    pk = the_message().pk
    stale = Outgoing.objects.select_related("party", "account", "record", "bell").get(pk=pk)
    sender.deliver(pk, timezone.now())
    sender._first(stale, timezone.now())
    assert sum(provider.offered.values()) == 1


def test_a_provider_that_is_away_is_tried_six_times(cast, provider, agreed):
    agreed()
    by_hand(cast)
    provider.stop()
    for hours in range(1, 9):
        sender.deliver(the_message().pk, timezone.now() + timedelta(hours=hours * 2))
    assert the_message().state == "failed"
    assert "试了 6 次" in the_message().reason


def test_without_a_channel_the_message_is_kept_and_says_so(cast, agreed):
    agreed()
    by_hand(cast)
    run_waiting()
    assert (the_message().state, the_message().reason) == ("kept", "没有接通短信通道，只存在发件箱里。")


def test_a_kept_message_goes_out_once_there_is_a_channel(cast, agreed, provider, settings):
    channels, settings.YIHU_CHANNELS = settings.YIHU_CHANNELS, {}
    agreed()
    by_hand(cast)
    run_waiting()
    settings.YIHU_CHANNELS = channels
    outbox.retry(the_message(), by=cast.wang, key="again")
    run_waiting()
    assert (the_message().state, len(provider.taken)) == ("handed", 1)


def test_cancelled_before_it_left_it_never_leaves(cast, provider, agreed):
    agreed()
    by_hand(cast)
    outbox.cancel(the_message(), by=cast.wang, key="c")
    run_waiting()
    assert not provider.offered
    with pytest.raises(Refused, match="已经交出或已有结果"):
        outbox.cancel(the_message(), by=cast.wang, key="again")


def test_the_number_stands_nowhere_and_who_read_it_stands_in_the_journal(cast, provider, agreed, caplog):
    agreed()
    order = order_of(cast)
    by_hand(cast, record=order)
    with caplog.at_level("DEBUG"):
        run_waiting()
    message = the_message()
    assert message.mask == "138****8112"
    kept = [*Outgoing.objects.values_list("text", "reason", "mask", "values"), *course(message)]
    assert "13800138112" not in f"{kept} {caplog.text} {list(JournalEntry.objects.values_list('sentence', 'changed'))}"
    assert any("系统 查看客户的联系电话" in line for line in sentences(order))


@pytest.mark.parametrize("word", ["停水", "断电", "禁止出入"])
def test_nobody_is_dunned_with_what_the_law_forbids(cast, provider, agreed, word):
    agreed()
    with pytest.raises(Refused, match="民法典第944条"):
        outbox.send_by_hand(
            party=cast.owner, way="sms", code="please_pay", typed={"事由": f"物业费不交就{word}"}, by=cast.wang, key="t",
            unit=cast.home,
        )  # fmt: skip


def test_a_mail_in_doubt_is_not_sent_twice_by_itself(cast, agreed, settings, monkeypatch):
    settings.YIHU_MAIL_FROM = "desk@example.com"
    agreed("mail", address="zhao@example.com")
    by_hand(cast, way="mail")

    def hang(*args: Any, **kwargs: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", hang)
    run_waiting()
    run_later()
    assert the_message().state == "failed"
    assert "不知道是否已经发出" in the_message().reason


def test_a_mail_goes_through_the_mail_backend(cast, agreed, settings, mailoutbox):
    settings.YIHU_MAIL_FROM = "desk@example.com"
    agreed("mail", address="zhao@example.com")
    by_hand(cast, way="mail")
    run_waiting()
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["zhao@example.com"], "云栖苑：请尽快缴费")
    assert the_message().mask == "z***@example.com"


def test_a_new_promise_is_told(cast, provider, agreed, rules):
    agreed()
    rules(ways={"rescheduled": ["sms"]})
    contact = log_contact(
        cast, party=cast.owner.pk, promised_at=f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%d %H:%M}"
    )
    moment = (timezone.localtime() + timedelta(days=1)).replace(hour=15, minute=30)
    data = {"promised_at": f"{moment:%Y-%m-%d %H:%M}", "reason": "业主改约"}
    perform(contact, "promise", by=cast.wang, data=data)
    run_waiting()
    [taken] = provider.taken.values()
    assert taken.text == (
        f"【云栖苑】赵业主您好，{contact.number}已改约到{moment.month}月{moment.day}日 15:30，给您添麻烦了，请见谅。"
    )


def test_every_step_that_tells_by_itself_is_a_step_of_a_register():
    for use in wording.USES:
        for event in use.events:
            kind, _, step = event.rpartition(".")
            assert procedure_of(kind).step(step) is not None, event
