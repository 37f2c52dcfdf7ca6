"""Fees: prices, meters, shared costs, the run that makes bills of them, and the papers that ask for the money."""
