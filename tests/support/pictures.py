"""Takes the pictures of the documents, `docs/pictures/*.png`, from a demo made for the purpose; `script/pictures` calls it."""

import argparse
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import chromium

ROOT = Path(__file__).resolve().parents[2]
MANAGE = str(ROOT / "manage.py")
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
DESK = {"width": 1280, "height": 800}
TELEPHONE = {"width": 390, "height": 844}
PAPER = 1100  # pixels that a sheet is wide at most
MINUTES = 10  # for the month of the demo
# A browser without Chinese would print its own language into an empty date.
NO_HINTS = "input:is([type=date], [type=datetime-local]):not(:focus)::-webkit-datetime-edit { color: transparent }"


@dataclass(frozen=True)
class Scene:
    """What there is to see in this demo: addresses, and sheets set on paper."""

    unit: str
    order: str
    bill: str
    payer: str
    sheets: dict[str, bytes]


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/pictures", description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=Path, help="a folder with a demo whose month is complete, instead of a new one")
    given = parser.parse_args().data
    with tempfile.TemporaryDirectory(prefix="yihu-pictures-") as kept:
        folder = (given or Path(kept)).resolve()
        for name in [name for name in os.environ if name.startswith("YIHU_") and name != "YIHU_CHROMIUM"]:
            del os.environ[name]
        os.environ |= {"YIHU_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "yihu.config.settings"}
        if given is None:
            make_demo()
        scene = look_around()
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, sheet in scene.sheets.items():
            keep(name, sheet, PAPER)
        with server() as address, browser() as chrome:
            take(lambda who, size: signed_in(chrome, address, who, size), scene, Path(kept))


def make_demo() -> None:
    """The roll and the whole month, here and now: no background work that would have to be waited for."""
    say("正在建立演示小区和一个月的往来，要几分钟……")
    for command in (["migrate", "--verbosity", "0"], ["make_demo", "--roll", "--month"]):
        subprocess.run(
            [sys.executable, MANAGE, *command], check=True, timeout=MINUTES * 60, stdout=subprocess.DEVNULL, cwd=ROOT
        )


def look_around() -> Scene:
    """The liveliest household, an order that a worker has in hand, and one of each sheet."""
    import django

    django.setup()
    from django.db.models import Count, Q
    from django.urls import reverse
    from django.utils import timezone

    from yihu.areas.billing.notices.models import Notice
    from yihu.areas.billing.notices.printing import PAYMENT_NOTICE
    from yihu.areas.billing.running.models import BillingRun
    from yihu.areas.duties.models import DaySheet
    from yihu.areas.repairs.models import WorkOrder
    from yihu.basics.worktime import business_month
    from yihu.fronts.reports.periods import of_month
    from yihu.fronts.reports.printing import REGISTERS
    from yihu.ground.estate.models import Community, Occupancy
    from yihu.ground.ledger.models import Charge
    from yihu.ground.staff.models import Account
    from yihu.kernel.models import Record
    from yihu.kernel.prints.rendering import pages
    from yihu.kernel.procedure import procedure_of

    now, by = timezone.now(), Account.objects.get(username="li")
    home = Community.objects.get(code="YQ")
    told = Record.objects.filter(community=home, unit__isnull=False).values("unit")
    busy = told.annotate(open=Count("pk", filter=Q(closed_at=None)), all=Count("pk")).filter(open__gt=0)
    living = Counter(Occupancy.objects.filter(to_on=None).values_list("unit", flat=True))
    unit = max(busy, key=lambda row: (min(row["all"], 4), living[row["unit"]], row["all"], -row["unit"]))["unit"]
    orders = WorkOrder.objects.filter(community=home)
    order = orders.filter(handler__username="chen", state="working").order_by("-arrived_at", "number").first()
    done = orders.filter(state="closed", chargeable="paid").annotate(many=Count("parts"))
    done = done.exclude(appointment_from=None).order_by("-many", "number").first() or done.order_by("-many").first()
    sheet = DaySheet.objects.filter(community=home, state="read").order_by("-pk").first()
    declared, data = REGISTERS["contacts"]
    run = BillingRun.objects.filter(community=home, state="posted").latest("month_on", "pk")
    billed = Charge.objects.filter(record=run, reversal=None).values("unit")
    most = billed.annotate(lines=Count("item", distinct=True)).order_by("-lines", "unit")[0]["unit"]
    asked = Notice.objects.filter(batch__printed_at__isnull=False, lines__charge__open__gt=0)
    asked = asked.annotate(many=Count("lines"))
    notice = asked.order_by("-batch__pk", "-many", "pk")[0]
    month = business_month(now - timedelta(days=15))

    def paper(print_: Any, subject: Any) -> bytes:
        return pages(print_, subject, by, now=now)[0]

    return Scene(
        unit=f"/units/{unit}/",
        order=order.get_absolute_url(),
        bill=reverse("running:bill", args=[run.number, most]),
        payer=reverse("payer:bill", args=[notice.token]),
        sheets={
            "payment-notice": paper(PAYMENT_NOTICE, notice),
            "work-sheet": paper(procedure_of(WorkOrder).prints[0], done),
            "day-sheet": paper(procedure_of(DaySheet).prints[0], sheet),
            "month-register": paper(declared, data(home, of_month(*month), by)),
        },
    )


@contextmanager
def server() -> Iterator[str]:
    """`manage serve` on a free port, its whole process group ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, MANAGE, "serve", "--port", str(port)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/readyz", process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(address: str, process: "subprocess.Popen[bytes]", seconds: int = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("服务器没有启动起来，没有拍到图片。")


@contextmanager
def browser() -> Iterator[Browser]:
    path = chromium.ensure(say)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        try:
            yield chrome
        finally:
            chrome.close()


def signed_in(chrome: Browser, address: str, who: str, size: dict[str, int]) -> Page:
    from yihu.demo.people import PASSWORD

    context = chrome.new_context(
        base_url=address,
        viewport=size,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        bypass_csp=True,
        has_touch=size is TELEPHONE,
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("/")
    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    return page


def take(signed: Callable[[str, dict[str, int]], Page], scene: Scene, folder: Path) -> None:
    wang = signed("wang", DESK)
    shot(wang, "today")
    wang.goto(scene.unit)
    shot(wang, "unit")
    wang.keyboard.press("n")
    wang.get_by_role("radio", name="报修").check()
    expect(wang.get_by_text("同时开出：维修单")).to_be_visible()
    wang.get_by_label("内容").fill("厨房水龙头关不紧，一直滴水，晚上声音很大")
    wang.locator("#log-here").scroll_into_view_if_needed()
    shot(wang, "contact")

    gong = signed("gong", DESK)
    gong.get_by_role("link", name="派工台").first.click()
    gong.wait_for_load_state("networkidle")
    shot(gong, "board")

    chen = signed("chen", TELEPHONE)
    chen.goto(scene.order)
    shot(chen, "worker")

    shen = signed("shen", DESK)
    shen.goto(scene.bill)
    shot(shen, "bill")

    payer = signed("chen", TELEPHONE)  # the address alone lets in; who is signed in makes no difference
    payer.goto(scene.payer)
    shot(payer, "payer")

    wen = signed("wen", DESK)
    wen.goto("/rolls/new/")
    wen.get_by_label("业主名册文件").set_input_files(roll(folder))
    wen.get_by_role("button", name="保存").click()
    wen.get_by_text("错误，现在不能导入").or_(wen.get_by_text("可以导入")).first.wait_for(timeout=60_000)
    wen.reload()
    wen.get_by_role("heading", name="各组团").evaluate("it => window.scrollTo(0, it.getBoundingClientRect().top - 90)")
    shot(wen, "import")


def roll(folder: Path) -> Path:
    """A roll with what goes wrong in rolls, so that the preview has something to say."""
    from tests.support.messy_roll import IDS, row, table

    rows = [
        row(楼栋="G1", 房号="0101"),
        row(楼栋="G1", 房号="0102", 业主姓名="钱穗安、孙一苇", 建筑面积="１０２．３３㎡", 交房日期="2010年3月6日"),
        row(楼栋="G1", 房号="0201", 业主姓名="李知远", 身份证号=IDS[0]),
        row(楼栋="G1", 房号="0202", 业主姓名="周小满", 联系电话="1380013811"),
        row(楼栋="G1", 房号="0202", 业主姓名="吴青禾", 交房日期="二〇一一年"),
        row(楼栋="G2", 房号="0101", 业主姓名="郑南星", 建筑面积="约一百平"),
    ]
    path = folder / "G组团业主名册.xlsx"
    path.write_bytes(table(*rows, sheet="G组团"))
    return path


def shot(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.add_style_tag(content=NO_HINTS)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)
    keep(name, page.screenshot(animations="disabled", caret="hide"))


def keep(name: str, content: bytes, width: int = 0) -> None:
    """As few colours as it takes to stay small; letters on white need no more."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    if width and picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    for colours in (256, 128, 64, 32, 16):
        kept = io.BytesIO()
        picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            kept, "PNG", optimize=True
        )
        if kept.tell() <= MOST_BYTES:
            break
    else:
        raise SystemExit(f"{name}.png 压不到 {MOST_BYTES // 1000} KB 以内。")
    path = PICTURES / f"{name}.png"
    path.write_bytes(kept.getvalue())
    say(f"docs/pictures/{name}.png  {picture.width}×{picture.height}  {kept.tell() // 1000} KB")


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
