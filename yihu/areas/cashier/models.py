"""收费：money itself stands in ``ground/ledger``; here stand only the papers that lead to it."""
