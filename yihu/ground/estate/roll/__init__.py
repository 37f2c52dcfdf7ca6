"""The roll of owners: read a file, recognise its columns, check every row, make it live, take it back."""
