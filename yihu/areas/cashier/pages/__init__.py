"""The till: what is charged for, taking money, receipts, statements, arrears."""
