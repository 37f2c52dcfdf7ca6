"""What a register is: one way to write, records with a life-cycle, clocks, a journal, and the pages that follow from a declaration."""
