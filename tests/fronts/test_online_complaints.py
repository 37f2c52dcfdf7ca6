"""网上投诉: whoever lives here files and follows his own complaint (CMP-09)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.support.complaining import answer, call, issue, opinion
from tests.support.doing import sentences
from tests.support.online import card_of, reported, words
from yihu.areas.complaints.models import Complaint
from yihu.areas.reception.models import Contact
from yihu.kernel.doors import perform
from yihu.kernel.models import Deadline, Message

pytestmark = pytest.mark.django_db
COMPLAINS = {"kind": "attitude", "words": "门口态度很差", "where": "南门", "about": ""}


@pytest.mark.clause("CMP-09")
def test_an_owner_files_and_follows_his_own_complaint(cast: Any) -> None:
    assert all((cast.gao, cast.wang, cast.li, cast.xiang, cast.gong))
    report, address = reported(card_of(cast), to="complaint/", **COMPLAINS)
    contact, complaint = Contact.objects.get(), Complaint.objects.get()
    assert (report.matter_id, contact.category, complaint.category, complaint.place) == (
        complaint.pk,
        "complaint",
        "attitude",
        "南门",
    )
    assert (complaint.complainant, complaint.unit, complaint.state) == ("钱女士", cast.home, "received")
    assert "D06" in Deadline.objects.filter(record_id=complaint.pk).values_list("code", flat=True)
    assert Message.objects.filter(person=cast.wang, sentence__contains=complaint.number).exists()
    page = words(address)
    assert "已受理" in page
    assert "先答复您" in page
    complaint = issue(cast, complaint)
    page = words(address)
    assert "责任部门正在办" in page
    for name in ("李主管", "高经理", "王客服", "钱女士", "工程部", "龚工"):
        assert name not in page
    assert Client().post(f"{address}urge/", {"words": "", "key": "u"}).status_code == 302
    assert "在网上催办" in sentences(complaint)[-1]
    complaint = answer(cast, Complaint.objects.get(pk=complaint.pk))
    assert "责任部门有了答复" in words(address)
    complaint = perform(complaint, "tell", by=cast.wang, data={"told": "已换岗，以后每天巡查"})
    complaint = opinion(cast, complaint)
    complaint = call(perform(complaint, "approve", by=cast.xiang, data={"caller": cast.li.pk}), cast.li)
    assert complaint.closed_at is not None
    page = words(address)
    for said in (
        "已办结",
        f"{timezone.localtime(complaint.closed_at):%H:%M}",
        f"{timezone.localtime(report.sent_at):%H:%M}",
    ):
        assert said in page  # entry and closing, each with its moment
    assert "催一下" not in page


@pytest.mark.clause("DESK-06", part="网上投诉到人的，写明姓名即回避")
def test_who_is_named_in_it_never_sees_it(cast: Any, sign_in: Any) -> None:
    assert all((cast.gao, cast.wang, cast.li))
    sun = cast.person("sun", "孙前台", "receptionist")
    reported(card_of(cast), to="complaint/", **{**COMPLAINS, "about": "孙前台"})
    contact, complaint = Contact.objects.get(), Complaint.objects.get()
    assert complaint.about_staff == sun
    for row in (contact, complaint):
        assert sign_in(sun).get(row.get_absolute_url()).status_code == 404
        assert sign_in(cast.li).get(row.get_absolute_url()).status_code == 200
    assert not Message.objects.filter(person=sun, sentence__contains=complaint.number).exists()
    reported(card_of(cast), "k2", to="complaint/", **{**COMPLAINS, "about": "不认得的人"})
    assert "涉及：不认得的人" in Contact.objects.latest("pk").content
