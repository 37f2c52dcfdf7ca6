"""《物业返修联系单》 in two copies (F05) and the 催办函 to the developer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.warranty.models import Slip
from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.signatures import drawing


def slip_sheet(slip: Any, by: Any) -> dict[str, Any]:
    """What the developer gets; the telephone is masked. What nobody has written down yet leaves room for a pen."""
    return {
        "community": slip.community.name,
        "number": slip.number,
        "title": "物业返修联系单",
        "developer": slip.developer,
        "unit": str(slip.unit or ""),
        "place": mask_free_text(slip.common_place),
        "confirms": "业主确认" if slip.unit_id else "业主代表确认",
        "location": slip.location,
        "reporter": slip.reporter,
        "phone": str(slip.phone),
        "opened_at": moments.stamp(slip.opened_at),
        "opened_by": str(slip.opened_by),
        "defect": slip.defect,
        "items": Slip.Item.labels,
        "item": slip.get_item_display(),
        "warranty_from": _day(slip.warranty_from),
        "warranty_until": _day(slip.warranty_until),
        "withins": [Slip.Within.IN.label, Slip.Within.OUT.label],
        "within": slip.get_within_display(),
        "hand_by": moments.stamp(slip.hand_by),
        "handed_at": moments.stamp(slip.handed_at),
        "receiver": slip.receiver,
        "receiver_signature": drawing(slip.receiver_signature),
        "receive_refused": slip.receive_refused,
        "promised_on": _day(slip.promised_at and timezone.localdate(slip.promised_at)),
        "contractor": slip.contractor,
        "plan": slip.plan,
        "work_done": slip.work_done,
        "finished_on": _day(slip.finished_on),
        "refused_reason": slip.refused_reason,
        "checked": slip.checked,
        "checked_by": str(slip.checked_by or ""),
        "owner_signature": drawing(slip.owner_signature),
        "accepted_on": _day(slip.accepted_at and timezone.localdate(slip.accepted_at)),
        "accept_refused": slip.accept_refused,
    }


def chase_letter(slip: Any, by: Any) -> dict[str, Any]:
    """The letter as it was last asked for; before that, with blanks."""
    chases = slip.journal.filter(step__in=("chase", "letter")).order_by("seq").values_list("at", "sentence")
    return {
        "community": slip.community.name,
        "number": slip.number,
        "title": "返修催办函",
        "to": slip.letter_to or slip.developer,
        "round": slip.letters,
        "unit": mask_free_text(slip.place),
        "location": mask_free_text(slip.location),
        "defect": mask_free_text(slip.defect),
        "item": slip.get_item_display(),
        "warranty_until": _day(slip.warranty_until),
        "opened_on": _day(timezone.localdate(slip.opened_at)),
        "handed_on": _day(slip.handed_at and timezone.localdate(slip.handed_at)),
        "receiver": slip.receiver,
        "promised_on": _day(slip.promised_at and timezone.localdate(slip.promised_at)),
        "refused_reason": slip.refused_reason,
        "chases": [{"at": moments.stamp(at), "said": said} for at, said in chases],
        "answer_by": _day(slip.letter_by),
        "words": slip.letter_words,
        "dated": _day(slip.letter_at and timezone.localdate(slip.letter_at)),
    }


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
