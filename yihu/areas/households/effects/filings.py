"""A lease in the estate: begun, renewed, given up early, ended; who must know of its end is told beforehand."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.households.forms.transfers import party_kind
from yihu.areas.households.models import LeaseFiling
from yihu.ground.estate import tenure
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment

HAND_BACK = "请核对钥匙、门禁卡、车位、水电费是否已交接。"


def opened(act: Any) -> None:
    filing, told = act.record, act.data
    party = filing.party
    if party is None:
        values = {name: told.get(name) or "" for name in ("name", "phone", "id_no")}
        values |= {"kind": party_kind(values["name"]), "contact_name": filing.contact_name}
        party = tenure.known_or_new(filing.community_id, values)[0]
    stay = tenure.begin_lease(
        act.command, filing.unit, party, since=filing.lease_from, until=filing.lease_to, use=filing.use,
        amounts={"rent_fen": told.get("rent_fen") or None}, why=filing.number,
    )  # fmt: skip
    other = LeaseFiling.objects.filter(stay=stay, closed_at__isnull=True).exclude(pk=filing.pk).first()
    if other is not None:
        raise Refused(f"{party.name} 在 {filing.unit} 已有登记 {other.number}，要续租请在那一条里办。")
    filing.party, filing.stay, filing.lessee = party, stay, party.name
    owners = tenure.holders(filing.unit_id, timezone.localdate(act.at))
    filing.owner = "、".join(owner.party.name for owner in owners)[:200]
    _attach(act, "consent_scan")


def _attach(act: Any, name: str) -> None:
    for scan in act.data.get(name) or ():
        act.attach(scan, Attachment.Purpose.PAPER)


def completed(act: Any) -> None:
    _attach(act, "scans")


def renewed(act: Any) -> None:
    filing, until = act.record, act.data["until"]
    amounts = {"rent_fen": act.data.get("rent_fen") or None}
    tenure.change_lease(act.command, filing.stay, until, f"续租（{filing.number}）", amounts)
    filing.lease_to, filing.renewals = until, filing.renewals + 1


def shortened(act: Any) -> None:
    filing, until = act.record, act.data["until"]
    tenure.change_lease(act.command, filing.stay, until, f"提前终止：{act.data['reason']}（{filing.number}）")
    filing.lease_to = until


def left(act: Any) -> None:
    filing = act.record
    why = f"退租（{filing.number}）"
    tenure.change_lease(act.command, filing.stay, filing.left_on, why)
    others = tenure.holders(filing.unit_id, timezone.localdate(act.at), "lessee")
    if not [stay for stay in others if stay.pk != filing.stay_id]:
        tenure.set_use(act.command, filing.unit, act.data["use_after"], why)


def warned(act: Any) -> None:
    filing = act.record
    filing.warned_to = filing.lease_to
    sentence = f"{filing.unit} 租户 {filing.lessee} 的租期到 {filing.lease_to:%Y-%m-%d}，请问清续租还是退租。"
    act.tell([filing.opened_by], sentence)
    act.tell_post("cs_supervisor", sentence)


def expired(act: Any) -> None:
    filing = act.record
    act.tell([filing.opened_by], f"{filing.unit} 租户 {filing.lessee} 的租期已到，请办续租或退租。{HAND_BACK}")


def stays(record: Any, by: Any) -> str:
    return "租户登记不能撤回或合并；租户已走请办“退租”，写错的请更正。"
