"""《催款通知单》 (F83), 《暂停服务通知书》 (F85), the lawyer's letter and the contents of the lawsuit file on paper."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, Suspension, ToOwner
from yihu.areas.billing.dunning.reckon import arrears_in, undisputed
from yihu.areas.billing.dunning.standing import arrears_of, limitations
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.areas.billing.notices.printing import address_of
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.basics.periods import ONE_DAY
from yihu.ground.ledger.models import Line
from yihu.ground.ledger.pay_days import pay_day
from yihu.kernel import moments, site
from yihu.kernel.prints.declare import Print


def period(charge: Any) -> str:
    return f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}"


def spoken(day: Any) -> str:
    return f"{day:%Y年%-m月%-d日}" if day else ""


def _head(record: Any) -> dict[str, Any]:
    return {
        "community": record.community.name,
        "number": record.number,
        "party": mask_free_text(str(record.party or "")),
        "unit": str(record.unit or ""),
    }


def pay_words(community_id: int) -> tuple[str, str]:
    """How to pay and whom to ring, as the last payment notices of the community say."""
    known = NoticeBatch.objects.filter(batch_of=community_id, drawn_at__isnull=False).order_by("-period").first()
    return (known.pay_ways, known.hotline) if known else ("", "")


def notice(record: DunningNotice, by: Any) -> dict[str, Any]:
    lines = list(record.lines.select_related("charge__item", "charge__unit").order_by("charge__due_on", "pk"))
    ways, hotline = pay_words(record.community_id)
    places = len({one.charge.unit_id for one in lines})
    return {
        **_head(record),
        "unit": f"{record.unit or ''}{f' 等 {places} 处' if places > 1 else ''}",
        "qr": address_of(record),
        "scan": bool(site.address("/")),
        "ways": ways,
        "hotline": hotline,
        "level": record.level,
        "drawn_on": spoken(record.drawn_on),
        "pay_by": spoken(record.pay_by),
        "days": str((record.pay_by - record.drawn_on).days),
        "lines": [
            [str(one.charge.unit or ""), one.charge.title, period(one.charge), f"{pay_day(one.charge):%Y-%m-%d}",
             yuan(one.amount + one.used), yuan(one.used) if one.used else "", yuan(one.amount), yuan(one.late_fee) if one.late_fee else ""]
            for one in lines
        ],
        "late": bool(record.late_fee),
        "used": yuan(used) if (used := sum(one.used for one in lines)) else "",
        "whole": yuan(record.total + used),
        "late_words": [f"{one.charge.title}（{pay_day(one.charge):%Y-%m-%d} 应缴）：{one.late_words}" for one in lines if one.late_fee],
        "clauses": sorted({one.rule.clause for one in arrears_of([line.charge for line in lines], record.drawn_on) if one.rule}),
        "total": yuan(record.total),
        "late_fee": yuan(record.late_fee),
        "asked": yuan(record.asked),
        "capitals": rmb_capitals(record.asked),
        "words": mask_free_text(record.words),
        "approved": str(record.approved_by or ""),
        "waiting": record.state == DunningNotice.State.TO_APPROVE,
        "void": record.state == DunningNotice.State.VOID,
        "signer": record.signer,
        "delivered": record.delivery_words,
        "delivered_on": moments.day(record.delivered_at),
    }  # fmt: skip


NOTICE = Print("dunning_notice", "催款通知单", data=notice, copies=("客户联", "存根联"), says_numbers=True, issued=True)


def suspension(record: Suspension, by: Any) -> dict[str, Any]:
    notices = DunningNotice.objects.filter(case=record.case, delivered_at__isnull=False).order_by("pk")
    return {
        **_head(record),
        "legal_basis": record.legal_basis,
        "clause": mask_free_text(record.clause),
        "services": [
            [str(one.item), yuan(one.arrears)] for one in record.services.select_related("item").order_by("pk")
        ],
        "arrears": yuan(record.arrears),
        "capitals": rmb_capitals(record.arrears),
        "notices": [f"{one.number}（{moments.day(one.delivered_at)} {one.delivery_words}）" for one in notices],
        "pay_by": spoken(record.pay_by),
        "ends_on": spoken(record.ends_on),
        "effective": _effective(record),
        "lifted": _lifted(record),
        "words": mask_free_text(record.words),
        "legal": "已审查，意见附后" if record.legal_opinion else "",
        "finance": str(record.finance_by or ""),
        "manager": str(record.manager_by or ""),
        "client": "已批准，批复附后" if record.client_words else "",
        "ready": bool(record.client_words),
        "signer": record.signer,
        "delivered": record.delivery_words,
        "delivered_on": moments.day(record.delivered_at),
    }


def _effective(record: Suspension) -> str:
    """生效日期: when it came into force; before that, the first day on which it may."""
    if record.begun_at is not None:
        return spoken(timezone.localdate(record.begun_at))
    if record.state in (Suspension.State.PAID, Suspension.State.REFUSED):
        return "没有生效"
    return f"最早 {spoken(record.pay_by + ONE_DAY)}" if record.pay_by else "送达满七日的次日（没有缴清时）"


def _lifted(record: Suspension) -> str:
    """恢复日期: when it was taken up again; before that, the last day by which it will be."""
    if record.begun_at is not None and record.lifted_at is not None:
        return f"{spoken(timezone.localdate(record.lifted_at))}（{mask_free_text(record.lift_why)}）"
    if record.state in (Suspension.State.PAID, Suspension.State.REFUSED):
        return "没有暂停"
    return f"最迟 {spoken(record.ends_on)}；缴清后两小时内"


def turn(record: ToOwner, by: Any) -> dict[str, Any]:
    """连带清偿告知书: to the owner what is asked of him and why, to the lessee that it was."""
    lines = list(record.lines.select_related("was__item", "was__unit", "now").order_by("was__due_on", "pk"))
    charges = [line.now or line.was for line in lines]
    ends = limitations(charges)
    return {
        **_head(record),
        "owner": mask_free_text(str(record.owner)),
        "ground": mask_free_text(record.ground),
        "lines": [
            [str(one.was.unit or ""), str(one.was.item), period(one.was), f"{pay_day(one.was):%Y-%m-%d}",
             f"{ends[charge.pk]:%Y-%m-%d}", yuan(one.amount)]
            for one, charge in zip(lines, charges, strict=True)
        ],
        "total": yuan(record.total),
        "capitals": rmb_capitals(record.total),
        "pay_by": spoken(record.pay_by),
        "on": spoken(timezone.localdate(record.approved_at or record.opened_at)),
        "approved": str(record.approved_by or ""),
        "waiting": record.state == ToOwner.State.ASKED,
        "void": record.state == ToOwner.State.REFUSED,
    }  # fmt: skip


def lawyer_letter(record: DunningCase, by: Any) -> dict[str, Any]:
    letter = record.letters.order_by("pk").last()
    today = timezone.localdate()
    found = arrears_of(undisputed(record, today), today)
    late = sum(one.late_fee for one in found)
    total = sum(one.open for one in found)
    return {
        **_head(record),
        "writer": mask_free_text(letter.writer) if letter else "",
        "on": spoken(letter.on) if letter else "",
        "pay_by": spoken(letter.pay_by) if letter else "",
        "words": mask_free_text(letter.words) if letter else "",
        "lines": [
            [
                str(one.charge.unit or ""),
                one.charge.title,
                period(one.charge),
                f"{pay_day(one.charge):%Y-%m-%d}",
                yuan(one.open),
            ]
            for one in found
        ],
        "total": yuan(total),
        "late_fee": yuan(late) if late else "",
        "capitals": rmb_capitals(total + late),
        "demands": [f"{one.on:%Y-%m-%d} {one.get_kind_display()}：{one.words}" for one in _proven(record)],
    }


def _proven(case: DunningCase) -> list[Any]:
    return list(case.demands.filter(on__isnull=False).order_by("on", "pk"))


def disputes_of(case: DunningCase) -> list[list[str]]:
    """Each dispute: the bill, its days, what the payer said, how it was decided, by whom and why."""
    rows = case.disputes.select_related("charge__item", "charge__unit", "decided_by").order_by("from_on", "pk")
    return [
        [str(one.charge.item), period(one.charge), f"{one.from_on:%Y-%m-%d} 至 {f'{one.to_on:%Y-%m-%d}' if one.to_on else '今'}",
         mask_free_text(one.words), one.get_outcome_display() if one.to_on else "未认定", mask_free_text(one.decision),
         str(one.decided_by or "")]
        for one in rows
    ]  # fmt: skip


def dispute_decision(record: DunningCase, by: Any) -> dict[str, Any]:
    """争议处理告知书: what was decided last, why, and what it means for the late fee."""
    decided = record.disputes.filter(decided_at__isnull=False).order_by("-decided_at", "pk")
    last = decided.first()
    of_day = decided.filter(decided_at=last.decided_at) if last else decided.none()
    rows = of_day.select_related("charge__item", "charge__unit")
    charges = [one.charge for one in rows]
    found = {one.charge.pk: one for one in arrears_of(charges, timezone.localdate())}
    return {
        **_head(record),
        "lines": [
            [str(one.charge.unit or ""), str(one.charge.item), period(one.charge), f"{one.from_on:%Y-%m-%d} 至 {one.to_on:%Y-%m-%d}",
             yuan(one.charge.open), yuan(found[one.charge.pk].fee_left) if one.charge.pk in found else ""]
            for one in rows
        ],
        "said": mask_free_text(rows[0].words) if rows else "",
        "outcome": last.get_outcome_display() if last else "",
        "why": mask_free_text(last.decision) if last else "",
        "sums": [one.words for one in found.values() if one.words],
        "decided_by": str(last.decided_by or "") if last else "",
        "on": spoken(timezone.localdate(last.decided_at)) if last else "",
    }  # fmt: skip


def case_file(record: DunningCase, by: Any) -> dict[str, Any]:
    """诉讼卷宗: the ground, the lines, every demand with its proof, every payment, the limitation (FEE-10)."""
    today = timezone.localdate()
    found = arrears_in(record, today)
    charges = [one.charge for one in found]
    theirs = Q(charge__in=charges) | Q(charge__principal__in=charges)
    moves = Line.objects.filter(theirs, account="receivable").select_related("voucher", "receipt", "charge__item")
    paid = moves.filter(amount__lt=0).order_by("day", "pk")
    return {
        **_head(record),
        "on": spoken(today),
        "clauses": sorted({f"{one.rule.clause}：{one.charge.item}每日 {one.rule.daily_percent.normalize():f}%" for one in found if one.rule}),
        "lines": [
            [one.charge.title, period(one.charge), f"{pay_day(one.charge):%Y-%m-%d}", yuan(one.charge.amount), yuan(one.open),
             yuan(one.fee_left) if one.fee_left else "", yuan(one.court_left) if one.fee_left else "", f"{one.ends:%Y-%m-%d}",
             "有" if one.disputed else ""]
            for one in found
        ],
        "sums": ["合计", "", "", yuan(sum(one.charge.amount for one in found)), yuan(sum(one.open for one in found)),
                 yuan(sum(one.fee_left for one in found)), yuan(sum(one.court_left for one in found)), "", ""],
        "basis": [mask_free_text(f"{one.charge.title} {period(one.charge)}：{one.charge.words}") for one in found if one.charge.words],
        "demands": [
            [f"{one.on:%Y-%m-%d}" if one.on else "未证明送达", one.get_kind_display(), mask_free_text(one.words)]
            for one in record.demands.order_by("pk")
        ],
        "payments": [
            [f"{line.day:%Y-%m-%d}", mask_free_text(line.voucher.words), yuan(-line.amount)] for line in paid
        ],
        "calls": [
            [moments.stamp(one.at), one.get_way_display(), one.get_reason_display() if one.reason else "没找到人",
             mask_free_text(one.said), mask_free_text(one.explained)]
            for one in record.calls.order_by("at", "pk")
        ],
        "disputes": disputes_of(record),
        "parts": [[f"{one.due_on:%Y-%m-%d}", yuan(one.amount), "有效" if one.in_force else "已失效"] for one in record.instalments.order_by("pk")],
        "ends": spoken(min(limitations(charges).values(), default=None)),
        "court": " ".join(filter(None, (record.get_court_way_display() if record.court_way else "", record.court, record.court_no))),
    }  # fmt: skip
