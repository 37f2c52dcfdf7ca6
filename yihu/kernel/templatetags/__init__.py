"""What templates ask of the kernel."""
