"""What a case, a notice and a batch show beyond their columns."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.billing.dunning.dates import last_day, lawful_day
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice
from yihu.areas.billing.dunning.printing import period
from yihu.areas.billing.dunning.reckon import arrears_in, owed_of
from yihu.areas.billing.dunning.standing import arrears_of
from yihu.basics.money import yuan
from yihu.basics.worktime import CalendarYearMissing
from yihu.ground.ledger.in_check import in_check
from yihu.ground.ledger.pay_days import pay_day
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.calendars import office
from yihu.kernel.models import Attachment
from yihu.kernel.prints import AT_ONCE

S, N = DunningCase.State, DunningNotice.State


def case_panels(case: DunningCase, person: Any) -> list[dict[str, Any]]:
    today = timezone.localdate()
    if not grants_of(person).may("dunning.see", case.community_id):
        return [_calls(case)] if case.calls.exists() else []
    found = [
        _lines(case, today),
        _lawful(case, today),
        _checked(case),
        _demands(case),
        _calls(case),
        _disputes(case, today),
        _parts(case),
        _file(case),
    ]
    return [panel for panel in found if panel]


def _lines(case: DunningCase, today: Any) -> dict[str, Any]:
    found = arrears_in(case, today)
    rows = [
        {
            "what": one.charge.title,
            "unit": str(one.charge.unit or ""),
            "period": period(one.charge),
            "due": f"{pay_day(one.charge):%Y-%m-%d}",
            "open": yuan(one.open),
            "fee": yuan(one.fee_left) if one.fee is not None or one.fee_left else "",
            "court": yuan(one.court_left) if one.fee is not None or one.fee_left else "",
            "posted": yuan(one.posted_open) if one.posted_open else "",
            "words": one.words or (one.charge.words if one.charge.principal_id else ""),
            "ends": f"{one.ends:%Y-%m-%d}",
            "disputed": one.disputed,
        }
        for one in found
    ]
    sums = {
        "open": yuan(sum(one.open for one in found)),
        "fee": yuan(sum(one.fee_left for one in found)),
        "court": yuan(sum(one.court_left for one in found)),
    }
    clauses = sorted({one.rule.clause for one in found if one.rule})
    if not rows:
        return {}
    agreed = bool(clauses) or any(one.charge.principal_id for one in found)
    # what heads the page is reckoned every ten minutes, this table now
    stale = yuan(case.owed_fen) if case.owed_fen != owed_of([one.charge for one in found]) else ""
    told = {"rows": rows, "sums": sums, "clauses": clauses, "agreed": agreed, "stale": stale}
    return {"title": "到期欠费", "template": "dunning/_lines.html", **told}


def _lawful(case: DunningCase, today: Any) -> dict[str, Any]:
    """After the 30th the manual would cut the unit off; the page says why not, and what to do instead (D68)."""
    first = case.notices.filter(delivered_at__isnull=False).order_by("pk").first()
    if first is None or case.state not in (S.FIRST, S.SECOND, S.TALK, S.URGED):
        return {}
    limit = last_day(first.drawn_on.year, first.drawn_on.month)
    if today <= limit:
        return {}
    try:
        since = lawful_day(limit.year, limit.month, office(case.community_id, timezone.now()))
    except CalendarYearMissing:
        since = limit
    return {
        "title": "过了 30 日仍未缴",
        "template": "dunning/_lawful.html",
        "limit": f"{limit:%Y-%m-%d}",
        "since": f"{since:%Y-%m-%d}",
    }


def _checked(case: DunningCase) -> dict[str, Any]:
    sentence = in_check(case.community_id).get(case.party_id, "") if case.closed_at is None else ""
    if not sentence:
        return {}
    return {
        "title": "查账中",
        "template": "dunning/_checked.html",
        "sentence": sentence,
        "url": reverse("banking:lines"),
    }


def _demands(case: DunningCase) -> dict[str, Any]:
    rows = [
        {"on": f"{one.on:%Y-%m-%d}" if one.on else "", "kind": one.get_kind_display(), "words": one.words}
        for one in case.demands.order_by("-pk")
    ]
    return {"title": "历次催告与送达", "template": "dunning/_demands.html", "rows": rows} if rows else {}


def _calls(case: DunningCase) -> dict[str, Any]:
    rows = [
        {
            "when": moments.stamp(one.at),
            "by": str(one.by),
            "way": one.get_way_display(),
            "reason": one.get_reason_display() if one.reason else "没找到人" if not one.reached else "",
            "said": one.said,
            "explained": one.explained,
            "promised": f"{one.promised_on:%Y-%m-%d}" if one.promised_on else "",
        }
        for one in case.calls.select_related("by").order_by("-at", "-pk")
    ]
    return {"title": "沟通记录", "template": "dunning/_calls.html", "rows": rows} if rows else {}


def _disputes(case: DunningCase, today: Any) -> dict[str, Any]:
    """What is contested and what it is about; how each was decided, by whom and why."""
    found = list(case.disputes.select_related("charge__item", "charge__unit", "decided_by").order_by("-from_on", "-pk"))
    stakes = {one.charge.pk: one.at_stake for one in arrears_of([one.charge for one in found if not one.to_on], today)}
    rows = [
        {
            "what": str(one.charge.item),
            "period": period(one.charge),
            "span": f"{one.from_on:%Y-%m-%d} 至 {f'{one.to_on:%Y-%m-%d}' if one.to_on else '今'}",
            "said": one.words,
            "stake": yuan(stakes[one.charge_id]) if stakes.get(one.charge_id) and not one.to_on else "",
            "open": one.to_on is None,
            "outcome": one.get_outcome_display() if one.outcome else "已解决，争议期间不计违约金",
            "why": one.decision,
            "by": str(one.decided_by or ""),
        }
        for one in found
    ]
    return {"title": "争议", "template": "dunning/_disputes.html", "rows": rows} if rows else {}


def _parts(case: DunningCase) -> dict[str, Any]:
    """A plan that runs; one that was kept to its end stands in the file."""
    parts = list(case.instalments.filter(in_force=True).order_by("due_on")) if case.next_part_at else []
    rows = [{"due": f"{one.due_on:%Y-%m-%d}", "amount": yuan(one.amount)} for one in parts]
    return {"title": "分期协议", "template": "dunning/_parts.html", "rows": rows} if rows else {}


def _file(case: DunningCase) -> dict[str, Any]:
    url = reverse("dunning:file", args=[case.number])
    return {"title": "诉讼卷宗", "template": "dunning/_file.html", "url": url}


def round_panels(batch: Any, person: Any) -> list[dict[str, Any]]:
    counts = [
        {"word": word, "count": batch.notices.filter(state=state).count()}
        for state, word in batch.notices.model.State.choices
    ]
    found = [{
        "title": "通知单",
        "template": "dunning/_round.html",
        "counts": [one for one in counts if one["count"]],
        "print_url": reverse("dunning:round_print", args=[batch.number]) if 0 < batch.drawn <= AT_ONCE else "",
        "sheet_url": reverse("dunning:round_sheet", args=[batch.number]) if batch.drawn else "",
        "files": list(batch.attachments.filter(purpose=Attachment.Purpose.PAPER).order_by("-pk")[:3]),
        "list_url": f"{reverse('kernel:list', args=['dunning-notices'])}?tab=all&round={batch.pk}",
    }]  # fmt: skip
    passes = batch.passes.select_related("party").order_by("pk")
    rows = [{"who": str(one.party), "why": one.why} for one in passes]
    return [*found, {"title": "本批不发的", "template": "dunning/_passes.html", "rows": rows}] if rows else found


def notice_panels(notice: Any) -> list[dict[str, Any]]:
    rows = [
        {
            "what": one.charge.title,
            "unit": str(one.charge.unit or ""),
            "period": period(one.charge),
            "due": f"{pay_day(one.charge):%Y-%m-%d}",
            "open": yuan(one.amount),
            "used": f"应缴 {yuan(one.amount + one.used)}，已用预收 {yuan(one.used)}" if one.used else "",
            "fee": yuan(one.late_fee) if one.late_fee else "",
            "words": one.late_words,
        }
        for one in notice.lines.select_related("charge__item", "charge__unit").order_by("charge__due_on", "pk")
    ]
    found = [{"title": "催款明细", "template": "dunning/_notice_lines.html", "rows": rows}]
    if notice.state in (N.ISSUED, N.DELIVERED, N.DONE):
        url = reverse("payer:bill", args=[notice.token])
        found.append({"title": "客户的缴费页面", "template": "dunning/_payer.html", "url": url})
    return found


def turn_panels(turn: Any) -> list[dict[str, Any]]:
    lines = turn.lines.select_related("was__item", "was__unit", "now").order_by("was__due_on", "pk")
    rows = [
        {
            "what": str(one.was.item),
            "unit": str(one.was.unit or ""),
            "period": period(one.was),
            "due": f"{pay_day(one.was):%Y-%m-%d}",
            "amount": yuan(one.amount),
            "left": yuan(one.now.open) if one.now else "",
        }
        for one in lines
    ]
    return [{"title": "转出的账单", "template": "dunning/_turned.html", "rows": rows}]
