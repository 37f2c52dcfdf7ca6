"""What is asked when money is taken and when a charge is drafted."""
