"""What the praises, suggestions, looks, slips and talks ask for."""
