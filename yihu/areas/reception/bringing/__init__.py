"""The desk's old register brought in: each line becomes a contact that was opened closed when it happened."""
