"""What is asked when a pool is drafted and when its month is typed in."""
