"""What a sum of the budget or of a statement adds up: a row for each line or fee item, which opens its own lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.spending import figures, incomes
from yihu.areas.spending.addresses import agreed_on, cost_of, fees_of, income_of, line_of
from yihu.areas.spending.models import BudgetLine, Statement
from yihu.areas.spending.pages.overview import SEE, Found, between, day_of, opened, to_statements
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account
from yihu.kernel.policy import policy

Part = tuple[str, str, int, str]  # whose, what, 分, where its lines stand
STATED = {"billed": "本期应收", "received": "本期实收", "costs": "本期支出", "left": "本期收支差额"}


@require_GET
@policy(may=SEE)
def of_budget(request: HttpRequest, kind: str) -> HttpResponse:
    """Income or cost of all lines together: what happened, or what is agreed to and not paid yet."""
    if kind not in BudgetLine.Kind.values:
        raise Http404
    (first, last), agreed = between(request), request.GET.get("what") == "agreed"
    rows = figures.sheet(request.community.pk, first, last, timezone.now())  # type: ignore[attr-defined]
    word, at = ("已批未付", agreed_on) if agreed else ("实际", line_of)
    parts = [
        (str(row.line), word, row.committed if agreed else row.actual, at(row.line.pk, first, last))
        for row in rows if row.line.kind == kind
    ]  # fmt: skip
    return opened(request, f"{BudgetLine.Kind(kind).label}合计：{word}", (first, last), _found(parts, last))


@require_GET
@policy(may=SEE)
def of_statement(request: HttpRequest, book: str) -> HttpResponse:
    """A sum of one of the two statements, as the books stand now."""
    what, (first, last) = request.GET.get("what", ""), between(request)
    if book not in incomes.NATURE or what not in STATED:
        raise Http404
    told = incomes.reckon(request.community.pk, book, first, last)  # type: ignore[attr-defined]
    parts: list[Part] = []
    for name in ("billed", "received"):
        if what == name or (what, name) == ("left", "received"):
            parts += [
                (row["name"], STATED[name][2:], row[name], income_of(row["pk"], name, first, last))
                for row in told["income"]
            ]
    if what in ("costs", "left"):
        sign = -1 if what == "left" else 1
        parts += [(row["name"], "支出", sign * row["amount"], cost_of(row, first, last)) for row in told["costs"]]
    title = f"{Statement.Book(book).label}：{STATED[what]}"
    return opened(request, title, (first, last), _found(parts, last), to_statements())


@require_GET
@policy(may=SEE)
def standing(request: HttpRequest, book: str) -> HttpResponse:
    """What was left of a book at the end of a day: a line for each fee item and each line of cost, which opens its own."""
    here, day = request.community.pk, day_of(request.GET.get("to", "")) or timezone.localdate()  # type: ignore[attr-defined]
    if book not in incomes.NATURE:
        raise Http404
    items, costs = incomes.items_of(here, book), list(incomes.lines_of(here, book))
    money, paid = incomes.parts_of(here, items, costs, day)
    parts = [
        (str(one), "实收", money.get(one.pk, 0), income_of(one.pk, "received", incomes.EVER, day)) for one in items
    ]
    parts += [
        (str(one), "支出", -paid.get(one.pk, 0), line_of(one.pk, incomes.EVER, day)) for one in costs if not one.fees
    ]
    fee = incomes.fee_of(here, book, incomes.EVER, day)
    parts += [(str(Account.FEE.label), "支出", -fee, fees_of(incomes.EVER, day))]
    title = f"{Statement.Book(book).label}结余"
    return opened(request, title, (incomes.EVER, day), _found(parts, day), to_statements())


def _found(parts: Iterable[Part], day: date) -> Found:
    """What came to nothing is left out."""
    kept = [one for one in parts if one[2]]
    rows = [
        {"day": f"至 {day:%Y-%m-%d}", "paper": what, "url": url, "words": words, "amount": yuan(amount)}
        for words, what, amount, url in kept
    ]  # fmt: skip
    return rows, sum(amount for _, _, amount, _ in kept), len(kept)
