"""价目表: drafted by one, approved by another, posted, and from its day in force. What was in force stays readable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.services.models import PriceRow
from yihu.basics.money import yuan
from yihu.kernel.errors import Refused
from yihu.kernel.models import Book
from yihu.kernel.plain import require, writing, wrote

SEE, DRAFT, APPROVE = "services.see_all", "services.draft_prices", "services.approve_prices"
BOOK = "services.price"
COLUMNS = ("code", "name", "kind", "measure", "price_fen", "material_rule", "valid_from", "why")
D = PriceRow.Decision


def save_draft(
    row: PriceRow, *, by: Any, key: str | None = None, seen: int | None = None, at: datetime | None = None
) -> None:
    """Write a price down, or change one that nobody has decided on."""
    require(by, DRAFT, row.community_id, "您不能起草价目，请找客服主管。")
    body = [row.community_id, *(str(getattr(row, name)) for name in COLUMNS)]
    with writing(BOOK, row.pk or "new", by=by, key=key, verb="draft", body=body, seen=seen, at=at) as opened:
        if opened is None:
            return
        commanding, book = opened
        if row.pk is None:
            row.drafted_by = by
            row.save(force_insert=True)
            commanding.note(
                commanding.book(BOOK, row.pk), f"{by} 起草 {row}，{yuan(row.price_fen)} 元/{row.measure}", step="draft"
            )
        else:
            before = _locked(row.pk, D.DRAFT)
            row.drafted_by = by  # whoever wrote the figure last does not approve it
            row.save(update_fields=[*COLUMNS, "drafted_by"])
            commanding.note(book, f"{by} 修改待批的价目", _differences(before, row), step="change")
        commanding.answer(row)


def approve(
    row: PriceRow,
    published_on: date,
    *,
    by: Any,
    key: str | None = None,
    seen: int | None = None,
    at: datetime | None = None,
) -> None:
    """From its day the row holds, and the one before it no longer does."""
    require(by, APPROVE, row.community_id, "您不能批准价目，请找客服经理或项目经理。")
    with writing(BOOK, row.pk, by=by, key=key, verb="approve", body=[published_on], seen=seen, at=at) as opened:
        if opened is None:
            return
        commanding, book = opened
        # one after another for each code: of two rows approved at once neither would end the other
        commanding.book(BOOK, f"{row.community_id}/{row.code}")
        row = _locked(row.pk, D.DRAFT)
        _may_decide(row, book, by)
        today = timezone.localdate(commanding.at)
        if row.valid_from < today:
            raise Refused("生效日期已经过去，请退回起草人改到今天或以后。")
        if published_on > row.valid_from:
            raise Refused("公示日期不能晚于生效日期：先公示，后执行。")
        others = PriceRow.objects.select_for_update().filter(
            community_id=row.community_id, code=row.code, decision=D.APPROVED
        )
        later = others.filter(valid_from__gte=row.valid_from).order_by("valid_from").first()
        if later is not None:
            raise Refused(f"编号 {row.code} 自 {later.valid_from} 起已有批准的价格，请换一个更晚的生效日期。")
        last_day = row.valid_from - timedelta(days=1)
        for earlier in others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day)):
            PriceRow.objects.filter(pk=earlier.pk).update(valid_to=last_day)
            commanding.note(
                commanding.book(BOOK, earlier.pk),
                f"新价自 {row.valid_from} 起执行，本价到 {last_day} 为止",
                step="replaced",
            )
        row.decision, row.decided_by, row.decided_at, row.published_on = D.APPROVED, by, commanding.at, published_on
        row.save(update_fields=["decision", "decided_by", "decided_at", "published_on"])
        commanding.note(book, f"{by} 批准，{published_on} 公示，{row.valid_from} 起执行", step="approve")
        commanding.answer(row)


def refuse(row: PriceRow, why: str, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    require(by, APPROVE, row.community_id, "您不能审批价目，请找客服经理或项目经理。")
    with writing(BOOK, row.pk, by=by, key=key, verb="refuse", body=[why], seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        row = _locked(row.pk, D.DRAFT)
        _may_decide(row, book, by)
        row.decision, row.decided_by, row.decided_at = D.REFUSED, by, commanding.at
        row.save(update_fields=["decision", "decided_by", "decided_at"])
        commanding.note(book, f"{by} 未批准：{why}", step="refuse")
        commanding.answer(row)


def stop(row: PriceRow, last_day: date, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """The service is offered no longer after a day; what was ordered keeps its price."""
    require(by, APPROVE, row.community_id, "您不能停用价目，请找客服经理或项目经理。")
    with writing(BOOK, row.pk, by=by, key=key, verb="stop", body=[last_day], seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        row = _locked(row.pk, D.APPROVED)
        if row.valid_to is not None:
            raise Refused(f"这一条到 {row.valid_to} 为止，不用再停用。")
        if last_day < max(timezone.localdate(commanding.at), row.valid_from):
            raise Refused("最后一天不能早于今天，也不能早于生效日期。")
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        commanding.note(book, f"{by} 停用，最后一天 {last_day}", step="stop")
        commanding.answer(row)


def _locked(pk: int, decision: str) -> PriceRow:
    row = PriceRow.objects.select_for_update().get(pk=pk)
    if row.decision != decision:
        raise Refused(f"这一条现在是“{row.get_decision_display()}”，请刷新页面看看最新情况。")
    return row


def _may_decide(row: PriceRow, book: Book, by: Any) -> None:
    """Whoever wrote any of it does not decide on it, even if another changed a word of it afterwards."""
    if row.drafted_by_id == by.pk or wrote(book, by, ("draft", "change"), since="approve"):
        raise Refused("起草人不能批准自己起草的价目，请另一位经理审批。")


def _differences(before: PriceRow, after: PriceRow) -> dict[str, list[str]]:
    pairs = {name: [_words(before, name), _words(after, name)] for name in COLUMNS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _words(row: PriceRow, name: str) -> str:
    if name == "price_fen":
        return f"{yuan(row.price_fen)} 元"
    return str(row.get_kind_display()) if name == "kind" else str(getattr(row, name))
