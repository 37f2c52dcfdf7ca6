"""How often the pages that nobody signs in to may be asked. A refusal costs two small statements and reads no file."""

from __future__ import annotations

from typing import Final

from yihu.fronts.payer.knocking import HOUR, stranger
from yihu.kernel.rates import Limit

WRONG: Final = Limit("online.wrong", 60, HOUR // 4)  # codes that open nothing, by whoever tries them
SENT: Final = Limit("online.sent", 20, HOUR)  # forms, with the card of one home
SHARED: Final = Limit("online.shared", 60, HOUR)  # forms, with a card that hangs in a hall
FROM: Final = Limit("online.from", 120, HOUR)  # forms, from one address: a whole house may share it
FOLLOWED: Final = Limit("online.followed", 20, HOUR)  # urges and opinions, on one report

__all__ = ["FOLLOWED", "FROM", "SENT", "SHARED", "WRONG", "stranger"]
