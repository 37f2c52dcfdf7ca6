"""收费档案 (ARC-12): a closed month's records, whole, sealed, in the custody of finance for decades."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.areas.test_data_requests import ask, decide
from tests.support.doing import at
from tests.support.paying import Counter, counter_of
from yihu.areas.cashier.applying.models import FeeArchive
from yihu.ground.estate.models import Occupancy
from yihu.ground.ledger.models import Receipt
from yihu.ground.ledger.posting import close_period
from yihu.kernel import files
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from yihu.kernel.models import Attachment, Parameter
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db
SECOND = "2026-11-02 09:00"


@pytest.fixture
def counter(cast: Any) -> Counter:
    counter = counter_of(cast)
    charge = counter.charge(35941, 10, when="2026-10-24 10:00")
    counter.settle(counter.receive(20000, when="2026-10-28 10:00"), charge, when="2026-10-28 10:00")
    return counter


def closed(counter: Counter, through: date = date(2026, 10, 31)) -> None:
    counter.does(counter.accountant, lambda books: close_period(books, through, "月结"), SECOND)


def archives(when: str = "2026-11-02 10:00") -> list[FeeArchive]:
    return come_round(at(when), "fee-archive")


@pytest.mark.clause("ARC-12")
def test_a_closed_month_is_archived_whole_and_sealed_and_kept_by_finance(counter: Counter, sign_in: Any) -> None:
    cast = counter.cast
    assert archives() == []  # nothing before the month is closed
    closed(counter)
    (archive,) = archives()
    assert archives("2026-11-03 10:00") == []
    assert (archive.period, archive.file_count, archive.keep_until) == ("2026-10", 2, date(2056, 10, 31))
    found = {one.name: one for one in Attachment.objects.filter(record_id=archive.pk)}
    assert sorted(found) == ["收据清单-2026-10-1.xlsx", "收费台账-2026-10.xlsx"]
    for one in found.values():
        assert b"PK" not in default_storage.open(one.path).read(64)[:4]  # sealed where it lies
    rows = [
        [str(cell) for cell in row]
        for one in found.values()
        for sheet in (CalamineWorkbook.from_filelike(_plain(one)),)
        for row in sheet.get_sheet_by_index(0).to_python()
    ]
    assert any("159.41" in row for row in rows)  # what was still owed at the end of the month
    assert any("YQ-SJ-2026-000001" in row and "200.0" in row for row in rows)
    for person in (counter.collector, cast.wang, cast.li):
        assert sign_in(person).get(archive.get_absolute_url()).status_code == 404
        assert sign_in(person).get(f"/files/{found['收费台账-2026-10.xlsx'].pk}/").status_code == 404
    assert sign_in(counter.head).get(archive.get_absolute_url()).status_code == 200
    with pytest.raises(Refused, match=r"财务保管至 2056-10-31，不能撤回"):
        perform(archive, "withdraw", by=counter.head, data={"reason": "不要了"})
    with pytest.raises(NotFound):
        perform(archive, "take", by=counter.collector, data={"place": "柜"})
    archive = perform(archive, "take", by=counter.accountant, data={"place": "财务室保险柜 2 号"})
    assert (archive.state, archive.handler) == ("kept", counter.accountant)
    with pytest.raises(Refused):
        perform(archive, "withdraw", by=counter.head, data={"reason": "不要了"})


@pytest.mark.clause("ARC-12")
def test_whoever_is_forgotten_elsewhere_stays_in_the_books(counter: Counter) -> None:
    """Accounts are kept for decades: whoever asks to be forgotten stays in them, and in nothing else."""
    closed(counter)
    (archive,) = archives()
    receipt = Receipt.objects.get()
    payer = receipt.payer_name
    words = [_plain(one).read() for one in Attachment.objects.filter(record_id=archive.pk).order_by("pk")]
    left = timezone.localdate() - timedelta(days=400)
    Occupancy.objects.filter(party=receipt.party).update(from_on=date(2009, 1, 1), to_on=left)
    request = decide(ask(counter.cast, "erase"), counter.cast.gao)
    money = next(item for item in request.items if item["code"] == "money")
    assert (money["decision"], "30 年" in money["reason"]) == ("lock", True)
    perform(request, "carry_out", by=counter.cast.li)
    receipt.refresh_from_db()
    assert receipt.payer_name == payer
    assert [_plain(one).read() for one in Attachment.objects.filter(record_id=archive.pk).order_by("pk")] == words


def _plain(one: Attachment) -> Any:
    return BytesIO(files.read(one.path))


def test_only_a_closed_month_once_and_for_as_long_as_the_company_says(counter: Counter) -> None:
    yunqi, system = counter.cast.yunqi, authority().system()
    with pytest.raises(Invalid, match="还没有结账"):
        open_record(FeeArchive(community=yunqi), by=system, data={"period": "2026-10"}, at=at(SECOND))
    closed(counter)
    for wrong in ("2026-13", "十月", "2026"):
        with pytest.raises(Invalid):
            open_record(FeeArchive(community=yunqi), by=system, data={"period": wrong}, at=at(SECOND))
    Parameter.objects.create(
        community=yunqi, name="applying.keep_years", value=10, in_force_at=at("2026-01-01 00:00"), by=counter.cast.xiang
    )
    found = {one.period: one.keep_until for one in archives()}
    assert found["2026-10"] == date(2036, 10, 31)
    with pytest.raises(NotAllowed):
        open_record(FeeArchive(community=yunqi), by=counter.head, data={"period": "2026-09"}, at=at(SECOND))
