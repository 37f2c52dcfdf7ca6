"""How often the page that nobody signs in to may be asked."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from yihu.ground.staff.throttle import address_of
from yihu.kernel.rates import Limit

HOUR: Final = 60 * 60
WRONG: Final = Limit("payer.wrong", 60, HOUR // 4)  # addresses that open nothing, by whoever tries them
SENT: Final = Limit("payer.sent", 60, HOUR)  # forms, at one bill
ASKED: Final = Limit("payer.asked", 30, HOUR)  # the channel, at one bill
SHEETS: Final = Limit("payer.sheets", 20, HOUR)  # receipts set in type, at one bill


def stranger(request: HttpRequest) -> str:
    """Where a request comes from, as nobody can read it back."""
    return salted_hmac("yihu.payer.knock", address_of(request) or "?").hexdigest()
