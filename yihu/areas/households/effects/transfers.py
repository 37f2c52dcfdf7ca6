"""A transfer in the estate: written as dated rows, taken back or put off as long as its day has not come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from yihu.areas.households.models import Transfer
from yihu.ground.estate import tenure
from yihu.ground.estate.tenure import Passed
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

S = Transfer.State
KEYS = "请核对钥匙、门禁卡、车位、水电过户是否一并交接。"

OPENS_IN = Branch(lambda act: S.PLANNED if act.record.on > _today(act) else S.DONE, (S.PLANNED, S.DONE))


def _today(act: Any) -> date:
    return timezone.localdate(act.at)


def opened(act: Any) -> None:
    """The unit gets its next owners, from the day on which title passes."""
    transfer = act.record
    heirs = []
    for heir in act.data["heirs"]:
        party = heir["party"] or tenure.known_or_new(transfer.community_id, heir["values"])[0]
        heirs.append((party, heir["share"] / Decimal(100) if heir["share"] is not None else None))
    if len({party.pk for party, _ in heirs}) != len(heirs):
        raise Refused("同一个人写了两次，请合成一行。")
    before = tenure.holders(transfer.unit_id, max(_today(act), transfer.on - tenure.ONE_DAY))
    why = f"{transfer.get_how_display()}，查看{transfer.get_proof_display()}（{transfer.number}）"
    passed = tenure.pass_title(act.command, transfer.unit, heirs, transfer.on, why)
    transfer.ended, transfer.begun = passed.ended, passed.begun
    transfer.old_owners = "、".join(stay.party.name for stay in before)[:300]
    transfer.new_owners = "、".join(party.name for party, _ in heirs)[:300]
    for scan in act.data.get("scans") or ():
        act.attach(scan, Attachment.Purpose.PAPER)
    when = f"自 {transfer.on:%Y-%m-%d} 起" if transfer.on > _today(act) else "已生效"
    act.tell_post("archivist", f"{transfer.unit} 过户登记 {transfer.number}，{when}，请更新业主档案。")


def _passed(transfer: Any) -> Passed:
    return Passed(transfer.ended, transfer.begun)


def undone(act: Any) -> None:
    transfer = act.record
    why = f"{act.data['reason']}（{transfer.number}）"
    tenure.take_title_back(act.command, transfer.unit, _passed(transfer), transfer.on, _today(act), why)


def put_off(act: Any) -> None:
    transfer = act.record
    former = act.data["former"]
    if former <= _today(act):
        raise Refused("过户已经生效，不能再改日期。")
    why = f"{act.data['reason']}（{transfer.number}）"
    tenure.put_title_off(act.command, transfer.unit, _passed(transfer), former, transfer.on, why)


def in_effect(act: Any) -> None:
    """The day has come: the rows hold by themselves, here somebody is told of it."""
    act.tell([act.record.opened_by], f"{act.record.unit} 的过户今天生效。{KEYS}")
    act.tell_post("archivist", f"{act.record.unit} 的过户今天生效，请更新业主档案。")


def stays(record: Any, by: Any) -> str:
    return "过户登记不能撤回或合并；还没有生效的，请用“撤销过户”。"
