"""What the kernel does by itself once a day; the clocks have a sweep of their own."""

from __future__ import annotations

from django.utils import timezone

from yihu.kernel.files import sweep_orphans
from yihu.kernel.holidays import ask_for_years
from yihu.kernel.jobs import schedule


@schedule("sweep-files", daily="03:20")
def sweep_files() -> None:
    """Remove files that no row names."""
    sweep_orphans(timezone.now())


@schedule("ask-for-years", daily="08:40")
def ask_for_the_years() -> None:
    """Say once a week that the holidays of a year are missing."""
    ask_for_years(timezone.now())
