"""The pages beyond the registers: lists of lines, and planned against actual."""
