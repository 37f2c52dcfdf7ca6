"""What is written down at the door when a paper that asks for money is delivered (F84)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from tests.billing.noticing import DOOR, billing_of
from tests.support.doing import at, photo, signature
from yihu.areas.billing.delivering import DeliveryForm
from yihu.areas.billing.notices.models import Notice
from yihu.areas.cashier.models import HandCharge
from yihu.ground.sending.models import ContactWay

pytestmark = pytest.mark.django_db
NOON = at("2026-11-27 10:00")


class DoorForm(DeliveryForm):
    class Meta:
        model = HandCharge
        fields: list[str] = []

    def addressee(self) -> Any:
        return self.record.party


def wrong(cast: Any, photos: Any = (), scans: Any = (), by: Any = None, **typed: Any) -> dict[str, str]:
    """What the form says to what was typed."""
    record = HandCharge(community=cast.yunqi, party=cast.owner)
    files = MultiValueDict({"photos": list(photos), "scans": list(scans)})
    form = DoorForm(typed, files, instance=record, by=by or cast.wang, at=NOON)
    return {name: " ".join(map(str, words)) for name, words in form.errors.items()}


def second(cast: Any) -> Any:
    return cast.person("sunxj", "孙前台", "receptionist")


def by_hand(**more: Any) -> dict[str, Any]:
    return {"way": "hand", "signer": "赵业主", "capacity": "self", **more}


def test_somebody_signs_on_the_screen_or_on_paper(cast: Any) -> None:
    assert wrong(cast, **by_hand(signature=signature())) == {}
    assert wrong(cast, scans=[photo()], **by_hand()) == {}
    assert "请收件人在屏幕上签名" in wrong(cast, **by_hand())["signature"]
    assert "谁签收" in wrong(cast, **by_hand(signature=signature(), signer=""))["signer"]
    assert "身份" in wrong(cast, **by_hand(signature=signature(), capacity=""))["capacity"]


def test_a_refusal_needs_its_reason_two_others_who_saw_it_and_a_photograph(cast: Any) -> None:
    witnesses = {"witness_1": cast.li.pk, "witness_2": second(cast).pk}
    refused = {"way": "hand", "refused": "on", "refusal": "不认可金额", **witnesses}
    assert wrong(cast, photos=[photo()], **refused) == {}
    assert "照片" in wrong(cast, **refused)["photos"]
    assert "原因" in wrong(cast, photos=[photo()], **{**refused, "refusal": ""})["refusal"]
    twice = {**refused, "witness_2": cast.li.pk}
    assert "两名不同" in wrong(cast, photos=[photo()], **twice)["witness_2"]
    assert "送达人自己" in wrong(cast, photos=[photo()], by=cast.li, **refused)["witness_2"]


def test_a_letter_goes_with_its_number_and_is_not_refused_at_the_door(cast: Any) -> None:
    assert wrong(cast, way="courier", tracking_no="SF1234567890") == {}
    assert wrong(cast, way="registered", tracking_no="XA 0001", scans=[photo()]) == {}
    assert "单号" in wrong(cast, way="registered")["tracking_no"]
    said = {"refusal": "不收", "witness_1": cast.wang.pk, "witness_2": cast.li.pk, "tracking_no": "SF1"}
    assert "当面" in wrong(cast, photos=[photo()], by=second(cast), way="courier", refused="on", **said)["refused"]


def test_a_paper_that_nobody_brought_yet_has_reached_nobody(cast: Any, sign_in: Any) -> None:
    office = billing_of(cast)
    office.charge(35941, 11, unit=cast.home.pk, due_on=date(2026, 12, 10))
    office.out()
    notice, client = Notice.objects.get(), sign_in(office.steward)
    url = reverse("notices:notice", args=[notice.number])
    assert notice.served_on(date(2026, 12, 31), cast.yunqi.pk) is None
    page = client.get(url).content.decode()
    assert "登记送达" in page
    assert "视为送达" not in page
    office.deliver(notice)
    assert f"<dt>视为送达</dt><dd>{DOOR[:10]}</dd>" in client.get(url).content.decode()


def test_electronically_only_to_one_who_agreed(cast: Any) -> None:
    assert "没有同意" in wrong(cast, way="electronic")["way"]
    ContactWay.objects.create(
        community=cast.yunqi, party=cast.owner, way="sms", consent_how="desk", consent_at=NOON, consent_by=cast.wang
    )
    assert wrong(cast, way="electronic") == {}
    ContactWay.objects.update(withdrawn_at=NOON)
    assert "没有同意" in wrong(cast, way="electronic")["way"]
