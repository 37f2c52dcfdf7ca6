"""What the people of the demo say and do: plain lists of invented sentences."""
