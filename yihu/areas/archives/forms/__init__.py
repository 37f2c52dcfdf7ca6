"""What the archives ask."""
