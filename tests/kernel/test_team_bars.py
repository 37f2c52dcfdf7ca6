"""A whole team keeps away from a record: today's members, those who join later, and whoever stands in for one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support.doing import log_contact, sentences, the_order
from yihu.ground.staff.models import Deputy
from yihu.kernel.authority import authority
from yihu.kernel.bars import is_barred
from yihu.kernel.doors import command, perform
from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Barred, Message, Record

pytestmark = [pytest.mark.django_db, pytest.mark.clause("DESK-06", part="部门整体回避")]


def kept_from_engineering(cast: Any) -> tuple[Any, Any]:
    """A repair and the call that it came of, both kept from the engineers."""
    cast.appoint(cast.gong, "engineering_clerk", cast.yunqi)
    contact = log_contact(cast, content="师傅态度恶劣")
    with command(by=cast.li) as writing:
        writing.bar_team(contact, "engineering", "投诉涉及整个部门")
    return contact, the_order(contact)


def test_nobody_of_the_team_sees_it_or_what_hangs_on_it(cast: Any, sign_in: Any) -> None:
    assert cast.chen
    contact, order = kept_from_engineering(cast)
    for person in (cast.gong, cast.chen):
        client = sign_in(person)
        assert not Record.objects.seen_by(person).exists()
        for record in (contact, order):
            assert client.get(record.get_absolute_url()).status_code == 404
            with pytest.raises(NotFound):
                perform(record, "note", by=person, data={"words": "看得到吗"})
        assert "恶劣" not in text_of(client.get("/repairs/?tab=all"))
        assert "没有找到" in text_of(client.get("/search/", {"q": order.number}, headers={"HX-Request": "true"}))
    assert Record.objects.seen_by(cast.li).count() == 2


def test_who_joins_the_team_or_stands_in_for_one_of_it_is_kept_out(cast: Any) -> None:
    contact, _ = kept_from_engineering(cast)
    newcomer = cast.person("xin", "新来的")
    assert not is_barred(newcomer, contact.pk)
    cast.appoint(newcomer, "engineering_clerk", cast.yunqi)
    newcomer.__dict__.pop("_grants", None)
    assert is_barred(newcomer, contact.pk)
    today = timezone.localdate()
    Deputy.objects.create(absent=cast.gong, stand_in=cast.wang, from_on=today, to_on=today + timedelta(days=1))
    cast.wang.__dict__.pop("_grants", None)
    assert not Record.objects.seen_by(cast.wang).filter(pk=contact.pk).exists()


def test_the_same_team_of_another_community_is_another_team(cast: Any) -> None:
    contact, _ = kept_from_engineering(cast)
    elsewhere = cast.person("yuan", "远工", "engineering_head", community=cast.qinghe)
    cast.appoint(elsewhere, "cs_officer", cast.yunqi)
    assert Record.objects.seen_by(elsewhere).filter(pk=contact.pk).exists()


def test_it_is_taken_out_of_their_hands_and_nobody_of_them_is_told(cast: Any) -> None:
    order = the_order(log_contact(cast))
    perform(order, "assign", by=cast.gong, data={"handler": cast.chen.pk, "level": order.level, "trade": "water"})
    with command(by=cast.li) as writing:
        writing.bar_team(order, "engineering", "投诉涉及整个部门")
    order.refresh_from_db()
    assert (order.handler, order.team) == (None, "")
    assert "陈维修 须回避，责任人待定" in sentences(order)
    assert "工程部 须回避，责任部门待定" in sentences(order)
    assert not any(result.faults for result in check_all() if result.name == "bars.spread")
    before = Message.objects.filter(person__in=[cast.gong, cast.chen]).count()
    perform(order, "urge", by=cast.wang, data={"words": "请尽快"})
    assert Message.objects.filter(person__in=[cast.gong, cast.chen]).count() == before


def test_it_is_not_given_back_to_them(cast: Any) -> None:
    contact, order = kept_from_engineering(cast)
    Record.objects.filter(pk=contact.pk).update(state="in_hand", team="")
    with pytest.raises(Refused, match="工程部须回避"), command(by=authority().system()) as writing:
        writing.perform(contact, "given_to", data={"team": "engineering"}, files={})
    assert order


def test_a_bar_means_a_person_or_a_team(cast: Any) -> None:
    contact = log_contact(cast)
    for wrong in ({}, {"person": cast.chen, "team": "engineering", "community": cast.yunqi}, {"team": "engineering"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Barred.objects.create(record_id=contact.pk, why="测试", at=timezone.now(), **wrong)
