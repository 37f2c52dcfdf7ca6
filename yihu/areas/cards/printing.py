"""《领卡单》: what was given to whom, for what, signed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.cards.models import Kind
from yihu.basics.money import yuan
from yihu.kernel.signatures import signature_of


def card_receipt(issue: Any, by: Any) -> dict[str, Any]:
    return {
        "community": issue.community.name,
        "number": issue.number,
        "unit": str(issue.unit or ""),
        "holder": str(issue.party or ""),
        "receiver": issue.receiver,
        "kinds": [str(label) for label in Kind.labels],
        "kind": issue.get_card_kind_display(),
        "card_no": issue.card_no,
        "until": f"{issue.valid_until:%Y-%m-%d}" if issue.valid_until else "退回之日",
        "fee": f"{issue.fee_note}　{yuan(issue.fee_fen)} 元" if issue.fee_fen else issue.fee_note or "未收",
        "receipt_no": issue.receipt_no,
        "signature": signature_of(issue),
        "day": f"{timezone.localtime(issue.opened_at):%Y-%m-%d}",
        "clerk": str(issue.opened_by),
    }
