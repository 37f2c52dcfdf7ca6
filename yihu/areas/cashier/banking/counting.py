"""Orders, and money that a channel tells of: counted once, whatever comes how often and in which order."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Sum

from yihu.areas.cashier.banking import taking
from yihu.areas.cashier.banking.channels import Paid, channel_or_refuse, refuse_beyond
from yihu.areas.cashier.banking.models import Notice, PayOrder
from yihu.areas.cashier.banking.payers import address, fresh_number, meant, set_off, use_credit
from yihu.basics.money import yuan
from yihu.ground.ledger import charging, ordering, posting, receiving
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require

Verdict, State = Notice.Verdict, PayOrder.State
BOOK = "banking.payorder"
__all__ = ["accept", "address", "ask", "checked", "give_back", "hear", "make_order", "to_look_at"]


def make_order(unit: Any, party: Any, channel: str, *, by: Any, key: str | None = None) -> PayOrder:
    """An order for all that the payer owes for the unit; the channel gives the address where he pays."""
    speaker, community = channel_or_refuse(channel), unit.community
    require(by, posting.COLLECT, community.pk, "您不能开线上付款单，请找收费员。")
    with command(by=by, key=key, verb=f"{BOOK}.make", body=[unit.pk, party.pk, channel]) as commanding:
        if commanding.stored:
            order = PayOrder.objects.get(pk=commanding.stored.answer_id)
        else:
            owed = Charge.objects.filter(unit=unit, party=party, open__gt=0).order_by("due_on", "pk")
            with posting.books(
                commanding, community.pk
            ) as opened:  # what lateness has cost by today is asked for as well
                charging.bring_up(opened, list(owed.select_related("item")), opened.today)
            total = int(owed.aggregate(total=Sum("open"))["total"] or 0)
            if not total:
                raise Refused("这户现在没有欠费，不用开付款单。")
            refuse_beyond(total)
            order = PayOrder.objects.create(
                community=community, number=fresh_number(community, commanding.at), channel=channel, party=party,
                unit=unit, amount=total, charges=list(owed.values_list("pk", flat=True)), made_by=by, made_at=commanding.at,
            )  # fmt: skip
            commanding.note(
                commanding.book(BOOK, order.pk), f"{by} 开付款单 {order.number}，{yuan(total)} 元", step="make"
            )
            commanding.answer(order)
    return address(order, speaker)


def hear(channel: str, paid: Paid) -> Notice:
    """The channel tells of a payment: by call-back, by our asking, or in its settlement. The first word counts."""
    system = authority().system()
    with command(by=system, key=f"pay:{channel}:{paid.reference}", verb="banking.heard") as commanding:
        if commanding.replayed:
            return Notice.objects.get(channel=channel, reference=paid.reference)
        order = PayOrder.objects.filter(number=paid.number, channel=channel).first()
        notice = Notice(
            community_id=order.community_id if order else None, channel=channel, reference=paid.reference,
            order_number=paid.number, order=order, amount=paid.amount, paid_at=paid.paid_at, heard_at=commanding.at,
            verdict=Verdict.UNKNOWN,
        )  # fmt: skip
        if order is not None:
            with posting.books(commanding, order.community_id) as books:
                _judge(books, notice)
        notice.save(force_insert=True)
    return notice


def _judge(books: Any, notice: Notice) -> None:
    """The books are held, so two payments of one order follow each other."""
    order = PayOrder.objects.get(pk=notice.order_id)
    if order.state != State.WAITING:
        notice.verdict = Verdict.TWICE
    elif order.amount != notice.amount:
        notice.verdict = Verdict.AMOUNT
        _turn(order, State.PARKED)
    else:
        notice.verdict = Verdict.COUNTED
        _count(books, notice, order)
        _turn(order, State.PAID)
    said = f"{notice.get_verdict_display()}：{notice.reference}，{yuan(notice.amount)} 元"
    books.commanding.note(books.commanding.book(BOOK, order.pk), said, step="heard")


def _count(books: Any, notice: Notice, order: PayOrder) -> None:
    """A receipt with the channel's number, used for the bills of the order, the rest as the law orders."""
    notice.receipt = receiving.receive(
        books, amount=notice.amount, method=Receipt.Method.ONLINE, payer_name=order.party.name, party=order.party,
        unit=order.unit, reference=f"{notice.channel}:{notice.reference}", received_at=notice.paid_at,
    )  # fmt: skip
    set_off(books, order)
    given = ordering.by_law(notice.receipt.left, meant(order), books.today)
    receiving.allocate(books, notice.receipt, given, rule=ordering.INSTRUCTED)
    use_credit(books, order, notice.receipt)
    if notice.receipt.left:
        taking.use(books, notice.receipt, None)


def _turn(order: PayOrder, state: str) -> None:
    PayOrder.objects.filter(pk=order.pk).update(state=state)


