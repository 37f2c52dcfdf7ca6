"""A whole team keeps away from a record: who belonged to it when it happened or since, who joins it later, and whoever
stands in for one of them."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.fronts.looking import text_of
from tests.support.doing import log_contact, sentences, the_order
from yihu.ground.staff.models import Deputy
from yihu.kernel import bars
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


def moves_away(person: Any, last: date) -> None:
    """His last day in engineering; from then on he serves at the desk."""
    person.posts.filter(department__code="engineering").update(to_on=last)
    person.__dict__.pop("_grants", None)


def test_who_leaves_the_team_gains_no_sight_of_it_anywhere(cast: Any, sign_in: Any) -> None:
    contact, order = kept_from_engineering(cast)
    newcomer = cast.person("xin", "新来的", "engineering_clerk")  # he joined when all was over, and leaves again
    for person in (cast.gong, newcomer):
        moves_away(person, timezone.localdate() - timedelta(days=1))
        cast.appoint(person, "cs_supervisor", cast.yunqi)
    Barred.objects.update(since=timezone.now() - timedelta(days=40))
    for person in (cast.gong, newcomer):
        person.__dict__.pop("_grants", None)
        client = sign_in(person)
        assert is_barred(person, contact.pk)
        assert not Record.objects.seen_by(person).exists()
        for record in (contact, order):
            assert client.get(record.get_absolute_url()).status_code == 404
            assert record.number not in text_of(client.get(f"/{record.procedure.slug}/?tab=all"))
        assert "没有找到" in text_of(client.get("/search/", {"q": contact.number}, headers={"HX-Request": "true"}))
        with command(by=cast.li) as writing:
            assert writing.tell([person], "请看", community_id=cast.yunqi.pk, record=contact) == []
        Message.objects.create(
            person=person, community=cast.yunqi, record_id=contact.pk, sentence="师傅态度恶劣", at=timezone.now()
        )
        assert "恶劣" not in text_of(client.get("/messages/"))
        content = b"".join(client.get("/reception/export/?tab=all").streaming_content)
        taken = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        assert contact.number not in str(taken)
        with pytest.raises(Refused, match="须回避"), command(by=authority().system()) as writing:
            Record.objects.filter(pk=contact.pk).update(handler=person)
            bars.keep_from_the_barred(Record.objects.get(pk=contact.pk))
        Record.objects.filter(pk=contact.pk).update(handler=None)
    assert Record.objects.seen_by(cast.li).count() == 2


def test_who_had_left_before_it_happened_is_not_meant(cast: Any) -> None:
    contact = log_contact(cast, content="师傅态度恶劣")
    early = cast.person("lao", "老龚", "engineering_head", "receptionist")
    today = timezone.localdate()
    moves_away(early, today - timedelta(days=9))
    with command(by=cast.li) as writing:
        writing.bar_team(contact, "engineering", "投诉涉及整个部门", timezone.now() - timedelta(days=3))
    assert Record.objects.seen_by(early).filter(pk=contact.pk).exists()
    with command(by=cast.li) as writing:  # it turns out that it happened earlier, in his time
        writing.bar_team(contact, "engineering", "投诉涉及整个部门", timezone.now() - timedelta(days=10))
    early.__dict__.pop("_grants", None)
    assert not Record.objects.seen_by(early).exists()
    assert not any(result.faults for result in check_all() if result.name == "bars.spread")


def test_what_is_tied_to_it_later_keeps_the_same_people_out_since_the_same_day(cast: Any) -> None:
    first, second = log_contact(cast), log_contact(cast, content="又一次")
    early = cast.person("lao", "老龚", "engineering_head", "receptionist")
    moves_away(early, timezone.localdate() - timedelta(days=2))
    with command(by=cast.li) as writing:
        writing.bar_team(first, "engineering", "投诉涉及整个部门", timezone.now() - timedelta(days=5))
        writing.link(first, second, "see")
    assert not Record.objects.seen_by(early).filter(pk__in=[first.pk, second.pk]).exists()


def test_who_stands_in_for_one_who_has_left_is_kept_out_too(cast: Any) -> None:
    contact, _ = kept_from_engineering(cast)
    moves_away(cast.gong, timezone.localdate() - timedelta(days=1))
    cast.appoint(cast.gong, "cs_supervisor", cast.yunqi)
    Barred.objects.update(since=timezone.now() - timedelta(days=3))
    today = timezone.localdate()
    Deputy.objects.create(absent=cast.gong, stand_in=cast.wang, from_on=today, to_on=today)
    cast.wang.__dict__.pop("_grants", None)
    assert is_barred(cast.wang, contact.pk)


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
    since = timezone.now()
    for wrong in (
        {}, {"person": cast.chen, "team": "engineering", "community": cast.yunqi, "since": since},
        {"team": "engineering", "since": since}, {"team": "engineering", "community": cast.yunqi},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Barred.objects.create(record_id=contact.pk, why="测试", at=timezone.now(), **wrong)
