"""How often a wrong password may be tried: a few times per name, more often per address, since an office shares one."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

from yihu.ground.staff.models import plain_username

TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 30
LOCKED_FOR = timedelta(minutes=15)


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name as typed, in the one spelling under which tries are counted; unknown names count like known ones."""
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    return plain_username(str(typed))[:64].replace("\0", "")


def address_of(request: HttpRequest) -> str | None:
    """Where the request came from; behind n trusted proxies, the n-th address from the right."""
    proxies = getattr(settings, "YIHU_PROXIES", 0)
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    address = forwarded[-proxies] if proxies and len(forwarded) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


class Throttle(AxesDatabaseHandler):
    """Axes with two limits. Needs AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"], in this order."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Tries measured by the limit per name; those of the address are scaled to it."""
        by_name, by_address = (_count(tries) for tries in self.get_user_attempts(request, credentials))
        return max(by_name, by_address * TRIES_PER_NAME // TRIES_PER_ADDRESS)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """After a right password only that name's tries are forgotten: nobody frees an address by his own account."""
        return forget_tries(name_tried(request, credentials))

    def opens_at(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> datetime | None:
        """When the next try will be heard again; None if it is heard now."""
        by_name, by_address = self.get_user_attempts(request, credentials)
        times = [_full_until(by_name, TRIES_PER_NAME), _full_until(by_address, TRIES_PER_ADDRESS)]
        return max((time for time in times if time), default=None)


def has_wrong_tries(username: str) -> bool:
    return AccessAttempt.objects.filter(username=plain_username(username)).exists()


def forget_tries(username: str) -> int:
    return AccessAttempt.objects.filter(username=plain_username(username)).delete()[0]


def _count(tries: QuerySet[AccessAttempt]) -> int:
    return tries.aggregate(n=Sum("failures_since_start"))["n"] or 0


def _full_until(tries: QuerySet[AccessAttempt], limit: int) -> datetime | None:
    """Newest first: the row with which the limit is full must grow old before another try is heard."""
    counted = 0
    for failures, time in tries.order_by("-attempt_time").values_list("failures_since_start", "attempt_time"):
        counted += failures
        if counted >= limit:
            return time + get_cool_off()
    return None
