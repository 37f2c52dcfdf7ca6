"""The demo through the real doors: whole, once, gone on with after a crash, and never where it does not belong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, Suspension
from yihu.areas.billing.meters.models import ReadingRound
from yihu.areas.billing.notices.models import NoticeBatch
from yihu.areas.billing.running.models import BillingRun, Finding
from yihu.areas.billing.sharing.models import PoolMonth
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.showing import public_list
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.banking.outgoing import lines_out_of
from yihu.areas.cashier.banking.own_money import banked
from yihu.areas.cashier.banking.taking import with_used
from yihu.areas.complaints.models import Complaint
from yihu.areas.duties.models import DaySheet
from yihu.areas.reception.models import Contact, Guide, Knowledge, Matter
from yihu.areas.repairs.models import PartLine, WorkOrder
from yihu.areas.spending.models import FundVoucher
from yihu.demo import billing, founding, month, play
from yihu.demo.people import CAST, PASSWORD, USERNAMES
from yihu.fronts.workbench.board import board
from yihu.fronts.workbench.groups import Look
from yihu.ground.contact.models import CallBack
from yihu.ground.estate.models import Community, Party, RollImport, Unit
from yihu.ground.ledger.models import Charge, Deposit, FeeItem, Line, Receipt, Voucher
from yihu.ground.ledger.models.postings import MONEY
from yihu.ground.staff.models import Account
from yihu.kernel.invariants import check_all
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Attachment, Barred, Command, JournalEntry, Message, Parameter, Record, Schedule

SEED = 7
BILLS = {
    "applying.tillclose",
    "banking.statementimport",
    "meters.readinground",
    "notices.noticebatch",
    "running.billingrun",
}
# what the fee office does is made after the month, as of the moment when it is made
NOT_OF_THE_MONTH = (
    r"^(estate\.rollimport|(applying|banking|dunning|handing|meters|notices|running|sharing|spending|tariffs)\..*)$"
)


@pytest.fixture(scope="module")
def founded(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """The small demo's estate and staff, made once for this file and then taken back."""
    from django.conf import settings

    kept, settings.YIHU_DEMO = settings.YIHU_DEMO, True
    with django_db_blocker.unblock(), transaction.atomic():
        founding.found(seed=SEED, days=40, per_day=4, small=True, say=lambda words: None)  # rules as old as any month
        resize(days=6)
        yield
        transaction.set_rollback(True)
    settings.YIHU_DEMO = kept


@pytest.fixture
def demo(founded: None, settings: Any, db: None) -> None:
    settings.YIHU_DEMO = True


def resize(**size: int) -> None:
    row = Parameter.objects.get(name=founding.PARAMETER)
    row.value |= size
    row.save()


def rows() -> dict[str, int]:
    models = (Record, JournalEntry, Command, Attachment, Message, PartLine, CallBack, Barred)
    return {model.__name__: model._default_manager.count() for model in models}


def faults() -> list[str]:
    return [f"{result.name}: {fault}" for result in check_all() for fault in result.faults]


def story_of() -> list[tuple[Any, ...]]:
    """What stands in the registers, without row ids and the moment of writing."""
    found = []
    for record in Record.objects.exclude(kind__regex=NOT_OF_THE_MONTH).order_by("kind", "number"):
        lines = [
            (entry.at, entry.by.username, entry.sentence)
            for entry in record.journal.select_related("by").order_by("seq")
        ]
        found.append((record.number, record.state, record.summary, record.next_due_at, lines))
    return found


def test_the_estate_stands_before_the_month_begins(demo: None) -> None:
    assert set(Community.objects.values_list("name", flat=True)) >= {"云栖苑", "青禾创意园"}
    assert RollImport.objects.filter(state=RollImport.State.LIVE).count() == 2
    assert Unit.objects.filter(community__code="YQ", roll__isnull=False).count() == 32
    assert Unit.objects.filter(community__code="QH", kind=Unit.Kind.OFFICE).count() >= 14
    assert Knowledge.objects.filter(community__code="YQ").count() >= 25
    assert Guide.objects.count() >= 8
    assert not Account.objects.filter(username__in=USERNAMES, must_change_password=True).exists()


