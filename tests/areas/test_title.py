"""过户: title passes on a day, to whom and in which shares; who owned it on any day is known for ever after."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.doing import log_contact
from yihu.areas.households.models import Transfer
from yihu.areas.households.schedules import turn_over
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.estate.tenure import holders
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def morning_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=OFFICE_ZONE)


def typed(cast: Any, **more: Any) -> dict[str, Any]:
    assert cast.owner
    return {
        "unit": cast.home.pk, "how": "sale", "proof": "title", "proof_no": "0012345", "proof_seen": "on", "on": today().isoformat(),
        "name_1": "孙新主", "phone_1": "13900139001", "id_no_1": "", **more,
    }  # fmt: skip


def transfer(cast: Any, **more: Any) -> Transfer:
    opened: Transfer = open_record(Transfer(community=cast.yunqi), by=cast.wang, data=typed(cast, **more))
    return opened


def names(cast: Any, day: date) -> list[str]:
    return [stay.party.name for stay in holders(cast.home.pk, day)]


def refusal(cast: Any, **more: Any) -> str:
    with pytest.raises(Invalid) as caught:
        transfer(cast, **more)
    assert Occupancy.objects.count() == 1
    return " ".join(str(error) for errors in caught.value.form.errors.values() for error in errors)


def test_title_passes_in_the_middle_of_a_month_and_both_owners_are_known(cast: Any) -> None:
    done = transfer(cast)
    assert (done.state, done.old_owners, done.new_owners) == ("done", "赵业主", "孙新主")
    assert names(cast, today() - timedelta(days=1)) == ["赵业主"]
    assert names(cast, today()) == names(cast, today() + timedelta(days=400)) == ["孙新主"]
    new = Occupancy.objects.get(party__name="孙新主")
    assert (new.share, new.to_on) == (1, None)


def test_a_transfer_to_come_takes_effect_on_its_day_by_itself(cast: Any) -> None:
    day = today() + timedelta(days=9)
    planned = transfer(cast, on=day.isoformat())
    assert planned.state == "planned"
    assert names(cast, today()) == names(cast, day - timedelta(days=1)) == ["赵业主"]
    assert names(cast, day) == ["孙新主"]
    assert turn_over(morning_of(day - timedelta(days=1))) == 0
    assert [turn_over(morning_of(day)), turn_over(morning_of(day))] == [1, 0]
    planned.refresh_from_db()
    assert planned.state == "done"


def test_owners_in_shares_make_a_whole_or_own_all_together(cast: Any) -> None:
    assert "现在是 90%" in refusal(cast, share_1="60", name_2="孙二", share_2="30")
    assert "每一位的份额" in refusal(cast, share_1="60", name_2="孙二")
    transfer(cast, share_1="66.67", name_2="孙二", share_2="33.33")
    shares = Occupancy.objects.filter(from_on=today()).order_by("place").values_list("party__name", "share")
    assert [(name, str(share)) for name, share in shares] == [("孙新主", "0.6667"), ("孙二", "0.3333")]


def test_owning_all_together_needs_no_shares(cast: Any) -> None:
    transfer(cast, name_2="孙二")
    assert set(Occupancy.objects.filter(from_on=today()).values_list("share", flat=True)) == {None}


def test_an_heir_who_was_an_owner_already_stays_with_another_share(cast: Any) -> None:
    transfer(
        cast, how="inheritance", party_1=cast.owner.pk, name_1="", phone_1="", share_1="50", name_2="赵子", share_2="50"
    )
    assert names(cast, today()) == ["赵业主", "赵子"]
    assert Party.objects.filter(name="赵业主").count() == 1
    stays = Occupancy.objects.filter(party=cast.owner).order_by("from_on").values_list("share", "to_on")
    assert next(iter(stays)) == (None, today() - timedelta(days=1))


def test_what_is_missing_or_written_twice_is_said(cast: Any) -> None:
    assert "新业主的姓名" in refusal(cast, name_1="", phone_1="")
    assert "没有写姓名" in refusal(cast, share_1="50", share_2="50")
    assert "写了两次" in refusal(cast, party_1=cast.owner.pk, party_2=cast.owner.pk, share_1="50", share_2="50")
    assert refusal(cast, proof_seen="")
    assert "最近十年" in refusal(cast, on="1999-01-01")


def test_before_its_day_it_is_put_off_or_undone_as_if_it_had_not_been(cast: Any) -> None:
    day, later = today() + timedelta(days=9), today() + timedelta(days=20)
    planned = transfer(cast, on=day.isoformat())
    planned = perform(planned, "put_off", by=cast.wang, data={"on": later.isoformat(), "reason": "银行放款推迟"})
    assert (names(cast, day), names(cast, later)) == (["赵业主"], ["孙新主"])
    planned = perform(planned, "undo", by=cast.wang, data={"reason": "交易取消"})
    assert (planned.state, names(cast, later)) == ("undone", ["赵业主"])
    assert Occupancy.objects.get().to_on is None
    assert not Party.objects.filter(name="孙新主").exists(), "who was entered for it alone is forgotten"


def test_once_in_effect_it_is_not_undone(cast: Any) -> None:
    day = today() + timedelta(days=3)
    planned = transfer(cast, on=day.isoformat())
    with pytest.raises(Refused, match="已经生效"):
        perform(planned, "undo", by=cast.wang, data={"reason": "x"}, at=morning_of(day))
    assert names(cast, day) == ["孙新主"]


def test_a_second_transfer_before_the_first_is_refused(cast: Any) -> None:
    day = today() + timedelta(days=9)
    transfer(cast, on=day.isoformat())
    with pytest.raises(Refused, match="起的业主 孙新主"):
        transfer(cast, name_1="钱后到")
    assert names(cast, today()) == ["赵业主"]


def test_it_is_not_withdrawn_and_leaves_the_lease_alone(cast: Any) -> None:
    lessee = Party.objects.create(community=cast.yunqi, name="周租户", phone="13700137001")
    Occupancy.objects.create(unit=cast.home, party=lessee, role="lessee")
    done = transfer(cast, on=(today() + timedelta(days=2)).isoformat())
    with pytest.raises(Refused, match="撤销过户"):
        perform(done, "withdraw", by=cast.wang, data={"reason": "写错"})
    assert [stay.party.name for stay in holders(cast.home.pk, today() + timedelta(days=9), "lessee")] == ["周租户"]


def test_who_was_changed_while_one_typed_is_told(cast: Any) -> None:
    assert cast.owner
    seen = str(Occupancy.objects.get().pk)
    transfer(cast, owners_seen=seen)
    with pytest.raises(Invalid) as caught:
        transfer(cast, owners_seen=seen, name_1="钱后到", on=(today() + timedelta(days=5)).isoformat())
    assert "已被别人改过" in str(caught.value.form.errors)


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_once_make_one_new_owner(cast: Any) -> None:
    told = [typed(cast, name_1=name) for name in ("孙新主", "钱后到")]
    people, fates = [cast.wang, cast.li], []
    start = threading.Barrier(2)

    def go(number: int) -> None:
        close_old_connections()
        try:
            start.wait(10)
            open_record(Transfer(community=cast.yunqi), by=people[number], data=told[number])
            fates.append("done")
        except (Refused, Conflict) as error:
            fates.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(fates) == ["Refused", "done"]
    assert len(names(cast, today())) == 1
    assert Transfer.objects.count() == 1


def test_strangers_pass_no_title(cast: Any) -> None:
    with pytest.raises(NotAllowed):
        open_record(Transfer(community=cast.yunqi), by=cast.chen, data=typed(cast))


def test_no_personal_value_stands_in_the_journal(cast: Any) -> None:
    transfer(cast)
    told = " ".join(f"{one.sentence} {one.changed}" for one in JournalEntry.objects.all())
    assert f"{Party.objects.get(name='孙新主').pk} 号客户" in told
    assert "孙新主" not in told
    assert "13900139001" not in told


# ------------------------------------------------------------------------------------------------------------ on the pages


def test_from_the_unit_file_to_the_new_owner(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    log_contact(cast)
    client = sign_in(cast.wang)
    shown = client.get(f"/units/{cast.home.pk}/").content.decode()
    assert f"/transfers/new/?unit={cast.home.pk}" in shown
    assert "资料未核对" in shown
    assert client.get(f"/transfers/new/?unit={cast.home.pk}").status_code == 200
    before = client.get(f"/households/before/?unit={cast.home.pk}").content.decode()
    assert "赵业主" in before
    assert "138****8112" in before
    assert "厨房水龙头漏水" in before
    answer = client.post("/transfers/new/", {**typed(cast), "key": "k"})
    assert answer.status_code == 302
    record = client.get(answer.headers["Location"]).content.decode()
    assert "孙新主" in record
    assert "139****9001" in record


def test_who_owned_it_on_a_day_is_a_question_on_a_page(cast: Any, sign_in: Any) -> None:
    transfer(cast)
    client = sign_in(cast.wang)
    page = f"/households/titles/{cast.home.pk}/"
    then = client.get(f"{page}?on={today() - timedelta(days=30)}").context["on_day"]
    now = client.get(f"{page}?on={today()}").context["on_day"]
    assert ([one["name"] for one in then], [one["name"] for one in now]) == (["赵业主"], ["孙新主"])
    assert "日期写成" in client.get(f"{page}?on=2026-13-45").content.decode()
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page)
    for number in range(5):
        party = Party.objects.create(community=cast.yunqi, name=f"早年业主{number}")
        Occupancy.objects.create(
            unit=cast.home,
            party=party,
            role="owner",
            from_on=date(2000 + number, 1, 1),
            to_on=date(2000 + number, 12, 31),
        )
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
    assert sign_in(cast.lin).get(page).status_code == 404


def test_numbers_of_one_who_has_moved_away_are_for_fewer_eyes(cast: Any, sign_in: Any) -> None:
    url = f"/parties/{cast.owner.pk}/reveal/phone/"
    assert sign_in(cast.wang).post(url, {"reason": "回电联系"}).status_code == 200
    transfer(cast)
    assert sign_in(cast.wang).post(url, {"reason": "回电联系"}).status_code == 404
    assert "13800138112" in sign_in(cast.li).post(url, {"reason": "旧欠费"}).content.decode()
