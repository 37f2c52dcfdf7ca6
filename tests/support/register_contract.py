"""The dull tests that every register inherits: nothing is forgotten, nobody sees or moves what he must not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yihu.kernel import builtin
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from yihu.kernel.journal import verify
from yihu.kernel.models import Barred, Deadline, JournalEntry, Record
from yihu.kernel.procedure import procedure_of


@pytest.mark.django_db
class RegisterContract:
    """A register names its model, who opens it and what its opening form needs; the rest follows from the declaration."""

    model: Any

    def opener(self, cast: Any) -> Any:
        return cast.wang

    def opening(self, cast: Any) -> dict[str, Any]:
        """What is typed into the opening form."""
        raise AssertionError("say what the opening form needs")

    # -- helpers ----------------------------------------------------------------------------------------------------

    def make(self, cast: Any, **more: Any) -> Any:
        return open_record(self.model(community=cast.yunqi), by=self.opener(cast), data={**self.opening(cast), **more})

    @property
    def procedure(self) -> Any:
        return procedure_of(self.model)

    def put(self, record: Any, state: str) -> Any:
        """The record as it would stand in another state; only tests may do this."""
        closed = record.opened_at if state in self.procedure.closed else None
        Record.objects.filter(pk=record.pk).update(state=state, closed_at=closed)
        return self.model.objects.get(pk=record.pk)

    def cast_of_all(self, cast: Any) -> list[Any]:
        return [cast.wang, cast.li, cast.gao, cast.xiang, cast.gong, cast.chen, cast.lin, cast.passer]

    # -- opening ----------------------------------------------------------------------------------------------------

    def test_opening_is_numbered_journaled_and_timed(self, cast: Any) -> None:
        record = self.make(cast)
        assert record.number.startswith(f"YQ-{self.procedure.code}-")
        entries = list(record.journal.order_by("seq"))
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert entries[0].sentence.startswith(str(self.opener(cast)))
        assert verify(self.model.objects.get(pk=record.pk)) == []
        running = {deadline.code for deadline in Deadline.objects.filter(record_id=record.pk, stopped_at__isnull=True)}
        assert running <= set(self.procedure.opening_starts)

    def test_the_same_key_opens_once(self, cast: Any) -> None:
        opening = self.opening(cast)
        first = open_record(self.model(community=cast.yunqi), by=self.opener(cast), key="once", data=opening)
        again = open_record(self.model(community=cast.yunqi), by=self.opener(cast), key="once", data=opening)
        assert first.pk == again.pk
        assert self.model.objects.count() == 1

    def test_the_same_key_with_another_body_is_refused(self, cast: Any) -> None:
        open_record(self.model(community=cast.yunqi), by=self.opener(cast), key="once", data=self.opening(cast))
        with pytest.raises(Refused, match="已经提交过"):
            open_record(
                self.model(community=cast.yunqi),
                by=self.opener(cast),
                key="once",
                data={**self.opening(cast), "more": "x"},
            )
        assert self.model.objects.count() == 1

    def test_a_stranger_opens_nothing(self, cast: Any) -> None:
        with pytest.raises(NotAllowed):
            open_record(self.model(community=cast.yunqi), by=cast.passer, data=self.opening(cast))
        assert self.model.objects.count() == 0

    # -- seeing -----------------------------------------------------------------------------------------------------

    def test_strangers_and_the_other_community_see_nothing(self, cast: Any, sign_in: Any) -> None:
        record = self.make(cast)
        for outsider in (cast.passer, cast.lin):
            assert not self.model.objects.seen_by(outsider).exists()
            answer = sign_in(outsider).get(record.get_absolute_url())
            assert answer.status_code in (403, 404)
            assert record.number not in answer.content.decode()

    def test_a_foreign_record_answers_like_an_absent_one(self, cast: Any, sign_in: Any) -> None:
        record = self.make(cast)
        client = sign_in(cast.lin)
        foreign = client.get(record.get_absolute_url())
        absent = client.get(record.get_absolute_url().replace(record.number, "YQ-XX-209901-0001"))
        assert (foreign.status_code, absent.status_code) == (404, 404)

    def test_the_barred_see_and_move_nothing(self, cast: Any, sign_in: Any) -> None:
        record = self.make(cast)
        person = next(
            one for one in self.cast_of_all(cast) if self.model.objects.seen_by(one).filter(pk=record.pk).exists()
        )
        client = sign_in(person)
        assert client.get(record.get_absolute_url()).status_code == 200
        Barred.objects.create(record_id=record.pk, person=person, why="测试", at=record.opened_at)
        assert not self.model.objects.seen_by(person).exists()
        assert client.get(record.get_absolute_url()).status_code == 404
        listed = client.get(f"/{self.procedure.slug}/?tab=all").content.decode()
        assert record.number not in listed
        with pytest.raises(NotFound):
            perform(record, "note", by=person, data={"words": "看得到吗"})

    # -- moving -----------------------------------------------------------------------------------------------------

    def test_each_step_refuses_each_wrong_state(self, cast: Any) -> None:
        record = self.make(cast)
        wrong = [
            (step, state)
            for step in self.procedure.steps
            for state in self.procedure.states
            if state not in step.source
        ]
        assert wrong
        for step, state in wrong:
            self.put(record, state)
            seq = Record.objects.get(pk=record.pk).journal_seq
            with pytest.raises((Conflict, NotFound)):
                perform(record, step.name, by=self.someone_who_sees(cast, record), data={})
            after = Record.objects.get(pk=record.pk)
            assert (after.state, after.journal_seq) == (state, seq)

    def test_each_step_refuses_each_wrong_person(self, cast: Any) -> None:
        record = self.make(cast)
        refused = 0
        for step in self.procedure.steps:
            for person in self.cast_of_all(cast):
                record = self.put(record, step.source[0])
                if step.who.allows(person, record):
                    continue
                with pytest.raises((NotAllowed, NotFound)):
                    perform(record, step.name, by=person, data={})
                refused += 1
                assert Record.objects.get(pk=record.pk).state == step.source[0]
        assert refused

    def test_a_step_on_an_old_page_is_a_conflict(self, cast: Any) -> None:
        record = self.make(cast)
        person = self.someone_who_sees(cast, record)
        Record.objects.filter(pk=record.pk).update(version=7)
        with pytest.raises(Conflict, match="新的变动"):
            perform(record, "note", by=person, data={"words": "备注"}, version=6)

    def test_a_note_keeps_state_and_chain(self, cast: Any) -> None:
        record = self.make(cast)
        person = self.someone_who_sees(cast, record)
        noted = perform(record, "note", by=person, data={"words": "已与客户约好下午联系"})
        assert noted.state == self.model.objects.get(pk=record.pk).state
        assert (
            JournalEntry.objects.filter(record_id=record.pk).order_by("-seq")[0].sentence
            == f"{person} 备注：已与客户约好下午联系"
        )
        assert verify(self.model.objects.get(pk=record.pk)) == []

    def someone_who_sees(self, cast: Any, record: Any) -> Any:
        return next(
            one for one in self.cast_of_all(cast) if self.model.objects.seen_by(one).filter(pk=record.pk).exists()
        )

    # -- pages ------------------------------------------------------------------------------------------------------

    def test_the_list_costs_the_same_for_many_rows(self, cast: Any, sign_in: Any) -> None:
        record = self.make(cast)
        client = sign_in(self.someone_who_sees(cast, record))
        url = f"/{self.procedure.slug}/?tab=all"
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            assert record.number in client.get(url).content.decode()
        self.many(cast)
        with CaptureQueriesContext(connection) as many:
            client.get(url)
        assert len(many) <= len(one)

    def many(self, cast: Any) -> None:
        for _ in range(12):
            self.make(cast)

    def test_every_page_of_a_record_opens(self, cast: Any, sign_in: Any) -> None:
        record = self.make(cast)
        client = sign_in(self.someone_who_sees(cast, record))
        base = record.get_absolute_url()
        pages = [base, f"{base}history/", *(f"{base}print/{one.name}/" for one in self.procedure.prints)]
        for url in pages:
            answer = client.get(url)
            assert answer.status_code == 200, url
        person = self.someone_who_sees(cast, record)
        for step in [*self.procedure.open_steps(record.state), *builtin.built_in_steps(self.procedure)]:
            if step.who.allows(person, record):
                assert client.get(f"{base}do/{step.name}/").status_code == 200, step.name

    def test_every_print_renders(self, cast: Any, sign_in: Any) -> None:
        record = self.make(cast)
        client = sign_in(self.someone_who_sees(cast, record))
        for declared in self.procedure.prints:
            answer = client.get(f"{record.get_absolute_url()}print/{declared.name}/")
            assert answer.status_code == 200
            assert answer.content.startswith(b"%PDF-")

    def test_it_is_found_by_its_number(self, cast: Any, sign_in: Any) -> None:
        record = self.make(cast)
        listed = sign_in(self.someone_who_sees(cast, record)).get(f"/{self.procedure.slug}/?tab=all&q={record.number}")
        assert record.number in listed.content.decode()

    def test_a_failed_command_leaves_nothing(self, cast: Any) -> None:
        class Broken(Exception):
            pass

        opening, community, opener = self.opening(cast), cast.yunqi, self.opener(cast)
        before = Record.objects.count()
        with pytest.raises(Broken), command(by=opener, key="broken") as writing:
            writing.open(self.model(community=community), data=opening, files={})
            raise Broken
        assert Record.objects.count() == before
        assert open_record(self.model(community=community), by=opener, key="broken", data=opening).pk
