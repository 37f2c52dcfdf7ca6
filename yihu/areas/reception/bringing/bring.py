"""前台接待登记: what its lines would add, how they become contacts that were opened closed, how they are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import F

from yihu.areas.reception.bringing import check, lines, people
from yihu.areas.reception.bringing.lines import Line
from yihu.areas.reception.bringing.models import ContactImport, ContactLine, ContactRow
from yihu.areas.reception.bringing.problems import problem
from yihu.areas.reception.models import Contact
from yihu.ground.estate import founding
from yihu.kernel.authority import authority
from yihu.kernel.doors import command, open_record
from yihu.kernel.importing.checking import Checked
from yihu.kernel.importing.declare import Import, Plan, importing
from yihu.kernel.importing.recognise import Recognised
from yihu.kernel.jobs import checkpoint, job
from yihu.kernel.models import Record

_MANY = 500
_AT_A_TIME = 100  # contacts taken back in one transaction
_SHOWN = 3
NOTHING_TOLD = "（原登记表未写处理结果）"


@importing
class RegisterOfTheDesk(Import):
    model = ContactImport
    word = "接待登记"
    unit = "条"
    file_label = "前台接待登记表文件"
    gaps = "记录缺项"
    shape = check.REGISTER
    slice = 60

    def check(self, recognised: Recognised, today: date) -> Checked:
        return check.check(recognised, today)

    def plan(self, community: Any, rows: Sequence[Line], today: date) -> Plan:
        told = Plan()
        for some in _slices(rows, _MANY):
            known = _known(community, some) if community.pk else set()
            told.unchanged += sum(line.digest in known for line in some)
            told.created += sum(line.digest not in known for line in some)
        places = people.Places(community, {line.room for line in rows if line.room})
        for line in rows:
            if line.room and (kind := places.trouble(line.room)):
                place = {"sheet": line.sheet, "row": line.row_no, "column": "房号", "value": line.room}
                told.problems.append(problem(kind, **place))
        return told

    def to_staged(self, row: Line) -> tuple[dict[str, Any], str]:
        return lines.to_staged(row)

    def from_staged(self, sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Line:
        return lines.from_staged(sheet, row_no, values, secret)

    def write(self, run: Any, staged: Sequence[Any], rows: Sequence[Line], today: date, commanding: Any) -> None:
        known = _known(run.community, rows)
        places = people.Places(run.community, {line.room for line in rows if line.room})
        added = []
        for row, line in zip(staged, rows, strict=True):
            row.outcome, row.sealed = "unchanged", ""
            if line.digest not in known:
                row.outcome = "created"
                contact = _open(run, row.position, line, places)
                added.append(
                    ContactLine(run=run, community_id=run.community_id, digest=line.digest, contact_id=contact.pk)
                )
        ContactLine.objects.bulk_create(added)
        ContactRow.objects.bulk_update(staged, ["outcome", "sealed"])

    def hindrances(self, run: Any) -> list[str]:
        touched = Contact.objects.filter(brought_in__run=run, journal_seq__gt=1).order_by("pk")
        numbers = list(touched.values_list("number", flat=True)[: _SHOWN + 1])
        more = " 等" if len(numbers) > _SHOWN else ""
        return [f"已有人更正或备注的接待：{'、'.join(numbers[:_SHOWN])}{more}"] if numbers else []

    def take_back(self, run: Any, commanding: Any) -> None:
        """What once stood in the register is not deleted: it is withdrawn, some at a time."""
        take_back.using(key=f"{self.kind}-back:{run.pk}").enqueue(run.pk)

    def named(self, name: str) -> Any:
        return founding.named(name)

    def found(self, name: str) -> Any:
        return founding.found(name, "导入接待登记时")


def _slices(rows: Sequence[Line], size: int) -> Iterable[Sequence[Line]]:
    return (rows[first : first + size] for first in range(0, len(rows), size))


def _known(community: Any, rows: Sequence[Line]) -> set[str]:
    digests = [line.digest for line in rows]
    return set(ContactLine.objects.filter(community=community, digest__in=digests).values_list("digest", flat=True))


def _open(run: Any, position: int, line: Line, places: people.Places) -> Any:
    """One line through the door, opened closed at its own time."""
    unit = places.unit(line.room)
    party, relation = places.caller(unit, line)
    content = line.content if unit is not None or not line.room else f"（房号：{line.room}）{line.content}"
    data = {
        "unit": unit or "", "party": party or "", "caller_name": line.caller_name, "phone": line.phone, "relation": relation,
        "channel": line.channel, "category": line.category, "content": content, "result": line.result or NOTHING_TOLD,
    }  # fmt: skip
    return open_record(
        Contact(community=run.community), by=authority().system(), key=f"contact-line:{run.pk}:{position}", data=data,
        at=line.at, closed_in=Contact.State.STRUCK,
    )  # fmt: skip


@job(retries=5)
def take_back(run_id: int) -> None:
    """Withdraw what came of a run; broken off anywhere, it goes on with the rest."""
    system, run = authority().system(), ContactImport.objects.get(pk=run_id)
    while some := list(ContactLine.objects.filter(run=run).select_related("contact").order_by("pk")[:_AT_A_TIME]):
        checkpoint()
        with command(by=system, key=f"contact-back:{run.pk}:{some[0].pk}", verb="reception.back") as commanding:
            if commanding.replayed:
                return
            for line in some:
                Record.objects.filter(pk=line.contact_id).update(closed_as="withdrawn", version=F("version") + 1)
                commanding.note(line.contact, f"撤销接待登记导入 {run.number}", step="withdraw")
            ContactLine.objects.filter(pk__in=[line.pk for line in some]).delete()
