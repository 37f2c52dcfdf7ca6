"""A month's bills: drawn up and posted, beside raw COPY or executemany of the same rows, alone and beside a busy desk."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections, transaction
from django.utils import timezone

from tests.bench.browser import Browser
from tests.support.cast import Cast
from yihu.areas.billing.reckoned import SOURCES, Reckoned
from yihu.areas.billing.running import drawing, posting
from yihu.areas.billing.running.canon import basis_text
from yihu.areas.billing.running.models import BillingRun
from yihu.basics.months import Month
from yihu.ground.estate.models import Building, Cluster, Occupancy, Party, Unit
from yihu.ground.ledger import many, tables
from yihu.ground.ledger.models import Charge, FeeItem, Line, Voucher
from yihu.ground.ledger.posting import LINE
from yihu.kernel.doors import open_record, perform

UNITS = {"small": 3_000, "medium": 20_000, "large": 200_000}
ITEMS = (("WY", "物业服务费"), ("GTS", "公摊水费"), ("GTD", "公摊电费"), ("SF", "代收水费"), ("LJ", "垃圾清运费"))
LEAST, READ_P95, WRITE_P95, LONGEST = 0.3, 200, 300, 2000
PIECE, SAMPLE = 20_000, 200_000  # lines of the floor in one transaction, and in all
PER_SECOND, SECONDS = 30, 60
ROOMS = [(entrance, f"{floor}{door:02d}") for entrance in "12" for floor in range(1, 26) for door in range(1, 5)]


class Flat:
    """Every item for every unit, explained as a real source does."""

    slug, label = "bench", "价目"

    def __init__(self, items: Sequence[int], owners: dict[int, int]) -> None:
        self.items, self.owners = items, owners

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterable[Reckoned]:
        days = month.last.day
        for unit in units:
            for place, item in enumerate(self.items):
                amount = 10_000 + (unit * 37 + place * 1009) % 30_000
                yield Reckoned(
                    self.owners[unit], unit, item, month.first, month.last, month.last, amount,
                    f"128.36㎡ × {amount / 12836:.4f}元 × {days}/{days}天 = {amount / 100:.2f}元", "",
                    {"quantity": "128.36", "measure": "㎡", "price": f"{amount / 12836:.4f}", "days": days, "of_days": days,
                     "rule": "daily", "rounding": "half_up"},
                )  # fmt: skip


class Site:
    """Units with an owner each, the items, the people."""

    def __init__(self, cast: Cast, count: int) -> None:
        self.cast, self.month = cast, Month.of(timezone.localdate())
        self.accountant = cast.person("bench_accountant", "账会计", "accountant")
        self.checker = cast.person("bench_checker", "核会计", "accountant")
        here = cast.yunqi
        cluster = Cluster.objects.create(community=here, code="ZD", name="账单组团")
        owners: dict[int, int] = {}
        self.called: dict[int, str] = {}
        for start in range(0, count, len(ROOMS)):
            number = start // len(ROOMS) + 1
            building = Building.objects.create(community=here, cluster=cluster, code=f"Z{number}", name=f"Z{number}栋")
            rooms = ROOMS[: count - start]
            units = Unit.objects.bulk_create(
                [_named(Unit(community=here, cluster=cluster, building=building, entrance=entrance, room=room)) for entrance, room in rooms]
            )  # fmt: skip
            parties = Party.objects.bulk_create([Party(community=here, name=f"业主{unit.pk}") for unit in units])
            Occupancy.objects.bulk_create(
                [
                    Occupancy(unit=unit, party=party, role="owner", from_on=date(2020, 1, 1))
                    for unit, party in zip(units, parties, strict=True)
                ]
            )
            owners |= {unit.pk: party.pk for unit, party in zip(units, parties, strict=True)}
            self.called |= {unit.pk: unit.label for unit in units}
        items = [FeeItem.objects.create(community=here, code=code, name=name).pk for code, name in ITEMS]
        self.units = list(owners)
        SOURCES.clear()
        SOURCES["bench"] = Flat(items, owners)

    def open(self, month: Month) -> BillingRun:
        said = {"month_on": month.first.isoformat(), "sources": ["bench"], "threshold": "30"}
        return open_record(BillingRun(community=self.cast.yunqi), by=self.accountant, data=said)  # type: ignore[no-any-return]

    def ready(self, run: BillingRun) -> BillingRun:
        perform(run, "check", by=self.checker, data={})
        return perform(run, "post", by=self.accountant)  # type: ignore[no-any-return]


def _named(unit: Unit) -> Unit:
    """As the roll does it: found and sorted by its names."""
    unit.name_itself()
    return unit


@dataclass
class Watch:
    """What the process holds in memory meanwhile."""

    start: float = 0.0
    peak: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        while not self.over.wait(0.05):
            self.peak = max(self.peak, resident())


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch(start=resident())
    thread = threading.Thread(target=watch.look)
    thread.start()
    try:
        yield watch
    finally:
        watch.over.set()
        thread.join()


def timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def longest_slices(longest: list[float]) -> None:
    """Note how long each slice of the posting takes, lock and all."""
    inner = posting._one_move

    def noted(run: Any) -> None:
        longest[0] = max(longest[0], timed(lambda: inner(run)))

    posting._one_move = noted


def raw_rate(run: BillingRun) -> float:
    """Lines per second of nothing but COPY or executemany into the same tables: the run's own rows, a year earlier."""
    keys = list(Charge.objects.filter(record=run).order_by("pk").values_list("pk", flat=True)[:SAMPLE])
    spent, lines = 0.0, 0
    for start in range(0, len(keys), PIECE):
        first, last = keys[start], keys[min(start + PIECE, len(keys)) - 1]
        charges, postings = _rows_again(run, first, last)

        def write(charges: Any = charges, postings: Any = postings) -> None:
            with transaction.atomic():
                tables.write(Charge, many.COLUMNS, charges)
                tables.write(Line, LINE, postings)

        spent += timed(write)
        lines += len(charges)
    return lines / spent


