"""Short words for what people do in the stories."""

from __future__ import annotations

import base64
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.doors import open_record, perform


def at(words: str) -> datetime:
    """``"2026-11-02 09:12"`` in office time."""
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=OFFICE_ZONE)


def from_seven() -> datetime:
    """Now, or seven o'clock of today before it: on the first what comes round each month is there from then on."""
    now = timezone.localtime()
    return max(now, now.replace(hour=7, minute=0))


def _picture(width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).line([(10, 10), (width // 2, height - 20), (width - 20, 30)], fill="black", width=4)
    kept = BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def signature() -> str:
    """What the signature pad sends."""
    return "data:image/png;base64," + base64.b64encode(_picture(300, 120)).decode()


def photo(name: str = "现场.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, _picture(640, 480), content_type="image/png")


def log_contact(cast: Any, *, by: Any = None, when: datetime | None = None, **typed: Any) -> Contact:
    """A call about the home; ``typed`` says what is different from a dripping tap."""
    data = {
        "unit": cast.home.pk, "channel": "phone", "relation": "owner", "caller_name": "赵业主", "phone": "13800138112",
        "category": "repair", "content": "厨房水龙头漏水", **typed,
    }  # fmt: skip
    logged: Contact = open_record(Contact(community=cast.yunqi), by=by or cast.wang, data=data, at=when)
    return logged


def the_order(contact: Contact) -> WorkOrder:
    """The work order that came of a contact."""
    return WorkOrder.objects.get(links_in__origin_id=contact.pk)


def assign(cast: Any, order: Any, when: datetime | None = None, **typed: Any) -> Any:
    return perform(
        order,
        "assign",
        by=cast.gong,
        at=when,
        data={"handler": cast.chen.pk, "level": order.level, "trade": "water", **typed},
    )


def finish(cast: Any, order: Any, when: datetime | None = None, **typed: Any) -> Any:
    """From 已派 to 完工待签 in the worker's hands."""
    order = perform(order, "accept", by=cast.chen, at=when)
    order = perform(order, "arrive", by=cast.chen, at=when)
    data = {
        "labour": "20",
        "cause": "阀芯老化",
        "work_done": "更换阀芯",
        "chargeable": "paid",
        "site_clean": "on",
        **typed,
    }
    return perform(order, "finish", by=cast.chen, at=when, data=data)


def sign(cast: Any, order: Any, when: datetime | None = None) -> Any:
    return perform(order, "sign", by=cast.chen, at=when, data={"opinion": "A", "signature": signature()})


def call_back(cast: Any, record: Any, when: datetime | None = None, **typed: Any) -> Any:
    data = {"outcome": "reached", "method": "phone", "feedback": "A", "score": "5", **typed}
    return perform(record, "call_back", by=cast.wang, at=when, data=data)


def sentences(record: Any) -> list[str]:
    """The journal as a person reads it."""
    return list(record.journal.order_by("seq").values_list("sentence", flat=True))
