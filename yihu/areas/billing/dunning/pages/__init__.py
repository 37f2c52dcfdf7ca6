"""Pages of dunning beyond its registers."""