def accept(notice: Notice, *, by: Any, key: str | None = None) -> Notice:
    """A person has looked: the money is the payer's, just as much as came."""
    with command(by=by, key=key, verb="banking.notice.accept", body=notice.pk) as commanding:
        if not commanding.replayed:
            order = _parked(notice)
            with posting.books(commanding, order.community_id) as books:
                notice = Notice.objects.get(pk=notice.pk)
                _still(notice)
                _count(books, notice, order)
                _handled(commanding, notice, order, f"{by} 按实收入账 {yuan(notice.amount)} 元")
                Notice.objects.filter(pk=notice.pk).update(receipt=notice.receipt)
    return notice


def give_back(notice: Notice, why: str, *, by: Any, key: str | None = None) -> None:
    """Money that was never counted goes back where it came from. Claimed first, so that nobody counts it meanwhile; then the
    channel is asked, for whom the same refund twice is one; what broke off between is done again."""
    order = _parked(notice)
    require(by, posting.REVERSE, order.community_id, "您不能退款，请找财务主管。")
    if not why.strip():
        raise Refused("请写明为什么退。")
    speaker, key = channel_or_refuse(notice.channel), key or f"notice-back:{notice.pk}"
    with command(by=by, key=key, verb="banking.notice.back", body=notice.pk) as commanding:
        if not commanding.replayed:
            with posting.books(commanding, order.community_id):
                notice = Notice.objects.get(pk=notice.pk)
                if notice.verdict != Verdict.RETURNING:
                    _still(notice)
                Notice.objects.filter(pk=notice.pk).update(verdict=Verdict.RETURNING)
                said = f"{by} 原路退 {yuan(notice.amount)} 元：{why}"
                commanding.note(commanding.book(BOOK, order.pk), said, step="back")
    speaker.refund(f"TK{notice.pk}", notice.reference, notice.amount)
    with command(by=by, key=f"{key}-done", verb="banking.notice.returned", body=notice.pk) as commanding:
        if not commanding.replayed:
            _handled(commanding, notice, order, f"渠道已原路退回 {yuan(notice.amount)} 元")


def checked(notice: Notice, community: Any, why: str, *, by: Any, key: str | None = None) -> None:
    """没有这张付款单: a person has asked the channel whose money it is, and says so; it waits no longer."""
    require(by, posting.REVERSE, community.pk, "您不能撤下渠道通知，请找财务主管。")
    if not why.strip():
        raise Refused("请写明和渠道核对的结果。")
    with command(by=by, key=key, verb="banking.notice.checked", body=[notice.pk, why]) as commanding:
        if commanding.replayed:
            return
        waiting = Notice.objects.filter(pk=notice.pk, verdict=Verdict.UNKNOWN, order__isnull=True)
        if not waiting.update(verdict=Verdict.HANDLED, community=community):
            raise Conflict("这笔已经有人处理过了，请刷新看看。", [])
        said = f"{by} 核对渠道流水 {notice.reference}，{yuan(notice.amount)} 元，没有付款单：{why}"
        commanding.note(commanding.book("banking.notice", notice.pk), said, step="checked")


def ask(order: PayOrder, *, by: Any) -> str:
    """For an order whose call-back never came."""
    require(by, posting.COLLECT, order.community_id, "您不能查询付款单，请找收费员。")
    paid = channel_or_refuse(order.channel).ask(order.number)
    if paid is None:
        return "渠道说还没有付款。"
    return f"渠道说已付 {yuan(paid.amount)} 元：{hear(order.channel, paid).get_verdict_display()}。"


def _parked(notice: Notice) -> PayOrder:
    if notice.order is None:
        raise Refused("没有对应的付款单，请先和渠道核对这笔钱。")
    return notice.order


def _still(notice: Notice) -> None:
    if notice.verdict not in (Verdict.AMOUNT, Verdict.TWICE) or notice.receipt_id is not None:
        raise Conflict("这笔已经有人处理过了，请刷新看看。", [])


def _handled(commanding: Any, notice: Notice, order: PayOrder, sentence: str) -> None:
    Notice.objects.filter(pk=notice.pk).update(verdict=Verdict.HANDLED)
    PayOrder.objects.filter(pk=order.pk, state=State.PARKED).update(state=State.CLOSED)
    commanding.note(commanding.book(BOOK, order.pk), sentence, step="handled")


def to_look_at(community: Any) -> Any:
    """What waits for a person: here, and what belongs to no order at all."""
    waiting = Notice.objects.filter(verdict__in=(Verdict.AMOUNT, Verdict.TWICE, Verdict.UNKNOWN, Verdict.RETURNING))
    mine = waiting.filter(community=community) | waiting.filter(community__isnull=True)
    return mine.select_related("order__party", "order__unit").order_by(F("pk").desc())
