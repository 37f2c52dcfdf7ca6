"""删除 for good: canaries in every text that hangs on a person, and none of them left; what must be kept lies sealed until its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_data_requests import answer, ask, decide, ended
from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import log_contact, photo
from tests.support.life import MACHINE
from yihu.areas.archives.models import DataRequest
from yihu.areas.archives.procedure import REQUEST
from yihu.areas.archives.schedules import turn_over
from yihu.ground.estate.models import Occupancy, Party, PartyKey, Unit
from yihu.ground.papers import filing
from yihu.ground.papers.models import Paper, Scan
from yihu.ground.sending import outbox
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.kernel import search, traces
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_due
from yihu.kernel.journal import verify
from yihu.kernel.models import Attachment, Book, JournalEntry, LockedFile, LockedText, Message, Record
from yihu.kernel.prints import render

pytestmark = pytest.mark.django_db
CANARY, PHONE, ID_NO = "金丝雀", "13800138112", "11010519491231002X"
ANSWER = REQUEST.prints[1]


@pytest.fixture
def own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def faults() -> set[str]:
    return {fault for result in check_all() for fault in result.faults}


def told_by_the_database() -> Iterator[tuple[str, str]]:
    """Every value of every table, as a dump of the database has it; of the text index its own pages as well."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    said = value.decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
                    if "\\u" in said:  # a JSON text of SQLite
                        said += said.encode().decode("unicode_escape", "replace")
                    yield f"{table}.{name}", said


def places_of(*words: str) -> set[str]:
    return {place for place, said in told_by_the_database() if any(word in said for word in words)}


def plant(party: Party) -> int:
    """The canary into every text column of every row that hangs on him or on his house; gives how many."""
    units = list(party.occupancies.values_list("unit_id", flat=True))
    rows, planted = traces.linked({Party: [party.pk], Unit: units}), 0
    for model, pks in rows.items():
        for field in model._meta.local_fields:
            text = isinstance(field, models.CharField | models.TextField) and not hasattr(field, "kind")
            fits = (
                text and not (field.choices or field.unique or field.name in MACHINE) and (field.max_length or 9) >= 4
            )
            if model is Party or not fits or field.name.endswith(("_index", "_last4", "ending", "sort_key", "label")):
                continue
            for pk in pks:
                found = model._base_manager.filter(pk=pk)
                said = f"{CANARY}{found.values_list(field.name, flat=True).first() or ''}"[: field.max_length]
                planted += found.update(**{field.name: said})
    return planted


def lived_here(cast: Any, years: int) -> Party:
    """金丝雀, who lived here, was written about by everybody, and left years ago."""
    party: Party = cast.owner
    for row in (party,):
        row.name, row.id_no, row.contact_name, row.remark = CANARY, ID_NO, f"{CANARY}太太", f"{CANARY}怕吵"
        row.save()
    log_contact(cast, party=party.pk, caller_name=CANARY, content=f"{CANARY} 说厨房漏水，回电 138 0013 8112")
    log_contact(cast, party=party.pk, caller_name=CANARY, category="suggestion", content=f"证件 {ID_NO} 已看过")
    log_contact(cast, caller_name="孙邻居", phone=PHONE, category="other", content=f"找{CANARY}借梯子")
    contact = Record.objects.filter(party=party).earliest("pk").typed
    perform(contact, "note", by=cast.wang, data={"words": f"{CANARY}明天在家"})
    perform(contact, "attach", by=cast.wang, data={}, files={"attachments": [photo(f"{CANARY}家.png")]})
    agreed = {"consent_how": "signed", "consent_at": timezone.now(), "consent_by": cast.wang}
    ContactWay.objects.create(community=cast.yunqi, party=party, way="sms", **agreed)
    told = {"party": party, "way": "sms", "code": "please_pay", "by": cast.wang, "unit": cast.home}
    outbox.send_by_hand(typed={"事由": f"{CANARY}的物业费"}, key="s1", **told)
    for kind in (Paper.Kind.IDENTITY, Paper.Kind.CONTRACT):
        paper = Paper(community=cast.yunqi, unit=cast.home, kind=kind, title=f"{CANARY}的{kind.label}")
        filing.file_paper(paper, [photo(f"{kind}.png")], by=cast.wang)
    Unit.objects.filter(pk=cast.home.pk).update(remark=f"{CANARY}家有狗")
    left = timezone.localdate() - timedelta(days=366 * years)
    Occupancy.objects.filter(party=party).update(from_on=date(2009, 1, 1), to_on=left)
    Paper.objects.update(filed_at=timezone.now() - timedelta(days=366 * years + 30))
    for record in Record.objects.all():
        ended(record, years)
    return Party.objects.get(pk=party.pk)


