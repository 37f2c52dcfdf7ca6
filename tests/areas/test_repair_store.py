"""Can we do it, is the part here, and who does it if we can't: the store and the outside firms (REP-01, REP-03)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import assign, at, call_back, log_contact, sentences, sign, signature, the_order
from yihu.areas.repairs import keeping
from yihu.areas.repairs.models import Firm, MaterialRequest, WorkOrder
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(cast: Any) -> Any:
    return cast.person("cang", "仓师傅", "engineering_clerk")


@pytest.fixture
def firm(cast: Any) -> Any:
    firm = Firm(community=cast.yunqi, name="固源防水", trades=["masonry"], contact="吴工", phone="13900139002")
    keeping.save_firm(firm, by=cast.gong)
    return firm


def clock(order: Any, code: str) -> Deadline:
    return Deadline.objects.filter(record_id=order.pk, code=code).latest("pk")


def asked(cast: Any, item: str = "角阀", **typed: Any) -> Any:
    order = the_order(log_contact(cast, when=at("2026-11-02 09:00"), **typed))
    return perform(order, "ask_store", by=cast.gong, at=at("2026-11-02 09:05"), data={"item": item, "quantity": "2"})


def answer(order: Any, keeper: Any, said: str, **typed: Any) -> Any:
    data = {"request": MaterialRequest.objects.get(answer="").pk, "answer": said, **typed}
    return perform(order, "answer_store", by=keeper, at=at("2026-11-02 09:10"), data=data)


@pytest.mark.clause("REP-03")
def test_before_anybody_is_sent_it_is_judged_and_the_store_is_asked(cast: Any, keeper: Any) -> None:
    order = the_order(log_contact(cast, when=at("2026-11-02 09:00")))
    order = perform(order, "judge", by=cast.wang, data={"ability": "parts"})
    assert sentences(order)[-1] == "王客服 判断能承接，须领料"
    order = perform(order, "ask_store", by=cast.wang, data={"item": "角阀", "quantity": "2"})
    line = MaterialRequest.objects.get()
    assert (line.asked_by, line.answer) == (cast.wang, "")
    assert any("角阀 × 2" in one for one in Message.objects.filter(person=keeper).values_list("sentence", flat=True))
    with pytest.raises(NotAllowed):
        answer(order, cast.wang, "here")
    order = answer(order, keeper, "here")
    assert order.state == "to_assign"
    assert sentences(order)[-1] == "仓师傅 答复 角阀 × 2：有货"
    assert assign(cast, order).state == "assigned"


@pytest.mark.clause("REP-03")
def test_without_stock_the_order_waits_for_the_day_that_the_store_names(cast: Any, keeper: Any) -> None:
    order = asked(cast)
    with pytest.raises(Invalid, match="预计到货"):
        answer(order, keeper, "coming")
    order = answer(order, keeper, "coming", arrives_on="2026-11-05")
    assert (order.state, order.hold_reason, f"{order.wake_on}") == ("on_hold", "parts", "2026-11-05")
    assert clock(order, "D14").paused_at == at("2026-11-02 09:10")
    assert clock(order, "D16").paused_at is None  # nobody asked the owner: it counts
    with pytest.raises(Refused, match="还没有派给谁"):
        perform(order, "reassign", by=cast.gong, data={"handler": cast.chen.pk, "reason": "先去看看"})
    order = perform(order, "goods_came", by=keeper, data={"request": MaterialRequest.objects.get().pk})
    assert any("已到货" in one for one in Message.objects.filter(person=cast.gong).values_list("sentence", flat=True))
    order = perform(order, "resume", by=cast.gong, at=at("2026-11-05 09:00"))
    assert (order.state, order.wake_on) == ("to_assign", None)
    assert clock(order, "D14").due_at == at("2026-11-05 09:05")  # ten of its fifteen minutes were gone
    assert assign(cast, order, at("2026-11-05 09:03")).state == "assigned"


def test_a_part_that_is_missing_on_the_spot_is_asked_for_by_the_worker(cast: Any, keeper: Any) -> None:
    order = perform(assign(cast, the_order(log_contact(cast))), "accept", by=cast.chen)
    order = perform(order, "arrive", by=cast.chen)
    order = perform(order, "ask_store", by=cast.chen, data={"item": "混水阀", "quantity": "1"})
    data = {"request": MaterialRequest.objects.get().pk, "answer": "coming", "arrives_on": "2100-01-04"}
    order = perform(order, "answer_store", by=keeper, data=data)
    assert (order.state, order.handler) == ("on_hold", cast.chen)
    assert perform(order, "resume", by=cast.chen).state == "working"


def test_what_cannot_be_bought_is_the_heads_to_decide(cast: Any, keeper: Any, sign_in: Any) -> None:
    order = answer(asked(cast), keeper, "never")
    assert order.state == "to_assign"
    assert any("采购不到" in one for one in Message.objects.filter(person=cast.gong).values_list("sentence", flat=True))
    page = sign_in(cast.gong).get(order.get_absolute_url()).content.decode()
    assert "采购不到" in page
    with pytest.raises(Refused, match="没有等仓库答复"):
        perform(order, "answer_store", by=keeper, data={})


def test_the_store_sees_what_it_is_asked(cast: Any, keeper: Any, sign_in: Any) -> None:
    order = asked(cast)
    page = sign_in(keeper).get(order.get_absolute_url()).content.decode()
    assert "等仓库答复" in page
    assert "do/answer_store/" in page


# -- 外委 -------------------------------------------------------------------------------------------------------------


WHEN = {"appointment_from": "2026-11-03 09:00", "appointment_to": "2026-11-03 10:00", "told": "电话告知，业主同意"}
DONE = {"cause": "防水层开裂", "work_done": "重做防水", "chargeable": "free", "site_clean": "on"}


@pytest.mark.clause("REP-01")
def test_what_we_cannot_do_goes_to_a_firm_and_the_head_stays_responsible(cast: Any, firm: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast, when=at("2026-11-02 09:00"), content="阳台渗水"))
    with pytest.raises(NotAllowed):
        perform(order, "send_out", by=cast.wang, data={"firm": firm.pk, **WHEN})
    order = perform(order, "send_out", by=cast.gong, at=at("2026-11-02 09:10"), data={"firm": firm.pk, **WHEN})
    assert (order.state, order.handler, order.firm, order.ability) == ("outside", cast.gong, firm, "outside")
    assert (clock(order, "D14").met, clock(order, "D15").due_at) == (True, at("2026-11-03 10:00"))
    page = sign_in(cast.wang).get(order.get_absolute_url()).content.decode()
    assert "固源防水" in page
    assert "13900139002" not in page
    order = perform(order, "firm_came", by=cast.wang, at=at("2026-11-03 09:30"))
    assert clock(order, "D15").met is True
    with pytest.raises(Refused, match="已经记过"):
        perform(order, "firm_came", by=cast.wang)
    order = perform(order, "firm_done", by=cast.wang, at=at("2026-11-03 17:00"), data=DONE)
    assert (order.state, order.finished_at, clock(order, "D16").met) == ("to_sign", at("2026-11-03 17:00"), False)
    order = perform(order, "back_to_work", by=cast.gong, data={"reason": "还在渗"})
    assert order.state == "outside"
    order = perform(order, "firm_done", by=cast.gong, data=DONE)
    order = perform(order, "sign", by=cast.wang, data={"opinion": "A", "signature": signature()})
    assert call_back(cast, order).state == "closed"
    assert sentences(order)[1] == "龚工 外委 固源防水，2026-11-03 09:00 到场；已告知业主：电话告知，业主同意"


def test_a_worker_who_cannot_do_it_after_all_hands_it_to_a_firm_and_back(cast: Any, firm: Any) -> None:
    order = perform(assign(cast, the_order(log_contact(cast))), "accept", by=cast.chen)
    when = {**WHEN, "appointment_from": "2100-01-04 09:00", "appointment_to": "2100-01-04 10:00"}
    order = perform(order, "hand_out", by=cast.gong, data={"firm": firm.pk, **when})
    assert (order.state, order.handler) == ("outside", cast.gong)
    order = perform(order, "take_back", by=cast.gong, data={"reason": "外委单位排不开"})
    assert (order.state, order.handler, order.firm) == ("to_assign", None, None)
    assert sign(cast, _finished(cast, assign(cast, order))).state == "call_back"


def _finished(cast: Any, order: Any) -> Any:
    order = perform(perform(order, "accept", by=cast.chen), "arrive", by=cast.chen)
    return perform(order, "finish", by=cast.chen, data=DONE)


def test_a_firm_of_the_trade_stands_first_and_its_number_is_masked(cast: Any, firm: Any, sign_in: Any) -> None:
    client = sign_in(cast.gong)
    typed = {
        "name": "安行电梯",
        "trades": ["other"],
        "contact": "周经理",
        "phone": "13900139001",
        "shown": "on",
        "key": "n",
    }
    assert client.post("/dispatch/firms/new/", typed).status_code == 302
    data = {"unit": cast.home.pk, "symptom": "渗水", "level": "major", "trade": "masonry"}
    order = open_record(WorkOrder(community=cast.yunqi), by=cast.wang, data=data)
    page = client.get(f"{order.get_absolute_url()}do/send_out/").content.decode()
    assert page.index("固源防水（泥）") < page.index("安行电梯（其它）")
    listed = client.get("/dispatch/firms/").content.decode()
    assert "139****9001" in listed
    assert "13900139001" not in listed
    assert (
        "13900139001" in client.post(f"/dispatch/firms/{Firm.objects.get(name='安行电梯').pk}/phone/").content.decode()
    )
    assert sign_in(cast.wang).get("/dispatch/firms/").status_code == 403
    lacking = client.post("/dispatch/firms/new/", {**typed, "name": "无电话", "phone": "", "key": "o"})
    assert lacking.status_code == 422


def test_a_firm_is_changed_with_its_history_and_twice_the_same_name_is_refused(cast: Any, firm: Any) -> None:
    firm.contact = "郑工"
    keeping.save_firm(firm, by=cast.gong)
    with pytest.raises(Refused, match="同名"):
        keeping.save_firm(
            Firm(community=cast.yunqi, name="固源防水", contact="吴工", phone="13900139003"), by=cast.gong
        )
    with pytest.raises(NotAllowed):
        keeping.save_firm(firm, by=cast.chen)
