"""Money that comes through banks and channels: statements brought in, matched by a person, counted once, reconciled."""
