"""The lists behind the counter, and the board of numbers and fees."""
