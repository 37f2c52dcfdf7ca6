"""Floor 0: plain Python that knows no framework and no business area."""
