"""Floor 4: who looks at it all; reads across areas, owns no procedure."""