def _rows_again(run: BillingRun, first: int, last: int) -> tuple[list[Any], list[Any]]:
    """Ready to be written: charges and their lines with fresh keys, in another year so that no constraint minds."""
    known = Charge.objects.filter(record=run, pk__gte=first, pk__lte=last).order_by("pk")
    old = list(known.values_list("pk", *(name for name in many.COLUMNS if name != "id")))
    template = Voucher.objects.filter(record=run).earliest("pk")
    voucher = Voucher.objects.create(
        community=run.community,
        kind="charge",
        day=template.day,
        at=template.at,
        by=template.by,
        words="raw",
        key=uuid.uuid4().hex,
    )
    fresh = dict(zip([row[0] for row in old], tables.take_keys(Charge, len(old)), strict=True))
    charges = [
        (fresh[pk], *rest[:-4], basis_text(rest[-4]), *(day.replace(year=day.year - 1).isoformat() for day in rest[-3:]))
        for pk, *rest in old
    ]  # fmt: skip
    rows = Line.objects.filter(charge__gte=first, charge__lte=last).order_by("pk").values_list(*LINE)
    place, day = LINE.index("charge"), LINE.index("day")
    postings = []
    for row in rows:
        told = list(row)
        told[0], told[place], told[day] = voucher.pk, fresh[row[place]], row[day].isoformat()
        postings.append(tuple(told))
    other = [-sum(row[LINE.index("amount")] for row in postings), *([None] * 6)]
    postings.append((voucher.pk, run.community_id, template.day.isoformat(), "income", *other))
    return charges, postings


# -- beside the desk -------------------------------------------------------------------------------------------------


def beside_the_desk(site: Site, folder: Path, month: Month) -> dict[str, Any]:
    """The run in a worker of its own, and here thirty requests a second of people at the desk."""
    run = site.open(month)
    drawing.draw.func(run.pk, 1)
    run.refresh_from_db()
    site.ready(run)
    worker = _worker(folder)
    desk = Desk(site)
    began = time.monotonic()
    try:
        figures = desk.busy(lambda: BillingRun.objects.get(pk=run.pk).state != "posting")
    finally:
        spent = time.monotonic() - began
        worker.kill()
        worker.wait(10)
    run.refresh_from_db()
    return {
        **figures,
        "lines_per_s": round(run.lines_posted / spent),
        "lines": run.lines_posted,
        "seconds": round(spent, 1),
    }


def _worker(folder: Path) -> subprocess.Popen[bytes]:
    name = str(connection.settings_dict["NAME"])
    address = f"sqlite:///{name}"
    if connection.vendor != "sqlite":
        address = urlsplit(os.environ["YIHU_DATABASE_URL"])._replace(path=f"/{name}").geturl()
    environment = {**os.environ, "YIHU_DATABASE_URL": address, "PYTHONPATH": str(settings.BASE_DIR)}
    with (folder / "worker.log").open("ab") as log:
        argv = [sys.executable, "-m", "django", "work"]
        return subprocess.Popen(argv, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log)


