"""往来单位: a developer who owns nothing here becomes a customer at the desk, and pays for what is not handed over."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.harness.breaking import at_once
from yihu.areas.billing.tariffs.models import Developer
from yihu.ground.estate import corrections
from yihu.ground.estate.models import Building, Party
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db
NEW, LIST = "/estate/parties/new/", "/estate/parties/"
FIRM = {
    "kind": "company",
    "name": "云栖置业有限公司",
    "contact_name": "周经理",
    "phone": "13800138999",
    "remark": "开发商",
}


def add(cast: Any, by: Any = None, key: str = "one", **more: Any) -> Party:
    return corrections.add_party(cast.yunqi, {**FIRM, **more}, by=by or cast.wang, key=key)


def test_from_the_desk_to_the_developer_who_pays(cast: Any, sign_in: Any) -> None:
    desk, manager = sign_in(cast.wang), sign_in(cast.xiang)
    assert LIST in desk.get(reverse("estate:units")).content.decode()
    assert NEW in desk.get(LIST).content.decode()
    for _ in range(2):
        answer = desk.post(NEW, {**FIRM, "key": "k"})
    party = Party.objects.get(name=FIRM["name"])
    assert answer["Location"] == party.get_absolute_url()
    page = desk.get(LIST).content.decode()
    assert FIRM["name"] in page
    assert "13800138999" not in page
    assert "赵业主" not in page  # who has a house here stands in the roll
    assert FIRM["name"] in desk.get(f"{LIST}?q=云栖置业").content.decode()
    assert FIRM["name"] not in desk.get(f"{LIST}?q=别家").content.decode()
    found = desk.get(f"{reverse('estate:pick_party')}?q=云栖置业").json()["results"]
    assert [one["value"] for one in found] == [party.pk]
    assert reverse("estate:edit_party", args=[party.pk]) in desk.get(party.get_absolute_url()).content.decode()
    form = manager.get(reverse("tariffs:new_developer")).content.decode()
    assert "房屋 → 往来单位" in form
    said = {"key": "d", "party": party.pk, "cluster": "", "from_on": "2026-11-01", "to_on": ""}
    assert manager.post(reverse("tariffs:new_developer"), said).status_code == 302
    assert Developer.objects.get().party == party
    told = JournalEntry.objects.get(book__register="estate.party", book__object_id=str(party.pk), step="add")
    assert told.sentence == f"{cast.wang} 登记往来单位 {party.pk} 号客户"


def test_who_built_here_and_is_no_customer_is_offered(cast: Any, sign_in: Any) -> None:
    Building.objects.create(community=cast.yunqi, code="B9", developer="云栖置业有限公司")
    client = sign_in(cast.wang)
    page = client.get(LIST).content.decode()
    assert "还没有登记，出账时选不到" in page
    form = client.get(f"{NEW}?name=云栖置业有限公司").content.decode()
    assert 'value="云栖置业有限公司"' in form
    assert "还没有登记，出账时选不到" not in sign_in(cast.xiang).get(LIST).content.decode()  # he may not enter it
    add(cast)
    assert "还没有登记，出账时选不到" not in client.get(LIST).content.decode()


def test_nobody_is_entered_twice(cast: Any, sign_in: Any) -> None:
    add(cast)
    with pytest.raises(Refused, match="本项目已有单位“云栖置业有限公司”"):
        add(cast, key="two")
    person = {"kind": "person", "name": "周广告", "phone": "13800138777", "id_no": "110105194912310021"}
    add(cast, key="three", **person)
    with pytest.raises(Refused, match="姓名和证件号都相同"):
        add(cast, key="four", **person)
    with pytest.raises(Refused, match="姓名和电话都相同"):
        add(cast, key="five", **{**person, "id_no": ""})
    namesake = add(cast, key="six", **{**person, "id_no": "", "phone": "13800138666"})
    assert namesake.pk
    answer = sign_in(cast.wang).post(NEW, {**FIRM, "key": "z"})
    assert "直接选用就行" in answer.content.decode()
    assert Party.objects.filter(name=FIRM["name"]).count() == 1


def test_who_may_enter_and_who_may_look(cast: Any, sign_in: Any) -> None:
    archivist = cast.person("dang", "档案员", "archivist")
    assert sign_in(archivist).get(NEW).status_code == 200
    collector = cast.person("shou", "寿收费", "fee_collector")
    assert sign_in(collector).get(LIST).status_code == 200
    for person in (collector, cast.xiang):
        assert sign_in(person).get(NEW).status_code == 403
        with pytest.raises(NotAllowed):
            add(cast, by=person, key=f"no-{person.pk}")
    assert sign_in(cast.chen).get(LIST).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_clerks_enter_the_same_firm_at_once(cast: Any) -> None:
    people = (cast.wang, cast.li)
    fates = at_once(2, lambda at: add(cast, by=people[at], key=f"k{at}"))
    assert fates.count("done") == 1
    assert Party.objects.filter(name=FIRM["name"]).count() == 1
