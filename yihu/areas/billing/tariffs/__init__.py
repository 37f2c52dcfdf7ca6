"""收费标准: what costs how much, who pays it, and what was agreed with one household."""
