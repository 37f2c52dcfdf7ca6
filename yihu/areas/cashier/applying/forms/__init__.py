"""What the applications and the daily close ask."""
