"""What is held on a person, and what of it the law makes us keep, until when: the items of a decision (PIPL 45–47, domain.md §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from yihu.areas.archives.models import DataRequest
from yihu.ground.estate.models import Party
from yihu.ground.ledger.models import Charge, Deposit, Receipt
from yihu.ground.sending.models import ContactWay
from yihu.kernel.models import Record

# years (domain.md §2, retention)
REGISTERS, COMPLAINTS, FILE, MONEY = 3, 5, 3, 30
LONGER = ("complaints.complaint", "corrective.correctiveaction", "archives.disclosure")
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


def items_of(asks: str, party: Party, at: datetime) -> list[Item]:
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
    return _to_erase(party, timezone.localdate(at))


def _to_erase(party: Party, today: date) -> list[Item]:
    stays = list(party.occupancies.all())
    here = [stay for stay in stays if stay.to_on is None or stay.to_on >= today]
    bound, old, until = records_of(party, today)
    money = _money_until(party)
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
    return found


def _card(stays: list[Any], here: list[Any], today: date) -> Item:
    what = "姓名与房屋登记"
    if here:
        role = here[0].get_role_display()
        return Item("card", what, ("keep",), f"现在还是{role}，为履行物业服务合同所必需（第十三条）")
    last = max((stay.to_on for stay in stays), default=None)
    until = _years_on(last, FILE) if last else None
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


def records_of(party: Party, today: date) -> tuple[list[Any], list[Any], date | None]:
    """His records that must still be kept, those whose time is over, and until when the last must be kept."""
    bound, old, until = [], [], None
    rows = Record.objects.filter(party=party, community_id=party.community_id)
    for record in rows.exclude(kind=DataRequest._meta.label_lower).order_by(
        "pk"
    ):  # the requests themselves bind nothing
        years = COMPLAINTS if record.kind in LONGER else REGISTERS
        ended = timezone.localdate(record.closed_at) if record.closed_at else today
        last = _years_on(ended, years)
        if last >= today:
            bound.append(record)
            until = max(until, last) if until else last
        else:
            old.append(record)
    return bound, old, until


def _money_until(party: Party) -> date | None:
    due = Charge.objects.filter(party=party).aggregate(last=Max("due_on"))["last"]
    paid = Receipt.objects.filter(party=party).aggregate(last=Max("received_at"))["last"]
    held = Deposit.objects.filter(party=party).aggregate(last=Max("receipt__received_at"))["last"]
    moments = [due, *(timezone.localdate(moment) for moment in (paid, held) if moment)]
    last = max((moment for moment in moments if moment), default=None)
    return _years_on(last, MONEY) if last else None


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)
