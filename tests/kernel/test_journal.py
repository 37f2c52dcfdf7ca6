"""The journal proves itself: a changed body, a missing line or a forked chain is found; an erased body is not a fault."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.support.doing import assign, log_contact, the_order
from yihu.kernel import journal
from yihu.kernel.doors import command, note_reveal, perform
from yihu.kernel.errors import Refused
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Book, JournalEntry, Record
from yihu.kernel.screens.cells import changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(cast: Any) -> Any:
    order = assign(cast, the_order(log_contact(cast)))
    return perform(order, "accept", by=cast.chen)


def test_an_untouched_chain_is_proven(order: Any) -> None:
    assert journal.verify(order) == []


def test_a_changed_sentence_is_found(order: Any) -> None:
    JournalEntry.objects.filter(record=order, seq=2).update(sentence="龚工 派工给 别人")
    assert journal.verify(order) == ["第 2 条内容被改动"]
    assert [result.name for result in check_all() if result.faults] == ["journal.chain"]


def test_a_removed_last_line_is_found(order: Any) -> None:
    JournalEntry.objects.filter(record=order, seq=3).delete()
    assert journal.verify(order) == ["末条应为第 3 条，实为第 2 条"]


def test_a_removed_middle_line_is_found(order: Any) -> None:
    JournalEntry.objects.filter(record=order, seq=2).delete()
    assert "第 2 条缺失" in journal.verify(order)


def test_a_rewritten_line_with_a_fitting_digest_is_still_found(order: Any) -> None:
    """Whoever rewrites a body must rewrite every later link, and the head on the record."""
    entry = JournalEntry.objects.get(record=order, seq=2)
    forged = journal.compose(
        seq=1, head="", by=entry.by, at=entry.at, written_at=entry.written_at, step="assign", sentence="伪造"
    ).entry
    JournalEntry.objects.filter(pk=entry.pk).update(
        sentence=forged.sentence, salt=forged.salt, digest=forged.digest, changed={}
    )
    assert "第 2 条链接不符" in journal.verify(order)


def test_an_erased_body_stays_proven_and_says_so(order: Any) -> None:
    entry = JournalEntry.objects.get(record=order, seq=2)
    journal.erase(entry, timezone.now())
    entry.refresh_from_db()
    assert (entry.sentence, entry.changed) == ("（依法删除）", {})
    assert journal.verify(order) == []


def test_a_plain_register_has_a_book_of_its_own(cast: Any) -> None:
    with command(by=cast.wang) as writing:
        writing.note(writing.book("estate.unit", 7), "更正面积", {"gross_area": ["89.50", "89.52"]})
    with command(by=cast.li) as writing:
        writing.note(writing.book("estate.unit", 7), "再次更正")
    book = Book.objects.get(register="estate.unit", object_id="7")
    assert [entry.sentence for entry in book.journal.order_by("seq")] == ["更正面积", "再次更正"]
    assert journal.verify(book) == []


def test_two_writers_cannot_fork_a_book(cast: Any) -> None:
    with command(by=cast.wang) as writing:
        stale = writing.book("estate.unit", 7)
        Book.objects.filter(pk=stale.pk).update(seq=1, head="elsewhere")
        with pytest.raises(Refused, match="刚刚被别人改动"):
            writing.note(stale, "更正")


def test_looking_at_a_telephone_is_written_down(cast: Any) -> None:
    contact = log_contact(cast)
    contact = type(contact).objects.get(pk=contact.pk)
    assert str(contact.phone) == "138****8112"
    assert contact.phone.reveal(by=cast.wang, record=contact) == "13800138112"
    assert "王客服 查看业主接待记录的联系电话" in contact.journal.latest("seq").sentence
    with pytest.raises(Refused, match="原因"):
        note_reveal(by=cast.wang, subject=cast.owner, field="phone", reason=" ")
    assert cast.owner.phone.reveal(by=cast.wang, reason="核对车主") == "13800138112"
    book = Book.objects.get(register="estate.party", object_id=str(cast.owner.pk))
    assert book.journal.get().sentence == "王客服 查看客户的联系电话，原因：核对车主"
    assert Record.objects.get(pk=contact.pk).journal_seq == 2


def test_what_was_changed_names_the_department_and_not_its_code(cast: Any) -> None:
    order = the_order(log_contact(cast))
    [line] = changes(order, {"team": ["cs_dept", "engineering"]})
    assert (line["label"], line["old"], line["new"]) == ("责任部门", "客服部", "工程部")
