"""Two cards of one person become one: everything that hung on the second hangs on the first (ARC-18)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from yihu.ground.estate.corrections import EDIT
from yihu.ground.estate.locking import refuse_locked
from yihu.ground.estate.models import Occupancy, Party, PartyKey
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import NotAllowed, Refused

BOOK = "estate.party"
NEVER, EVER = date(1, 1, 1), date(9999, 12, 31)
TOLD = ("contact_name", "mailing_address")


def merge_parties(writing: Any, keep: Party, lose: Party, why: str) -> None:
    """Inside the caller's command. Refused where it would lose a number, or put one person twice into a unit."""
    if keep.pk == lose.pk or keep.community_id != lose.community_id:
        raise Refused("请选同一项目里两条不同的客户资料。")
    if not grants_of(writing.by).may(EDIT, keep.community_id):
        raise NotAllowed("您的岗位不能维护房屋与业户资料。")
    rows = {row.pk: row for row in Party.objects.select_for_update().filter(pk__in=[keep.pk, lose.pk]).order_by("pk")}
    if len(rows) != 2:
        raise Refused("其中一条资料已经不在了，可能刚被别人合并。请刷新后再看。")
    keep, lose = rows[keep.pk], rows[lose.pk]
    refuse_locked(keep, lose)
    _refuse_two_people(keep, lose)
    _refuse_twice_in_a_unit(keep, lose)
    units = list(Occupancy.objects.filter(party=lose).select_related("unit"))
    values, gone = _joined(keep, lose), lose.pk
    _move(keep, lose)
    lose.delete()
    for name, value in values.items():
        setattr(keep, name, value)
    keep.save()
    sentence = f"{writing.by} 把重复的客户资料 {gone} 号客户并入 {keep.journal_name}：{why}"
    writing.note(writing.book(BOOK, keep.pk), sentence, step="merge")
    for unit in {stay.unit_id: stay.unit for stay in units}.values():
        writing.note(writing.book("estate.unit", unit.pk), sentence, step="correct")


def _refuse_two_people(keep: Party, lose: Party) -> None:
    if keep.id_no and lose.id_no and keep.id_no != lose.id_no:
        raise Refused("两条资料的证件号码不同，不是同一个人；号码写错了的，请先更正再合并。")
    if len(_phones(keep, lose)) > 2:
        raise Refused("两条资料加起来有三个以上不同的电话，请先更正，只留两个有用的，再合并。")


def _refuse_twice_in_a_unit(keep: Party, lose: Party) -> None:
    theirs = list(Occupancy.objects.filter(party=keep))
    for stay in Occupancy.objects.filter(party=lose).select_related("unit"):
        for other in theirs:
            same = (other.unit_id, other.role) == (stay.unit_id, stay.role)
            if (
                same
                and (other.from_on or NEVER) <= (stay.to_on or EVER)
                and (stay.from_on or NEVER) <= (other.to_on or EVER)
            ):
                raise Refused(
                    f"合并后，{keep.name} 会在 {stay.unit.label} 同时登记两次{stay.get_role_display()}。"
                    "请先在房屋资料里把多登记的那一次办“迁出”，再合并。"
                )


def _phones(*parties: Party) -> list[Any]:
    found: list[Any] = []
    for value in (value for party in parties for value in (party.phone, party.phone2)):
        if value and value not in found:
            found.append(value)
    return found


def _joined(keep: Party, lose: Party) -> dict[str, Any]:
    """What the one card says for both: its own words first."""
    phones = [*_phones(keep, lose), "", ""]
    values: dict[str, Any] = {name: getattr(keep, name) or getattr(lose, name) for name in TOLD}
    values |= {"phone": phones[0], "phone2": phones[1], "id_no": keep.id_no or lose.id_no}
    values["id_doubtful"] = keep.id_doubtful if keep.id_no else lose.id_doubtful
    values["remark"] = "；".join(dict.fromkeys(filter(None, (keep.remark, lose.remark))))[:500]
    return values


def _move(keep: Party, lose: Party) -> None:
    """Whatever any app hangs on a person goes along, found by its foreign keys; none is left behind unseen."""
    for relation in Party._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or not relation.auto_created:
            continue
        model, name = relation.related_model, relation.field.name
        if model is PartyKey or relation.field.model is not model:
            continue
        rows = model._base_manager.filter(**{name: lose})
        try:
            with transaction.atomic():
                rows.update(**{name: keep})
        except IntegrityError as error:
            what = model._meta.verbose_name
            raise Refused(f"两条资料在“{what}”里登记了同样的内容，请先删去或撤回其中一个，再合并。") from error
