"""A company of five hundred communities, on PostgreSQL: the one estate that was grown is repeated by the database itself.

Nothing passes through Python but a list of names and of blind endings, so that a million units and ten million lines of
journal take minutes, and no more memory than a page. Names, telephones and numbers differ from community to community.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from tests.bench.estate import Estate
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.names import search_words
from yihu.ground.estate.models import (
    Building,
    Cluster,
    Community,
    Occupancy,
    ParkingSpace,
    Party,
    PartyKey,
    Unit,
    UnitArea,
    Vehicle,
)
from yihu.ground.estate.models.keys import keys_of
from yihu.ground.staff.models import Post
from yihu.kernel import sealing
from yihu.kernel.models import Deadline, JournalEntry, Link, Record, SearchEntry

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文斌宇浩凯健俊帆雪琳晨阳思雨欣怡子涵梓轩佳诗琪若曦沐辰"
)
NAMES = 20_000
ENDINGS = 10_000
KEPT = 48  # characters of the blind index at the end of a sealed text


@dataclass
class Copy:
    """Rows of one table, once for each further community; references among the tables follow by themselves."""

    model: Any
    where: str = "TRUE"
    changes: dict[str, str] = field(default_factory=dict)
    join: str = ""


@dataclass(frozen=True)
class Plan:
    communities: int  # beside the one that is there
    contacts: int  # in each of them
    lines: int  # of journal for each record


def sealed(column: str, ending: str) -> str:
    """The same sealed text with another blind index: another telephone, as far as one can look for it."""
    index = f"md5(o.id::text || '/' || k::text || '/{column}')"
    return f"CASE WHEN o.{column} = '' THEN '' ELSE left(o.{column}, -{KEPT}) || {index} || {ending} END"


def spread(estate: Estate, plan: Plan) -> None:
    """Fill the company. The database checks no references meanwhile: they are copied as they are."""
    home = estate.community
    contacts = list(Contact.objects.filter(community=home).order_by("pk").values_list("pk", flat=True)[: plan.contacts])
    ours = f"o.community_id = {home.pk}"
    records = (
        f"o.id <= {contacts[-1]} AND o.kind = 'reception.contact' OR o.id IN (SELECT target_id FROM kernel_link"
        f" WHERE origin_id <= {contacts[-1]})"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        _names(cursor)
        cursor.execute(
            f"CREATE TEMP TABLE bench_records AS SELECT o.id FROM kernel_record AS o WHERE {ours} AND ({records})"
        )
        cursor.execute("ANALYZE bench_records")
        among = "IN (SELECT id FROM bench_records)"
        number = "'C' || k || substr(o.number, strpos(o.number, '-'))"
        ending = "(SELECT ending FROM bench_endings WHERE n = (o.id * 7919 + k * 104729) % 10000)"
        person = "o.kind = 'person' AND name.name IS NOT NULL"
        party = {
            "name": f"CASE WHEN {person} THEN name.name ELSE o.name END",
            "name_initials": f"CASE WHEN {person} THEN name.spelt ELSE o.name_initials END",
            "phone": sealed("phone", ending),
            "phone2": sealed("phone2", ending),
            "id_no": sealed("id_no", "substr(md5(k::text || o.id::text), 1, 16)"),
        }
        phone = {"phone": sealed("phone", ending).replace("o.id", "o.record_ptr_id")}
        copies = [
            Copy(Community, f"o.id = {home.pk}", {"name": "'云栖苑' || k || '区'", "code": "'C' || k"}),
            *(Copy(model, ours) for model in (Cluster, Building, Unit)),
            Copy(UnitArea, f"o.unit_id IN (SELECT id FROM estate_unit WHERE community_id = {home.pk})"),
            Copy(Party, ours, party, f"LEFT JOIN bench_names AS name ON name.n = (o.id * 31 + k * 977) % {NAMES}"),
            Copy(Occupancy, f"o.unit_id IN (SELECT id FROM estate_unit WHERE community_id = {home.pk})"),
            *(Copy(model, ours) for model in (Vehicle, ParkingSpace)),
            Copy(Record, f"o.id {among}", {"number": number, "journal_seq": str(plan.lines)}),
            Copy(Contact, f"o.record_ptr_id {among}", phone),
            Copy(WorkOrder, f"o.record_ptr_id {among}", phone),
            Copy(Deadline, f"o.record_id {among}"),
            Copy(Link, f"o.origin_id {among}"),
            Copy(
                SearchEntry,
                f"o.kind = 'record' AND o.object_id {among}",
                {
                    "object_id": "o.object_id + k * steps.record",
                    "title": "'C' || k || substr(o.title, strpos(o.title, '-'))",
                    "grams": "'c' || k || substr(o.grams, strpos(o.grams, ' '))",
                },
            ),
        ]  # fmt: skip
        run(cursor, copies, plan.communities)
        _keys(cursor, home.pk)
        _journal(cursor, plan.lines, home.pk)
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET synchronous_commit")
    for model in (*(copy.model for copy in copies), PartyKey, JournalEntry):
        _advance(model)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _names(cursor: Any) -> None:
    """Names as common as names are, how they are spelt, and the blind endings of telephones."""
    lot = random.Random(11)
    cursor.execute("CREATE TEMP TABLE bench_names (n int PRIMARY KEY, name text, spelt text)")
    cursor.execute("CREATE TEMP TABLE bench_endings (n int PRIMARY KEY, ending text)")
    with cursor.copy("COPY bench_names FROM STDIN") as copy:
        for n in range(NAMES):
            name = lot.choice(SURNAMES) + "".join(lot.choices(GIVEN, k=lot.choice((1, 2, 2, 2))))
            copy.write_row((n, name, search_words(name)[:255]))
    with cursor.copy("COPY bench_endings FROM STDIN") as copy:
        for n in range(ENDINGS):
            copy.write_row((n, sealing.blind_last4(f"1380013{n:04d}", "phone")))


def run(cursor: Any, copies: list[Copy], times: int) -> None:
    steps: dict[Any, int] = {}
    for copy in copies:
        if not copy.model._meta.parents:
            table, pk = copy.model._meta.db_table, copy.model._meta.pk.column
            cursor.execute(f"SELECT coalesce(max({pk}), 0) FROM {table}")
            steps[copy.model] = cursor.fetchone()[0]
    for copy in copies:
        table = copy.model._meta.db_table
        columns = {
            one.column: _value(one, steps) for one in copy.model._meta.local_concrete_fields if not one.generated
        }
        columns |= copy.changes
        values = ", ".join(columns.values()).replace("steps.record", str(steps[Record]))
        names = ", ".join(f'"{name}"' for name in columns)
        with without_indexes(cursor, table):
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, {times}) AS k CROSS JOIN {table} AS o"
                f" {copy.join} WHERE {copy.where}"
            )


def _value(one: Any, steps: dict[Any, int]) -> str:
    """A column as it is copied: what refers to a copied row refers to its copy."""
    if one.is_relation and one.column in ("roll_id", "roll_row_id"):
        return "NULL"
    step = steps.get(one.related_model if one.is_relation else one.model if one.primary_key else None)
    return f'o."{one.column}"' + (f" + k * {step}" if step else "")


def _keys(cursor: Any, home: int) -> None:
    """The keys of everybody outside the first community, spelt once for each name."""
    cursor.execute("CREATE TEMP TABLE bench_keys (name text, key text)")
    cursor.execute("SELECT DISTINCT name, name_initials FROM estate_party")
    told = cursor.fetchall()
    with cursor.copy("COPY bench_keys FROM STDIN") as copy:
        for name, spelt in told:
            for key in keys_of(name, spelt):
                copy.write_row((name, key))
    cursor.execute("CREATE INDEX ON bench_keys (name)")
    cursor.execute("ANALYZE bench_keys")
    with without_indexes(cursor, "estate_partykey"):
        cursor.execute(
            "INSERT INTO estate_partykey (party_id, community_id, key) SELECT party.id, party.community_id, keys.key"
            " FROM estate_party AS party JOIN bench_keys AS keys USING (name) WHERE party.community_id <> %s",
            [home],
        )


def _journal(cursor: Any, lines: int, home: int) -> None:
    """So many lines for each record; the first of the home's records are there already."""
    with without_indexes(cursor, "kernel_journalentry"):
        cursor.execute(
            """INSERT INTO kernel_journalentry
                (record_id, seq, at, written_at, by_id, step, sentence, changed, salt, digest, chained)
            SELECT record.id, line, record.opened_at + line * interval '3 hours', record.opened_at + line * interval '3 hours',
                record.opened_by_id, 'note', '备注：已与业主联系，约定上门时间，第 ' || line || ' 次', '{}', md5(record.id::text),
                md5(record.id::text || line) || md5(line::text), md5(line::text || record.id) || md5(record.id::text)
            FROM kernel_record AS record CROSS JOIN generate_series(1, %s) AS line
            WHERE NOT EXISTS (SELECT FROM kernel_journalentry AS known WHERE known.record_id = record.id AND known.seq = line)""",
            [lines],
        )
    cursor.execute("UPDATE kernel_record SET journal_seq = %s WHERE community_id = %s", [lines, home])


@contextmanager
def without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """An index is built faster than it is kept. Those that stand for a constraint stay."""
    cursor.execute(
        """SELECT index.relname, pg_get_indexdef(index.oid) FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
        WHERE indrelid = %s::regclass AND NOT indisprimary AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)""",
        [table],
    )
    known = cursor.fetchall()
    for name, _ in known:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in known:
        cursor.execute(definition)


def _advance(model: Any) -> None:
    """What is created later gets the numbers behind the copies."""
    if not model._meta.parents:
        with connection.cursor() as cursor, transaction.atomic():
            table, pk = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{pk}'), (SELECT coalesce(max({pk}), 1) FROM {table}))"
            )


def everywhere(estate: Estate, code: str) -> Any:
    """Somebody who holds a post in every community of the company."""
    person = estate.cast.person("everywhere", "巡客服", code)
    known = Post.objects.get(account=person)
    Post.objects.bulk_create(
        [
            Post(account=person, community_id=pk, code=code, from_on=known.from_on)
            for pk in Community.objects.exclude(pk=known.community_id).order_by("pk").values_list("pk", flat=True)
        ]
    )
    return person
