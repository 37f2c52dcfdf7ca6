"""What the steps of a batch and of a delivery list ask."""
