"""Once a day what was counted is forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from yihu.fronts.payer import knocking
from yihu.kernel.jobs import schedule


@schedule("payer-knocks", every=timedelta(days=1))
def forget_knocks() -> None:
    knocking.forget(timezone.now())
