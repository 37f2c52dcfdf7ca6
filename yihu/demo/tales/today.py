"""What is under way just now, so that every account finds its day's work whenever the demo is started."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from yihu.demo.plan import CLOSES, OPENS, Case, Named, Story, moment, typed
from yihu.demo.stock import repairs, talk
from yihu.demo.stock.repairs import Fault, fault
from yihu.demo.stock.talk import Topic
from yihu.demo.tales import counter, matter, outage, repair
from yihu.demo.tales.desk import caller, on_patrol, open_case, visitor


def under_way(story: Story) -> None:
    """Open ends, told backwards from now."""
    for tale in (
        _to_route,
        _promised,
        _to_verify,
        _to_assign,
        _with_workers,
        _on_hold,
        _from_the_store,
        _to_strike,
        _at_the_counter,
        _in_the_tower,
    ):
        tale(story)


def _ago(story: Story, minutes: int, community: str = "YQ") -> Case:
    """So many minutes ago, counted while the desk is staffed: in the morning that was last night."""
    opens, closes = moment(story.now.date(), OPENS), moment(story.now.date(), CLOSES)
    now = min(story.now, closes) if story.now > opens else opens
    at = now - timedelta(minutes=minutes)
    if at < opens:
        at = closes - timedelta(days=1) - (opens - at)
    return story.case(community, at)


def _to_route(story: Story) -> None:
    """Logged by people who do not route: the desk has to look."""
    for minutes, by, content, category in (
        (34, "xiang", "业主在院里当面提到：西门夜里灯太暗，希望加一盏", "suggestion"),
        (17, "chen", "B2 栋负一层管道井门锁坏了，里面有水声", "repair"),
        (8, "gong", "施工单位来电，约明天看 D 组团外墙返修", "after_sales"),
    ):
        case = _ago(story, minutes)
        said = on_patrol() if by == "chen" else visitor(case) | {"channel": "passed_on"}
        open_case(case, by, said | {"category": category, "content": content})


def _promised(story: Story) -> None:
    """Answers due soon, and two that are late; each with another colleague."""
    for minutes, by, handler, due, category, content in (
        (95, "wang", "tian", 24, "complaint", "对门把鞋柜放在公共走廊，说了几次不搬"),
        (150, "wang", "gong", 52, "complaint", "车库 C 区照明半夜自动熄灭"),
        (120, "sun", "wen", 78, "other", "要一份去年的装修验收单复印件"),
        (140, "sun", "fang", 95, "other", "要一份上周换的水表的型号和保修卡"),
        (80, "sun", "qian", 105, "other", "停车费发票抬头开错，要重开"),
        (130, "wang", "gao", 112, "complaint", "大堂空调开得太冷，老人坐着等车受不了"),
        (260, "wang", "tian", -25, "complaint", "楼上空调水一直滴在雨棚上，夜里响个不停"),
        (300, "sun", "li", -70, "complaint", "飘窗漏水说好今天给排期，一直没有消息"),
        (170, "wang", "wang", 40, "service", "想借一把长梯换灯泡，说好今天回话"),
        (175, "sun", "sun", 45, "other", "捡到的蓝色书包有没有人认领"),
    ):
        case = _ago(story, minutes)
        promise = story.now + timedelta(minutes=due)
        said = caller(case) | {"category": category, "content": content, "promised_at": typed(promise)}
        handed_over = {
            "category": category, "content": content, "handler": Named(handler), "promised_at": typed(promise),
            "unit": said["unit"], "party": said["party"], "caller_name": said.get("caller_name", ""),
        }  # fmt: skip
        open_case(case, by, said, matter.complained() if category == "complaint" else handed_over)
        case.wait(5, 15)
        if category == "complaint":
            case.do("interim", by, "child", first_answer="您的投诉已收到并转给责任部门，正在核实。")
        else:
            case.do("progress", handler, "child", words=story.pick(talk.PROGRESS))


def _to_verify(story: Story) -> None:
    """A praise for the supervisor to look into, a suggestion for the project manager to decide, one to be answered."""
    for minutes, category, due, content in (
        (128, "praise", 112, "大堂值班的小伙子帮忙推轮椅，想送面锦旗"),
        (158, "suggestion", 66, "建议北门下班高峰多开一条非机动车道"),
        (205, "suggestion", 96, "建议晾衣架旁加一排置物钩"),
    ):
        case = _ago(story, minutes)
        promise = story.now + timedelta(minutes=due)
        said = caller(case) | {"category": category, "content": content, "promised_at": typed(promise)}
        open_case(case, case.clerk(), said, {"team": "security"} if category == "praise" else None)
    case.wait(20, 40)
    case.do("decide", "xiang", "child", decision="declined", reason="各户尺寸不一，统一加装没有位置")


def _to_assign(story: Story) -> None:
    for minutes, says in ((27, "厨房角阀漏水"), (12, "客厅三个插座"), (6, "楼道灯坏了"), (4, "水管爆了")):
        _report(_ago(story, minutes), fault(says))


def _report(case: Case, broken: Fault, appointment_to: datetime | None = None) -> None:
    said = caller(case) | {"category": "repair", "content": broken.says, "channel": "phone"}
    handed_over = {
        "symptom": broken.says, "level": broken.level, "trade": broken.trade, "unit": "" if broken.place else case.home.pk,
        "party": "" if broken.place else said["party"], "reporter": said.get("caller_name", ""),
        "common_area": repair.common(case, broken),
    }  # fmt: skip
    if appointment_to:
        begin = appointment_to - timedelta(hours=2)
        handed_over |= {"appointment_from": typed(begin), "appointment_to": typed(appointment_to)}
    open_case(case, case.clerk(), said, handed_over)


def _with_workers(story: Story) -> None:
    """Each worker has one order in each stage; one urgent order is late, one appointment is near."""
    for worker, stage, minutes, says in (
        ("chen", "assigned", 30, "整户水压很小"),
        ("chen", "late", 55, "晚上突然全屋没电"),
        ("chen", "accepted", 140, "水表井里有水声"),
        ("chen", "on site", 100, "洗碗机的排水管"),
        ("chen", "to sign", 190, "浴室墙角反潮"),
        ("he", "assigned", 33, "房门关不严"),
        ("he", "late", 58, "楼栋门口的污水井"),
        ("he", "accepted", 150, "纱窗破了个洞"),
        ("he", "on site", 90, "空调外机噪音大"),
        ("he", "to sign", 180, "开关面板摸上去发热"),
    ):
        case = _ago(story, minutes)
        _report(case, fault(says), story.now + timedelta(minutes=45) if stage == "accepted" else None)
        _advance(case, fault(says), worker, stage)


def _advance(case: Case, broken: Fault, worker: str, stage: str) -> None:
    case.wait(3, 9)
    case.do("assign", "gong", "child", handler=Named(worker), level=broken.level, trade=broken.trade)
    if stage in ("assigned", "late"):
        return
    case.wait(2, 6)
    case.do("accept", worker, "child")
    if stage == "accepted":
        return
    case.wait(15, 25)
    case.do("arrive", worker, "child")
    case.wait(2, 5)
    case.do("start", worker, "child")
    if stage == "on site":
        return
    for item, quantity, price in broken.parts:
        case.wait(3, 8)
        case.do("part", worker, "child", item=item, quantity=quantity, unit_price=price)
    case.wait(10, 20)
    said = {"cause": broken.cause, "work_done": broken.done, "labour": broken.labour, "site_clean": "on"}
    case.do("finish", worker, "child", **said, chargeable="paid" if broken.paid else "free")


def _on_hold(story: Story) -> None:
    """Held some days ago, to be taken up again today (and one still waiting for its parts)."""
    for days, wakes_in, says, worker in (
        (3, 0, "阳台推拉门又重又涩", "chen"),
        (4, 0, "单元门口机按不出声音", "he"),
        (2, 3, "窗户把手断了", "chen"),
    ):
        case = story.case("YQ", moment(story.now.date() - timedelta(days=days), time(10, 20)))
        _report(case, fault(says))
        _advance(case, fault(says), worker, "on site")
        repair.put_on_hold(case, worker, repairs.HOLDS[0], story.now.date() + timedelta(days=wakes_in))


def _to_strike(story: Story) -> None:
    """Answered a moment ago; the lines wait to be struck off."""
    for minutes in (66, 41, 14):
        case = _ago(story, minutes)
        question, answer = story.pick(talk.ENQUIRIES)
        said = caller(case) | {"category": "other", "content": question, "answered": "on", "result": answer}
        open_case(case, case.clerk(), said)


def _at_the_counter(story: Story) -> None:
    """A message that waits, a thing that is out and one that is overdue, needs of today, a lift that stands."""
    for minutes, whom, words in ((24, "gong", "给排水维保问明天几点进场"), (38, "xiang", "社区约下午来走访，请回电")):
        case = _ago(story, minutes)
        case.begin("counter.AbsentNote", case.clerk(), handler=Named(whom), caller_name="周女士", words=words)
    for code, minutes, due in (("轮-01", 100, 90), ("轮-02", 200, -12)):
        case = _ago(story, minutes)
        counter.out(case, code, max(story.now + timedelta(minutes=due), case.at + timedelta(minutes=30)), "押金 50 元")
    for minutes, done, line in (
        (60, False, ("commissioned", "errand", "请帮忙联系开锁公司配一把信箱钥匙", "cs_dept")),
        (140, True, ("public", "cleaning", "电梯轿厢有饮料渍", "cleaning")),
    ):
        case = _ago(story, minutes)
        case.begin("needs.Need", case.clerk(), **counter.need_line(case, *line, story.now + timedelta(hours=3)))
        if done:
            case.wait(30, 50)
            case.do("done", "tian", "own", result="已擦净并喷除味剂")
    case = _ago(story, 50)
    said = {"sort": "sudden", "side": "own", "cause": "门机故障，等配件", "responsible": "安捷电梯维保"}
    outage.begin(case, "gong", case.at, story.now + timedelta(minutes=95), supply="lift", **said)
    case.wait(4, 10)
    case.do("notify", "gong", "own", how=("notice", "chat"))


def _from_the_store(story: Story) -> None:
    """One request waits for the store's answer, one for its goods of today."""
    broken = fault("衣柜推拉门出了轨")
    case = _ago(story, 110)
    _report(case, broken)
    _advance(case, broken, "chen", "on site")
    case.wait(5, 15)
    case.do("ask_store", "chen", "child", item="推拉门滑轮", quantity="2")
    broken = fault("门铃按了没反应")
    case = story.case("YQ", moment(story.now.date() - timedelta(days=2), time(14, 10)))
    _report(case, broken)
    _advance(case, broken, "he", "on site")
    case.wait(5, 15)
    case.do("ask_store", "he", "child", item="无线门铃", quantity="1")
    repair.wait_for_the_store(case, "he", story.now.date())


def _in_the_tower(story: Story) -> None:
    """A little of everything at the other site."""
    _report(_ago(story, 15, "QH"), fault("风机盘管只吹风不热"))
    case = _ago(story, 70, "QH")
    _report(case, fault("玻璃门的地弹簧"))
    _advance(case, fault("玻璃门的地弹簧"), "he", "on site")
    for minutes, due, category, says in (
        (110, 35, "complaint", "地下二层货梯厅堆了装修垃圾，推车过不去"),
        (220, -40, "service", "周末搬家要用货梯，说好今天给时段"),
    ):
        case = _ago(story, minutes, "QH")
        matter.take_on(case, category, Topic(says, "xiang", ""), 4, promise=story.now + timedelta(minutes=due))
