"""How fast the program is beside plain Django doing the same on the same machine. Never part of the tests."""
