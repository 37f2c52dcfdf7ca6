"""Columns, filters and panels of the imports of rolls."""

from __future__ import annotations

from typing import Any

from yihu.ground.estate.models import RollImport
from yihu.kernel.importing.screens import ImportScreens
from yihu.kernel.screens import screens


@screens
class RollScreens(ImportScreens):
    model = RollImport

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if record.clusters:
            names = ("units", "handed_over", "renovating", "moved_in")
            total = {name: sum(row[name] for row in record.clusters) for name in names}
            told = {"title": "各组团", "template": "estate/_clusters.html", "rows": record.clusters, "total": total}
            found.append(told)
        return [*found, *super().extra_panels(record, person)]

    def part_names(self, run: Any) -> dict[str, str]:
        return {told["code"]: told["name"] for told in run.clusters}
