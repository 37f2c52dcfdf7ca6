"""业主档案目录 (F37): what each household's file must hold, what it holds, what is missing and since when (ARC-01, ARC-02, ARC-14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from yihu.areas.archives.models import Cabinet
from yihu.ground.estate.models import Occupancy, Unit
from yihu.ground.papers.models import DocType, Paper

S = DocType.Stage
_CHUNK = 800


@dataclass
class Line:
    """One line of a household's catalogue."""

    doc: Any
    since: date
    papers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def missing(self) -> bool:
        return self.doc.required and not self.papers


@dataclass
class HouseFile:
    """One household's file against its catalogue; ``others`` are papers that no line asks for."""

    unit: Any
    lines: list[Line]
    others: list[dict[str, Any]]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.missing]

    @property
    def papers(self) -> list[dict[str, Any]]:
        return [*(paper for line in self.lines for paper in line.papers), *self.others]

    @property
    def not_scanned(self) -> list[dict[str, Any]]:
        return [paper for paper in self.papers if paper["place"] and not paper["scanned"]]

    @property
    def asked(self) -> bool:
        return any(line.doc.required for line in self.lines)


@dataclass(frozen=True)
class Rate:
    """档案完整率: files that lack nothing ÷ files of which something is required; — where nothing is required."""

    whole: int
    asked: int

    @property
    def text(self) -> str:
        return f"{self.whole * 100 / self.asked:.1f}%" if self.asked else "—"


def doc_types(community: Any) -> list[Any]:
    return list(DocType.objects.filter(community=community, shown=True).order_by("position", "pk"))


def files_of(community: Any, units: Iterable[Any], docs: list[Any] | None = None) -> list[HouseFile]:
    """The files of these units, in their order."""
    asked = doc_types(community) if docs is None else docs
    kinds = [doc.kind for doc in asked]
    sole = {
        kind for kind in kinds if kinds.count(kind) == 1
    }  # what nobody has named counts for the one line of its kind
    found: list[HouseFile] = []
    rows = list(units)
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        held, stays = _held(some), _stays(some)
        found += [_file(unit, asked, sole, held[unit.pk], stays[unit.pk]) for unit in some]
    return found


def file_of(unit: Any) -> HouseFile:
    return files_of(unit.community, [unit])[0]


def rate_of(files: Iterable[HouseFile]) -> Rate:
    asked = [one for one in files if one.asked]
    return Rate(sum(not one.missing for one in asked), len(asked))


def cabinet_of(unit: Any) -> Any:
    """Where the unit's file stands: the cabinet of its staircase, else of its building, else the one for all."""
    rows = Cabinet.objects.filter(community_id=unit.community_id, shown=True).select_related("keeper")
    return cabinet_among(list(rows.order_by("position", "pk")), unit)


def cabinet_among(cabinets: list[Any], unit: Any) -> Any:
    def fits(cabinet: Any) -> bool:
        here = cabinet.building_id in (None, unit.building_id)
        return here and (not cabinet.entrance or cabinet.entrance == unit.entrance)

    fitting = [cabinet for cabinet in cabinets if fits(cabinet)]
    return max(fitting, key=lambda cabinet: (bool(cabinet.building_id), bool(cabinet.entrance)), default=None)


def _held(units: list[Any]) -> dict[int, list[dict[str, Any]]]:
    rows = Paper.objects.filter(unit__in=units).annotate(scanned=Count("scans")).order_by("kind", "filed_at", "pk")
    held: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.values("pk", "unit_id", "doc_id", "kind", "title", "pages", "place", "scanned", "record_id"):
        held[row["unit_id"]].append(row)
    return held


def _stays(units: list[Any]) -> dict[int, dict[str, date | None]]:
    rows = Occupancy.objects.on(timezone.localdate()).filter(unit__in=units, role__in=("owner", "lessee"))
    stays: dict[int, dict[str, date | None]] = defaultdict(dict)
    for unit_id, role, since in rows.values_list("unit_id", "role").annotate(since=Min("from_on")).order_by():
        stays[unit_id][role] = since
    return stays


def _reached(unit: Any, stays: dict[str, date | None]) -> dict[str, date | None]:
    """The stages that the house has reached, each with its day where it is known."""
    reached: dict[str, date | None] = {S.ANY: None}
    if "owner" in stays:
        reached[S.SOLD] = stays["owner"]
    for stage, day in (
        (S.HANDED_OVER, unit.handed_over_on),
        (S.RENOVATION, unit.renovation_begun_on),
        (S.MOVED_IN, unit.moved_in_on),
    ):
        if day:
            reached[stage] = day
    if "lessee" in stays or unit.use == Unit.Use.LET:
        reached[S.LET] = stays.get("lessee")
    return reached


def _file(
    unit: Any, docs: list[Any], sole: set[str], held: list[dict[str, Any]], stays: dict[str, date | None]
) -> HouseFile:
    reached = _reached(unit, stays)
    lines, taken = [], set()
    for doc in docs:
        kind = doc.kind if doc.kind in sole else ""
        papers = [row for row in held if row["doc_id"] == doc.pk or (not row["doc_id"] and row["kind"] == kind)]
        due = doc.stage in reached and doc.unit_kind in (DocType.Of.ALL, unit.kind)
        if due or papers:
            taken |= {row["pk"] for row in papers}
        if due:
            lines.append(Line(doc, reached[doc.stage] or doc.since_on, papers))
        elif papers:
            lines.append(Line(doc, doc.since_on, papers))
    return HouseFile(unit, lines, [row for row in held if row["pk"] not in taken])
