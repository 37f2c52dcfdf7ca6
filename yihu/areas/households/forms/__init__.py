"""What the registers of households ask."""
