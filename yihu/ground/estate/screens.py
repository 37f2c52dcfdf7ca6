"""Columns, filters and panels of the imports."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlencode

from yihu.ground.estate.models import RollImport
from yihu.ground.estate.roll.problems import ERROR, KINDS
from yihu.kernel import builtin
from yihu.kernel.screens import Screens, page, screens

_EXAMPLES = 3


@screens
class RollScreens(Screens):
    model = RollImport
    columns = ("number", "state", "summary", "created", "updated", "errors", "warnings", "opened_by", "opened_at")
    filters = ("state",)
    related = ("opened_by",)
    panels = (("名册", ("file_name", "rows", "created", "updated", "unchanged", "kept", "errors", "warnings")),)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        run: RollImport = record
        found: list[dict[str, Any]] = []
        if run.clusters:
            names = ("units", "handed_over", "renovating", "moved_in")
            total = {name: sum(row[name] for row in run.clusters) for name in names}
            found.append({"title": "各组团", "template": "estate/_clusters.html", "rows": run.clusters, "total": total})
        if groups := self.problem_groups(run):
            found.append({"title": "发现的问题", "template": "estate/_problems.html", "groups": groups})
        return found

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """Of what every record can do only the note has a sense here."""
        note = builtin.step(self.procedure, "note")
        shown = note is not None and page.is_open(note, record, person)
        found: dict[str, Any] = {"built_in": [page.step_link(record, note)] if shown else []}
        if not step and record.reading:
            found |= {"primary": None, "steps": []}
        elif not step and record.state == RollImport.State.CHECKING and record.errors:
            first, other = self.procedure.step("map"), self.procedure.step("withdraw")
            found |= {"primary": page.step_link(record, first), "steps": [page.step_link(record, other)]}
        return found

    def problem_groups(self, run: RollImport) -> list[dict[str, Any]]:
        """Errors first, each kind with how often it was met in which cluster and a few examples."""
        met: Counter[str] = Counter()
        places: dict[str, Counter[str]] = defaultdict(Counter)
        for kind, cluster in run.problems.values_list("kind", "cluster"):
            met[kind] += 1
            places[kind][cluster] += 1
        names = {told["code"]: told["name"] for told in run.clusters}
        return [
            {
                "title": KINDS[kind].title,
                "is_error": KINDS[kind].severity == ERROR,
                "count": met[kind],
                "places": [
                    f"{names.get(code) or code} {count}"
                    for code, count in sorted(places[kind].items())
                    if code or count < met[kind]
                ],
                "examples": list(run.problems.filter(kind=kind).order_by("pk")[:_EXAMPLES]),
                "url": f"{run.get_absolute_url()}problems/?{urlencode({'kind': kind})}"
                if met[kind] > _EXAMPLES
                else "",
            }
            for kind in KINDS
            if met[kind]
        ]
