"""The page beyond the registers: what the contract says."""
