"""What of an owner leaves the house: on his own signed word or the law's letter only, by leave of another, against a signature."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.support import sheets
from tests.support.doing import photo, signature
from yihu.areas.archives.disclosing import month_register, slip
from yihu.areas.archives.models import Disclosure
from yihu.areas.archives.procedure import DISCLOSURE
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed
from yihu.kernel.models import Message
from yihu.kernel.prints import render

pytestmark = pytest.mark.django_db

LAW = {
    "to_whom": "云溪派出所", "ground": "law", "law": "刑事诉讼法第五十四条", "letter_no": "云公调〔2026〕12 号", "data": ["contact", "footage"],
    "official_1": "周警官", "badge_1": "A1201", "official_2": "吴警官", "badge_2": "A1202", "checked": "on", "purpose": "调查",
}  # fmt: skip


def ask(cast: Any, *files: str, by: Any = None, **typed: Any) -> Disclosure:
    assert cast.owner
    data = {
        "unit": cast.home.pk,
        "to_whom": "平安保险",
        "data": ["house"],
        "purpose": "理赔",
        "ground": "word",
        **typed,
    }
    asked: Disclosure = open_record(
        Disclosure(community=cast.yunqi),
        by=by or cast.wang,
        data=data,
        files={"proof": [photo(name) for name in files]},
    )
    return asked


def wrong(caught: Any) -> str:
    return "；".join(str(one) for errors in caught.value.form.errors.values() for one in errors)


@pytest.mark.clause("ARC-13")
@pytest.mark.clause("SEC-03")
def test_the_owners_word_is_signed_and_the_laws_letter_names_two_officials(cast: Any) -> None:
    with pytest.raises(Invalid) as caught:
        ask(cast)
    assert "请本人在屏幕上签名" in wrong(caught)
    assert ask(cast, "同意书.png").attachments.get().name == "同意书.png"
    own = ask(cast, signature=signature())
    assert (own.party, own.unit) == (cast.owner, cast.home)  # whose it is, nobody had to pick
    for name, sentence in (
        ("letter_no", "公函文号"), ("official_2", "第二名经办人"), ("badge_1", "工作证件号"), ("law", "法律依据"), ("checked", "打勾"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            ask(cast, "公函.png", **{**LAW, name: ""})
        assert sentence in wrong(caught)
    with pytest.raises(Invalid) as caught:
        ask(cast, **LAW)
    assert "请上传公函的扫描件" in wrong(caught)
    with pytest.raises(Invalid) as caught:
        ask(cast, "公函.png", **{**LAW, "official_2": "周警官"})
    assert "两名不同的经办人" in wrong(caught)
    asked = ask(cast, "公函.png", **LAW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=asked.pk).update(badge_2="")


def test_whose_word_it_is_must_be_clear(cast: Any) -> None:
    stranger = Party.objects.create(community=cast.yunqi, name="钱路人")
    with pytest.raises(Invalid) as caught:
        ask(cast, signature=signature(), party=stranger.pk)
    assert "不是这一户登记的人" in wrong(caught)
    Occupancy.objects.create(unit=cast.home, party=stranger, role="owner")
    with pytest.raises(Invalid) as caught:
        ask(cast, signature=signature())
    assert "请选是谁的信息" in wrong(caught)
    assert ask(cast, signature=signature(), party=stranger.pk).party == stranger


@pytest.mark.clause("ARC-13")
@pytest.mark.clause("SEC-03")
def test_nothing_is_handed_over_before_somebody_else_allowed_it_and_the_receiver_signs(cast: Any) -> None:
    assert cast.gao
    asked = ask(cast, "公函.png", **LAW)
    assert Message.objects.filter(person=cast.gao, record_id=asked.pk).exists()
    handed = {"way": "copy", "receiver": "周警官", "signature": signature()}
    with pytest.raises(Conflict):
        perform(asked, "give", by=cast.wang, data=handed)
    for person in (cast.wang, cast.li):
        with pytest.raises(NotAllowed):
            perform(asked, "allow", by=person)
    cast.appoint(cast.gao, "receptionist", cast.yunqi)
    with pytest.raises(NotAllowed):
        perform(ask(cast, by=cast.gao, signature=signature()), "allow", by=cast.gao)  # who wrote it allows nothing
    allowed = perform(asked, "allow", by=cast.gao)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=asked.pk).update(given_at=asked.opened_at)
    with pytest.raises(Invalid) as caught:
        perform(allowed, "give", by=cast.wang, data={**handed, "signature": ""})
    assert "请签收人在屏幕上签名" in wrong(caught)
    given = perform(allowed, "give", by=cast.wang, data=handed)
    assert (given.state, given.allowed_by, given.given_by) == ("given", cast.gao, cast.wang)
    assert {row.purpose for row in given.attachments.all()} == {"paper", "signature"}
    refused = perform(ask(cast, signature=signature()), "refuse", by=cast.gao, data={"refusal": "同意书不是本人签的"})
    assert refused.state == "refused"


@pytest.mark.clause("ARC-13")
def test_the_slip_and_the_months_register_say_all_and_the_journal_says_nothing_personal(cast: Any) -> None:
    with pytest.raises(Invalid) as caught:
        ask(cast, "公函.png", **LAW, what="查 13800138112 的出入记录")
    assert "不要写号码本身" in wrong(caught)
    asked = ask(cast, "公函.png", **LAW, what="上月的出入记录")
    given = perform(perform(asked, "allow", by=cast.gao), "give", by=cast.wang, data={"way": "copy", "receiver": "周警官", "signature": signature()})  # fmt: skip
    perform(ask(cast, signature=signature()), "refuse", by=cast.gao, data={"refusal": "用途不明"})
    sheet = sheets.text_of(render(DISCLOSURE.prints[0], given, cast.wang))
    for said in (
        "云溪派出所",
        "周警官（A1201）、吴警官（A1202）",
        "云公调〔2026〕12号",
        "王客服",
        "高经理",
        "监控、门禁记录",
    ):
        assert said.replace(" ", "") in sheet
    assert "上月的出入记录" in sheet
    month = sheets.text_of(render(DISCLOSURE.prints[1], given, cast.wang))
    for said in ("共2次", "云溪派出所", "A1202", "平安保险", "用途不明", "本人同意赵业主"):
        assert said in month
    assert slip(given, cast.wang)["number"] == given.number
    assert month_register(given, cast.lin)["lines"] == []  # nothing of another community
    told = [given.summary, *given.journal.values_list("sentence", flat=True)]
    for never in ("13800138112", "8112", "云溪派出所", "A1201", "赵业主"):
        assert not any(never in one for one in told)