def erase(cast: Any, **data: Any) -> DataRequest:
    request = ask(cast, "erase", id_last4="002X", also_called="金先生、老金")
    done: DataRequest = perform(decide(request, cast.gao), "carry_out", by=cast.li, data=data)
    return done


def test_when_every_time_is_over_not_one_canary_is_left(
    cast: Any, django_capture_on_commit_callbacks: Any, own_storage: Any
) -> None:
    party = lived_here(cast, 6)
    assert plant(party) > 45
    scans = list(Scan.objects.values_list("path", flat=True))
    before = faults()
    with django_capture_on_commit_callbacks(execute=True):
        request = erase(cast)
    own = places_of(CANARY, PHONE, ID_NO)
    assert own <= {"archives_datarequest.received_by"}, own
    assert not PartyKey.objects.filter(party=party, key__contains=CANARY[:2]).exists()
    party = Party.objects.get(pk=party.pk)
    assert (party.name, party.phone_index, party.id_no_index, party.as_rolled) == ("已删除客户", "", "", {})
    assert not LockedText.objects.exists()
    run_due(timezone.now() + timedelta(minutes=11))
    assert not [path for path in scans if default_storage.exists(path)]
    assert faults() <= before
    for holder in [*Record.objects.all(), *Book.objects.all()]:
        assert verify(holder) == [], holder
    assert search.find(CANARY, cast.li) == []
    letter = sheets.text_of(render(ANSWER, request, cast.wang))
    for said in ("消息", "扫描件", "其它文字里提到本人", "已删除", "处"):
        assert said in letter


def test_what_must_be_kept_is_sealed_and_opened_only_with_a_purpose(cast: Any, sign_in: Any) -> None:
    party = lived_here(cast, 1)
    plant(party)
    words = set(JournalEntry.objects.filter(sentence__contains=CANARY).values_list("pk", flat=True))
    contact = Record.objects.filter(party=party).earliest("pk").typed
    said = contact.content
    request = erase(cast)
    assert Party.objects.get(pk=party.pk).locked_at is not None
    own = places_of(CANARY, PHONE, ID_NO)
    assert own <= {
        "estate_party.name",
        "estate_partykey.key",
        "estate_party.name_initials",
        "archives_datarequest.received_by",
    }, own
    contact.refresh_from_db()
    assert CANARY not in contact.content
    assert "漏水" in contact.content
    assert verify(contact) == []
    assert all(one.until is None or one.until > timezone.localdate() for one in LockedText.objects.all())
    # the identity scan is of no use any more and is gone; the contract is kept for the limitation period
    assert {(one.name, one.paper.kind) for one in Scan.objects.all()} == {
        ("依法删除.txt", "identity"),
        ("依法锁定.txt", "contract"),
    }
    assert LockedFile.objects.count() == 1
    page = reverse("archives:locked", args=[request.number])
    for person in (cast.wang, cast.li):
        assert sign_in(person).get(page).status_code in (403, 404)
    manager = sign_in(cast.gao)
    assert CANARY not in text_of(manager.get(page))
    kept = LockedText.objects.get(model="reception.contact", row=contact.pk, column="content")
    assert manager.post(page, {"piece": f"text-{kept.pk}", "reason": ""}).status_code == 422
    assert said in text_of(manager.post(page, {"piece": f"text-{kept.pk}", "reason": "法院调查令"}))
    assert request.journal.filter(step="reveal", by=cast.gao, sentence__contains="法院调查令").exists()
    sheet = LockedFile.objects.get()
    assert manager.post(page, {"piece": f"file-{sheet.pk}", "reason": "诉讼举证"})["Content-Type"] == "image/png"
    # he has the lock opened again: everything stands where it stood, and the journal still proves itself
    back = decide(ask(cast, "unlock", id_last4="002X"), cast.gao)
    answer(perform(back, "carry_out", by=cast.li), cast.wang)
    contact.refresh_from_db()
    assert contact.content == said
    assert not LockedText.objects.exists()
    again = set(JournalEntry.objects.filter(pk__in=words, sentence__contains=CANARY).values_list("pk", flat=True))
    assert again
    assert verify(contact) == []
    assert Scan.objects.filter(paper__kind="contract", name__endswith="contract.png").exists()


