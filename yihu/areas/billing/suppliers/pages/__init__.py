"""Pages beside the register: the suppliers, and both ledgers side by side."""
