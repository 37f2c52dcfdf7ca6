"""邮件代收, where it is seen: the file, the search, the shelves, the day's sheet, on paper (MAI-01, DESK-09)."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import asked, text_of
from tests.support import sheets
from tests.support.doing import log_contact
from tests.support.parcels import signed, take
from yihu.areas.duties.models import DaySheet
from yihu.areas.duties.printing import shown
from yihu.areas.parcels.models import ParcelCustody
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import NotFound
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


@pytest.mark.clause("DESK-09")
def test_the_file_and_the_desk_say_how_many_wait(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    log_contact(cast)  # of a household with nothing in hand the file asks less
    desk, file, beside = sign_in(cast.wang), f"/units/{cast.home.pk}/", reverse("reception:beside")
    desk.get(file)
    questions = len(asked(desk, file))
    take(cast)
    take(cast, "SF1088812340002")
    take(cast, "SF1088812340003", fault="refused", fault_note="不收")
    for page in (desk.get(file), desk.get(beside, {"unit": cast.home.pk})):
        assert "快递 2 件待取" in text_of(page)
        assert f'href="{reverse("parcels:pickup")}?unit={cast.home.pk}"' in page.content.decode()
    assert len(asked(desk, file)) <= questions + 1  # the clocks of open matters, as with any matter
    waiting = text_of(desk.get(reverse("parcels:pickup"), {"unit": cast.home.pk}))
    assert "尾号 0001" in waiting
    assert "签收取件" in waiting
    assert "件待取" not in text_of(sign_in(cast.gong).get(beside, {"unit": cast.home.pk}))


@pytest.mark.parametrize("words", ["40001", "SF1088812340001", "sf1088812340001", "0001"])
def test_the_search_box_finds_it_by_its_end(cast: Any, sign_in: Any, words: str) -> None:
    assert cast.owner
    parcel = take(cast)
    box = {"HX-Request": "true"}
    found = sign_in(cast.wang).get("/search/", {"q": words}, headers=box).content.decode()
    assert f'href="{parcel.get_absolute_url()}"' in found
    for other in (cast.lin, cast.chen):
        assert (
            parcel.get_absolute_url() not in sign_in(other).get("/search/", {"q": words}, headers=box).content.decode()
        )


def test_the_box_of_the_pickup_page_takes_number_room_and_name(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    parcel, desk, page = take(cast), sign_in(cast.wang), reverse("parcels:pickup")
    for words in ("0001", "0101", "赵业主", "zyz"):
        assert parcel.get_absolute_url() in desk.get(page, {"q": words}).content.decode(), words
    assert parcel.get_absolute_url() not in sign_in(cast.lin).get(page, {"q": "0001"}).content.decode()


def test_the_shelves_are_a_list_that_prints(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    take(cast)
    take(cast, "JD0088812340002", shelf="B2")
    gone = perform(take(cast, "SF1088812340003"), "sign", by=cast.wang, data=signed())
    client, page = sign_in(cast.wang), reverse("parcels:shelves")
    words = text_of(client.get(page))
    assert words.index("尾号 0001") < words.index("尾号 0002")
    assert gone.what not in words
    assert "尾号 0001" not in text_of(client.get(page, {"shelf": "B2"}))
    assert "尾号0002" in sheets.text_of(client.get(page, {"as": "pdf"}).content)


def test_the_days_sheet_counts_them_where_parcels_are_taken_in(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    now = timezone.now()
    sheet = next(one for one in come_round(now) if isinstance(one, DaySheet) and one.community_id == cast.yunqi.pk)
    client, page = sign_in(cast.li), sheet.get_absolute_url()
    assert "邮件代收 代收" not in text_of(client.get(page))
    take(cast)
    perform(take(cast, "SF1088812340002"), "sign", by=cast.wang, data=signed())
    figures = {one["key"]: one["value"] for one in shown(sheet, cast.li)["parcels"]}
    assert figures == {
        "parcels.came": 2,
        "parcels.picked": 1,
        "parcels.returned": 0,
        "parcels.lying": 1,
        "parcels.late": 0,
    }
    assert "在存" in text_of(client.get(page))
    assert "邮件代收" in sheets.text_of(client.get(f"{page}print/day_sheet/").content)


def test_slip_and_register_on_paper(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    parcel, client = take(cast), sign_in(cast.wang)
    slip = sheets.text_of(client.get(f"{parcel.get_absolute_url()}print/pickup_slip/").content)
    for words in (parcel.code, "A1-1-0101", "赵**", "顺丰尾号0001", "08:30至22:00"):
        assert words in slip
    assert "赵业主" not in slip
    letter = take(cast, "XA12345678911", sort="registered", shelf="挂")
    assert "带证件来签收" in sheets.text_of(client.get(f"{letter.get_absolute_url()}print/pickup_slip/").content)
    perform(letter, "sign", by=cast.wang, data=signed(id_type="card", id_last4="5647"))
    month = sheets.text_of(client.get(f"{letter.get_absolute_url()}print/parcel_register/").content)
    for words in ("邮件代收登记表", "共2件", "XA12345678911", "挂号信", "本人签字"):
        assert words in month.replace("\u200b", "")
    again = sheets.text_of(client.get(f"{letter.get_absolute_url()}print/pickup_slip/").content)
    assert "已取" in again


def test_the_other_community_has_no_part_in_it(cast: Any, sign_in: Any) -> None:
    parcel = take(cast)
    with pytest.raises(NotFound):
        perform(parcel, "sign", by=cast.lin, data=signed())
    theirs = open_record(
        ParcelCustody(community=cast.qinghe), by=cast.lin,
        data={"tracking_no": parcel.tracking_no, "sort": "ordinary", "shelf": "A1", "fault": "wrong", "fault_note": "不是这里的"},
    )  # fmt: skip
    assert theirs.state == "to_return"  # what another community holds is no word of ours
    typed = {"key": "k", "number": parcel.number, "shown_code": parcel.code}
    assert "没有找到这一件" in text_of(sign_in(cast.lin).post(reverse("parcels:hand"), typed, follow=True))
