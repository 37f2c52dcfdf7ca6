"""维修: the order and its material, who does what, the store's answers, standard faults and outside firms."""

from yihu.areas.repairs.models.dispatch import Passing, Skill
from yihu.areas.repairs.models.lists import Firm, StandardFault
from yihu.areas.repairs.models.order import PartLine, WorkOrder
from yihu.areas.repairs.models.reversal import RepairReversal
from yihu.areas.repairs.models.store import MaterialRequest
from yihu.areas.repairs.models.waiting import AgreedDate, Merging, Screening, Telling

__all__ = [
    "AgreedDate",
    "Firm",
    "MaterialRequest",
    "Merging",
    "PartLine",
    "Passing",
    "RepairReversal",
    "Screening",
    "Skill",
    "StandardFault",
    "Telling",
    "WorkOrder",
]
