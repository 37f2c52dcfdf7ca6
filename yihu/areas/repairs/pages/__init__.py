"""Pages of the repairs beyond the generic ones: the board, the worker's day, the lists that the head keeps."""
