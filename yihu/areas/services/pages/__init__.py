"""The pages beyond the registers: 价目表, and the month's list as a workbook."""
