"""抄表册 as a file: what its lines say, what is clear goes in, what is doubtful is asked."""
