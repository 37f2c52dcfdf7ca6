"""What each step of a repair asks, by where it is asked."""
