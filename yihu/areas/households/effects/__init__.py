"""What happens to the estate when a record of these registers moves."""
