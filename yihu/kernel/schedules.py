"""What the kernel does by itself at night; the clocks have a sweep of their own."""

from __future__ import annotations

from django.utils import timezone

from yihu.kernel.files import sweep_orphans
from yihu.kernel.jobs import schedule


@schedule("sweep-files", daily="03:20")
def sweep_files() -> None:
    """Remove files that no row names."""
    sweep_orphans(timezone.now())
