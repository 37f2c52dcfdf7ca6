"""What the pages and papers of dunning show to whom: the case with its panels, figures, lists, one file for the court."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests.billing.test_dunning_forms import put
from tests.fronts.looking import text_of
from tests.support.banking import bank_line
from tests.support.doing import at, photo, signature
from tests.support.dunning import CLAUSE, Desk, desk_of, paper
from tests.support.sheets import text_of as words_of
from yihu.areas.billing.dunning.models import Call, Demand, DunningCase, DunningNotice, LateFeeRule, LendingRate
from yihu.areas.reception.models import Contact
from yihu.ground.estate.models import Building, Cluster, Party, Unit
from yihu.kernel.models import Attachment, CalendarYear
from yihu.kernel.prints import render
from yihu.kernel.procedure import procedure_of

pytestmark = pytest.mark.django_db
S = DunningCase.State
CALL = {"way": "phone", "reached": "yes", "reason": "hardship", "said": "失业", "explained": "可以分期"}


@pytest.fixture
def desk(cast: Any) -> Desk:
    return desk_of(cast)


@pytest.fixture
def case(desk: Desk) -> DunningCase:
    desk.charge(35941)
    return desk.case()


def page(client: Any, record: Any) -> str:
    return text_of(client.get(record.get_absolute_url()))


# -- the case -------------------------------------------------------------------------------------------------------
def test_a_steward_whose_case_it_is_sees_the_talks_and_no_sums_of_the_books(
    desk: Desk, case: DunningCase, sign_in: Any
) -> None:
    case = desk.do(case, "transfer", desk.cast.li, to=desk.steward.pk, reason="楼管负责")
    client = sign_in(desk.steward)
    shown = page(client, case)
    assert ("沟通记录" in shown, "到期欠费" in shown) == (False, False)
    desk.do(case, "call", desk.steward, **CALL)
    shown = page(client, case)
    assert ("沟通记录" in shown, "可以分期" in shown, "到期欠费" in shown) == (True, True, False)
    assert str(Call.objects.get()) == "电话 失业"


def test_a_case_tells_parts_agreed_on_and_money_that_may_be_his(desk: Desk, case: DunningCase, sign_in: Any) -> None:
    bank_line(desk.cast.yunqi, 35941, "赵业主", "物业费")
    client = sign_in(desk.head)
    assert "查清以前不发催款单、不升级。" in page(client, case)
    desk.do(case, "plan", desk.accountant, parts="2026-12-10 100.00\n2027-01-10 259.41", signature=signature())
    shown = page(client, case)
    for words in ("分期协议", "2027-01-10", "259.41", "历次催告与送达"):
        assert words in shown, words
    desk.pay(35941, when="2026-11-18 12:00")
    shown = page(client, case)
    assert "到期欠费" not in shown  # nothing is late
    assert str(case.instalments.latest("pk")) == "2027-01-10 259.41"
    assert str(Demand.objects.get()).startswith("分期协议 ")


def test_before_the_thirtieth_and_up_at_the_court_nothing_is_struck_through(
    desk: Desk, case: DunningCase, sign_in: Any
) -> None:
    """The notice is of this month, or the case is past what the manual threatens with."""
    client, struck = sign_in(desk.head), "停空调、停电及其它服务"
    assert struck not in page(client, case)  # no notice has reached him
    notice = desk.delivered(desk.notice(case))
    DunningNotice.objects.filter(pk=notice.pk).update(drawn_on=date(2199, 11, 16), pay_by=date(2199, 12, 16))
    assert struck not in page(client, case)
    DunningNotice.objects.filter(pk=notice.pk).update(drawn_on=date(2025, 11, 17))
    assert struck in page(client, case)
    CalendarYear.objects.all().delete()
    assert "自 2025-11-30 起" in page(client, case)  # no working day is guessed
    assert struck not in page(client, put(case, S.COURT))


def test_a_case_without_a_talk_hands_over_no_words(desk: Desk, case: DunningCase) -> None:
    assert (case.facts()["content"], DunningCase(community=desk.cast.yunqi).facts()["content"]) == ("", "")
    desk.do(
        case, "complain", desk.cast.li, **{"to-relation": "owner", "to-caller_name": "赵业主", "to-content": "电梯异响"}
    )
    assert Contact.objects.get(links_in__origin_id=case.pk).content == "电梯异响"


# -- figures --------------------------------------------------------------------------------------------------------
def test_the_figures_count_those_that_are_not_asked_yet_and_those_without_a_room(
    desk: Desk, case: DunningCase, sign_in: Any
) -> None:
    walk_in = Party.objects.create(community=desk.cast.yunqi, name="云溪贸易", kind="company")
    desk.charge(50000, party=walk_in.pk, unit=None)
    other = desk.case(walk_in)
    assert (other.unit, other.handler) == (None, None)
    client = sign_in(desk.pm)
    shown = text_of(client.get(reverse("dunning:reasons")))
    assert "还没问到 2 859.41" in shown
    answer = client.get(reverse("dunning:by_unit"))
    rows = [[cell["text"] for cell in row["cells"]] for row in answer.context["rows"]]
    here = str(desk.cast.home.building)
    assert [row[1:4] for row in rows] == [["未分派", "1", "500.00"], ["未分派", "1", "359.41"]]
    assert rows[0][0] == "（无房屋）"
    assert rows[1][0].endswith(here)
    DunningCase.objects.filter(pk=other.pk).update(since=None)
    rows = [[cell["text"] for cell in row["cells"]] for row in client.get(reverse("dunning:by_unit")).context["rows"]]
    assert rows[0][4] == ""


@pytest.mark.clause("RPT-02", part="催缴：楼栋楼管、未缴原因的每个数字点开就是它的那几户")
def test_each_figure_opens_its_own_cases_and_no_others(desk: Desk, case: DunningCase, sign_in: Any) -> None:
    """Two buildings of one code in two clusters, one with two in charge; one was asked, the others were not."""
    here, home = desk.cast.yunqi, desk.cast.home
    cluster = Cluster.objects.create(community=here, code="Z", name="Z组团")
    twin = Building.objects.create(community=here, cluster=cluster, code=home.building.code, name=home.building.name)
    unit = Unit.objects.create(community=here, cluster=cluster, building=twin, entrance="1", room="0101")
    party = Party.objects.create(community=here, name="郑业主")
    desk.charge(7700, party=party.pk, unit=unit.pk)
    desk.case(party)
    neighbour = desk.case(desk.debtor("钱业主", "0202", 1000))
    DunningCase.objects.filter(pk=neighbour.pk).update(handler=desk.steward, reason=DunningCase.Reason.DESIGN)
    client = sign_in(desk.pm)
    for name, at_count, at_sum in (("by_unit", 2, 3), ("reasons", 1, 2)):
        rows = client.get(reverse(f"dunning:{name}")).context["rows"]
        assert len(rows) == (3 if name == "by_unit" else 2)
        for row in rows:
            count, owed = row["cells"][at_count]["text"], row["cells"][at_sum]["text"]
            behind = client.get(row["url"])
            assert behind.context["lead"] == f"共 {count} 户，欠费 {owed} 元。"
            assert len(behind.context["rows"]) == int(count)
    assert client.get(reverse("dunning:cases"), {"building": "x", "handler": "９"}).context["rows"] == []
    assert sign_in(desk.cast.wang).get(reverse("dunning:cases")).status_code == 403


# -- lists ----------------------------------------------------------------------------------------------------------
def test_what_the_contract_says_of_late_payment_is_typed_in_by_the_project_manager(desk: Desk, sign_in: Any) -> None:
    client, new = sign_in(desk.pm), reverse("dunning:new_late-fees")
    said = {
        "from_on": "2026-01-01", "daily_percent": "5", "starts": "1", "cap_percent": "30", "most_fen": "", "rounding": "half_up",
        "clause": CLAUSE, "shown": "on",
    }  # fmt: skip
    assert "万分之五是 0.05" in client.post(new, said).content.decode()
    assert client.post(new, {**said, "daily_percent": "0.05", "most_fen": "500"}).status_code == 302
    rule = LateFeeRule.objects.get()
    assert (rule.most_fen, str(rule)) == (50000, "2026-01-01 起 各项目")
    listed = text_of(client.get(reverse("dunning:list_late-fees")))
    assert "每日 0.05%，到期后第 1 天起 本金的 30%，每笔不超过 500.00 元 四舍五入到分" in listed
    edit = reverse("dunning:edit_late-fees", args=[rule.pk])
    assert 'value="500.00"' in client.get(edit).content.decode()
    assert client.post(edit, {**said, "daily_percent": "0.05", "seen": "1"}).status_code == 302
    rule.refresh_from_db()
    assert rule.most_fen is None
    assert "每笔不超过" not in text_of(client.get(reverse("dunning:list_late-fees")))
    assert (
        client.post(reverse("dunning:new_lpr"), {"from_on": "2026-11-20", "percent": "2.95", "shown": "on"}).status_code
        == 302
    )
    assert (str(LendingRate.objects.get()), "2.95" in text_of(client.get(reverse("dunning:list_lpr")))) == (
        "2026-11-20", True,
    )  # fmt: skip


# -- papers ---------------------------------------------------------------------------------------------------------
def test_papers_of_no_batch_and_no_case_are_not_there(desk: Desk, sign_in: Any) -> None:
    client = sign_in(desk.head)
    for name in ("round_print", "file"):
        assert client.get(reverse(f"dunning:{name}", args=["YQ-CJ-202611-9999"])).status_code == 404


@pytest.mark.logs_errors
def test_the_file_for_the_court_holds_scans_and_leaves_out_what_cannot_be_read(
    desk: Desk, case: DunningCase, sign_in: Any
) -> None:
    """A scan as PDF, a photograph, and one whose file was spoilt on the disk: named by the invariants, not by the file."""
    charge = case.party.charges.get()
    desk.do(case, "dispute", desk.accountant, files={"evidence": [paper("信.pdf"), photo(), photo("坏.png")]},
            charges=[charge.pk], words="量错")  # fmt: skip
    broken = Attachment.objects.get(name="坏.png")
    url = reverse("dunning:file", args=[case.number])
    client = sign_in(desk.head)
    whole = len(PdfReader(io.BytesIO(client.get(url).content)).pages)
    Attachment.objects.filter(pk=broken.pk).update(path=f"{broken.path}x")
    assert len(PdfReader(io.BytesIO(client.get(url).content)).pages) == whole - 1
    assert whole == 1 + 3  # contents without any letter or notice, then the three


def test_a_letter_that_was_never_written_prints_the_debt_alone(desk: Desk, case: DunningCase) -> None:
    desk.rule()
    printed = words_of(render(procedure_of(DunningCase).prints[0], case, desk.head, now=at("2026-11-20 10:00")))
    assert "359.41" in printed
    assert "平安律师事务所" not in printed
