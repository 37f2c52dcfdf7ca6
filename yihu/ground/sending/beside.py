"""What stands on every record's page: the link to write to the customer, and what has been sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.ground.sending.models import Outgoing
from yihu.ground.sending.outbox import SEE, SEND
from yihu.ground.sending.pages.showing import line
from yihu.kernel.authority import grants_of

SHOWN = 8


def message_links(record: Any, person: Any) -> list[dict[str, str]]:
    """Only where there is somebody to write to."""
    if not (record.party_id or record.unit_id) or not grants_of(person).may(SEND, record.community_id):
        return []
    return [{"label": "发消息给业主", "url": f"{reverse('sending:new')}?record={record.number}"}]


def message_panels(record: Any, person: Any) -> list[dict[str, Any]]:
    if not grants_of(person).may(SEE, record.community_id):
        return []
    rows = Outgoing.objects.filter(record_id=record.pk, account__isnull=True).select_related("party").order_by("-pk")
    found = [line(row, timezone.now()) for row in rows[:SHOWN]]
    return [{"title": "发给客户的消息", "template": "sending/_sent.html", "sent": found}] if found else []
