"""Budgets, spending, statements, the maintenance fund."""
