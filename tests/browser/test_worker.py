"""The worker with his telephone: in a flat, at the customer's door, and in a basement without a signal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import WIDTHS
from tests.support.doing import assign, call_back, finish, log_contact, photo, sentences, the_order
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.doors import perform

phone = pytest.mark.parametrize("width", ["390"], indirect=True)
both = pytest.mark.parametrize("width", WIDTHS, indirect=True)


@pytest.fixture
def order(cast: Any) -> Any:
    order = the_order(log_contact(cast, when=timezone.now() - timedelta(minutes=20)))
    return assign(cast, order, timezone.now() - timedelta(minutes=15))


@pytest.fixture
def worker(page_of: Callable[[Any], Page], chen: Any) -> Page:
    return page_of(chen)


def picture(name: str = "水表间.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": photo().read()}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def write_report(page: Page) -> None:
    report = page.locator("#finish")
    report.get_by_label("故障原因").fill("阀芯老化")
    report.get_by_label("维修内容").fill("更换阀芯，试水不漏")
    report.get_by_label("有偿").check()
    report.get_by_label("人工费").fill("20")
    report.get_by_label("完工照片").set_input_files(picture())
    expect(report.get_by_role("img", name="照片 1")).to_be_visible()
    report.get_by_label("现场已清理").check()


def add_line(page: Page, item: str, quantity: str, price: str) -> None:
    page.get_by_label("材料").fill(item)
    page.get_by_label("数量").fill(quantity)
    page.get_by_label("单价").fill(price)
    press(page, "加一行")


def draw_a_name(page: Page) -> None:
    pad = page.locator("canvas[data-signature]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 40 + step * 20, box["y"] + 60 + (step % 2) * 40)
    page.mouse.up()
    expect(page.get_by_text("已签名")).to_be_visible()


def assert_for_everybody(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@phone
@pytest.mark.clause("REP-02")
def test_the_whole_job_on_a_telephone_each_step_with_its_time(cast: Any, worker: Page, order: Any) -> None:
    worker.goto("/repairs/")
    expect(worker.get_by_role("link", name="我的", exact=True)).to_have_attribute("aria-current", "page")
    assert_for_everybody(worker)
    worker.get_by_role("link", name=order.number).click()
    expect(worker.get_by_role("heading", name="A1-1-0101", level=1)).to_be_visible()
    assert_for_everybody(worker)
    press(worker, "拨打")
    expect(worker.get_by_role("link", name="13800138112")).to_have_attribute("href", "tel:13800138112")
    press(worker, "接单")
    press(worker, "到场")
    expect(worker.get_by_role("heading", name="完工报告")).to_be_visible()
    assert_for_everybody(worker)
    add_line(worker, "阀芯", "2", "35")
    expect(worker.locator(".line-total")).to_contain_text("70.00")
    press(worker, "完工")  # nothing is written yet: to the first thing that is missing
    expect(worker.locator(":focus")).to_have_attribute("name", "cause")
    expect(worker.locator("#finish").get_by_text("请填写。").first).to_be_visible()
    expect(worker.locator("#finish").get_by_text("请选择或勾选。").first).to_be_visible()
    assert_for_everybody(worker)
    write_report(worker)
    expect(worker.get_by_text("请填写。")).to_have_count(0)
    press(worker, "完工")
    worker.get_by_role("link", name="客户签字").click()
    expect(worker.get_by_text("大写：玖拾元整")).to_be_visible()
    assert_for_everybody(worker)
    worker.get_by_label("满意", exact=True).check()
    draw_a_name(worker)
    press(worker, "客户签字")
    expect(worker.get_by_text("已签字，等前台回访")).to_be_visible()
    assert_for_everybody(worker)
    order = WorkOrder.objects.get()
    assert order.state == "call_back"
    assert (order.total_fen, order.opinion) == (9000, "A")
    assert sorted(order.attachments.values_list("purpose", flat=True)) == ["after", "signature"]
    assert [line for line in sentences(order) if line.startswith("陈维修") and "电话" not in line] == [
        "陈维修 接单",
        "陈维修 到场",
        "陈维修 用料：阀芯 × 2",
        "陈维修 完工：更换阀芯，试水不漏",
        "陈维修 请客户签字：满意 月结",
    ]
    order = call_back(cast, order)
    stamps = [
        order.opened_at,
        order.assigned_at,
        order.accepted_at,
        order.arrived_at,
        order.finished_at,
        order.signed_at,
        order.closed_at,
    ]
    assert None not in stamps
    assert stamps == sorted(stamps)
    assert len(set(stamps)) == len(stamps)


@phone
def test_a_double_tap_is_one_tap(worker: Page, order: Any) -> None:
    worker.goto(order.get_absolute_url())
    worker.get_by_role("button", name="接单").dblclick()
    expect(worker.get_by_role("button", name="到场")).to_be_enabled()
    assert WorkOrder.objects.get().state == "accepted"
    assert sentences(order).count("陈维修 接单") == 1


@phone
def test_the_basement(worker: Page, order: Any) -> None:
    worker.goto(order.get_absolute_url())
    before = sentences(order)
    worker.context.set_offline(True)
    down = timezone.now()
    worker.get_by_role("button", name="接单").dblclick()
    press(worker, "到场")
    add_line(worker, "PPR 直通", "2", "38.5")
    expect(worker.locator("[data-outbox-of]")).to_contain_text("用料：PPR 直通 · 2 · 38.5")
    add_line(worker, "生料带", "1", "3")
    write_report(worker)
    press(worker, "完工")
    expect(worker.get_by_text("完工报告已存在本机")).to_be_visible()
    expect(worker.get_by_role("button", name="待发送 5")).to_be_visible()
    assert_for_everybody(worker)
    assert sentences(order) == before
    up = timezone.now()
    worker.wait_for_timeout(1500)
    worker.context.set_offline(False)
    expect(worker.get_by_role("link", name="客户签字")).to_be_visible()
    expect(worker.get_by_text("已发送 5 条")).to_be_visible()
    expect(worker.get_by_role("button", name="待发送")).to_be_hidden()
    done = WorkOrder.objects.get()
    assert sentences(order)[len(before) :] == [
        "陈维修 接单",
        "陈维修 到场",
        "陈维修 用料：PPR 直通 × 2",
        "陈维修 用料：生料带 × 1",
        "陈维修 完工：更换阀芯，试水不漏",
    ]
    assert down <= done.accepted_at < done.arrived_at < done.finished_at <= up
    for entry in done.journal.filter(seq__gt=len(before)):
        assert entry.at <= up < entry.written_at
    assert done.total_fen == 10000
    assert done.attachments.get().purpose == "after"


@phone
def test_on_hold_in_the_basement(worker: Page, cast: Any, order: Any) -> None:
    order = perform(perform(order, "accept", by=cast.chen), "arrive", by=cast.chen)
    worker.goto(order.get_absolute_url())
    worker.context.set_offline(True)
    worker.get_by_text("做不下去：挂单").click()
    hold = worker.locator("details").filter(has_text="做不下去")
    hold.get_by_role("button", name="挂单").click()
    expect(hold.get_by_text("请选择或勾选。")).to_be_visible()
    hold.get_by_label("缺料").check()
    hold.get_by_label("恢复日期").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    hold.get_by_label("如何告知业主").fill("当面说明，配件到货再来")
    hold.get_by_role("button", name="挂单").click()
    expect(worker.get_by_text("挂单已存在本机")).to_be_visible()
    expect(worker.get_by_role("button", name="完工")).to_have_count(0)
    worker.context.set_offline(False)
    expect(worker.get_by_role("button", name="恢复维修")).to_be_visible()
    expect(worker.locator(".work-head").get_by_text("挂单：缺料")).to_be_visible()
    assert WorkOrder.objects.get().state == "on_hold"


@phone
def test_typing_is_not_swept_away_when_the_signal_comes_back(worker: Page, order: Any) -> None:
    worker.goto(order.get_absolute_url())
    worker.context.set_offline(True)
    press(worker, "接单")
    press(worker, "到场")
    worker.get_by_label("故障原因").fill("阀芯老化")
    worker.context.set_offline(False)
    expect(worker.get_by_text("已发送")).to_be_visible()
    expect(worker.get_by_label("故障原因")).to_have_value("阀芯老化")
    write_report(worker)
    press(worker, "完工")  # the page was ahead of the server, so this goes the same way and is no conflict
    expect(worker.get_by_role("link", name="客户签字")).to_be_visible()
    assert WorkOrder.objects.get().state == "to_sign"


@phone
def test_an_order_that_was_given_to_another_meanwhile(cast: Any, worker: Page, order: Any) -> None:
    other = cast.person("he", "何远", "technician")
    worker.goto(order.get_absolute_url())
    worker.context.set_offline(True)
    press(worker, "接单")
    press(worker, "到场")
    expect(worker.get_by_role("button", name="待发送 2")).to_be_visible()
    perform(order, "reassign", by=cast.gong, data={"handler": other.pk, "reason": "陈维修联系不上"})
    worker.context.set_offline(False)
    worker.get_by_role("button", name="2 条要核对").click()
    expect(worker.get_by_role("dialog")).to_contain_text("可能已转给别人")
    assert WorkOrder.objects.get().state == "assigned"
    press(worker.get_by_role("dialog"), "删除")  # type: ignore[arg-type]
    press(worker.get_by_role("dialog"), "确认删除")  # type: ignore[arg-type]


@phone
def test_what_was_refused_is_put_right_and_the_rest_follows(cast: Any, worker: Page, order: Any) -> None:
    order = perform(perform(order, "accept", by=cast.chen), "arrive", by=cast.chen)
    worker.goto(order.get_absolute_url())
    worker.context.set_offline(True)
    add_line(worker, "阀芯", "1", "三十五")  # no browser knows that this is no price
    write_report(worker)
    press(worker, "完工")
    worker.context.set_offline(False)
    expect(worker.get_by_role("button", name="2 条要核对")).to_be_visible()
    assert WorkOrder.objects.get().state == "on_site"  # the report waits: the line belongs before it
    worker.locator("[data-outbox-of]").get_by_role("button", name="打开修改").click()
    expect(worker.get_by_label("材料")).to_have_value("阀芯")
    worker.get_by_label("单价").fill("35")
    press(worker, "加一行")
    expect(worker.get_by_role("link", name="客户签字")).to_be_visible()
    order = WorkOrder.objects.get()
    assert (order.state, order.total_fen) == ("to_sign", 5500)
    assert order.parts.count() == 1


@phone
def test_a_customer_who_will_not_sign(cast: Any, worker: Page, order: Any) -> None:
    assert cast.li
    assert cast.wang
    order = finish(cast, order)
    worker.goto(f"{order.get_absolute_url()}do/sign/")
    expect(worker.get_by_label("见证人一")).to_be_hidden()
    worker.get_by_text("客户不肯签字").click()
    worker.get_by_label("客户拒签").check()
    worker.get_by_label("拒签原因").fill("嫌收费高")
    worker.get_by_label("见证人一").select_option(label="李主管")
    press(worker, "客户签字")
    expect(worker.get_by_text("拒签须有两名不同的员工见证")).to_be_visible()
    expect(worker.get_by_label("拒签原因")).to_have_value("嫌收费高")
    assert_for_everybody(worker)
    worker.get_by_label("见证人二").select_option(label="王客服")
    worker.get_by_label("拒签现场照片").set_input_files(picture("门口.png"))
    expect(worker.get_by_role("img", name="照片 1")).to_be_visible()
    press(worker, "客户签字")
    expect(worker.get_by_text("客户拒签，等前台回访")).to_be_visible()
    order = WorkOrder.objects.get()
    assert (order.state, order.sign_refused, order.opinion) == ("call_back", "嫌收费高", "C")


@both
def test_the_head_assigns_with_the_keyboard(cast: Any, page_of: Callable[[Any], Page]) -> None:
    assert cast.chen
    waiting = the_order(log_contact(cast, content="次卧插座没电"))
    head = page_of(cast.gong)
    head.goto("/repairs/")
    expect(head.get_by_role("link", name="待派")).to_have_attribute("aria-current", "page")
    assert_for_everybody(head)
    head.get_by_role("link", name=waiting.number).press("Enter")
    expect(head.get_by_role("complementary", name="参考").get_by_text("次卧插座没电")).to_be_visible()
    assert_for_everybody(head)
    head.get_by_label("陈维修 · 在手 0").press("Space")
    head.keyboard.press("Enter")
    expect(head.get_by_text("没有待派的维修单")).to_be_visible()
    order = WorkOrder.objects.get()
    assert (order.state, order.handler) == ("assigned", cast.chen)


@both
def test_the_pages_are_for_everybody(cast: Any, page_of: Callable[[Any], Page], order: Any) -> None:
    order = perform(perform(order, "accept", by=cast.chen), "arrive", by=cast.chen)
    perform(order, "part", by=cast.chen, data={"item": "PPR 快接直通 DN50", "quantity": "2", "unit_price": "38.50"})
    for person in (cast.chen, cast.gong, cast.wang):
        page = page_of(person)
        page.goto(order.get_absolute_url())
        expect(page.get_by_text("77.00").first).to_be_visible()
        assert_for_everybody(page)
    finish_page = page_of(cast.chen)
    perform(
        order,
        "finish",
        by=cast.chen,
        data={"labour": "20", "cause": "老化", "work_done": "更换", "chargeable": "paid", "site_clean": "on"},
    )
    finish_page.goto(f"{order.get_absolute_url()}do/sign/")
    finish_page.get_by_text("客户不肯签字").click()
    finish_page.get_by_label("客户拒签").check()
    assert_for_everybody(finish_page)
