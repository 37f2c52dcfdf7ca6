"""What happens to the parcel itself: it lies here under its code, and it leaves once."""

from __future__ import annotations

from typing import Any

from yihu.areas.parcels import rules, telling
from yihu.areas.parcels.models import ParcelCustody, Sort
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

S, F = ParcelCustody.State, ParcelCustody.Fault
BACK = (F.WRONG, F.REFUSED, F.UNCLAIMED)  # with these it waits for the carrier, not for its addressee
CHASES = 2  # how often somebody must have been told before a parcel counts as unclaimed

# -- it comes ----------------------------------------------------------------------------------------------------------

BEGINS = Branch(lambda act: S.TO_RETURN if act.record.fault in BACK else S.HELD, (S.HELD, S.TO_RETURN))


def taken_in(act: Any) -> None:
    """It lies here now; whoever agreed to messages is told at once, with the code."""
    _lay_down(act)
    for photo in act.data.get("photos") or ():
        act.attach(photo)
    if act.record.state == S.HELD:
        telling.send_by_itself(act)


def _lay_down(act: Any) -> None:
    parcel = act.record
    if parcel.tracking_no and rules.held(parcel.community_id).filter(tracking_no=parcel.tracking_no).exists():
        raise Refused(f"单号 {parcel.tracking_no} 已经登记在案，还没有取走，请核对。")
    parcel.held_in, parcel.picked_at, parcel.returned_at = parcel.community, None, None
    parcel.code = _code_for(parcel)


def _code_for(parcel: Any) -> str:
    """A registered letter is only signed for: it has no code."""
    return "" if parcel.sort == Sort.REGISTERED else rules.fresh_code(parcel.community_id)


# -- it waits ----------------------------------------------------------------------------------------------------------


def told(act: Any) -> None:
    how = act.data["told_how"]
    if how == ParcelCustody.Told.MESSAGE and not telling.send(act):
        raise Refused("这户没有人同意接收消息，请改用电话、当面或取件通知单。")
    telling.mark(act, how)


def message_failed(act: Any) -> None:
    """Nobody was told after all: it stands among those again."""
    parcel = act.record
    parcel.told_how, parcel.told_at = "", None
    parcel.told_times = max(parcel.told_times - 1, 0)


AFTER_FAULT = Branch(lambda act: S.TO_RETURN if act.record.fault in BACK else "", (S.TO_RETURN,))


def faulty(act: Any) -> None:
    for photo in act.data.get("photos") or ():
        act.attach(photo)
    if act.record.state == S.TO_RETURN:
        _another_clock(act)


def _another_clock(act: Any) -> None:
    act.stop("D86")
    act.start("D86")


def amended(act: Any) -> None:
    """Another addressee: the old code is worth nothing, and he is told anew."""
    if not act.data["moved"]:
        return
    _forget_telling(act.record)
    act.record.code = _code_for(act.record)
    if act.record.state == S.HELD:
        _another_clock(act)
        telling.send_by_itself(act)


def _forget_telling(parcel: Any) -> None:
    parcel.told_how, parcel.told_at, parcel.told_times = "", None, 0


def nobody_known(parcel: Any, by: Any) -> str:
    return "" if parcel.unit_id else "还不知道是哪一户的，请先“改登记”填上房号。"


def kept_after_all(act: Any) -> None:
    act.record.fault, act.record.fault_note = "", ""


# -- it goes -----------------------------------------------------------------------------------------------------------


def handed_out(act: Any) -> None:
    """One code shown for whatever else lies here for the same person."""
    others = list(act.data.get("also") or ())
    _leave(act, ParcelCustody.Proof.CODE)
    for other in others:
        act.perform(other, "hand_out", {"shown_code": other.code})


def signed_for(act: Any) -> None:
    """One signature for whatever else lies here for the same person."""
    _leave(act, ParcelCustody.Proof.SIGNATURE)
    act.record.picked_by = act.data["picked_by"] or act.record.addressee
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    given = {name: act.data[name] for name in ("picked_by", "relation", "id_type", "id_last4", "signature")}
    for other in act.data.get("also") or ():
        act.perform(other, "sign", given)


def _leave(act: Any, proof: str) -> None:
    parcel = act.record
    parcel.proof, parcel.picked_at = proof, act.at
    parcel.held_in, parcel.code = None, ""


def sent_back(act: Any) -> None:
    parcel = act.record
    parcel.returned_at, parcel.held_in, parcel.code = act.at, None, ""


def brought_back(act: Any) -> None:
    """Somebody took another's parcel: it lies here again, under another code."""
    parcel = act.record
    parcel.proof, parcel.picked_by, parcel.relation, parcel.id_type, parcel.id_last4 = "", "", "", "", ""
    _lay_down(act)
    _forget_telling(parcel)
    telling.send_by_itself(act)


def forgotten(act: Any) -> None:
    """Entered by mistake, or twice: nothing lies here under it."""
    act.record.held_in, act.record.code = None, ""


def remembered(act: Any) -> None:
    """It was no double after all."""
    _lay_down(act)
