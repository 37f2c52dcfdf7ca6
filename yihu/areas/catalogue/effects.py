"""What the steps of the department's archive do beyond changing state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.catalogue.models import (
    Contract,
    Destruction,
    DestructionLine,
    Item,
    ItemFile,
    ItemLoan,
    Ledger,
    LedgerFiling,
)
from yihu.areas.catalogue.tree import full_number, hindrance, items_of, next_number
from yihu.basics.months import Month
from yihu.basics.worktime import add_months
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

# -- loans -------------------------------------------------------------------------------------------------------------


def take(act: Any) -> str:
    """Lock the item first: two clerks may lend it at once, one of them hears a sentence."""
    item = _locked([act.record.item_id])[0]
    if item.status != Item.Status.KEPT or not item.shown:
        raise Refused(f"{item} 已不在档，不能借出。")
    if item.out:
        raise Refused(f"{item} 刚刚已经借出，请选别的。")
    if item.listed:
        raise Refused(f"{item} 已列入销毁清单，不能借出；要用的先让那张清单作废。")
    return ItemLoan.State.LENT


def given_back(act: Any) -> None:
    act.record.returned_at, act.record.is_out = act.at, False
    if act.data.get("condition") == ItemLoan.Condition.DAMAGED:
        act.tell_post(
            "cs_supervisor", f"{act.record.number} 归还的档案有缺损：{act.record.item}，{act.record.note[:60]}。"
        )


def lost(act: Any) -> None:
    act.tell_post("cs_supervisor", f"{act.record.number} 档案遗失：{act.record.item}，{act.record.note[:60]}。")


def written_off(act: Any) -> None:
    act.record.is_out = False
    Item.objects.filter(pk=act.record.item_id).update(status=Item.Status.LOST, hold="", copies=0)
    _note(act, act.record.item_id, f"{act.by} 报失（{act.record.number}）")


# -- destruction -------------------------------------------------------------------------------------------------------


def propose(act: Any) -> str:
    """Lock what is proposed: it must still be past its time, unlocked, in its place and on no other list."""
    for item in _locked([item.pk for item in act.data["items"]]):
        why = "已在另一张销毁清单上" if item.listed else hindrance(item, timezone.localdate(act.at))
        if why:
            raise Refused(f"{item} 不能列入：{why}。请刷新后再选。")
    act.record.lines_text = f"{len(act.data['items'])} 件"
    return Destruction.State.PROPOSED


def proposed(act: Any) -> None:
    DestructionLine.objects.bulk_create(
        [
            DestructionLine(
                destruction_id=act.record.pk, item=item, number=full_number(item), title=str(item),
                rule=str(item.rule or ""), since=item.since, expires_on=item.expires_on, copies=item.copies,
            )
            for item in sorted(act.data["items"], key=lambda one: (one.section.number, one.position))
        ]
    )  # fmt: skip


def checked(act: Any) -> None:
    kept = [line.pk for line in act.data["keep"]]
    lines = DestructionLine.objects.filter(destruction_id=act.record.pk, waits=True)
    lines.exclude(pk__in=kept).delete()
    act.record.lines_text = f"{len(kept)} 件"
    act.tell_post("cs_supervisor", f"{act.record.number} 档案销毁清单已核对，请签批。")


def still_may(record: Any, by: Any) -> str:
    """Nothing is signed or destroyed that has been locked, lent or kept longer since it was listed."""
    items = items_of(record.community_id).filter(pk__in=_listed(record))
    today = timezone.localdate()
    found = [f"{item}（{why}）" for item in items if (why := hindrance(item, today))]
    return f"清单里有现在不能销毁的：{'、'.join(found[:3])}。请先处理，或不批准这张清单、另列一张。" if found else ""


def supervisor_signed(act: Any) -> None:
    act.record.supervisor, act.record.supervisor_at = act.by, act.at
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    act.tell_post("cs_manager", f"{act.record.number} 档案销毁清单，主管已签，请签批。")


def manager_signed(act: Any) -> None:
    act.record.manager, act.record.manager_at = act.by, act.at
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    act.tell([act.record.opened_by], f"{act.record.number} 已批准，可以销毁。")


def set_free(act: Any) -> None:
    free(act.record.pk)


def free(record_pk: int) -> None:
    """What is on a list that came to nothing may be lent and listed again."""
    DestructionLine.objects.filter(destruction_id=record_pk, waits=True).update(waits=False)


def destroy(act: Any) -> None:
    """The entries stay, marked with the list's number; their electronic files go with the paper (PIPL 47)."""
    items = _locked(_listed(act.record))
    for item in items:
        if why := hindrance(item, timezone.localdate(act.at)):
            raise Refused(f"{item} 现在不能销毁：{why}。")
    pks = [item.pk for item in items]
    act.record.files_gone = ItemFile.objects.filter(item_id__in=pks).count()
    ItemFile.objects.filter(item_id__in=pks).delete()
    Item.objects.filter(pk__in=pks).update(status=Item.Status.DESTROYED, destroyed_in_id=act.record.pk, copies=0)
    free(act.record.pk)
    for photo in act.data.get("photos") or ():
        act.attach(photo)
    for pk in pks:
        _note(act, pk, f"{act.by} 按 {act.record.number} 销毁")


