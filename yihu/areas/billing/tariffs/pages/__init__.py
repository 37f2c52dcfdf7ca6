"""Pages of the prices, the price list on the wall, what units have, and who pays for what nobody has taken over."""
