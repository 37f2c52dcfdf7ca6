"""Tests of the floor that knows no Django."""
