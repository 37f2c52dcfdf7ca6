"""记账凭证与月账: the month's vouchers drawn up from the ledger, checked by another, queried, answered, signed (FEE-11)."""