@pytest.mark.parametrize("person", CAST, ids=USERNAMES)
def test_everybody_of_the_demo_signs_in_without_changing_anything_first(
    demo: None, person: Any, client: Client
) -> None:
    page = client.get("/sign-in/").content.decode()
    assert person.username in page
    assert PASSWORD in page
    answer = client.post("/sign-in/", {"username": person.username, "password": PASSWORD, "next": ""}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == "/"
    assert "演示账号" not in answer.content.decode()


def test_a_month_is_whole_and_a_second_time_changes_nothing(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    players: list[play.Player] = []
    monkeypatch.setattr(month, "Player", lambda seed: players.append(play.Player(seed)) or players[-1])
    with monkeypatch.context() as patch:
        patch.setattr(month, "bill", lambda now: None)
        written = month.at_once(lambda words: None)
        before = story_of()
        opened = Command.objects.filter(key__startswith=f"demo:{SEED}:open ").values_list("answer_id", flat=True)
        assert len(opened) == Contact.objects.filter(pk__in=opened).count() > 40
        others = set(Contact.objects.exclude(pk__in=opened).values_list("channel", flat=True))
        assert others <= {"box"}  # a slip of the box may become an entry by its own step
        month.at_once(lambda words: None)  # cut short before the bills: what was carried out is not repeated
        assert story_of() == before
    month.at_once(lambda words: None)
    assert players[0].refused == 0
    assert written > 200
    told = set(Record.objects.values_list("kind", flat=True))
    assert told >= {
        "counter.absentnote", "counter.deskcheck", "counter.loan", "counter.stockcheck", "duties.noonsheet", "needs.need", "outages.outage",
        "relations.look", "relations.praise", "relations.suggestion", "relations.talk", "warranty.slip",
    }  # fmt: skip
    assert told >= BILLS
    assert faults() == []
    assert set(WorkOrder.objects.values_list("state", flat=True)) >= {
        "to_assign",
        "assigned",
        "accepted",
        "on_hold",
        "closed",
    }
    assert {"registered", "in_hand", "ready", "struck"} <= set(Contact.objects.values_list("state", flat=True))
    assert Matter.objects.filter(state="open").exists()
    assert Matter.objects.filter(closed_at__isnull=False).exists()
    assert set(DaySheet.objects.values_list("state", flat=True)) >= {"read"}
    assert all(sheet.snapshot for sheet in DaySheet.objects.exclude(state="due"))

    before, told = rows(), story_of()
    month.at_once(lambda words: None)
    assert rows() == before
    assert story_of() == told


def test_the_fee_office_has_bills_receipts_a_closed_till_and_arrears(demo: None) -> None:
    assert (
        FeeItem.objects.filter(community__code="YQ").count()
        == FeeItem.objects.filter(community__code="QH").count()
        > 20
    )
    assert set(Tariff.objects.values_list("item__code", "community__code")) >= {
        ("WY", "YQ"),
        ("WY", "QH"),
        ("CW", "YQ"),
    }
    for _ in range(2):
        billing.bill(month.begin()[0])
        run = BillingRun.objects.get(community__code="YQ")
        assert (run.state, run.lines_skipped) == ("posted", 0)
        assert BillingRun.objects.get(community__code="QH").state == "posted"
        bills = Charge.objects.filter(record_id=run.pk)
        assert bills.count() == run.lines_posted >= 15
        assert 0 < bills.filter(open__gt=0).count() < run.lines_posted / 2
        taken = Receipt.objects.all()
        assert len(set(taken.values_list("method", flat=True))) >= 3
        days = set(Line.objects.filter(receipt__in=taken, account__in=MONEY).values_list("day", flat=True))
        assert len(days) >= 4  # mornings of the last days, and today
        till = TillClose.objects.get(day=timezone.localdate())
        assert (till.state, till.difference) == ("received", 0)
        assert set(TillClose.objects.exclude(pk=till.pk).values_list("state", flat=True)) == {"read"}
        batch = NoticeBatch.objects.get(community__code="YQ")
        assert (batch.state, batch.count > 0) == ("checked", True)
        assert NoticeBatch.objects.get(community__code="QH").state == "printed"
        for of in NoticeBatch.objects.all():  # what was billed just now stands on them, whatever the day
            asked = set(of.notices.values_list("lines__charge", flat=True))
            fresh = Charge.objects.filter(record__kind="running.billingrun", open__gt=0, pk__in=asked)
            assert (
                fresh.count() == of.notices.filter(lines__prior=False, lines__charge__in=fresh).values("lines").count()
            )
            assert of.notices.filter(month_fen__gt=0).count() > of.count / 2
        assert set(DunningNotice.objects.values_list("state", flat=True)) == {"issued", "delivered"}
        assert "plan" in set(DunningCase.objects.values_list("state", flat=True))
        assert set(Suspension.objects.values_list("named", flat=True)) <= {"特约服务费"}  # nothing else may ever be
        assert set(FundVoucher.objects.values_list("state", flat=True)) == {"posted", "asked"}
        assert set(PoolMonth.objects.values_list("state", flat=True)) == {"published", "reckoned"}
        assert bills.filter(item__code="GTD").exists()
        lines = BankLine.objects.filter(amount__gt=0)
        assert 0 < lines.filter(ties__isnull=False).count() < lines.count()
        assert ReadingRound.objects.filter(state="checked").count() == 2
        metered = Charge.objects.filter(item__code__in=("SF", "DF"), amount__gt=0).values_list(
            "community__code", "item__code"
        )
        assert set(metered) == {("YQ", "SF"), ("QH", "DF")}
    assert faults() == []


def test_the_bills_have_few_findings_and_the_developer_has_paid_for_what_nobody_took_over(demo: None) -> None:
    billing.bill(month.begin()[0])
    assert set(Finding.objects.values_list("kind", flat=True)) <= {"reading_abnormal"}
    assert Finding.objects.count() == 1
    developer = Party.objects.get(community__code="YQ", name="云栖置业有限公司")
    empty = Charge.objects.filter(party=developer)
    assert set(empty.values_list("unit", flat=True)) == set(
        Unit.objects.filter(community__code="YQ", roll__isnull=False, handed_over_on=None).values_list("pk", flat=True)
    )
    assert not empty.filter(open__gt=0).exists()
    paper = public_list(Community.objects.get(code="YQ"), timezone.localdate())
    assert "8000" in paper["hotline"]
    assert not NoticeBatch.objects.exclude(hotline__contains="8000").exists()


def test_the_books_and_the_bank_differ_by_what_is_on_its_way_alone(demo: None) -> None:
    """Tills lie in the bank, the terminal has paid out, the bank's fee is entered; one has paid rent ahead, one a deposit."""
    billing.bill(month.begin()[0])
    held = Line.objects.filter(community__code="YQ", account="bank").aggregate(total=Sum("amount"))["total"]
    said = BankLine.objects.filter(community__code="YQ").order_by("on", "pk").last()
    lines = with_used(BankLine.objects.filter(community__code="YQ", amount__gt=0))
    unknown = sum(line.amount - line.used for line in lines)
    out = sum(line.amount + line.used for line in lines_out_of(Community.objects.get(code="YQ")))
    coming = sum(one.rest for one in banked(Community.objects.get(code="YQ")))
    assert said is not None
    assert said.balance == held - coming + unknown + out
    assert abs(said.balance - held) < held / 2
    assert (
        not Line.objects.filter(account="cash")
        .values("community")
        .annotate(left=Sum("amount"))
        .exclude(left=0)
        .exists()
    )
    assert Voucher.objects.filter(kind="bank_fee").count() == 1
    rent = Receipt.objects.get(bound__gt=0)
    assert (rent.bound, rent.bound_to.code) == (84_000, "CW")
    assert Deposit.objects.get().amount == 200_000
    assert faults() == []


@pytest.mark.exam
@pytest.mark.parametrize("back", range(4))
def test_no_form_refuses_anything_on_whatever_day_the_demo_is_made(
    demo: None, monkeypatch: pytest.MonkeyPatch, back: int
) -> None:
    resize(days=30, per_day=17, seed=SEED + back)
    then = timezone.now() - timedelta(hours=61 * back)
    monkeypatch.setattr(month, "begin", lambda: (then, False))
    players: list[play.Player] = []
    monkeypatch.setattr(month, "Player", lambda seed: players.append(play.Player(seed)) or players[-1])
    month.at_once(lambda words: None)
    assert [player.refused for player in players] == [0]
    assert faults() == []


@pytest.mark.once  # what is told on the pages; the pages themselves are asked on both databases elsewhere
def test_today_has_work_for_everybody_and_nothing_of_what_concerns_the_clerk_himself(demo: None) -> None:
    month.at_once(lambda words: None)
    now = timezone.now()
    yunqi = Community.objects.get(code="YQ")

    def counts(username: str) -> dict[str, int]:
        look = Look(Account.objects.get(username=username), yunqi, now)
        return {one["label"]: one["count"] for one in board(look)["tally"]}

    for clerk in ("wang", "sun", "li", "tian"):
        seen = counts(clerk)
        assert min(seen["已超时"], seen["两小时内到期"], seen["待分派"], seen["待回访"], seen["待注销"]) >= 1, (
            clerk,
            seen,
        )
    assert counts("gong")["待派工"] >= 2
    for worker in ("chen", "he"):
        assert counts(worker)["我的"] >= 3
    assert counts("gao")["已超时"] + counts("gao")["两小时内到期"] >= 1  # sheets of complaints to confirm
    for other in ("wen", "qian", "xiang", "fang"):
        assert counts(other)["我的"] >= 1, other

    wang = Account.objects.get(username="wang")
    about = Contact.objects.get(about_staff=wang)
    assert about.opened_by == wang
    assert Barred.objects.filter(person=wang, record_id=about.pk).exists()
    assert not Contact.objects.seen_by(wang).filter(pk=about.pk).exists()
    assert about.journal.filter(step="open").get().by == wang
    complaint = Complaint.objects.get(links_in__origin_id=about.pk)
    by_wang = complaint.journal.filter(by=wang).values_list("step", flat=True)
    assert set(by_wang) == {"open"}  # he took it down, and that is all he ever did with it
    assert Message.objects.filter(person=wang, read_at__isnull=True).exists()


def test_behind_the_program_it_is_laid_day_by_day_and_goes_on_after_a_crash(
    demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    resize(days=2, per_day=2)
    now, _ = month.begin()
    with transaction.atomic():
        month.at_once(lambda words: None)
        uninterrupted = story_of()
        transaction.set_rollback(True)
    Parameter.objects.filter(name=month.PARAMETER).delete()
    Command.objects.filter(key="demo:month").delete()

    monkeypatch.setattr(month.timezone, "now", lambda: now)
    month.later()
    month.later()  # asked for twice, put in the queue once
    assert DBTaskResult.objects.filter(task_path__endswith="lay_day").count() == 1
    bell = Schedule.objects.get(name=month.BELL)
    assert bell.next_run > now
    monkeypatch.undo()

    carried_out, real = [], play.Player.carry_out

    def dies(player: play.Player, event: Any) -> None:
        carried_out.append(event.key)
        if len(carried_out) in (30, 75):
            raise ConnectionError("the machine has lost its power")
        real(player, event)

    monkeypatch.setattr(play.Player, "carry_out", dies)
    for hours in range(4):  # what failed is tried again a little later
        run_waiting(now=timezone.now() + timedelta(hours=hours), raising=False)
    assert len(carried_out) > len(set(carried_out))
    assert not DBTaskResult.objects.filter(task_path__endswith="lay_day").exclude(status="SUCCESSFUL").exists()
    assert story_of() == uninterrupted
    assert faults() == []
    assert Schedule.objects.get(name=month.BELL).next_run < timezone.now() + timedelta(minutes=1)


def test_a_person_who_is_faster_than_the_demo_has_his_way(demo: None) -> None:
    resize(days=1, per_day=1)
    now, _ = month.begin()
    _, events = month.plan(now)
    player = play.Player(SEED)
    assigning = next(position for position, event in enumerate(events) if event.what == "assign")
    player.play(events[:assigning])
    order = player.find(events[assigning])
    play.perform(order, "cancel", by=player.people["li"], data={"reason": "业主在演示里取消了"})
    player.play(events[assigning:])
    assert player.refused >= 1
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert faults() == []
