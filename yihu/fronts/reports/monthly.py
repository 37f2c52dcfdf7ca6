"""月度汇总总结 (F14, RPT-01): everything of one business month, by category, by cluster, with what comes again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from yihu.areas.needs.models import Need
from yihu.areas.outages.models import Outage
from yihu.areas.reception.models import Category, Contact, Matter
from yihu.areas.relations.models import Praise, Suggestion
from yihu.areas.services.models import ServiceOrder
from yihu.areas.warranty.models import Slip
from yihu.fronts.reports import repairing, trends
from yihu.fronts.reports.figures import Row, Span, Table, grouped
from yihu.fronts.reports.repairing import Repairs, cluster_of
from yihu.fronts.reports.timeliness import rate

MODELS = (Contact, Matter, Need, ServiceOrder, Slip, Outage, Praise, Suggestion)
UNSURE = (Praise.State.PENDING, Praise.State.UNCONFIRMED)
TAKEN = (Suggestion.Decision.ADOPTED, Suggestion.Decision.PARTLY)
KINDS = ("repairs.workorder", *(model._meta.label_lower for model in MODELS))


def figures(
    sheet: Any, person: Any, now: datetime, add: Callable[[Table, Span], None] = lambda table, span: None
) -> dict[str, Any]:
    """``add`` lets a longer sheet put its own tables first."""
    span = Span(sheet.community, *sheet.bounds, person, now)
    repairs, table = Repairs(span), Table()
    add(table, span)
    found = {model: span.records(model, *(("unit__cluster",) if model is Contact else ())) for model in MODELS}
    contacts = [one for one in found[Contact] if span.within(one.opened_at) and one.state != Contact.State.VOIDED]
    _contacts(table, span, contacts, found[Contact])
    repairing.count(table, repairs)
    for group, rows in _others(span, found).items():
        for key, label, records in rows:
            table.add(group, key, label, records)
    _by_cluster(table, contacts, repairs)
    repairing.tables(table, repairs)
    repairing.spots(table, repairs)
    repairing.damage(table, repairs)
    lists = {
        "warranty": [one for one in found[Slip] if span.open_at_cut(one)],
        "suggestions": [one for one in found[Suggestion] if span.open_at_cut(one)],
    }
    return table.sheet(span, lists, KINDS, trends=trends.plain(sheet, person, now))


def _contacts(table: Table, span: Span, received: list[Any], every: list[Any]) -> None:
    table.add("contacts", "received", "合计", received)
    for category in Category:
        table.add("contacts", category, category.label, [one for one in received if one.category == category])
    table.add("contacts", "open", "未注销", [one for one in every if span.open_at_cut(one)])
    for channel in Contact.Channel:
        table.add("channels", channel, channel.label, [one for one in received if one.channel == channel])


def _others(span: Span, found: dict[Any, list[Any]]) -> dict[str, list[Row]]:
    """What came, what was settled and what is open in each of the other registers."""

    def came(model: Any) -> list[Any]:
        return [one for one in found[model] if span.within(one.opened_at)]

    def then(model: Any, field: str) -> list[Any]:
        return [one for one in found[model] if span.within(getattr(one, field))]

    def still(model: Any) -> list[Any]:
        return [one for one in found[model] if span.open_at_cut(one)]

    registers = Need.Register
    return {
        "matters": [
            ("received", "立项", came(Matter)),
            ("done", "办完", then(Matter, "done_at")),
            ("open", "未办结", still(Matter)),
        ],
        "needs": [
            *((str(value), str(label), [one for one in came(Need) if one.register == value]) for value, label in registers.choices),
            ("handled", "办结", then(Need, "handled_at")),
            ("signed", "已签批", then(Need, "signed_at")),
            ("open", "未办结", still(Need)),
        ],
        "services": [
            ("received", "受理", came(ServiceOrder)),
            ("finished", "完工", then(ServiceOrder, "finished_at")),
            ("signed", "客户签字", then(ServiceOrder, "signed_at")),
            ("open", "未结", still(ServiceOrder)),
        ],
        "warranty": [
            ("received", "开单", came(Slip)),
            ("handed", "交开发商", then(Slip, "handed_at")),
            ("accepted", "业主确认", then(Slip, "accepted_at")),
            ("dispute", "责任争议", [one for one in still(Slip) if one.state == Slip.State.DISPUTE]),
            ("open", "未结", still(Slip)),
        ],
        "outages": [
            ("begun", "停用", then(Outage, "begins_at")),
            ("sudden", "其中突发", [one for one in then(Outage, "begins_at") if one.sort == Outage.Sort.SUDDEN]),
            ("municipal", "其中市政", [one for one in then(Outage, "begins_at") if one.side == Outage.Side.MUNICIPAL]),
            ("recovered", "恢复", then(Outage, "recovered_at")),
        ],
        "voices": [
            ("praise", "表扬", came(Praise)),
            ("confirmed", "已核实", [one for one in came(Praise) if one.state not in UNSURE]),
            ("suggestions", "建议", came(Suggestion)),
            ("adopted", "采纳", [one for one in came(Suggestion) if one.decision in TAKEN]),
            ("answered", "已答复", then(Suggestion, "answered_at")),
            ("open", "建议未结", still(Suggestion)),
        ],
    }  # fmt: skip


def _cluster(one: Any) -> Any:
    return (one.unit.cluster if one.unit else None) if isinstance(one, Contact) else cluster_of(one)


def _by_cluster(table: Table, contacts: Sequence[Any], repairs: Repairs) -> None:
    """Per cluster: contacts, repairs received and finished, called back and the share of it."""

    def called(one: Any) -> bool:
        order = repairs.by_number.get(one.number)
        return bool(order and order.called)

    def is_contact(one: Any) -> bool:
        return isinstance(one, Contact)

    def is_complaint(one: Any) -> bool:
        return is_contact(one) and one.category == Category.COMPLAINT

    def order_where(picked: Any) -> Any:
        return lambda one: not is_contact(one) and picked(one)

    def share(rows: Sequence[Any]) -> str:
        return str(rate(order.called for order in repairs.judged_of(rows))["text"])

    columns = (
        ("contacts", "接待", is_contact),
        ("complaints", "其中投诉", is_complaint),
        ("received", "维修受理", order_where(repairs.is_received)),
        ("finished", "完工", order_where(repairs.is_finished)),
        ("called", "已回访", order_where(called)),
        ("again", "返修", order_where(repairs.is_again)),
    )
    concerned = [*contacts, *(one for one in repairs.orders if any(picked(one) for _, _, picked in columns))]
    found = grouped(concerned, _cluster)
    rows: list[Row] = [(str(one.pk), str(one), found[one]) for one in sorted(filter(None, found), key=str)]
    if None in found:
        rows.append(("none", "公共区域及未分组团", found[None]))
    table.grid("cluster", "各组团", "组团", rows, columns, [("回访率", share)])
