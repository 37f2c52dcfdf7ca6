"""删除 leaves the neighbours theirs: the receipts that were handed to them stay readable, without a word of him (PIPL 47)."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from tests.areas.test_complaints_of_many import OUTAGE, calls
from tests.areas.test_data_requests import answer, ask, decide, ended
from tests.areas.test_erasing import CANARY, ID_NO, erase
from tests.support import sheets
from tests.support.complaining import complain, to_opinion
from tests.support.doing import photo, sentences
from yihu.areas.complaints.joined_receipts import print_one
from yihu.areas.complaints.models import Household
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel import prints
from yihu.kernel.doors import perform
from yihu.kernel.journal import verify
from yihu.kernel.models import Attachment, IssuedCopy, LockedFile, Record
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
SAID = f"已和{CANARY}约好，以后停水提前一天贴通知"


@pytest.fixture
def matter(cast: Any) -> Any:
    """金丝雀 complained, 钱邻居 and 孙邻居 joined; the answer to 钱邻居 names him. Each was handed his receipt."""
    assert all((cast.wang, cast.li, cast.gao, cast.xiang, cast.gong))
    Party.objects.filter(pk=cast.owner.pk).update(name=CANARY)
    party = Party.objects.get(pk=cast.owner.pk)
    party.id_no = ID_NO
    party.save()
    complaint = complain(cast, content=OUTAGE, party=party.pk, caller_name=CANARY)
    for room, name in (("0102", "钱邻居"), ("0103", "孙邻居")):
        calls(cast, cast.unit(room), complaint, name=name)
    qian = Household.objects.earliest("pk")
    told = to_opinion(cast, complaint)
    told = perform(told, "answer", by=cast.wang, data={"households": [qian.pk], "answer": SAID})
    handing = {"households": [qian.pk], "way": "door"}
    perform(told, "hand_joined", by=cast.wang, data=handing, files={"scans": [photo("签收.png")]})
    own = {"receipt_way": "door"}
    told = perform(told, "hand_receipt", by=cast.wang, data=own, files={"scans": [photo("本人签收.png")]})
    receipt = next(one for one in procedure_of(complaint).prints if one.name == "receipt")
    prints.print_record(receipt, told, by=cast.wang)
    for household in Household.objects.order_by("pk"):
        print_one(household, by=cast.wang, now=timezone.now())
    return told


def leaves(cast: Any, years: int) -> None:
    """He left long ago; the complaint was closed that many years ago."""
    left = timezone.localdate() - timedelta(days=366 * 6)
    Occupancy.objects.filter(party=cast.owner).update(from_on=left - timedelta(days=99), to_on=left)
    for record in Record.objects.all():
        ended(record, years)


def read(client: Any, copy: IssuedCopy) -> bytes:
    return b"".join(client.get(reverse("kernel:issued", args=[copy.pk])).streaming_content)


@pytest.mark.parametrize("years", [6, 1])
def test_the_neighbours_receipts_stay_without_his_name(cast: Any, sign_in: Any, matter: Any, years: int) -> None:
    desk = sign_in(cast.wang)
    own, first, second = IssuedCopy.objects.order_by("pk")
    before = {one.pk: (one.sha256, one.size) for one in (own, first, second)}
    assert CANARY in sheets.text_of(read(desk, first))
    leaves(cast, years)
    erase(cast)
    own, first, second = IssuedCopy.objects.order_by("pk")
    # his own: gone when its time is over; kept and shut by his lock until then
    assert (own.name == "依法删除.txt") == (years == 6)
    if years == 1:
        assert desk.get(reverse("kernel:issued", args=[own.pk])).status_code != 200
    # 孙邻居's does not name him: not a byte is another
    assert (second.sha256, second.size) == before[second.pk]
    assert "孙邻居" in sheets.text_of(read(desk, second))
    # 钱邻居's: everything of his, nothing of 金丝雀
    pdf = read(desk, first)
    said = sheets.text_of(pdf)
    for kept in ("钱邻居", "A1-1-0102", matter.number, "第2户", "约好", "提前一天贴通知"):
        assert kept in said, kept
    assert CANARY not in said
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert first.run.subject.endswith("第 2 户")
    kept = LockedFile.objects.filter(model="kernel.issuedcopy", row=first.pk)
    assert kept.exists() == (years == 1)  # as long as the matter must be kept, the original lies sealed
    assert any("遮盖别人的姓名" in one for one in sentences(matter))
    assert verify(Record.objects.get(pk=matter.pk)) == []
    # what 钱邻居 signed, and that he has his receipt, stands as before
    household = Household.objects.earliest("pk")
    assert (household.receipt_way, household.name) == ("door", "钱邻居")
    assert household.receipt_signed is not None
    assert household.receipt_signed.name == "签收.png"
    assert desk.get(reverse("kernel:file", args=[household.receipt_signed_id])).status_code == 200
    assert CANARY not in household.answer
    # what he signed himself is gone with him, or shut
    signed = Attachment.objects.filter(record=matter).exclude(pk=household.receipt_signed_id).get()
    assert (signed.name == "依法删除.txt") == (years == 6)
    assert (desk.get(reverse("kernel:file", args=[signed.pk])).status_code == 200) == (years == 6)


def test_when_the_lock_is_opened_the_original_stands_there_again(cast: Any, sign_in: Any, matter: Any) -> None:
    first = IssuedCopy.objects.order_by("pk")[1]
    leaves(cast, 1)
    erase(cast)
    masked = IssuedCopy.objects.get(pk=first.pk)
    assert masked.sha256 != first.sha256
    back = decide(ask(cast, "unlock", id_last4="002X"), cast.gao)
    answer(perform(back, "carry_out", by=cast.li), cast.wang)
    again = IssuedCopy.objects.get(pk=first.pk)
    assert (again.sha256, again.name) == (first.sha256, first.name)
    assert CANARY in sheets.text_of(read(sign_in(cast.wang), again))


def test_a_sheet_that_cannot_be_read_goes_whole(cast: Any, sign_in: Any, matter: Any) -> None:
    first = IssuedCopy.objects.order_by("pk")[1]
    odd = Attachment.objects.filter(record=matter, name="签收.png").get()
    IssuedCopy.objects.filter(pk=first.pk).update(path=odd.path, sha256=odd.sha256, size=odd.size, mime=odd.mime)
    leaves(cast, 6)
    erase(cast)
    first.refresh_from_db()
    assert first.name == "依法删除.txt"
    assert any("取下" in one for one in sentences(matter))


def test_the_neighbour_who_is_erased_loses_what_he_signed_and_nobody_else(cast: Any, sign_in: Any) -> None:
    assert all((cast.wang, cast.li, cast.gao, cast.xiang))
    Party.objects.filter(pk=cast.owner.pk).update(name=CANARY)
    party = Party.objects.get(pk=cast.owner.pk)
    party.id_no = ID_NO
    party.save()
    complaint = complain(cast, content=OUTAGE, unit=cast.unit("0102").pk, caller_name="钱邻居")
    calls(cast, cast.home, complaint, party=party.pk, name=CANARY)
    calls(cast, cast.unit("0103"), complaint, name="孙邻居")
    his, hers = Household.objects.order_by("pk")
    complaint.refresh_from_db()
    for household in (his, hers):
        data = {"households": [household.pk], "way": "hand"}
        complaint = perform(
            complaint, "hand_joined", by=cast.wang, data=data, files={"scans": [photo(f"签收{household.pk}.png")]}
        )
    leaves(cast, 6)
    erase(cast)
    his.refresh_from_db()
    hers.refresh_from_db()
    assert his.receipt_signed is not None
    assert hers.receipt_signed is not None
    assert (his.receipt_signed.name, hers.receipt_signed.name) == ("依法删除.txt", f"签收{hers.pk}.png")
