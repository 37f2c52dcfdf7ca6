"""What was typed on the page becomes an entry of the desk with its repair order or complaint, through the desk's own doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from yihu.areas.reception.models import Category, Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.identity import mask_free_text
from yihu.fronts.online import codes
from yihu.fronts.online.models import Card, Report
from yihu.ground.contact.jobs import Asked, jobs
from yihu.ground.estate.models import Party
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.models import Link
from yihu.kernel.personal import match

MOST_A_DAY, MOST_A_DAY_SHARED = 6, 40
ROUTE = "reception.route"
REPAIR, COMPLAINT = Category.REPAIR, Category.COMPLAINT


@dataclass(frozen=True)
class Told:
    """What somebody typed who has the card before him; who he is, only he says."""

    category: str
    words: str
    fault: Any = None
    common: bool = False
    where: str = ""
    name: str = ""
    phone: str = ""
    relation: str = Contact.Relation.OWNER
    wish: str = ""
    photos: list[Any] = field(default_factory=list)
    about: str = ""  # of a complaint: the colleague, by name
    kind: str = ""  # and what it is about

    def body(self) -> list[Any]:
        fault = self.fault.pk if self.fault else None
        return [self.category, self.words, fault, self.common, self.where, self.name, self.phone, self.relation, self.wish,
                self.photos, self.about, self.kind]  # fmt: skip


def file_report(card: Card, told: Told, *, key: str) -> Report:
    """One entry and one matter for one form; the same form again gives the same report."""
    system = authority().system()
    with command(by=system, key=key, verb="online.report", body=[card.pk, *told.body()]) as commanding:
        if commanding.stored is not None:
            return Report.objects.get(contact_id=commanding.stored.answer_id)
        held = Card.objects.select_for_update().get(pk=card.pk)  # so that two at once are counted one after the other
        _not_too_many(held, commanding.at)
        again = _may_be_known(card, told, system)
        entry = Contact(community=card.community, unit=card.unit)
        contact = commanding.open(entry, data=_entry(card, told, commanding.at), files=_files(told))
        came = Link.objects.select_related("target").get(origin_id=contact.pk, why=Link.Why.CAME_OF)
        report = Report(card=card, contact=contact, matter=came.target, sent_at=commanding.at, wish=told.wish)
        report.salt = codes.new_salt()
        report.digest = codes.digest_of(codes.REPORT, report.salt)
        report.save(force_insert=True)
        desk = authority().people_with(contact.community_id, ROUTE)
        sentence = _sentence(contact, came.target, card, told, again=again)
        commanding.tell(desk, sentence, community_id=contact.community_id, record=contact)
        commanding.answer(contact)
    return report


def _not_too_many(card: Card, at: datetime) -> None:
    if card.revoked_at is not None:
        raise Refused("这张报修卡刚刚作废，没有提交成功，请打电话给前台。")
    today = Report.objects.filter(card=card, sent_at__gt=at - timedelta(days=1)).count()
    if today >= (MOST_A_DAY if card.unit_id else MOST_A_DAY_SHARED):
        raise Refused("这张卡一天内报的事已经不少，都已登记、正在办；还有别的事，请打电话给前台。")


def _may_be_known(card: Card, told: Told, system: Any) -> bool:
    """Whether something that is under way may be the same: the desk is told, the reporter is not."""
    if told.category != REPAIR:
        return False
    return bool(jobs(asked_of(card, told, system)))


def asked_of(card: Card, told: Told, person: Any) -> Asked:
    building = card.building_id or (card.unit.building_id if card.unit and told.common else "")
    place = {"building": str(building or "")}
    if told.fault:
        place |= {"fault": str(told.fault.pk), "trade": told.fault.trade}
    said = f"{_symptom(told)} {told.where} {card.place}"
    return Asked(card.community_id, person, unit=card.unit, words=said, place=place, category=told.category)


def _symptom(told: Told) -> str:
    return "：".join(part for part in (told.fault.name if told.fault else "", told.words) if part)


def _entry(card: Card, told: Told, at: datetime) -> dict[str, Any]:
    """The opening form of the desk's register with that of what it opens, filled in as a clerk would on the telephone."""
    where = f"{card.place} {told.where}".strip()
    word = "网上报修" if told.category == REPAIR else "网上投诉"
    parts = [f"【{word}】{_symptom(told)}"]
    parts += [
        f"{label}：{said}" for label, said in (("位置", where), ("希望上门", told.wish), ("涉及", told.about)) if said
    ]
    known = {
        "unit": card.unit_id or "",
        "party": _who(card, told, at) or "",
        "caller_name": told.name,
        "phone": told.phone,
        "relation": told.relation,
        "channel": Contact.Channel.CHAT,
        "category": told.category,
        "content": "。".join(parts),
    }
    return known | (_order(card, told) if told.category == REPAIR else _complaint(card, told))


def _order(card: Card, told: Told) -> dict[str, Any]:
    """The class is the standard fault's; where none was chosen the order stands as any that nobody has judged yet."""
    symptom = _symptom(told) + (f"（希望上门：{told.wish}）" if told.wish else "")
    found: dict[str, Any] = {"to-symptom": symptom}
    if told.fault is not None:
        found |= {"to-fault": told.fault.pk, "to-level": told.fault.level, "to-trade": told.fault.trade}
    if card.unit_id and not told.common:
        return {**found, "to-location": told.where}
    building = card.building_id or (card.unit.building_id if card.unit else "")
    if card.unit_id:
        return {**found, "to-building": building, "to-common_area": told.where}
    return {**found, "to-building": building or "", "to-common_area": card.place, "to-location": told.where}


def _complaint(card: Card, told: Told) -> dict[str, Any]:
    about = _colleague(card, told.about)
    return {
        "about_staff": about.pk if about else "",
        "to-category": told.kind,
        "to-place": f"{card.place} {told.where}".strip(),
        "to-about_staff": about.pk if about else "",
    }


def _colleague(card: Card, name: str) -> Any:
    """Who is named is kept out of the complaint at once (DESK-06); of two of one name the desk must say which."""
    if not name:
        return None
    people = list(authority().people_with(card.community_id, "reception.open").filter(name=name)[:2])
    return people[0] if len(people) == 1 else None


def _files(told: Told) -> Mapping[str, Any]:
    return MultiValueDict({"to-photos": told.photos}) if told.photos else {}


def _who(card: Card, told: Told, at: datetime) -> int | None:
    """Somebody of this home who is known by this number: his calls and what he sends here are one history (DESK-12)."""
    if card.unit_id is None or not told.phone:
        return None
    theirs = match(Party, "phone", told.phone) | match(Party, "phone2", told.phone)
    today = card.unit.occupancies.on(timezone.localdate(at)).values("party")
    found = Party.objects.filter(theirs, pk__in=today).values_list("pk", flat=True)[:2]
    return found[0] if len(found) == 1 else None


def _sentence(contact: Any, matter: Any, card: Card, told: Told, *, again: bool) -> str:
    if told.category == COMPLAINT:
        return f"{contact.number} 网上投诉，已开 {matter.number}，请受理。"
    order = matter.typed
    what = told.fault.name if told.fault else mask_free_text(told.words)[:30]
    kind = "" if told.fault else "没有选常见故障，级别、工种请核定；"
    same = "可能与正在修的是同一处，请到单上核对合并；" if again else ""
    mode = "" if order.dispatch == WorkOrder.Dispatch.ASSIGNED else f"{order.get_dispatch_display()}中，"
    return f"{contact.number} 网上报修（{card}）：{what}，已开 {matter.number}。{kind}{same}{mode}请跟进。"
