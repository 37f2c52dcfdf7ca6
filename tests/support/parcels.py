"""Parcels for the tests: one taken in, who agreed to messages, who lives there."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tests.support.doing import signature
from yihu.areas.parcels.models import ParcelCustody
from yihu.ground.sending.models import ContactWay
from yihu.kernel.doors import open_record


def take(cast: Any, number: str = "SF1088812340001", **typed: Any) -> ParcelCustody:
    """王客服 takes one in for the home, whose owner is 赵业主."""
    assert cast.owner
    data = {"unit": cast.home.pk, "tracking_no": number, "sort": "ordinary", "shelf": "A1", **typed}
    taken: ParcelCustody = open_record(ParcelCustody(community=cast.yunqi), by=cast.wang, data=data)
    return taken


def agrees(cast: Any, party: Any = None) -> None:
    agreed = {"consent_how": "desk", "consent_at": timezone.now(), "consent_by": cast.wang}
    ContactWay.objects.create(community=cast.yunqi, party=party or cast.owner, way="sms", **agreed)


def signed(**typed: Any) -> dict[str, Any]:
    return {"relation": "self", "signature": signature(), **typed}


def errors_of(refused: Any) -> str:
    return str(refused.value.form.errors)
