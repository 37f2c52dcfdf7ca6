"""手续费 in the budget: a line that nobody claims on, whose actual is what the bank and the channels took (FEE-15, F89)."""

from __future__ import annotations

import html
import re
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from tests.spending.test_statements import opened, take
from tests.support.doing import at
from tests.support.paying import counter_of
from tests.support.sheets import text_of
from tests.support.spending import Spenders
from yihu.areas.spending import figures, incomes
from yihu.areas.spending.forms.claims import RequestForm
from yihu.areas.spending.models import BudgetLine, BudgetReview
from yihu.areas.spending.reviewing import rows_now
from yihu.areas.spending.schedules import warn_of_fees
from yihu.ground.ledger import bank_fees
from yihu.ground.ledger.models import CostItem
from yihu.kernel.doors import open_record
from yihu.kernel.models import Message
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
DECEMBER = "2026-12-01 09:00"


@pytest.fixture
def office(cast: Any) -> Spenders:
    spenders = Spenders(cast)
    spenders.line("手续费", fees=True)
    return spenders


def row_of(office: Spenders, first: date = date(2026, 11, 1), last: date = date(2026, 11, 30)) -> figures.Row:
    rows = figures.sheet(office.cast.yunqi.pk, first, last, at(DECEMBER))
    return next(row for row in rows if row.line.fees)


@pytest.mark.clause("FEE-15", part="手续费也在预算里，实际就是账上的手续费，与《管理处财务收支表》相同")
def test_the_plan_stands_beside_what_was_taken_and_opens_its_postings(office: Spenders, sign_in: Any) -> None:
    """By hand: 12.00 a month planned; 4.00 taken in October, 31.00 in November of which 3.00 came back: 28.00 and 32.00."""
    office.budget(手续费="144", 办公="12000")
    office.paid(office.approved("500"), "500")
    counter = counter_of(office.cast)
    take(counter, 400, "2026-10-20 10:00")
    take(counter, 2_800, "2026-11-10 10:00")
    wrong = take(counter, 300, "2026-11-11 10:00")
    counter.does(counter.head, lambda books: bank_fees.not_charged(books, wrong, "是退票费"), "2026-11-12 10:00")
    row = row_of(office)
    assert (row.planned, row.actual, row.planned_so_far, row.actual_so_far) == (1_200, 2_800, 13_200, 3_200)
    assert (row.over, row.warned, row.percent) == (True, True, 233)
    client = sign_in(office.head)
    page = client.get("/spending/?month=2026-11").content.decode()
    assert "超预算" in page
    assert "528.00" in page  # with the 500.00 of paper
    links = {words: html.unescape(url) for url, words in re.findall(r'<a href="([^"]*lines[^"]*)">([^<]+)</a>', page)}
    for figure in ("28.00", "32.00"):
        assert client.get(links[figure]).context["total"] == figure
    statement = office.step(opened(office), "sign", office.accountant, when=DECEMBER)
    assert [(one["name"], one["amount"]) for one in statement.told["costs"]] == [
        ("办公", 50_000),
        ("手续费", row.actual),
    ]
    data = {"span": "month", "from_on": "2026-11-01"}
    review = open_record(BudgetReview(community=office.cast.yunqi), by=office.accountant, data=data, at=at(DECEMBER))
    told = {one["name"]: (one["planned"], one["actual"]) for one in rows_now(review, at(DECEMBER))}
    assert told == {"手续费": (1_200, 2_800), "办公": (100_000, 50_000)}
    paper = text_of(render(procedure_of(BudgetReview).prints[0], review, office.head, now=at(DECEMBER)))
    assert "手续费" in paper
    assert "528.00" in paper


def test_nobody_asks_for_it_or_claims_it(office: Spenders) -> None:
    line = BudgetLine.objects.get(fees=True)
    assert line.cost is None
    assert not CostItem.objects.exists()
    form = RequestForm(instance=office.request("1"), by=office.cast.wang, at=at(DECEMBER))
    assert [str(one) for one in form.fields["line"].queryset] == ["办公"]
    assert incomes.lines_of(office.cast.yunqi.pk, "office").filter(fees=True).exists()


def test_it_is_one_line_of_the_offices_and_stays_so(office: Spenders, sign_in: Any) -> None:
    client = sign_in(office.head)
    said = {"code": "X1", "name": "另一个", "kind": "cost", "source": "office", "fees": "on", "shown": "on", "key": "k"}
    assert "只能有一个" in client.post("/spending/budget-lines/new/", said).content.decode()
    line = BudgetLine.objects.get(fees=True)
    url, kept = f"/spending/budget-lines/{line.pk}/", {**said, "code": line.code, "name": "银行手续费"}
    assert "不能改" in client.post(url, {**kept, "fees": ""}).content.decode()
    assert (
        "不能改"
        in client.post(
            url, {**kept, "kind": "income", "item": counter_of(office.cast).property_fee.pk}
        ).content.decode()
    )
    assert "管理处列支" in client.post(url, {**kept, "source": "common"}).content.decode()
    assert client.post(url, {**kept, "audited": "on", "key": "k2"}).status_code == 302
    line.refresh_from_db()
    assert (line.name, line.audited, line.fees, line.cost) == ("银行手续费", False, True, None)
    plain = office.line("办公")
    assert "不能改" in client.post(f"/spending/budget-lines/{plain.pk}/", {**said, "code": plain.code}).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.create(community=office.cast.yunqi, code="X2", name="x", fees=True)


def test_a_first_list_brings_it_along(cast: Any, sign_in: Any) -> None:
    client = sign_in(Spenders(cast).head)
    client.post("/spending/budget-lines/start/", {"key": "k"})
    assert str(BudgetLine.objects.get(community=cast.yunqi, fees=True)) == "手续费"
    assert "按账上的手续费计" in client.get("/spending/budget-lines/").content.decode()


@pytest.mark.clause("FEE-15", part="手续费到了预算的界限，每月提醒一次")
def test_whoever_keeps_the_budget_is_told_once_a_month(office: Spenders) -> None:
    counter = counter_of(office.cast)
    warned = Message.objects.filter(person=office.head, sentence__contains="预算预警：手续费")
    assert office.cast.xiang.pk
    take(counter, 950, "2026-11-10 10:00")
    warn_of_fees(at("2026-11-10 11:00"))
    assert not warned.exists()  # nobody has planned the year
    office.budget(手续费="144")
    warn_of_fees(at("2026-11-10 12:00"))
    assert not warned.exists()  # 9.50 of 12.00 are 79 %
    take(counter, 10, "2026-11-11 10:00")
    for when in ("2026-11-11 11:00", "2026-11-12 11:00"):
        warn_of_fees(at(when))
    assert "9.60 元，预算 12.00 元（80%）" in warned.get().sentence
    assert Message.objects.filter(person=office.cast.xiang, sentence__contains="预算预警：手续费").count() == 1
    take(counter, 2_000, "2026-12-01 10:00")
    warn_of_fees(at("2026-12-01 11:00"))
    assert warned.count() == 2


def test_whoever_plans_by_lines_already_gets_the_line_with_the_new_version(cast: Any) -> None:
    BudgetLine.objects.create(community=cast.yunqi, code="Z10", name="绿植")
    import_module("yihu.areas.spending.migrations.0009_bank_fees").add_the_line(apps, None)
    line = BudgetLine.objects.get(fees=True)
    assert (line.community, line.code, line.name) == (cast.yunqi, "SXF", "手续费")
