"""An invented estate's roll of owners and an office tower's list of lessees, as messy as offices write them.

The same seed makes the same estate. Names, numbers and plates are drawn by lot; identity numbers have right check
digits but name a district that does not exist.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter
from stdnum.cn import ric, uscc

SEED: Final = 20261
NOWHERE: Final = "119901"  # no such district

_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金"
    "邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
_GIVEN: Final = (
    "晓禾一宁子涵雨桐思远嘉言若溪景行知微安之清越明轩书瑶浩然欣怡立群海燕建国玉兰志强秀英国栋美玲文博静秋永康春梅家骏芷若德厚素心长青"
    "月华南星北辰东升西林朝晖暮云竹青松涛梅香兰亭"
)
_RARE: Final = "㛃䶮𠅤堃喆翀玥龑犇赟"
_COMPOUND: Final = ("欧阳", "上官", "司马", "诸葛", "令狐")
_FIRM_HEADS: Final = "安博华汇泰和盛宇明远嘉禾启航云帆天成信达恒通瑞丰立新东方正中金辉海联"
_FIRM_TRADES: Final = (
    "科技有限公司", "建筑设计有限公司", "教育咨询有限公司", "餐饮管理有限公司", "网络科技股份有限公司", "医疗器械有限公司",
    "律师事务所", "会计师事务所(普通合伙)", "文化传媒有限公司", "进出口贸易有限公司",
)  # fmt: skip
_REMARKS: Final = ("委托收楼", "长期在外地", "联系爱人", "钥匙已委托", "老人独居,多关照")
_HEAD: Final = (
    "序号", "楼栋", "单元", "房号", "建筑面积", "套内面积", "业主姓名", "身份证号/统一社会信用代码", "联系电话", "备用电话", "交房日期",
    "装修办理日期", "入住(装修竣工验收)日期", "使用情况", "租户姓名", "租户电话", "车位号", "车牌号", "备注",
)  # fmt: skip
_TOWER_HEAD: Final = (
    "楼层", "单元号", "租赁面积㎡", "租户名称", "统一社会信用代码", "联系人", "联系电话", "租期起", "租期止", "物业费单价(元/㎡·月)",
    "空调费单价(元/㎡·月)", "装修保证金(元)", "状态",
)  # fmt: skip
_FLATS: Final = (62.7, 89.5, 95.9, 118.7, 142.8)


@dataclass(frozen=True)
class ClusterPlan:
    """How many units a cluster has, and how far it has come. Each building has its entrances and floors, two flats each."""

    code: str
    nick: str
    buildings: Sequence[tuple[int, int]]
    handed_over: int
    renovating: int
    moved_in: int
    first_day: date

    @property
    def name(self) -> str:
        return f"{self.code}组团({self.nick})"

    @property
    def units(self) -> int:
        return sum(entrances * floors * 2 for entrances, floors in self.buildings)

    def figures(self) -> dict[str, int]:
        return {
            "units": self.units,
            "handed_over": self.handed_over,
            "renovating": self.renovating,
            "moved_in": self.moved_in,
        }


CLUSTERS: Final = (
    ClusterPlan("A", "听松", ((3, 11), (3, 11), (2, 11), (2, 11)), 218, 176, 169, date(2016, 5, 21)),
    ClusterPlan("B", "望湖", ((3, 11),) * 4 + ((2, 18), (2, 18)), 396, 331, 318, date(2017, 4, 15)),
    ClusterPlan("C", "临风", ((3, 11),) * 6 + ((2, 9),), 420, 352, 339, date(2018, 6, 9)),
    ClusterPlan("D", "沐云", ((2, 18),) * 8, 561, 247, 0, date(2026, 10, 17)),
    ClusterPlan("F", "新街", ((2, 14), (2, 14), (2, 14), (1, 14)), 188, 139, 121, date(2025, 3, 22)),
)
SMALL: Final = (
    ClusterPlan("A", "听松", ((1, 5), (1, 5)), 18, 13, 11, date(2016, 5, 21)),
    ClusterPlan("B", "望湖", ((2, 3),), 9, 5, 0, date(2017, 4, 15)),
)


class _Lots:
    """What is drawn by lot."""

    def __init__(self, seed: int) -> None:
        self.lot = random.Random(seed)
        self._numbers: set[str] = set()

    def chance(self, percent: float) -> bool:
        return self.lot.random() * 100 < percent

    def name(self) -> str:
        surname = self.lot.choice(_COMPOUND) if self.chance(1) else self.lot.choice(_SURNAMES)
        given = "".join(self.lot.choices(_GIVEN, k=2 if self.chance(65) else 1))
        return surname + (self.lot.choice(_RARE) if self.chance(0.5) else given)

    def firm(self) -> str:
        return "".join(self.lot.choices(_FIRM_HEADS, k=2)) + self.lot.choice(_FIRM_TRADES)

    def phone(self) -> str:
        return self._fresh(
            lambda: (
                self.lot.choice(("138", "139", "158", "177", "186", "199")) + "00" + f"{self.lot.randrange(10**6):06d}"
            )
        )

    def identity(self) -> str:
        def number() -> str:
            born = date(1950, 1, 1) + timedelta(days=self.lot.randrange(20_000))
            start = f"{NOWHERE}{born:%Y%m%d}{self.lot.randrange(1, 999):03d}"
            return start + ric.calc_check_digit(start + "0")

        return self._fresh(number)

    def credit_code(self) -> str:
        def number() -> str:
            start = f"91{NOWHERE}MA" + "".join(self.lot.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=7))
            return start + uscc.calc_check_digit(start)

        return self._fresh(number)

    def plate(self) -> str:
        tail = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
        return self._fresh(lambda: "川" + self.lot.choice("ABCQ") + "".join(self.lot.choices(tail, k=5)))

    def _fresh(self, draw: Any) -> str:
        while (number := draw()) in self._numbers:
            pass
        self._numbers.add(number)
        return str(number)

    # -- how it is written -----------------------------------------------------------------------------------------

    def written_phone(self, phone: str) -> str | float:
        if self.chance(80):
            return phone
        ways: tuple[str | float, ...] = (
            f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"{phone[:3]} {phone[3:7]} {phone[7:]}", full_width(phone), float(phone),
        )  # fmt: skip
        return self.lot.choice(ways)

    def written_day(self, day: date | None) -> str | date:
        if day is None:
            return ""
        ways = (
            day,
            day,
            f"{day.year}.{day.month}.{day.day}",
            f"{day:%Y/%m/%d}",
            f"{day.year}年{day.month}月{day.day}日",
        )
        return self.lot.choice(ways)

    def written_area(self, area: float) -> str | float:
        if self.chance(88):
            return area
        return self.lot.choice((f"{area:.2f}㎡", f" {area:.2f} "))

    def written_id(self, number: str) -> str:
        return number.lower() if self.chance(3) else number


@dataclass
class _Household:
    """One row before it is written."""

    building: str
    entrance: str
    room: str
    owners: list[str] = field(default_factory=list)
    id_no: str = ""
    phone: str = ""


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def write_roll(
    target: Path | IO[bytes], *, seed: int = SEED, clusters: Sequence[ClusterPlan] = CLUSTERS
) -> dict[str, dict[str, int]]:
    """Write the roll of owners; gives the figures of each cluster, by its code."""
    lots = _Lots(seed)
    book = _book(target)
    known: list[_Household] = []
    for cluster in clusters:
        sheet = book.add_worksheet(cluster.name)
        sheet.merge_range(0, 0, 0, len(_HEAD) - 1, f"{cluster.name} 业主基本情况汇总表")
        sheet.write_row(1, 0, _HEAD)
        rows = _rows(cluster, lots, known)
        for line, row in enumerate(rows, start=2):
            for place, value in enumerate(row):
                _write(sheet, line, place, value)
        sheet.write_string(len(rows) + 3, 0, "制表人:        审核人:")
    book.close()
    return {cluster.code: cluster.figures() for cluster in clusters}


def _book(target: Path | IO[bytes]) -> Any:
    """The same seed gives the same bytes: a second import of the same roll is recognised as such."""
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the writer takes no zone
    return book


def _rows(cluster: ClusterPlan, lots: _Lots, known: list[_Household]) -> list[list[Any]]:
    households = [
        _Household(f"{cluster.code}{building}", str(entrance), f"{floor:02d}{flat:02d}")
        for building, (entrances, floors) in enumerate(cluster.buildings, start=1)
        for entrance in range(1, entrances + 1)
        for floor in range(1, floors + 1)
        for flat in (1, 2)
    ]
    places = range(len(households))
    handed_over = set(lots.lot.sample(places, cluster.handed_over))
    renovating = set(lots.lot.sample(sorted(handed_over), cluster.renovating))
    moved_in = set(lots.lot.sample(sorted(renovating), cluster.moved_in))
    rows = []
    for place, household in enumerate(households):
        _people(household, lots, known)
        handed = cluster.first_day + timedelta(days=lots.lot.randrange(3)) if place in handed_over else None
        begun = (
            handed + timedelta(days=lots.lot.randrange(5, 30 if not cluster.moved_in else 150))
            if handed and place in renovating
            else None
        )
        moved = begun + timedelta(days=lots.lot.randrange(50, 100)) if begun and place in moved_in else None
        rows.append(_row(place + 1, cluster, household, (handed, begun, moved), lots))
    return rows


def _people(household: _Household, lots: _Lots, known: list[_Household]) -> None:
    """Mostly a person; here and there two, a firm, or somebody who has another flat already."""
    if known and lots.chance(2):
        other = lots.lot.choice(known)
        household.owners, household.id_no, household.phone = other.owners[:1], other.id_no, other.phone
    elif lots.chance(2.5):
        household.owners, household.id_no, household.phone = [lots.firm()], lots.credit_code(), lots.phone()
    else:
        household.owners = [lots.name() for _ in range(2 if lots.chance(6) else 1)]
        household.id_no, household.phone = lots.identity(), lots.phone()
    known.append(household)


def _row(
    number: int, cluster: ClusterPlan, household: _Household, days: tuple[date | None, ...], lots: _Lots
) -> list[Any]:
    area = round(lots.lot.choice(_FLATS) + lots.lot.uniform(-0.7, 0.7), 2)
    use = _use(days, lots)
    let = use in ("出租", "商住两用")
    return [
        number, household.building, household.entrance, household.room, lots.written_area(area), round(area * 0.82, 2),
        "、".join(household.owners), lots.written_id(household.id_no), lots.written_phone(household.phone),
        lots.written_phone(lots.phone()) if lots.chance(30) else "", *(lots.written_day(day) for day in days), use,
        lots.name() if let else "", lots.phone() if let else "", f"{cluster.code}-{number:03d}" if lots.chance(28) else "",
        lots.plate() if lots.chance(45) else "", lots.lot.choice(_REMARKS) if lots.chance(54) else "",
    ]  # fmt: skip


def _use(days: tuple[date | None, ...], lots: _Lots) -> str:
    if not days[-1]:
        return "空置"
    return lots.lot.choices(("自住", "出租", "商用", "商住两用"), (78, 18, 2, 2))[0]


def write_tower(
    target: Path | IO[bytes],
    *,
    seed: int = SEED,
    building: str = "A",
    floors: int = 16,
    today: date = date(2026, 11, 21),
) -> int:
    """Write the list of an office tower's lessees, seven or eight to a floor; gives the number of its units."""
    lots = _Lots(seed + 1)
    book = _book(target)
    sheet = book.add_worksheet("租户台账")
    sheet.write_string(0, 0, f"写字楼租户台账({building}座)")
    sheet.write_row(1, 0, _TOWER_HEAD)
    line = 2
    for floor in range(2, floors + 2):
        for office in range(1, lots.lot.choice((7, 8)) + 1):
            for place, value in enumerate(_office(f"{building}{floor:02d}{office:02d}", floor, today, lots)):
                _write(sheet, line, place, value)
            line += 1
    book.close()
    return line - 2


def _office(label: str, floor: int, today: date, lots: _Lots) -> list[Any]:
    area = round(lots.lot.uniform(90, 420), 2)
    price = lots.lot.choice((16.5, 18.0))
    if lots.chance(15):
        return [floor, label, area, "", "", "", "", "", "", price, 6.0, "", "空置"]
    begun = today - timedelta(days=lots.lot.randrange(30, 900))
    ends = max(
        begun + timedelta(days=lots.lot.randrange(700, 1600)), today - timedelta(days=30 if lots.chance(5) else -60)
    )
    return [
        floor, label, area, lots.firm(), lots.credit_code(), lots.name(), lots.written_phone(lots.phone()), lots.written_day(begun),
        lots.written_day(ends), price, 6.0, float(lots.lot.choice((5000, 10000, 20000))), "在租",
    ]  # fmt: skip


def _write(sheet: Any, line: int, place: int, value: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif value:
        sheet.write_string(line, place, value)
