"""删除 reaches the paper that was handed to him out of somebody else's matter: his receipt of a 集体投诉 (PIPL 47)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_complaints_of_many import OUTAGE, calls
from tests.areas.test_data_requests import ended
from tests.areas.test_erasing import CANARY, ID_NO, erase
from tests.support import sheets
from tests.support.complaining import complain
from yihu.areas.complaints.joined_receipts import print_one
from yihu.areas.complaints.models import Household
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.models import IssuedCopy, LockedFile, Record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("years", "word"), [(6, "依法删除"), (1, "依法锁定")])
def test_his_receipt_goes_or_is_sealed_and_his_neighbours_stays(cast: Any, sign_in: Any, years: int, word: str) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang))
    Party.objects.filter(pk=cast.owner.pk).update(name=CANARY)
    party = Party.objects.get(pk=cast.owner.pk)
    party.id_no = ID_NO
    party.save()
    complaint = complain(cast, content=OUTAGE, unit=cast.unit("0102").pk, caller_name="钱邻居")
    calls(cast, cast.home, complaint, party=party.pk, name=CANARY)
    calls(cast, cast.unit("0103"), complaint, name="孙邻居")
    for household in Household.objects.order_by("pk"):
        print_one(household, by=cast.wang, now=timezone.now())
    his, hers = IssuedCopy.objects.order_by("pk")
    assert (his.party_id, hers.party_id) == (party.pk, None)
    left = timezone.localdate() - timedelta(days=366 * 6)
    Occupancy.objects.filter(party=party).update(from_on=left - timedelta(days=99), to_on=left)
    for record in Record.objects.all():
        ended(record, years)
    erase(cast)
    his, hers = IssuedCopy.objects.order_by("pk")
    assert his.name == f"{word}.txt"
    assert LockedFile.objects.filter(row=his.pk, model="kernel.issuedcopy").exists() == (years == 1)
    manager = sign_in(cast.gao)
    shown = b"".join(manager.get(reverse("kernel:issued", args=[his.pk])).streaming_content)
    assert word in shown.decode()
    kept = b"".join(manager.get(reverse("kernel:issued", args=[hers.pk])).streaming_content)
    assert "孙邻居" in sheets.text_of(kept)
