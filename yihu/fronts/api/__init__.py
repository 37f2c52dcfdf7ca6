"""接口: other programs read and write the registers as JSON, through the same doors as people."""
