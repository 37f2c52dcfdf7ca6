"""Pages beside the registers: what a picker offers, the closing of a month, the receipt numbers."""
