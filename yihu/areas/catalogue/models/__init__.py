"""The department's archive: its tree and items, loans and destruction, contracts, titles, ledgers filed."""

from yihu.areas.catalogue.models.contracts import Contract
from yihu.areas.catalogue.models.destroying import Destruction, DestructionLine
from yihu.areas.catalogue.models.ledgers import Ledger, LedgerFiling
from yihu.areas.catalogue.models.lending import ItemLoan
from yihu.areas.catalogue.models.titles import AncillaryTitle, UnitTitle
from yihu.areas.catalogue.models.tree import Box, Item, ItemFile, Rule, Section

__all__ = [
    "AncillaryTitle",
    "Box",
    "Contract",
    "Destruction",
    "DestructionLine",
    "Item",
    "ItemFile",
    "ItemLoan",
    "Ledger",
    "LedgerFiling",
    "Rule",
    "Section",
    "UnitTitle",
]
