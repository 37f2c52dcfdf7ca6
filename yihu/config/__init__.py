"""The roof: settings, addresses, base templates, our own style sheet and scripts."""
