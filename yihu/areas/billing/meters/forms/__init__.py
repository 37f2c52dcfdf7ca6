"""What is asked when meters are read, swapped and handed over."""
