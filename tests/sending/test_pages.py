"""The pages about messages, as a clerk meets them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.sending.conftest import the_message
from tests.support.doing import assign, log_contact, the_order
from yihu.ground.sending import drafts, wording
from yihu.ground.sending.models import ContactWay, Outgoing, StaffWay, Wording
from yihu.ground.sending.rules import NAME, rules_of
from yihu.ground.sending.schedules import ring_outside
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Message, Parameter

pytestmark = pytest.mark.django_db


def key_in(answer: Any) -> str:
    return str(re.findall(r'name="key" value="([^"]+)"', answer.content.decode())[-1])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def posted(client: Any, url: str, **data: Any) -> Any:
    """Fill the form that is shown there."""
    return client.post(url, {"key": key_in(client.get(url)), **data})


def agree_on_the_page(client: Any, cast: Any, **more: Any) -> Any:
    moment = f"{timezone.localtime() - timedelta(minutes=5):%Y-%m-%dT%H:%M}"
    given = {"way": "sms", "address": "", "consent_how": "desk", "consent_at": moment, **more}
    return posted(client, reverse("sending:consents", args=[cast.owner.pk]), **given)


def test_from_consent_to_the_customer_by_the_pages(cast, provider, rules, sign_in):
    client = sign_in(cast.wang)
    order = the_order(log_contact(cast, party=cast.owner.pk))
    page = client.get(order.get_absolute_url())
    url = f"{reverse('sending:new')}?record={order.number}"
    assert f'href="{url}"' in text(page)
    given = {"party": cast.owner.pk, "code": "appointment", "way": "sms", "when": "11月5日 14:00–16:00"}
    assert "没有同意接收短信" in text(posted(client, url, **given, act="look"))
    assert agree_on_the_page(client, cast).status_code == 302
    looked = posted(client, url, **given, act="look")
    assert "约在11月5日 14:00–16:00上门" in text(looked)
    assert not Outgoing.objects.exists()
    key = key_in(looked)
    sent = client.post(url, {"key": key, **given, "act": "send"})
    again = client.post(url, {"key": key, **given, "act": "send"})
    assert (sent.status_code, again.status_code) == (302, 302)
    run_waiting()
    assert [taken.text for taken in provider.taken.values()] == [the_message().text]
    assert "预约时间" in text(client.get(reverse("sending:outbox")))
    shown = text(client.get(the_message().get_absolute_url()))
    assert "已交短信通道" in shown
    assert "138****8112" in shown
    assert "13800138112" not in shown
    assert the_message().get_absolute_url() in text(client.get(order.get_absolute_url()))


def test_a_unit_without_a_record_offers_what_needs_none(cast, rules, sign_in):
    assert cast.owner
    client = sign_in(cast.wang)
    url = f"{reverse('sending:new')}?unit={cast.home.pk}"
    page = text(client.get(url))
    assert "停水停电通知" in page
    assert "报修已派工" not in page


def test_cancel_and_retry_on_the_page(cast, provider, agreed, sign_in, rules):
    agreed()
    rules(ways={"assigned": ["sms"]})
    assign(cast, the_order(log_contact(cast, party=cast.owner.pk)))
    while not Outgoing.objects.exists():
        run_waiting(limit=1)
    client, url = sign_in(cast.wang), the_message().get_absolute_url()
    posted(client, url)
    key = key_in(client.get(url))
    client.post(reverse("sending:cancel", args=[the_message().pk]), {"key": key})
    assert the_message().state == "cancelled"
    run_waiting()
    assert not provider.offered
    client.post(reverse("sending:retry", args=[the_message().pk]), {"key": key_in(client.get(url))})
    run_waiting()
    assert len(provider.taken) == 1
    assert "重发" in text(client.get(url))


def test_who_may_only_look_is_offered_no_sending(cast, agreed, sign_in):
    agreed()
    assert cast.gong
    client = sign_in(cast.gong)
    assert client.get(reverse("sending:outbox")).status_code == 200
    assert client.get(f"{reverse('sending:new')}?unit={cast.home.pk}").status_code == 403
    assert client.get(reverse("sending:consents", args=[cast.owner.pk])).status_code == 403


def test_who_must_not_see_a_record_sees_no_message_about_it(cast, provider, agreed, rules, sign_in):
    agreed()
    rules(ways={"assigned": ["sms"]})
    order = assign(cast, the_order(log_contact(cast, party=cast.owner.pk)))
    run_waiting()
    with command(by=cast.li) as cmd:
        cmd.bar(order, cast.wang, "涉及本人")
    client = sign_in(cast.wang)
    assert order.number not in text(client.get(reverse("sending:outbox")))
    assert client.get(the_message().get_absolute_url()).status_code == 404
    assert client.get(f"{reverse('sending:new')}?record={order.number}").status_code == 404


def test_a_wording_is_approved_by_another_and_used_from_its_day(cast, sign_in):
    drafter, approver = sign_in(cast.li), sign_in(cast.gao)
    url = reverse("sending:template", args=["assigned"])
    words = "【{项目}】{称呼}，{单号}由{师傅}负责。"
    bad = posted(drafter, url, text="{称呼}，您的身份证是{证件}", from_on=f"{timezone.localdate()}")
    assert "“{证件}”不能用" in text(bad)
    assert posted(drafter, url, text=words, from_on=f"{timezone.localdate()}").status_code == 302
    row = Wording.objects.get()
    assert wording.in_force("assigned", cast.yunqi.pk).row is None
    with pytest.raises(Refused, match="您自己起草的"):
        drafts.decide(row, True, by=cast.li)
    assert Message.objects.filter(person=cast.gao, sentence__contains="等您批准").exists()
    answer = approver.post(reverse("sending:decide", args=[row.pk]), {"key": "d", "decision": "approve"})
    assert answer.status_code == 302
    assert wording.in_force("assigned", cast.yunqi.pk).text == words
    assert "程序自带" not in text(drafter.get(url))


def test_a_wording_of_tomorrow_is_not_used_today(cast):
    row = Wording(
        community=cast.yunqi, code="finished", text="{称呼}好", from_on=timezone.localdate() + timedelta(days=1)
    )
    drafts.draft(row, by=cast.li)
    drafts.decide(row, True, by=cast.gao)
    assert wording.in_force("finished", cast.yunqi.pk).row is None
    assert wording.in_force("finished", cast.yunqi.pk, row.from_on).text == "{称呼}好"


def test_a_template_is_filled_and_never_run(cast):
    hostile = "{称呼.__class__}{0}{{7*7}}{% now 'Y' %}"
    assert wording.problem(wording.BY_CODE["assigned"], hostile)
    assert wording.fill("{称呼}{单号}", {"称呼": "{单号}", "单号": "X"}) == "{单号}X"
    assert wording.fill("{事由}", {"事由": "打 13800138112"}) == "打 138****8112"


def test_the_settings_say_what_they_become_and_keep_the_reason(cast, sign_in):
    admin = cast.person("root", "管理员", "sysadmin")
    client, url = sign_in(admin), reverse("sending:settings")
    assert "消息设置" in text(client.get(reverse("kernel:settings")))
    moment = timezone.localtime() + timedelta(hours=1)
    answer = posted(
        client, url, ways_assigned=["sms", "wechat"], begins="22:00", ends="07:30", per_day="3",
        in_force_at=f"{moment:%Y-%m-%dT%H:%M}", why="业主大会要求",
    )  # fmt: skip
    assert answer.status_code == 302
    row = Parameter.objects.get(name=NAME)
    assert rules_of(cast.yunqi.pk, timezone.now()).ways == {}
    later = rules_of(cast.yunqi.pk, row.in_force_at)
    assert (later.ways["assigned"], f"{later.begins:%H:%M}", later.per_day) == (("sms", "wechat"), "22:00", 3)
    assert "报修已派工：短信、微信；免打扰 22:00–07:30；每天最多 3 条" in text(client.get(url))


def test_the_bell_rings_outside_for_who_wished_it_and_did_not_look(cast, provider, rules, sign_in):
    client, url = sign_in(cast.chen), reverse("sending:mine")
    assert "请填写手机号码" in text(posted(client, url, on_sms="on"))
    assert posted(client, url, on_sms="on", to_sms="13900139222").status_code == 302
    assert StaffWay.objects.get(account=cast.chen, way="sms").on_since
    order = assign(cast, the_order(log_contact(cast, party=cast.owner.pk)))
    run_waiting()
    told = Message.objects.filter(person=cast.chen).count()
    assert told == 1
    assert ring_outside(timezone.now()) == 1
    assert ring_outside(timezone.now()) == 0
    run_waiting()
    [taken] = provider.taken.values()
    assert taken.to == "13900139222"
    assert taken.text == f"【云栖苑】您有一条新提醒（{order.number}），请打开一户查看。"
    assert "13900139222" not in text(client.get(url))


def test_what_was_read_inside_does_not_ring_outside(cast, provider, rules):
    StaffWay.objects.create(account=cast.chen, way="sms", address="13900139222", on_since=timezone.now())
    assign(cast, the_order(log_contact(cast, party=cast.owner.pk)))
    ring_outside(timezone.now())
    Message.objects.update(read_at=timezone.now())
    run_waiting()
    assert not provider.offered
    assert Outgoing.objects.get(account=cast.chen).state == "cancelled"


def test_a_consent_can_be_renewed_and_taken_back_on_the_page(cast, sign_in):
    client = sign_in(cast.wang)
    agree_on_the_page(client, cast)
    row = ContactWay.objects.get()
    client.post(reverse("sending:withdraw", args=[cast.owner.pk, row.pk]), {"key": "w"})
    assert not ContactWay.objects.get().in_force
    assert agree_on_the_page(client, cast, way="mail", address="nobody").status_code == 422
    assert agree_on_the_page(client, cast).status_code == 302
    assert ContactWay.objects.get().in_force
    page = text(client.get(reverse("sending:consents", args=[cast.owner.pk])))
    assert "撤回短信的同意" in page
    assert "13800138112" not in page
