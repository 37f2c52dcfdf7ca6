"""What dunning asks."""
