"""Floor 3: one folder is one business area; neighbours never import each other."""
