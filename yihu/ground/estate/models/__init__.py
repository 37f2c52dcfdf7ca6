"""The nouns of the estate: places, people on them, and the import of the roll."""

from yihu.ground.estate.models.keys import PartyKey
from yihu.ground.estate.models.leases import Lease
from yihu.ground.estate.models.people import Occupancy, ParkingSpace, Party, Vehicle
from yihu.ground.estate.models.places import Building, Cluster, Community, Unit, UnitArea
from yihu.ground.estate.models.rolls import RollFile, RollImport, RollProblem, RollRow

__all__ = [
    "Building",
    "Cluster",
    "Community",
    "Lease",
    "Occupancy",
    "ParkingSpace",
    "Party",
    "PartyKey",
    "RollFile",
    "RollImport",
    "RollProblem",
    "RollRow",
    "Unit",
    "UnitArea",
    "Vehicle",
]