def test_the_handler_sees_every_place_and_leaves_what_is_about_somebody_else(cast: Any, sign_in: Any) -> None:
    lived_here(cast, 1)
    other = Record.objects.get(kind="reception.contact", summary__contains="借梯子").typed
    request = decide(ask(cast, "erase", id_last4="002X", also_called="金先生、老金"), cast.gao)
    step = f"{request.get_absolute_url()}do/carry_out/"
    page = text_of(sign_in(cast.li).get(step))
    for words in ("借梯子", "明天在家", "身份证件", "锁定到", "勾上就不动"):
        assert words in page
    assert PHONE not in page
    key = f"reception.contact.{other.pk}.content"
    stale = {"others": [key], "shown": "0" * 16}
    with pytest.raises(Invalid):
        perform(request, "carry_out", by=cast.li, data=stale)
    perform(request, "carry_out", by=cast.li, data={"others": [key]})
    other.refresh_from_db()
    assert CANARY in other.content
    assert CANARY not in Unit.objects.get(pk=cast.home.pk).remark


def test_what_the_handler_may_not_see_is_dealt_with_and_not_shown(cast: Any, sign_in: Any) -> None:
    lived_here(cast, 1)
    about_him = log_contact(cast, category="complaint", about_staff=cast.li.pk, content=f"{CANARY}投诉主管")
    complaint = Record.objects.filter(kind="complaints.complaint").first() or about_him
    for record in Record.objects.filter(closed_at__isnull=True):
        ended(record, 1)
    request = decide(ask(cast, "erase", id_last4="002X"), cast.gao)
    assert "投诉主管" not in text_of(sign_in(cast.li).get(f"{request.get_absolute_url()}do/carry_out/"))
    perform(request, "carry_out", by=cast.li)
    assert CANARY not in str(type(complaint.typed).objects.filter(pk=complaint.pk).values())


def test_pictures_and_signatures_of_a_locked_persons_matters_are_shut(cast: Any, sign_in: Any) -> None:
    party = lived_here(cast, 1)
    erase(cast)
    picture = Attachment.objects.filter(record__party=party, purpose="photo").earliest("pk")
    for kind in ("file", "thumb"):
        address = reverse(f"kernel:{kind}", args=[picture.pk])
        assert "已锁定" in text_of(sign_in(cast.wang).get(address))
        assert sign_in(cast.gao).get(address).status_code == 200


def test_a_name_with_spaces_a_number_in_groups_and_what_else_he_is_called(cast: Any) -> None:
    marks = traces.Marks(["赵业主", "老赵"], [cast.owner.phone])
    said = "赵 业主（老赵）138-0013-8112，１３８００１３８１１２；赵业 不是他，113800138112 也不是"
    assert marks.masked(said) == "****（**）*************，***********；赵业 不是他，113800138112 也不是"
    assert marks.masked({"甲": ["老赵", 3]}) == {"甲": ["**", 3]}
    assert not traces.Marks([""], []).name("任何话")


def test_when_the_day_has_come_what_was_locked_is_gone_and_the_card_with_it(cast: Any) -> None:
    party = lived_here(cast, 1)
    erase(cast)
    assert LockedText.objects.exists()
    turn_over(timezone.now())
    assert LockedText.objects.exists()
    later = timezone.now() + timedelta(days=366 * 6)
    turn_over(later)
    assert not LockedText.objects.exists()
    assert not LockedFile.objects.exists()
    assert Party.objects.get(pk=party.pk).name == "已删除客户"
    assert not places_of(CANARY, PHONE, ID_NO) - {"archives_datarequest.received_by"}


def test_a_message_that_was_erased_is_not_sent_again(cast: Any) -> None:
    lived_here(cast, 6)
    erase(cast)
    message = Outgoing.objects.filter(party__isnull=False).latest("pk")
    Outgoing.objects.filter(pk=message.pk).update(state="failed")
    with pytest.raises(Refused):
        outbox.retry(Outgoing.objects.get(pk=message.pk), by=cast.wang)
    assert message.values == {}
    assert message.text == "依法删除"
    assert not Message.objects.filter(sentence__contains=CANARY).exists()
