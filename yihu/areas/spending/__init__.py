"""支出与预算: what may be spent, what was, on whose word; statements; the maintenance fund; common income."""
