"""The fronts: what people see when they come in the morning, and while the telephone rings."""
