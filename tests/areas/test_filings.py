"""租户商住情况登记 (F36): who rents or does business in a unit, until when, and what is still missing of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yihu.areas.households.models import LeaseFiling
from yihu.areas.households.schedules import turn_over
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.estate.models import Lease, Occupancy, Party
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Message, Parameter

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def morning(days: int) -> datetime:
    day = today() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 9, tzinfo=OFFICE_ZONE)


def typed(cast: Any, **more: Any) -> dict[str, Any]:
    assert cast.owner
    return {
        "unit": cast.home.pk, "name": "周租户", "phone": "13700137001", "use": "let", "lease_from": in_days(-10), "lease_to": in_days(90),
        "payer": "lessee", "fit_out": "none", "filed_on": in_days(0), **more,
    }  # fmt: skip


def filed(cast: Any, **more: Any) -> LeaseFiling:
    opened: LeaseFiling = open_record(LeaseFiling(community=cast.yunqi), by=cast.wang, data=typed(cast, **more))
    return opened


@pytest.mark.clause("ARC-07")
def test_a_filing_enters_the_lessee_and_his_lease_and_says_what_is_missing(cast: Any, sign_in: Any) -> None:
    filing = filed(cast, rent_fen="2600", persons="2")
    stay = Occupancy.objects.get(role="lessee")
    assert (stay.party.name, stay.from_on, stay.to_on) == ("周租户", filing.lease_from, filing.lease_to)
    assert Lease.objects.get(occupancy=stay).rent_fen == 260_000
    cast.home.refresh_from_db()
    assert cast.home.use == "let"
    assert filing.owner == "赵业主"
    assert filing.gaps() == ["业主书面同意", "租户证件", "公安备案"]
    filing = perform(
        filing, "complete", by=cast.wang,
        data={"owner_consent": "on", "id_seen": "on", "police_on": in_days(0), "persons": "2", "fit_out": "none"},
    )  # fmt: skip
    assert filing.gaps() == []
    shown = sign_in(cast.wang).get("/filings/").content.decode()
    assert "周租户" in shown
    assert "13700137001" not in shown


def test_business_wants_a_licence(cast: Any) -> None:
    assert "营业执照" in filed(cast, use="mixed", business="美甲").gaps()


def test_a_lessee_of_the_roll_is_taken_over_and_not_entered_twice(cast: Any, sign_in: Any) -> None:
    party = Party.objects.create(community=cast.yunqi, name="拾光设计有限公司", phone="13700137002", kind="company")
    Occupancy.objects.create(unit=cast.home, party=party, role="lessee", from_on=today() - timedelta(days=400))
    client = sign_in(cast.wang)
    gap = client.get("/households/unfiled/").context["rows"]
    assert [row["cells"][0]["text"] for row in gap] == [cast.home.label]
    assert gap[0]["late"]
    page = client.get(gap[0]["url"]).content.decode()
    assert "拾光设计有限公司" in page
    data = {**typed(cast, name="", phone="", party=party.pk, use="office"), "key": "k"}
    assert client.post(gap[0]["url"].partition("?")[0], data).status_code == 302
    assert Occupancy.objects.filter(role="lessee").count() == 1
    assert client.get("/households/unfiled/").context["rows"] == []
    with pytest.raises(Refused, match="已有登记"):
        filed(cast, name="", phone="", party=party.pk)


def test_units_said_to_be_let_without_a_lessee_are_gaps_too(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    type(cast.home).objects.filter(pk=cast.home.pk).update(use="mixed")
    rows = sign_in(cast.wang).get("/households/unfiled/?tab=use").context["rows"]
    assert [row["cells"][0]["text"] for row in rows] == [cast.home.label]


def test_before_its_end_people_are_told_once_and_on_the_day_after_it_waits(cast: Any) -> None:
    filing = filed(cast, lease_to=in_days(40))
    assert turn_over(morning(9)) == 0
    assert [turn_over(morning(10)), turn_over(morning(11))] == [1, 0]
    told = set(Message.objects.filter(record_id=filing.pk).values_list("person__name", flat=True))
    assert "王客服" in told
    assert turn_over(morning(41)) == 1
    filing.refresh_from_db()
    assert filing.state == "expired"
    with pytest.raises(Invalid):
        perform(filing, "renew", by=cast.wang, data={"until": in_days(30)})
    filing = perform(filing, "renew", by=cast.wang, data={"until": in_days(400), "rent_fen": "2800"})
    stay = Occupancy.objects.get(role="lessee")
    assert (filing.state, stay.to_on, stay.lease.rent_fen) == ("filed", filing.lease_to, 280_000)
    assert turn_over(morning(380)) == 1, "each end has its own warning"


def test_the_company_says_how_long_before(cast: Any) -> None:
    filed(cast, lease_to=in_days(40))
    Parameter.objects.create(
        community=cast.yunqi,
        name="households.lease_warning",
        value=60,
        in_force_at=morning(-30),
        by=cast.li,
        why="早些问",
    )
    assert turn_over(morning(0)) == 1


def test_given_up_early_it_ends_by_itself_and_who_left_is_ended_on_his_day(cast: Any) -> None:
    filing = perform(filed(cast), "shorten", by=cast.wang, data={"until": in_days(20), "reason": "工作调动"})
    assert Occupancy.objects.get(role="lessee").to_on == today() + timedelta(days=20)
    with pytest.raises(Invalid):
        perform(filing, "leave", by=cast.wang, data={"left_on": in_days(5), "use_after": "vacant"})
    filing = perform(
        filing, "leave", by=cast.wang, data={"left_on": in_days(-1), "use_after": "vacant", "reason": "钥匙已交"}
    )
    cast.home.refresh_from_db()
    assert (filing.state, cast.home.use) == ("ended", "vacant")
    assert not Occupancy.objects.on(today()).filter(role="lessee").exists()


def test_slips_of_the_pen_are_told(cast: Any) -> None:
    for more, said in (
        ({"lease_to": in_days(-20)}, "不能早于开始"),
        ({"lease_from": in_days(-90), "lease_to": in_days(-1)}, "已经结束"),
        ({"name": ""}, "租户的姓名"),
        ({"phone": ""}, "联系电话"),
        ({"filed_on": in_days(3)}, "不能晚于今天"),
    ):
        with pytest.raises(Invalid) as caught:
            filed(cast, **more)
        assert said in str(caught.value.form.errors)
    assert not LeaseFiling.objects.exists()


def test_who_may_not_files_nothing(cast: Any) -> None:
    with pytest.raises(NotAllowed):
        open_record(LeaseFiling(community=cast.yunqi), by=cast.chen, data=typed(cast))


def test_the_gaps_cost_the_same_for_one_and_for_many(cast: Any, sign_in: Any) -> None:
    def lessee(room: str) -> None:
        party = Party.objects.create(community=cast.yunqi, name=f"租户{room}")
        Occupancy.objects.create(unit=cast.unit(room), party=party, role="lessee")

    client = sign_in(cast.wang)
    lessee("0201")
    with CaptureQueriesContext(connection) as few:
        client.get("/households/unfiled/")
    for number in range(60):
        lessee(f"{number:02d}02")
    with CaptureQueriesContext(connection) as many:
        first = client.get("/households/unfiled/")
    assert len(many) == len(few)
    assert len(first.context["rows"]) == 50
    second = client.get(f"/households/unfiled/{first.context['next_url']}")
    seen = [row["cells"][0]["text"] for page in (first, second) for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == 61
