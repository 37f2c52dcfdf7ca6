"""Pages of the department's archive beyond the generic ones of its registers."""