def _listed(record: Any) -> list[int]:
    return list(DestructionLine.objects.filter(destruction_id=record.pk, waits=True).values_list("item_id", flat=True))


def _locked(pks: list[int]) -> list[Any]:
    """The rows, locked in one order, and what is known of them now."""
    list(Item.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    community = Item.objects.filter(pk__in=pks).values_list("community_id", flat=True).first()
    return list(items_of(community).filter(pk__in=pks).order_by("pk"))


def _note(act: Any, item_pk: int, sentence: str) -> None:
    act.command.note(act.command.book("catalogue.item", item_pk), sentence, step="of_record")


# -- contracts ---------------------------------------------------------------------------------------------------------


def signed_up(act: Any) -> None:
    for upload in act.data.get("scans") or ():
        act.attach(upload, Attachment.Purpose.PAPER)


def renewal_from(record: Any) -> dict[str, Any]:
    """The next contract begins on the day after the last, for as long as the last one ran."""
    if not isinstance(record, Contract):
        return {}
    begins = record.to_on + timedelta(days=1)
    months = max(round((begins - record.from_on).days / 30.44), 1)
    return {
        "subject": record.subject,
        "sort": record.sort,
        "counterparty": record.counterparty,
        "from_on": begins,
        "to_on": add_months(begins, months) - timedelta(days=1),
        "amount_note": record.amount_note,
        "handler": record.handler_id,
        "contact_name": record.contact_name,
    }


# -- ledgers -----------------------------------------------------------------------------------------------------------


def _left(act: Any) -> bool:
    return any(line["done"] == "not_yet" for line in act.record.lines)


AFTER_FILING = Branch(
    lambda act: LedgerFiling.State.PARTLY if _left(act) else LedgerFiling.State.FILED,
    (LedgerFiling.State.PARTLY, LedgerFiling.State.FILED),
)


def filed(act: Any) -> None:
    """The sheets that were filed stand in the catalogue as well, where their ledger names a section."""
    record = act.record
    act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    if record.state == LedgerFiling.State.FILED:
        record.filed_at = act.at
        act.stop("D33")
        act.tell_post("cs_supervisor", f"{record.number} {record.period} 台账已打印归档，请审阅。")
    ledgers = Ledger.objects.select_related("section__rule", "rule").in_bulk([line["ledger"] for line in record.lines])
    lines = [dict(line) for line in record.lines]
    for line in lines:
        ledger = ledgers.get(line["ledger"])
        if line["done"] != "filed" or line.get("item") or ledger is None or ledger.section is None:
            continue
        item = _entry(act, ledger, line)
        line["item"] = item.pk
        _note(act, item.pk, f"{act.by} 打印归档（{record.number}）")
    record.lines = lines


def _entry(act: Any, ledger: Any, line: dict[str, Any]) -> Item:
    month = Month.known(act.record.period)
    number, place = next_number(ledger.section)
    while not number or ledger.section.items.filter(shown=True, number=number).exists():
        place += 1
        number = str(place)
    item = Item(
        community_id=act.record.community_id, section=ledger.section, number=number, position=place, title=ledger.name,
        period=str(month), copies=1, place=line["place"], keeper=act.by, rule=ledger.rule or ledger.section.rule,
        since=timezone.localdate(month.bounds[1]), source_id=act.record.pk,
    )  # fmt: skip
    item.reckon()
    item.save()
    return item
