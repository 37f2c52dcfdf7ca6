"""Who works in the demo. These accounts, and their one password, exist nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yihu.ground.staff import acts
from yihu.ground.staff.codes import POST_TITLES
from yihu.ground.staff.models import Account
from yihu.kernel.authority import authority

PASSWORD = "yihu-yanshi-2026"
SINCE = date(2024, 1, 2)
YQ, QH = "YQ", "QH"


@dataclass(frozen=True)
class Person:
    """One account of the demo and the posts it holds; ``tip`` says what to look at when signed in with it."""

    username: str
    name: str
    post: str
    tip: str
    communities: tuple[str, ...] = (YQ, QH)

    @property
    def title(self) -> str:
        return POST_TITLES[self.post]


CAST = (
    Person("wang", "王客服", "receptionist", "前台：查房号、登记来电、回访"),
    Person("sun", "孙客服", "receptionist", "第二个台位，与王客服同时办理"),
    Person("li", "李主管", "cs_supervisor", "超时、缺项、签批、核实表扬"),
    Person("gao", "高经理", "cs_manager", "审阅每日汇总、签批"),
    Person("xiang", "项经理", "project_manager", "全项目情况、决定建议、定收费标准、通知单盖章"),
    Person("gong", "龚工", "engineering_head", "派工、挂单"),
    Person("chen", "陈维修", "technician", "手机上接单、到场、签字", (YQ,)),
    Person("he", "何远", "technician", "另一位维修师傅"),
    Person("fang", "方文员", "engineering_clerk", "仓库答复领料、维修单一览"),
    Person("tian", "田管家", "cs_officer", "管家：跟进事项、论坛与意见箱"),
    Person("wen", "文档案", "archivist", "名册导入、户内档案"),
    Person("qian", "钱出纳", "cashier", "转来的票据事项、月结清单，点收日结款"),
    Person(
        "shen",
        "沈会计",
        "accountant",
        "收费：试算、出账，生成缴费通知单；写字楼的通知单里“看客户看到的”可以试着线上付款",
    ),
    Person("cai", "蔡财务", "finance_supervisor", "收费：核对出账和通知单，审阅收费日报、报表"),
    Person("tang", "唐收费", "fee_collector", "收费处：收款、开收据、日结，看谁欠费", (YQ,)),
    Person("su", "苏楼管", "steward", "送缴费通知单、登记签收", (YQ,)),
    Person("admin", "冯管理", "sysadmin", "人员、岗位权限"),
)
USERNAMES = tuple(person.username for person in CAST)


def make_people(communities: dict[str, Any], at: datetime) -> None:
    """Accounts and posts, written like every other: one command each, said in the journal."""
    system = authority().system()
    for person in CAST:
        account = Account(username=person.username, name=person.name)
        acts.add_person(account, by=system, key=f"demo:{person.username}", at=at, password=PASSWORD)
        account = Account.objects.get(username=person.username)
        for code in person.communities:
            key = f"demo:{person.username}:{code}"
            acts.give_post(account, communities[code], person.post, by=system, from_on=SINCE, key=key, at=at)


def sign_ins() -> list[dict[str, str]]:
    """What the sign-in page and the server's output show."""
    return [{"username": one.username, "name": one.name, "title": one.title, "tip": one.tip} for one in CAST]
