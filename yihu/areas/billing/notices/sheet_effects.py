"""What happens at the doors, and when the list comes back to finance (D64, D65)."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing import delivering
from yihu.areas.billing.delivering import Way
from yihu.areas.billing.notices import who
from yihu.areas.billing.notices.models import Notice
from yihu.basics.money import yuan
from yihu.kernel.authority import authority
from yihu.kernel.errors import Conflict


def _locked(act: Any) -> Notice:
    """The notice as it is now. Who calls one back holds its list before it, as every step here does."""
    notice: Notice = Notice.objects.select_for_update().get(pk=act.data["notice"].pk)
    return notice


def delivered(act: Any) -> None:
    notice = _locked(act)
    if notice.delivered_at is not None:
        raise Conflict(f"{notice.number} 已经登记送达：{notice.delivery_words}。", [])
    delivering.write_down(act, notice)
    notice.save()
    if notice.way == Way.ELECTRONIC:
        about = f"{notice.batch.month} 请缴 {yuan(notice.due_fen)} 元，请于 {notice.pay_by:%m-%d} 前缴清"
        delivering.send(act, notice, notice.party, code="payment_notice", about=about, unit=notice.unit)
        notice.save(update_fields=["message"])
    act.command.note(act.record, f"{notice.unit or ''} {notice.number}：{notice.delivery_noted}", step="delivery")
    if not act.record.carried().undelivered().exists():
        act.stop("D64")


def undone(act: Any) -> None:
    notice = _locked(act)
    was = notice.delivery_noted
    for name in ("way", "tracking_no", "signer", "capacity", "refusal"):
        setattr(notice, name, "")
    notice.witness_1 = notice.witness_2 = notice.delivered_by = notice.delivered_at = notice.arrived_on = None
    notice.save()
    notice.proofs.clear()
    act.command.note(act.record, f"{notice.number} 的送达登记（{was}）撤销：{act.data['why']}", step="undone")
    act.reopen("D64")


def arrived(act: Any) -> None:
    notice = _locked(act)
    notice.arrived_on = act.data["arrived_on"]
    notice.save(update_fields=["arrived_on"])


def not_all_there(record: Any, by: Any) -> str:
    left = [str(one.unit or one.number) for one in record.carried().undelivered().select_related("unit")[:6]]
    return f"还有没送达的：{'、'.join(left)}{'等' if len(left) > 5 else ''}。人不在的请寄挂号信或快递。" if left else ""


def handed_back(act: Any) -> None:
    act.record.handed_at = act.at
    people = authority().people_with(act.record.community_id, who.DRAW)
    act.tell(people, f"{act.record.number} 签收表已交回，请核对收下。")


def received(act: Any) -> None:
    act.record.received_by, act.record.received_at = act.by, act.at
    act.record.notices.filter(delivered_at__isnull=False).update(returned_to_finance_at=act.at)
