"""Pages beyond the generic ones of the registers."""
