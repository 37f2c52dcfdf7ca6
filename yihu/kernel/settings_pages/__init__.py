"""设置: the numbers, hours and holidays that a company keeps itself, and how the work in the background is doing."""
