"""How a message looks in a list and on other pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yihu.ground.sending.models import Outgoing
from yihu.ground.sending.wording import label_of
from yihu.kernel.screens.cells import when

State = Outgoing.State
TONES = {
    State.WAITING: "state-new", State.SENDING: "state-busy", State.HANDED: "state-busy", State.DELIVERED: "state-done",
    State.FAILED: "state-late", State.RETURNED: "state-late", State.CANCELLED: "state-void", State.KEPT: "state-wait",
}  # fmt: skip


def state_of(row: Outgoing) -> dict[str, str]:
    return {"word": row.get_state_display(), "css": TONES[State(row.state)]}


def line(row: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        "url": row.get_absolute_url(),
        "label": f"{row.get_way_display()} {label_of(row.code)}",
        "who": str(row.party or row.account or ""),
        "when": when(row.written_at, now),
        "state": state_of(row),
        "reason": row.reason,
    }
