"""Pages of households beyond the generic ones."""
