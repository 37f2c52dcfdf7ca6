"""公摊: what is used in common, divided among those who answer for it (FEE-13)."""
