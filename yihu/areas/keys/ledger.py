"""The key ledger's only writers: a key moves from one status to another by one conditional update, or not at all (KEY-10).

What was read before is never trusted: two clerks may lend, release or report the same key at the same moment.
"""

from __future__ import annotations

import re
from typing import Any

from yihu.areas.keys.models import Cabinet, Custody, Hook, KeySet, folded_tag, names_room
from yihu.kernel.errors import Refused

BOOK = "keys.keyset"
S = KeySet.Status


def claim(key_id: int, source: tuple[str, ...], target: str, **columns: Any) -> None:
    """Take the key out of one of these statuses; one person wins, the other hears where it is now."""
    won = KeySet.objects.filter(pk=key_id, status__in=source).update(status=target, **columns)
    if won != 1:
        raise Refused(now_words(KeySet.objects.get(pk=key_id)))


def now_words(key: KeySet) -> str:
    """Why this key can't be had, in a sentence that says where it is."""
    if key.status == S.OUT:
        loan = key.loans.filter(is_out=True).select_related("given_by").first()
        who = f"，在{loan.borrower}手上（{loan.number}）" if loan else ""
        return f"钥匙 {key} 已经借出{who}，收回以后才能再办。"
    if key.status == S.RETURNED:
        return f"钥匙 {key} 的委托已经解除，钥匙已还业主。"
    return f"钥匙 {key} 现在是“{key.get_status_display()}”，不能这样办，请刷新页面看看最新情况。"


def write(commanding: Any, key: KeySet, sentence: str, step: str) -> None:
    """A line in the key's own journal: every place it ever was."""
    commanding.note(commanding.book(BOOK, key.pk), sentence, step=step)


def add_key(commanding: Any, key: KeySet, sentence: str) -> KeySet:
    """A new key on the ledger."""
    key.save(force_insert=True)
    write(commanding, key, sentence, "add")
    return key


def tag_faults(tag: str, unit: Any, community_id: int) -> str:
    """Why a new key can't carry this tag, or "" (F52: no room number on the tag)."""
    if not re.fullmatch(r"[0-9A-Z][0-9A-Z-]{0,11}", tag):
        return "标签号只用数字、字母和横线，最多 12 位，例如 K027。"
    if names_room(tag, unit):
        return "标签上不能写房号：钥匙丢了，捡到的人就知道开哪扇门。请换一个号，例如 K027。"
    if KeySet.objects.filter(community_id=community_id, tag=tag).exists():
        return f"标签号 {tag} 已经用了，请换一个。"
    return ""


def next_tags(community_id: int, count: int) -> list[str]:
    """The next tags of the plain row K001, K002, … that nobody has to make up."""
    taken = KeySet.objects.filter(community_id=community_id, tag__startswith="K").values_list("tag", flat=True)
    last = max((int(tag[1:]) for tag in taken if tag[1:].isascii() and tag[1:].isdigit()), default=0)
    return [f"K{last + step:03d}" for step in range(1, count + 1)]


def free_hooks(community_id: int, kind: str = "") -> Any:
    """Hooks on which nothing hangs, in the order of the cabinets; with ``kind`` only where such keys may hang (KEY-02)."""
    rows = Hook.objects.filter(cabinet__community_id=community_id, cabinet__shown=True, keyset__isnull=True)
    if kind:
        cabinets = Cabinet.objects.filter(community_id=community_id, shown=True)
        rows = rows.filter(cabinet__in=[one.pk for one in cabinets if kind in one.kinds])
    return rows.select_related("cabinet").order_by("cabinet__position", "cabinet_id", "position")


def key_by_tag(community_id: int, typed: str) -> KeySet | None:
    """The key whose tag was typed or scanned."""
    return (
        KeySet.objects.filter(community_id=community_id, tag=folded_tag(typed))
        .select_related("unit", "hook__cabinet", "mandate")
        .first()
    )


def custody_by_receipt(community_id: int, typed: str) -> Custody | None:
    """The mandate to which a receipt slip belongs."""
    number = folded_tag(typed).removesuffix("-H")
    return Custody.objects.filter(community_id=community_id, number=number).select_related("unit").first()


def same_lock(key: KeySet) -> Any:
    """The other keys of the lock that this one opens: same unit (or same common place), same lock."""
    rows = KeySet.objects.filter(community_id=key.community_id, unit_id=key.unit_id, place=key.place)
    return rows.exclude(pk=key.pk).exclude(status__in=KeySet.GONE)


def replace_lock(act: Any, key: KeySet, number: str) -> list[KeySet]:
    """换锁: none of the lock's keys opens anything any more. One that is out is still collected from its borrower."""
    others = list(same_lock(key).order_by("pk"))
    claim(key.pk, (S.LOST, S.DAMAGED), S.REPLACED, hook=None)
    write(act.command, key, f"{act.by} 登记换锁，此钥匙作废（{number}）", "replace")
    for other in others:
        claim(other.pk, (S.IN, S.OUT, S.LOST, S.DAMAGED), S.REPLACED, hook=None)
        write(act.command, other, f"{act.by} 登记换锁，此钥匙作废（{number}）", "replace")
    return others
