"""催缴: from the reminder to the court, each demand proven, and nothing that the law forbids."""
