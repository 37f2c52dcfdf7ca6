"""What happens to the card itself when its issue moves."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.cards import rules
from yihu.areas.cards.models import Card, Issue
from yihu.basics.money import yuan
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment


def take(act: Any) -> str:
    """Lock the card first: two clerks may give out one number at once, one of them hears a sentence."""
    issue = act.record
    known = {"community_id": issue.community_id, "kind": issue.card_kind, "number": issue.card_no}
    Card.objects.get_or_create(**known)
    card = Card.objects.select_for_update().get(**known)
    if card.status != Card.Status.BLANK:
        raise Refused(rules.free(issue.community_id, issue.card_kind, issue.card_no))
    Card.objects.filter(pk=card.pk).update(status=Card.Status.OUT)
    issue.card = card
    return str(Issue.State.IN_USE)


def issued(act: Any) -> None:
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)


def stopped(act: Any) -> None:
    act.record.stopped_at = act.at


def lost(act: Any) -> None:
    act.record.stop_reason = Issue.Reason.LOST
    stopped(act)


def may_resume(issue: Any, by: Any) -> str:
    """A card lives again only with somebody who belongs to the household, and not beyond its day."""
    today = timezone.localdate()
    if not rules.stays(issue.unit_id, issue.party_id, today):
        return f"{issue.party}现在不在 {issue.unit} 的住户里，不能恢复；请先登记住户。"
    if issue.valid_until and issue.valid_until < today:
        return f"这张卡 {issue.valid_until:%Y-%m-%d} 已经到期，不能恢复；续租的请先延期。"
    return ""


def may_replace(issue: Any, by: Any) -> str:
    gone = not rules.stays(issue.unit_id, issue.party_id, timezone.localdate())
    return f"{issue.party}现在不在 {issue.unit} 的住户里，不能补卡；请先登记住户。" if gone else ""


def resumed(act: Any) -> None:
    act.record.stop_reason, act.record.stop_note, act.record.stopped_at = "", "", None


def replaced(act: Any) -> None:
    """The old card is out of the world before the new one is given out."""
    old, given = act.record, act.data
    _put_away(act, Card.Status.VOID)
    fee = {"fee_note": given["fee_note"], "fee_fen": yuan(given["fee_fen"]), "receipt_no": given["receipt_no"]}
    data = {
        "unit": old.unit_id, "party": old.party_id, "card_kind": old.card_kind, "card_no": given["new_no"], **fee,
        "receiver": given["receiver"], "valid_until": old.valid_until or "", "signature": given["signature"],
    }  # fmt: skip
    act.open(Issue(community=old.community, unit=old.unit, party=old.party), data)


def given_back(act: Any) -> None:
    act.record.returned_at = act.at
    act.record.returned_by = act.record.returned_by or str(act.record.party)
    _put_away(act, Card.Status.BLANK if act.record.condition == Issue.Condition.GOOD else Card.Status.VOID)


def cancelled(act: Any) -> None:
    _put_away(act, Card.Status.VOID)


def _put_away(act: Any, status: str) -> None:
    act.record.is_out = False
    Card.objects.filter(pk=act.record.card_id).update(status=status)
