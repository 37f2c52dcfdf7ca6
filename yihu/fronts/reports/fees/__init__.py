"""收费报表: what the lines of the ledger say about collection, arrears and the month, at any date."""