class Desk:
    """Reads and writes at their appointed moments; each is timed from that moment, so that waiting counts."""

    def __init__(self, site: Site) -> None:
        self.site, self.lot, application = site, random.Random(3), WSGIHandler()
        self.browsers = [Browser(application, site.cast.wang) for _ in range(4)]
        self.took: dict[str, list[float]] = {"read": [], "write": []}
        self.errors = 0
        for browser in self.browsers:
            browser.get("/reception/")

    def busy(self, over: Callable[[], bool]) -> dict[str, Any]:
        end, stop = time.monotonic() + SECONDS, threading.Event()
        threads = [
            threading.Thread(target=self._serve, args=(place, browser, stop))
            for place, browser in enumerate(self.browsers)
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < end and not over():
            time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join(60)
        reads, writes = self.took["read"], self.took["write"]
        return {
            "read_p95_ms": _p95(reads), "write_p95_ms": _p95(writes), "errors": self.errors, "reads": len(reads), "writes": len(writes),
        }  # fmt: skip

    def _serve(self, place: int, browser: Browser, stop: threading.Event) -> None:
        every, turn = len(self.browsers) / PER_SECOND, 0
        due = time.monotonic() + place / PER_SECOND
        while not stop.is_set():
            time.sleep(max(0.0, due - time.monotonic()))
            kind = "write" if turn % 5 == 4 else "read"
            began = max(due, time.monotonic() - 0.001) if time.monotonic() - due < every else time.monotonic()
            if not (self._write(browser) if kind == "write" else self._read(browser, turn)):
                self.errors += 1
            self.took[kind].append((time.monotonic() - began) * 1000)
            turn, due = turn + 1, max(due + every, time.monotonic() - every)
        connections.close_all()

    def _read(self, browser: Browser, turn: int) -> bool:
        unit = self.lot.choice(self.site.units)
        if turn % 4 == 3:  # all but the last figure of a room: it is found, among others
            found = browser.get(f"/search/?q={self.site.called[unit][:-1]}")
            return found.status == 200 and f"/units/{unit}/".encode() in found.body
        address = ("/reception/", f"/units/{unit}/", "/reception/?tab=all")[turn % 4]
        return browser.get(address).status == 200

    def _write(self, browser: Browser) -> bool:
        typed = {
            "key": uuid.uuid4().hex, "unit": self.lot.choice(self.site.units), "channel": "phone", "relation": "owner",
            "caller_name": "赵女士", "phone": "13800138112", "category": "other", "content": "问本月账单",
        }  # fmt: skip
        return browser.post("/reception/new/", typed).status == 302


def _p95(times: list[float]) -> float:
    return round(quantiles(times, n=20)[-1], 1) if len(times) > 1 else 0.0


# -- all of it -------------------------------------------------------------------------------------------------------


def measure_billing(cast: Cast, size: str, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    site = Site(cast, UNITS[size])
    say(f"billing: {len(site.units)} units × {len(ITEMS)} items")
    _analyse()
    run, longest = site.open(site.month), [0.0]
    longest_slices(longest)
    with watched() as watch:
        drawn = timed(lambda: drawing.draw.func(run.pk, 1))
        run.refresh_from_db()
        say(f"drawn up: {run.lines} lines in {drawn:.1f} s")
        site.ready(run)
        posted = timed(lambda: _until_posted(run))
        posting.post.func(run.pk)  # puts the drafts away
    run.refresh_from_db()
    say(f"posted: {run.lines_posted} lines in {posted:.1f} s")
    lines, raw = run.lines_posted, raw_rate(run)
    beside = beside_the_desk(site, folder, site.month.after)
    result = {
        "lines": lines, "lines_per_s": round(lines / posted), "raw_lines_per_s": round(raw), "vs_raw": round(lines / posted / raw, 2),
        "drawn_per_s": round(lines / drawn), "whole_vs_raw": round(lines / (drawn + posted) / raw, 2),
        "memory_mb": round(watch.peak), "memory_growth_mb": round(watch.peak - watch.start), "longest_slice_ms": round(longest[0] * 1000),
        "beside": beside, "database": connection.vendor, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    calm = beside["read_p95_ms"] <= READ_P95 and beside["write_p95_ms"] <= WRITE_P95 and not beside["errors"]
    result["ok"] = result["vs_raw"] >= LEAST and result["longest_slice_ms"] <= LONGEST and calm
    return result


def _until_posted(run: BillingRun) -> None:
    """The posting itself; that the drafts are put away afterwards is not part of it."""
    kept, posting._put_away = posting._put_away, lambda run_id, pace: None
    try:
        posting.post.func(run.pk)
    finally:
        posting._put_away = kept


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
