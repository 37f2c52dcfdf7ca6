"""大屏: what hangs on the wall of the repair room."""
