"""Files that offices keep, brought in: read, recognised, checked, shown, made live as one batch, taken back if need be."""
