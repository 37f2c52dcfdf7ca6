"""What the department's archive asks."""
