"""What is held on a person, and what of it the law makes us keep, until when: the items of a decision (PIPL 45–47, domain.md §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from yihu.areas.archives.models import DataRequest
from yihu.areas.archives.reach import Reach, reach_of
from yihu.areas.archives.retention import COMPLAINTS, FILE, MONEY, REGISTERS, money_until, records_of, years_on
from yihu.ground.estate.models import Party
from yihu.ground.sending.models import ContactWay

WORDS = {
    "give": "提供", "correct": "更正", "erase": "删除", "lock": "锁定", "keep": "保留", "unlock": "解除锁定", "refuse": "不同意",
}  # fmt: skip
NUMBERS, DETAILS = ("phone", "phone2", "id_no"), ("contact_name", "mailing_address", "remark")
A = DataRequest.Asks


@dataclass(frozen=True)
class Item:
    """One thing to be decided: the first of ``options`` is what the law suggests, ``reason`` why."""

    code: str
    what: str
    options: tuple[str, ...]
    reason: str


def items_of(asks: str, party: Party, at: datetime, request: Any = None) -> list[Item]:
    """What there is to decide on this request today."""
    if asks == A.COPY:
        return [
            Item(
                "copy",
                "登记在本项目的全部个人信息",
                ("give", "refuse"),
                "本人有权查阅、复制（个人信息保护法第四十五条）",
            )
        ]
    if asks == A.CORRECT:
        return [
            Item(
                "correct",
                "请求更正、补充的内容",
                ("correct", "refuse"),
                "与提供的证明核对一致（个人信息保护法第四十六条）",
            )
        ]
    if asks == A.UNLOCK:
        return [Item("unlock", "已锁定的个人信息", ("unlock", "refuse"), "本人要求恢复使用")]
    return _to_erase(party, timezone.localdate(at), reach_of(party, at, request))


def _to_erase(party: Party, today: date, reach: Reach) -> list[Item]:
    stays = list(party.occupancies.all())
    here = [stay for stay in stays if stay.to_on is None or stay.to_on >= today]
    bound, old, until = records_of(party, today)
    money = money_until(party)
    found = [_card(stays, here, today)]
    if any(getattr(party, name) for name in DETAILS):
        found.append(
            Item("details", "联系人、通讯地址、备注", ("erase", "keep"), "本人要求删除，已不需要（第四十七条）")
        )
    if any(getattr(party, name) for name in NUMBERS):
        found.append(_numbers(here, bound or found[0].options == ("lock",) or (money and money >= today)))
    if ContactWay.objects.filter(party=party).exists():
        found.append(Item("ways", "消息的联系方式与同意", ("erase", "keep"), "本人撤回同意（第十五条、第四十七条）"))
    if bound:
        reason = f"登记保存 {REGISTERS} 年、投诉和对外提供保存 {COMPLAINTS} 年，未办结的办结后起算；最晚到 {until}"
        found.append(Item("records", f"办理记录 {len(bound)} 件", ("keep",) if here else ("lock",), reason))
    if old:
        found.append(Item("old", f"保存期已满的办理记录 {len(old)} 件", ("erase", "keep"), "保存期已满（第四十七条）"))
    if money and money >= today:
        reason = f"会计资料保存 {MONEY} 年，到 {money}"
        found.append(Item("money", "账单、收据、押金", ("keep",) if here else ("lock",), reason))
    return found if here else found + _elsewhere(reach)


def _elsewhere(reach: Reach) -> list[Item]:
    """What names him beside his card and his own registers."""
    found, both = [], "保存期已满的删除；还在保存期内的锁定（第四十七条）"
    if reach.messages:
        found.append(Item("messages", f"发给本人的消息 {len(reach.messages)} 条", ("erase", "keep"), both))
    if reach.papers:
        found.append(
            Item(
                "scans", f"户档里的扫描件 {len(reach.papers)} 份", ("erase", "keep"), "证件、家庭资料已不需要；" + both
            )
        )
    if reach.count:
        found.append(Item("texts", f"其它文字里提到本人的 {reach.count} 处", ("erase", "keep"), both))
    return found


def _card(stays: list[Any], here: list[Any], today: date) -> Item:
    what = "姓名与房屋登记"
    if here:
        role = here[0].get_role_display()
        return Item("card", what, ("keep",), f"现在还是{role}，为履行物业服务合同所必需（第十三条）")
    last = max((stay.to_on for stay in stays), default=None)
    until = years_on(last, FILE) if last else None
    if until and until >= today:
        return Item("card", what, ("lock",), f"户档保存到离开后 {FILE} 年（诉讼时效），到 {until}")
    return Item("card", what, ("erase", "keep"), "保存期已满（第四十七条）")


def _numbers(here: list[Any], bound: Any) -> Item:
    what = "电话、证件号码"
    if here:
        return Item("numbers", what, ("keep",), "现在还在本项目居住或使用，联系、核对身份所必需（第十三条）")
    if bound:
        return Item("numbers", what, ("lock",), "与还在保存期内的登记有关，停止使用、只作保存（第四十七条第二款）")
    return Item("numbers", what, ("erase", "keep"), "已不需要（第四十七条）")
