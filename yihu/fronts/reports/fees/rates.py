"""收费率 (FEE-10, FEE-14): current, old debt and both, by amount and by household, per cluster, building and fee item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yihu.basics.money import yuan
from yihu.basics.shares import percent
from yihu.fronts.reports.fees import asking
from yihu.fronts.reports.fees.asking import address, query_of
from yihu.fronts.reports.fees.beginning import BEFORE
from yihu.fronts.reports.fees.measures import Choice, Tally, rows_of, tally
from yihu.fronts.reports.fees.placing import NOBODYS, NOWHERE, place_of, placed_words
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet

HEADS = (
    Head("本期应收"),
    Head("已收"),
    Head("收费率", "rate"),
    Head("结清户", "rate"),
    Head("往期应清"),
    Head("已收回"),
    Head("清欠率", "rate"),
    Head("结清户", "rate"),
    Head("综合收缴率", "rate"),
    Head("减免"),
)
NOTES = (
    "应收按服务期所在的月份算，不按收款日期：9 月 21 日至 10 月 20 日算 10 月；一次收三个月以上的，算在开始的月份。",
    "当期收费率 = 本期账单已收 ÷ 本期应收；清欠率 = 期间内收回的往期欠费 ÷ 期初往期欠费（期间内补出的往期账单也计入）。",
    "综合收缴率 = 两项已收之和 ÷ 两项应收之和；以后月份的预收不计入。账单对冲后的净额为应收；减免另列，不算已收。",
    "本系统出账以前的月份：转入的旧欠费算往期欠费，不算那个月的账单；那个月当时收了多少无从知道，当期收费率、当月收款率显示“—”。",
    "按户：本期（往期）账单全部结清的户数 ÷ 有应收的户数。没有应收时显示“—”。",
    "按楼管：照现在的“送达分工”，由谁送单就归谁。",
)  # fmt: skip


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    choice, form = asking.choice_of(asked, community)
    rows = rows_of(choice)
    sheet = Sheet(
        "rates", "收费率", f"{period_of(choice)}{placed_words(asked, community)}", HEADS, notes=NOTES, form=form
    )
    more, carried = place_of(asked), asking.stewards(community, rows)
    every = tally(rows).get(None, Tally())
    sheet.figures = figures(choice, every, more)
    for name, title, key, labels in (
        ("cluster", "按组团", "unit__cluster_id", asking.clusters(community)),
        ("building", "按楼栋", "unit__building_id", asking.buildings(community)),
        ("steward", "按楼管", "steward", carried),
        ("item", "按收费项目", "item_id", asking.items(community)),
    ):
        if name == "steward" and not carried:
            continue
        block = _block(sheet, choice, tally(rows, key), name, title, labels, more)
        if name != "cluster" or len(block.rows) > 1:
            block.total = _row(sheet, choice, "合计", every, more)
            sheet.blocks.append(block)
    return sheet


def period_of(choice: Choice) -> str:
    months = str(choice.first) if choice.first == choice.last else f"{choice.first}至{choice.last}"
    begun = f"，本系统自{choice.begun}起出账" if choice.first < choice.begun else ""
    return f"账期 {months}，截至 {choice.day:%Y-%m-%d}{begun}"


def _block(
    sheet: Sheet, choice: Choice, found: dict[Any, Tally], name: str, title: str, labels: dict[Any, str], more: dict[str, str]
) -> Block:  # fmt: skip
    order = [pk for pk in labels if pk in found] + ([None] if None in found else [])
    rows = []
    for pk in order:
        words = labels[pk] if pk is not None else NOBODYS if name == "steward" else "未挂房屋"
        rows.append(_row(sheet, choice, words, found[pk], {**more, name: pk if pk is not None else NOWHERE}))
    return Block(title, title.removeprefix("按"), rows, empty="这段账期没有账单，也没有往期欠费。")


def _row(sheet: Sheet, choice: Choice, label: str, one: Tally, place: Mapping[str, Any]) -> Row:
    def lines(part: str, show: str) -> str:
        return address("lines", query_of(choice, part=part, show=show, **place))

    def homes(part: str) -> tuple[str, str]:
        clear, every = one.households(part)
        url = address("households", query_of(choice, part=part, **place)) if every else ""
        return percent(clear, every), url

    (current_homes, current_url), (prior_homes, prior_url) = homes("current"), homes("prior")
    clear, every = one.households("current")
    old_clear, old_every = one.households("prior")
    current, prior = one.current, one.prior
    values = (
        current.base, current.paid, percent(current.paid, current.base), current_homes,
        prior.base, prior.paid, percent(prior.paid, prior.base), prior_homes,
        percent(one.both.paid, one.both.base), one.both.waived,
    )  # fmt: skip
    urls = (
        lines("current", "base"), lines("current", "paid"), lines("current", "left"), current_url,
        lines("prior", "base"), lines("prior", "paid"), lines("prior", "left"), prior_url,
        lines("both", "left"), lines("both", "waived"),
    )  # fmt: skip
    subs = (
        "",
        "",
        "",
        f"{clear}/{every}" if every else "",
        "",
        "",
        "",
        f"{old_clear}/{old_every}" if old_every else "",
    )
    return Row(label, sheet.cells(values, urls, subs))


def figures(choice: Choice, one: Tally, place: Mapping[str, Any]) -> list[dict[str, str]]:
    """The heads of it: five rates, each with what was divided by what."""

    before = choice.last < choice.begun

    def told(label: str, good: int, every: int, url: str, unit: str = "元") -> dict[str, str]:
        words = f"{yuan(good)} / {yuan(every)}" if unit == "元" else f"{good} / {every} 户"
        words = BEFORE if before and not every else words
        return {"label": label, "text": percent(good, every), "sub": words, "url": url if every else ""}

    def lines(part: str) -> str:
        return address("lines", query_of(choice, part=part, show="base", **place))

    month = {**query_of(choice, part="month", show="base", **place), "first": choice.last.code}
    clear, every = one.households("both")
    return [
        told("当期收费率", one.current.paid, one.current.base, lines("current")),
        told(f"{choice.last}当月收款率", one.month.paid, one.month.base, address("lines", month)),
        told("往期清欠率", one.prior.paid, one.prior.base, lines("prior")),
        told("综合收缴率", one.both.paid, one.both.base, lines("both")),
        told("结清户（当期与往期）", clear, every, address("households", query_of(choice, part="both", **place)), "户"),
    ]
