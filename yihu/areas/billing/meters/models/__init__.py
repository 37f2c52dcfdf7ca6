"""抄表: meters and the devices that stood at them, readings, the month's round, sheets of readings that are brought in."""

from yihu.areas.billing.meters.models.imports import ReadingFile, ReadingImport, ReadingProblem, ReadingRow
from yihu.areas.billing.meters.models.items import MeterItem
from yihu.areas.billing.meters.models.meters import Installation, Meter
from yihu.areas.billing.meters.models.readings import Reading
from yihu.areas.billing.meters.models.rounds import ReadingRound

__all__ = [
    "Installation", "Meter", "MeterItem", "Reading", "ReadingFile", "ReadingImport", "ReadingProblem", "ReadingRound",
    "ReadingRow",
]  # fmt: skip
