"""Logging a contact while the telephone rings: nothing is asked twice, nobody is taken for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.fronts.looking import text_of
from tests.support.doing import log_contact, the_order
from yihu.areas.reception.models import Contact, Matter
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.estate.models import Occupancy, Party

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
NEW = "/reception/new/"


def typed(unit: Any, **more: Any) -> dict[str, Any]:
    return {
        "key": "k1", "unit": unit.pk, "relation": "owner", "channel": "phone", "category": "repair",
        "content": "厨房水龙头漏水", **more,
    }  # fmt: skip


def test_the_person_of_the_file_stands_in_the_form(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    tenant = Party.objects.create(community=cast.yunqi, name="孙租客", phone="13711112222")
    Occupancy.objects.create(unit=cast.home, party=tenant, role="lessee")
    client = sign_in(wang)
    page = client.get(NEW, {"unit": cast.home.pk, "party": tenant.pk})
    form = page.context["form"]
    assert [form[name].value() for name in ("caller_name", "relation")] == ["孙租客", "lessee"]
    assert "137****2222" in page.content.decode()
    assert "13711112222" not in page.content.decode()
    client.post(NEW, typed(cast.home, party=tenant.pk, relation="lessee"))
    contact = Contact.objects.get()
    assert (contact.party, contact.caller_name, contact.phone) == (tenant, "孙租客", "13711112222")


@pytest.mark.parametrize("party", ["x", "999999", "9" * 30, "", "²"])
def test_a_person_who_is_not_there_is_left_out(cast: Any, sign_in: SignIn, wang: Any, party: str) -> None:
    assert sign_in(wang).get(NEW, {"unit": cast.home.pk, "party": party}).status_code == 200


def test_an_anonymous_caller_stays_one(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    sign_in(wang).post(NEW, typed(cast.home, party=owner.pk, relation="anonymous"))
    contact = Contact.objects.get()
    assert (contact.caller_name, contact.phone) == ("", "")


def test_routing_under_another_category_asks_for_that_ones_form(cast: Any, sign_in: SignIn, wang: Any) -> None:
    """What a guard logged as 其它 is a repair: trade and level are chosen on the same page, nothing is typed again."""
    contact = log_contact(cast, by=cast.chen, category="other", content="楼道灯不亮")
    client = sign_in(wang)
    page = client.get(f"{contact.get_absolute_url()}do/route/").content.decode()
    again = f"/reception/new/hand-over/?of={contact.number}"
    assert f'hx-get="{again}"' in page
    part = client.get(f"{again}&category=repair").content.decode()
    assert 'name="to-trade"' in part
    assert "楼道灯不亮" in part
    assert sign_in(cast.lin).get(f"{again}&category=repair").status_code == 404
    routed = {"category": "repair", "to-level": "urgent", "to-trade": "power", "key": "k", "version": contact.version}
    assert client.post(f"{contact.get_absolute_url()}do/route/", routed).status_code == 302
    assert (the_order(contact).level, the_order(contact).trade) == ("urgent", "power")


def test_the_repair_asks_nothing_that_the_contact_has_asked(cast: Any, sign_in: SignIn, wang: Any) -> None:
    client = sign_in(wang)
    part = client.get("/reception/new/hand-over/", {"category": "repair"}).content.decode()
    assert 'name="to-level"' in part
    for known in ("symptom", "reporter", "phone", "unit"):
        assert f'name="to-{known}"' not in part
    # the category was chosen first, and only then was the content typed
    answer = client.post(NEW, typed(cast.home, **{"to-level": "urgent", "to-trade": "water", "caller_name": "赵业主"}))
    assert answer.status_code == 302
    order = the_order(Contact.objects.get())
    assert (order.symptom, order.level, order.trade, order.unit, order.reporter) == (
        "厨房水龙头漏水", "urgent", "water", cast.home, "赵业主",
    )  # fmt: skip


def test_what_the_repair_lacks_is_asked_and_nothing_is_lost(cast: Any, sign_in: SignIn, wang: Any) -> None:
    client = sign_in(wang)
    refused = client.post(NEW, {**typed(cast.home, **{"to-level": "minor", "to-trade": "water"}), "unit": ""})
    assert refused.status_code == 422
    assert "公共部位的报修请填写公共部位" in text_of(refused)
    assert "厨房水龙头漏水" in refused.content.decode()
    assert not Contact.objects.exists()
    again = typed(cast.home, **{"to-level": "minor", "to-trade": "water", "to-common_area": "大堂"})
    assert client.post(NEW, {**again, "unit": ""}).status_code == 302
    assert WorkOrder.objects.get().common_area == "大堂"


def test_another_category_becomes_a_matter_with_all_it_needs(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    client = sign_in(wang)
    part = client.get("/reception/new/hand-over/", {"category": "other"}).content.decode()
    assert "责任人" in part
    assert 'name="to-content"' not in part
    client.post(NEW, typed(cast.home, party=owner.pk, category="other", content="加一把长椅", **{"to-handler": ""}))
    matter = Matter.objects.get()
    assert (matter.content, matter.caller_name, matter.phone, matter.unit, matter.party) == (
        "加一把长椅", "赵业主", "13800138112", cast.home, owner,
    )  # fmt: skip


def test_saving_leads_back_to_the_file_and_a_mistake_keeps_the_way(cast: Any, sign_in: SignIn, wang: Any) -> None:
    client, back = sign_in(wang), f"/units/{cast.home.pk}/"
    address = f"{NEW}?unit={cast.home.pk}&back={back}"
    page = client.get(address)
    assert f'name="back" value="{back}"' in page.content.decode()
    assert "action=" in page.content.decode()
    refused = client.post(address, {**typed(cast.home, back=back), "content": ""})
    assert refused.status_code == 422
    assert f'href="{back}"' in refused.content.decode()
    assert client.post(address, typed(cast.home, back=back))["Location"] == back
    assert client.post(f"{NEW}?back=//evil.example", typed(cast.home, key="k2", back="//evil.example"))[
        "Location"
    ].startswith("/reception/")


def test_drafts_of_two_households_never_meet(cast: Any, sign_in: SignIn, wang: Any) -> None:
    client = sign_in(wang)
    names = {client.get(NEW, {"unit": unit.pk}).context["draft"] for unit in (cast.home, cast.unit("0102"))}
    assert len(names | {client.get(NEW).context["draft"]}) == 3


@pytest.mark.clause("DESK-09")
def test_the_household_stands_beside_the_form(cast: Any, sign_in: SignIn, wang: Any, owner: Any) -> None:
    contact = log_contact(cast, category="suggestion", content="加一把长椅")
    beside = text_of(sign_in(wang).get("/reception/beside/", {"unit": cast.home.pk}))
    for words in ("A1-1-0101", "赵业主", "138****8112", contact.number):
        assert words in beside
    for nothing in ("", "x", "999999", "²"):
        assert text_of(sign_in(wang).get("/reception/beside/", {"unit": nothing})) == ""


@pytest.mark.clause("DESK-06", part="登记时的旁栏")
def test_one_who_is_barred_reads_nothing_beside_the_form(cast: Any, sign_in: SignIn, wang: Any) -> None:
    xu = cast.person("xu", "许曼", "receptionist")
    contact = log_contact(cast, by=xu, category="complaint", content="前台说话难听", about_staff=wang.pk)
    beside = text_of(sign_in(wang).get("/reception/beside/", {"unit": cast.home.pk}))
    assert contact.number not in beside
    assert "未结事项 没有未结的事。" in beside


def test_anyone_on_staff_may_log_what_an_owner_told_him(cast: Any, sign_in: SignIn, chen: Any, passer: Any) -> None:
    client = sign_in(chen)
    assert client.get(NEW, {"unit": cast.home.pk}).status_code == 200
    assert client.post(NEW, typed(cast.home, category="other")).status_code == 302
    assert Contact.objects.get().state == Contact.State.REGISTERED
    assert sign_in(passer).get(NEW).status_code in (403, 404)
