"""钥匙核查: twice a week, hook by hook, before a witness; a difference is never kept as agreement (KEY-03, F53, D40)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.harness.breaking import at_once
from tests.support.doing import at, sentences, signature
from yihu.areas.keys.counting import compare
from yihu.areas.keys.counting import walk as walking
from yihu.areas.keys.counting.models import KeyCount, Tick
from yihu.areas.keys.counting.schedules import DAYS
from yihu.areas.keys.models import Cabinet, KeyLoan, KeySet, LossReport
from yihu.ground.staff.models import Account
from yihu.kernel import calendars
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message, Parameter
from yihu.kernel.prints import render
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


def keeper(cast: Any) -> Any:
    return Account.objects.filter(username="zhou").first() or cast.person("zhou", "周管钥匙", "key_keeper")


def cabinet(cast: Any, keys: int = 4, prefix: str = "C-") -> Cabinet:
    held = Cabinet.objects.create(
        community=cast.yunqi, name=f"{prefix}柜", place="客服中心里间", keeper=keeper(cast), hook_prefix=prefix, hook_count=keys
    )  # fmt: skip
    for hook in held.hooks.order_by("position"):
        tag = f"{prefix}K{hook.position:03d}"
        KeySet.objects.create(community=cast.yunqi, tag=tag, place="泵房", kind="plant", hook=hook)
    return held


def key_on(label: str) -> KeySet:
    return KeySet.objects.get(hook__label=label)


def lend(cast: Any, key: KeySet, when: Any, borrower: str = "外包电梯公司 马师傅") -> KeyLoan:
    """A key that is out, as the ledger writes it."""
    loan = KeyLoan(
        community=cast.yunqi, key=key, borrower_kind="contractor", borrower=borrower, due_at=when + timedelta(hours=8), out_at=when,
        given_by=keeper(cast), approved_by=cast.li, is_out=True, state="out", number=f"YQ-TEST-{KeyLoan.objects.count() + 1}",
        opened_at=when, opened_by=keeper(cast),
    )  # fmt: skip
    loan.save()
    KeySet.objects.filter(pk=key.pk).update(status="out")
    return loan


def bring_back(loan: KeyLoan, when: Any) -> None:
    KeyLoan.objects.filter(pk=loan.pk).update(is_out=False, back_at=when, state="back", closed_at=when)
    KeySet.objects.filter(pk=loan.key_id).update(status="in")


def begin(cast: Any, held: Cabinet) -> KeyCount:
    opened: KeyCount = open_record(KeyCount(community=cast.yunqi), by=keeper(cast), data={"cabinet": held.pk})
    return opened


def look(cast: Any, count: KeyCount, answers: dict[str, str] | None = None, by: Any = None, when: Any = None) -> None:
    """Every hook answered; what is not said otherwise hangs there."""
    for key in compare.to_walk(count.cabinet):
        answer = (answers or {}).get(key.hook.label, "here")
        walking.tick(count, key.pk, answer=answer, tag="", by=by or keeper(cast), at=when)


def sign(cast: Any, count: KeyCount, by: Any = None, **typed: Any) -> KeyCount:
    data = {"surplus_seen": "no", "witness": cast.wang.pk, "signature": signature(), **typed}
    signed: KeyCount = perform(count, "sign", by=by or keeper(cast), data=data)
    return signed


def witness(cast: Any, count: KeyCount, by: Any = None) -> KeyCount:
    seen: KeyCount = perform(count, "witness", by=by or cast.wang, data={"signature": signature()})
    return seen


def told(person: Any) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("at", "pk").values_list("sentence", flat=True))


def errors_of(refusal: Any) -> str:
    return str(refusal.value.form.errors) if hasattr(refusal.value, "form") else str(refusal.value)


# -- the turns ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("KEY-03")
def test_every_monday_and_thursday_each_cabinet_with_keys_is_to_be_counted(cast: Any) -> None:
    held = cabinet(cast)
    Cabinet.objects.create(community=cast.yunqi, name="空柜", place="库房", keeper=keeper(cast), hook_prefix="X-")
    opened = {}
    for day in range(2, 9):  # 2026-11-02 is a Monday
        found = [one for one in come_round(at(f"2026-11-{day:02d} 08:35")) if isinstance(one, KeyCount)]
        opened[day] = [one.cabinet for one in found]
    assert opened == {2: [held], 3: [], 4: [], 5: [held], 6: [], 7: [], 8: []}
    monday = KeyCount.objects.order_by("pk")[0]
    assert (monday.turn, monday.due_at) == ("11-02 星期一", at("2026-11-02 17:30"))
    assert Deadline.objects.get(record_id=monday.pk, code="D40").due_at == at("2026-11-02 17:30")
    assert [one for one in come_round(at("2026-11-05 12:00")) if isinstance(one, KeyCount)] == []


def test_the_company_names_other_days_but_never_fewer_than_two(cast: Any, sign_in: Any) -> None:
    cabinet(cast)
    admin = cast.person("root", "管系统", "sysadmin")
    client = sign_in(admin)
    tomorrow = timezone.localtime() + timedelta(days=1)
    typed = {"days": ["1"], "in_force_at": f"{tomorrow:%Y-%m-%dT%H:%M}", "why": "人手"}
    assert "至少核查两次" in text_of(client.post(reverse("counting:days"), typed))
    assert client.post(reverse("counting:days"), {**typed, "days": ["1", "4"]}).status_code == 302
    Parameter.objects.filter(name=DAYS).update(in_force_at=at("2026-01-01 00:00"))
    calendars.forget()
    opened = [
        day
        for day in range(2, 9)
        if [one for one in come_round(at(f"2026-11-{day:02d} 09:00")) if isinstance(one, KeyCount)]
    ]
    assert opened == [3, 6]


@pytest.mark.clause("KEY-03")
def test_what_nobody_counts_climbs_to_the_supervisor_the_same_day(cast: Any) -> None:
    assert cast.li.pk
    cabinet(cast)
    count = next(one for one in come_round(at("2026-11-02 08:35")) if isinstance(one, KeyCount))
    assert any(count.number in one for one in told(keeper(cast)))
    sweep(at("2026-11-02 17:31"))
    assert any("核完钥匙" in one for one in told(keeper(cast)))
    assert told(cast.li) == []
    sweep(at("2026-11-02 18:01"))
    assert any(count.number in one for one in told(cast.li))


# -- the walk ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("KEY-03")
def test_the_page_goes_from_hook_to_hook_and_never_says_what_is_expected(cast: Any, sign_in: Any) -> None:
    held = cabinet(cast, 3)
    lend(cast, key_on("C-02"), timezone.now() - timedelta(hours=1))
    count, client = begin(cast, held), sign_in(keeper(cast))
    url = reverse("counting:walk", args=[count.number])
    for label, answer in (("C-01", "here"), ("C-02", "away"), ("C-03", "here")):
        shown = client.get(url)
        page = shown.content.decode()
        assert "checked" not in page
        assert "借出" not in text_of(shown)
        assert "在库" not in text_of(shown)
        first = page[page.index("walk-hook") :]
        assert first.index(label) < first.index("</form>")
        asked = client.post(
            reverse("counting:tick", args=[count.number, key_on(label).pk]), {"answer": answer, "key": f"k-{label}"}
        )
        assert asked.status_code == 302
    assert "3 个挂钩都核完了" in text_of(client.get(url))
    assert perform_page(client, count, "sign").status_code == 200
    assert "全部相符" in text_of(perform_page(client, count, "sign"))


def perform_page(client: Any, count: KeyCount, step: str) -> Any:
    return client.get(f"{count.get_absolute_url()}do/{step}/")


def test_a_hook_sent_twice_is_answered_once_and_nothing_of_a_cellar_is_lost(cast: Any, sign_in: Any) -> None:
    held = cabinet(cast, 2)
    count, client = begin(cast, held), sign_in(keeper(cast))
    urls = [reverse("counting:tick", args=[count.number, key_on(label).pk]) for label in ("C-01", "C-02")]
    page = client.get(reverse("counting:walk", args=[count.number])).content.decode()
    # the second hook waits on the page for the first one's answer, so that the walk goes on without a network
    assert f'data-after="{urls[0]}" hidden' in page
    assert f'data-until="{urls[1]}"' in page
    seen = timezone.now() - timedelta(seconds=1)
    KeyCount.objects.filter(pk=count.pk).update(opened_at=seen - timedelta(hours=2))
    count.journal.update(at=seen - timedelta(hours=2))
    for _ in range(2):
        client.post(urls[0], {"answer": "here", "key": "a", "at": seen.isoformat()}, headers={"X-Outbox": "1"})
    assert [tick.at for tick in Tick.objects.all()] == [seen]


def test_a_scanned_tag_answers_by_itself(cast: Any) -> None:
    count = begin(cast, cabinet(cast, 2))
    first, second = key_on("C-01"), key_on("C-02")
    walking.tick(count, first.pk, answer="here", tag=" c-k001 ", by=keeper(cast))
    walking.tick(count, second.pk, answer="here", tag="C-K009", by=keeper(cast))
    ticks = compare.last_ticks(count)
    assert (ticks[first.pk].answer, ticks[second.pk].answer, ticks[second.pk].seen) == ("here", "wrong", "C-K009")
    with pytest.raises(Refused, match="请按"):
        walking.tick(count, first.pk, answer="", tag="", by=keeper(cast))


def test_every_hook_is_answered_before_anybody_signs(cast: Any) -> None:
    held = cabinet(cast, 3)
    count = begin(cast, held)
    walking.tick(count, key_on("C-01").pk, answer="here", tag="", by=keeper(cast))
    with pytest.raises(Refused, match="还有 2 个挂钩没有核"):
        sign(cast, count)


def test_who_has_no_business_with_keys_counts_nothing(cast: Any, sign_in: Any) -> None:
    count = begin(cast, cabinet(cast, 1))
    with pytest.raises(NotAllowed):
        walking.tick(count, key_on("C-01").pk, answer="here", tag="", by=cast.chen)
    assert sign_in(cast.chen).get(reverse("counting:walk", args=[count.number])).status_code in (403, 404)
    assert sign_in(cast.lin).get(reverse("counting:walk", args=[count.number])).status_code == 404


# -- agreement and difference ------------------------------------------------------------------------------------------


@pytest.mark.clause("KEY-03")
def test_a_count_that_agrees_is_signed_by_two(cast: Any) -> None:
    held = cabinet(cast)
    lend(cast, key_on("C-02"), timezone.now() - timedelta(hours=1))
    count = begin(cast, held)
    look(cast, count, {"C-02": "away"})
    count = sign(cast, count)
    assert (count.state_word, count.on_register, count.on_loan, count.found) == ("待见证签字", 4, 1, 4)
    assert count.handler == cast.wang
    count = witness(cast, count)
    assert (count.state_word, count.agreed, count.witness, count.counted_by) == (
        "账实相符",
        True,
        cast.wang,
        keeper(cast),
    )
    assert not Deadline.objects.filter(record_id=count.pk, stopped_at__isnull=True).exists()
    assert sentences(count)[-2:] == ["周管钥匙 核完签字，请王客服见证", "王客服 见证签字"]


@pytest.mark.clause("KEY-03")
@pytest.mark.parametrize("answer", ["away", "wrong"])
def test_a_difference_is_never_kept_as_agreement(cast: Any, answer: str) -> None:
    assert cast.li.pk
    count = begin(cast, cabinet(cast))
    look(cast, count, {"C-03": answer})
    with pytest.raises(Invalid) as silent:
        sign(cast, count)
    key = key_on("C-03")
    assert {f"why_{key.pk}", f"reason_{key.pk}"} <= set(silent.value.form.errors)
    count = sign(cast, count, **{f"why_{key.pk}": "other", f"reason_{key.pk}": "标签掉了，人去问了"})
    assert any(f"{count.number} C-柜 核到 3 / 4，C-03 账上在库，实际" in one for one in told(cast.li))
    assert (count.reported_to, count.off) == ("李主管", 1)
    count = witness(cast, count)
    assert (count.state_word, count.agreed) == ("有差异", False)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyCount.objects.filter(pk=count.pk).update(agreed=True)


def test_a_key_that_hangs_there_though_it_is_out_is_a_difference(cast: Any) -> None:
    held = cabinet(cast)
    loan = lend(cast, key_on("C-02"), timezone.now() - timedelta(days=1))
    count = begin(cast, held)
    look(cast, count)
    key = key_on("C-02")
    said = {f"why_{key.pk}": "unwritten", f"reason_{key.pk}": "昨晚还了没有登记"}
    count = witness(cast, sign(cast, count, **said))
    assert (count.state_word, count.found, count.on_register) == ("有差异", 3, 4)
    with pytest.raises(Refused, match="C-02 账上仍不在库"):
        perform(count, "resolve", by=cast.li, data={"remedy": "已补登"})
    bring_back(loan, timezone.now())
    assert perform(count, "resolve", by=cast.li, data={"remedy": "归还已补登"}).state_word == "差异已了结"


def test_a_second_look_counts_and_the_first_is_kept(cast: Any) -> None:
    count = begin(cast, cabinet(cast))
    look(cast, count, {"C-01": "away"})
    walking.tick(count, key_on("C-01").pk, answer="here", tag="", by=keeper(cast))
    count = sign(cast, count)
    assert (count.off, Tick.objects.filter(count=count, hook="C-01").count()) == (0, 2)
    with pytest.raises(Conflict, match="已经签字"):
        walking.tick(count, key_on("C-01").pk, answer="away", tag="", by=keeper(cast))


def test_a_key_too_many_is_a_difference(cast: Any) -> None:
    count = begin(cast, cabinet(cast))
    look(cast, count)
    with pytest.raises(Invalid) as silent:
        sign(cast, count, surplus_seen="yes")
    assert "surplus" in silent.value.form.errors
    count = witness(cast, sign(cast, count, surplus_seen="yes", surplus="C-20 上挂着一把无标签的钥匙"))
    assert (count.state_word, count.off) == ("有差异", 1)


def test_a_count_goes_on_while_keys_go_out_and_come_back(cast: Any) -> None:
    """One clerk counts, another lends and takes back: neither has to wait, and nothing becomes a difference by it."""
    held = cabinet(cast)
    noon = timezone.now() - timedelta(hours=1)
    out = lend(cast, key_on("C-01"), noon - timedelta(hours=2))
    count = begin(cast, held)
    keys = {key.hook.label: key for key in compare.to_walk(held)}
    minutes = lambda many: noon + timedelta(minutes=many)  # noqa: E731
    walking.tick(count, keys["C-01"].pk, answer="away", tag="", by=keeper(cast), at=minutes(0))
    bring_back(out, minutes(10))  # came back after it was looked at
    walking.tick(count, keys["C-02"].pk, answer="here", tag="", by=cast.wang, at=minutes(11))
    lend(cast, keys["C-02"], minutes(20))  # went out after it was looked at
    walking.tick(count, keys["C-03"].pk, answer="away", tag="", by=keeper(cast), at=minutes(30))
    lend(cast, keys["C-03"], minutes(31))  # in the borrower's hand, the clerk was still writing
    walking.tick(count, keys["C-04"].pk, answer="here", tag="", by=keeper(cast), at=minutes(32))
    seen = compare.result(KeyCount.objects.get(pk=count.pk))
    assert (seen.on_register, seen.found, seen.differences) == (4, 4, [])


def test_an_answer_that_arrives_late_is_judged_by_the_ledger_of_its_moment(cast: Any) -> None:
    held = cabinet(cast, 2)
    count = begin(cast, held)
    first, second = key_on("C-01"), key_on("C-02")
    then = timezone.now() - timedelta(hours=1)
    lend(cast, first, then + timedelta(minutes=30))
    bring_back(lend(cast, second, then - timedelta(minutes=30)), then + timedelta(minutes=30))
    first.refresh_from_db()
    assert compare.status_at(first, then) == "in"
    second.refresh_from_db()
    assert compare.status_at(second, then) == "out"
    assert (compare.status_at(first, timezone.now()), compare.status_at(second, timezone.now())) == ("out", "in")
    assert count.pk


# -- the witness -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("KEY-03")
def test_neither_the_keeper_nor_who_counted_is_the_witness(cast: Any) -> None:
    held = cabinet(cast)
    count = begin(cast, held)
    look(cast, count, by=cast.wang)
    for nobody, words in ((keeper(cast), "保管人，不能见证"), (cast.wang, "自己核了，不能见证")):
        with pytest.raises(Invalid) as refused:
            sign(cast, count, by=cast.wang, witness=nobody.pk)
        assert words in errors_of(refused)
    count = sign(cast, count, by=cast.wang, witness=cast.chen.pk)
    for nobody in (keeper(cast), cast.wang, cast.li):
        with pytest.raises(NotAllowed):
            witness(cast, count, by=nobody)
    assert witness(cast, count, by=cast.chen).state_word == "账实相符"


def test_one_who_helped_with_a_single_hook_cannot_witness_either(cast: Any) -> None:
    held = cabinet(cast)
    count = begin(cast, held)
    look(cast, count)
    walking.tick(count, key_on("C-02").pk, answer="here", tag="", by=cast.li)
    with pytest.raises(Invalid):
        sign(cast, count, witness=cast.li.pk)


def test_another_witness_is_named_and_a_doubtful_count_goes_back(cast: Any) -> None:
    count = begin(cast, cabinet(cast))
    look(cast, count)
    count = sign(cast, count)
    count = perform(count, "another", by=keeper(cast), data={"witness": cast.chen.pk})
    assert count.handler == cast.chen
    count = perform(count, "send_back", by=cast.chen, data={"reason": "C-02 我没看到"})
    assert (count.state_word, count.handler) == ("待核查", keeper(cast))
    walking.tick(count, key_on("C-02").pk, answer="here", tag="", by=keeper(cast))
    assert witness(cast, sign(cast, count, witness=cast.chen.pk), by=cast.chen).state_word == "账实相符"


# -- paper, figure, gaps -----------------------------------------------------------------------------------------------


def test_the_sheet_is_printed_before_and_after(cast: Any) -> None:
    count = begin(cast, cabinet(cast))
    print_ = count.procedure.prints[0]
    assert render(print_, count, cast.li)[:5] == b"%PDF-"
    look(cast, count, {"C-01": "wrong"})
    key = key_on("C-01")
    count = witness(cast, sign(cast, count, **{f"why_{key.pk}": "other", f"reason_{key.pk}": "挂着别的钥匙"}))
    assert render(print_, count, cast.li)[:5] == b"%PDF-"


def test_the_figure_says_what_was_found_of_what_is_on_register(cast: Any, sign_in: Any) -> None:
    held, never = cabinet(cast, 8), cabinet(cast, 1, prefix="M-")
    page = text_of(sign_in(cast.li).get(reverse("counting:overview")))
    assert "从未核查" in page
    assert "—" in page
    count = begin(cast, held)
    look(cast, count, {"C-05": "wrong"})
    key = key_on("C-05")
    witness(cast, sign(cast, count, **{f"why_{key.pk}": "other", f"reason_{key.pk}": "标签不对"}))
    page = text_of(sign_in(cast.li).get(reverse("counting:overview")))
    assert "7 ÷ 8" in page
    assert "87.5%" in page
    assert "7 / 8" in page
    assert page.count("从未核查") == 1
    assert str(never) in page


def test_a_key_without_a_hook_is_a_gap(cast: Any, sign_in: Any) -> None:
    KeySet.objects.create(community=cast.yunqi, tag="Q001", place="泵房", kind="plant")
    assert "没有挂钩的在库钥匙核不到，请挂进柜子：Q001" in text_of(sign_in(cast.li).get(reverse("counting:overview")))


# -- many hands --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_people_count_and_a_third_lends_at_the_same_moment(cast: Any) -> None:
    held = cabinet(cast, 3)
    people = [keeper(cast), cast.wang, cast.li]
    count, keys = begin(cast, held), compare.to_walk(held)

    def hand(index: int) -> None:
        key = keys[index % 3]
        walking.tick(count, key.pk, answer="here", tag="", by=people[index % 3], key=f"k{index}")

    assert at_once(9, hand) == ["done"] * 9
    assert Tick.objects.filter(count=count).count() == 9
    assert compare.result(KeyCount.objects.get(pk=count.pk)).found == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_one_count_at_once_one_wins(cast: Any) -> None:
    count = begin(cast, cabinet(cast, 2))
    look(cast, count)
    people = [cast.person(f"c{index}", f"核查{index}", "receptionist") for index in range(6)]
    assert cast.gong.pk
    fates = at_once(6, lambda index: sign(cast, count, by=people[index], witness=cast.gong.pk))
    assert sorted(fates) == ["Conflict"] * 5 + ["done"]
    assert KeyCount.objects.get(pk=count.pk).state == "to_witness"


# -- scenario 13 -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("KEY-03")
def test_a_hundred_and_forty_one_of_a_hundred_and_forty_two(cast: Any) -> None:
    """Hook C-17 is empty; a sub-contractor had the key last. Reported, told, the lock changed, and never 一致."""
    assert cast.li.pk
    held = cabinet(cast, 142)
    missing = key_on("C-17")
    unit_key = {"unit": cast.home, "place": "入户门"}
    KeySet.objects.filter(pk=missing.pk).update(**unit_key)
    yesterday = timezone.now() - timedelta(days=1)
    bring_back(lend(cast, missing, yesterday), yesterday + timedelta(hours=2))
    count = begin(cast, held)
    look(cast, count, {"C-17": "away"})
    said = {f"why_{missing.pk}": "lost", f"reason_{missing.pk}": "挂钩空着，柜里都找过"}
    count = sign(cast, count, **said)
    report = LossReport.objects.get(key=missing)
    assert report.last_holder == "外包电梯公司 马师傅"
    assert count.number in report.cause
    assert Deadline.objects.get(record_id=report.pk, code="D42").due_at == report.opened_at + timedelta(minutes=30)
    assert KeySet.objects.get(pk=missing.pk).status == "lost"
    assert report.links_in.get().origin_id == count.pk
    assert any(f"{count.number} C-柜 核到 141 / 142，C-17 账上在库，实际不在" in one for one in told(cast.li))
    count = witness(cast, count)
    assert (count.state_word, count.rate, count.agreed) == ("有差异", "141 / 142", False)
    with pytest.raises(Refused, match="C-17 遗失损坏报告还没有处理完"):
        perform(count, "resolve", by=cast.li, data={"remedy": "换锁"})
    report = perform(
        report, "told", by=cast.li, data={"told_supervisor": cast.li.pk, "told_supervisor_at": timezone.now()}
    )
    report = perform(report, "tell_owner", by=cast.li, data={"told_owner": "赵业主", "told_owner_at": timezone.now()})
    cost = {"remedy": "lock", "remedy_note": "已换锁芯", "cost": "180.00", "payer": "borrower"}
    report = perform(report, "remedy", by=cast.li, data=cost)
    assert (report.state_word, report.cost_fen, report.payer) == ("已处理", 18000, "borrower")
    assert (
        perform(count, "resolve", by=cast.li, data={"remedy": "已换锁，180 元由外单位承担"}).state_word == "差异已了结"
    )
