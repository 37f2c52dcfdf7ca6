"""``manage create_staff USERNAME NAME --post CODE --community NAME``: a colleague, a post, a one-time password."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from yihu.ground.staff import acts
from yihu.ground.staff.codes import DEPARTMENT_NAMES, POSTS
from yihu.ground.staff.models import Account, plain_username
from yihu.kernel.authority import authority
from yihu.kernel.errors import Refused


class Command(BaseCommand):
    help = "建立一位同事的账号并任职，打印一次性的初始密码；账号已存在时只增加任职。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="用户名，例如 zhangsan")
        parser.add_argument("name", help="姓名")
        parser.add_argument("--post", required=True, choices=[code for code, _ in POSTS], help="岗位代码")
        parser.add_argument("--community", required=True, help="管理项目的名称")
        parser.add_argument("--department", default="", choices=["", *DEPARTMENT_NAMES], help="部门代码，默认按岗位")
        parser.add_argument("--from", dest="from_on", type=date.fromisoformat, default=None, help="任职日期，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        communities = apps.get_model("estate", "Community").objects
        community = communities.filter(name=options["community"]).first()
        if community is None:
            known = (
                "、".join(communities.order_by("pk").values_list("name", flat=True)) or "（还没有，请先导入业主名册）"
            )
            raise CommandError(f"没有叫“{options['community']}”的管理项目。现有：{known}")
        by = authority().system()
        account = Account.objects.people().filter(username=plain_username(options["username"])).first()
        try:
            with transaction.atomic():
                password = "" if account else self._add(account := _named(options), by)
                acts.give_post(
                    account,
                    community,
                    options["post"],
                    by=by,
                    from_on=options["from_on"] or timezone.localdate(),
                    department=options["department"],
                )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(f"{account.name} 已任{community}{dict(POSTS)[options['post']]}。")
        if password:
            self.stdout.write(f"用户名：{account.username}\n初始密码：{password}")
            self.stdout.write("初始密码只显示这一次，七天内第一次登录时须换成自己的密码。")

    def _add(self, account: Account, by: Any) -> str:
        try:
            account.full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        return acts.add_person(account, by=by)


def _named(options: dict[str, Any]) -> Account:
    return Account(username=plain_username(options["username"]), name=options["name"].strip())
