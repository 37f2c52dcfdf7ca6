"""The pages behind the long address of a notice."""
