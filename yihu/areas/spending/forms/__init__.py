"""What is asked when money is to be spent."""
