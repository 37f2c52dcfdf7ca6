"""The keys' paper: mandate with receipt slip (F50), release letter (F54), month of use (F51), loss report (F55)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yihu.areas.keys.models import Custody, KeyLoan, LossReport
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.basics.worktime import business_month, business_month_bounds
from yihu.kernel import moments
from yihu.kernel.models import Attachment
from yihu.kernel.signatures import drawing, signature_of

MOST_LINES = 2000


def _keys(custody: Custody) -> list[list[str]]:
    rows = custody.keysets.select_related("hook__cabinet").order_by("pk")
    return [[key.place, key.tag, str(key.qty), key.get_status_display()] for key in rows]


def mandate(custody: Any, by: Any) -> dict[str, Any]:
    """Two parts of one sheet: the upper for the unit's papers, below the tear line the owner's receipt (F50)."""
    first = (
        Attachment.objects.filter(record_id=custody.pk, purpose=Attachment.Purpose.SIGNATURE)
        .order_by("at", "pk")
        .first()
    )
    return {
        "community": custody.community.name,
        "number": custody.number,
        "receipt": custody.receipt_no,
        "unit": str(custody.unit or ""),
        "signer": custody.signer,
        "capacity": custody.get_capacity_display(),
        "identity": f"{custody.get_id_type_display()}　后四位 {custody.id_last4}",
        "phone": str(custody.phone),
        "keys": _keys(custody),
        "purposes": [label for _, label in Custody.Purpose.choices],
        "purpose": custody.get_purpose_display(),
        "purpose_note": mask_free_text(custody.purpose_note),
        "allowed": mask_free_text(custody.allowed),
        "term": f"{custody.from_on or ''} 至 {custody.to_on or '业主解除为止'}",
        "signature": drawing(first),
        "signed_on": moments.day(custody.signed_at),
        "keeper": str(custody.kept_by or ""),
        "qr": custody.receipt_no,
    }


def release(custody: Any, by: Any) -> dict[str, Any]:
    """《钥匙解除确认函》 (F54)."""
    done = custody.released_at is not None
    return {
        "community": custody.community.name,
        "number": custody.number,
        "receipt": custody.receipt_no,
        "unit": str(custody.unit or ""),
        "name": custody.released_to,
        "identity": f"{custody.get_release_id_type_display()}　后四位 {custody.release_id_last4}" if done else "",
        "keys": _keys(custody),
        "slip": ("已收回回执" if custody.receipt_returned else "没有回执") if done else "",
        "reason": mask_free_text(custody.no_receipt_reason),
        "signature": signature_of(custody) if done else "",
        "keeper": str(custody.released_by or ""),
        "released_on": moments.day(custody.released_at),
    }


def use_register(loan: Any, by: Any) -> dict[str, Any]:
    """《客服中心钥匙使用登记表》 (F51) of the business month in which this key went out, as far as ``by`` may see it."""
    year, month = business_month(loan.opened_at)
    start, end = business_month_bounds(year, month)
    rows = KeyLoan.objects.seen_by(by).filter(community=loan.community, opened_at__gte=start, opened_at__lt=end)
    rows = rows.exclude(closed_as="withdrawn")
    found = rows.select_related("key", "job", "approved_by", "given_by", "taken_by").order_by("opened_at", "pk")
    return {
        "community": loan.community.name,
        "number": f"{loan.community.code}-SY-{year}{month:02d}",
        "title": "客服中心钥匙使用登记表",
        "period": f"{year}年{month}月（{moments.day(start)} 至 {moments.day(end - timedelta(days=1))}）",
        "total": rows.count(),
        "lines": [_line(row) for row in found[:MOST_LINES]],
    }


def _line(row: Any) -> list[str]:
    word = mask_free_text(" ".join(part for part in (row.borrower, row.company) if part))
    approved = f"{row.approved_by} {moments.short(row.approved_at)}" if row.approved_by_id else ""
    consent = f"业主{mask_free_text(row.consent_from)} {moments.short(row.consent_at)}" if row.consent_at else ""
    return [
        row.number.rsplit("-", 1)[-1],
        row.key.tag,
        row.get_act_display(),
        f"{word}（{row.get_borrower_kind_display()}）",
        mask_free_text(row.job.number if row.job_id else row.reason),
        "；".join(part for part in (approved, consent) if part),
        moments.short(row.out_at),
        moments.short(row.due_at),
        moments.short(row.back_at),
        " ".join(part for part in (row.get_condition_display(), f"催 {row.chased} 次" if row.chased else "") if part),
        "／".join(str(one) for one in (row.given_by, row.taken_by) if one),
    ]


def loss_report(report: Any, by: Any) -> dict[str, Any]:
    """《钥匙遗失/损坏报告》 (F55)."""
    return {
        "community": report.community.name,
        "number": report.number,
        "tag": report.key.tag,
        "kind": report.key.get_kind_display(),
        "what": report.get_what_display(),
        "whats": [label for _, label in LossReport.What.choices],
        "found_at": moments.stamp(report.found_at),
        "holder": mask_free_text(report.last_holder),
        "cause": mask_free_text(report.cause),
        "supervisor": f"{report.told_supervisor or ''}　{moments.stamp(report.told_supervisor_at)}",
        "owner": f"{mask_free_text(report.told_owner)}　{moments.stamp(report.told_owner_at)}",
        "remedy": report.get_remedy_display(),
        "remedies": [label for _, label in LossReport.Remedy.choices],
        "note": mask_free_text(report.remedy_note),
        "cost": f"{yuan(report.cost_fen)} 元" if report.cost_fen is not None else "",
        "payer": report.get_payer_display(),
        "done": moments.stamp(report.done_at),
        "reporter": str(report.opened_by),
        "reported": moments.day(report.opened_at),
    }
