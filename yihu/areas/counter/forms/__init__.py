"""What the counter's registers ask."""
