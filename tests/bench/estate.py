"""The estate on which is measured: a roll of households as an office writes it, its staff, and years of work at the desk."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tests.support.cast import Cast
from yihu.areas.reception.models import Category, Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.demo.roll import ClusterPlan, write_roll
from yihu.ground.estate.management.commands.import_roll import Command as ImportRoll
from yihu.ground.estate.models import Occupancy, Party, Unit
from yihu.ground.papers.models import Paper
from yihu.kernel import journal, search
from yihu.kernel.authority import authority
from yihu.kernel.models import Deadline, JournalEntry, Link, Message, Record
from yihu.kernel.numbers import take
from yihu.kernel.procedure import procedure_of

WHERE = ("厨房", "客厅", "主卧", "次卧", "卫生间", "阳台", "书房", "楼道", "车库", "单元门口")
WHAT = ("水龙头", "顶灯", "地漏", "门锁", "插座", "空调", "对讲机", "窗户", "马桶", "电梯", "水表", "墙面")
TROUBLE = ("漏水", "不亮", "返味", "打不开", "没有电", "不制冷", "没有声音", "关不严", "堵塞", "异响")
STAFF = (("technician", 18), ("receptionist", 6), ("cs_officer", 8), ("security_guard", 20))
BUSY = 40  # what has happened on the busiest household of all
BATCH = 1000


@dataclass(frozen=True)
class Size:
    """Units on the roll, and contacts in the history before it is grown tenfold."""

    units: int
    contacts: int


SIZES = {"small": Size(2_000, 1_000), "medium": Size(20_000, 10_000)}


def roll_of(units: int) -> bytes:
    """Five clusters, each with buildings of two entrances and ten floors."""
    each = units // 5
    clusters = [
        ClusterPlan(
            code, nick, ((2, 10),) * (each // 40), each * 9 // 10, each * 2 // 3, each // 2, date(2016 + years, 5, 21)
        )
        for years, (code, nick) in enumerate(
            (("A", "听松"), ("B", "望湖"), ("C", "临风"), ("D", "沐云"), ("F", "新街"))
        )
    ]
    kept = io.BytesIO()
    write_roll(kept, clusters=clusters)
    return kept.getvalue()


class Estate:
    """Made once; ``grow`` adds to its history."""

    def __init__(self, size: Size, folder: Path) -> None:
        self.size, self.cast, self.lot = size, Cast(), random.Random(7)
        self.file = folder / "业主名册.xlsx"
        self.file.write_bytes(roll_of(size.units))
        self.community = self.cast.yunqi
        with redirect_stdout(io.StringIO()):
            told = ImportRoll().import_file(self.file, self.community.name, [], False)
        if told["refused"] or told["created"] != size.units:
            raise RuntimeError(f"the roll was not imported: {told['problems'][:3]}")
        self.units = list(Unit.objects.filter(community=self.community).order_by("pk"))
        for post, count in STAFF:
            for number in range(count):
                self.cast.person(f"{post}{number}", f"员工{post[0]}{number}", post)
        self.everybody = [self.cast.wang, self.cast.li, self.cast.gao, self.cast.xiang, self.cast.gong]
        self.technicians = [self.cast.chen, *authority().holders(self.community.pk, "technician")]
        self._known_people()

    @cached_property
    def busy(self) -> Any:
        """The household that everybody at the desk knows."""
        return self.units[0]

    def _known_people(self) -> None:
        """Some owners whose telephones the measurement knows, so that it can look for them; one of them has a firm."""
        stays = Occupancy.objects.filter(unit__community=self.community, role="owner").select_related("party")
        self.known = [stay.party for stay in stays.order_by("pk")[:40:2]]
        self.phones = [f"1391234{number:04d}" for number in range(1000, 1000 + len(self.known))]
        for party, phone in zip(self.known, self.phones, strict=True):
            party.phone = phone
            party.save(update_fields=["phone"])
        self.firm = Party.objects.filter(community=self.community, kind=Party.Kind.COMPANY).order_by("pk").first()

    # -- history ---------------------------------------------------------------------------------------------------

    def grow(self, contacts: int) -> None:
        """More of what has been going on: contacts, four in ten with a repair, at most a few hundred still open."""
        now = timezone.now()
        with transaction.atomic():
            lines = [self._contact(number, now) for number in range(contacts)]
            self._number(lines)
            _insert(Contact, lines)
            orders = [(line, self._order(line)) for line in lines if line.category == Category.REPAIR]
            self._number([order for _, order in orders])
            _insert(WorkOrder, [order for _, order in orders])
            Link.objects.bulk_create(
                [Link(origin_id=line.pk, target_id=order.pk, at=line.opened_at) for line, order in orders], BATCH
            )
            everything = [*lines, *(order for _, order in orders)]
            self._clocks(everything)
            search.index_many(
                search.entry("record", one.pk, one.community_id, one.number, one.summary, one.search_words())
                for one in everything
            )
            self._around(everything, now)

    def _when(self, open_still: bool, now: datetime) -> datetime:
        return now - (
            timedelta(minutes=self.lot.randrange(5, 5000))
            if open_still
            else timedelta(minutes=self.lot.randrange(6000, 500_000))
        )

    def _contact(self, number: int, now: datetime) -> Contact:
        open_still = number % 20 == 0 and number < 6000
        opened = self._when(open_still, now)
        unit = self.busy if number < BUSY else self.lot.choice(self.units)
        kinds = ("repair", "service", "complaint", "other", "praise")
        return Contact(
            community=self.community, unit=unit, state="in_hand" if open_still else "struck", opened_at=opened, received_at=opened,
            opened_by=self.cast.wang, handler=self.cast.wang, closed_at=None if open_still else opened + timedelta(days=1),
            next_due_at=opened + timedelta(hours=8) if open_still else None, channel="phone", relation="owner",
            caller_name=self.lot.choice("王李张刘陈") + "女士", phone=f"137{self.lot.randrange(10**8):08d}",
            category=self.lot.choices(kinds, (40, 35, 8, 15, 2))[0], content=self._trouble(), result="已处理",
            promised_at=opened + timedelta(hours=8),
        )  # fmt: skip

    def _trouble(self) -> str:
        return f"{self.lot.choice(WHERE)}{self.lot.choice(WHAT)}{self.lot.choice(TROUBLE)}，{self.lot.randrange(1, 30)} 日已来过电话"

    def _order(self, line: Contact) -> WorkOrder:
        open_still = line.closed_at is None
        return WorkOrder(
            community=self.community, unit=line.unit, state="assigned" if open_still else "closed", opened_at=line.opened_at,
            opened_by=self.cast.wang, handler=self.lot.choice(self.technicians), team="engineering", closed_at=line.closed_at,
            next_due_at=line.opened_at + timedelta(hours=24) if open_still else None, symptom=line.content, level="minor",
            trade=self.lot.choice(("water", "power", "doors")), reporter=line.caller_name, phone=line.phone,
        )  # fmt: skip

    def _number(self, records: Iterable[Any]) -> None:
        """Numbers as the doors give them out, and the first line of each journal."""
        months: dict[str, list[Any]] = {}
        for record in records:
            record.kind = record._meta.label_lower
            prefix = (
                f"{self.community.code}-{procedure_of(record.kind).code}-{timezone.localtime(record.opened_at):%Y%m}"
            )
            months.setdefault(prefix, []).append(record)
        for prefix, some in months.items():
            for number, record in enumerate(some, start=take(prefix, len(some)) - len(some) + 1):
                record.number = f"{prefix}-{number:04d}"
                record.summary = record.summarise()[:120]
                record.first = journal.compose(
                    seq=0, head="", by=record.opened_by, at=record.opened_at, written_at=record.opened_at, step="open",
                    sentence=f"{record.opened_by} 登记 {record.number}",
                )  # fmt: skip
                record.journal_seq, record.journal_head = record.first.seq, record.first.head

    def _clocks(self, records: list[Any]) -> None:
        for record in records:
            record.first.entry.record_id = record.pk
        JournalEntry.objects.bulk_create([record.first.entry for record in records], BATCH)
        Deadline.objects.bulk_create(
            [
                Deadline(
                    record_id=record.pk, community_id=record.community_id, calendar="P", rule="承诺时间", starts_at=record.opened_at,
                    code="D04" if isinstance(record, Contact) else "D16", due_at=record.opened_at + timedelta(hours=8),
                    stopped_at=record.closed_at, met=True if record.closed_at else None,
                )
                for record in records
            ],
            BATCH,
        )  # fmt: skip

    def _around(self, records: list[Any], now: datetime) -> None:
        """Papers of the busy household, and messages that wait for the people at the desk."""
        busy = [record for record in records if record.unit_id == self.busy.pk and isinstance(record, WorkOrder)]
        Paper.objects.bulk_create(
            Paper(
                community=self.community, unit=self.busy, kind="work_sheet", title="维修单", record_id=record.pk, filed_at=now,
                filed_by=self.cast.wang,
            )
            for record in busy[:15]
        )  # fmt: skip
        Message.objects.bulk_create(
            Message(
                person=person,
                community=self.community,
                record_id=record.pk,
                sentence=f"{record.number} 请跟进。",
                at=now,
            )
            for person in (self.cast.wang, self.cast.li)
            for record in records[:5]
        )

    def some_numbers(self) -> list[str]:
        return list(Record.objects.order_by("pk").values_list("number", flat=True)[:970:97])


def _insert(model: Any, records: list[Any]) -> None:
    """Bulk creation for a table with a parent, which Django leaves to us: first the parents, then the children."""
    columns = [field.attname for field in Record._meta.local_concrete_fields if not field.primary_key]
    parents = [Record(**{name: getattr(record, name) for name in columns}) for record in records]
    Record.objects.bulk_create(parents, BATCH)
    for parent, record in zip(parents, records, strict=True):
        record.pk = record.id = parent.pk
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    for some in _batches(records):
        model._base_manager.all()._insert(some, fields=fields, using="default")


def _batches(records: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(records), 500):
        yield records[start : start + 500]
