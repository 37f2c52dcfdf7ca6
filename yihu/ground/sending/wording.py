"""The kinds of messages, their words, and the closed list of what may be filled into them. No template runs code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.basics.pressure import why_not
from yihu.ground.sending.models import Wording
from yihu.kernel import moments

PLACE = re.compile(r"\{([^{}]*)\}")
LONGEST_VALUE = 60

MEANING = {
    "称呼": "客户姓名",
    "房号": "房号",
    "项目": "管理项目的名称",
    "单号": "有关单据的编号",
    "师傅": "责任人姓名",
    "时间": "预约或约定的时间",
    "事由": "由发送的人填写",
    "停用": "停什么，例如停水",
    "取件码": "凭它领取代收的邮件",
}
SAMPLE = {
    "称呼": "张三", "房号": "A1-1-0101", "项目": "某某小区", "单号": "YQ-WX-202611-0001", "师傅": "李四",
    "时间": "11月5日 14:00–16:00", "事由": "二次供水水箱清洗", "停用": "停水", "取件码": "482913",
}  # fmt: skip
ALWAYS = ("称呼", "房号", "项目")


@dataclass(frozen=True)
class Use:
    """One kind of message. ``events`` are the steps that may send it by themselves; ``must`` has to stand in its words;
    ``while_open``: pointless once the record is closed; ``dunning``: the law forbids some words; ``by_hand``: a clerk may
    choose it for a message of his own; ``owed``: it stands for a paper that the customer must get, so that whatever keeps it
    from him is somebody's to make good."""

    code: str
    label: str
    text: str
    places: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    urgent: bool = False
    while_open: bool = False
    dunning: bool = False
    by_hand: bool = True
    owed: bool = False

    def allowed(self) -> tuple[str, ...]:
        return (*ALWAYS, *self.places)


USES = (
    Use("assigned", "报修已派工", "【{项目}】{称呼}您好，{房号}的报修（{单号}）已安排{师傅}上门处理。", ("单号", "师傅", "时间"),
        ("repairs.workorder.assign", "repairs.workorder.grab", "repairs.workorder.turn"), while_open=True),
    Use("appointment", "预约时间", "【{项目}】{称呼}您好，{房号}的维修（{单号}）约在{时间}上门，请留人在家。", ("单号", "师傅", "时间"),
        while_open=True),
    Use("rescheduled", "已改约", "【{项目}】{称呼}您好，{单号}已改约到{时间}，给您添麻烦了，请见谅。", ("单号", "时间"),
        ("repairs.workorder.reschedule", "reception.contact.promise"), while_open=True),
    Use("finished", "完工待回访", "【{项目}】{称呼}您好，{房号}的维修（{单号}）已经完工，我们会打电话听取您的意见。", ("单号", "师傅"),
        ("repairs.workorder.sign",)),
    Use("outage", "停水停电通知", "【{项目}】{称呼}您好，因{事由}，{时间}{房号}所在区域{停用}，请提前准备。", ("事由", "停用", "时间"), urgent=True),
    Use("outage_over", "停水停电恢复通知", "【{项目}】{称呼}您好，{房号}所在区域{事由}。给您带来不便，请谅解。", ("事由",)),
    Use("complaint_receipt", "投诉回执", "【{项目}】{称呼}您好，您的投诉已经登记，编号{单号}。凭编号可到前台或来电查询办理进度。", ("单号",), owed=True),
    Use("parcel", "邮件待取", "【{项目}】{称呼}您好，{房号}有邮件待取：{事由}。取件码{取件码}，请凭码到服务中心领取。", ("事由", "取件码"), while_open=True,
        by_hand=False),
    Use("registered_mail", "挂号信待取", "【{项目}】{称呼}您好，{房号}有挂号信待取：{事由}。请带证件到服务中心签收。", ("事由",), while_open=True, by_hand=False),
    Use("payment_notice", "缴费通知单", "【{项目}】{称呼}您好，{房号}的缴费通知单已送达：{事由}。如有不清楚的，请联系我们。", ("事由",), dunning=True, owed=True),
    Use("please_pay", "请尽快缴费", "【{项目}】{称呼}您好，{房号}的{事由}尚未缴清，请抽空缴纳；如已缴纳请忽略。", ("事由",), dunning=True, owed=True),
)  # fmt: skip
BELL = "bell"
BY_CODE = {use.code: use for use in USES}


def label_of(code: str) -> str:
    return BY_CODE[code].label if code in BY_CODE else "提醒"


@dataclass(frozen=True)
class Words:
    """What is in force: the community's approved wording, or the one the program brings."""

    text: str
    urgent: bool
    row: Wording | None = None


def in_force(code: str, community_id: int, day: date | None = None) -> Words:
    day = day or timezone.localdate()
    rows = Wording.objects.filter(community_id=community_id, code=code, state=Wording.State.APPROVED, from_on__lte=day)
    row = rows.order_by("-from_on", "-pk").first()
    use = BY_CODE[code]
    return Words(row.text, row.urgent, row) if row else Words(use.text, use.urgent)


def problem(use: Use, text: str) -> str:
    """What is wrong with a wording, or ""."""
    unknown = [name for name in PLACE.findall(text) if name not in use.allowed()]
    if unknown:
        return f"“{{{unknown[0]}}}”不能用。这里可以填的只有：{'、'.join(f'{{{name}}}' for name in use.allowed())}。"
    if re.search(r"[{}]", PLACE.sub("", text)):
        return "大括号没有成对，请检查。"
    return threat(text) if use.dunning else ""


Tried = Callable[[int, Any, str, str], None]
_asking: dict[str, Tried] = {}


def asks_for_money(kinds: str, tried: Tried) -> None:
    """Messages about records whose kind begins so are read like dunning texts; ``tried(community_id, by, where, text)`` is
    told of every threat."""
    _asking[kinds] = tried


def refusal(use: Use, record: Any, text: str) -> str:
    """Why these words must not go out, or "": a threat, in what asks for money."""
    asks = use.dunning or (record is not None and record.kind.startswith(tuple(_asking)))
    return threat(text) if asks else ""


def put_down(community_id: int, by: Any, where: str, text: str) -> None:
    """Somebody tried to write a threat."""
    for tried in _asking.values():
        tried(community_id, by, where, text)


def threat(text: str) -> str:
    """A dunning text may not threaten with what the law forbids."""
    return why_not(text)


def missing(text: str, values: Mapping[str, str]) -> list[str]:
    return [name for name in PLACE.findall(text) if not values.get(name)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The words as they go out; numbers of people that slipped into a value are masked."""
    return PLACE.sub(lambda found: mask_free_text(str(values.get(found[1], "")))[:LONGEST_VALUE], text)[:400]


def values_of(*, community: Any, party: Any, unit: Any = None, record: Any = None) -> dict[str, str]:
    """What the program knows itself of the closed list."""
    known = {"称呼": str(party.name), "项目": str(community), "房号": str(unit or "公共区域")}
    if record is not None:
        known |= {"单号": record.number, "师傅": str(record.handler or ""), "时间": _moment_of(record)}
    return known


def _moment_of(record: Any) -> str:
    """The appointment, or else the promised moment, as the record holds it."""
    begins, ends = getattr(record, "appointment_from", None), getattr(record, "appointment_to", None)
    moment = begins or ends or getattr(record, "promised_at", None)
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    till = f"–{moments.clock(ends)}" if begins and ends else ""
    return f"{local.month}月{local.day}日 {local:%H:%M}{till}"
