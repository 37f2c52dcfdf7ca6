"""Columns and panels of every import."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlencode

from yihu.kernel import builtin
from yihu.kernel.importing.problems import ERROR, KINDS
from yihu.kernel.screens import Screens, page

_EXAMPLES = 3


class ImportScreens(Screens):
    columns = ("number", "state", "summary", "created", "updated", "errors", "warnings", "opened_by", "opened_at")
    filters = ("state",)
    related = ("opened_by",)
    panels = (("文件", ("file_name", "rows", "created", "updated", "unchanged", "kept", "errors", "warnings")),)

    def default_tab(self, person: Any, community: Any) -> str:
        """One that is live is finished for those who look for open work, so all are shown."""
        return "all"

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        groups = self.problem_groups(record)
        return [{"title": "发现的问题", "template": "kernel/import/_problems.html", "groups": groups}] if groups else []

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """Of what every record can do only the note has a sense here."""
        notes = [step for step in builtin.built_in_steps(self.procedure) if step.name == "note"]
        shown = [page.step_link(record, note) for note in notes if page.is_open(note, record, person)]
        found: dict[str, Any] = {"built_in": shown}
        if not step and record.still_reading:
            found |= {"primary": None, "steps": []}
        elif not step and record.state == record.State.CHECKING and record.errors:
            links = {step.name: page.step_link(record, step) for step in self.procedure.steps}
            found |= {"primary": links["map"], "steps": [links["withdraw"]]}
        return found

    def part_names(self, run: Any) -> dict[str, str]:
        """What the parts of the file are called, by which problems are counted."""
        return {}

    def problem_groups(self, run: Any) -> list[dict[str, Any]]:
        """Errors first, each kind with how often it was met in which part and a few examples."""
        met: Counter[str] = Counter()
        places: dict[str, Counter[str]] = defaultdict(Counter)
        for kind, part in run.problems.values_list("kind", "part"):
            met[kind] += 1
            places[kind][part] += 1
        names = self.part_names(run)
        return [
            {
                "title": known.title,
                "is_error": known.severity == ERROR,
                "count": met[kind],
                "places": [
                    f"{names.get(part) or part} {count}"
                    for part, count in sorted(places[kind].items())
                    if part or count < met[kind]
                ],
                "examples": list(run.problems.filter(kind=kind).order_by("pk")[:_EXAMPLES]),
                "url": f"{run.get_absolute_url()}problems/?{urlencode({'kind': kind})}"
                if met[kind] > _EXAMPLES
                else "",
            }
            for kind, known in sorted(KINDS.items(), key=lambda item: item[1].severity != ERROR)
            if met[kind]
        ]
