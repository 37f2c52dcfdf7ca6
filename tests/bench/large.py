"""One community as small has it, measured alone, and again among five hundred on a million units."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import override_settings

from tests.bench.browser import Browser
from tests.bench.estate import SIZES, Estate
from tests.bench.measuring import ROUNDS, Duel, own_queries, statements
from tests.bench.spread import Plan, everywhere, spread
from tests.bench.subjects import FLAT, MOST_OF_SEARCH, MOST_QUERIES, Bench, slow
from yihu.ground.estate.models import Party, Unit
from yihu.kernel.models import JournalEntry, Record

PLAN = Plan(communities=499, contacts=1_984, lines=8)
NAMES = ("search", "list", "unit_file", "today")


def measure_large(folder: Path, say: Callable[[str], None], plan: Plan = PLAN) -> dict[str, Any]:
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(ROOT_URLCONF="tests.bench.urls", PASSWORD_HASHERS=hashers):
        with connection.cursor() as cursor:  # our own server: room for what is written at once
            cursor.execute("ALTER SYSTEM SET max_wal_size = '16GB'")
            cursor.execute("SELECT pg_reload_conf()")
        estate = Estate(SIZES["small"], folder)
        estate.grow(SIZES["small"].contacts)
        estate.grow(SIZES["small"].contacts * 9)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        bench = Bench(estate)
        say(f"alone: {len(estate.units)} units, {Record.objects.count()} records")
        before = _fight(_duels(bench, bench.desk, bench.supervisor))
        began = time.monotonic()
        spread(estate, plan)
        loaded = round(time.monotonic() - began)
        counts = {
            "units": Unit.objects.count(), "parties": Party.objects.count(), "records": Record.objects.count(),
            "journal": JournalEntry.objects.count(), "communities": plan.communities + 1,
        }  # fmt: skip
        say(f"among others, loaded in {loaded} s: {counts}")
        after = _fight(_duels(bench, bench.desk, bench.supervisor))
        person = everywhere(estate, "cs_supervisor")
        browser = Browser(bench.desk.application, person)
        widely = _fight(_duels(bench, browser, browser))
        results = {name: _told(name, after[name], before[name]) for name in NAMES}
        results["unit_file"]["queries"] = queries = _queries(bench)
        results["unit_file"]["ok"] &= queries <= MOST_QUERIES
        return {
            "size": "large", "database": connection.vendor, "ok": all(result["ok"] for result in results.values()), **results,
            "everywhere": {name: _told(name, widely[name], before[name]) for name in NAMES}, **counts, "loaded_seconds": loaded,
            "rounds": ROUNDS, "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip


def _duels(bench: Bench, desk: Browser, supervisor: Browser) -> dict[str, Duel]:
    return {
        "search": bench.searching(desk), "list": bench.listing(desk), "unit_file": bench.filing(desk), "today": bench.starting(supervisor),
    }  # fmt: skip


def _fight(duels: dict[str, Duel]) -> dict[str, Duel]:
    for duel in duels.values():
        duel.prepare()
    for _ in range(ROUNDS):
        for duel in duels.values():
            duel.round()
    return duels


def _told(name: str, duel: Duel, before: Duel) -> dict[str, Any]:
    """Each time is seen against the floor of its own hour."""
    told: dict[str, Any] = {"vs_floor": round(duel.times, 2), "vs_small": round(duel.times / before.times, 2)}
    if name == "search":
        told |= {**slow(duel), "p95_vs_small": round(duel.late / before.late, 2)}
        told["p95_ms_small"] = round(before.late_ms, 2)
        told["ok"] = told["p95_vs_small"] <= FLAT and told["p95_vs_floor"] <= MOST_OF_SEARCH
    else:
        told["ok"] = told["vs_small"] <= FLAT
    return {**told, **duel.figures(), "small": before.figures()}


def _queries(bench: Bench) -> int:
    with statements() as found:
        bench.desk.get(f"/units/{bench.estate.busy.pk}/")
    return len(own_queries(found))


def table_of(figures: dict[str, Any]) -> str:
    lines = [
        (
            f"{figures['database']}, {figures['communities']} communities, {figures['units']} units, {figures['records']} records, "
            f"{figures['journal']} lines of journal, loaded in {figures['loaded_seconds']} s, load {figures['load']}"
        ),
    ]
    for title, results in (("one community", figures), ("all communities", figures["everywhere"])):
        lines += ["", f"Somebody of {title}:"]
        for name in NAMES:
            result = results[name]
            keys = ("vs_floor", "vs_small", "p95_ms", "p95_vs_floor", "p95_vs_floor_median", "p95_vs_small", "queries")
            told = ", ".join(f"{key} {result[key]}" for key in keys if key in result)
            times = f"{result['ms']} ms against {result['floor_ms']} ms; alone {result['small']['ms']} against {result['small']['floor_ms']}"
            lines.append(f"{'ok  ' if result['ok'] else 'MISS'} {name:10} {told}: {times}")
    return "\n".join(lines)
