"""`script/bench [--size small|medium|large] [--database sqlite|postgres] [--only NAME …] [--json]`: the figures, in words or as one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.place import throw_away

NAMES = ("log_contact", "unit_file", "search", "list", "today", "import_roll", "billing", "notices")
ASKED = {
    "log_contact": "writes_per_s_vs_floor ≥ 0.5", "unit_file": "queries ≤ 12", "search": "vs_floor ≤ 6", "list": "flat ≤ 1.5",
    "today": "", "import_roll": "vs_bulk_create ≥ 0.4", "billing": "vs_raw ≥ 0.3; beside the desk p95 ≤ 200/300 ms",
    "notices": "pages_per_s ≥ 10",
}  # fmt: skip
TOLD = ("writes_per_s_vs_floor", "queries", "vs_floor", "flat", "vs_bulk_create")
OF_BILLING = (
    "lines_per_s",
    "raw_lines_per_s",
    "vs_raw",
    "whole_vs_raw",
    "memory_mb",
    "memory_growth_mb",
    "longest_slice_ms",
    "beside",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--size", choices=("small", "medium", "large"), default="small")
    parser.add_argument(
        "--database", choices=("sqlite", "postgres"), help="else what YIHU_DATABASE_URL names, else SQLite"
    )
    parser.add_argument(
        "--only", choices=NAMES, nargs="+", default=NAMES, metavar="NAME", help=f"some of {', '.join(NAMES)}"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    if tuple(options.only) == ("billing",):
        return _billing(options)
    if options.size == "large":
        return _large(options)
    database = options.database or ("given" if os.environ.get("YIHU_DATABASE_URL") else "sqlite")
    began = time.monotonic()
    with throw_away(database) as folder:
        figures = measure(options.size, options.only, folder)
    figures["seconds"] = round(time.monotonic() - began)
    print(json.dumps(figures, ensure_ascii=False) if options.json else table(figures))
    return 0 if figures["ok"] else 1


def _billing(options: argparse.Namespace) -> int:
    """The billing run alone, of any size, on either database."""
    database = options.database or ("given" if os.environ.get("YIHU_DATABASE_URL") else "sqlite")
    began = time.monotonic()
    with throw_away(database) as folder:
        from django.test import override_settings

        from tests.bench.billing import measure_billing
        from tests.support.cast import Cast

        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            result = measure_billing(Cast(), options.size, folder, say)
    figures = {"size": options.size, "ok": result["ok"], "billing": result, "seconds": round(time.monotonic() - began)}
    print(json.dumps(figures, ensure_ascii=False) if options.json else billing_line(result))
    return 0 if figures["ok"] else 1


def billing_line(result: dict[str, Any]) -> str:
    told = ", ".join(f"{name} {result[name]}" for name in OF_BILLING)
    return f"{'ok  ' if result['ok'] else 'MISS'} {'billing':12} {told}; {ASKED['billing']}"


def _large(options: argparse.Namespace) -> int:
    """A company of five hundred communities, on a PostgreSQL of its own: two sizes in one run."""
    if options.database == "sqlite":
        print("large 只在 PostgreSQL 上测：去掉 --database sqlite。", file=sys.stderr)
        return 2
    os.environ.pop("YIHU_DATABASE_URL", None)
    began = time.monotonic()
    with throw_away("postgres") as folder:
        from tests.bench.large import measure_large, table_of

        figures = measure_large(folder, say)
    figures["seconds"] = round(time.monotonic() - began)
    print(json.dumps(figures, ensure_ascii=False) if options.json else table_of(figures))
    return 0 if figures["ok"] else 1


def measure(size: str, only: tuple[str, ...], folder: Path) -> dict[str, Any]:
    """Everything imported here stands on models, which are there only once Django is up."""
    from django.db import connection
    from django.test import override_settings

    from tests.bench import notices
    from tests.bench.billing import measure_billing
    from tests.bench.estate import SIZES, Estate
    from tests.bench.measuring import ROUNDS, Duel
    from tests.bench.subjects import Bench
    from yihu.kernel.models import Record

    if list(only) == ["notices"]:  # needs no estate
        figures = notices.measure()
        rest = {"units": 0, "records": 0, "rounds": 1, "load": round(os.getloadavg()[0], 1)}
        return {"size": size, "database": connection.vendor, "ok": figures["ok"], "notices": figures, **rest}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in with a password here
    with override_settings(ROOT_URLCONF="tests.bench.urls", PASSWORD_HASHERS=hashers):
        estate = Estate(SIZES[size], folder)
        bench = Bench(estate)

        def run(*duels: Duel) -> None:
            for duel in duels:
                duel.prepare()
            for _ in range(ROUNDS):
                for duel in duels:
                    duel.round()

        say(f"{len(estate.units)} units")
        estate.grow(estate.size.contacts)
        analyse(connection)
        before = bench.list_now()
        if "list" in only:
            run(before)
        estate.grow(estate.size.contacts * 9)
        analyse(connection)
        say(f"{Record.objects.count()} records")
        records = Record.objects.count()
        subjects = [
            bench.list(before) if name == "list" else getattr(bench, name)()
            for name in only
            if name not in ("import_roll", "billing", "notices")
        ]
        run(*(subject.duel for subject in subjects))
        if "import_roll" in only:
            subjects.append(bench.import_roll())
            run(subjects[-1].duel)
        results = {subject.name: subject.result() for subject in subjects}
        if "billing" in only:
            results["billing"] = measure_billing(estate.cast, size, folder, say)
        if "notices" in only:
            results["notices"] = notices.measure()
        return {
            "size": size, "database": connection.vendor, "ok": all(result["ok"] for result in results.values()), **results,
            "units": len(estate.units), "records": records, "rounds": ROUNDS, "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip


def analyse(connection: Any) -> None:
    """As the databases do by themselves after a while: look at how the tables have grown."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def table(figures: dict[str, Any]) -> str:
    lines = [
        f"{figures['database']}, {figures['units']} units, {figures['records']} records, load {figures['load']}",
        "",
    ]
    if result := figures.get("billing"):
        lines.append(billing_line(result))
    for name in NAMES:
        if name == "notices" and (result := figures.get(name)):
            mark = "ok  " if result["ok"] else "MISS"
            told = f"{result['pages_per_s']} pages/s, {result['peak_mb']} MB memory, {result['file_mb']} MB file"
            lines.append(f"{mark} {name:12} {told:95} {ASKED[name]}")
        elif (result := figures.get(name)) and name != "billing":
            told = ", ".join(f"{key} {result[key]}" for key in TOLD if key in result)
            times = f"{result['ms']} ms (cpu {result['cpu_ms']}) against {result['floor_ms']} ms (cpu {result['floor_cpu_ms']})"
            mark = "ok  " if result["ok"] else "MISS"
            lines.append(f"{mark} {name:12} {told:36} {times:58} {ASKED[name]}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
