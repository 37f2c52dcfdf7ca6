"""What the steps of a month's book do: the slips written from the ledger, the questions asked and answered, the signature."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Min, Q, Value, When

from yihu.areas.cashier.applying.periods import closed_through
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip, SlipLine, SlipQuery
from yihu.basics.identity import mask_free_text
from yihu.ground.ledger.accounts import Movement, movements, names, turnover
from yihu.ground.ledger.models import Charge, Line, Voucher
from yihu.kernel.errors import Refused
from yihu.kernel.procedure import Branch

S = MonthBook.State
PAPERS = ("charge", "receipt", "deposit", "payable")
Place = tuple[date, int, bool]


def not_closed(book: Any, by: Any) -> str:
    """Only what can change no more is written down."""
    closed = closed_through(book.community_id)
    if closed is None or closed < book.last:
        return f"{book.period} 还没有结账。请先在“结账”里把这个月结了，再制证。"
    return ""


def drawn(act: Any) -> None:
    book = act.record
    if sentence := not_closed(book, act.by):
        raise Refused(sentence)
    groups: dict[Place, list[Movement]] = defaultdict(list)
    for one in movements(book.community_id, book.first, book.last):
        groups[one.place].append(one)
    said, named = _vouchers(book), names(book.community_id)
    slips, lines = [], []
    for number, place in enumerate(sorted(groups), start=1):
        rows = groups[place]
        count, first = said[place]
        debit, _ = turnover(rows)
        slip = Slip(
            book=book, number=number, day=rows[0].day, kind=rows[0].kind, red=rows[0].red, words=_words(rows[0], count, first),
            papers=count, total=debit,
        )  # fmt: skip
        slips.append(slip)
        lines += [(slip, one, at) for at, one in enumerate(_two_sided(rows), start=1)]
    Slip.objects.bulk_create(slips, batch_size=500)
    SlipLine.objects.bulk_create(
        [
            SlipLine(slip=slip, place=at, account=one.account, item_id=one.item, cost_id=one.cost,
                     name=named.of(one.item, one.cost), debit=one.debit, credit=one.credit)
            for slip, one, at in lines
        ],
        batch_size=500,
    )  # fmt: skip
    book.slip_count, book.total_fen = len(slips), sum(slip.total for slip in slips)
    book.drawn_by, book.drawn_at = act.by, act.at
    act.tell_post("finance_supervisor", f"{book.number} {book.summarise()}，请审核。")


def _two_sided(rows: list[Movement]) -> list[Movement]:
    """Debits first; what has both sides stands on two lines."""
    debits = [replace(one, credit=0) for one in rows if one.debit]
    return debits + [replace(one, debit=0) for one in rows if one.credit]


def _vouchers(book: MonthBook) -> dict[Place, tuple[int, int]]:
    """How many postings stand behind each slip, and the first of them."""
    rows = Voucher.objects.filter(community=book.community_id, day__gte=book.first, day__lte=book.last)
    red = Case(When(reverses__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = rows.annotate(red=red).order_by()
    found: dict[Place, tuple[int, int]] = {}
    for day, kind, red, count, first in rows.values_list("day", "kind", "red").annotate(
        count=Count("pk"), first=Min("pk")
    ):
        found[Movement(day, kind, bool(red), "", None, None, 0, 0).place] = (count, first)
    return found


def _words(one: Movement, count: int, first: int) -> str:
    if count == 1:
        return mask_free_text(Voucher.objects.values_list("words", flat=True).get(pk=first))[:200]
    label = str(Voucher.Kind(one.kind).label)
    return f"冲销{label} {count} 笔" if one.red else f"{label} {count} 笔"


def postings_of(slip: Slip) -> Any:
    """The ledger's own vouchers behind a slip."""
    rows = Voucher.objects.filter(community=slip.book.community_id, day=slip.day, kind=slip.kind)
    return rows.filter(reverses__isnull=not slip.red).order_by("pk")


# -- questions -------------------------------------------------------------------------------------------------------
def asked(act: Any) -> None:
    told = act.data
    SlipQuery.objects.create(
        book=act.record, slip=told["slip"], question=told["question"], asked_by=act.by, asked_at=act.at
    )
    act.command.note(act.record, f"{act.by} 对 {told['slip']} 提出疑问：{told['question']}", step="queried")
    act.tell([act.record.drawn_by], f"{act.record.number} {told['slip']}：{told['question'][:80]}，请答复。")


def corrections_of(query: SlipQuery) -> Any:
    """What has taken back something of the slip since it was asked about: reversals, bills taken back, costs moved."""
    own = postings_of(query.slip)
    touched = Line.objects.filter(voucher__in=own)
    back = Q(reverses__in=own) | Q(
        pk__in=Charge.objects.filter(pk__in=touched.values("charge"), reversal__isnull=False).values("reversal")
    )
    for paper in PAPERS:
        of_paper = Q(**{f"lines__{paper}__in": touched.filter(**{f"{paper}__isnull": False}).values(paper)})
        back |= of_paper & (Q(reverses__isnull=False) | Q(kind=Voucher.Kind.SPEND))
    later = Voucher.objects.filter(back, community=query.book.community_id, at__gt=query.asked_at)
    return later.exclude(pk__in=own.values("pk")).order_by("pk").distinct()


def unanswered(book: Any) -> Any:
    return SlipQuery.objects.filter(book=book, outcome="").select_related("slip").order_by("pk")


def answered(act: Any) -> None:
    told = act.data
    query = SlipQuery.objects.select_for_update().get(pk=told["query"].pk)
    if query.outcome:
        raise Refused("这个疑问刚刚已经答复了，请刷新看看。")
    query.outcome, query.answer, query.correction = told["outcome"], told["answer"], told["correction"]
    query.answered_by, query.answered_at = act.by, act.at
    query.save()
    word = query.get_outcome_display().partition("，")[0]
    act.command.note(act.record, f"{act.by} 答复 {query.slip}：{word}，{query.answer}", step="answered")
    act.tell([query.asked_by], f"{act.record.number} {query.slip} 已答复：{query.answer[:80]}")


def _where(act: Any) -> str:
    """Once the last question is answered it is checked again."""
    left = unanswered(act.record).exclude(pk=act.data["query"].pk)
    return S.QUERIED if left.exists() else S.DRAWN


AFTER_ANSWER = Branch(_where, (S.QUERIED, S.DRAWN))


def signed(act: Any) -> None:
    act.record.signed_by, act.record.signed_at = act.by, act.at
    act.tell([act.record.drawn_by], f"{act.record.number} {act.record.summarise()} 已审核签账。")


def never(book: Any, by: Any) -> str:
    return f"{book.period} 的月账每月只有一本，不能撤回。"
