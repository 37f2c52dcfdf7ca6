"""代收代付: what the suppliers of water, power, gas and heat bill us, beside what was collected for them (FEE-17, D70)."""
