"""Capabilities and books of the department's archive."""

SEE, KEEP, HOLD = "catalogue.see", "catalogue.keep", "catalogue.hold"
BORROW, CHECK = "catalogue.borrow", "catalogue.check"
SIGN_SUPERVISOR, SIGN_MANAGER = "catalogue.sign_supervisor", "catalogue.sign_manager"
SEE_CONTRACTS, CONTRACTS = "catalogue.see_contracts", "catalogue.contracts"
SEE_TITLES, TITLES = "catalogue.see_titles", "catalogue.titles"
FILE_LEDGERS, READ_LEDGERS = "catalogue.file_ledgers", "catalogue.read_ledgers"
ITEM, SECTION, TREE = "catalogue.item", "catalogue.section", "catalogue.tree"
